"""The notices that were ever shown, and the forms that are served now."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from ..domain.basis import Basis
from ..domain.consent import Audience
from ..domain.form import ServedForm, Theme
from ..domain.notice import Notice
from .schema import forms, notices


@dataclass(frozen=True)
class StoredNotice:
    """A notice with what stands beside it. `current_until` is None while a form shows it."""

    notice: Notice
    theme: Theme
    definition_hash: str
    current_until: datetime | None


def store(
    connection: Connection, notice: Notice, theme: Theme, definition_hash: str, version: str, now: datetime
) -> None:
    """Keep a notice for ever. One that is kept already only becomes current again."""
    known = connection.execute(
        update(notices).where(notices.c.hash == notice.hash).values(current_until=None, theme=json.dumps(asdict(theme)))
    )
    if known.rowcount == 0:
        connection.execute(
            insert(notices).values(
                hash=notice.hash,
                controller=notice.controller,
                form=notice.form,
                language=notice.language,
                audience=notice.audience,
                document=notice.document,
                definition_hash=definition_hash,
                kit_version=version,
                theme=json.dumps(asdict(theme)),
                stored_at=now,
            )
        )


def retire_others(connection: Connection, controller: str, form: str, current: Iterable[str], now: datetime) -> None:
    """Note that all notices of a form but these are current no more."""
    connection.execute(
        update(notices)
        .where(
            notices.c.controller == controller,
            notices.c.form == form,
            notices.c.hash.not_in(list(current)),
            notices.c.current_until.is_(None),
        )
        .values(current_until=now)
    )


def find(connection: Connection, notice_hash: str) -> StoredNotice | None:
    """The stored notice with this hash."""
    row = connection.execute(
        select(notices.c.document, notices.c.theme, notices.c.definition_hash, notices.c.current_until).where(
            notices.c.hash == notice_hash
        )
    ).one_or_none()
    if row is None:
        return None
    notice = Notice.from_plain(json.loads(row.document))
    vars(notice)["hash"] = notice_hash  # made anew, it would be another one once `Notice` has a field more
    return StoredNotice(
        notice,
        Theme(**json.loads(row.theme)),
        row.definition_hash,
        row.current_until,
    )


def hashes_from(connection: Connection, start: str) -> list[str]:
    """The hashes of the stored notices that begin with these digits, two at most."""
    rows = connection.execute(select(notices.c.hash).where(notices.c.hash.startswith(start)).limit(2))
    return [row.hash for row in rows]


def siblings(connection: Connection, stored: StoredNotice) -> dict[str, str]:
    """The hashes of the notices that say the same in each language, made from the same definition."""
    notice = stored.notice
    rows = connection.execute(
        select(notices.c.language, notices.c.hash)
        .where(
            notices.c.controller == notice.controller,
            notices.c.form == notice.form,
            notices.c.definition_hash == stored.definition_hash,
            notices.c.audience == notice.audience,
        )
        .order_by(notices.c.stored_at)
    )
    return {row.language: row.hash for row in rows} | {notice.language: notice.hash}


def read_by_child(connection: Connection, stored: StoredNotice) -> str:
    """The hash of what a child reads where its parent reads this notice; this one itself, where it is no parent's."""
    notice = stored.notice
    rows = connection.execute(
        select(notices.c.hash, notices.c.document).where(
            notices.c.controller == notice.controller,
            notices.c.form == notice.form,
            notices.c.language == notice.language,
            notices.c.definition_hash == stored.definition_hash,
            notices.c.audience == Audience.CHILD.value,
        )
    )
    return next((row.hash for row in rows if json.loads(row.document)["beside"] == notice.hash), notice.hash)


def current(connection: Connection, controller: str, audience: str = Audience.ADULT) -> list[tuple[str, str]]:
    """The notices that a controller's forms show one audience now, as (language, hash), in a stable order."""
    rows = connection.execute(
        select(notices.c.language, notices.c.hash)
        .where(
            notices.c.controller == controller,
            notices.c.audience == audience,
            notices.c.current_until.is_(None),
        )
        .order_by(notices.c.form, notices.c.language)
    )
    return [(row.language, row.hash) for row in rows]


def shown_by(connection: Connection) -> set[tuple[str, str]]:
    """Every form that ever showed a notice, as (controller, form)."""
    rows = connection.execute(select(notices.c.controller, notices.c.form).distinct())
    return {(row.controller, row.form) for row in rows}


def purposes_shown(connection: Connection, controller: str | None, form: str | None) -> set[str]:
    """The purposes that stand in any notice ever stored of a controller and a form; None stands for all."""
    return {purpose["id"] for shown in _documents(connection, controller, form) for purpose in shown["purposes"]}


def fields_shown(connection: Connection, controller: str | None, form: str | None, purpose: str | None) -> set[str]:
    """The fields that consents to a purpose may use in any notice ever stored; None stands for all."""
    return {
        field["id"]
        for shown in _documents(connection, controller, form)
        for field in shown["fields"]
        if any(
            field["id"] in known["data"]
            for known in shown["purposes"]
            if known["basis"] == Basis.CONSENT and purpose in (None, known["id"])
        )
    }


def _documents(connection: Connection, controller: str | None, form: str | None) -> list[dict[str, Any]]:
    # In each language a definition has the same purposes: to read one is enough.
    one = select(func.min(notices.c.hash)).group_by(
        notices.c.controller, notices.c.form, notices.c.definition_hash, notices.c.audience
    )
    for column, wanted in ((notices.c.controller, controller), (notices.c.form, form)):
        if wanted is not None:
            one = one.where(column == wanted)
    documents = connection.execute(select(notices.c.document).where(notices.c.hash.in_(one))).scalars()
    return [json.loads(document) for document in documents]


def serve(connection: Connection, form: ServedForm) -> None:
    """Put a form among the served, or in the place of its older self."""
    connection.execute(delete(forms).where(forms.c.controller == form.controller, forms.c.form == form.form))
    connection.execute(
        insert(forms).values(controller=form.controller, form=form.form, document=json.dumps(form.to_plain()))
    )


def retire(connection: Connection, controller: str, form: str) -> None:
    """Serve a form no more; its notices stay."""
    connection.execute(delete(forms).where(forms.c.controller == controller, forms.c.form == form))


def served(connection: Connection) -> list[ServedForm]:
    """All forms that are served, in the order of their addresses."""
    rows = connection.execute(select(forms.c.document).order_by(forms.c.controller, forms.c.form))
    return [ServedForm.from_plain(json.loads(row.document)) for row in rows]
