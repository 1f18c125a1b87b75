"""The web process: gunicorn's threads, to which a request goes once it is there as a whole.

One thread looks after all connections at once and waits for none of them, so that a sender that is slow, or a reader,
occupies no thread. There is a bound of time for each request and answer, and one of connections for each network.
"""

import re
import selectors
import socket
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

from .deaths import end_with_parent
from .factory import MAX_BODY
from .web.network import network_of

MOST = 500
"""Connections of one web process: with its files and those of the database fewer than the 1,024 of most systems."""
PER_NETWORK = 100
"""Connections of one network. A school is one address, and a browser opens six."""

HEAD_WITHIN = 10.0
REQUEST_WITHIN = 30.0
ANSWER_WITHIN = 60.0
"""Seconds from the first byte of a request to the end of its headers and of its body, and for what the kernel does not
take of an answer at once."""
_LINGER = 2.0
"""Seconds in which an answer may be read before a connection ends that still sends, and to hear of a next request
when the process is told to stop."""
_LOOK_EVERY = 0.5

LONGEST_HEAD = 128 * 1024
_AT_ONCE = 64 * 1024
"""Bytes."""

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:[^\r\n]*chunked", re.IGNORECASE)
_CONTINUE = re.compile(rb"\r\nexpect:[ \t]*100-continue", re.IGNORECASE)
_LAST_CHUNK = re.compile(rb"\r\n0+[ \t]*(;[^\r\n]*)?\r\n([^\r\n]+\r\n)*\r\n\Z")


class _Received:
    """What gunicorn takes for the socket: gives what has come in, keeps what is to go out, and waits for nothing.

    `is_short` is whether more was read than was there.
    """

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        self.real = sock
        self.bytes = bytearray()
        self.unsent = bytearray()
        self.is_short = False

    def recv(self, size: int) -> bytes:
        data = bytes(self.bytes[:size])
        del self.bytes[:size]
        self.is_short = self.is_short or not data
        return data

    def sendall(self, data: bytes) -> None:
        self.unsent += data

    def send(self, data: bytes) -> int:
        """Only "100 Continue" comes this way, and it has been said before the body was there."""
        return len(data)

    def flush(self) -> None:
        """Send what goes at once. Raises OSError where nobody reads any more."""
        while self.unsent:
            try:
                del self.unsent[: self.real.send(self.unsent)]
            except BlockingIOError:
                return

    def setblocking(self, _blocks: bool) -> None:
        """Never."""

    settimeout = shutdown = setblocking

    def gettimeout(self) -> float:
        return 0.0

    def close(self) -> None:
        """The process ends a connection, when the answer is sent."""


class _Connection(TConn):
    """A connection, and what it waits for until when. Its request is handed over once it is whole."""

    def __init__(self, cfg: Any, sock: socket.socket, client: Any, server: Any, network: str) -> None:
        self.io = _Received(sock)
        super().__init__(cfg, self.io, client, server)  # type: ignore[arg-type]
        self.data_ready = True  # for gunicorn: no thread is to wait for it
        self.network = network
        self.deadline = 0.0
        self.keeps = False
        self.begin()

    def begin(self) -> None:
        """Expect a request. What was sent behind the one before is the beginning of this one."""
        if self.parser is not None:
            unreader: Any = self.parser.unreader  # type: ignore[union-attr]  # the parser is that of HTTP/1
            self.io.bytes[:0] = unreader.take_buffered()
        self._searched = 0
        self._body_at = 0
        self._length = 0
        self._is_chunked = False
        self.begun: float | None = None

    def has_head(self) -> bool:
        return self._body_at > 0

    def is_whole(self) -> bool:
        """Whether the request is there as a whole, or as much of it as tells that it is to be refused."""
        received = self.io.bytes
        if not self._body_at:
            found = received.find(b"\r\n\r\n", max(0, self._searched - 3), LONGEST_HEAD)
            self._searched = len(received)
            if found < 0:
                return len(received) >= LONGEST_HEAD
            self._body_at = found + 4
            head = bytes(received[: found + 2])
            length = _LENGTH.search(head)
            self._length = int(length[1]) if length else 0
            self._is_chunked = _CHUNKED.search(head) is not None
            if _CONTINUE.search(head) and self._length <= MAX_BODY:
                self.io.unsent += b"HTTP/1.1 100 Continue\r\n\r\n"
        there = len(received) - self._body_at
        if self._is_chunked:
            # With what one chunk may say of itself beside its bytes, the body is longer than is read of it.
            return (
                there > 2 * MAX_BODY
                or _LAST_CHUNK.search(received, max(self._body_at - 2, len(received) - 1024)) is not None
            )
        return there >= self._length or self._length > MAX_BODY


