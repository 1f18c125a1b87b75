"""The month in which a child reaches the age goes like its first name: once nothing waits or runs for it. Older rows
kept it as long as the proof of what had ended.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    subjects = sa.table("subjects", *map(sa.column, ("id", "child_key", "decides_from")))
    consents = sa.table("consents", *map(sa.column, ("subject", "status")))
    requests = sa.table("requests", *map(sa.column, ("subject", "status")))
    runs = sa.exists().where(consents.c.subject == subjects.c.id, consents.c.status == "granted")
    waits = sa.exists().where(
        requests.c.subject == subjects.c.id, requests.c.status.in_(("requested", "awaiting_guardian"))
    )
    is_child = subjects.c.child_key != ""
    op.execute(sa.update(subjects).where(is_child, ~runs, ~waits).values(decides_from=None))
