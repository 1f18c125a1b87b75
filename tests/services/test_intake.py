"""What was sent and waits to be taken: exactly once, in its turn, and nobody learns from the answer who is known."""

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError

from app.domain.address import Address
from app.domain.intake import VERSION
from app.services import (
    guardian,
    housekeeping,
    intake,
    link_request,
    mail_opt_out,
    objection,
    outbox,
    publishing,
    submission,
    withdrawal,
)
from app.services.act import Act, open_act
from app.services.context import Context
from app.services.link_request import LinkRequest
from app.storage import prepared, subjects, suppressions
from app.storage.intake import MOST
from app.storage.schema import written
from tests import audit
from tests.definitions.folder import CONTROLLER, FORM, FormsFolder
from tests.factories import START, Clock, send_form, token_in, work_off
from tests.services.family import FATHER, MOTHER, NOOR, Child
from tests.services.person import Person

SOFIE = "sofie@voorbeeld.test"
EMAILS = [f"p{number}@voorbeeld.test" for number in range(MOST + 5)]


def accept(ctx: Context, email: str = SOFIE, *purposes: str, **more: Any) -> None:
    """Send a form, and let it wait."""
    send_form(ctx, email, purposes or ("offers_mail",), is_taken=False, **more)


def mailed(ctx: Context) -> list[str]:
    return [str(mail["To"]) for mail in work_off(ctx)]


def waiting(ctx: Context) -> int:
    return len(audit.rows(ctx, "intake"))


def breaking(monkeypatch: pytest.MonkeyPatch, email: str, error: Exception) -> None:
    """Let whoever stores this address fail, after much is written."""
    add = subjects.add

    def store(connection: Connection, new: subjects.NewSubject, *given: Any) -> subjects.Subject:
        stored = add(connection, new, *given)
        if new.address.email == email:
            raise error
        return stored

    monkeypatch.setattr(subjects, "add", store)


def test_what_was_sent_is_one_row_until_it_is_taken(any_ctx: Context) -> None:
    before = audit.everything(any_ctx)
    accept(any_ctx, fields={"first_name": "Sofie"})

    after = audit.everything(any_ctx)
    assert {table for table in after if after[table] != before[table]} == {"intake", "salts", "submit_counts"}
    intake.take_all(any_ctx)
    assert waiting(any_ctx) == 0
    assert mailed(any_ctx) == [SOFIE]


def test_a_row_that_waits_holds_no_network(any_ctx: Context) -> None:
    accept(any_ctx, network="198.51.100.0/24")
    asked = LinkRequest("talentwerk", "nl", Address(SOFIE, SOFIE), "198.51.100.0/24", to_object=False)
    link_request.ask_for_link(any_ctx, asked)

    assert len(audit.rows(any_ctx, "intake")) == 2
    assert audit.readable(any_ctx, "198.51.100") == set()


def test_the_index_by_which_rows_are_found_holds_no_address(any_ctx: Context) -> None:
    accept(any_ctx)

    assert audit.readable(any_ctx, "sofie") == {("intake", "payload")}


def test_the_ledger_is_dated_by_the_moment_of_sending_and_numbered_by_that_of_taking(
    any_ctx: Context, clock: Clock
) -> None:
    accept(any_ctx)
    clock.forward(minutes=5)
    Person(any_ctx, "amina@voorbeeld.test").sends("keep_cv")
    clock.forward(minutes=5)
    accept(any_ctx, "ilse@voorbeeld.test")
    intake.take_all(any_ctx)

    times = [entry["at"] for entry in audit.chain(any_ctx)]
    assert times == [written(START + timedelta(minutes=minutes)) for minutes in (0, 5, 10)]
    requests = audit.rows(any_ctx, "requests")
    assert sorted(row["requested_at"] for row in requests) == times
    assert sorted(row["expires_at"] for row in requests)[0] == written(START + timedelta(days=7))


def test_a_clock_that_was_put_back_dates_nothing_ahead(any_ctx: Context, clock: Clock) -> None:
    accept(any_ctx)
    clock.forward(hours=-2)
    intake.take_all(any_ctx)

    assert [entry["at"] for entry in audit.chain(any_ctx)] == [written(clock())]


def test_mails_are_limited_by_the_moment_at_which_they_can_go(any_ctx: Context, clock: Clock) -> None:
    """Else all that was sent while no worker ran would go at once."""
    for purpose in ("offers_mail", "offers_phone", "keep_cv"):
        accept(any_ctx, SOFIE, purpose)
        clock.forward(minutes=30)

    assert mailed(any_ctx) == [SOFIE] * 2
    clock.forward(minutes=11)
    assert mailed(any_ctx) == [SOFIE]


