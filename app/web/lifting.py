"""To be mailed by forms again: one page, one button. Looking changes nothing: scanners look before people do."""

from flask import Blueprint, Response

from ..addresses import link
from ..services import lifting
from ..services.tokens import LinkExpired
from ..storage.notices import StoredNotice
from . import results
from .app_state import ctx
from .forms import submitted_button
from .rendering import in_asked_language, mailed_page

blueprint = Blueprint("lifting", __name__)


@blueprint.get("/lift/<token>")
def show(token: str) -> Response:
    """What the button does, or that it was pressed."""
    return _page(*lifting.view(ctx(), token))


@blueprint.post("/lift/<token>")
def lift(token: str) -> Response:
    """Let forms mail the address again."""
    if submitted_button("lift") is None:
        return _page(*lifting.view(ctx(), token), status=422)
    return _page(lifting.lift(ctx(), token), True)


@blueprint.errorhandler(LinkExpired)
def expired(error: LinkExpired) -> Response:
    """The link was genuine, but it is too old."""
    notice = in_asked_language(error.stored).notice
    address = link(notice.language, "link", notice.controller)
    return mailed_page(results.LIFT_EXPIRED, error.stored, 410, address=address)


def _page(stored: StoredNotice, lifted: bool, status: int = 200) -> Response:
    return mailed_page(results.LIFTED if lifted else "lifting/lift.html", stored, status)
