"""Every kind of mail in one table: who reads it, what limits it, what is queued of it, and what builds it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from ..delivery.mail_context import MailContext
from ..domain.mail import (
    DecisionPayload,
    EndedPayload,
    InterestPayload,
    LiftPayload,
    LinkPayload,
    NewerPayload,
    ObjectionsPayload,
    OfAgePayload,
    OptedOutPayload,
    Payload,
    QuestionPayload,
    Reader,
)
from ..domain.values import changed
from ..storage import consents, requests, subjects
from ..storage.outbox import OutboxRow
from .context import Context
from .mail_contexts import Builder, to_contact

P = TypeVar("P", bound=Payload)


@dataclass(frozen=True)
class Budget:
    """What a mailbox gets at most (see `limits.MailQuota`), counted for a form or for the kind of mail.

    `is_own` is whether it counts apart from the mails of all forms together. `per_day` is how many go in 24 hours,
    where that is not the usual number.
    """

    per_form: bool = False
    is_own: bool = False
    per_day: int | None = None


_FORM = Budget(per_form=True)


@dataclass(frozen=True)
class MailKind(Generic[P]):
    """All that is particular to one kind of mail. Its template is `templates/mail/<name>.jinja`.

    `budget` is the rate limit of a mailbox, None where nobody else can set the mail off. `is_one_click` is whether its
    header lets a mail program withdraw with one click (List-Unsubscribe, RFC 8058): the mails about a yes. `opts_out`
    is whether a form sets it off, so that it is dropped when its reader says "never mail me again".
    """

    name: str
    reader: Reader
    payload: type[P]
    build: Callable[[Builder, P], MailContext | None] | None
    budget: Budget | None = None
    is_one_click: bool = False
    opts_out: bool = False


CONFIRM = MailKind("confirm", Reader.PERSON, QuestionPayload, Builder.question, _FORM, opts_out=True)
"""An answer is needed: the first half of the double opt-in."""
ALREADY_GRANTED = MailKind("already_granted", Reader.PERSON, QuestionPayload, Builder.question, _FORM, opts_out=True)
"""This was granted before, and nothing has changed."""
GUARDIAN_ASKS = MailKind("guardian_asks", Reader.PARENT, QuestionPayload, Builder.question, _FORM, opts_out=True)
"""A child asks for a parent's decision; with where the address comes from and what becomes of it (GDPR art. 14)."""
GUARDIAN_AGAIN = MailKind("guardian_again", Reader.PARENT, QuestionPayload, Builder.question, _FORM, opts_out=True)
"""A child sent again what was allowed before, and perhaps something new."""
RENEWAL = MailKind("renewal", Reader.PERSON, Payload, Builder.renewal)
"""A consent is about to end: does it still hold?"""
GUARDIAN_RENEWAL = MailKind("guardian_renewal", Reader.PARENT, Payload, Builder.renewal)
"""A yes for a child is about to end: does it still hold?"""
RECEIPT = MailKind("receipt", Reader.PERSON, DecisionPayload, Builder.receipt, is_one_click=True)
"""The proof of a yes, with the link that stops it."""
MAIL_PLUS = MailKind("mail_plus", Reader.PARENT, DecisionPayload, Builder.plus, is_one_click=True)
"""A day later: what was decided for a child, and how to undo it."""
WITHDRAWN = MailKind("withdrawn", Reader.PERSON, EndedPayload, Builder.ended)
"""It has stopped."""
OBJECTED = MailKind("objected", Reader.PERSON, EndedPayload, Builder.objected)
"""The proof of an objection to direct marketing."""
INTEREST_OBJECTED = MailKind("interest_objected", Reader.PERSON, InterestPayload, Builder.interest)
"""An objection to a legitimate interest was noted."""
LINK = MailKind("link", Reader.ASKER, LinkPayload, Builder.link, Budget(is_own=True))
"""The link to withdraw, on request."""
OBJECT_LINK = MailKind("object_link", Reader.ASKER, LinkPayload, Builder.link, Budget(is_own=True))
"""The link to object, on request, to any address. It names what it is for, or what there is to choose from."""
OPTED_OUT = MailKind("opted_out", Reader.ASKER, OptedOutPayload, Builder.opted_out)
"""Somebody said "never mail me again" with a link from a mail to this address: who reads there, or somebody it was
forwarded to."""
LIFT = MailKind("lift", Reader.ASKER, LiftPayload, Builder.lift)
"""To who said "never mail me again", on request: forms would mail the address again. `lifting` limits it."""
CHILD_ADDRESS = MailKind("child_address", Reader.CHILD, Payload, Builder.child_address, _FORM, opts_out=True)
"""At the address that the parent gave: is it yours, and may we mail you here?"""
CHILD_NOT_ASKED = MailKind(
    "child_not_asked", Reader.CHILD, Payload, Builder.child_not_asked, Budget(per_day=1), opts_out=True
)
"""Your address was given as a parent's; with the link to get no more mail of forms."""
CHILD_RECEIPT = MailKind("child_receipt", Reader.CHILD, Payload, Builder.child_receipt, is_one_click=True)
"""You said yes to your address; with the link that stops it."""
CHILD_STOPPED = MailKind("child_stopped", Reader.CHILD, EndedPayload, Builder.ended)
"""It has stopped. Where nothing runs any more it is the last mail to the child's own address."""
CHILD_OF_AGE = MailKind("child_of_age", Reader.CHILD, OfAgePayload, Builder.of_age)
"""From your birthday you decide (EDPB 05/2020, 147 to 149)."""
GUARDIAN_OF_AGE = MailKind("guardian_of_age", Reader.PARENT, OfAgePayload, Builder.of_age)
"""From this birthday on the child decides (EDPB 05/2020, 147 to 149)."""
OBJECTIONS = MailKind("objections", Reader.CONTACT, ObjectionsPayload, None)
"""Who objects to what, and what is to be done. Built from no data subject but from all who object: `to_contact`."""

