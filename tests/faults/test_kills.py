"""SIGKILL at random moments under load: of web processes, of the worker, of the server, and of all of them at once."""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.conftest import Busy
from tests.faults.product import FULL, Product
from tests.faults.visitor import Crowd, Visitors

_TARGETS = ("web", "worker", "web", "worker", "server", "everything")


def kill(product: Product, target: str, chance: random.Random) -> None:
    if target == "web":
        if webs := product.webs:
            product.kill(chance.choice(webs))
    elif target == "worker":
        product.kill_mailer()
    else:
        product.kill_server(and_all=target == "everything")


@pytest.fixture
def on_postgresql(tmp_path: Path, empty_postgresql: str) -> Iterator[Busy]:
    """The same as `busy`, on PostgreSQL."""
    with Product(tmp_path, "--workers", "2", DATABASE_URL=empty_postgresql) as product:
        yield Busy(product, Visitors(product))


@pytest.mark.parametrize("on", ["busy", "on_postgresql"] if FULL else ["busy"])
def test_what_is_killed_under_load_loses_nothing(request: pytest.FixtureRequest, on: str) -> None:
    server: Busy = request.getfixturevalue(on)
    seed = time.time_ns()
    print(f"random seed {seed}")  # noqa: T201 (pytest shows it when the test fails)
    chance = random.Random(seed)  # noqa: S311 (no secret)
    targets = list(_TARGETS) * (8 if FULL else 1)
    chance.shuffle(targets)
    before = len(server.visitors.acknowledged)
    with Crowd(server.visitors, 12 if FULL else 4):
        for target in targets:
            time.sleep(chance.uniform(0.1, 1.5 if FULL else 0.8))
            kill(server.product, target, chance)
    server.check()
    assert len(server.visitors.acknowledged) - before > 10, "hardly anything was under way"
