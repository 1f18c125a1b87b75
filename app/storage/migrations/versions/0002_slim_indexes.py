"""Indexes that hold only the few rows they are asked for, because every index is written with every row; and room for
more mails than 32 bits can count."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SLIM = (
    ("subjects_by_child_email", "subjects", "child_email_key", "child_email_key != ''"),
    ("subjects_to_forget", "subjects", "kept_until", "kept_until IS NOT NULL"),
    ("subjects_to_tell", "subjects", "decides_from", "decides_from IS NOT NULL"),
    ("consents_to_forget", "consents", "proof_until", "proof_until IS NOT NULL"),
    ("consents_to_ask_again", "consents", "ask_again_at", "ask_again_at IS NOT NULL"),
)


def upgrade() -> None:
    for name, table, column, where in _SLIM:
        op.drop_index(name, table_name=table)
        op.create_index(name, table, [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    if op.get_bind().dialect.name == "postgresql":
        # Two rows for each mail: a number of 32 bits would be used up after a billion of them. SQLite's has 64.
        op.alter_column("mail_counts", "id", type_=sa.BigInteger())
