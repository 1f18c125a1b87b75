"""The definitions that were put into service, with the findings that they answer.

Of those of earlier releases the hash is known and the text is not.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    definitions = op.create_table(
        "definitions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("controller", sa.String(64), nullable=False),
        sa.Column("form", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("controller_document", sa.Text, nullable=False),
        sa.Column("accepted", sa.Text, nullable=False),
        sa.Column("notices", sa.Text, nullable=False),
        sa.Column("kit_version", sa.String(32), nullable=False),
        sa.Column("served_from", sa.String(27), nullable=False),
    )
    op.create_index("definitions_of_form", "definitions", ["controller", "form"])
    rows = [
        {
            "controller": controller,
            "form": form,
            "hash": digest,
            "document": "",
            "controller_document": "",
            "accepted": "[]",
            "notices": json.dumps(sorted(hashes)),
            "kit_version": version,
            "served_from": since,
        }
        for (controller, form, digest), (hashes, version, since) in _served().items()
    ]
    if rows:
        op.bulk_insert(definitions, rows)


def _served() -> dict[tuple[str, str, str], tuple[set[str], str, str]]:
    """Each definition that a notice was made from, and each that is served: an edit may have changed no notice."""
    columns = ("hash", "controller", "form", "definition", "kit_version", "stored_at")
    notices = sa.table("notices", *map(sa.column, columns))
    found: dict[tuple[str, str, str], tuple[set[str], str, str]] = {}
    latest: dict[str, tuple[str, str]] = {}
    for row in op.get_bind().execute(sa.select(notices).order_by(notices.c.stored_at, notices.c.hash)):
        hashes, _, _ = found.setdefault(
            (row.controller, row.form, row.definition), (set(), row.kit_version, row.stored_at)
        )
        hashes.add(row.hash)
        latest[row.hash] = (row.kit_version, row.stored_at)
    forms = sa.table("forms", *map(sa.column, ("controller", "form", "document")))
    for row in op.get_bind().execute(sa.select(forms)):
        served = json.loads(row.document)
        shown = set(served.get("notices", {}).values()) & latest.keys()
        if shown:
            version, since = max((latest[one] for one in shown), key=lambda one: one[1])
            found.setdefault((row.controller, row.form, served["definition"]), (shown, version, since))
    return found
