"""What the fault tests share: a server whose mail worker runs only when it is told to, and the counts at the end."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.delivery.sink import until
from tests.faults.auditor import check
from tests.faults.product import COUNTS, FULL, Product
from tests.faults.visitor import Visitors
from tests.server.running import Answer


@dataclass(frozen=True)
class Quiet:
    """A server without a worker beside it, so that only what an act does is seen and broken."""

    product: Product
    visitors: Visitors

    def ready(self, people: list[tuple[str, str]]) -> dict[tuple[str, str], Answer]:
        """Bring people to the page of the act that each is named with, as (act, address)."""
        worker = self.product.start_worker()
        pages = self.visitors.ready(people)
        worker.process.terminate()
        assert worker.ended() == 0, worker.said
        return pages

    def wait_for_another(self, before: list[int]) -> None:
        """Wait until other processes answer than those that were killed."""
        until(lambda: self.product.webs != [] and not set(before) & set(self.product.webs), "another process")
        until(self.product.is_healthy, "an answer")


@pytest.fixture(scope="session")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quiet]:
    """A quiet server for all tests that watch or break single acts. After the last one every invariant is checked."""
    with Product(tmp_path_factory.mktemp("quiet"), "--workers", "1", "--no-worker") as product:
        visitors = Visitors(product)
        yield Quiet(product, visitors)
        product.start_worker()
        check(product, visitors)


@dataclass(frozen=True)
class Busy:
    """A server with two web processes and its worker, and people who go on while something breaks."""

    product: Product
    visitors: Visitors

    def check(self) -> None:
        """Wait until all mails have gone, and assert every invariant."""
        check(self.product, self.visitors)


@pytest.fixture(scope="session")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Busy]:
    """A server on SQLite for all tests that break it under load; each leaves it whole."""
    with Product(tmp_path_factory.mktemp("busy"), "--workers", "2") as product:
        yield Busy(product, Visitors(product))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was done and what came of it."""
    if COUNTS:
        names = ("kills", "failed calls", "acknowledged", "lost", "doubled mails")
        counts = ", ".join(f"{name} {COUNTS[name]}" for name in names)
        terminalreporter.write_line(f"faults ({'in full' if FULL else 'short form'}): {counts}")
