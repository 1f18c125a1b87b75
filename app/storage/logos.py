"""The logos that themes name, kept for ever like the notices that stand beside them."""

from sqlalchemy import Connection, select

from .database import insert_unless_there
from .schema import logos


def store(connection: Connection, name: str, content: bytes) -> None:
    """Keep a logo. Its name says what is in it, so one that is kept already is the same."""
    insert_unless_there(connection, logos, name=name, content=content)


def find(connection: Connection, name: str) -> bytes | None:
    """What is in the logo of this name."""
    return connection.execute(select(logos.c.content).where(logos.c.name == name)).scalar_one_or_none()
