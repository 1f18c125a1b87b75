"""How a consent ends and what goes with it: shared by withdrawal, objection, expiry and the company's own staff."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from ..domain.consent import OPEN, WAITING, RequestStatus, Status, may
from ..domain.evidence import DecidedBy, Kind
from ..domain.notice import NoticePurpose
from ..domain.retention import proof_until
from ..period import Period
from ..storage import consents, intake, objections, outbox, requests, subjects, suppressions
from ..storage.consents import Consent
from ..storage.requests import Request, RequestKind
from ..storage.subjects import Subject
from . import events, mail_kinds, mailing, notice_choice
from .act import Act
from .context import Context


def purpose_of(ctx: Context, connection: Connection, consent: Consent, by_child: bool = False) -> NoticePurpose:
    """The purpose of a consent, as the person saw it; of a child's, as its parent did, unless the child reads."""
    return ctx.notice(connection, notice_choice.of_consent(ctx, connection, consent, by_child)).notice.purpose(
        consent.purpose
    )


def end(
    act: Act, subject: Subject, chosen: Sequence[Consent], status: Status, decided_by: DecidedBy
) -> tuple[list[Consent], list[Consent]]:
    """End granted consents and delete the data that nothing else needs.

    Returns those that it ended, as they were, and all that are kept of the data subject, as they are now.
    """
    known = consents.of_subject(act.connection, subject.id)
    asked = {request.id: request for request in requests.standing(act.connection, subject.id)}
    kind = Kind.WITHDRAWN if status == Status.WITHDRAWN else Kind.EXPIRED
    ended = []
    for consent in chosen:
        notice = act.ctx.notice(act.connection, consent.notice_hash).notice
        until = proof_until(act.now, Period.parse(notice.evidence_for))
        after = consents.end(act.connection, consent, status, act.now, until)
        if after is None:
            continue
        ended.append(consent)
        known = [after if before == consent else before for before in known]
        events.record(
            act,
            subject,
            kind,
            decided_by=decided_by,
            request=asked.get(consent.request_id),
            purpose=consent.purpose,
            notice_hash=consent.notice_hash,
        )
    running = [consent for consent in known if consent.status == Status.GRANTED]
    for request_id in dict.fromkeys(consent.request_id for consent in ended):
        keep_only_needed(act, request_id, running)
    if subject.is_child and ended:
        _ask_no_longer(act, subject, status, {consent.form for consent in running})
    return ended, known


def _ask_no_longer(act: Act, subject: Subject, status: Status, running: set[str]) -> None:
    """Where nothing of a form runs any more, no child is asked for its address for it.

    One that is used already goes once the mail is sent that says so (see `sending`); at an expiry there is none.
    """
    for request in requests.waiting(act.connection, subject.id):
        if request.kind == RequestKind.ADDRESS and request.form not in running:
            close_address(act, request, RequestStatus.WITHDRAWN)
    if not running and status == Status.EXPIRED:
        subjects.forget_child_email(act.connection, subject.id)


def close_address(act: Act, request: Request, status: RequestStatus) -> None:
    """End the question to a child whether an address is its own, with anything but a yes: the address goes."""
    requests.close(act.connection, request.id, status, act.now)
    subjects.forget_child_email(act.connection, request.subject_id)


def withdraw(
    act: Act, subject: Subject, chosen: list[Consent], decided_by: DecidedBy
) -> tuple[list[Consent], list[Consent]]:
    """End consents on the person's word, and mail the proof. Returns what `end` does."""
    if not chosen:
        return [], consents.of_subject(act.connection, subject.id)
    ended, known = end(act, subject, chosen, Status.WITHDRAWN, decided_by)
    if any(_is_marketing(act, consent) for consent in ended):
        remember_objection(act, subject, known)
    if ended:
        running = [consent for consent in known if consent.status == Status.GRANTED]
        mailing.consents_ended(act, mail_kinds.WITHDRAWN, subject, ended[0].notice_hash, ended, running)
    return ended, known


def keep_only_needed(act: Act, request_id: str, running: Iterable[Consent]) -> None:
    """Delete the fields of a request that none of the consents that run needs any more."""
    needed: set[str] = set()
    for consent in running:
        if consent.request_id == request_id:
            needed |= act.ctx.notice(act.connection, consent.notice_hash).notice.fields_for([consent.purpose])
    requests.forget_fields(act.connection, request_id, but=needed)


