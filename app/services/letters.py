"""From a row of the outbox to a letter: reads what it speaks of, and signs the links at the moment of sending."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from ..delivery.letter import Item, Letter
from ..domain.address import read_address
from ..domain.consent import Status
from ..domain.notice import NoticePurpose
from ..storage import consents, requests, subjects, suppressions
from ..storage.outbox import Row
from ..storage.requests import Request
from ..storage.subjects import Subject
from .kit import Kit


def write(kit: Kit, connection: Connection, row: Row) -> Letter | None:
    """The letter that a row stands for, or None when there is nothing to say any more."""
    subject = subjects.with_id(connection, row.subject)
    return None if subject is None else _WRITERS[row.kind](_Writer(kit, connection, row, subject))


def address(kit: Kit, kind: str, token: str) -> str:
    """The whole address of a link."""
    return f"{kit.settings.BASE_URL}/{kind}/{token}"


class _Writer:
    """Writes the letter of one row, starting from what all letters have."""

    def __init__(self, kit: Kit, connection: Connection, row: Row, subject: Subject) -> None:
        stored = kit.notice(connection, row.notice)
        self.kit = kit
        self.connection = connection
        self.row = row
        self.subject = subject
        self.notice = stored.notice
        self.begun = Letter(
            kind=row.kind,
            id=row.id,
            recipient=subject.email,
            notice=stored.notice,
            theme=stored.theme,
            at=datetime.fromisoformat(row.data["at"]),
            form_title=stored.notice.title,
        )

    def question(self) -> Letter | None:
        """The mail after a form: what waits for an answer, and what was granted before."""
        row, asked = self.row, self.notice.asked
        if suppressions.has(self.connection, row.controller, suppressions.NO_MAIL, self.subject.email_key):
            return None
        request = requests.with_id(self.connection, row.request) if row.request else None
        states = request.purposes if request else {}
        open_purposes = [purpose for purpose in asked if states.get(purpose.id) == Status.REQUESTED]
        already = [purpose for purpose in asked if purpose.id in row.data["already"]]
        if not open_purposes and not already:
            return None
        links = self._links("stop", about=open_purposes + already)
        if open_purposes and request:
            links["confirm"] = self._confirm_link(request)
        if already:
            links |= self._links("withdraw")
        return replace(
            self.begun,
            kind="already_granted" if already else "confirm",
            site=row.data["site"],
            deadline=request.expires_at if request else None,
            items=tuple(Item(purpose.title) for purpose in open_purposes),
            others=tuple(Item(purpose.title) for purpose in already),
            links=links,
        )

    def renewal(self) -> Letter | None:
        """The question whether a consent still holds."""
        request = requests.with_id(self.connection, self.row.request)
        if request is None or request.status != Status.REQUESTED:
            return None
        purposes = [self.notice.purpose(purpose) for purpose in request.purposes]
        return replace(
            self.begun,
            deadline=request.expires_at,
            items=tuple(Item(purpose.title) for purpose in purposes),
            links=self._links("withdraw", about=purposes) | {"confirm": self._confirm_link(request)},
        )

    def receipt(self) -> Letter | None:
        """The proof of a yes, and until when it holds."""
        granted = [purpose for purpose in self.notice.asked if purpose.id in self.row.data["granted"]]
        items = []
        for purpose in granted:
            consent = consents.find(self.connection, self.subject.id, self.row.form, purpose.id)
            items.append(Item(purpose.title, consent.ends_at if consent else None))
        links = self._links("withdraw", about=granted)
        return replace(self.begun, items=tuple(items), links=links, version=self.notice.hash[:12])

    def stopped(self) -> Letter | None:
        """The proof of a stop. It names the form, or the controller where several forms are concerned."""
        ended = self.row.data["ended"]
        titles = {self.kit.notice(self.connection, notice).notice.title for notice, _ in ended}
        return replace(
            self.begun,
            items=self._items(ended),
            others=self._items(self.row.data["running"]),
            form_title=titles.pop() if len(titles) == 1 else self.notice.controller_name,
        )

    def link(self) -> Letter | None:
        """A link that somebody asked for."""
        return replace(self.begun, links=self._links("withdraw" if self.row.kind == "link" else "object", "stop"))

    def interest(self) -> Letter | None:
        """An objection to a legitimate interest: to the person, or to the controller who has to weigh it."""
        letter = replace(self.begun, items=(Item(self.notice.purpose(self.row.data["purpose"]).title),))
        if self.row.kind == "interest_to_weigh":
            return replace(letter, recipient=read_address(self.notice.contact).email, about=self.subject.email)
        return letter

    def _confirm_link(self, request: Request) -> str:
        return address(self.kit, "confirm", self.kit.signing.confirm.make(request.id))

    def _links(self, *kinds: str, about: Iterable[NoticePurpose] = ()) -> dict[str, str]:
        """Lasting links of these kinds, and the one to object where it is about direct marketing."""
        if any(purpose.direct_marketing for purpose in about):
            kinds = (*kinds, "object")
        subject = self.subject
        tokens = {"withdraw": subject.withdraw_token, "object": subject.object_token, "stop": subject.stop_token}
        return {kind: address(self.kit, kind, tokens[kind]) for kind in kinds}

    def _items(self, pairs: list[list[str]]) -> tuple[Item, ...]:
        return tuple(
            Item(self.kit.notice(self.connection, notice).notice.purpose(purpose).title) for notice, purpose in pairs
        )


_WRITERS: dict[str, Callable[[_Writer], Letter | None]] = {
    "confirm": _Writer.question,
    "already_granted": _Writer.question,
    "renewal": _Writer.renewal,
    "receipt": _Writer.receipt,
    "withdrawn": _Writer.stopped,
    "objected": _Writer.stopped,
    "link": _Writer.link,
    "object_link": _Writer.link,
    "interest_objected": _Writer.interest,
    "interest_to_weigh": _Writer.interest,
}
