"""SIGKILL at random moments under load: of web processes, of the worker, of the server, and of all of them at once."""

import random
import time
from pathlib import Path

import pytest

from tests.faults.auditor import check
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


@pytest.mark.parametrize("database", ["sqlite", "postgresql"] if FULL else ["sqlite"])
def test_what_is_killed_under_load_loses_nothing(request: pytest.FixtureRequest, tmp_path: Path, database: str) -> None:
    url = request.getfixturevalue("empty_postgresql") if database == "postgresql" else ""
    seed = time.time_ns()
    print(f"random seed {seed}")  # noqa: T201 (pytest shows it when the test fails)
    chance = random.Random(seed)  # noqa: S311 (no secret)
    targets = list(_TARGETS) * (8 if FULL else 1)
    chance.shuffle(targets)
    with Product(tmp_path, "--workers", "2", DATABASE_URL=url) as product:
        visitors = Visitors(product)
        with Crowd(visitors, 12 if FULL else 4):
            for target in targets:
                time.sleep(chance.uniform(0.1, 1.5))
                kill(product, target, chance)
        check(product, visitors)
        assert len(visitors.acknowledged) > 10, "hardly anything was under way"
