"""What happens by itself as time passes: requests lapse, consents expire, data that nothing needs is erased."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from ..domain.consent import WAITING, Status, may
from ..domain.evidence import DecidedBy, Kind
from ..storage import consents, ledger, limits, outbox, requests, subjects
from . import endings, events, growing_up, renewal
from .kit import Kit

_AT_A_TIME = 200
_KEEP_OUTBOX = timedelta(days=30)


def tidy(kit: Kit, goes_on: Callable[[], bool] = lambda: True) -> bool:
    """Do what is due now, so much as goes in one turn. Several workers may do so at once.

    Args:
        goes_on: asked before each single thing. False ends the turn: the time is up, or the worker has to stop.

    Returns:
        Whether that was all; if not, more is to be done soon.
    """
    now = kit.clock()
    found = 0
    for read, act in _DUTIES:
        with kit.database.read() as connection:
            due = read(connection, now, _AT_A_TIME)
        for one in due:
            if not goes_on():
                return False
            act(kit, one)
        found = max(found, len(due))
    with kit.database.read() as connection:
        unneeded = subjects.past_keeping(connection, now, _AT_A_TIME)
    for subject in unneeded:
        if not goes_on():
            return False
        _forget(kit, (subject.controller, subject.id))
    with kit.database.write() as connection:
        limits.forget(connection, now)
        outbox.wake(connection, now)
        outbox.forget(connection, now - _KEEP_OUTBOX)
    kit.database.scrub()
    # Some of the unneeded stay due while a mail to them waits, so they do not count.
    return found < _AT_A_TIME


def _lapse(kit: Kit, found: tuple[str, str]) -> None:
    controller, request_id = found
    with kit.database.write() as connection:
        ledger.lock(connection, controller)
        now = kit.clock()
        request = requests.with_id(connection, request_id)
        if request is None or request.status not in WAITING:
            return
        subject = subjects.with_id(connection, request.subject)
        for purpose, status in request.purposes.items():
            if may(status, Status.LAPSED) and subject is not None:
                requests.decide(connection, request.id, purpose, Status.LAPSED)
                events.record(connection, subject, Kind.LAPSED, now, request=request, purpose=purpose)
        requests.close(connection, request.id, Status.LAPSED, now)
        requests.forget_fields(connection, request.id)
        if subject is not None and request.kind == requests.ADDRESS:
            subjects.forget_child_email(connection, subject.id)
        if subject is not None:
            endings.forget_if_unneeded(connection, subject, now)


def _expire(kit: Kit, found: consents.Consent) -> None:
    with kit.database.write() as connection:
        ledger.lock(connection, found.controller)
        now = kit.clock()
        subject = subjects.with_id(connection, found.subject)
        consent = consents.find(connection, found.subject, found.form, found.purpose)
        if subject is None or consent is None:
            return
        if consent.ends_at is not None and consent.ends_at <= now:  # it may have been given anew meanwhile
            endings.end(kit, connection, subject, consent, Status.EXPIRED, DecidedBy.NOBODY, now)
            endings.forget_if_unneeded(connection, subject, now)


def _forget(kit: Kit, found: tuple[str, str]) -> None:
    controller, subject_id = found
    with kit.database.write() as connection:
        ledger.lock(connection, controller)
        now = kit.clock()
        subject = subjects.with_id(connection, subject_id)
        consents.forget(connection, subject_id, now)
        if subject is not None and endings.forget_if_unneeded(connection, subject, now):
            events.record(connection, subject, Kind.ERASED, now)


_DUTIES: tuple[tuple[Callable[..., list[Any]], Callable[[Kit, Any], None]], ...] = (
    (requests.overdue, _lapse),
    (consents.to_expire, _expire),
    (consents.past_proof, _forget),
    (subjects.to_tell, growing_up.tell),
    (consents.to_ask_again, renewal.ask),
)
"""What is looked for, in this order, and what is done with each that is found, in a transaction of its own."""
