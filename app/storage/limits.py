"""The counters of the rate limits: how often an address was mailed and a network has sent, hashed with a daily salt.

The salt of a day is deleted three days later; then nobody, we included, can tell whose counter it was.
"""

import hmac
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Integer, bindparam, case, delete, insert, select, union_all

from .database import insert_of, insert_unless_there
from .prepared import Prepared, Row
from .schema import Moment, mail_counts, salts, submit_counts

DAY = timedelta(hours=24)
_DAYS = 3
"""A mail can be promised a day ahead (the brake of a domain: some hours) and counts for a day from then, so the day
before yesterday matters too. Over many forms it can be promised for later; then it counts less long."""

_SALTS = Prepared(
    select(salts.c.day, salts.c.salt)
    .where(salts.c.day >= bindparam("first"), salts.c.day <= bindparam("today"))
    .order_by(salts.c.day.desc())
)


@cache
def _latest(digests: int) -> Prepared:
    """When the last mails under each of so many hashes were sent: as many as are asked for, however many there are."""
    return Prepared(
        union_all(
            *(
                select(mail_counts.c.digest, mail_counts.c.at)
                .where(
                    mail_counts.c.digest == bindparam(f"digest_{number}"),
                    mail_counts.c.at > bindparam("since", type_=Moment),
                )
                .order_by(mail_counts.c.at.desc())
                .limit(bindparam(f"most_{number}", type_=Integer))
                .subquery()
                .select()
                for number in range(digests)
            )
        )
    )


_COUNT_MAIL = Prepared(insert(mail_counts))
_GIVE_BACK = Prepared(delete(mail_counts).where(mail_counts.c.id == bindparam("the_id")))
_WINDOW = Prepared(
    select(submit_counts.c.count, submit_counts.c.until).where(
        submit_counts.c.digest == bindparam("digest"), submit_counts.c.until > bindparam("now", type_=Moment)
    )
)


_NONE: Mapping[str, bytes] = {}


