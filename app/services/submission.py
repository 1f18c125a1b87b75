"""A form is submitted: what was sent waits in the intake, and of that a request and a mail in the outbox are made."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, count

from ..domain.address import Address
from ..domain.canonical import canonical
from ..domain.evidence import DecidedBy, Kind
from ..domain.intake import from_json
from ..domain.notice import Notice
from ..storage import consents, requests, subjects, suppressions
from ..storage.requests import NewRequest
from ..storage.subjects import NewSubject, Subject
from . import childs_address, coming_of_age, events, lifecycle, mailing
from .accept import accept
from .act import Act
from .context import Context
from .mailing import Question

FORM = "form"
"""What a row of the intake is called that a form has sent."""


@dataclass(frozen=True)
class Submission:
    """What a person sent: the notice that the page showed, the ticks, the address and the fields that it asks for.

    `email` is what mail is sent to; `email_key` is what addresses are compared by. `site` is where the form stood,
    as its sender claims.
    From a child, or from a parent for one, it is the parent's address, with the child's first name and the first day
    of the month in which it reaches the age to decide.
    """

    notice_hash: str
    purposes: tuple[str, ...]
    email: str
    email_key: str
    fields: Mapping[str, str]
    site: str
    network: str
    child_name: str = ""
    decides_from: date | None = None


def submit(ctx: Context, submission: Submission) -> None:
    """Accept what a person sent: once this returns it is on disk, and `take` makes of it what there is to make.

    Raises:
        TooMany: when the network has sent too often; then nothing is stored.
    """
    notice = ctx.stored_notice(submission.notice_hash).notice
    accept(ctx, submission, controller=notice.controller, kind=FORM, email_key=submission.email_key)


def take(act: Act, payload: str) -> None:
    """Store a request for the purposes that are not granted yet, and mail the person what there is to answer.

    Nothing that is granted is changed, whoever submits. Nothing is stored for an address that wants no mail, nor where
    a child below the age is to be asked as a parent: it is told instead that its address stands here as a child's.

    Raises:
        NewerRow, ValueError, KeyError: when this release cannot read it, or what it leads to is not there.
    """
    submission = _read(payload)
    notice = act.ctx.notice(act.connection, submission.notice_hash).notice
    if submission.child_name:
        child, is_childs = childs_address.child_at(act.connection, notice.controller, submission.email_key, act.now)
        if child is not None:
            mailing.child_not_asked(act, child, notice)
        if is_childs:
            return
    if suppressions.wants_no_mail(act.connection, notice.controller, submission.email_key):
        return
    moment = coming_of_age.day_begins(submission.decides_from, notice.country) if submission.decides_from else None
    known, child_key = _known(act, notice, submission, moment)
    subject = known or _add_subject(act, notice, submission, child_key)
    running = consents.granted(act.connection, subject.id) if known else []
    if submission.child_name and not running:
        # Nobody moves the month of a child that is known here: with another month it is another child (see `_known`).
        # Where something runs, it stands already, or it was forgotten when the child was told; so does the name.
        name = subject.child_name or submission.child_name
        subjects.set_child(act.connection, subject.id, name, moment or subject.decides_from)
    granted = [consent.purpose for consent in running if consent.form == notice.form]
    already = [purpose for purpose in submission.purposes if purpose in granted]
    wanted = [purpose for purpose in submission.purposes if purpose not in granted]
    request_id, is_new = (
        _request(act, subject, notice, submission, wanted, known is not None) if wanted else ("", False)
    )
    question = Question(request_id, is_new, already, submission.site, submission.network)
    asked = mailing.ask(act, subject, notice, question)
    if request_id and not is_new and asked.goes:
        # The page promises the whole time to answer to everybody alike, so a request that is mailed again gets it; one
        # that is not stays as it was, or else what waits would have no bound.
        requests.wait_until(act.connection, request_id, act.ctx.settings.CONFIRM_WITHIN.after(act.now))
    if asked.replaced:
        lifecycle.forget_unmailed(act, asked.replaced)


def _read(payload: str) -> Submission:
    values = from_json(payload, Submission)
    day = values.get("decides_from")
    more = {"purposes": tuple(values["purposes"]), "decides_from": date.fromisoformat(day) if day else None}
    return Submission(**values | more)


def _add_subject(act: Act, notice: Notice, submission: Submission, child_key: str) -> Subject:
    new = NewSubject(
        controller=notice.controller,
        address=Address(submission.email, submission.email_key),
        language=notice.language,
        child_name=submission.child_name,
        child_key=child_key,
    )
    return subjects.add(act.connection, new, act.now)


def _known(
    act: Act, notice: Notice, submission: Submission, decides_from: datetime | None
) -> tuple[Subject | None, str]:
    """Who this is about, or None and the key for a new row. Two children of one first name are two data subjects.

    They are told apart by the month in which they reach the age. Where it is not kept any more and nothing runs, the
    name alone decides: else a child that comes back would lose what was objected to for it. Where something runs, the
    child was told that it decides, and it is the same only if the month that is given has begun.
    """
    if not submission.child_name:
        return subjects.with_email(act.connection, notice.controller, submission.email_key), ""
    named = (act.connection, notice.controller, submission.email_key)
    key = subjects.child_key_of(*named, submission.child_name)
    namesakes = subjects.namesakes(*named, key)
    for before in () if namesakes else subjects.child_keys_before(*named, submission.child_name):
        if namesakes := subjects.namesakes(*named, before):
            key = before
            break
    fits = [known for known in namesakes if decides_from in (None, known.decides_from)]
    has_begun = decides_from is not None and decides_from <= act.now
    fits += [
        known
        for known in namesakes
        if known.decides_from is None and (has_begun or not consents.granted(act.connection, known.id))
    ]
    keys = {known.child_key for known in namesakes}
    numbered = (f"{key}\n{number}" for number in count(2))
    free = next(each for each in chain([key], numbered) if each not in keys)
    return (fits[0], fits[0].child_key) if fits else (None, free)


def _request(
    act: Act, subject: Subject, notice: Notice, submission: Submission, wanted: list[str], is_known: bool
) -> tuple[str, bool]:
    """The id of the request for these purposes, and whether it is new."""
    used = notice.fields_for(wanted)
    fields = {field: value for field, value in submission.fields.items() if field in used and value}
    answers = {"notice": submission.notice_hash, "purposes": sorted(wanted), "fields": fields}
    new = NewRequest(
        subject=subject,
        notice=notice,
        expires_at=act.ctx.settings.CONFIRM_WITHIN.after(act.now),
        site=submission.site,
        purposes=wanted,
        fields=fields,
        fingerprint=hmac.digest(subject.salt, canonical(answers), "sha256").hex(),
    )
    known = requests.the_same(act.connection, new, act.now) if is_known else None
    if known is not None:
        return known, False
    request = requests.add(act.connection, new, act.now)
    for purpose in request.purposes:
        who = DecidedBy.GUARDIAN if request.is_by_guardian else DecidedBy.SELF
        events.record(act, subject, Kind.REQUESTED, decided_by=who, request=request, purpose=purpose)
    if new.waits_for_guardian:
        events.record(act, subject, Kind.GUARDIAN_ASKED, request=request)
    return request.id, True
