"""Children of one address whom their parent could take for each other on a page."""

from dataclasses import replace

from sqlalchemy import Connection

from ..storage import subjects
from ..storage.subjects import Subject


def told_apart(connection: Connection, child: Subject) -> Subject:
    """The child as the pages of its parent tell it: with `decides_from` only where another child has its first name.

    That month is what two children of one name are told apart by (see `submission`); nobody else needs to read it.
    """
    if child.decides_from is None:
        return child
    named = child.child_key.partition("\n")[0]
    has_namesake = len(subjects.namesakes(connection, child.controller, child.email_key, named)) > 1
    return child if has_namesake else replace(child, decides_from=None)
