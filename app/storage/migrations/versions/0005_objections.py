"""A table of objections: the controller's contact is told of each, within a budget, and none is lost on the way."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "objections",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("controller", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("form", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(64), nullable=False),
        sa.Column("notice", sa.String(64), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("mail", sa.String(64), nullable=False),
        sa.Column("tell_at", sa.String(27), nullable=False),
        sa.Column("told_at", sa.String(27)),
    )
    op.create_index("objections_of_controller", "objections", ["controller", "tell_at"])
    op.create_index("objections_of_mail", "objections", ["mail"])
    op.create_index("objections_by_digest", "objections", ["digest", "at"])
    where = sa.text("told_at IS NULL")
    op.create_index("objections_untold", "objections", ["subject"], sqlite_where=where, postgresql_where=where)
    _keep_what_waits()


def _keep_what_waits() -> None:
    """The mails that told of one objection each become mails of the new kind: what waits in them is told as well."""
    purpose = "json_extract(data, '$.purpose')"
    if op.get_bind().dialect.name == "postgresql":
        purpose = "data::json ->> 'purpose'"
    waits = "kind = 'interest_to_weigh' AND status = 'queued'"
    op.execute(
        "INSERT INTO objections (id, controller, subject, digest, form, purpose, notice, at, mail, tell_at)"  # noqa: S608
        f" SELECT id, controller, subject, '', form, {purpose}, notice, created_at, id, due_at FROM outbox"
        f" WHERE {waits}"
    )
    op.execute(f"UPDATE outbox SET kind = 'objections', subject = '' WHERE {waits}")  # noqa: S608
