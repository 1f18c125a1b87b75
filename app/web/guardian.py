"""The page on which a parent decides for a child. Looking changes nothing, and a yes needs a declaration."""

from typing import Any

from flask import Blueprint, Response, request

from .. import i18n
from ..domain.address import read_address
from ..domain.consent import Status
from ..domain.notice import Notice, NoticeField, NoticePurpose
from ..period import Period
from ..services import guardian, notice_choice
from ..services.guardian import Decision, State, View
from ..services.tokens import LinkExpired
from ..storage.notices import StoredNotice
from ..storage.requests import RequestKind
from .app_state import kit
from .forms import GuardianForm, answers, guardian_form, guardian_problems, submitted_button
from .rendering import in_asked_language, mailed_page

blueprint = Blueprint("guardian", __name__)

_TEMPLATES = {
    State.OPEN: "guardian/decide.html",
    State.DECIDED: "guardian/already.html",
    State.DELETED: "guardian/deleted.html",
    State.STOPPED: "guardian/stopped.html",
    State.OF_A_CHILD: "guardian/of_a_child.html",
}
_LOOKS = {State.OPEN: "guardian", State.OF_A_CHILD: "child"}


@blueprint.get("/guardian/<token>")
def show(token: str) -> Response:
    """What the child would like, or how it was decided."""
    return _page(guardian.view(kit(), token), token)


@blueprint.post("/guardian/<token>")
def decide(token: str) -> Response:
    """What a parent decided. A POST without a button is not a person's."""
    view = guardian.view(kit(), token)
    button = submitted_button("yes", "no", *(("not_mine",) if view.request.kind == RequestKind.FORM else ()))
    if button is None:
        return _page(view, token, status=422)
    if view.state != State.OPEN:
        return _page(view, token)
    if button == "not_mine":
        return _page(guardian.not_mine(kit(), token), token, "guardian/not_mine.html")
    notice = in_asked_language(view.stored).notice
    if button == "no":
        return _decided(guardian.refuse(kit(), token, notice.hash), token)
    fields = _fields(notice, view)
    typed = guardian_form(notice, fields, view.email_key)
    typed.validate()
    if wrong := guardian_problems(typed, notice, fields, view.purposes):
        return _again(view, token, typed, fields, wrong)
    child_email = (typed.child_email.data or "").strip() if typed.purposes.data else ""
    decision = Decision(
        notice=notice.hash,
        purposes=frozenset(typed.purposes.data or ()),
        explicit=frozenset(typed.explicit.data or ()),
        fields=answers(typed, fields),
        child_email=read_address(child_email) if child_email else None,
    )
    return _decided(guardian.decide(kit(), token, decision), token)


@blueprint.errorhandler(LinkExpired)
def expired(error: LinkExpired) -> Response:
    """The link was genuine, but nobody answered in time."""
    return mailed_page("guardian/expired.html", error.stored, 410, renewal=error.kind == RequestKind.RENEWAL)


def _fields(notice: Notice, view: View) -> list[NoticeField]:
    """What is to be filled in for the wishes of the child; a consent that is asked anew has it already."""
    if view.request.kind == RequestKind.RENEWAL:
        return []
    used = {name for purpose in view.purposes for name in notice.purpose(purpose).data}
    return [field for field in notice.fields if field.id in used]


def _decided(view: View, token: str) -> Response:
    return _page(view, token, "guardian/done.html" if view.state == State.DECIDED else None)


def _again(
    view: View, token: str, typed: GuardianForm, fields: list[NoticeField], wrong: list[tuple[str, str]]
) -> Response:
    """The page again, with what to put right; what was typed and ticked is still there."""
    return _page(
        view,
        token,
        status=422,
        values={name: request.form.get(name, "") for name in ("child_email", *(field.id for field in fields))},
        ticked=frozenset(typed.purposes.data or ()),
        explicit=frozenset(typed.explicit.data or ()),
        declared=typed.is_guardian.data == "yes",
        problems=wrong,
        wrong=dict(wrong),
    )


def _page(view: View, token: str, template: str | None = None, status: int = 200, **context: Any) -> Response:
    stored = in_asked_language(view.stored)
    child, _ = notice_choice.translated(kit(), view.child, stored.notice.language)
    notice = stored.notice
    beginning: dict[str, Any] = {
        "values": {},
        "ticked": frozenset(),
        "explicit": frozenset(),
        "declared": False,
        "problems": [],
        "wrong": {},
    }
    decided_at = view.request.decided_at
    plus_after = kit().settings.MAIL_PLUS_AFTER
    return mailed_page(
        template or _TEMPLATES[view.state],
        view.stored,
        status,
        look=_LOOKS.get(view.state, ""),
        token=token,
        view=view,
        purposes=_beside(stored, child, view.purposes),
        fields=_fields(notice, view) if view.state == State.OPEN else [],
        authority={
            "name": i18n.say(notice.language, f"authority.{notice.authority}.name"),
            "address": i18n.say(notice.language, f"authority.{notice.authority}.address"),
        },
        evidence_for=i18n.period(Period.parse(notice.evidence_for), notice.language),
        decided_at=decided_at,
        plus_at=plus_after.after(decided_at) if decided_at and view.request.kind == RequestKind.FORM else None,
        child_asked=view.child_asked,
        withdraw_token=view.withdraw_token if "granted" in view.purposes.values() else "",
        **beginning | context,
    )


def _beside(
    stored: StoredNotice, child: StoredNotice, states: dict[str, Status]
) -> list[tuple[NoticePurpose, NoticePurpose, Status]]:
    """Each purpose as the parent reads it, beside it what the child read, and its state."""
    return [
        (purpose, child.notice.purpose(purpose.id), states[purpose.id])
        for purpose in stored.notice.asked
        if purpose.id in states
    ]