def test_more_than_a_batch_is_taken_in_the_order_of_sending(any_ctx: Context, clock: Clock) -> None:
    for email in EMAILS:
        accept(any_ctx, email)
        clock.forward(seconds=1)

    assert intake.take(any_ctx) == MOST
    assert intake.take(any_ctx) == len(EMAILS) - MOST
    assert intake.take(any_ctx) == 0
    times = [entry["at"] for entry in audit.chain(any_ctx)]
    assert times == sorted(times)
    assert len(times) == len(EMAILS)
    assert audit.verify(any_ctx) == len(EMAILS)


def test_the_rows_of_several_controllers_are_taken_together(any_ctx: Context) -> None:
    accept(any_ctx)
    accept(any_ctx, SOFIE, "news", controller="demolen", form="newsletter")
    accept(any_ctx, "ilse@voorbeeld.test")

    assert intake.take(any_ctx) == 3
    assert waiting(any_ctx) == 0
    assert len(audit.chain(any_ctx)) == 2
    assert len(audit.chain(any_ctx, "demolen")) == 1


def test_a_text_that_was_retired_meanwhile_is_what_the_person_is_asked_about(any_ctx: Context, tmp_path: Any) -> None:
    folder = FormsFolder(tmp_path / "forms")
    publishing.publish(any_ctx, folder.write(FORM, CONTROLLER).path)
    accept(any_ctx, SOFIE, "news", controller="acme", form="news")
    (row,) = audit.rows(any_ctx, "intake")
    publishing.publish(any_ctx, folder.write(FORM.replace("Newsletter", "Other letter"), CONTROLLER).path)

    assert mailed(any_ctx) == [SOFIE]
    (request,) = audit.rows(any_ctx, "requests")
    assert request["notice"] == json.loads(row["payload"])["notice_hash"]


# A row that cannot be taken


