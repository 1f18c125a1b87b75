"""Indexes that hold only the few rows they are asked for: every index of a table is written with every row of it."""

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
