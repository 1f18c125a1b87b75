"""Whether a mailbox is a child's own: nobody is asked there as a parent."""

from datetime import datetime

from sqlalchemy import Connection

from ..storage import subjects, suppressions
from ..storage.subjects import Subject


def child_at(connection: Connection, controller: str, email_key: str, now: datetime) -> tuple[Subject | None, bool]:
    """The child below the age whose own mailbox this is, and whether it is a child's.

    It stays one's own where the child has stopped everything and nothing else is kept of it.
    """
    child = subjects.below_age_at(connection, controller, email_key, now)
    return child, child is not None or suppressions.is_childs(connection, controller, email_key, now)


def is_childs(connection: Connection, controller: str, email_key: str, now: datetime) -> bool:
    """Whether a mailbox is a child's own."""
    return child_at(connection, controller, email_key, now)[1]
