"""What PostgreSQL alone brings: who waits for whom, how long, and what is done about a server that has changed."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import psycopg
import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import DBAPIError, InternalError, OperationalError

from app import paths
from app.config import Settings
from app.factory import create_app
from app.services import confirmation, publishing, withdrawal
from app.services.context import Context
from app.storage import ledger
from app.storage.database import Database
from app.worker import Worker
from tests import audit
from tests.conftest import BASE_URL, KEY, postgresql_database
from tests.delivery.sink import until
from tests.factories import Clock, Mailbox, send_form, token_in, work_off
from tests.server.running import own_forms

MIGRATION_LOCK = 0x616B6B6F
"""The number by which those who migrate wait for each other. Older versions know it: it stays."""


@pytest.fixture(scope="module")
def with_careers(postgresql_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a PostgreSQL database in which `talentwerk/careers` is published; nobody is connected to it."""
    folder = tmp_path_factory.mktemp("careers")
    with postgresql_database(postgresql_server) as url:
        ctx = Context.open(Settings(DATA_DIR=folder, DATABASE_URL=url, BASE_URL=BASE_URL, SECRET_KEY=KEY))
        publishing.publish(ctx, own_forms(folder, "talentwerk").parent)
        ctx.database.engine.dispose()
        yield name_of(url)


@pytest.fixture
def on_postgresql(postgresql_server: str, with_careers: str, settings: Settings) -> Iterator[Settings]:
    """Settings with a PostgreSQL database of this test's own, in which `talentwerk/careers` is published."""
    with postgresql_database(postgresql_server, with_careers) as url:
        yield replace(settings, DATABASE_URL=url)


def name_of(url: str) -> str:
    """The name of the database at an address."""
    return str(psycopg.conninfo.conninfo_to_dict(url)["dbname"])


@pytest.fixture
def kits() -> Iterator[ExitStack]:
    """Closes, at the end, the databases of the kits that `opened` opens."""
    with ExitStack() as stack:
        yield stack


def opened(kits: ExitStack, settings: Settings, clock: Clock, **limits: str) -> Context:
    """A kit as a process of its own would have it, with other limits on the server than the usual."""
    options = "".join(f"%20-c%20{name}%3D{value}" for name, value in limits.items())
    mark = "&" if "?" in settings.DATABASE_URL else "?"
    url = settings.DATABASE_URL + (f"{mark}options={options}" if limits else "")
    ctx = Context.open(replace(settings, DATABASE_URL=url), clock)
    kits.callback(ctx.database.engine.dispose)
    return ctx


@contextmanager
def shut(settings: Settings, server: str) -> Iterator[None]:
    """Take the database away: every connection to it ends, and no new one is let in."""
    with psycopg.connect(server, autocommit=True) as admin:
        name = name_of(settings.DATABASE_URL)
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        yield
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())


def waiting(database: Database) -> bool:
    """Whether somebody waits for a lock in this database."""
    with database.read() as connection:
        query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        return connection.exec_driver_sql(query).scalar() != 0


def test_an_act_at_one_controller_waits_for_no_act_at_another(
    on_postgresql: Settings, kits: ExitStack, clock: Clock
) -> None:
    one = opened(kits, on_postgresql, clock)
    other = opened(kits, on_postgresql, clock, lock_timeout="1ms")
    with one.database.write() as connection:
        ledger.lock(connection, "demolen")

        send_form(other, "sofie@voorbeeld.test")
        done = confirmation.confirm(other, token_in(work_off(other)[0], "confirm"), ())
        work_off(other)
        withdrawal.withdraw(other, done.withdraw_token)
        work_off(other)
    assert [kind for kind, _ in audit.history(other)] == [
        "requested", "mailed", "confirmed", "granted", "mailed", "withdrawn", "mailed",
    ]  # fmt: skip


def test_acts_at_one_controller_follow_one_another_and_are_dated_in_that_order(
    on_postgresql: Settings, kits: ExitStack, clock: Clock
) -> None:
    one, other = opened(kits, on_postgresql, clock), opened(kits, on_postgresql, clock)
    send_form(other, "sofie@voorbeeld.test")
    came = clock()
    late = threading.Thread(target=withdrawal.withdraw_for, args=(other, "sofie@voorbeeld.test", None, None))
    with one.database.write() as connection:
        ledger.lock(connection, "talentwerk")
        late.start()
        until(lambda: waiting(one.database), "somebody waits")
        clock.forward(seconds=3)
    late.join()

    first, second = audit.chain(one)
    assert first["at"] == f"{came:%Y-%m-%dT%H:%M:%S.%fZ}"
    assert second["at"] == f"{clock():%Y-%m-%dT%H:%M:%S.%fZ}"


