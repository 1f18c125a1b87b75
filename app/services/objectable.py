"""What can be objected to at a controller: its direct marketing, and what it does on a legitimate interest."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from ..domain.notice import Notice, NoticePurpose
from ..period import Period
from ..storage import notices, requests
from ..storage.subjects import Subject
from . import notice_choice
from .context import Context

ANSWER_WITHIN = Period(1, "month")
"""In which a controller answers an objection to an interest (GDPR art. 12(3))."""


@dataclass(frozen=True)
class Interest:
    """What a controller does on the ground of its legitimate interest. `key` names it on the page: form/purpose.

    `by_phone` is whether it goes by telephone numbers, so that an address alone does not say whom it is about.
    """

    key: str
    notice_hash: str
    title: str
    by_phone: bool = False

    @property
    def purpose(self) -> str:
        """The id of the purpose in its form."""
        return self.key.partition("/")[2]


@dataclass(frozen=True)
class Objectable:
    """What a page or a mail about objections offers. `marketing` is the right that needs no reason (art. 21(2)).

    `advertising` are the ids of the purposes that are direct marketing; `told` are those of them that nobody is asked
    for, such as a profile for it: a no to advertising is one to them too (GDPR art. 21(2)).
    """

    marketing: bool
    interests: tuple[Interest, ...]
    advertising: frozenset[str] = frozenset()
    told: tuple[Interest, ...] = ()

    def about(self, purpose: str) -> "Objectable":
        """That part of it which the id of a purpose names; all of it where it names none."""
        if purpose in self.advertising:
            return replace(self, interests=())
        named = tuple(interest for interest in self.interests if interest.purpose == purpose)
        return Objectable(False, named) if named else self

    @property
    def purposes(self) -> frozenset[str]:
        """The ids that `about` knows."""
        return self.advertising | {interest.purpose for interest in self.interests}

    @property
    def only(self) -> Interest | None:
        """The one interest that this is about, where it is about nothing else."""
        return self.interests[0] if not self.marketing and len(self.interests) == 1 else None


def shown_now(ctx: Context, connection: Connection, controller: str, language: str) -> Objectable:
    """What the forms of a controller tell everybody now."""
    return _told(ctx, connection, _current(ctx, connection, controller, language))


def of_subject(ctx: Context, connection: Connection, subject: Subject, language: str) -> Objectable:
    """What a person was told, or would be told now; of two texts about one interest the newer stands."""
    seen = requests.notice_hashes_of(connection, subject.id)
    return _told(ctx, connection, seen + _current(ctx, connection, subject.controller, language))


def translated(ctx: Context, interests: Iterable[Interest], language: str) -> tuple[Interest, ...]:
    """The same interests with their titles in another language, where there is one."""
    return tuple(
        replace(
            interest,
            title=notice_choice.purpose_in(ctx, (interest.notice_hash, interest.purpose), language).title,
        )
        for interest in interests
    )


def _current(ctx: Context, connection: Connection, controller: str, language: str) -> list[str]:
    """One notice of each form, in this language where there is one: no form is left out for want of a translation."""
    chosen: dict[str, str] = {}
    for spoken, notice_hash in notices.current(connection, controller):
        form = ctx.notice(connection, notice_hash).notice.form
        if spoken == language or form not in chosen:
            chosen[form] = notice_hash
    return list(chosen.values())


def _told(ctx: Context, connection: Connection, hashes: list[str]) -> Objectable:
    interests: dict[str, Interest] = {}
    told: dict[str, Interest] = {}
    advertising = set()
    for notice_hash in hashes:
        notice = ctx.notice(connection, notice_hash).notice
        for purpose in notice.purposes:
            if purpose.direct_marketing:
                advertising.add(purpose.id)
            if purpose.basis.allows_objection:
                key = f"{notice.form}/{purpose.id}"
                found = Interest(key, notice_hash, purpose.title, _goes_by_phone(notice, purpose))
                (told if purpose.direct_marketing else interests)[key] = found
    # Who sees neither may still get advertising from elsewhere, and has the right to say no to it.
    marketing = bool(advertising) or not interests
    return Objectable(marketing, _in_order(interests), frozenset(advertising), _in_order(told))


def _in_order(found: dict[str, Interest]) -> tuple[Interest, ...]:
    return tuple(found[key] for key in sorted(found))


def _goes_by_phone(notice: Notice, purpose: NoticePurpose) -> bool:
    numbers = {field.id for field in notice.fields if field.type == "tel"}
    return purpose.channel in ("phone", "sms") or not numbers.isdisjoint(purpose.data)
