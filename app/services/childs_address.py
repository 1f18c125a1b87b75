"""Whether a mailbox is a child's own: nobody is asked there as a parent."""

from datetime import datetime

from sqlalchemy import Connection

from ..storage import subjects, suppressions


def is_childs(connection: Connection, controller: str, email_key: str, now: datetime) -> bool:
    """Whether a child below the age said that this mailbox is its own, also where it has stopped everything since.

    Nobody is asked there as a parent.
    """
    whose = (connection, controller, email_key, now)
    return suppressions.is_childs(*whose) or subjects.below_age_at(*whose) is not None
