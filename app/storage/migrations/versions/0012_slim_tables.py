"""Fewer pages for each act: no index that nothing is looked for by, partial indexes that rows leave once they have
ended, and on SQLite tables of short rows that are their own primary key (WITHOUT ROWID)."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_CHANGED = (
    ("requests_of_subject", "requests", ["subject"], None),
    ("requests_to_lapse", "requests", ["expires_at"], "decided_at IS NULL"),
    ("outbox_due", "outbox", ["due_at"], "status = 'queued'"),
    ("outbox_of_subject", "outbox", ["subject"], None),
)
_OF_SUBJECTS = (
    ("subjects_by_child_email", "child_email_key", "child_email_key != ''", False),
    ("subjects_by_child_mailbox", "child_mailbox", "child_mailbox != ''", False),
    ("subjects_by_child_stop_token", "child_stop_token", "child_stop_token IS NOT NULL", True),
    ("subjects_by_child_withdraw_token", "child_withdraw_token", "child_withdraw_token IS NOT NULL", True),
    ("subjects_to_forget", "kept_until", "kept_until IS NOT NULL", False),
    ("subjects_to_tell", "decides_from", "decides_from IS NOT NULL", False),
)
_OF_CONSENTS = (
    ("consents_to_expire", "ends_at", "ends_at IS NOT NULL", False),
    ("consents_to_forget", "proof_until", "proof_until IS NOT NULL", False),
    ("consents_to_ask_again", "ask_again_at", "ask_again_at IS NOT NULL", False),
)


def upgrade() -> None:
    for name, table, columns, where in _CHANGED:
        op.drop_index(name, table_name=table)
        _create_index(name, table, columns, where)
    if op.get_bind().dialect.name == "postgresql":
        _slim_on_postgresql()
    else:
        _slim_on_sqlite()


def _create_index(name: str, table: str, columns: list[str], where: str | None, unique: bool = False) -> None:
    condition = sa.text(where) if where else None
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def _slim_on_postgresql() -> None:
    # Who has divided the ledger into partitions, as the manual tells, has none of that name.
    op.execute("ALTER TABLE ledger DROP CONSTRAINT IF EXISTS ledger_hash_key")
    op.drop_constraint("subjects_child_withdraw_token_key", "subjects")
    op.drop_constraint("subjects_controller_email_key_child_key_key", "subjects")
    op.create_unique_constraint(None, "subjects", ["email_key", "controller", "child_key"])
    for name in ("subjects_by_email", "subjects_by_child_stop_token"):
        op.drop_index(name, table_name="subjects")
    for name, column, where, unique in _OF_SUBJECTS[2:4]:
        _create_index(name, "subjects", [column], where, unique)
    for name in ("consents_of_controller", "consents_to_expire"):
        op.drop_index(name, table_name="consents")
    _create_index("consents_of_controller", "consents", ["controller", "form", "purpose"], None)
    _create_index("consents_to_expire", "consents", ["ends_at"], "ends_at IS NOT NULL")


def _slim_on_sqlite() -> None:
    # No foreign key leads to any of these. Of the ledger its triggers go with the table that is dropped.
    _rebuild("subjects", _subjects(), with_rowid=True)
    for name, column, where, unique in _OF_SUBJECTS:
        _create_index(name, "subjects", [column], where, unique)
    _rebuild("consents", _consents())
    _create_index("consents_of_controller", "consents", ["controller", "form", "purpose"], None)
    for name, column, where, unique in _OF_CONSENTS:
        _create_index(name, "consents", [column], where, unique)
    _rebuild("ledger", _ledger())
    _create_index("ledger_of_subject", "ledger", ["subject"], None)
    _protect_ledger()
    for table, column, length in (("request_purposes", "purpose", 64), ("request_fields", "field", 64)):
        rest = sa.Column("status", sa.String(20), nullable=False)
        if table == "request_fields":
            rest = sa.Column("value", sa.Text(), nullable=False)
        request = sa.Column("request", sa.String(64), sa.ForeignKey("requests.id"), primary_key=True)
        _rebuild(table, [request, sa.Column(column, sa.String(length), primary_key=True), rest])
    _rebuild(
        "suppressions",
        [
            sa.Column("controller", sa.String(64), primary_key=True),
            sa.Column("kind", sa.String(10), primary_key=True),
            sa.Column("digest", sa.String(64), primary_key=True),
            sa.Column("since", sa.String(27), nullable=False),
            sa.Column("offers", sa.Integer(), nullable=False, server_default="0"),
            sa.Column("offered_at", sa.String(27)),
        ],
    )
    _rebuild(
        "submit_counts",
        [
            sa.Column("digest", sa.String(64), primary_key=True),
            sa.Column("until", sa.String(27), nullable=False),
            sa.Column("count", sa.Integer(), nullable=False),
        ],
    )


def _rebuild(table: str, columns: list[sa.schema.SchemaItem], with_rowid: bool = False) -> None:
    """Copy a table in the order of its new primary key, so that its pages are full and written once."""
    new = op.create_table(f"new_{table}", *columns, sqlite_with_rowid=with_rowid)
    names = ", ".join(column.name for column in new.columns)
    key = ", ".join(column.name for column in new.primary_key.columns)
    order = "rowid" if with_rowid else key
    op.execute(f"INSERT INTO new_{table} ({names}) SELECT {names} FROM {table} ORDER BY {order}")  # noqa: S608
    op.drop_table(table)
    op.rename_table(f"new_{table}", table)


def _subjects() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("controller", sa.String(64), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("email_key", sa.String(320), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("withdraw_token", sa.String(64), nullable=False, unique=True),
        sa.Column("object_token", sa.String(64), nullable=False, unique=True),
        sa.Column("stop_token", sa.String(64), nullable=False, unique=True),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.Column("kept_until", sa.String(27)),
        sa.Column("child_name", sa.String(100), nullable=False),
        sa.Column("child_key", sa.String(320), nullable=False),
        sa.Column("child_email", sa.String(254), nullable=False),
        sa.Column("child_email_key", sa.String(320), nullable=False),
        sa.Column("child_confirmed", sa.Boolean(), nullable=False),
        sa.Column("child_withdraw_token", sa.String(64)),
        sa.Column("decides_from", sa.String(27)),
        sa.Column("child_mailbox", sa.String(320), nullable=False, server_default=""),
        sa.Column("child_stop_token", sa.String(64)),
        sa.UniqueConstraint("email_key", "controller", "child_key"),
    ]


def _consents() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("subject", sa.String(64), primary_key=True),
        sa.Column("form", sa.String(64), primary_key=True),
        sa.Column("purpose", sa.String(64), primary_key=True),
        sa.Column("controller", sa.String(64), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("since", sa.String(27), nullable=False),
        sa.Column("notice", sa.String(64), sa.ForeignKey("notices.hash"), nullable=False),
        sa.Column("request", sa.String(64), sa.ForeignKey("requests.id"), nullable=False),
        sa.Column("ends_at", sa.String(27)),
        sa.Column("proof_until", sa.String(27)),
        sa.Column("ask_again_at", sa.String(27)),
    ]


def _ledger() -> list[sa.schema.SchemaItem]:
    texts = (
        *(("subject", 64), ("form", 64), ("purpose", 64), ("notice", 64), ("language", 8), ("audience", 8)),
        *(("site", 255), ("decided_by", 10), ("commitment", 64), ("previous", 64), ("hash", 64)),
    )
    return [
        sa.Column("controller", sa.String(64), primary_key=True),
        sa.Column("seq", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        *(sa.Column(name, sa.String(length), nullable=False) for name, length in texts),
    ]


def _protect_ledger() -> None:
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER ledger_no_{act.lower()} BEFORE {act} ON ledger "
            f"BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        )
    # INSERT OR REPLACE deletes the row it replaces without any delete trigger.
    op.execute(
        "CREATE TRIGGER ledger_no_replace BEFORE INSERT ON ledger WHEN EXISTS (SELECT 1 FROM ledger "
        "WHERE controller = NEW.controller AND seq = NEW.seq) "
        "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
    )
