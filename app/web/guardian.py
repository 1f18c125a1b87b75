"""The page on which a parent decides for a child. Looking changes nothing, and a yes needs a declaration."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, request

from .. import i18n
from ..domain import age
from ..domain.address import read_address
from ..domain.authorities import AUTHORITIES
from ..domain.consent import RequestStatus, Status
from ..domain.notice import Notice, NoticeField, NoticePurpose
from ..period import Period
from ..services import guardian, notice_choice
from ..services.guardian import GuardianDecision, GuardianState, GuardianView
from ..services.tokens import LinkExpired
from ..storage.requests import RequestKind
from . import results
from .answers import first_name_field, names_of
from .app_state import ctx
from .forms import GuardianForm, is_unsure, submitted_button
from .rendering import expired_page, in_asked_language, mailed_page
from .results import Result

blueprint = Blueprint("guardian", __name__)

_RESULTS = {
    GuardianState.DELETED: results.GUARDIAN_DELETED,
    GuardianState.ENDED: results.GUARDIAN_STOPPED,
    GuardianState.OF_A_CHILD: results.OF_A_CHILD,
}


@blueprint.get("/guardian/<token>")
def show(token: str) -> Response:
    """What the child would like, or how it was decided."""
    return _page(guardian.view(ctx(), token), token)


@blueprint.post("/guardian/<token>")
def decide(token: str) -> Response:
    """What a parent decided. A POST without a button is not a person's."""
    view = guardian.view(ctx(), token)
    button = submitted_button("yes", "no", *(("not_mine",) if view.request.kind == RequestKind.FORM else ()))
    if button is None:
        return _page(view, token, status=422)
    if view.state != GuardianState.OPEN:
        return _page(view, token)
    if button == "not_mine":
        view = guardian.not_mine(ctx(), token)
        # A yes may have come first, from another parent or another tab: then nothing was deleted.
        is_deleted = view.request.status == RequestStatus.REFUSED
        return _ended(view, results.GUARDIAN_NOT_MINE) if is_deleted else _page(view, token)
    notice = in_asked_language(view.stored).notice
    fields = _fields(notice, view)
    typed = GuardianForm(notice, fields, view.email_key, view.child_name)
    if button == "no":
        if is_unsure(typed.ticked, view.purposes):
            return _question(view, token, typed=typed, asks=True)
        return _done(guardian.refuse(ctx(), token, notice.hash), token)
    if wrong := typed.problems(view.purposes):
        return _question(view, token, 422, typed, wrong)
    child_email = (typed.child_email.data or "").strip() if typed.ticked else ""
    decision = GuardianDecision(
        notice_hash=notice.hash,
        purposes=frozenset(typed.ticked),
        explicit=frozenset(typed.explicit.data or ()),
        fields=typed.answers,
        child_email=read_address(child_email) if child_email else None,
    )
    return _done(guardian.decide(ctx(), token, decision), token)


@blueprint.errorhandler(LinkExpired)
def expired(error: LinkExpired) -> Response:
    """The link was genuine, but it is too old."""
    is_renewal = error.kind == RequestKind.RENEWAL
    return expired_page(error, results.GUARDIAN_RENEWAL_EXPIRED if is_renewal else results.GUARDIAN_EXPIRED)


def _fields(notice: Notice, view: GuardianView) -> list[NoticeField]:
    """What is to be filled in for the wishes of the child; a consent that is asked anew has it already."""
    if view.request.kind == RequestKind.RENEWAL:
        return []
    used = {name for purpose in view.purposes for name in notice.purpose(purpose).data}
    return [field for field in notice.fields if field.id in used]


def _done(view: GuardianView, token: str) -> Response:
    """The answer to a decision, or to who was overtaken by another."""
    is_refused = view.state == GuardianState.DELETED and view.request.status == RequestStatus.REFUSED
    if view.state == GuardianState.DECIDED or is_refused:
        return _decision("guardian/done.html", view)
    return _page(view, token)


def _page(view: GuardianView, token: str, status: int = 200) -> Response:
    """What the link leads to as things stand."""
    if view.state == GuardianState.OPEN:
        return _question(view, token, status)
    if view.state == GuardianState.DECIDED:
        return _decision("guardian/already.html", view, status)
    return _ended(view, _RESULTS[view.state], status)


