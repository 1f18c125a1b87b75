"""How a yes and a no to each purpose of a request are recorded, whoever gives them: the person, or a parent."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from ..domain.consent import RequestStatus, Status, may
from ..domain.evidence import DecidedBy, Kind
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
    """The answer to one request. `notice_hash` names what the one who answers was shown."""

    act: Act
    subject: Subject
    request: Request
    notice_hash: str

    def answer(self, yes: Collection[str], is_joint: bool = False) -> tuple[Request, list[Consent]]:
        """A yes to these purposes and a no to the others that wait; the request ends with it.

        Returns the request as it is then, and the consents that are new: what was granted through another link already
        stays as it is. Where the yes `is_joint`, the child's own is kept beside that of its parent: the tick under the
        notice that the child read.
        """
        act, request, subject = self.act, self.request, self.subject
        before, granted = self._before(), []
        asked = [purpose for purpose, status in request.purposes.items() if may(status, Status.GRANTED)]
        for purpose in asked:
            known = before.get(purpose)
            if purpose not in yes:
                self._record(Kind.REFUSED, purpose, subject.decided_by)
                continue
            if is_joint:
                self._record(Kind.GRANTED, purpose, DecidedBy.SELF, request.notice_hash)
            if known is None or known.status != Status.GRANTED or request.kind == RequestKind.RENEWAL:
                self._record(Kind.GRANTED, purpose, subject.decided_by)
                granted.append(self._consent(purpose))
        states = {purpose: Status.GRANTED if purpose in yes else Status.REFUSED for purpose in asked}
        ends_as = RequestStatus.CONFIRMED if Status.GRANTED in states.values() else RequestStatus.REFUSED
        consents.answer(act.connection, request.id, ends_as, act.now, states, granted)
        for one in {before[new.purpose].request_id: None for new in granted if new.purpose in before}:
            lifecycle.keep_only_needed(act, one, consents.granted(act.connection, subject.id))
        if any(self._purpose(new.purpose).direct_marketing for new in granted):
            suppressions.lift(act.connection, subject.controller, suppressions.OBJECTED, subject.suppression_key)
        return request.ended(ends_as, act.now, states), granted

    def _before(self) -> dict[str, Consent]:
        """What was decided before about the form of this request, by purpose."""
        known = consents.of_subject(self.act.connection, self.subject.id)
        return {consent.purpose: consent for consent in known if consent.form == self.request.form}

    def _purpose(self, purpose: str) -> NoticePurpose:
        return self.act.ctx.notice(self.act.connection, self.notice_hash).notice.purpose(purpose)

    def _consent(self, purpose_id: str) -> Consent:
        request, now = self.request, self.act.now
        purpose = self._purpose(purpose_id)
        ends_at = purpose.ends(now)
        return Consent(
            subject_id=self.subject.id,
            form=request.form,
            purpose=purpose.id,
            controller=request.controller,
            status=Status.GRANTED,
            since=now,
            notice_hash=self.notice_hash,
            request_id=request.id,
            ends_at=ends_at,
            proof_until=None,
            ask_again_at=renewal.time_to_ask(self.act.ctx, purpose, ends_at),
        )

    def end_running(self, refused: Collection[str]) -> None:
        """End what runs by an earlier yes to these purposes, and mail the proof.

        A no to the question whether a consent still holds means that, and so does a yes but not to one purpose: the
        answer says of that one that it is not done. A no to a whole new question leaves what was agreed to before.
        """
        granted = consents.granted(self.act.connection, self.subject.id)
        running = [known for known in granted if known.form == self.request.form and known.purpose in refused]
        lifecycle.withdraw(self.act, self.subject, running, self.subject.decided_by)

    def refuse_all(self) -> Request:
        """A no to all that waits; what was filled in goes. Returns the request as it is then."""
        request, _ = self.answer(())
        requests.forget_fields(self.act.connection, request.id)
        return request

    def _record(self, kind: Kind, purpose: str, decided_by: DecidedBy, notice_hash: str = "") -> None:
        events.record(
            self.act,
            self.subject,
            kind,
            decided_by=decided_by,
            request=self.request,
            purpose=purpose,
            notice_hash=notice_hash or self.notice_hash,
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
