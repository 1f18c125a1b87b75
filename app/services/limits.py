"""Rate limits against misuse. Each answers in a way that tells nobody whether an address is known."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import Connection

from ..config import Rate
from ..domain.address import mailbox, own_domain
from ..storage.limits import DAY, Counters
from .act import Act
from .context import Context

log = logging.getLogger(__name__)

_TEN_MINUTES = timedelta(minutes=10)
_AT_ONCE = 2
_PER_DAY = 4
_OVER_ALL = 10
"""Mails to one mailbox: at once, and within 24 hours for one form and over all forms."""

_PER_DOMAIN = 100
_SHARE = 20
"""Mails to one domain in ten minutes before the brake is full, and then for each network that sends there."""

_BRAKE_AT_MOST = timedelta(hours=3)
"""How far ahead the brake promises a mail: a request must never lapse before its mail goes."""

_HOUR = timedelta(hours=1)
_BUSY = 2000
"""Mails within an hour that forms of one controller set off before the log says so."""


class TooMany(Exception):
    """A network has sent too often. `seconds` is how long to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def check(ctx: Context, network: str) -> None:
    """Look whether a network may send; here and below, an empty one is not known, and has no limit.

    Raises:
        TooMany: when it may not.
    """
    if network and (rate := _rate(ctx)):
        now = ctx.clock()
        with ctx.database.read() as connection:
            count, until = Counters(connection, now, ctx.salts(now)).in_window(network)
        if until is not None and count >= rate.count:
            raise _too_many(until, now)


def count(ctx: Context, connection: Connection, network: str, now: datetime) -> None:
    """Count one submission of a network. Raises like `check`.

    Last in its transaction: people of one network fill in the forms of many controllers, and they wait here for one
    commit.
    """
    if network and (rate := _rate(ctx)):
        _count(Counters(connection, now, ctx.salts(now)), network, rate, now)


def name_of_today(ctx: Context, connection: Connection, network: str, now: datetime) -> str:
    """What stands for a network where it has to be remembered: its hash under the salt of today."""
    return Counters(connection, now, ctx.salts(now)).digest(network) if network and ctx.limited else ""


def count_refused(ctx: Context, network: str) -> None:
    """Count a submission that asked for nothing, or for nothing that could be done. Raises like `check`."""
    if network and _rate(ctx):
        with ctx.database.write() as connection:
            count(ctx, connection, network, ctx.clock())


def _counters(act: Act) -> Counters:
    return Counters(act.connection, act.stored_at, act.ctx.salts(act.stored_at))


def _count(counters: Counters, network: str, rate: Rate, now: datetime) -> None:
    count, until = counters.count_in_window(network, rate.per.delta)
    if count > rate.count:
        raise _too_many(until, now)


def _rate(ctx: Context) -> Rate | None:
    return ctx.settings.SUBMITS_PER_NETWORK if ctx.limited else None


def _too_many(until: datetime, now: datetime) -> TooMany:
    return TooMany(max(1, ceil((until - now).total_seconds())))


def count_of_controller(act: Act) -> None:
    """Count a mail that anybody can set off for its controller, and say so in the log when it is one too many."""
    if act.ctx.limited:
        count, _ = _counters(act).count_in_window(f"mails of {act.controller}", _HOUR)
        if count == _BUSY + 1:
            log.warning("Forms and links of %s set off over %s mails within an hour", act.controller, _BUSY)


class MailQuota:
    """The turn of a mailbox to be mailed: two mails at once, then one in 10 minutes, four in 24 hours, ten over all.

    `what` names what the first three count for, such as a form. A link that a person asks for is none of the ten over
    all (`own_budget`), or else whoever has many forms sent for an address keeps its owner from a link.

    `is_over` is whether these are used up for now, and `due` is when the next mail may go. Where one domain that is
    no public provider's is flooded, `due` is later for networks that have sent much there, by some hours at most, and
    for nobody else. Links that a person asks for are not slowed down, and do not count for it.
    """

    def __init__(
        self,
        act: Act,
        email_key: str,
        what: str,
        network: str = "",
        own_budget: bool = False,
        per_day: int = _PER_DAY,
    ) -> None:
        self._per_day = per_day
        box = mailbox(email_key)
        domain = own_domain(box) if network else ""
        self._counters = _counters(act) if act.ctx.limited else None
        self._here = f"{box}\n{what}"
        self._keys = (self._here,) if own_budget else (self._here, box)
        self._brake = (f"to @{domain}", f"{network} to @{domain}") if domain and not own_budget else ()
        self.due, self.is_over = act.stored_at, False
        if self._counters:
            wanted = dict.fromkeys(self._keys, _OVER_ALL) | dict(zip(self._brake, (_PER_DOMAIN, _SHARE), strict=False))
            times = self._counters.mail_times(wanted)
            turn = self._next(times, act.stored_at)
            self.is_over = turn > act.stored_at
            self.due = self._slower(times, turn, act.stored_at)

    @property
    def digests(self) -> tuple[str, ...]:
        """The hashes under which a mail may wait for this turn, the one of today first."""
        return self._counters.digests(self._here) if self._counters else ()

    def take(self) -> list[int]:
        """Count the mail that goes, or will go, when it is due. What is returned gives the turn back.

        What counts for the domain is never given back: of addresses that are made up most are refused.
        """
        taken = self._counters.count_mail(self.due, *self._keys, *self._brake) if self._counters else []
        return taken[: len(self._keys)]

    def _next(self, times: Mapping[str, list[datetime]], now: datetime) -> datetime:
        moments = [now]
        here = times[self._here]
        if len(here) >= _AT_ONCE:
            moments.append(here[-1] + _TEN_MINUTES)
        if len(here) >= self._per_day:
            moments.append(here[-self._per_day] + DAY)
        everywhere = [times[key] for key in self._keys[1:]]
        moments += [found[-_OVER_ALL] + DAY for found in everywhere if len(found) >= _OVER_ALL]
        return max(moments)

    def _slower(self, times: Mapping[str, list[datetime]], turn: datetime, now: datetime) -> datetime:
        """The same moment, or a later one where the brake of the domain is full and this network has had its share."""
        if not self._brake:
            return turn
        everybody, ours = (times[key] for key in self._brake)
        is_full = len(everybody) >= _PER_DOMAIN and everybody[0] > now - _TEN_MINUTES
        if not is_full or len(ours) < _SHARE:
            return turn
        return max(turn, min(ours[0] + _TEN_MINUTES, now + _BRAKE_AT_MOST))
