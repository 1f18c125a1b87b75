"""Limits against misuse. Each answers in a way that tells nobody whether an address is known."""

from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import Connection

from ..storage import limits
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
    """Look whether a network may send, before anything is read of what it sends.

    Raises:
        TooMany: when it may not.
    """
    rate = kit.settings.SUBMITS_PER_NETWORK
    if not kit.limited or rate is None:
        return
    now = kit.clock()
    with kit.database.read() as connection:
        count, until = limits.submits(connection, network, now)
    if until is not None and count >= rate.count:
        raise TooMany(max(1, ceil((until - now).total_seconds())))


def count(kit: Kit, connection: Connection, network: str, now: datetime) -> None:
    """Count one submission of a network, in the transaction of what it asked for."""
    rate = kit.settings.SUBMITS_PER_NETWORK
    if kit.limited and rate is not None:
        limits.prepare(connection, now)
        limits.count_submit(connection, network, rate.per.delta, now)


def count_refused(kit: Kit, network: str) -> None:
    """Count a submission that asked for nothing, or for nothing that could be done."""
    if kit.limited and kit.settings.SUBMITS_PER_NETWORK is not None:
        with kit.database.write() as connection:
            count(kit, connection, network, kit.clock())


def next_mail(kit: Kit, connection: Connection, email_key: str, form: str, now: datetime) -> datetime:
    """When this address may next be mailed for this form: one in 10 minutes and three in 24 hours, ten over all."""
    if not kit.limited:
        return now
    limits.prepare(connection, now)
    here = limits.mail_times(connection, _here(email_key, form), now)
    anywhere = limits.mail_times(connection, email_key, now)
    moments = [now]
    if here:
        moments.append(here[-1] + _TEN_MINUTES)
    if len(here) >= _PER_FORM:
        moments.append(here[-_PER_FORM] + limits.DAY)
    if len(anywhere) >= _OVER_ALL:
        moments.append(anywhere[-_OVER_ALL] + limits.DAY)
    return max(moments)


def count_mail(kit: Kit, connection: Connection, email_key: str, form: str, at: datetime, now: datetime) -> None:
    """Count a mail that goes, or will go, at that moment."""
    if kit.limited:
        limits.count_mail(connection, _here(email_key, form), at, now)
        limits.count_mail(connection, email_key, at, now)


def _here(email_key: str, form: str) -> str:
    return f"{email_key}\n{form}"
