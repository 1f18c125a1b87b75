"""The kit on PostgreSQL with several web processes and workers, and what people notice when the database goes.

One service is built up and then put to the test, in any order; who takes its first database away for good has another.
"""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import gt
from pathlib import Path

import pytest

from app.config import Settings
from app.services import confirmation
from app.services.context import Context
from app.storage.outbox import LEASE
from tests import audit
from tests.delivery.sink import Sink, free_port, until
from tests.factories import send_form
from tests.server.cluster import Node, postgresql
from tests.server.crowd import Act, Crowd
from tests.server.running import KEY, Program, forked, get, once_it_answers, own_forms, run, session

CONTROLLERS = ("bakery", "gym", "museum", "school")
WEB = 4
THREADS = 3
WORKERS = 3
RECOVERS_WITHIN = 5.0


@dataclass
class Service:
    """A server with more workers beside its own, on a primary with a synchronous standby."""

    folder: Path
    settings: dict[str, str]
    primary: Node
    standby: Node
    programs: list[Program]
    sink: Sink
    crowd: Crowd
    ctx: Context

    def health(self) -> int:
        """What /healthz says."""
        return get(f"{self.crowd.address}/healthz").status

    def recovers(self, away: datetime) -> None:
        """Wait until /healthz says that all is well, and fail when that takes long.

        A worker that lost the database between a claim and its mail left that mail to its lease, which is over in a
        minute, and here at once. `away` is a moment at which there was no database: no later claim loses its lease.
        """
        began = time.monotonic()
        until(lambda: self.health() == 200, "it recovers")
        assert time.monotonic() - began < RECOVERS_WITHIN
        audit.end_leases(self.ctx, away + LEASE)

    def troubles(self) -> list[int]:
        """How often each worker has met a database that is away."""
        return [program.said.count("The worker goes on") for program in self.programs]

    def has_mailed(self, email: str) -> bool:
        """Whether a mail to this address has come."""
        return any(received.recipients == (email,) for received in self.sink.mails)

    def acts(self, name: str, people: int = 4) -> list[Act]:
        """For each controller, people who ask, people who confirm and people who withdraw, in turns.

        Their mailboxes are at a domain of that name: after a hundred mails to one domain in ten minutes the rest wait.
        """
        found = []
        for number in range(people):
            for controller in CONTROLLERS:
                asks, confirms, withdraws = (f"{act}{number}.{controller}@{name}.test" for act in "acw")
                found.append(self.crowd.asks(asks, controller))
                found.append(self.crowd.confirms(confirms, self._asked(confirms, controller)))
                token = self._asked(withdraws, controller).rpartition("/")[2]
                stop = confirmation.confirm(self.ctx, token, ()).withdraw_token
                found.append(self.crowd.withdraws(withdraws, f"{self.crowd.address}/withdraw/{stop}"))
        return found

    def _asked(self, email: str, controller: str) -> str:
        send_form(self.ctx, email, ("keep_cv",), controller=controller)
        (subject,) = audit.rows(self.ctx, "subjects", "email = :email", email=email)
        (request,) = audit.rows(self.ctx, "requests", "subject = :id", id=subject["id"])
        return f"{self.crowd.address}/confirm/{self.ctx.signing.confirm.make(request['id'])}"

    def require_kept(self, acts: list[Act]) -> None:
        """Wait until every mail has gone, and look whether all was acknowledged and is so, once, in unbroken chains."""
        until(lambda: not audit.rows(self.ctx, "intake"), "all is taken")
        until(lambda: not audit.rows(self.ctx, "outbox", "status = 'queued'"), "all mails have gone")
        assert audit.verify(self.ctx) > 0
        assert set(self.crowd.acknowledged) >= {(what, email) for what, email, _ in acts}
        subjects = {row["email"]: row["id"] for row in audit.rows(self.ctx, "subjects")}
        ledger = Counter((entry["subject"], entry["kind"]) for entry in audit.rows(self.ctx, "ledger"))
        mails = Counter((row["subject"], row["kind"]) for row in audit.rows(self.ctx, "outbox"))
        for what, email, _ in acts:
            subject = subjects[email]
            kinds = {"asked": ("requested",), "confirmed": ("requested", "granted")}
            for kind in kinds.get(what, ("requested", "granted", "withdrawn")):
                assert ledger[subject, kind] == 1, (what, kind)
            mail = {"asked": "confirm", "confirmed": "receipt"}.get(what, "withdrawn")
            assert mails[subject, mail] == 1, (what, mail)


