"""Indexes for what walked through a whole table: the objections of a person who is erased, and mails that ended long
ago."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("objections_untold", table_name="objections")
    op.create_index("objections_of_subject", "objections", ["subject"])
    has_ended = sa.text("done_at IS NOT NULL")
    op.create_index("outbox_ended", "outbox", ["done_at"], sqlite_where=has_ended, postgresql_where=has_ended)
