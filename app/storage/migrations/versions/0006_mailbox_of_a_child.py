"""A child's own address: its mailbox, under an index, since in every spelling it is told from a parent's, and a link
of its own to stop the mails that a form can set off there."""

import secrets
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_GIVEN = "child_mailbox != ''"
_SAME_AS = {
    "googlemail.com": "gmail.com",
    "me.com": "icloud.com",
    "mac.com": "icloud.com",
    "protonmail.com": "proton.me",
    "protonmail.ch": "proton.me",
    "pm.me": "proton.me",
}


def upgrade() -> None:
    op.add_column("subjects", sa.Column("child_mailbox", sa.String(320), nullable=False, server_default=""))
    op.add_column("subjects", sa.Column("child_stop_token", sa.String(64)))
    names = ("id", "child_key", "child_email_key", "child_mailbox", "child_stop_token")
    subjects = sa.table("subjects", *map(sa.column, names))
    known = sa.select(subjects.c.id, subjects.c.child_email_key).where(subjects.c.child_email_key != "")
    for row in op.get_bind().execute(known).all():
        same = sa.update(subjects).where(subjects.c.id == row.id)
        op.execute(same.values(child_mailbox=_mailbox(row.child_email_key)))
    for row in op.get_bind().execute(sa.select(subjects.c.id).where(subjects.c.child_key != "")).all():
        op.execute(sa.update(subjects).where(subjects.c.id == row.id).values(child_stop_token=_token()))
    op.create_index("subjects_by_child_stop_token", "subjects", ["child_stop_token"], unique=True)
    op.create_index(
        "subjects_by_child_mailbox",
        "subjects",
        ["child_mailbox"],
        sqlite_where=sa.text(_GIVEN),
        postgresql_where=sa.text(_GIVEN),
    )


def _mailbox(key: str) -> str:
    """As `domain.address.mailbox` made it when this was written, for the addresses that were stored by then."""
    local, _, domain = unicodedata.normalize("NFKC", key).casefold().rpartition("@")
    local = local.partition("+")[0] or local
    host, _, above = domain.partition(".")
    if above in ("fastmail.com", "fastmail.fm"):
        return f"{host}@{above}"
    domain = _SAME_AS.get(domain, domain)
    if domain.startswith(("yahoo.", "ymail.com", "rocketmail.com")):
        local = local.partition("-")[0] or local
    ignored = {"gmail.com": ".", "proton.me": ".-_"}.get(domain, "")
    return f"{local.translate(dict.fromkeys(map(ord, ignored))) or local}@{domain}"


def _token() -> str:
    """As `storage.subjects` makes one: some mail programs take a mark at the end of a link for punctuation."""
    while not (token := secrets.token_urlsafe(24))[-1].isalnum():
        pass
    return token
