"""How a yes and a no to each purpose of a request are recorded, whoever gives them: the person, or a parent."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from ..domain.consent import RequestStatus, Status, may
from ..domain.evidence import Kind
from ..domain.notice import Notice, NoticePurpose
from ..storage import consents, requests, suppressions
from ..storage.consents import Consent
from ..storage.requests import Request, RequestKind
from ..storage.subjects import Subject
from . import events, lifecycle, renewal
from .act import Act
from .context import UnknownLink


@dataclass(frozen=True)
class DecisionRecorder:
    """One answer to a request. `notice_hash` names what the one who answers was shown."""

    act: Act
    subject: Subject
    request: Request
    notice_hash: str

    def grant(self, purpose: NoticePurpose) -> Consent | None:
        """A yes to one purpose. None if it was granted through another link already: that consent stays as it is."""
        request, subject = self.request, self.subject
        before = consents.find(self.act.connection, subject.id, request.form, purpose.id)
        if before is not None and before.status == Status.GRANTED and request.kind != RequestKind.RENEWAL:
            requests.decide(self.act.connection, request.id, purpose.id, Status.GRANTED)
            return None
        self._record(Kind.GRANTED, purpose.id)
        ends_at = purpose.ends(self.act.now)
        consent = Consent(
            subject_id=subject.id,
            form=request.form,
            purpose=purpose.id,
            controller=request.controller,
            status=Status.GRANTED,
            since=self.act.now,
            notice_hash=self.notice_hash,
            request_id=request.id,
            ends_at=ends_at,
            proof_until=None,
            ask_again_at=renewal.time_to_ask(self.act.ctx, purpose, ends_at),
        )
        consents.grant(self.act.connection, consent)
        if before is not None:
            lifecycle.keep_only_needed(self.act, subject.id, before.request_id)
        if purpose.direct_marketing:
            suppressions.lift(self.act.connection, subject.controller, suppressions.OBJECTED, subject.suppression_key)
        return consent

    def refuse(self, purpose: str) -> None:
        """A no to one purpose."""
        requests.decide(self.act.connection, self.request.id, purpose, Status.REFUSED)
        self._record(Kind.REFUSED, purpose)

    def end_running(self, refused: Collection[str]) -> None:
        """End what runs by an earlier yes to these purposes, and mail the proof.

        A no to the question whether a consent still holds means that, and so does a yes but not to one purpose: the
        answer says of that one that it is not done. A no to a whole new question leaves what was agreed to before.
        """
        granted = consents.granted(self.act.connection, self.subject.id)
        running = [known for known in granted if known.form == self.request.form and known.purpose in refused]
        lifecycle.withdraw(self.act, self.subject, running, self.subject.decided_by)

    def refuse_all(self) -> None:
        """A no to all that waits; what was filled in goes."""
        for purpose, status in self.request.purposes.items():
            if may(status, Status.REFUSED):
                self.refuse(purpose)
        requests.close(self.act.connection, self.request.id, RequestStatus.REFUSED, self.act.now)
        requests.forget_fields(self.act.connection, self.request.id)

    def _record(self, kind: Kind, purpose: str) -> None:
        events.record(
            self.act,
            self.subject,
            kind,
            decided_by=self.subject.decided_by,
            request=self.request,
            purpose=purpose,
            notice_hash=self.notice_hash,
        )


def unsigned(notice: Notice, agreed: Collection[str], explicit: Collection[str]) -> list[NoticePurpose]:
    """The purposes of a special category among those agreed to whose statement is not ticked in `explicit`.

    Such a yes is not explicit (GDPR art. 9(2)(a)), and it is no no either: it has to be asked again.
    """
    return [
        purpose for purpose in notice.asked if purpose.statement and purpose.id in agreed and purpose.id not in explicit
    ]


def states_now(connection: Connection, request: Request) -> tuple[dict[str, Status], datetime | None]:
    """What a request that was answered has come to by now, by purpose, and when something of it stopped last.

    Raises:
        UnknownLink: when a choice was erased since, so that there is none left that could stand.
    """
    states, stopped = dict(request.purposes), []
    for purpose, state in request.purposes.items():
        if state != Status.GRANTED:
            continue
        consent = consents.find(connection, request.subject_id, request.form, purpose)
        if consent is None:
            raise UnknownLink
        if consent.status != Status.GRANTED:
            states[purpose] = consent.status
            stopped.append(consent.since)
    return states, max(stopped, default=None)
