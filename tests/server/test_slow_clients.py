"""Connections that are slow, or idle, hold up nobody: `akkoord serve` by itself, without a proxy in front."""

import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from app import connections
from tests.delivery.sink import Sink, until
from tests.server.running import Program, enough, get, listeners, once_it_answers, running, session
from tests.server.test_server import FORM, serving

_MANY = 200
_HEAD = f"POST {FORM} HTTP/1.1\r\nHost: {{host}}\r\nContent-Type: application/x-www-form-urlencoded\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Program, str]]:
    """A server that nobody else uses: it has one process with the threads of the default."""
    with serving(tmp_path_factory.mktemp("slow"), 1, "--no-worker") as started:
        yield started


def connect(address: str, source: str = "127.0.7.1", receives: int = 0) -> socket.socket:
    """A connection from an address of another network than that of everybody else here."""
    there = urlsplit(address)
    connection = socket.socket()
    if receives:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receives)
    connection.settimeout(20)
    connection.bind((source, 0))
    connection.connect((str(there.hostname), there.port or 0))
    return connection


def nothing(connection: socket.socket, host: str, second: int) -> None:
    """A connection that nobody uses."""


def header_bytes(connection: socket.socket, host: str, second: int) -> None:
    connection.send(f"GET {FORM} HTTP/1.1\r\nHost: {host}\r\nX: {'x' * 99}".encode()[second : second + 1])


def body_bytes(connection: socket.socket, host: str, second: int) -> None:
    head = (_HEAD.format(host=host) + "Content-Length: 1000\r\n\r\n").encode()
    connection.send(b"x" if second else head)


def chunk_bytes(connection: socket.socket, host: str, second: int) -> None:
    head = (_HEAD.format(host=host) + "Transfer-Encoding: chunked\r\n\r\n").encode()
    connection.send(b"1\r\nx\r\n" if second else head)


