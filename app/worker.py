"""The worker: takes what was sent, mails what is in the outbox, and lets time pass for requests and consents.

Any number may run at once.
"""

import logging
import time
from collections.abc import Callable
from functools import partial
from threading import BoundedSemaphore, Event, Thread, current_thread

from sqlalchemy.exc import InternalError, OperationalError, SQLAlchemyError

from .delivery.marks import Marks
from .delivery.slow_domains import SlowDomains
from .delivery.transport import (
    DeliveryFailure,
    InDoubt,
    PerhapsSent,
    PermanentFailure,
    ServerFailure,
    Transport,
    Unanswered,
)
from .logs import without_values
from .services import housekeeping, intake, sending
from .services.context import Context
from .services.sending import Outgoing
from .storage.intake import MOST as MOST_TAKEN
from .storage.outbox import MOST, OutboxRow

log = logging.getLogger(__name__)

_GOES_ON = "The worker goes on in %s seconds"
_UNKNOWN = "It stays unknown that a mail was sent: it may go twice"

_IDLE = 1.0
_LOOK_FOR_NEW = 0.2
_LET_OTHERS = 0.003
"""Seconds between two looks for what was sent, and between two batches: who waits for SQLite gets it meanwhile."""
_TIDY_EVERY = 30.0
_SLICE = 0.5
_BETWEEN = 0.5
"""Seconds of housekeeping at a time, and of none between two times where there is much of it."""
_AFTER_TROUBLE = 2.0

_CONNECTIONS = 3
"""That one worker has open at most, unless it is to have more: Exchange Online takes no more of one account."""

_KEEP_EVERY = 20.0
"""Seconds between two renewals of a lease of a minute."""

_LOOK_EVERY = 0.5
_LAST_WAIT = 5.0
"""Seconds in which an answer may still come after the worker was told to stop; Docker kills after ten."""

_BATCH_LASTS = 5.0
"""Seconds after which a batch is given back: its lease is a minute, of which one delivery may take 50."""
_QUICK = 1.0
"""Seconds for a batch after which the next may be twice as large: a slow server is to hold up few mails."""

Report = Callable[[], object]


class _Line:
    """One connection to the mail server: claims mails in batches, hands them over, and records them together.

    `most` is how many mails it may have claimed at once.
    """

    def __init__(self, worker: "Worker", transport: Transport, most: int) -> None:
        self.transport = transport
        self._worker = worker
        self._ctx = worker.ctx
        self._most = most
        self._next = 1
        self._has_place = False
        self._claimed: list[OutboxRow] = []
        self._claimed_at = 0.0
        self._sent: list[OutboxRow] = []
        self._unreported: Report | None = None
        self._marks = Marks(worker.ctx.settings.DATA_DIR)

    def close(self) -> None:
        """End the connection, while there is nothing to send."""
        self.transport.close()
        self._marks.close()
        if self._has_place:
            self._has_place = False
            self._worker.places.release()

    def send_some(self) -> int:
        """Send a batch of the mails that are due longest, and claim the next. Returns how many were tried."""
        tried = 0
        while not tried:
            self.record()
            if not self._claimed and self._may_send():
                self._claimed_at = time.monotonic()
                self._claimed = sending.claim(self._ctx, self._next)
            if not self._claimed:
                break
            tried = self._send_claimed()
        return tried

    def _send_claimed(self) -> int:
        mails: list[Outgoing] = []
        if self._has_time():
            mails = sending.written(self._ctx, self._claimed)
            self._claimed = [mail.row for mail in mails]
        tried = 0
        while self._claimed and self._has_time():
            del self._claimed[0]
            outgoing = mails.pop(0)
            if seconds := self._worker.slow_domains.wait(outgoing.domain):
                sending.postpone(self._ctx, outgoing.row, seconds)
                continue
            tried += 1
            self._deliver(outgoing)
        is_quick = not self._claimed and time.monotonic() < self._claimed_at + _QUICK
        self._next = min(2 * self._next, self._most) if is_quick else 1
        self.record(ends=True)
        return tried

    def record(self, ends: bool = False) -> None:
        """Record how mails went, and at the end of a batch claim the next. A database that is away is told later."""
        if self._sent or (ends and self._claimed):
            claimed_at = time.monotonic()
            most = self._next if ends and self._may_send() else 0
            claimed = sending.sent(self._ctx, self._sent, self._claimed if ends else (), most)
            self._sent = []
            self._marks.clear()
            if ends:
                self._claimed, self._claimed_at = claimed, claimed_at
        if self._unreported is not None:
            self._unreported()
            self._unreported = None

    def _deliver(self, outgoing: Outgoing) -> None:
        row, answer, is_servers = outgoing.row, None, False
        try:
            answer = self.transport.deliver(
                outgoing.message, self._ctx.settings.MAIL_DEFAULT_SENDER, outgoing.recipient
            )
        except DeliveryFailure as problem:
            self._unreported = partial(_about(problem), self._ctx, row, problem)
            if is_servers := isinstance(problem, ServerFailure):
                self._claimed_at = float("-inf")  # no other would go
            self.record()  # in the order in which it happened: a mail that was taken before tells that the server works
        else:
            if answer is None:
                self._sent.append(row)
                self._marks.add((row.id, row.lease))
            else:
                self._has_place = False  # it goes with the connection
                self._worker.wait_for(answer, outgoing)
        finally:
            if answer is None:
                self._worker.slow_domains.ended(outgoing.domain, tells=not is_servers)

    def _has_time(self) -> bool:
        """Whether to begin with a mail of the batch: what it says was read when the batch was claimed."""
        return self._may_send() and time.monotonic() < self._claimed_at + _BATCH_LASTS

    def _may_send(self) -> bool:
        """Whether there is a connection to send over, or may be another one."""
        if not self._has_place and not self._worker.is_over:
            self._has_place = self._worker.places.acquire(blocking=False)
        return self._has_place and not self._worker.is_over


