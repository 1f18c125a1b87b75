"""The worker: sends what is in the outbox, and lets time pass for requests and consents. Any number may run at once."""

import logging
import time
from collections.abc import Callable
from functools import partial
from threading import Event, Thread

from sqlalchemy.exc import InternalError, OperationalError, SQLAlchemyError

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
from .services import housekeeping, sending
from .services.context import Context
from .storage.outbox import OutboxRow

log = logging.getLogger(__name__)

_UNKNOWN = "It stays unknown that a mail was sent: it may go twice"

_IDLE = 1.0
_TIDY_EVERY = 30.0
_SLICE = 0.5
_BETWEEN = 2.0
"""Seconds of housekeeping at a time, and for the mails that are due before the next slice of it."""
_AFTER_TROUBLE = 2.0

_CONNECTIONS = 3
"""That one worker has open at most: Exchange Online, for one, takes no more of one account."""

_KEEP_EVERY = 20.0
"""Seconds between two renewals of a lease of a minute."""

_LOOK_EVERY = 0.5
_LAST_WAIT = 5.0
"""Seconds in which an answer may still come after the worker was told to stop; Docker kills after ten."""

Report = Callable[[bool], OutboxRow | None]


class Worker:
    """Works until it is told to stop; a mail that is under way is finished first.

    A mail that was handed over and is not answered soon is waited for in a thread of its own, with its connection,
    while others go over another one.
    """

    def __init__(self, ctx: Context, transport: Transport, alive: Callable[[], bool] = lambda: True) -> None:
        self._ctx = ctx
        self._transport = transport
        self._alive = alive
        self._stopping = Event()
        self._tidy_at = float("-inf")
        self._is_tidy = True
        self._unreported: Report | None = None
        self._claimed: OutboxRow | None = None
        self._waits: list[Thread] = []

    def stop(self) -> None:
        """Ask the worker to stop soon. May be called from a signal handler."""
        self._stopping.set()

    def run(self) -> None:
        """Work until stopped. A database that is away is waited for."""
        while self._claimed or not self._is_over:
            try:
                if self._claimed is None:
                    self.tidy_when_due()
                busy = self.send_one()
            except Exception as error:
                log.error("The worker goes on in %s seconds", _AFTER_TROUBLE, exc_info=without_values(error))
                self._stopping.wait(_AFTER_TROUBLE)
                continue
            if not busy:
                self._transport.close()
                if self._is_tidy:
                    self._stopping.wait(_IDLE)
                else:
                    self._tidy_at = float("-inf")
        self._transport.close()
        try:
            self._report()
        except SQLAlchemyError as error:
            log.error(_UNKNOWN, exc_info=without_values(error))
        for wait in self._waits:
            wait.join()

    def work_off(self) -> int:
        """Send all that is due now, and return how many mails were tried."""
        tried = 0
        while True:
            while self.send_one():
                tried += 1
            self._transport.close()
            if not self._waits:
                return tried
            self._waits.pop().join()

    def send_one(self) -> bool:
        """Send the mail that is due longest. False when there is none, or no connection is free."""
        self._report()
        self._waits = [wait for wait in self._waits if wait.is_alive()]
        if len(self._waits) >= _CONNECTIONS:
            return False
        claimed, self._claimed = self._claimed, None
        outgoing = sending.next_mail(self._ctx, claimed)
        if outgoing is None:
            return False
        try:
            answer = self._transport.deliver(
                outgoing.message, self._ctx.settings.MAIL_DEFAULT_SENDER, outgoing.recipient
            )
        except DeliveryFailure as problem:
            self._unreported = self._about(outgoing.row, problem)
        else:
            if answer is not None:
                self._waits.append(Thread(target=self._wait_for, args=(answer, outgoing.row)))
                self._waits[-1].start()
                return True
            self._unreported = partial(sending.sent, self._ctx, outgoing.row)
        self._report()
        return True

    def _about(self, row: OutboxRow, problem: DeliveryFailure) -> Report:
        """What records that a mail did not go, or perhaps did not."""
        match problem:
            case PermanentFailure():
                return partial(sending.failed, self._ctx, row, problem)
            case ServerFailure():
                return partial(sending.server_failed, self._ctx, row, problem)
            case InDoubt():
                return partial(sending.in_doubt, self._ctx, row, problem)
            case PerhapsSent():
                return partial(sending.perhaps_sent, self._ctx, row, problem)
        return partial(sending.deferred, self._ctx, row, problem)

    def _wait_for(self, answer: Unanswered, row: OutboxRow) -> None:
        """Wait until the server says what became of a mail, and record it. Its lease is renewed meanwhile."""
        try:
            report: Report | None = None
            if self._wait_with_lease(answer, row):
                report = partial(sending.sent, self._ctx, row)
        except DeliveryFailure as problem:
            report = self._about(row, problem)
        except Exception as error:  # nobody would hear of it in a thread, and the mail would go again in a minute
            log.error("The answer to a mail could not be read", exc_info=without_values(error))
            report = self._about(row, PerhapsSent("end of data, and a fault of ours"))
        while report and not self._is_recorded(report):
            self._stopping.wait(_AFTER_TROUBLE)
        answer.close()

    def _is_recorded(self, report: Report) -> bool:
        """Record how a mail went. False where that is to be tried again: the database is away."""
        try:
            report(False)
        except Exception as error:
            is_away = isinstance(error, OperationalError | InternalError) and not self._is_over
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
                    if not sending.keep(self._ctx, row):
                        return False
                except SQLAlchemyError as error:  # the next renewal may still be in time
                    log.error("A lease could not be renewed", exc_info=without_values(error))
            if answer.is_taken(_LOOK_EVERY):
                return True
            if self._is_over:
                told = told or time.monotonic()
                if time.monotonic() - told >= _LAST_WAIT:
                    raise PerhapsSent("end of data, and told to stop")

    def _report(self) -> None:
        """Record how the last mail went, and claim the next. A database that is away is told once it is back."""
        report, self._unreported = self._unreported, None
        if report is not None:
            try:
                # Nothing is claimed that would have to wait: its lease runs.
                self._claimed = report(not self._is_over and not self._is_untidy)
            except (OperationalError, InternalError):  # away, or a standby that is not the primary yet
                self._unreported = report
                raise

    def tidy_when_due(self) -> None:
        """Do the housekeeping twice a minute; where that is much, in slices, between which the due mails are sent."""
        if self._is_untidy:
            self._ctx.forget_notices()  # the looks of a form may have changed
            begun = time.monotonic()
            self._is_tidy = True
            self._tidy_at = begun + _TIDY_EVERY  # set first: what fails is tried again later, and no mail waits for it
            self._is_tidy = housekeeping.tidy(
                self._ctx, lambda: not self._is_over and time.monotonic() < begun + _SLICE
            )
            if not self._is_tidy:
                self._tidy_at = time.monotonic() + _BETWEEN

    @property
    def _is_over(self) -> bool:
        return self._stopping.is_set() or not self._alive()

    @property
    def _is_untidy(self) -> bool:
        return time.monotonic() >= self._tidy_at
