"""Never mail me again: one page, one button."""

from flask import Blueprint, Response

from ..services import mail_opt_out
from ..storage.notices import StoredNotice
from .app_state import kit
from .forms import submitted_button
from .rendering import mailed_page

blueprint = Blueprint("mail_opt_out", __name__)


@blueprint.get("/stop/<token>")
def show(token: str) -> Response:
    """What the button does, or that it was pressed."""
    return _page(*mail_opt_out.view(kit(), token))


@blueprint.post("/stop/<token>")
def stop(token: str) -> Response:
    """Stop the mails that forms can set off."""
    if submitted_button("stop") is None:
        return _page(*mail_opt_out.view(kit(), token), status=422)
    return _page(mail_opt_out.stop(kit(), token), True)


def _page(stored: StoredNotice, stopped: bool, status: int = 200) -> Response:
    look = "child" if stored.notice.audience == "child" else ""
    return mailed_page("mail_opt_out/done.html" if stopped else "mail_opt_out/stop.html", stored, status, look=look)
