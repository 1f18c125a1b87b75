"""What happens by itself as time passes: requests lapse, consents expire, data that nothing needs is erased."""

from datetime import timedelta

from ..domain.consent import Status, may
from ..domain.evidence import DecidedBy, Kind
from ..storage import consents, ledger, limits, outbox, requests, subjects
from . import endings, events, renewal
from .kit import Kit

_AT_A_TIME = 200
_KEEP_OUTBOX = timedelta(days=30)


def tidy(kit: Kit) -> None:
    """Do all that is due now. Several workers may do so at once."""
    for controller, request_id in _overdue(kit):
        _lapse(kit, controller, request_id)
    for consent in _to_ask_again(kit):
        renewal.ask(kit, consent)
    for consent in _ended(kit):
        _expire(kit, consent)
    for controller, subject_id in _unneeded(kit):
        _forget(kit, controller, subject_id)
    now = kit.clock()
    with kit.database.write() as connection:
        limits.forget(connection, now)
        outbox.forget(connection, now - _KEEP_OUTBOX)
    kit.database.scrub()


def _overdue(kit: Kit) -> list[tuple[str, str]]:
    with kit.database.read() as connection:
        return requests.overdue(connection, kit.clock(), _AT_A_TIME)


def _ended(kit: Kit) -> list[consents.Consent]:
    with kit.database.read() as connection:
        return consents.to_expire(connection, kit.clock(), _AT_A_TIME)


def _to_ask_again(kit: Kit) -> list[consents.Consent]:
    with kit.database.read() as connection:
        return consents.to_ask_again(connection, kit.clock(), _AT_A_TIME)


def _unneeded(kit: Kit) -> list[tuple[str, str]]:
    now = kit.clock()
    with kit.database.read() as connection:
        found = consents.past_proof(connection, now, _AT_A_TIME)
        found += [(known.controller, known.id) for known in subjects.past_keeping(connection, now, _AT_A_TIME)]
        return found


def _lapse(kit: Kit, controller: str, request_id: str) -> None:
    now = kit.clock()
    with kit.database.write() as connection:
        ledger.lock(connection, controller)
        request = requests.with_id(connection, request_id)
        if request is None or request.status != Status.REQUESTED:
            return
        subject = subjects.with_id(connection, request.subject)
        for purpose, status in request.purposes.items():
            if may(Status(status), Status.LAPSED) and subject is not None:
                requests.decide(connection, request.id, purpose, Status.LAPSED)
                events.record(connection, subject, Kind.LAPSED, now, request=request, purpose=purpose)
        requests.close(connection, request.id, Status.LAPSED, now)
        requests.forget_fields(connection, request.id)
        if subject is not None:
            endings.forget_if_unneeded(connection, subject, now)


def _expire(kit: Kit, consent: consents.Consent) -> None:
    now = kit.clock()
    with kit.database.write() as connection:
        ledger.lock(connection, consent.controller)
        subject = subjects.with_id(connection, consent.subject)
        if subject is not None:
            endings.end(kit, connection, subject, consent, Status.EXPIRED, DecidedBy.NOBODY, now)


def _forget(kit: Kit, controller: str, subject_id: str) -> None:
    now = kit.clock()
    with kit.database.write() as connection:
        ledger.lock(connection, controller)
        subject = subjects.with_id(connection, subject_id)
        consents.forget(connection, subject_id, now)
        if subject is not None and endings.forget_if_unneeded(connection, subject, now):
            events.record(connection, subject, Kind.ERASED, now)
