"""A form is submitted: a consent request is stored and a mail put in the outbox, the same answer for every address."""

import hmac
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, count

from ..domain.address import Address
from ..domain.canonical import canonical
from ..domain.evidence import DecidedBy, Kind
from ..domain.notice import Notice
from ..storage import consents, requests, subjects, suppressions
from ..storage.requests import NewRequest
from ..storage.subjects import NewSubject, Subject
from . import childs_address, coming_of_age, events, lifecycle, limits, mailing
from .act import Act, open_act
from .context import Context
from .mailing import Question


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
    """Store a request for the purposes that are not granted yet, and mail the person what there is to answer.

    Nothing that is granted is changed, whoever submits. Nothing is stored for an address that wants no mail, nor where
    a child below the age is to be asked as a parent: it is told instead that its address stands here as a child's.

    Raises:
        TooMany: when the network has sent too often; then nothing is stored.
    """
    is_flood = False
    notice = ctx.stored_notice(submission.notice_hash).notice
    with open_act(ctx, notice.controller) as act:
        child, is_childs = None, False
        if submission.child_name:
            child, is_childs = childs_address.child_at(act.connection, notice.controller, submission.email_key, act.now)
        wants_none = suppressions.wants_no_mail(act.connection, notice.controller, submission.email_key)
        is_rolled_back = wants_none or is_childs
        with act.rolled_back() if is_rolled_back else nullcontext():
            is_flood = _take(act, notice, submission) and not is_rolled_back
        act.chain.store()  # here, as what is rolled back does: where a statement stands could tell who is known
        if submission.child_name:
            mailing.child_not_asked(act, child, submission.email_key, notice)
        # Last, because people of one network fill in the forms of many controllers: they wait here for one commit.
        limits.count(act, submission.network)
    if is_flood:
        limits.warn(notice.controller)


def _take(act: Act, notice: Notice, submission: Submission) -> bool:
    """Store what was asked for and put the mail in the outbox, with as much work for each address as for any other.

    Returns whether this controller sets off too many mails (see `limits.count_of_controller`).
    """
    moment = coming_of_age.day_begins(submission.decides_from, notice.country) if submission.decides_from else None
    subject, child_key = _known(act, notice, submission, moment)
    if subject is None:
        new = NewSubject(
            controller=notice.controller,
            address=Address(submission.email, submission.email_key),
            language=notice.language,
            child_name=submission.child_name,
            child_key=child_key,
        )
        subject = subjects.add(act.connection, new, act.now)
    running = consents.granted(act.connection, subject.id)
    if submission.child_name and not running:
        # Nobody moves the month of a child that is known here: with another month it is another child (see `_known`).
        # Where something runs, it stands already, or it was forgotten when the child was told; so does the name.
        name = subject.child_name or submission.child_name
        subjects.set_child(act.connection, subject.id, name, moment or subject.decides_from)
    granted = [consent.purpose for consent in running if consent.form == notice.form]
    already = [purpose for purpose in submission.purposes if purpose in granted]
    wanted = [purpose for purpose in submission.purposes if purpose not in granted]
    if already:
        with act.rolled_back():
            _request(act, subject, notice, submission, already)
    request_id, is_new = _request(act, subject, notice, submission, wanted) if wanted else ("", False)
    question = Question(request_id, is_new, already, submission.site, submission.network)
    asked = mailing.ask(act, subject, notice, question)
    if request_id and not is_new and asked.goes:
        # The page promises the whole time to answer to everybody alike, so a request that is mailed again gets it; one
        # that is not stays as it was, or else what waits would have no bound.
        requests.wait_until(act.connection, request_id, act.ctx.settings.CONFIRM_WITHIN.after(act.now))
    if asked.replaced:
        lifecycle.forget_unmailed(act, asked.replaced)
    return asked.is_flood


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


def _request(act: Act, subject: Subject, notice: Notice, submission: Submission, wanted: list[str]) -> tuple[str, bool]:
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
    known = requests.the_same(act.connection, new, act.now)
    with act.rolled_back() if known else nullcontext():  # a request that is known takes as much time as a new one
        added = _add(act, new)
    return known or added, known is None


def _add(act: Act, new: NewRequest) -> str:
    request = requests.add(act.connection, new, act.now)
    for purpose in request.purposes:
        who = DecidedBy.GUARDIAN if request.is_by_guardian else DecidedBy.SELF
        events.record(act, new.subject, Kind.REQUESTED, decided_by=who, request=request, purpose=purpose)
    if new.waits_for_guardian:
        events.record(act, new.subject, Kind.GUARDIAN_ASKED, request=request)
    return request.id
