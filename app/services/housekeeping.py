"""What happens by itself as time passes: requests lapse, consents expire, data that nothing needs is erased."""

from datetime import timedelta

from ..domain.consent import WAITING, Status, may
from ..domain.evidence import DecidedBy, Kind
from ..storage import consents, ledger, limits, outbox, requests, subjects
from . import endings, events, growing_up, renewal
from .kit import Kit

_AT_A_TIME = 200
_KEEP_OUTBOX = timedelta(days=30)


def tidy(kit: Kit) -> bool:
    """Do what is due now, so much as goes in one turn. Several workers may do so at once.

    Returns:
        Whether that was all; if not, more is to be done at once.
    """
    now = kit.clock()
    with kit.database.read() as connection:
        overdue = requests.overdue(connection, now, _AT_A_TIME)
    for controller, request_id in overdue:
        _lapse(kit, controller, request_id)
    with kit.database.read() as connection:
        ended = consents.to_expire(connection, now, _AT_A_TIME)
        proven = consents.past_proof(connection, now, _AT_A_TIME)
    for consent in ended:
        _expire(kit, consent)
    for controller, subject_id in proven:
        _forget(kit, controller, subject_id)
    with kit.database.read() as connection:
        of_age = subjects.to_tell(connection, now, _AT_A_TIME)
        unneeded = subjects.past_keeping(connection, now, _AT_A_TIME)
    for subject in of_age:
        growing_up.tell(kit, subject)
    with kit.database.read() as connection:
        to_ask_again = consents.to_ask_again(connection, now, _AT_A_TIME)
    for consent in to_ask_again:
        renewal.ask(kit, consent)
    for subject in unneeded:
        _forget(kit, subject.controller, subject.id)
    with kit.database.write() as connection:
        limits.forget(connection, now)
        outbox.wake(connection, now)
        outbox.forget(connection, now - _KEEP_OUTBOX)
    kit.database.scrub()
    # Some of the unneeded stay due while a mail to them waits, so they do not count.
    return all(len(found) < _AT_A_TIME for found in (overdue, to_ask_again, of_age, ended, proven))


def _lapse(kit: Kit, controller: str, request_id: str) -> None:
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


def _forget(kit: Kit, controller: str, subject_id: str) -> None:
    with kit.database.write() as connection:
        ledger.lock(connection, controller)
        now = kit.clock()
        subject = subjects.with_id(connection, subject_id)
        consents.forget(connection, subject_id, now)
        if subject is not None and endings.forget_if_unneeded(connection, subject, now):
            events.record(connection, subject, Kind.ERASED, now)
