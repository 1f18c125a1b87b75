"""The load generator: prebuilt requests over a fixed number of connections, from one thread without a web client.

It shares the cores with the server that it measures, so it parses no more of an answer than its status and its end.
"""

import gc
import re
import select
import socket
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from time import perf_counter

CONNECTIONS = 8
_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)
_CLOSES = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
_SILENCE = 30


class Broken(Exception):
    """A server did not answer, or ended a connection in the middle of an answer."""


@dataclass(frozen=True)
class Load:
    """What was answered: how often each status, in how many seconds, and the seconds that each answer took, sorted."""

    statuses: Counter[int]
    seconds: float
    latencies: list[float]
    opened: int

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.latencies) / self.seconds


@dataclass
class _Caller:
    port: int
    connection: socket.socket = field(init=False)
    begun: float = 0.0
    received: bytes = b""
    whole: int = 0
    """How many bytes the answer has; 0 while its head is not there, -1 where only the end of the connection tells."""
    closes: bool = False

    def connect(self) -> None:
        # Without a timeout of its own, which would cost a system call more each time: `drive` waits for none too long.
        self.connection = socket.socket()
        self.connection.connect(("127.0.0.1", self.port))

    def read(self) -> bool:
        """Take what has come, and say whether the answer is whole."""
        part = self.connection.recv(262144)
        self.received += part
        if not self.whole:
            head = self.received.find(b"\r\n\r\n")
            if head >= 0:
                length = _LENGTH.search(self.received, 0, head)
                self.closes = self.received.startswith(b"HTTP/1.0") or bool(_CLOSES.search(self.received, 0, head))
                self.whole = head + 4 + int(length[1]) if length else -1
        if not part:
            if self.whole == -1:
                return True
            raise Broken(f"port {self.port}: the connection ended after {self.received[:200]!r}")
        return 0 < self.whole <= len(self.received)


def post(path: str, host: str, body: bytes, headers: str = "") -> bytes:
    """The bytes of a POST of a form."""
    head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\n{headers}"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def get(path: str, host: str, headers: str = "") -> bytes:
    """The bytes of a GET, as a browser that takes compressed answers sends it."""
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: gzip\r\n{headers}\r\n".encode()


def drive(port: int, requests: Sequence[bytes], connections: int = CONNECTIONS) -> Load:
    """Send these requests, `connections` at a time. A connection is used again as long as the server leaves it open.

    The time of an answer begins before its connection is opened, and ends with its last byte.

    Raises:
        Broken: when an answer does not come whole.
    """
    statuses: Counter[int] = Counter()
    latencies: list[float] = []
    poll = select.epoll()
    waiting = iter(requests)
    callers: dict[int, _Caller] = {}
    opened = 0
    gc.collect()
    gc.disable()
    begun = perf_counter()
    try:
        for _ in range(min(connections, len(requests))):
            opened += _next(_Caller(port), waiting, callers, poll)
        while callers:
            events = poll.poll(_SILENCE)
            if not events:
                raise Broken(f"port {port}: no answer in {_SILENCE} seconds")
            for number, _ in events:
                caller = callers[number]
                if caller.read():
                    latencies.append(perf_counter() - caller.begun)
                    statuses[int(caller.received[9:12])] += 1
                    opened += _next(caller, waiting, callers, poll)
    finally:
        gc.enable()
        poll.close()
        for caller in callers.values():
            caller.connection.close()
    return Load(statuses, perf_counter() - begun, sorted(latencies), opened)


def _next(caller: _Caller, waiting: Iterator[bytes], callers: dict[int, _Caller], poll: select.epoll) -> int:
    """Let a caller that is free send the next request. Returns how many connections that opened."""
    request = next(waiting, None)
    is_open = bool(caller.whole)
    if is_open and (request is None or caller.closes or caller.whole == -1):
        number = caller.connection.fileno()
        poll.unregister(number)
        del callers[number]
        caller.connection.close()
        is_open = False
    if request is None:
        return 0
    caller.received, caller.whole = b"", 0
    caller.begun = perf_counter()
    if not is_open:
        caller.connect()
        callers[caller.connection.fileno()] = caller
        poll.register(caller.connection.fileno(), select.EPOLLIN)
    caller.connection.sendall(request)
    return 0 if is_open else 1