def test_a_row_that_cannot_be_taken_stops_no_other_and_leaves_nothing_behind(
    any_ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    for email in ("before@voorbeeld.test", SOFIE, "after@voorbeeld.test"):
        accept(any_ctx, email)
    breaking(monkeypatch, SOFIE, KeyError("fault"))

    intake.take(any_ctx)

    assert sorted(mailed(any_ctx)) == ["after@voorbeeld.test", "before@voorbeeld.test"]
    assert len(audit.rows(any_ctx, "subjects")) == 2
    assert audit.verify(any_ctx) == 4
    (row,) = audit.rows(any_ctx, "intake")
    assert (row["tries"], row["problem"]) == (2, "KeyError")


def test_a_row_that_the_database_refuses_stops_no_other(any_ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    for email in ("before@voorbeeld.test", SOFIE, "after@voorbeeld.test"):
        accept(any_ctx, email)
    add = subjects.add

    def store(connection: Connection, new: subjects.NewSubject, *given: Any) -> subjects.Subject:
        if new.address.email == SOFIE:
            connection.exec_driver_sql("INSERT INTO meta (name, value) VALUES ('key', 'a second one')")
        return add(connection, new, *given)

    monkeypatch.setattr(subjects, "add", store)

    assert sorted(mailed(any_ctx)) == ["after@voorbeeld.test", "before@voorbeeld.test"]
    assert [row["problem"] for row in audit.rows(any_ctx, "intake")] == ["IntegrityError"]


def test_a_row_is_set_aside_after_two_tries_and_no_sooner(any_ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    accept(any_ctx)
    with monkeypatch.context() as broken:
        breaking(broken, SOFIE, KeyError("fault"))
        intake.take(any_ctx)
        assert intake.set_aside(any_ctx) == 0
        intake.take(any_ctx)

    (told,) = outbox.unfinished(any_ctx)["not_taken"]
    assert told["code"] == "KeyError"
    assert SOFIE not in json.dumps(told)
    assert mailed(any_ctx) == []
    assert intake.retry(any_ctx) == 1
    assert mailed(any_ctx) == [SOFIE]


def test_where_the_database_is_away_no_row_is_to_blame(any_ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    accept(any_ctx)
    before = audit.everything(any_ctx)
    with monkeypatch.context() as broken:
        breaking(broken, SOFIE, OperationalError("INSERT", None, Exception()))
        with pytest.raises(OperationalError):
            intake.take(any_ctx)

    assert audit.everything(any_ctx) == before
    assert mailed(any_ctx) == [SOFIE]


def test_what_a_newer_release_has_accepted_is_kept_for_it(any_ctx: Context) -> None:
    accept(any_ctx)
    audit.run(any_ctx, f"UPDATE intake SET payload = replace(payload, '\"version\": {VERSION}', '\"version\": 99')")
    assert mailed(any_ctx) == []

    (told,) = outbox.unfinished(any_ctx)["not_taken"]
    assert told["code"] == "newer release: version 99"
    audit.run(any_ctx, f"UPDATE intake SET payload = replace(payload, '\"version\": 99', '\"version\": {VERSION}')")
    intake.retry(any_ctx)
    assert mailed(any_ctx) == [SOFIE]


def test_what_was_not_taken_in_time_lapses_like_a_request(any_ctx: Context, clock: Clock) -> None:
    accept(any_ctx)
    clock.forward(days=7)

    intake.take_all(any_ctx)

    assert audit.readable(any_ctx, "sofie") == set()
    assert audit.rows(any_ctx, "outbox") == []


def test_what_is_set_aside_lapses_like_a_request(
    any_ctx: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaking(monkeypatch, SOFIE, KeyError("fault"))
    accept(any_ctx)
    intake.take_all(any_ctx)
    clock.forward(days=6, hours=23)
    housekeeping.tidy(any_ctx)
    assert waiting(any_ctx) == 1
    clock.forward(hours=1)
    housekeeping.tidy(any_ctx)

    assert waiting(any_ctx) == 0


def test_what_is_set_aside_goes_with_the_person(any_ctx: Context, clock: Clock) -> None:
    sofie = Person(any_ctx)
    sofie.sends("keep_cv")
    accept(any_ctx)
    accept(any_ctx, "ilse@voorbeeld.test")
    audit.run(any_ctx, "UPDATE intake SET set_aside_at = at, problem = 'KeyError'")
    sofie.withdraws()
    sofie.mails()
    clock.forward(minutes=1)
    housekeeping.tidy(any_ctx)

    assert audit.readable(any_ctx, "sofie") == set()
    assert waiting(any_ctx) == 1


# What is immediate takes the rows of that address first


def withdraws(ctx: Context, sofie: Person) -> object:
    return withdrawal.withdraw(ctx, sofie.token("withdraw"))


def withdrawn_by_staff(ctx: Context, sofie: Person) -> object:
    return withdrawal.withdraw_for(ctx, sofie.email, None, None)


def objects(ctx: Context, sofie: Person) -> object:
    return objection.object_to_marketing(ctx, sofie.token("object"))


def wants_no_mail(ctx: Context, sofie: Person) -> object:
    return mail_opt_out.stop(ctx, sofie.token("stop"))


@pytest.mark.parametrize("act", [withdraws, withdrawn_by_staff, objects, wants_no_mail])
def test_a_stop_holds_for_what_was_sent_before_it_and_waits(any_ctx: Context, act: Any) -> None:
    sofie = Person(any_ctx)
    sofie.grants("keep_cv")
    sofie.mails()
    for email in EMAILS:
        accept(any_ctx, email)
    accept(any_ctx, "Sofie+x@voorbeeld.test" if act is wants_no_mail else sofie.email)
    accept(any_ctx, sofie.email, "news", controller="demolen", form="newsletter")

    act(any_ctx, sofie)

    left = len(EMAILS) + (act is not withdrawn_by_staff)
    assert waiting(any_ctx) == left, "whatever else waits is left alone"
    assert not [mail for mail in sofie.mails() if "/confirm/" in str(mail) and "demolen" not in str(mail).lower()]


def test_not_my_child_holds_for_what_the_child_sent_before_it(any_ctx: Context) -> None:
    child = Child(any_ctx, "Zebedeus")
    token = child.asks("recipes")
    send_form(
        any_ctx,
        FATHER,
        ("reminder",),
        controller="demolen",
        form="bakeclub",
        child_name="Zebedeus",
        decides_from=child.decides_from,
        is_taken=False,
    )

    guardian.not_mine(any_ctx, token)

    assert waiting(any_ctx) == 0
    assert mailed(any_ctx) == []
    assert audit.readable(any_ctx, "Zebedeus") == set()


# Nobody learns who is known


@pytest.fixture
def asked(any_ctx: Context, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What is asked of the database, by whatever way, as verb and tables."""
    seen: list[str] = []

    def note(sql: str) -> None:
        seen.append(" ".join(re.findall(r"^\w+|(?:FROM|INTO|UPDATE) \w+", sql)))

    def by_hand(connection: Connection, sql: str, *given: Any, **named: Any) -> Any:
        note(sql)
        return run(connection, sql, *given, **named)

    def by_sqlalchemy(_connection: Any, _cursor: Any, sql: str, *_: Any) -> None:
        note(sql)

    run = prepared.run_on_driver
    monkeypatch.setattr(prepared, "run_on_driver", by_hand)
    event.listen(any_ctx.database.engine, "before_cursor_execute", by_sqlalchemy)
    yield seen
    event.remove(any_ctx.database.engine, "before_cursor_execute", by_sqlalchemy)


def test_an_answer_takes_the_same_two_statements_whoever_is_known(any_ctx: Context, asked: list[str]) -> None:
    """What takes as long tells nobody who is known, who is a child or a parent, nor who said never."""
    Child(any_ctx).allowed("recipes", child_email=NOOR)
    Child(any_ctx, "Lou", MOTHER).allowed("recipes")
    known = Person(any_ctx, controller="demolen", form="newsletter")
    known.grants("news")
    with any_ctx.database.write() as connection:
        suppressions.add_no_mail(connection, "demolen", "nooit@voorbeeld.test", any_ctx.clock())
    runs = []
    for email in (
        "warm@voorbeeld.test",
        "new@voorbeeld.test",
        known.email,
        FATHER,
        MOTHER,
        NOOR,
        "nooit@voorbeeld.test",
    ):
        asked.clear()
        accept(any_ctx, email, "news", controller="demolen", form="newsletter")
        runs.append(asked.copy())
        asked.clear()
        for to_object in (False, True):
            link_request.ask_for_link(any_ctx, LinkRequest("demolen", "nl", Address(email, email), "n", to_object))
        runs.append(asked.copy())

    one = ["INSERT INTO intake", "INSERT INTO submit_counts UPDATE SET"]
    for number, run in enumerate(runs[2:]):
        assert [each for each in run if "forms" not in each] == one * (1 + number % 2)


def test_taking_the_form_of_somebody_new_runs_few_statements(ctx: Context, asked: list[str]) -> None:
    Person(ctx, "warm@voorbeeld.test").sends("keep_cv")
    accept(ctx)
    (row,) = audit.rows(ctx, "intake")
    with open_act(ctx, "talentwerk") as act:
        asked.clear()
        submission.take(act, row["payload"])
    assert len([each for each in asked if each.startswith(("SELECT", "INSERT", "UPDATE"))]) <= 11, asked


def test_an_act_of_taking_knows_both_moments(ctx: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Act] = []
    monkeypatch.setattr(intake, "_TAKERS", {"form": lambda act, _payload: seen.append(act)})
    accept(ctx)
    clock.forward(minutes=3)
    intake.take_all(ctx)

    assert [(act.now, act.stored_at) for act in seen] == [(START, START + timedelta(minutes=3))]


def test_a_confirmation_link_works_for_seven_days_from_its_mail_though_its_row_waited(
    ctx: Context, clock: Clock
) -> None:
    accept(ctx)
    clock.forward(days=1)
    (mail,) = work_off(ctx)
    clock.forward(days=5, hours=23)

    Person(ctx).says_yes(token_in(mail, "confirm"))

    assert Person(ctx).statuses() == {"offers_mail": "granted"}


def test_several_workers_take_each_row_once_while_people_stop(any_ctx: Context) -> None:
    """Nobody waits for ever for the chain of another (a deadlock), and no row is taken twice."""
    forms = (
        ("talentwerk", "careers", "keep_cv"),
        ("demolen", "newsletter", "news"),
        ("metaalnet", "events", "newsletter"),
    )
    emails = [f"p{number}@domain{number}.test" for number in range(20)]
    for email in emails:
        for controller, form, purpose in forms:
            accept(any_ctx, email, purpose, controller=controller, form=form)

    def take() -> None:
        intake.take_all(any_ctx)

    def stop() -> None:
        for email in emails[::5]:
            withdrawal.withdraw_for(any_ctx, email, None, None)

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(work) for work in (take, stop, take, take)]:
            done.result(timeout=60)

    assert waiting(any_ctx) == 0
    assert len(audit.rows(any_ctx, "subjects")) == len(audit.rows(any_ctx, "requests")) == 60
    assert len(audit.rows(any_ctx, "ledger", "kind = 'requested'")) == 60
    assert len(audit.rows(any_ctx, "ledger", "kind = 'withdrawn'")) == 12
    assert audit.verify(any_ctx) == 72
