"""The ground: every table of the first version, and the triggers that make the ledger append-only."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "forms",
        sa.Column("controller", sa.String(length=64), nullable=False),
        sa.Column("form", sa.String(length=64), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("controller", "form"),
    )
    op.create_table(
        "ledger",
        sa.Column("controller", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("form", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column("notice", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("audience", sa.String(length=8), nullable=False),
        sa.Column("site", sa.String(length=255), nullable=False),
        sa.Column("decided_by", sa.String(length=10), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("controller", "seq"),
        sa.UniqueConstraint("hash"),
    )
    op.create_index("ledger_of_subject", "ledger", ["subject"], unique=False)
    op.create_table(
        "ledger_heads",
        sa.Column("controller", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("controller"),
    )
    op.create_table(
        "mail_counts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("mail_counts_by_digest", "mail_counts", ["digest", "at"], unique=False)
    op.create_table(
        "meta",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "notices",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("controller", sa.String(length=64), nullable=False),
        sa.Column("form", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("audience", sa.String(length=8), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("definition", sa.String(length=64), nullable=False),
        sa.Column("kit_version", sa.String(length=32), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("stored_at", sa.String(length=27), nullable=False),
        sa.Column("current_until", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_index("notices_of_form", "notices", ["controller", "form", "definition"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("controller", sa.String(length=64), nullable=False),
        sa.Column("form", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("request", sa.String(length=64), nullable=False),
        sa.Column("notice", sa.String(length=64), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.Column("due_at", sa.String(length=27), nullable=False),
        sa.Column("lease", sa.String(length=64), nullable=True),
        sa.Column("lease_until", sa.String(length=27), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.String(length=27), nullable=True),
        sa.Column("problem", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("outbox_due", "outbox", ["status", "due_at"], unique=False)
    op.create_index("outbox_of_subject", "outbox", ["subject", "status"], unique=False)
    op.create_table(
        "salts",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day"),
    )
    op.create_table(
        "subjects",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("controller", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_key", sa.String(length=320), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("withdraw_token", sa.String(length=64), nullable=False),
        sa.Column("object_token", sa.String(length=64), nullable=False),
        sa.Column("stop_token", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.Column("kept_until", sa.String(length=27), nullable=True),
        sa.Column("child_name", sa.String(length=100), nullable=False),
        sa.Column("child_key", sa.String(length=320), nullable=False),
        sa.Column("child_email", sa.String(length=254), nullable=False),
        sa.Column("child_email_key", sa.String(length=320), nullable=False),
        sa.Column("child_confirmed", sa.Boolean(), nullable=False),
        sa.Column("child_withdraw_token", sa.String(length=64), nullable=True),
        sa.Column("decides_from", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("child_withdraw_token"),
        sa.UniqueConstraint("controller", "email_key", "child_key"),
        sa.UniqueConstraint("object_token"),
        sa.UniqueConstraint("stop_token"),
        sa.UniqueConstraint("withdraw_token"),
    )
    op.create_index("subjects_by_child_email", "subjects", ["child_email_key"], unique=False)
    op.create_index("subjects_by_email", "subjects", ["email_key"], unique=False)
    op.create_index("subjects_to_forget", "subjects", ["kept_until"], unique=False)
    op.create_index("subjects_to_tell", "subjects", ["decides_from"], unique=False)
    op.create_table(
        "submit_counts",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("until", sa.String(length=27), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_table(
        "suppressions",
        sa.Column("controller", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("since", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("controller", "kind", "digest"),
    )
    op.create_table(
        "requests",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("controller", sa.String(length=64), nullable=False),
        sa.Column("form", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("notice", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("audience", sa.String(length=8), nullable=False),
        sa.Column("site", sa.String(length=255), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        sa.Column("requested_at", sa.String(length=27), nullable=False),
        sa.Column("expires_at", sa.String(length=27), nullable=False),
        sa.Column("decided_at", sa.String(length=27), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice"],
            ["notices.hash"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("requests_of_subject", "requests", ["subject", "status"], unique=False)
    op.create_index("requests_to_lapse", "requests", ["status", "expires_at"], unique=False)
    op.create_table(
        "consents",
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("form", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column("controller", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("since", sa.String(length=27), nullable=False),
        sa.Column("notice", sa.String(length=64), nullable=False),
        sa.Column("request", sa.String(length=64), nullable=False),
        sa.Column("ends_at", sa.String(length=27), nullable=True),
        sa.Column("proof_until", sa.String(length=27), nullable=True),
        sa.Column("ask_again_at", sa.String(length=27), nullable=True),
        sa.ForeignKeyConstraint(
            ["notice"],
            ["notices.hash"],
        ),
        sa.ForeignKeyConstraint(
            ["request"],
            ["requests.id"],
        ),
        sa.PrimaryKeyConstraint("subject", "form", "purpose"),
    )
    op.create_index("consents_of_controller", "consents", ["controller", "form", "purpose", "status"], unique=False)
    op.create_index("consents_to_expire", "consents", ["status", "ends_at"], unique=False)
    op.create_index("consents_to_forget", "consents", ["proof_until"], unique=False)
    op.create_index("consents_to_ask_again", "consents", ["ask_again_at"], unique=False)
    op.create_table(
        "request_fields",
        sa.Column("request", sa.String(length=64), nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request"],
            ["requests.id"],
        ),
        sa.PrimaryKeyConstraint("request", "field"),
    )
    op.create_table(
        "request_purposes",
        sa.Column("request", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["request"],
            ["requests.id"],
        ),
        sa.PrimaryKeyConstraint("request", "purpose"),
    )

    if op.get_bind().dialect.name == "postgresql":
        _protect_on_postgresql()
    else:
        _protect_on_sqlite()


def _protect_on_sqlite() -> None:
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER ledger_no_{act.lower()} BEFORE {act} ON ledger "
            f"BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        )
    # INSERT OR REPLACE deletes the row it replaces without any delete trigger.
    op.execute(
        "CREATE TRIGGER ledger_no_replace BEFORE INSERT ON ledger WHEN EXISTS (SELECT 1 FROM ledger "
        "WHERE (controller = NEW.controller AND seq = NEW.seq) OR hash = NEW.hash) "
        "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
    )


def _protect_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER ledger_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger "
        "FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()"
    )