@pytest.mark.parametrize(
    ("limit", "holds"),
    [
        ("lock_timeout", "SELECT * FROM ledger_heads FOR UPDATE"),
        ("statement_timeout", "LOCK TABLE consents IN ACCESS EXCLUSIVE MODE"),
    ],
)
def test_what_takes_too_long_is_answered_with_503_and_can_be_tried_again(
    on_postgresql: Settings, kits: ExitStack, clock: Clock, limit: str, holds: str
) -> None:
    ctx = opened(kits, on_postgresql, clock, **{limit: "400ms"})
    send_form(ctx)
    done = confirmation.confirm(ctx, token_in(work_off(ctx)[0], "confirm"), ())
    client = FlaskClient(create_app(ctx.settings, ctx=ctx), use_cookies=False)
    stop = f"/withdraw/{done.withdraw_token}"
    with opened(kits, on_postgresql, clock).database.write() as connection:
        connection.exec_driver_sql(holds)

        refused = client.post(stop, data={"List-Unsubscribe": "One-Click"}, base_url=BASE_URL)

        assert refused.status_code == 503
        assert int(refused.headers["Retry-After"]) > 0
        assert "Traceback" not in refused.text
    assert client.post(stop, data={"List-Unsubscribe": "One-Click"}, base_url=BASE_URL).status_code == 200


def test_the_limits_are_those_of_the_kit_unless_the_address_names_others(
    on_postgresql: Settings, kits: ExitStack, clock: Clock
) -> None:
    def limit(ctx: Context, name: str) -> object:
        with ctx.database.read() as connection:
            return connection.exec_driver_sql(f"SHOW {name}").scalar()

    ctx = opened(kits, on_postgresql, clock)
    assert limit(ctx, "lock_timeout") == "10s"
    assert limit(ctx, "statement_timeout") == "20s"
    assert limit(opened(kits, on_postgresql, clock, lock_timeout="3s"), "lock_timeout") == "3s"


def test_a_connection_to_a_server_that_can_only_be_read_is_given_up(
    on_postgresql: Settings, kits: ExitStack, clock: Clock, postgresql_server: str
) -> None:
    """Behind one name the primary may have become a standby; this stands for it without a second server."""
    ctx = opened(kits, on_postgresql, clock)
    name = name_of(on_postgresql.DATABASE_URL)
    with psycopg.connect(postgresql_server, autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
        ctx.database.engine.dispose()
        with pytest.raises(InternalError, match="read-only"):
            ctx.database.ping()
        with pytest.raises(InternalError, match="read-only"):
            send_form(ctx)
        only_reads = opened(kits, on_postgresql, clock)
        assert audit.rows(only_reads, "subjects") == []
        admin.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only".encode())

    assert ctx.database.ping()
    send_form(ctx)
    assert len(audit.rows(ctx, "subjects")) == 1


def test_servers_that_start_at_once_with_new_definitions_all_start(
    empty_postgresql: str, settings: Settings, kits: ExitStack, clock: Clock
) -> None:
    together = [opened(kits, replace(settings, DATABASE_URL=empty_postgresql), clock) for _ in range(3)]
    start = threading.Barrier(len(together))
    faults: list[object] = []

    def publish(ctx: Context) -> None:
        start.wait()
        try:
            faults.extend(publishing.publish(ctx, paths.SAMPLES).faults)
        except DBAPIError as error:
            faults.append(error)

    threads = [threading.Thread(target=publish, args=(ctx,)) for ctx in together]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    send_form(together[0])


def test_whoever_waits_for_a_migration_waits_as_long_as_it_takes(
    empty_postgresql: str, settings: Settings, kits: ExitStack, clock: Clock
) -> None:
    first = Database(replace(settings, DATABASE_URL=empty_postgresql).database_url)
    kits.callback(first.engine.dispose)
    last: list[Context] = []

    def starts() -> None:
        last.append(opened(kits, replace(settings, DATABASE_URL=empty_postgresql), clock, lock_timeout="1ms"))

    late = threading.Thread(target=starts)
    with first.write() as connection:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
        late.start()
        until(lambda: waiting(first), "the second waits")
        connection.exec_driver_sql("SELECT pg_sleep(0.1)")
    late.join()

    assert len(last) == 1


def test_a_mail_that_went_out_while_the_database_went_away_is_recorded_when_it_is_back(
    on_postgresql: Settings, kits: ExitStack, clock: Clock, postgresql_server: str
) -> None:
    ctx = opened(kits, on_postgresql, clock)
    send_form(ctx)
    with ExitStack() as away:
        mailbox = Mailbox(trouble=lambda _: away.enter_context(shut(on_postgresql, postgresql_server)))
        worker = Worker(ctx, mailbox)
        with pytest.raises(OperationalError):
            worker.send_some()
        with pytest.raises(OperationalError):
            worker.send_some()
    mailbox.trouble = lambda _: None
    clock.forward(minutes=5)
    worker.work_off()

    assert len(mailbox.mails) == 1
    assert audit.history(ctx) == [("requested", "offers_mail"), ("mailed", "")]
    assert {row["status"] for row in audit.rows(ctx, "outbox")} == {"sent"}