def requests_one_after_the_other(connection: socket.socket, host: str, second: int) -> None:
    connection.send(f"GET {FORM} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())


def many_requests_whose_answers_nobody_reads(connection: socket.socket, host: str, second: int) -> None:
    if not second:
        connection.send(f"GET {FORM} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode() * 60)


SLOW = (
    nothing,
    header_bytes,
    body_bytes,
    chunk_bytes,
    requests_one_after_the_other,
    many_requests_whose_answers_nobody_reads,
)


@contextmanager
def crowd(address: str, act: Callable[[socket.socket, str, int], None], source: str) -> Iterator[None]:
    """Two hundred connections that do this once a second, while the block runs."""
    ended, begun, host = threading.Event(), threading.Event(), urlsplit(address).netloc
    with ExitStack() as opened:
        # The least that the kernel gives: else it would take the whole answer.
        all_of_them = [opened.enter_context(connect(address, source, 2048)) for _ in range(_MANY)]

        def act_on() -> None:
            for second in range(1000):
                for connection in all_of_them:
                    with suppress(OSError):  # the server has ended it
                        act(connection, host, second)
                begun.set()
                if ended.wait(1):
                    return

        thread = threading.Thread(target=act_on)
        thread.start()
        begun.wait(60)
        try:
            yield
        finally:
            ended.set()
            thread.join()


@pytest.mark.parametrize("source", ["127.0.7.1", "127.0.0.1"], ids=["another network", "the same network"])
@pytest.mark.parametrize("act", SLOW, ids=[act.__name__ for act in SLOW])
def test_two_hundred_slow_connections_hold_up_nobody(
    server: tuple[Program, str], act: Callable[[socket.socket, str, int], None], source: str
) -> None:
    address = server[1]
    with crowd(address, act, source):
        waited = []
        for _ in range(10):
            begun = time.monotonic()
            page = get(address + FORM)
            waited.append(time.monotonic() - begun)
            assert page.heading == "Contact over werk"
            time.sleep(0.2)
    assert max(waited) < 1, waited
    assert "Traceback" not in server[0].said


def sockets_of(pid: int) -> int:
    """How many sockets a process has open."""
    found = 0
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            found += entry.readlink().name.startswith("socket:")
    return found


def web_process(program: Program) -> int:
    (found,) = [pid for pid in session(program.process.pid) if pid != program.process.pid]
    return found


@pytest.mark.parametrize(("proxies", "most"), [("0", connections.PER_NETWORK), ("1", _MANY)])
def test_one_network_has_a_hundred_connections_at_most_unless_it_is_the_proxy(
    tmp_path: Path, proxies: str, most: int
) -> None:
    with serving(tmp_path, 1, "--no-worker", TRUSTED_PROXIES=proxies) as (program, address), ExitStack() as opened:
        before = sockets_of(web_process(program))
        for _ in range(_MANY):
            opened.enter_context(connect(address))
        until(lambda: sockets_of(web_process(program)) >= before + most - 1, "all are taken")
        time.sleep(0.5)
        assert sockets_of(web_process(program)) <= before + most
        assert get(address + FORM).status == 200


def test_what_is_not_there_in_time_is_refused_and_its_connection_ends(server: tuple[Program, str]) -> None:
    address = server[1]
    host = urlsplit(address).netloc
    head = _HEAD.format(host=host)
    sent = {"": 10, "GET / HT": 10, head: 10, head + "Content-Length: 1000\r\n\r\nx": 30}
    ended: dict[str, tuple[float, bytes]] = {}

    def wait_for(text: str) -> None:
        with connect(address) as connection:
            connection.settimeout(60)
            begun = time.monotonic()
            connection.sendall(text.encode())
            answer = b"".join(iter(lambda: connection.recv(4096), b""))
            ended[text] = time.monotonic() - begun, answer

    with ThreadPoolExecutor(len(sent)) as pool:
        list(pool.map(wait_for, sent))
    for text, seconds in sent.items():
        took, answer = ended[text]
        assert seconds - 1 <= took <= seconds + 3, text
        assert answer.startswith(b"HTTP/1.1 408 Request Timeout\r\n" if text else b""), text
        assert bool(answer) == bool(text)


def test_headers_without_an_end_are_refused(server: tuple[Program, str]) -> None:
    with connect(server[1]) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * (connections.LONGEST_HEAD // 6))
        assert connection.recv(100).startswith(b"HTTP/1.1 431 ")


def answers(address: str, *parts: bytes) -> bytes:
    """What comes back on one connection, until the server ends it, to what is sent in these parts."""
    with connect(address) as connection:
        for part in parts:
            connection.sendall(part)
            time.sleep(0.05)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def test_requests_sent_together_or_in_pieces_are_each_answered_once(server: tuple[Program, str]) -> None:
    host = urlsplit(server[1]).netloc
    again = f"GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    last = f"GET {FORM} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
    for parts in ((again + again + last,), (again, again, last), (again[:9], again[9:] + again + last[:40], last[40:])):
        answer = answers(server[1], *parts)
        assert answer.count(b"HTTP/1.1 200 OK\r\n") == 3
        assert answer.endswith(b"</html>") or answer.rstrip().endswith(b"</html>")


@pytest.mark.parametrize("body", [b"9\r\nlink=nowhr\r\n0\r\n\r\n", b"4\r\nlink\r\n00;x=y\r\nTrailer: z\r\n\r\n"])
def test_a_body_in_chunks_is_answered_when_its_last_chunk_is_there(server: tuple[Program, str], body: bytes) -> None:
    head = _HEAD.format(host=urlsplit(server[1]).netloc) + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    begun = time.monotonic()
    answer = answers(server[1], head.encode(), body[:7], body[7:])
    assert answer.startswith(b"HTTP/1.1 4")
    assert time.monotonic() - begun < 5


def test_a_body_that_waits_to_be_asked_for_is_asked_for_once(server: tuple[Program, str]) -> None:
    head = _HEAD.format(host=urlsplit(server[1]).netloc) + "Expect: 100-continue\r\nConnection: close\r\n"
    with connect(server[1]) as connection:
        connection.sendall(head.encode() + b"Content-Length: 4\r\n\r\n")
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"a=bc")
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert b"100 Continue" not in answer
    assert b"</html>" in answer


def test_a_body_that_is_too_long_is_refused_before_it_is_there_and_the_answer_arrives(
    server: tuple[Program, str],
) -> None:
    head = _HEAD.format(host=urlsplit(server[1]).netloc) + f"Content-Length: {10**7}\r\n\r\n"
    with connect(server[1]) as connection:
        connection.sendall(head.encode() + b"x" * 100_000)
        answer = connection.recv(100)
    assert answer.startswith(b"HTTP/1.1 413 ")


def test_a_server_that_is_told_to_stop_waits_for_no_slow_connection(tmp_path: Path) -> None:
    with serving(tmp_path, 1, "--no-worker") as (program, address), ExitStack() as opened:
        for _ in range(20):
            opened.enter_context(connect(address)).send(b"GET / HT")
        begun = time.monotonic()
        program.signal(signal.SIGTERM)
        assert program.ended() == 0
        assert time.monotonic() - begun < 5


def test_a_server_whose_master_was_killed_is_gone_at_once_and_another_one_starts(tmp_path: Path) -> None:
    with Sink() as sink, serving(tmp_path, sink.port) as (program, address):
        until(lambda: len(session(program.process.pid)) == 3, "a web process and a worker")
        slow = connect(address)  # what it waits for must not keep the port
        slow.send(b"GET / HT")
        time.sleep(0.1)
        begun = time.monotonic()
        program.signal(signal.SIGKILL)
        program.ended()
        port = urlsplit(address).port or 0
        until(lambda: listeners(port) == set(), "the port is free")
        assert time.monotonic() - begun < 0.5
        until(lambda: session(program.process.pid) == [], "nobody is left")
        assert time.monotonic() - begun < 5
        slow.close()
        settings = enough(tmp_path, port, sink.port)
        with running(tmp_path, "serve", "--port", str(port), log="again", **settings) as another:
            assert once_it_answers(address + FORM, another).status == 200
