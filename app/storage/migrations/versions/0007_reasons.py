"""Why somebody objects to a legitimate interest, and the telephone number that it is about."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("objections", sa.Column("reasons", sa.Text, nullable=False, server_default=""))
    op.add_column("objections", sa.Column("phone", sa.String(30), nullable=False, server_default=""))