class Counters:
    """The counters as one transaction sees them at one moment. Counting needs a transaction that writes.

    `stored` is what `stored_salts` returned before, from what is committed. Without the salt of today it is read anew:
    this transaction may have made that.
    """

    def __init__(self, connection: Connection, now: datetime, stored: Mapping[str, bytes] = _NONE) -> None:
        self._connection = connection
        self._now = now
        self._today = now.date().isoformat()
        self._salts = stored if self._today in stored else stored_salts(connection, now)
        self._digests: dict[tuple[bytes, str], str] = {}

    def mail_times(self, wanted: Mapping[str, int]) -> dict[str, list[datetime]]:
        """When the last mails of these kinds were sent or promised, from 24 hours ago on, oldest first.

        No more of a kind are read than `wanted` says: of a domain there may be thousands.
        """
        kind_of = {digest: kind for kind in wanted for digest in self.digests(kind)}
        times: dict[str, list[datetime]] = {kind: [] for kind in wanted}
        if kind_of:
            values: dict[str, Any] = {"since": self._now - DAY}
            for number, (digest, kind) in enumerate(kind_of.items()):
                values |= {f"digest_{number}": digest, f"most_{number}": wanted[kind]}
            for digest, at in _latest(len(kind_of)).rows(self._connection, **values):
                times[kind_of[digest]].append(at)
        return {kind: sorted(found)[-wanted[kind] :] for kind, found in times.items()}

    def count_mail(self, at: datetime, *kinds: str) -> list[int]:
        """Count a mail that is sent, or promised, at that moment under each of these kinds.

        Returns:
            The ids of the counts, for `give_back`.
        """
        # Drawn by lot: SQLite would give the id of a count that was deleted to the count of somebody else.
        ids = [secrets.randbits(62) for _ in kinds]
        rows = [{"id": number, "digest": self.digest(what), "at": at} for number, what in zip(ids, kinds, strict=True)]
        _COUNT_MAIL.run_each(self._connection, rows)
        return ids

    def digests(self, what: str) -> tuple[str, ...]:
        """The hashes under which something may have been counted, or wait: one for each salt, that of today first."""
        return tuple(self._keyed_digest(salt, what) for salt in self._salts.values())

    def in_window(self, what: str) -> tuple[int, datetime | None]:
        """How often a thing was counted in the window that runs, and when that window ends (None: no window runs).

        Around midnight there are two windows, under two salts; both count.
        """
        windows = self._windows(self.digests(what))
        return _together(windows) if windows else (0, None)

    def count_in_window(self, what: str, window: timedelta) -> tuple[int, datetime]:
        """Count one submission of a network, or one mail of a controller; a window begins with the first.

        Returns what `in_window` would afterwards.
        """
        digest, end = self.digest(what), self._now + window
        upsert = _count_in_window(self._connection.dialect.name)
        counted = upsert.rows(self._connection, digest=digest, until=end, count=1, now=self._now)
        # A window that began before midnight was counted under the salt of that day.
        before = [] if (self._now - window).date() == self._now.date() else self._windows(self.digests(what)[1:])
        return _together([*counted, *before])

    def _windows(self, digests: Iterable[str]) -> list[Row]:
        return [row for digest in digests for row in _WINDOW.rows(self._connection, digest=digest, now=self._now)]

    def digest(self, what: str) -> str:
        """The hash under which something is counted now."""
        if self._today not in self._salts:
            insert_unless_there(self._connection, salts, day=self._today, salt=secrets.token_bytes(32))
            self._salts = stored_salts(self._connection, self._now)  # another process may have been first
        return self._keyed_digest(self._salts[self._today], what)

    def _keyed_digest(self, salt: bytes, what: str) -> str:
        digest = self._digests.get((salt, what))  # what is looked up here is counted next
        if digest is None:
            digest = self._digests[salt, what] = hmac.digest(salt, what.encode(), "sha256").hex()
        return digest


def stored_salts(connection: Connection, now: datetime) -> dict[str, bytes]:
    """The salts by day, that of today first, as far as they are needed and were made."""
    first = (now - (_DAYS - 1) * DAY).date().isoformat()
    return dict(_SALTS.rows(connection, first=first, today=now.date().isoformat()))


def give_back(connection: Connection, turn: list[int]) -> None:
    """Count a mail no longer that never went."""
    for number in turn:
        _GIVE_BACK.run(connection, the_id=number)


def forget(connection: Connection, now: datetime, most: int) -> int:
    """Delete salts and counters that are of no use any more, and return how many counters there were, at most."""
    connection.execute(delete(salts).where(salts.c.day <= (now - _DAYS * DAY).date().isoformat()))
    mails = select(mail_counts.c.id).where(mail_counts.c.at <= now - DAY).limit(most)
    windows = select(submit_counts.c.digest).where(submit_counts.c.until <= now).limit(most)
    return max(
        connection.execute(delete(mail_counts).where(mail_counts.c.id.in_(mails.scalar_subquery()))).rowcount,
        connection.execute(delete(submit_counts).where(submit_counts.c.digest.in_(windows.scalar_subquery()))).rowcount,
    )


def _together(windows: Sequence[Row]) -> tuple[int, datetime]:
    return sum(count for count, _ in windows), max(until for _, until in windows)


@cache
def _count_in_window(dialect: str) -> Prepared:
    upsert = insert_of(dialect, submit_counts)
    is_over = submit_counts.c.until <= bindparam("now", type_=Moment)
    return Prepared(
        upsert.on_conflict_do_update(
            index_elements=[submit_counts.c.digest],
            set_={
                "count": case((is_over, upsert.excluded.count), else_=submit_counts.c.count + 1),
                "until": case((is_over, upsert.excluded.until), else_=submit_counts.c.until),
            },
        ).returning(submit_counts.c.count, submit_counts.c.until)
    )
