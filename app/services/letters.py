"""From a row of the outbox to a letter: reads what it speaks of, and signs the links at the moment of sending."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from ..delivery.letter import Item, Letter
from ..domain.address import read_address
from ..domain.consent import Status
from ..storage import consents, requests, subjects, suppressions
from ..storage.outbox import Row
from ..storage.subjects import Subject
from .kit import Kit


def write(kit: Kit, connection: Connection, row: Row) -> Letter | None:
    """The letter that a row stands for, or None when there is nothing to say any more."""
    subject = subjects.with_id(connection, row.subject)
    return None if subject is None else _WRITERS[row.kind](kit, connection, row, subject)


def address(kit: Kit, kind: str, token: str) -> str:
    """The whole address of a link."""
    return f"{kit.settings.BASE_URL}/{kind}/{token}"


def _question(kit: Kit, connection: Connection, row: Row, subject: Subject) -> Letter | None:
    """The mail after a form: what waits for an answer, and what was granted before."""
    if suppressions.has(connection, row.controller, suppressions.NO_MAIL, subject.email_key):
        return None
    request = requests.with_id(connection, row.request) if row.request else None
    stored = kit.notice(connection, row.notice)
    notice = stored.notice
    states = request.purposes if request else {}
    open_purposes = [purpose for purpose in notice.asked if states.get(purpose.id) == Status.REQUESTED]
    already = [purpose for purpose in notice.asked if purpose.id in row.data["already"]]
    if not open_purposes and not already:
        return None
    links = {"stop": address(kit, "stop", subject.stop_token)}
    if open_purposes and request:
        links["confirm"] = address(kit, "confirm", kit.signing.confirm.make(request.id))
    if already:
        links["withdraw"] = address(kit, "withdraw", subject.withdraw_token)
    if any(purpose.direct_marketing for purpose in open_purposes + already):
        links["object"] = address(kit, "object", subject.object_token)
    return Letter(
        kind="already_granted" if already else "confirm",
        id=row.id,
        recipient=subject.email,
        notice=notice,
        theme=stored.theme,
        at=datetime.fromisoformat(row.data["at"]),
        site=row.data["site"],
        deadline=request.expires_at if request else None,
        items=tuple(Item(purpose.title) for purpose in open_purposes),
        others=tuple(Item(purpose.title) for purpose in already),
        links=links,
        form_title=notice.title,
    )


def _renewal(kit: Kit, connection: Connection, row: Row, subject: Subject) -> Letter | None:
    request = requests.with_id(connection, row.request)
    if request is None or request.status != Status.REQUESTED:
        return None
    stored = kit.notice(connection, row.notice)
    purposes = [stored.notice.purpose(purpose) for purpose in request.purposes]
    links = {
        "confirm": address(kit, "confirm", kit.signing.confirm.make(request.id)),
        "withdraw": address(kit, "withdraw", subject.withdraw_token),
    }
    if any(purpose.direct_marketing for purpose in purposes):
        links["object"] = address(kit, "object", subject.object_token)
    return Letter(
        kind="renewal",
        id=row.id,
        recipient=subject.email,
        notice=stored.notice,
        theme=stored.theme,
        at=datetime.fromisoformat(row.data["at"]),
        deadline=request.expires_at,
        items=tuple(Item(purpose.title) for purpose in purposes),
        links=links,
        form_title=stored.notice.title,
    )


def _receipt(kit: Kit, connection: Connection, row: Row, subject: Subject) -> Letter | None:
    stored = kit.notice(connection, row.notice)
    items, marketing = [], False
    for purpose in stored.notice.asked:
        if purpose.id not in row.data["granted"]:
            continue
        consent = consents.find(connection, subject.id, row.form, purpose.id)
        items.append(Item(purpose.title, consent.ends_at if consent else None))
        marketing = marketing or purpose.direct_marketing
    links = {"withdraw": address(kit, "withdraw", subject.withdraw_token)}
    if marketing:
        links["object"] = address(kit, "object", subject.object_token)
    return Letter(
        kind="receipt",
        id=row.id,
        recipient=subject.email,
        notice=stored.notice,
        theme=stored.theme,
        at=datetime.fromisoformat(row.data["at"]),
        items=tuple(items),
        links=links,
        form_title=stored.notice.title,
        version=stored.notice.hash[:12],
    )


def _stopped(kit: Kit, connection: Connection, row: Row, subject: Subject) -> Letter | None:
    stored = kit.notice(connection, row.notice)
    ended = [kit.notice(connection, notice).notice for notice, _ in row.data["ended"]]
    titles = {notice.title for notice in ended}
    return Letter(
        kind=row.kind,
        id=row.id,
        recipient=subject.email,
        notice=stored.notice,
        theme=stored.theme,
        at=datetime.fromisoformat(row.data["at"]),
        items=_items(kit, connection, row.data["ended"]),
        others=_items(kit, connection, row.data["running"]),
        form_title=titles.pop() if len(titles) == 1 else stored.notice.controller_name,
    )


def _link(kit: Kit, connection: Connection, row: Row, subject: Subject) -> Letter | None:
    stored = kit.notice(connection, row.notice)
    kind, token = ("withdraw", subject.withdraw_token) if row.kind == "link" else ("object", subject.object_token)
    return Letter(
        kind=row.kind,
        id=row.id,
        recipient=subject.email,
        notice=stored.notice,
        theme=stored.theme,
        at=datetime.fromisoformat(row.data["at"]),
        links={kind: address(kit, kind, token), "stop": address(kit, "stop", subject.stop_token)},
    )


def _interest(kit: Kit, connection: Connection, row: Row, subject: Subject) -> Letter | None:
    stored = kit.notice(connection, row.notice)
    to_controller = row.kind == "interest_to_weigh"
    return Letter(
        kind=row.kind,
        id=row.id,
        recipient=read_address(stored.notice.contact).email if to_controller else subject.email,
        notice=stored.notice,
        theme=stored.theme,
        at=datetime.fromisoformat(row.data["at"]),
        items=(Item(stored.notice.purpose(row.data["purpose"]).title),),
        form_title=stored.notice.title,
        about=subject.email if to_controller else "",
    )


def _items(kit: Kit, connection: Connection, pairs: list[list[str]]) -> tuple[Item, ...]:
    return tuple(Item(kit.notice(connection, notice).notice.purpose(purpose).title) for notice, purpose in pairs)


_WRITERS: dict[str, Callable[[Kit, Connection, Row, Subject], Letter | None]] = {
    "confirm": _question,
    "already_granted": _question,
    "renewal": _renewal,
    "receipt": _receipt,
    "withdrawn": _stopped,
    "objected": _stopped,
    "link": _link,
    "object_link": _link,
    "interest_objected": _interest,
    "interest_to_weigh": _interest,
}