@contextmanager
def started(folder: Path) -> Iterator[Service]:
    """Four web processes and three workers, all through one address with two hosts."""
    with ExitStack() as stack:
        primary = stack.enter_context(postgresql())
        primary.ask("CREATE DATABASE akkoord")
        standby = primary.standby(primary.folder.with_name("standby"))
        primary.ask("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
        primary.ask("SELECT pg_reload_conf()")
        sink = stack.enter_context(Sink())
        for controller in CONTROLLERS:
            own_forms(folder, controller)
        port = free_port()
        hosts = f"127.0.0.1:{primary.port},127.0.0.1:{standby.port}"
        settings = {
            "DATA_DIR": str(folder / "data"),
            "FORMS_DIR": str(folder / "forms"),
            "DATABASE_URL": f"postgresql://postgres@{hosts}/akkoord?target_session_attrs=read-write",
            "BASE_URL": f"http://127.0.0.1:{port}",
            "SECRET_KEY": KEY,
            "MAIL_SERVER": "127.0.0.1",
            "MAIL_PORT": str(sink.port),
            "MAIL_DEFAULT_SENDER": "forms@forms.example",
        }
        serve = ("serve", "--port", str(port), "--workers", str(WEB), "--threads", str(THREADS))
        programs = [stack.enter_context(forked(folder, *serve, **settings))]
        assert once_it_answers(f"{settings['BASE_URL']}/healthz", programs[0]).status == 200
        programs.extend(
            stack.enter_context(forked(folder, "worker", log=f"worker-{number}", **settings))
            for number in range(WORKERS - 1)
        )
        workers = [pid for program in programs[1:] for pid in session(program.process.pid)]
        until(lambda: all(sockets_to(primary.port, pid) for pid in workers), "every worker has begun")
        ctx = Context.open(
            Settings(DATA_DIR=folder, DATABASE_URL=settings["DATABASE_URL"], SECRET_KEY=KEY), prepare=False
        )
        stack.callback(ctx.database.engine.dispose)
        crowd = Crowd(settings["BASE_URL"])
        yield Service(folder, settings, primary, standby, programs, sink, crowd, ctx)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Shared: its primary is the server that writes, before and after each test."""
    with started(tmp_path_factory.mktemp("service")) as shared:
        yield shared


def test_every_act_and_every_mail_happens_once_however_many_processes_there_are(service: Service) -> None:
    people = {f"p{number}@once.test": CONTROLLERS[number % len(CONTROLLERS)] for number in range(12)}
    theirs = "subject IN (SELECT id FROM subjects WHERE email LIKE '%@once.test')"
    acknowledged, refused = len(service.crowd.acknowledged), service.crowd.refused

    service.crowd.walk(people, service.sink)
    mailed = f"kind = 'mailed' AND {theirs}"
    until(lambda: len(audit.rows(service.ctx, "ledger", mailed)) == 3 * len(people), "all are recorded")

    assert service.crowd.refused == refused
    assert sorted(service.crowd.acknowledged[acknowledged:]) == sorted(
        (act, email) for act in ("asked", "confirmed", "withdrawn") for email in people
    )
    mails = [received.mail["Message-ID"] for received in service.sink.mails if received.recipients[0] in people]
    assert len(set(mails)) == len(mails) == 3 * len(people)
    assert {row["status"] for row in audit.rows(service.ctx, "outbox", theirs)} == {"sent"}
    assert {consent["status"] for consent in audit.rows(service.ctx, "consents", theirs)} == {"withdrawn"}
    # requested, confirmed, granted, withdrawn, and three times mailed
    assert len(audit.rows(service.ctx, "ledger", theirs)) == 7 * len(people)
    assert audit.verify(service.ctx) >= 7 * len(people)


def test_no_process_has_more_than_two_connections_a_thread_or_shares_one_with_another(
    service: Service,
) -> None:
    service.ctx.database.engine.dispose()
    processes = [pid for program in service.programs for pid in session(program.process.pid)]

    def held_by_each() -> list[set[str]]:
        with ThreadPoolExecutor(4 * WEB) as people:  # a process connects with the first request that comes to it
            list(people.map(lambda _: service.health(), range(4 * WEB)))
        return [sockets_to(service.primary.port, pid) for pid in processes]

    until(lambda: sum(map(bool, held_by_each())) >= WEB + WORKERS, "every process has met the database")
    held = held_by_each()

    assert len(processes) == 1 + WEB + WORKERS  # the master has none
    assert sorted(map(bool, held)) == [False] + [True] * (WEB + WORKERS)
    assert max(map(len, held)) <= 2 * THREADS
    assert len(set().union(*held)) == sum(map(len, held))


def sockets_to(port: int, pid: int) -> set[str]:
    """The connections of a process to a port of this machine, by inode, from /proc."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    inodes = {f"socket:[{fields[9]}]" for fields in lines if int(fields[2].rpartition(":")[2], 16) == port}
    held = set()
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):  # it was closed meanwhile
            held.add(str(entry.readlink()))
    return inodes & held


def test_a_standby_answers_those_who_only_ask(service: Service) -> None:
    there = service.settings | {"DATABASE_URL": service.standby.url("akkoord")}
    asked = ("consents", "--status", "withdrawn")
    service.crowd.do(service.acts("standby", 1))

    lines = run(service.folder, *asked, **service.settings)

    assert run(service.folder, *asked, **there) == lines
    assert lines[0] == 0
    assert len(lines[1]) > len(CONTROLLERS)


@pytest.mark.parametrize("ends", ["fast", "kill"])
def test_a_database_that_goes_and_comes_back_costs_people_a_wait_and_nothing_else(service: Service, ends: str) -> None:
    acts = service.acts(ends)
    before = service.troubles()
    with service.crowd.doing(acts):
        if ends == "kill":
            service.primary.kill()
        else:
            service.primary.stop(ends)
        assert service.health() == 503
        until(lambda: all(map(gt, service.troubles(), before)), "every worker meets a database that is away")
        away = datetime.now(UTC)
        service.primary.start()
        service.recovers(away)

    service.require_kept(acts)
    assert all(program.is_running() for program in service.programs)
    service.crowd.do([service.crowd.asks(f"after@{ends}.test", "gym")])
    until(lambda: service.has_mailed(f"after@{ends}.test"), "mails go out again")


def test_a_standby_that_takes_over_has_all_that_people_were_told(tmp_path: Path) -> None:
    with started(tmp_path) as service:
        acts = service.acts("failover")
        with service.crowd.doing(acts):
            service.primary.kill()
            assert service.health() == 503
            away = datetime.now(UTC)
            service.standby.promote()
            service.standby.ask("ALTER SYSTEM SET synchronous_standby_names = ''")  # it has no standby of its own
            service.standby.ask("SELECT pg_reload_conf()")
            service.recovers(away)

        service.require_kept(acts)
