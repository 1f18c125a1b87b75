"""Never mail me again: one page, one button."""

from flask import Blueprint, Response, request

from ..services import mail_opt_out, notice_choice
from ..storage.notices import StoredNotice
from .app_state import kit
from .forms import submitted_button
from .rendering import notice_page

blueprint = Blueprint("mail_opt_out", __name__)


@blueprint.get("/stop/<token>")
def show(token: str) -> Response:
    """What the button does, or that it was pressed."""
    stored, stopped = mail_opt_out.view(kit(), token)
    return _page("mail_opt_out/done.html" if stopped else "mail_opt_out/stop.html", stored)


@blueprint.post("/stop/<token>")
def stop(token: str) -> Response:
    """Stop the mails that forms can set off."""
    if submitted_button("stop") is None:
        stored, stopped = mail_opt_out.view(kit(), token)
        return _page("mail_opt_out/done.html" if stopped else "mail_opt_out/stop.html", stored, status=422)
    return _page("mail_opt_out/done.html", mail_opt_out.stop(kit(), token))


def _page(template: str, stored: StoredNotice, status: int = 200) -> Response:
    chosen, languages = notice_choice.translated(kit(), stored, request.args.get("lang"))
    return notice_page(template, chosen.notice, chosen.theme, status=status, languages=languages)
