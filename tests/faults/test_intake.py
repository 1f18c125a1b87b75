"""SIGKILL between the answer and the taking: what was acknowledged is taken once, however often somebody is killed."""

import random
import threading
import time
from collections import Counter
from pathlib import Path

from tests import audit
from tests.faults.product import FULL, Product
from tests.faults.visitor import SUBMIT, Visitors

_PEOPLE = 1_000 if FULL else 150
_AT_ONCE = 4
_KILLS = 40 if FULL else 5
"""At least: about twice as many come between so many people."""


def test_what_is_acknowledged_is_taken_once_however_often_the_worker_and_the_web_are_killed(tmp_path: Path) -> None:
    seed = time.time_ns()
    print(f"random seed {seed}")  # noqa: T201 (pytest shows it when the test fails)
    chance = random.Random(seed)  # noqa: S311 (no secret)
    people = [f"person@domain{number}.test" for number in range(_PEOPLE)]
    with Product(tmp_path, "--workers", "1") as product:
        visitors = Visitors(product)
        page = visitors.page(SUBMIT, "")

        def send(own: list[str]) -> None:
            for email in own:
                while not visitors.press(SUBMIT, email, page):
                    time.sleep(0.05)

        threads = [threading.Thread(target=send, args=(people[first::_AT_ONCE],)) for first in range(_AT_ONCE)]
        for thread in threads:
            thread.start()
        kills, answered = 0, 0
        while any(thread.is_alive() for thread in threads):
            time.sleep(chance.uniform(0.005, 0.05))
            if visitors.answers["200"] < answered:
                continue
            answered = visitors.answers["200"] + chance.randrange(_PEOPLE // _KILLS)
            if chance.random() < 0.7 and product.mailers:
                product.kill_mailer()
            elif webs := product.webs:
                product.kill(chance.choice(webs))
            kills += 1
        for thread in threads:
            thread.join()
        product.settle()

        with product.ctx() as ctx:
            found = {row["id"]: row["email"] for row in audit.rows(ctx, "subjects")}
            assert sorted(found.values()) == sorted(people), "none is lost, and nobody is there twice"
            requests = Counter(found[row["subject"]] for row in audit.rows(ctx, "requests"))
            entries = Counter(found[row["subject"]] for row in audit.rows(ctx, "ledger", "kind = 'requested'"))
            assert requests == entries == Counter(people), "each is taken once"
            assert {row["subject"] for row in audit.rows(ctx, "outbox", "status = 'sent'")} == set(found)
            assert audit.verify(ctx) >= 2 * _PEOPLE
        assert visitors.wrong == []
        assert kills >= _KILLS, "hardly anybody was killed"