def _about(problem: DeliveryFailure) -> Callable[..., None]:
    """What records that a mail did not go, or perhaps did not."""
    match problem:
        case PermanentFailure():
            return sending.failed
        case ServerFailure():
            return sending.server_failed
        case InDoubt():
            return sending.in_doubt
        case PerhapsSent():
            return sending.perhaps_sent
    return sending.deferred


class Worker:
    """Works until it is told to stop; mails that are under way are finished first.

    Each transport is a connection of its own, in a thread of its own; taking and housekeeping go on beside them. A mail
    that was handed over and is not answered soon is waited for in a thread of its own, with its connection, while
    others go over another one. Each connection has one of the `places`, whoever has it.
    """

    def __init__(self, ctx: Context, *transports: Transport, alive: Callable[[], bool] = lambda: True) -> None:
        self.ctx = ctx
        self._alive = alive
        self._stopping = Event()
        self._has_mail = Event()
        self._tidy_at = float("-inf")
        self._is_tidy = True
        self._waits: set[Thread] = set()
        self.slow_domains = SlowDomains()
        most = max(1, MOST // len(transports))
        self.places = BoundedSemaphore(max(_CONNECTIONS, len(transports)))
        self._lines = [_Line(self, transport, most) for transport in transports]

    def stop(self) -> None:
        """Ask the worker to stop soon. May be called from a signal handler."""
        self._stopping.set()
        self._has_mail.set()

    def run(self) -> None:
        """Work until stopped. A database that is away is waited for."""
        threads: list[Thread] = []
        while not self.is_over:
            try:
                if not threads:
                    sending.record_marked(self.ctx)  # before anything is sent: it would go twice
                    intake.retry(self.ctx)  # a newer release may have what was wrong put right
                    threads = [Thread(target=self._work, args=(line,)) for line in self._lines]
                    threads.append(Thread(target=self._take))
                    for thread in threads:
                        thread.start()
                self.tidy_when_due()
            except Exception as error:
                log.error(_GOES_ON, _AFTER_TROUBLE, exc_info=without_values(error))
                self._stopping.wait(_AFTER_TROUBLE)
            self._stopping.wait(_IDLE if self._is_tidy else _BETWEEN)
        for thread in threads:
            thread.join()
        for wait in tuple(self._waits):
            wait.join()

    def _work(self, line: _Line) -> None:
        while not self.is_over:
            try:
                busy = line.send_some()
            except Exception as error:
                log.error(_GOES_ON, _AFTER_TROUBLE, exc_info=without_values(error))
                self._stopping.wait(_AFTER_TROUBLE)
                continue
            if not busy:
                line.close()
                self._has_mail.wait(_IDLE)
                self._has_mail.clear()
        try:
            line.record(ends=True)
        except SQLAlchemyError as error:
            log.error(_UNKNOWN, exc_info=without_values(error))
        line.close()

    def _take(self) -> None:
        """Take what was sent, while people wait for the mail."""
        while not self.is_over:
            try:
                taken = intake.take(self.ctx)
            except Exception as error:
                log.error(_GOES_ON, _AFTER_TROUBLE, exc_info=without_values(error))
                self._stopping.wait(_AFTER_TROUBLE)
                continue
            if taken:
                self._has_mail.set()
            self._stopping.wait(_LET_OTHERS if taken == MOST_TAKEN else _LOOK_FOR_NEW)

    def send_some(self) -> int:
        """Send a batch of the mails that are due over the first connection, and return how many were tried."""
        return self._lines[0].send_some()

    def work_off(self) -> int:
        """Take all that waits, and send all that is due now over the first connection. How many mails were tried."""
        intake.take_all(self.ctx)
        tried = 0
        while True:
            while some := self.send_some():
                tried += some
            self._lines[0].close()
            if not self._waits:
                return tried
            for wait in tuple(self._waits):
                wait.join()

    def wait_for(self, answer: Unanswered, outgoing: Outgoing) -> None:
        """Wait in a thread of its own for what becomes of a mail. Then the place of its connection is free."""
        wait = Thread(target=self._wait, args=(answer, outgoing))
        self._waits.add(wait)
        wait.start()

    def _wait(self, answer: Unanswered, outgoing: Outgoing) -> None:
        """Wait until the server says what became of a mail, and record it. Its lease is renewed meanwhile."""
        row = outgoing.row
        try:
            report: Report | None = None
            if self._wait_with_lease(answer, row):
                report = partial(sending.sent, self.ctx, [row])
        except DeliveryFailure as problem:
            report = partial(_about(problem), self.ctx, row, problem)
        except Exception as error:  # nobody would hear of it in a thread, and the mail would go again in a minute
            log.error("The answer to a mail could not be read", exc_info=without_values(error))
            report = partial(sending.perhaps_sent, self.ctx, row, PerhapsSent("end of data, and a fault of ours"))
        self.slow_domains.ended(outgoing.domain)
        while report and not self._is_recorded(report):
            self._stopping.wait(_AFTER_TROUBLE)
        answer.close()
        self.places.release()
        self._waits.discard(current_thread())

    def _is_recorded(self, report: Report) -> bool:
        """Record how a mail went. False where that is to be tried again: the database is away."""
        try:
            report()
        except Exception as error:
            is_away = isinstance(error, OperationalError | InternalError) and not self.is_over
            log.error("To be recorded later" if is_away else _UNKNOWN, exc_info=without_values(error))
            return not is_away
        return True

    def _wait_with_lease(self, answer: Unanswered, row: OutboxRow) -> bool:
        """Wait until the mail is taken. False when its lease was lost: another worker has it, or it was dropped."""
        kept, told = float("-inf"), None
        while True:
            if time.monotonic() - kept >= _KEEP_EVERY:
                kept = time.monotonic()
                try:
                    if not sending.keep(self.ctx, row):
                        return False
                except SQLAlchemyError as error:  # the next renewal may still be in time
                    log.error("A lease could not be renewed", exc_info=without_values(error))
            if answer.is_taken(_LOOK_EVERY):
                return True
            if self.is_over:
                told = told or time.monotonic()
                if time.monotonic() - told >= _LAST_WAIT:
                    raise PerhapsSent("end of data, and told to stop")

    def tidy_when_due(self) -> None:
        """Do the housekeeping twice a minute; where that is much, in slices."""
        if time.monotonic() >= self._tidy_at:
            sending.record_marked(self.ctx)  # while the leases of a worker that was killed beside this one run
            self.ctx.forget_notices()  # the looks of a form may have changed
            begun = time.monotonic()
            self._is_tidy = True
            self._tidy_at = begun + _TIDY_EVERY  # set first: what fails is tried again later, and no mail waits for it
            self._is_tidy = housekeeping.tidy(self.ctx, lambda: not self.is_over and time.monotonic() < begun + _SLICE)
            if not self._is_tidy:
                self._tidy_at = float("-inf")

    @property
    def is_over(self) -> bool:
        return self._stopping.is_set() or not self._alive()