def _question(
    view: GuardianView,
    token: str,
    status: int = 200,
    typed: GuardianForm | None = None,
    wrong: Sequence[tuple[str, str]] = (),
    asks: bool = False,
) -> Response:
    """What is to be decided; where something is to be put right, what was typed and ticked is still there.

    `asks` is whether a no came with boxes ticked: which of the two is meant?
    """
    notice = in_asked_language(view.stored).notice
    fields = _fields(notice, view)
    cards = _cards(view, fields)
    is_renewal = view.request.kind == RequestKind.RENEWAL
    named = (
        ("child_email", "child_email-asked", "use_child_name", *(name for field in fields for name in names_of(field)))
        if typed
        else ()
    )
    values = {name: request.form.get(name, "") for name in named}
    return mailed_page(
        "guardian/decide.html",
        view.stored,
        status,
        look="guardian",
        token=token,
        view=view,
        renewal=is_renewal,
        cards=cards,
        shared=[field for field in fields if not any(field in own for _, _, own in cards)],
        takes_name=first_name_field(fields),
        asks_child_email=not is_renewal and any(purpose.channel == "email" for purpose, _, _ in cards),
        joint_under=age.strictest(age.JOINT, "online", view.request.requested_at.date()),
        values=values,
        filled={name for name, value in values.items() if value.strip()} | {place for place, _ in wrong},
        ticked=frozenset(typed.ticked) if typed else frozenset(),
        ticked_statements=frozenset(typed.explicit.data or ()) if typed else frozenset(),
        declared=typed is not None and typed.is_guardian.data == "yes",
        problems=wrong,
        wrong=dict(wrong),
        asks=asks,
        **_of_parent(notice),
    )


def _cards(
    view: GuardianView, fields: Sequence[NoticeField]
) -> list[tuple[NoticePurpose, NoticePurpose, list[NoticeField]]]:
    """Each wish with what the child read of it, and the fields that it alone uses."""
    wishes = _purposes(view)
    users = {field.id: [purpose for purpose, _, _ in wishes if field.id in purpose.data] for field in fields}
    return [
        (purpose, child, [field for field in fields if users[field.id] == [purpose]]) for purpose, child, _ in wishes
    ]


def _decision(template: str, view: GuardianView, status: int = 200) -> Response:
    """What was decided."""
    purposes = _purposes(view)
    granted = any(state == Status.GRANTED for _, _, state in purposes)
    decided_at = view.request.decided_at
    plus_after = ctx().settings.MAIL_PLUS_AFTER
    return mailed_page(
        template,
        view.stored,
        status,
        view=view,
        renewal=view.request.kind == RequestKind.RENEWAL,
        purposes=purposes,
        granted=granted,
        about=view.about,
        decided_at=decided_at,
        plus_at=plus_after.after(decided_at) if decided_at and view.request.kind == RequestKind.FORM else None,
        child_asked=view.child_asked,
        withdraw_token=view.withdraw_token if Status.GRANTED in view.purposes.values() else "",
        **_of_parent(in_asked_language(view.stored).notice),
    )


def _of_parent(notice: Notice) -> dict[str, Any]:
    """What tells parents about their own data, beside the notice (GDPR art. 14)."""
    return {
        "authority": AUTHORITIES[notice.authority],
        "evidence_for": i18n.period(Period.parse(notice.evidence_for), notice.language),
    }


def _ended(view: GuardianView, page: Result, status: int = 200) -> Response:
    """Nothing is left to decide, or not by who reads this."""
    notice = in_asked_language(view.stored).notice
    deadline = i18n.day(view.request.expires_at, notice.country, notice.language)
    return mailed_page(
        page,
        view.stored,
        status,
        look="child" if view.state == GuardianState.OF_A_CHILD else "",
        values={"deadline": deadline, "contact": notice.contact},
    )


def _purposes(view: GuardianView) -> list[tuple[NoticePurpose, NoticePurpose, Status]]:
    """Each purpose as the parent reads it, beside it what the child read, and its state."""
    notice = in_asked_language(view.stored).notice
    child = notice_choice.translated(ctx(), view.child, notice.language)[0].notice
    return [
        (purpose, child.purpose(purpose.id), view.purposes[purpose.id])
        for purpose in notice.asked
        if purpose.id in view.purposes
    ]