KINDS: dict[str, MailKind[Any]] = {kind.name: kind for kind in globals().copy().values() if isinstance(kind, MailKind)}

_OF_DECISIONS = [kind.name for kind in KINDS.values() if kind.payload is DecisionPayload]


def of(row: OutboxRow) -> MailKind[Any]:
    """The kind of a queued mail.

    Raises:
        NewerPayload: when no kind is known by this name: a newer release has queued it.
    """
    kind = KINDS.get(row.kind)
    if kind is None:
        raise NewerPayload(f"kind {row.kind}")
    return kind


def opting_out(by_child: bool) -> tuple[str, ...]:
    """The mails that a form can set off, to a child's own address or to that of who decides."""
    return tuple(kind.name for kind in KINDS.values() if kind.opts_out and (kind.reader is Reader.CHILD) == by_child)


def read_ahead(connection: Connection, rows: Sequence[OutboxRow]) -> None:
    """Read in a few statements what `build` reads for each of these mails."""
    if len(rows) < 2:
        return
    people = [row.subject_id for row in rows]
    subjects.read_ahead(connection, people)
    requests.read_notices_ahead(connection, people)
    requests.read_ahead(connection, (row.request_id for row in rows))
    decided = [row for row in rows if row.kind in _OF_DECISIONS]
    if decided:
        consents.read_ahead(connection, (row.subject_id for row in decided))
        requests.read_fields_ahead(connection, (row.request_id for row in decided))


def build(ctx: Context, connection: Connection, row: OutboxRow) -> MailContext | None:
    """What the mail of a row says, or None when there is nothing to say any more, or nobody to say it to.

    Raises:
        NewerPayload: when only a newer release can read the row.
        UnreadablePayload: when it cannot be read.
    """
    kind = of(row)
    payload = kind.payload.from_json(row.data)
    if kind.build is None:
        return to_contact(ctx, connection, row, payload.at)  # the only mail without a person
    to_child = kind.reader is Reader.CHILD or getattr(payload, "to_child", False)
    subject = subjects.with_id(connection, row.subject_id)
    needs_yes = to_child and kind not in (CHILD_ADDRESS, OPTED_OUT)
    if subject is None or (needs_yes and not subject.child_confirmed):
        return None
    context = kind.build(Builder(ctx, connection, row, subject, to_child, payload.at), payload)
    if context is None:
        return None
    # What somebody asks for is about the whole address, whichever child's mail led to it.
    child = None if kind.reader is Reader.ASKER else context.child
    return changed(context, reader=kind.reader, is_one_click=kind.is_one_click, child=child)
