"""A database that goes away while the kit serves, and comes back: 503 meanwhile, and then it goes on by itself."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.delivery.sink import until
from tests.faults.auditor import check
from tests.faults.conftest import Busy
from tests.faults.postgresql import OwnServer, own_server
from tests.faults.product import FULL, Product
from tests.faults.visitor import ADULT, SUBMIT, Crowd, Visitors
from tests.server.running import get

_NO_DATABASE = "The database did not answer at the start"


def stop_and_start(database: OwnServer, how: str, product: Product, visitors: Visitors) -> None:
    """Let the database be away for a second, and hold the kit to what it has to say meanwhile and afterwards."""
    began = len(product.sink.mails)
    until(lambda: len(product.sink.mails) > began, "mails flow")
    refused = visitors.answers["503"]
    database.stop(how)
    stopped = datetime.now(UTC)
    health = get(f"{product.address}/healthz")
    assert (health.status, bool(health.headers["Retry-After"])) == (503, True)
    until(lambda: visitors.answers["503"] > refused, "a visitor is told to come back")
    time.sleep(1)
    database.start()
    product.crashed(stopped)  # a mail may have gone whose note met the stop
    back = time.monotonic()
    visitors.does(SUBMIT, f"back{back}@voorbeeld.test")
    assert time.monotonic() - back < 5


@pytest.mark.parametrize("how", ["immediate", "fast"] if FULL else ["immediate"])
def test_a_postgresql_server_that_stops_is_waited_for(tmp_path: Path, how: str) -> None:
    with own_server() as database, Product(tmp_path, "--workers", "2", DATABASE_URL=database.uri) as product:
        visitors = Visitors(product)
        with Crowd(visitors, 3):
            for _ in range(3 if FULL else 1):
                stop_and_start(database, how, product, visitors)
        check(product, visitors)


def test_an_sqlite_folder_that_is_moved_away_and_back_loses_nothing(busy: Busy) -> None:
    data, away = busy.product.folder / "data", busy.product.folder / "away"
    before = len(busy.product.sink.mails)
    with Crowd(busy.visitors, 3):
        until(lambda: len(busy.product.sink.mails) > before + 3, "everything has started")
        data.rename(away)
        time.sleep(0.5)
        away.rename(data)
        time.sleep(0.5)
    busy.check()


def test_a_worker_that_starts_while_the_folder_is_away_makes_no_other_and_waits(busy: Busy) -> None:
    data, away = busy.product.folder / "data", busy.product.folder / "away"
    busy.visitors.live(ADULT, "before@voorbeeld.test")
    said = busy.product.said.count(_NO_DATABASE)
    data.rename(away)
    busy.product.kill(busy.product.mailers[0])
    busy.visitors.does(SUBMIT, "meanwhile@voorbeeld.test")
    until(lambda: busy.product.said.count(_NO_DATABASE) > said, "a worker that finds no database")
    assert not data.exists()
    away.rename(data)
    busy.product.crashed(datetime.now(UTC))
    busy.check()