class WebProcess(ThreadWorker):
    """Gunicorn's worker with threads, which hands requests over as soon as they are whole. See the module."""

    bounds_networks = True
    """Not where a proxy stands in front: all connections are its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waiting: dict[_Connection, None] = {}
        self._of_network: Counter[str] = Counter()
        self._look_at = 0.0
        self._stops_at = float("inf")

    def init_process(self) -> None:
        end_with_parent(self.ppid)
        super().init_process()

    def run(self) -> None:
        wakes: Any = self.method_queue
        self.poller.register(wakes, selectors.EVENT_READ, wakes.run_callbacks)
        while self.alive and self.is_parent_alive():
            self.set_accept_enabled(self.nr_conns < MOST or bool(self._waiting))
            self._look_after()
        self.alive = False
        self.set_accept_enabled(False)
        for listener in self.sockets:  # at once: another server may want the port
            listener.close()
        self._stops_at = time.monotonic() + _LINGER
        until = time.monotonic() + self.cfg.graceful_timeout
        while self.nr_conns > 0 and time.monotonic() < until:
            self._look_after()
        self.tpool.shutdown(wait=False)
        self.poller.close()
        self.method_queue.close()

    def _look_after(self) -> None:
        self.notify()
        self.wait_for_and_dispatch_events(_LOOK_EVERY)
        now = time.monotonic()
        if now >= self._look_at:
            self._look_at = now + _LOOK_EVERY
            for connection in tuple(self._waiting):
                if connection.deadline <= now or (self._stops_at <= now and not connection.io.unsent):
                    self._is_late(connection)

    def accept(self, listener: socket.socket) -> None:
        try:
            sock, client = listener.accept()
        except OSError:  # it went away, or another process had it
            return
        network = network_of(client[0]) if self.bounds_networks and isinstance(client, tuple) else ""
        if self.nr_conns >= MOST:
            self._drop_longest(lambda _: True)
        elif network and self._of_network[network] >= PER_NETWORK:
            self._drop_longest(lambda other: other.network == network)
        self.nr_conns += 1
        self._of_network[network] += 1
        self._expect(_Connection(self.cfg, sock, client, listener.getsockname(), network))

    def _drop_longest(self, may_go: Callable[[_Connection], bool]) -> None:
        """End the connection that has waited longest: it is slow, or idle."""
        if longest := next(filter(may_go, self._waiting), None):
            self._end(longest)

    def _expect(self, connection: _Connection) -> None:
        connection.begin()
        if connection.io.bytes:
            self._go_on(connection)
        else:
            self._wait(connection, selectors.EVENT_READ, self._receive, HEAD_WITHIN)

    def _wait(self, connection: _Connection, what: int, then: Callable[[_Connection], None], seconds: float) -> None:
        connection.deadline = time.monotonic() + seconds
        self._waiting[connection] = None
        self.poller.register(connection.io.real, what, lambda _: then(connection))

    def _wait_no_more(self, connection: _Connection) -> None:
        if connection in self._waiting:
            del self._waiting[connection]
            self.poller.unregister(connection.io.real)

    def _receive(self, connection: _Connection) -> None:
        try:
            data = connection.io.real.recv(_AT_ONCE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
            connection.io.bytes.clear()
        connection.io.bytes += data
        if data:
            self._go_on(connection)
        elif connection.io.bytes:
            self._hand_over(connection)  # cut off: the parser finds out, or the application
        else:
            self._end(connection)

    def _go_on(self, connection: _Connection) -> None:
        """Hand a request over that is whole; wait for the rest of another."""
        if connection.is_whole():
            if connection.has_head():
                self._hand_over(connection)
            else:
                self._refuse(connection, "431 Request Header Fields Too Large")
            return
        if connection.io.unsent:
            connection.io.flush()
        if connection.begun is None:
            connection.begun = time.monotonic()
        within = REQUEST_WITHIN if connection.has_head() else HEAD_WITHIN
        if connection not in self._waiting:
            self._wait(connection, selectors.EVENT_READ, self._receive, within)
        connection.deadline = connection.begun + within

    def _hand_over(self, connection: _Connection) -> None:
        self._wait_no_more(connection)
        connection.io.is_short = False
        self.enqueue_req(connection)

    def handle(self, conn: _Connection) -> bool:  # type: ignore[override]
        """Answer a request, in a thread. What the kernel does not take at once is sent later."""
        keeps = super().handle(conn)
        conn.io.flush()
        return bool(keeps)

    def finish_request(self, conn: _Connection, fs: "Future[bool]") -> None:  # type: ignore[override]
        try:
            conn.keeps = fs.result() and not conn.io.is_short
        except Exception:  # noqa: BLE001 (nobody reads any more; what else fails has been logged)
            self._end(conn)
            return
        self._send(conn)

    def _send(self, connection: _Connection) -> None:
        try:
            connection.io.flush()
        except OSError:
            self._end(connection)
            return
        if connection.io.unsent:
            if connection not in self._waiting:
                self._wait(connection, selectors.EVENT_WRITE, self._send, ANSWER_WITHIN)
            return
        self._wait_no_more(connection)
        if connection.keeps and self.alive:
            self._expect(connection)
        elif connection.io.is_short or connection.io.bytes:
            self._linger(connection)
        else:
            self._end(connection)

    def _refuse(self, connection: _Connection, status: str) -> None:
        self._wait_no_more(connection)
        connection.keeps, connection.io.is_short = False, True
        connection.io.unsent += f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".encode()
        self._send(connection)

    def _linger(self, connection: _Connection) -> None:
        """Let the answer be read: to end a connection with bytes in it that nobody has read takes it back."""
        try:
            connection.io.real.shutdown(socket.SHUT_WR)
        except OSError:
            self._end(connection)
        else:
            self._wait(connection, selectors.EVENT_READ, self._pass_by, _LINGER)

    def _pass_by(self, connection: _Connection) -> None:
        try:
            if connection.io.real.recv(_AT_ONCE):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self._end(connection)

    def _is_late(self, connection: _Connection) -> None:
        is_half_sent = connection.begun is not None and not connection.io.unsent and not connection.io.is_short
        if is_half_sent:
            self._refuse(connection, "408 Request Timeout")
        else:
            self._end(connection)

    def _end(self, connection: _Connection) -> None:
        self._wait_no_more(connection)
        connection.io.real.close()
        self.nr_conns -= 1
        self._of_network[connection.network] -= 1
        if not self._of_network[connection.network]:
            del self._of_network[connection.network]
