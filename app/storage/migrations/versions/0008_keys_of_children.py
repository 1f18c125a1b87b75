"""A child is known again by a keyed hash of its first name, which goes itself once nothing waits or runs for it; what
was objected to for a child is remembered under that hash too."""

import hmac
import secrets

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    names = ("id", "controller", "email_key", "child_key", "child_name")
    subjects = sa.table("subjects", *map(sa.column, names))
    children = op.get_bind().execute(sa.select(subjects).where(subjects.c.child_key != "")).all()
    if not children:
        return
    key = _key_of_hashes()
    needed = _needed()
    interests = _interests()
    for child in children:
        spelling, line_break, number = child.child_key.partition("\n")
        digest = _digest(key, "child name", child.controller, f"{child.email_key}\n{spelling}")
        values = {"child_key": digest + line_break + number}
        if child.id not in needed:
            values["child_name"] = ""
        op.execute(sa.update(subjects).where(subjects.c.id == child.id).values(values))
        marks = [("objected", ""), *(("interest", ending) for ending in interests.get(child.id, ()))]
        for kind, ending in marks:
            before, after = (
                _digest(key, kind, child.controller, f"{child.email_key}\n{child_key}{ending}")
                for child_key in (child.child_key, values["child_key"])
            )
            _rename_mark(child.controller, kind, before, after)


def _needed() -> set[str]:
    """For whom something waits or runs."""
    known = sa.table("consents", sa.column("subject"), sa.column("status"))
    asked = sa.table("requests", sa.column("subject"), sa.column("status"))
    runs = sa.select(known.c.subject).where(known.c.status == "granted")
    waits = sa.select(asked.c.subject).where(asked.c.status.in_(("requested", "awaiting_guardian")))
    return set(op.get_bind().execute(runs.union(waits)).scalars())


def _interests() -> dict[str, set[str]]:
    """To which legitimate interests somebody objected, by subject, as the ledger has it."""
    ledger = sa.table("ledger", *map(sa.column, ("subject", "kind", "form", "purpose")))
    objected = sa.select(ledger).where(ledger.c.kind == "objected", ledger.c.purpose != "")
    found: dict[str, set[str]] = {}
    for entry in op.get_bind().execute(objected):
        found.setdefault(entry.subject, set()).add(f"i:{entry.form}/{entry.purpose}")
    return found


def _rename_mark(controller: str, kind: str, before: str, digest: str) -> None:
    suppressions = sa.table("suppressions", *map(sa.column, ("controller", "kind", "digest")))
    objections = sa.table("objections", sa.column("digest"))
    of_child = (
        suppressions.c.controller == controller,
        suppressions.c.kind == kind,
        suppressions.c.digest == before,
    )
    op.execute(sa.update(suppressions).where(*of_child).values(digest=digest))
    op.execute(sa.update(objections).where(objections.c.digest == before).values(digest=digest))


def _key_of_hashes() -> bytes:
    meta = sa.table("meta", sa.column("name"), sa.column("value"))
    found = op.get_bind().execute(sa.select(meta.c.value).where(meta.c.name == "suppression_key")).scalar()
    if found is None:
        found = secrets.token_hex(32)
        op.execute(sa.insert(meta).values(name="suppression_key", value=found))
    return bytes.fromhex(found)


def _digest(key: bytes, kind: str, controller: str, text: str) -> str:
    return hmac.digest(key, f"{kind}\n{controller}\n{text}".encode(), "sha256").hex()
