"""Objections are found by the person, told or not: each erasure walked through all of them."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("objections_untold", table_name="objections")
    op.create_index("objections_of_subject", "objections", ["subject"])
