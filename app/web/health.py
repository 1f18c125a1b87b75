"""Whether the kit can work, for whoever watches over it: the database answers, and a worker takes what is sent."""

from datetime import timedelta

from flask import Blueprint, Response
from sqlalchemy.exc import SQLAlchemyError

from ..storage import intake
from .app_state import ctx

_LONG = timedelta(minutes=5)
"""After this what was sent is taken too late: people wait for the mail."""

_AWAY = "the database does not answer"
_NOT_TAKEN = "what people sent is not taken: no worker runs, or it cannot keep up"
_SET_ASIDE = "ok, but something that was sent could not be taken: see `akkoord outbox list`"

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """200 when the database answers and what was sent is taken, else 503. Answers under any host name."""
    try:
        problem, told = _problem(), _told()
    except SQLAlchemyError:
        problem, told = _AWAY, ""
    response = Response(f"{problem or told}\n", mimetype="text/plain")
    if problem:
        response.status_code = 503
        response.headers["Retry-After"] = "5"
    return response


def _problem() -> str:
    kit = ctx()
    if not kit.database.ping():
        return _AWAY
    with kit.database.read() as connection:
        sent_at = intake.waiting_since(connection)
    return _NOT_TAKEN if sent_at is not None and kit.clock() >= sent_at + _LONG else ""


def _told() -> str:
    """A row that is set aside is no reason to send nobody here any more: the others are taken."""
    with ctx().database.read() as connection:
        return _SET_ASIDE if intake.any_set_aside(connection) else "ok"
