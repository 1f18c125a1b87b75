"""What waits is found by an index: a request by what it says, a mail by whose turn it waits for; and a mark of "never
mail me again" counts how often it was offered to lift it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_SLIM = (
    ("requests_by_fingerprint", "requests", "fingerprint", "fingerprint IS NOT NULL"),
    ("outbox_waiting", "outbox", "waits_for", "waits_for IS NOT NULL"),
)


def upgrade() -> None:
    # A mail that waits already has no hash of its turn: it goes when it is due, and nothing takes its place.
    op.add_column("outbox", sa.Column("waits_for", sa.String(64), nullable=True))
    op.add_column("suppressions", sa.Column("offers", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("suppressions", sa.Column("offered_at", sa.String(27), nullable=True))
    for name, table, column, where in _SLIM:
        op.create_index(name, table, [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))
