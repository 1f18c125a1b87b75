"""The intake: what was sent by a form, or asked for by a link, and waits to be taken by a worker."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "intake",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("controller", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("set_aside_at", sa.String(27)),
        sa.Column("problem", sa.String(80)),
    )
    op.create_index("intake_by_digest", "intake", ["digest"])
    is_set_aside = sa.text("set_aside_at IS NOT NULL")
    op.create_index("intake_set_aside", "intake", ["id"], sqlite_where=is_set_aside, postgresql_where=is_set_aside)
