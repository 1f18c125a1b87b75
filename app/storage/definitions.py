"""The definitions that were ever in service, word for word, with the findings of the linter that each answers.

Kept for ever like the notices that were made from them: a reason that was given is proved by them years later.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, select

from .schema import definitions


@dataclass(frozen=True)
class ServedDefinition:
    """A definition that was put into service: `hash` is the SHA-256 of its two documents, one after the other.

    The documents are empty where an earlier release served it, which did not keep them. `accepted` are plain values:
    code, place, finding, reason.
    """

    controller: str
    form: str
    hash: str
    document: str
    controller_document: str
    accepted: tuple[dict[str, str], ...]
    notices: tuple[str, ...]
    kit_version: str


@dataclass(frozen=True)
class StoredDefinition:
    """The same, with the moment from which it was served."""

    definition: ServedDefinition
    served_from: datetime


def store(connection: Connection, definition: ServedDefinition, now: datetime) -> None:
    """Note that a definition is served from now on."""
    values = vars(definition) | {
        "accepted": json.dumps(definition.accepted, ensure_ascii=False),
        "notices": json.dumps(definition.notices),
        "served_from": now,
    }
    connection.execute(insert(definitions).values(values))


def hashes(connection: Connection) -> set[tuple[str, str, str]]:
    """Every definition that was ever served, as (controller, form, hash)."""
    rows = connection.execute(select(definitions.c.controller, definitions.c.form, definitions.c.hash).distinct())
    return {(row.controller, row.form, row.hash) for row in rows}


def latest(connection: Connection, controller: str | None = None) -> list[StoredDefinition]:
    """What each form was served from last, of one controller or of all, in the order of their addresses."""
    newest = select(func.max(definitions.c.id)).group_by(definitions.c.controller, definitions.c.form)
    if controller is not None:
        newest = newest.where(definitions.c.controller == controller)
    rows = connection.execute(
        select(definitions).where(definitions.c.id.in_(newest)).order_by(definitions.c.controller, definitions.c.form)
    )
    return [_from(row) for row in rows.mappings()]


def behind(connection: Connection, controller: str, form: str, notice_hash: str) -> list[StoredDefinition]:
    """The definitions of a form that this notice was shown for, oldest first."""
    rows = connection.execute(
        select(definitions)
        .where(definitions.c.controller == controller, definitions.c.form == form)
        .order_by(definitions.c.id)
    )
    found = [_from(row) for row in rows.mappings()]
    return [one for one in found if notice_hash in one.definition.notices]


def _from(row: RowMapping) -> StoredDefinition:
    plain: dict[str, Any] = {name: value for name, value in row.items() if name not in ("id", "served_from")}
    plain["accepted"] = tuple(json.loads(row["accepted"]))
    plain["notices"] = tuple(json.loads(row["notices"]))
    return StoredDefinition(ServedDefinition(**plain), row["served_from"])
