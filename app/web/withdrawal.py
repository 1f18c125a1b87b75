"""The withdrawal page, which works for ever, and the one click of a mail program (RFC 8058)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.routing import BaseConverter

from .. import i18n
from ..services import withdrawal
from ..services.context import UnknownLink
from ..services.withdrawal import Line, WithdrawalView
from ..storage.subjects import TOKEN
from .app_state import ctx
from .forms import submitted_button
from .prerendered import slot
from .rendering import in_asked_language, mailed_page, prerendered_page

blueprint = Blueprint("withdrawal", __name__)

_DONE = "withdrawal/done.html"


class Rest(BaseConverter):
    """All that stands behind the token, whatever became of it on its way: the token alone says whose link it is."""

    regex = "(?s:.*)"
    part_isolating = False


@blueprint.get("/withdraw/<token>")
@blueprint.get("/withdraw/<token>/<rest:purpose>")
def show(token: str, purpose: str | None = None) -> Response:
    """What runs, with a button for all and one for each."""
    return _page(withdrawal.view(ctx(), token, purpose), token)


@blueprint.post("/withdraw/<token>")
@blueprint.post("/withdraw/<token>/<rest:purpose>")
def stop(token: str, purpose: str | None = None) -> Response:
    """Stop. A mail program's click gets a bare answer; it never learns whether anything is kept under the link."""
    if request.form.get("List-Unsubscribe", "").rstrip() == "One-Click":  # some leave a line break behind it
        return _one_click(token, purpose)
    if submitted_button("stop") is None:
        return _page(withdrawal.view(ctx(), token, purpose), token, status=422)
    view, stopped = withdrawal.withdraw(ctx(), token, purpose)
    return _page(view, token, stopped=stopped)


def _one_click(token: str, purpose: str | None) -> Response:
    try:
        withdrawal.withdraw(ctx(), token, purpose, or_all=True)
    except UnknownLink:
        if TOKEN.fullmatch(token) is None:
            raise
    return Response("OK\n", mimetype="text/plain")


def _page(view: WithdrawalView, token: str, status: int = 200, stopped: tuple[Line, ...] = ()) -> Response:
    """The page with the buttons, or what a button did. It says that something has stopped only where it did."""
    look = "child" if view.by_child else ""
    if stopped or view.cancelled:
        parts = {"stopped": stopped, "cancelled": view.cancelled, "running": view.running}
        if view.child is not None:
            return mailed_page(_DONE, view.stored, status, look=look, **_done(view, stopped, token))
        return prerendered_page(
            _DONE,
            view.stored,
            (look, *(f"{part} {line.notice_hash} {line.purpose}" for part in parts for line in parts[part])),
            lambda: {"look": look} | _done(view, stopped, slot("token")),
            token=token,
        )
    view = _translated(view)
    notice = in_asked_language(view.stored).notice
    open_lines = (*view.running, *view.waiting)
    meant = [line for line in open_lines if line.purpose == view.purpose]
    ended = [line for line in view.stopped if view.purpose in (None, line.purpose)]
    nothing_runs = not open_lines
    stopped_before = bool(ended) and not (meant if view.purpose else open_lines or view.is_unclear)
    return mailed_page(
        "withdrawal/withdraw.html",
        view.stored,
        status,
        view=view,
        token=token,
        title=_title(stopped_before, nothing_runs, i18n.speaker(notice.language, notice.young)),
        chosen=meant[0] if meant else None,
        nothing_runs=nothing_runs,
        stopped_before=stopped_before,
        look=look,
    )


def _done(view: WithdrawalView, stopped: tuple[Line, ...], token: str) -> dict[str, Any]:
    """What a page tells of what a button did; its lines have no dates."""
    language = in_asked_language(view.stored).notice.language
    return {"view": _translated(view), "stopped": withdrawal.translated(ctx(), stopped, language), "token": token}


def _translated(view: WithdrawalView) -> WithdrawalView:
    language = in_asked_language(view.stored).notice.language
    running, waiting, cancelled = (
        withdrawal.translated(ctx(), lines, language) for lines in (view.running, view.waiting, view.cancelled)
    )
    return replace(view, running=running, waiting=waiting, cancelled=cancelled)


def _title(stopped_before: bool, nothing_runs: bool, t: Callable[..., str]) -> str:
    if stopped_before:
        return t("withdraw.done.title")
    return t("withdraw.nothing.title") if nothing_runs else t("withdraw.title")
