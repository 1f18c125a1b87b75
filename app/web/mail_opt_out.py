"""Never mail me again: one page, one button."""

from flask import Blueprint, Response

from ..addresses import link
from ..services import mail_opt_out
from ..storage.notices import StoredNotice
from . import results
from .app_state import ctx
from .forms import submitted_button
from .rendering import in_asked_language, mailed_page

blueprint = Blueprint("mail_opt_out", __name__)


@blueprint.get("/stop/<token>")
def show(token: str) -> Response:
    """What the button does, or that it was pressed."""
    return _page(*mail_opt_out.view(ctx(), token))


@blueprint.post("/stop/<token>")
def stop(token: str) -> Response:
    """Stop the mails that forms can set off."""
    if submitted_button("stop") is None:
        return _page(*mail_opt_out.view(ctx(), token), status=422)
    return _page(mail_opt_out.stop(ctx(), token), True)


def _page(stored: StoredNotice, stopped: bool, status: int = 200) -> Response:
    notice = in_asked_language(stored).notice
    is_child = notice.audience == "child"
    done = results.CHILD_OPTED_OUT if is_child else results.OPTED_OUT
    return mailed_page(
        done if stopped else "mail_opt_out/stop.html",
        stored,
        status,
        look="child" if is_child else "",
        address=link(notice.language, "link", notice.controller),
    )