def cancel_pending(
    act: Act, subject: Subject, decided_by: DecidedBy, purpose: str | None = None, form: str | None = None
) -> list[tuple[Request, str]]:
    """Take a purpose, or all, out of the requests that still wait: no old link revives what was stopped.

    Each purpose gets one entry in the ledger: here, or where its consent runs with the end of that consent. Returns
    those with an entry made here, which never ran.
    """
    cancelled = []
    entered = {(consent.form, consent.purpose) for consent in consents.granted(act.connection, subject.id)}
    for request in requests.waiting(act.connection, subject.id):
        if form not in (None, request.form):
            continue
        waiting = {known for known, status in request.purposes.items() if status in WAITING}
        hit = {known for known in waiting if purpose in (None, known)}
        for known in sorted(hit):
            if (request.form, known) not in entered:
                entered.add((request.form, known))
                cancelled.append((request, known))
                events.record(act, subject, Kind.WITHDRAWN, decided_by=decided_by, request=request, purpose=known)
        states = dict.fromkeys(sorted(hit), Status.WITHDRAWN)
        if hit and hit == waiting:
            requests.forget_fields(act.connection, request.id)
            requests.close(act.connection, request.id, RequestStatus.WITHDRAWN, act.now, states)
        elif hit:
            requests.decide(act.connection, request.id, states)
    return cancelled


def granted_marketing(act: Act, subject: Subject) -> list[Consent]:
    """The consents to direct marketing that hold now."""
    return [consent for consent in consents.granted(act.connection, subject.id) if _is_marketing(act, consent)]


def _is_marketing(act: Act, consent: Consent) -> bool:
    return purpose_of(act.ctx, act.connection, consent).direct_marketing


def remember_objection(act: Act, subject: Subject, known: Iterable[Consent]) -> None:
    """Mark the address as out of direct marketing, once no consent to it is left (a later yes lifts that)."""
    if not any(consent.status == Status.GRANTED and _is_marketing(act, consent) for consent in known):
        suppressions.add(act.connection, subject.controller, suppressions.OBJECTED, subject.suppression_key, act.now)


def forget_if_unneeded(act: Act, subject: Subject, known: Sequence[Consent] | None = None) -> bool:
    """Erase a data subject when no request, consent, proof or mail needs the address any more, to them or about them.

    A child's first name and the month in which it may decide go earlier: once nothing waits and nothing runs. Every end
    of a request or a consent asks here again. The end of a mail does not: housekeeping looks after those.

    Args:
        known: the consents that are kept of the data subject, where who asks has read them.
    """
    if known is None:
        known = consents.of_subject(act.connection, subject.id)
    runs = any(consent.status == Status.GRANTED for consent in known)
    is_described = bool(subject.child_name or subject.decides_from)
    if is_described and not runs and not requests.any_waits(act.connection, subject.id):
        subjects.set_child(act.connection, subject.id, "", None)
    if subject.kept_until is not None and subject.kept_until > act.now:
        return False
    is_needed = bool(known) or requests.any_waits(act.connection, subject.id)
    if is_needed or outbox.has_queued(act.connection, subject.id) or objections.has_untold(act.connection, subject.id):
        kept_until = None if is_needed else act.now
        if kept_until != subject.kept_until:
            subjects.keep_until(act.connection, subject.id, kept_until)
        return False
    requests.forget_all_fields(act.connection, subject.id)
    objections.forget_subject(act.connection, subject.id)
    intake.erase_set_aside(act.connection, act.controller, subject.email_key)
    subjects.erase(act.connection, subject.id)
    return True


def forget_unmailed(act: Act, request_id: str) -> None:
    """Delete a request whose mail was replaced or dropped before it went: no link leads to it, so none can answer it.

    The ledger says that it lapsed, except of what another request still waits for: that still is what was asked last.
    """
    request = requests.with_id(act.connection, request_id)
    if request is None or request.kind != RequestKind.FORM or request.status not in OPEN:
        return
    if outbox.was_mailed(act.connection, request.subject_id, request.id):
        return
    requests.forget(act.connection, request.id)
    subject = subjects.with_id(act.connection, request.subject_id)
    if subject is None:
        return
    for purpose, status in request.purposes.items():
        if may(status, Status.LAPSED) and not requests.any_asks(act.connection, subject.id, request.form, purpose):
            events.record(act, subject, Kind.LAPSED, request=request, purpose=purpose)
    forget_if_unneeded(act, subject)
