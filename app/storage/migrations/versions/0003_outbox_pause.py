"""What a mail server's faults ask for: a pause of the whole outbox, what is known of each mail that was in doubt or
perhaps sent, and which turn under the limits to give back."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_SLIM = (
    ("outbox_in_doubt", "doubt", "doubt = 1"),
    ("outbox_claimed", "lease_until", "lease_until IS NOT NULL"),
)


def upgrade() -> None:
    op.add_column("outbox", sa.Column("turn", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("outbox", sa.Column("doubt", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("outbox", sa.Column("perhaps", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "outbox_pause",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("set_at", sa.String(27)),
        sa.Column("until", sa.String(27)),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("probe", sa.String(64), nullable=False),
        sa.Column("before_recipient", sa.Boolean(), nullable=False),
        sa.Column("in_doubt", sa.Boolean(), nullable=False),
        sa.Column("problem", sa.String(80), nullable=False),
    )
    for name, column, where in _SLIM:
        op.create_index(name, "outbox", [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))
