"""The worker: sends what is in the outbox, and lets time pass for requests and consents. Any number may run at once."""

import logging
import time
from collections.abc import Callable
from functools import partial
from threading import Event

from sqlalchemy.exc import InternalError, OperationalError, SQLAlchemyError

from .delivery.outlet import Outlet, Refused, Unsent
from .logs import without_values
from .services import housekeeping, mailing
from .services.kit import Kit
from .storage.outbox import Row

log = logging.getLogger(__name__)

_IDLE = 1.0
_TIDY_EVERY = 30.0
_AFTER_TROUBLE = 2.0


class Worker:
    """Works until it is told to stop; a mail that is under way is finished first."""

    def __init__(self, kit: Kit, outlet: Outlet, alive: Callable[[], bool] = lambda: True) -> None:
        self._kit = kit
        self._outlet = outlet
        self._alive = alive
        self._stopping = Event()
        self._tidied = float("-inf")
        self._unreported: Callable[[bool], Row | None] | None = None
        self._claimed: Row | None = None

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
                self._outlet.close()
                self._stopping.wait(_IDLE)
        self._outlet.close()
        try:
            self._report()
        except SQLAlchemyError as error:
            log.error("It stays unknown that a mail was sent: it may go twice", exc_info=without_values(error))

    def work_off(self) -> int:
        """Send all that is due now, and return how many mails were tried."""
        tried = 0
        while self.send_one():
            tried += 1
        self._outlet.close()
        return tried

    def send_one(self) -> bool:
        """Send the mail that is due longest. False when there is none."""
        self._report()
        claimed, self._claimed = self._claimed, None
        outgoing = mailing.next_mail(self._kit, claimed)
        if outgoing is None:
            return False
        try:
            self._outlet.deliver(outgoing.message, self._kit.settings.MAIL_DEFAULT_SENDER, outgoing.recipient)
        except Unsent as problem:
            self._unreported = partial(mailing.unsent, self._kit, outgoing.row, problem)
        except Refused as problem:
            self._unreported = partial(mailing.failed, self._kit, outgoing.row, problem)
        else:
            self._unreported = partial(mailing.sent, self._kit, outgoing.row)
        self._report()
        return True

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
        """Do the housekeeping twice a minute, and go on with it between mails where it was too much for one turn."""
        if self._is_untidy:
            self._kit.forget_notices()  # the looks of a form may have changed
            self._tidied = time.monotonic()  # set first: what fails is tried again later, and no mail waits for it
            if not housekeeping.tidy(self._kit):
                self._tidied = float("-inf")

    @property
    def _is_over(self) -> bool:
        return self._stopping.is_set() or not self._alive()

    @property
    def _is_untidy(self) -> bool:
        return time.monotonic() - self._tidied >= _TIDY_EVERY
