"""The counters of the rate limits: how often an address was mailed and a network has sent, hashed with a daily salt.

The salt of a day is deleted three days later; then nobody, we included, can tell whose counter it was.
"""

import hmac
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection, Integer, Select, bindparam, case, delete, func, insert, select, union_all, update

from .database import insert_unless_there
from .prepared import Prepared
from .schema import Moment, mail_counts, salts, submit_counts

DAY = timedelta(hours=24)
_DAYS = 3
"""A mail can be promised a day ahead (the brake of a domain: some hours) and counts for a day from then, so the day
before yesterday matters too. Over many forms it can be promised for later; then it counts less long."""

_DIGESTS = [f"digest_{number}" for number in range(_DAYS)]
_SALTS = Prepared(
    select(salts.c.day, salts.c.salt)
    .where(salts.c.day >= bindparam("first"), salts.c.day <= bindparam("today"))
    .order_by(salts.c.day.desc())
)
_NEWEST = mail_counts.c.at.desc()
_MOST = bindparam("most", type_=Integer)


def _latest(digest: str) -> Select[tuple[datetime]]:
    """The last mails under one hash: as many as are asked for, however many are counted."""
    found = select(mail_counts.c.at).where(
        mail_counts.c.digest == bindparam(digest), mail_counts.c.at > bindparam("since", type_=Moment)
    )
    return select(found.order_by(_NEWEST).limit(_MOST).subquery().c.at)


_ALL_DIGESTS = union_all(*map(_latest, _DIGESTS)).subquery()
_MAILS = Prepared(select(_ALL_DIGESTS.c.at).order_by(_ALL_DIGESTS.c.at.desc()).limit(_MOST))
_COUNT_MAIL = Prepared(insert(mail_counts))
_GIVE_BACK = Prepared(delete(mail_counts).where(mail_counts.c.id == bindparam("the_id")))
_IN_WINDOW = Prepared(
    select(func.coalesce(func.sum(submit_counts.c.count), 0), func.max(submit_counts.c.until)).where(
        submit_counts.c.digest.in_([bindparam(name) for name in _DIGESTS]), submit_counts.c.until > bindparam("now")
    )
)
_IS_OVER = submit_counts.c.until <= bindparam("now", type_=Moment)
_COUNT_IN_WINDOW = Prepared(
    update(submit_counts)
    .where(submit_counts.c.digest == bindparam("the_digest"))
    .values(
        count=case((_IS_OVER, 1), else_=submit_counts.c.count + 1),
        until=case((_IS_OVER, bindparam("end", type_=Moment)), else_=submit_counts.c.until),
    )
)


class Counters:
    """The counters as one transaction sees them at one moment. Counting needs a transaction that writes."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now
        self._salts = self._read_salts()

    def mail_times(self, what: str, most: int = 10) -> list[datetime]:
        """When the last mails of this kind were sent or promised, from 24 hours ago on, oldest first.

        No more than `most` are read: of a domain there may be thousands.
        """
        found = _MAILS.rows(self._connection, **self._of_days(what), since=self._now - DAY, most=most)
        return [at for (at,) in reversed(found)]

    def count_mail(self, at: datetime, *kinds: str) -> list[int]:
        """Count a mail that is sent, or promised, at that moment under each of these kinds.

        Returns:
            The ids of the counts, for `give_back`.
        """
        # Drawn by lot: SQLite would give the id of a count that was deleted to the count of somebody else.
        ids = [secrets.randbits(62) for _ in kinds]
        for number, what in zip(ids, kinds, strict=True):
            _COUNT_MAIL.run(self._connection, id=number, digest=self.digest(what), at=at)
        return ids

    def digests(self, what: str) -> tuple[str, ...]:
        """The hashes under which something may have been counted, or wait: one for each salt, that of today first."""
        return tuple(_keyed_digest(salt, what) for salt in self._salts.values())

    def in_window(self, what: str) -> tuple[int, datetime | None]:
        """How often a thing was counted in the window that runs, and when that window ends (None: no window runs).

        Around midnight there are two windows, under two salts; both count.
        """
        ((count, until),) = _IN_WINDOW.rows(self._connection, **self._of_days(what), now=self._now)
        return int(count), until

    def count_in_window(self, what: str, window: timedelta) -> None:
        """Count one submission of a network, or one mail of a controller; a window begins with the first."""
        digest, end = self.digest(what), self._now + window
        if not _COUNT_IN_WINDOW.run(self._connection, the_digest=digest, now=self._now, end=end):
            insert_unless_there(self._connection, submit_counts, digest=digest, until=self._now, count=0)
            _COUNT_IN_WINDOW.run(self._connection, the_digest=digest, now=self._now, end=end)

    def digest(self, what: str) -> str:
        """The hash under which something is counted now."""
        if self._today not in self._salts:
            insert_unless_there(self._connection, salts, day=self._today, salt=secrets.token_bytes(32))
            self._salts = self._read_salts()  # another process may have been first
        return _keyed_digest(self._salts[self._today], what)

    def _of_days(self, what: str) -> dict[str, str]:
        """The same as parameters of a statement."""
        digests = self.digests(what)
        return dict(zip(_DIGESTS, digests + ("",) * (_DAYS - len(digests)), strict=True))

    @property
    def _today(self) -> str:
        return self._now.date().isoformat()

    def _read_salts(self) -> dict[str, bytes]:
        first = (self._now - (_DAYS - 1) * DAY).date().isoformat()
        return dict(_SALTS.rows(self._connection, first=first, today=self._today))


def give_back(connection: Connection, turn: list[int]) -> None:
    """Count a mail no longer that never went."""
    for number in turn:
        _GIVE_BACK.run(connection, the_id=number)


def forget(connection: Connection, now: datetime) -> None:
    """Delete salts and counters that are of no use any more."""
    connection.execute(delete(salts).where(salts.c.day <= (now - _DAYS * DAY).date().isoformat()))
    connection.execute(delete(mail_counts).where(mail_counts.c.at <= now - DAY))
    connection.execute(delete(submit_counts).where(submit_counts.c.until <= now))


def _keyed_digest(salt: bytes, what: str) -> str:
    return hmac.digest(salt, what.encode(), "sha256").hex()
