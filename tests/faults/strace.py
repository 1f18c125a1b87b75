"""Watches the system calls of running processes with strace, and makes some of them fail or kill."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.delivery.sink import until
from tests.server.running import is_alive

_UNFINISHED = re.compile(r"^(?P<pid>\d+) +(?P<name>\w+)\((?P<rest>.*) <unfinished \.\.\.>$")
_RESUMED = re.compile(r"^(?P<pid>\d+) +<\.\.\. (?P<name>\w+) resumed>(?P<rest>.*)$")
_WHOLE = re.compile(r"^(?P<pid>\d+) +(?P<name>\w+)\((?P<rest>.*)$")
_FILE = re.compile(r"^\d+<(?P<file>.*?)>(?=[,)]| <)")


@dataclass
class Call:
    """A system call of a process: when it began and ended, as line numbers of the trace, and on which file."""

    pid: int
    name: str
    text: str
    began: int
    ended: int

    @property
    def file(self) -> str:
        """The file of its descriptor, if it has one."""
        found = _FILE.match(self.text)
        return found["file"] if found else ""

    @property
    def worked(self) -> bool:
        """Whether it ended without an error."""
        return bool(self.ended) and " = -1 " not in self.text and not self.text.endswith("= ?")

    @property
    def answers(self) -> bool:
        """Whether it is the beginning of an answer over HTTP."""
        return self.name in ("sendto", "send", "sendmsg", "write", "writev") and '"HTTP/1.' in self.text

    @property
    def reads_request(self) -> bool:
        """Whether it is the one that reads the beginning of a POST."""
        return self.name in ("recvfrom", "recv", "recvmsg", "read") and '"POST /' in self.text


def calls(trace: str) -> list[Call]:
    """The system calls in what strace wrote, in the order in which they began."""
    found: list[Call] = []
    open_calls: dict[int, Call] = {}
    for number, line in enumerate(trace.splitlines(), 1):
        if match := _UNFINISHED.match(line):
            call = Call(int(match["pid"]), match["name"], match["rest"], number, 0)
            open_calls[call.pid] = call
            found.append(call)
        elif match := _RESUMED.match(line):
            begun = open_calls.pop(int(match["pid"]), None)
            if begun is not None:
                begun.text, begun.ended = begun.text + match["rest"], number
        elif match := _WHOLE.match(line):
            found.append(Call(int(match["pid"]), match["name"], match["rest"], number, number))
    return found


@contextmanager
def strace(output: Path, pids: list[int], *options: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Watch these processes and all their threads while the block lasts. What is seen is written to `output`."""
    targets = [part for pid in pids for part in ("-p", str(pid))]
    process = subprocess.Popen(
        ["strace", "-f", "-y", "-s", "32", "-o", str(output), *options, *targets],  # noqa: S607
        stderr=subprocess.PIPE,
        env={"PATH": os.environ["PATH"]},
    )
    assert process.stderr is not None
    try:
        for _ in pids:
            line = process.stderr.readline()
            assert b"attached" in line, f"strace cannot attach (in a container it needs SYS_PTRACE): {line!r}"
        yield process
    finally:
        process.send_signal(signal.SIGTERM)  # it lets go of what it watches, and nothing of that ends
        _wait_for_end(process, pids)
        process.stderr.close()


def _wait_for_end(process: "subprocess.Popen[bytes]", pids: list[int]) -> None:
    """Wait until strace has ended. Told to let go of several threads that were just killed, it would wait for ever.

    It waits for the first of them, which ends only when strace has taken note of the end of the others.
    """
    until(lambda: process.poll() is not None or not all(map(is_alive, pids)), "strace lets go", 30)
    if process.poll() is None:
        process.kill()
        process.wait()


def failing(*names: str, error: str, files: tuple[Path, ...] = ()) -> list[str]:
    """The options for `strace` that make these system calls fail, on these files alone where they are named."""
    listed = ",".join(names)
    only = [part for file in files for part in ("-P", str(file))]
    return [*only, "-e", f"trace={listed}", "-e", f"inject={listed}:error={error}"]
