"""A backup that is taken while people act: what it restores is whole, and a server runs on it.

In short, a server runs on one of the two copies of SQLite: on that of VACUUM INTO, which is the less like its original.
"""

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from app.config import Settings
from app.services import intake
from app.services.context import Context
from app.storage.outbox import LEASE
from tests import audit
from tests.delivery.sink import until
from tests.faults.auditor import halves, lost
from tests.faults.conftest import Busy
from tests.faults.postgresql import PROGRAMS
from tests.faults.product import FULL, Product
from tests.faults.visitor import ADULT, Crowd, Visitors
from tests.server.running import KEY


def by_the_backup_interface(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as served, closing(sqlite3.connect(target)) as copy:
        served.backup(copy)


def by_vacuum_into(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as served:
        served.execute("VACUUM INTO ?", (str(target),))


def look_at(visitors: Visitors, folder: Path) -> None:
    """Look whether all that these people were told is in a restored database."""
    ctx = Context.open(Settings(DATA_DIR=folder / "data", SECRET_KEY=KEY), prepare=False)
    try:
        intake.take_all(ctx)
        assert audit.verify(ctx) > 0
        assert [*lost(ctx, visitors), *halves(ctx)] == []
    finally:
        ctx.database.engine.dispose()


def use(visitors: Visitors, taken: datetime, folder: Path, **settings: str) -> None:
    """Start a server on a restored database, on which all that these people were told has to be, and let others act."""
    with Product(folder, **settings) as product:
        product.end_leases(taken + LEASE)  # what was under way at the backup
        newcomers = Visitors(product)
        newcomers.live(ADULT, "newcomer@voorbeeld.test")
        product.settle()
        with product.ctx() as ctx:
            assert audit.verify(ctx) > 0
            assert [*lost(ctx, visitors), *lost(ctx, newcomers), *halves(ctx), *newcomers.wrong] == []


def test_an_sqlite_backup_under_load_restores_clean(busy: Busy, tmp_path: Path) -> None:
    methods = {"backup": by_the_backup_interface, "vacuum": by_vacuum_into}
    taken = {}
    begun = len(busy.visitors.acknowledged)
    with Crowd(busy.visitors, 3):
        until(lambda: len(busy.visitors.acknowledged) >= begun + 12, "people have begun")
        for name, method in methods.items():
            before = busy.visitors.so_far()
            (tmp_path / name / "data").mkdir(parents=True)
            method(busy.product.folder / "data" / "akkoord.db", tmp_path / name / "data" / "akkoord.db")
            taken[name] = before, datetime.now(UTC)
    for name, (before, moment) in taken.items():
        if FULL or name == "vacuum":
            use(before, moment, tmp_path / name)
        else:
            look_at(before, tmp_path / name)


def test_a_postgresql_dump_under_load_restores_clean(tmp_path: Path, empty_postgresql: str) -> None:
    dump = tmp_path / "dump"
    (tmp_path / "restored").mkdir()
    with Product(tmp_path, DATABASE_URL=empty_postgresql) as product:
        visitors = Visitors(product)
        with Crowd(visitors, 3):
            until(lambda: len(visitors.acknowledged) >= 12, "people have begun")
            before = visitors.so_far()
            subprocess.run([PROGRAMS / "pg_dump", "-Fc", "-f", dump, empty_postgresql], check=True)
            taken = datetime.now(UTC)
    with another_database(empty_postgresql) as url:
        subprocess.run([PROGRAMS / "pg_restore", "--exit-on-error", "-d", url, dump], check=True)
        use(before, taken, tmp_path / "restored", DATABASE_URL=url)


@contextmanager
def another_database(url: str) -> Iterator[str]:
    """An empty database beside this one."""
    name = f"{make_url(url).database}_restored"
    psql = [str(PROGRAMS / "psql"), "--quiet", "--no-psqlrc", url, "-c"]
    subprocess.run([*psql, f"CREATE DATABASE {name}"], check=True)
    try:
        yield make_url(url).set(database=name).render_as_string(hide_password=False)
    finally:
        subprocess.run([*psql, f"DROP DATABASE {name}"], check=True)
