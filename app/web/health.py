"""Whether the kit can work, for whoever watches over it."""

from flask import Blueprint, Response
from sqlalchemy.exc import SQLAlchemyError

from .app_state import ctx

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """200 when the database answers, else 503. Answers under any host name."""
    try:
        healthy = ctx().database.ping()
    except SQLAlchemyError:
        healthy = False
    response = Response("ok\n" if healthy else "the database does not answer\n", mimetype="text/plain")
    if not healthy:
        response.status_code = 503
        response.headers["Retry-After"] = "5"
    return response
