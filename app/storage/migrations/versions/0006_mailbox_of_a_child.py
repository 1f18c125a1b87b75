"""The mailbox of a child's own address, under an index: in every spelling it is told from a parent's."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_GIVEN = "child_mailbox != ''"


def upgrade() -> None:
    op.add_column("subjects", sa.Column("child_mailbox", sa.String(320), nullable=False, server_default=""))
    subjects = sa.table("subjects", sa.column("id"), sa.column("child_email_key"), sa.column("child_mailbox"))
    known = sa.select(subjects.c.id, subjects.c.child_email_key).where(subjects.c.child_email_key != "")
    for row in op.get_bind().execute(known).all():
        same = sa.update(subjects).where(subjects.c.id == row.id)
        op.execute(same.values(child_mailbox=_mailbox(row.child_email_key)))
    op.create_index(
        "subjects_by_child_mailbox",
        "subjects",
        ["child_mailbox"],
        sqlite_where=sa.text(_GIVEN),
        postgresql_where=sa.text(_GIVEN),
    )


def _mailbox(key: str) -> str:
    """As `domain.address.mailbox` made it when this was written, for the addresses that were stored by then."""
    local, _, domain = key.casefold().rpartition("@")
    local = local.partition("+")[0] or local
    if domain in ("gmail.com", "googlemail.com"):
        local, domain = local.replace(".", "") or local, "gmail.com"
    return f"{local}@{domain}"
