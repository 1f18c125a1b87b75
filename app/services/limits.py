"""Limits against misuse. Each answers in a way that tells nobody whether an address is known."""

from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import Connection

from ..config import Rate
from ..storage.limits import DAY, Counters
from .kit import Kit

_TEN_MINUTES = timedelta(minutes=10)
_PER_FORM = 3
_OVER_ALL = 10


class TooMany(Exception):
    """A network has sent too often. `seconds` is how long to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def check(kit: Kit, network: str) -> None:
    """Look whether a network may send.

    Raises:
        TooMany: when it may not.
    """
    if rate := _rate(kit):
        now = kit.clock()
        with kit.database.read() as connection:
            _refuse_too_many(Counters(connection, now), network, rate, now)


def count(kit: Kit, connection: Connection, network: str, now: datetime) -> None:
    """Count one submission of a network, in the transaction of what it asked for. Raises like `check`."""
    if rate := _rate(kit):
        counters = Counters(connection, now)
        _refuse_too_many(counters, network, rate, now)
        counters.count_submit(network, rate.per.delta)


def count_refused(kit: Kit, network: str) -> None:
    """Count a submission that asked for nothing, or for nothing that could be done. Raises like `check`."""
    if _rate(kit):
        with kit.database.write() as connection:
            count(kit, connection, network, kit.clock())


def _rate(kit: Kit) -> Rate | None:
    return kit.settings.SUBMITS_PER_NETWORK if kit.limited else None


def _refuse_too_many(counters: Counters, network: str, rate: Rate, now: datetime) -> None:
    count, until = counters.submits(network)
    if until is not None and count >= rate.count:
        raise TooMany(max(1, ceil((until - now).total_seconds())))


class MailTurn:
    """The turn of an address to be mailed for a form: one mail in 10 minutes and three in 24 hours, ten over all.

    `due` is when the next one may go. `per_form` is another number of mails in 24 hours.
    """

    def __init__(
        self, kit: Kit, connection: Connection, email_key: str, form: str, now: datetime, per_form: int = _PER_FORM
    ) -> None:
        self._per_form = per_form
        self._counters = Counters(connection, now) if kit.limited else None
        self._here, self._anywhere = f"{email_key}\n{form}", email_key
        self.due = self._next(self._counters, now) if self._counters else now

    def take(self) -> list[int]:
        """Count the mail that goes, or will go, when it is due. What is returned gives the turn back."""
        return self._counters.count_mail(self.due, self._here, self._anywhere) if self._counters else []

    def _next(self, counters: Counters, now: datetime) -> datetime:
        here = counters.mail_times(self._here)
        anywhere = counters.mail_times(self._anywhere)
        moments = [now]
        if here:
            moments.append(here[-1] + _TEN_MINUTES)
        if len(here) >= self._per_form:
            moments.append(here[-self._per_form] + DAY)
        if len(anywhere) >= _OVER_ALL:
            moments.append(anywhere[-_OVER_ALL] + DAY)
        return max(moments)
