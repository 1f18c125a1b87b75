"""The withdrawal page, which works for ever, and the one click of a mail program (RFC 8058)."""

from flask import Blueprint, Response, request

from ..services import faces, withdrawal
from ..services.kit import UnknownLink
from ..services.withdrawal import Line, View
from ..storage.subjects import TOKEN
from .pressed import pressed
from .site import kit, notice_page

blueprint = Blueprint("withdrawal", __name__)


@blueprint.get("/withdraw/<token>")
@blueprint.get("/withdraw/<token>/<purpose>")
def show(token: str, purpose: str | None = None) -> Response:
    """What runs, with a button for all and one for each."""
    return _page("withdrawal/withdraw.html", withdrawal.view(kit(), token), token, purpose)


@blueprint.post("/withdraw/<token>")
@blueprint.post("/withdraw/<token>/<purpose>")
def stop(token: str, purpose: str | None = None) -> Response:
    """Stop. A mail program's click gets a bare answer; it never learns whether anything is kept under the link."""
    if request.form.get("List-Unsubscribe") == "One-Click":
        return _one_click(token, purpose)
    if pressed("stop") is None:
        return _page("withdrawal/withdraw.html", withdrawal.view(kit(), token), token, purpose, status=422)
    view, stopped = withdrawal.withdraw(kit(), token, purpose)
    return _page("withdrawal/done.html", view, token, purpose, stopped=stopped)


def _one_click(token: str, purpose: str | None) -> Response:
    try:
        withdrawal.withdraw(kit(), token, purpose)
    except UnknownLink:
        if TOKEN.fullmatch(token) is None:
            raise
    return Response("OK\n", mimetype="text/plain")


def _page(
    template: str,
    view: View,
    token: str,
    purpose: str | None,
    status: int = 200,
    stopped: tuple[Line, ...] = (),
) -> Response:
    stored, languages = faces.translated(kit(), view.stored, request.args.get("lang"))
    chosen = [line for line in view.running if line.purpose == purpose]
    return notice_page(
        template,
        stored.notice,
        stored.theme,
        status=status,
        languages=languages,
        view=view,
        token=token,
        chosen=chosen,
        purpose=purpose,
        stopped=stopped or tuple(line for line in view.stopped if purpose in (None, line.purpose)),
        first_time=bool(stopped),
        young_reader=view.by_child,
    )
