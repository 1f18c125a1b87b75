"""The page behind the link in a confirmation mail. Looking changes nothing: scanners look before people do."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, request

from .. import i18n
from ..addresses import link
from ..domain.consent import Status
from ..domain.glimpses import glimpse
from ..services import confirmation
from ..services.confirmation import ConfirmationState, ConfirmationView
from ..services.decisions import unsigned
from ..services.tokens import LinkExpired
from ..storage.requests import RequestKind
from . import results
from .app_state import ctx
from .forms import submitted_button
from .prerendered import slot
from .rendering import expired_page, in_asked_language, mailed_page, prerendered_page
from .results import Result

blueprint = Blueprint("confirmation", __name__)

_PAGES: dict[ConfirmationState, str | Result] = {
    ConfirmationState.OPEN: "confirmation/confirm.html",
    ConfirmationState.CONFIRMED: "confirmation/already.html",
    ConfirmationState.DELETED: results.DELETED,
    ConfirmationState.ENDED: results.STOPPED,
    ConfirmationState.OF_A_CHILD: results.OF_A_CHILD,
}
_ADDRESS_PAGES: dict[ConfirmationState, str | Result] = {
    ConfirmationState.OPEN: "confirmation/child_address.html",
    ConfirmationState.CONFIRMED: results.ADDRESS_CONFIRMED,
    ConfirmationState.DELETED: results.ADDRESS_REFUSED,
    ConfirmationState.ENDED: results.ADDRESS_STOPPED,
}
"""The same for the question to a child whether an address is its own."""


@blueprint.get("/confirm/<token>")
def show(token: str) -> Response:
    """What is asked, or how it was answered."""
    return _page(confirmation.view(ctx(), token), token)


@blueprint.post("/confirm/<token>")
def decide(token: str) -> Response:
    """Yes, no, or yes but not to one purpose. A POST without a button is not a person's."""
    button, without = submitted_button("yes", "no"), request.form.getlist("without")
    if button is None and not without:
        return _page(confirmation.view(ctx(), token), token, status=422)
    if button == "no":
        return _page(confirmation.refuse(ctx(), token), token)
    explicit = request.form.getlist("explicit")
    view = confirmation.confirm(ctx(), token, explicit, without)
    if view.state == ConfirmationState.OPEN:
        return _again(view, token, explicit, without)
    is_new = view.state == ConfirmationState.CONFIRMED
    if is_new and view.child is None and view.request.kind != RequestKind.ADDRESS:
        return _done(view)
    return _page(view, token, is_new=is_new)


@blueprint.errorhandler(LinkExpired)
def expired(error: LinkExpired) -> Response:
    """The link was genuine, but it is too old."""
    if error.kind == RequestKind.ADDRESS:
        return expired_page(error, results.ADDRESS_EXPIRED, look="child")
    return expired_page(error, results.EXPIRED)


def _page(view: ConfirmationView, token: str, is_new: bool = False, status: int = 200, **context: Any) -> Response:
    notice = in_asked_language(view.stored).notice
    if view.request.kind == RequestKind.ADDRESS:
        return mailed_page(
            _ADDRESS_PAGES[view.state],
            view.stored,
            status,
            look="child",
            address=link(notice.language, "withdraw", view.withdraw_token) if view.withdraw_token else "",
            view=view,
            token=token,
            purposes=[purpose for purpose in notice.asked if purpose.id in view.purposes],
        )
    return mailed_page(
        "confirmation/done.html" if is_new else _PAGES[view.state],
        view.stored,
        status,
        look="child" if view.state == ConfirmationState.OF_A_CHILD else "",
        values={
            "date": i18n.day(view.stopped_at or view.request.requested_at, notice.country, notice.language),
            "deadline": i18n.day(view.request.expires_at, notice.country, notice.language),
            "contact": notice.contact,
        },
        token=token,
        **_told(view) | context,
    )


def _done(view: ConfirmationView) -> Response:
    """What who decides alone is told after a yes; only the link to stop differs from one person to the next."""
    decided = (f"{purpose} {status}" for purpose, status in sorted(view.purposes.items()))
    return prerendered_page(
        "confirmation/done.html",
        view.stored,
        tuple(decided),
        lambda: _told(replace(view, withdraw_token=slot("token"))),
        token=view.withdraw_token,
    )


def _told(view: ConfirmationView) -> dict[str, Any]:
    """What the pages about a request tell."""
    notice = in_asked_language(view.stored).notice
    plus_after = ctx().settings.MAIL_PLUS_AFTER
    listed = [(purpose, view.purposes[purpose.id]) for purpose in notice.asked if purpose.id in view.purposes]
    return {
        "plus_at": plus_after.after(view.request.decided_at) if view.request.decided_at else None,
        "view": view,
        "asked": [purpose for purpose, state in listed if state == Status.REQUESTED],
        "granted": [purpose for purpose, state in listed if state == Status.GRANTED],
        "refused": [purpose for purpose, state in listed if state == Status.REFUSED],
        "can_be_left_out": confirmation.can_be_left_out(notice, view.request),
        "given": [
            (field.before_answer, glimpse(field, view.filled[field.id], notice))
            for field in notice.fields
            if view.filled.get(field.id)
        ],
        "ticked": (),
        "problems": [],
        "wrong": {},
    }


def _again(view: ConfirmationView, token: str, explicit: list[str], without: list[str]) -> Response:
    """The page again where a statement is not ticked, or where nothing on it leads to this answer; ticks are kept."""
    notice = in_asked_language(view.stored).notice
    agreed = [purpose for purpose in confirmation.asked(view.request) if purpose not in without]
    others = confirmation.can_be_left_out(notice, view.request)
    sentence = i18n.say(
        notice.language, "error.explicit.or_without" if others else "error.explicit.missing", notice.young
    )
    problems = [(f"explicit-{purpose.id}", sentence) for purpose in unsigned(notice, agreed, explicit)]
    return _page(view, token, status=422, ticked=explicit, problems=problems, wrong=dict(problems))
