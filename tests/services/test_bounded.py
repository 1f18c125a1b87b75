"""What anybody can make the kit keep for one mailbox is bounded, and no act walks through all of it."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from app.services import housekeeping, objection, reports, withdrawal
from app.services.context import Context
from app.storage import prepared, schema
from tests import audit
from tests.factories import ON_SQLITE, Clock, send_form, text_of, work_off
from tests.services.family import FATHER, Child, ask_for_a_link, post
from tests.services.person import Person


def words(count: int) -> Iterator[str]:
    """Other words each time."""
    for number in range(count):
        yield f"Naam {chr(65 + number % 26) * (1 + number // 26)}"


def test_another_word_each_time_leaves_no_more_requests_than_mails(any_ctx: Context) -> None:
    sofie = Person(any_ctx)
    for word in words(40):
        sofie.sends("offers_mail", first_name=word)

    assert len(audit.rows(any_ctx, "requests")) == 3, "two whose mail goes, and the newest"
    assert len(audit.rows(any_ctx, "request_purposes")) == len(audit.rows(any_ctx, "request_fields")) == 3
    assert sofie.statuses() == {"offers_mail": "requested"}
    assert audit.states(any_ctx)[sofie.rows()[0]["id"], "careers", "offers_mail"] == "requested"
    assert audit.verify(any_ctx) == 40


@ON_SQLITE
def test_in_two_weeks_of_other_words_what_waits_stays_bounded(any_ctx: Context, clock: Clock) -> None:
    """The very first is sent again each time, so that it never lapses."""
    sofie = Person(any_ctx)
    most = 0
    for day in range(14):
        for word in words(8):
            sofie.sends("offers_mail", first_name="De eerste")
            sofie.sends("offers_mail", first_name=f"{word} {'x' * (day + 1)}")
            work_off(any_ctx)
            clock.forward(hours=3)
        housekeeping.tidy(any_ctx)
        most = max(most, len(audit.rows(any_ctx, "requests", "status = 'requested'")))

    assert most <= 4 * 8 + 1, "four mails a day for a week and a day, and the one that waits"


def test_a_request_that_is_sent_again_gets_more_time_only_where_it_is_mailed_again(
    any_ctx: Context, clock: Clock
) -> None:
    sofie = Person(any_ctx)
    for _ in range(2):
        sofie.asks("keep_cv")
    expires = audit.rows(any_ctx, "requests")[0]["expires_at"]
    clock.forward(minutes=5)
    sofie.sends("keep_cv")
    assert audit.rows(any_ctx, "requests")[0]["expires_at"] == expires
    clock.forward(minutes=5)
    sofie.asks("keep_cv")
    assert audit.rows(any_ctx, "requests")[0]["expires_at"] > expires


def test_what_another_form_or_an_older_link_asks_is_not_touched(any_ctx: Context) -> None:
    sofie = Person(any_ctx)
    mailed = [sofie.asks("keep_cv"), sofie.asks("offers_phone")]
    send_form(any_ctx, purposes=("research",), controller="metaalnet", form="events")
    for word in words(10):
        sofie.sends("offers_mail", first_name=word)

    assert len(audit.rows(any_ctx, "requests")) == 4
    for token in mailed:
        sofie.says_yes(token)
    assert sofie.statuses() == {"keep_cv": "granted", "offers_phone": "granted", "offers_mail": "requested"}


def test_a_replaced_request_is_closed_in_the_ledger_for_what_nobody_asks_any_more(any_ctx: Context) -> None:
    sofie = Person(any_ctx)
    sofie.asks("keep_cv")
    sofie.asks("keep_cv")
    sofie.sends("offers_mail", "keep_cv")
    sofie.sends("offers_phone")

    assert sofie.statuses() == {"keep_cv": "requested", "offers_phone": "requested"}
    assert sofie.history()[-1] == ("lapsed", "offers_mail")
    assert ("lapsed", "keep_cv") not in sofie.history()


@ON_SQLITE
def test_invented_children_whose_mail_never_went_are_gone(any_ctx: Context) -> None:
    for word in words(60):
        Child(any_ctx, word).sends("recipes")

    assert len(audit.rows(any_ctx, "subjects")) == len(audit.rows(any_ctx, "requests")) == 5
    assert len(post(any_ctx)) == 2


@ON_SQLITE
def test_plus_tags_of_one_mailbox_leave_no_more_people_than_mails(any_ctx: Context) -> None:
    for number in range(60):
        send_form(any_ctx, f"sofie+{number}@voorbeeld.test", ("keep_cv",))

    assert len(audit.rows(any_ctx, "subjects")) == len(audit.rows(any_ctx, "requests")) == 5
    assert [row["email"] for row in audit.rows(any_ctx, "subjects")].count("sofie+59@voorbeeld.test") == 1


def invent(ctx: Context, count: int) -> None:
    """More children than any limit lets through, as they are in a database from before there were any."""
    ctx.limited = False
    for word in words(count):
        Child(ctx, word, form="newsletter").sends("news")
    work_off(ctx)
    ctx.limited = True


@pytest.mark.parametrize("to_object", [False, True])
def test_a_mail_with_links_has_room_for_twenty_children_and_says_what_to_do_for_more(
    any_ctx: Context, clock: Clock, to_object: bool
) -> None:
    invent(any_ctx, 22)
    clock.forward(days=2)
    noor = Child(any_ctx, form="newsletter")
    noor.allowed("news")
    kind = "object" if to_object else "withdraw"

    ask_for_a_link(any_ctx, FATHER, to_object)

    (sent,) = post(any_ctx)
    text = text_of(sent.mail)
    assert text.count(f"/{kind}/") == 20 + to_object
    assert f"/{kind}/{noor.token(kind)}" in text, "who was allowed something comes before the invented"
    assert "meer aanvragen voor kinderen" in text


def test_up_to_twenty_children_need_no_such_sentence(any_ctx: Context) -> None:
    invent(any_ctx, 20)

    ask_for_a_link(any_ctx, FATHER)

    text = text_of(post(any_ctx)[0].mail)
    assert (text.count("/withdraw/"), "meer aanvragen" in text) == (20, False)


@contextmanager
def statements(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The statements that run inside."""
    ran: list[str] = []
    run = prepared.run_on_driver

    def counted(connection: object, sql: str, *given: object, **named: object) -> object:
        ran.append(sql)
        return run(connection, sql, *given, **named)  # type: ignore[arg-type]

    def executed(*all_that: object) -> None:
        ran.append(str(all_that[2]))

    with monkeypatch.context() as patch:
        patch.setattr(prepared, "run_on_driver", counted)
        event.listen(ctx.database.engine, "before_cursor_execute", executed)
        yield ran
        event.remove(ctx.database.engine, "before_cursor_execute", executed)


def waiting(ctx: Context, count: int) -> Person:
    """Somebody in whose name that many requests wait, as in a database from before they were bounded."""
    ctx.limited = False
    sofie = Person(ctx, f"sofie{count}@voorbeeld.test")
    sofie.grants("keep_cv")
    for word in words(count):
        sofie.sends("offers_mail", first_name=word)
    work_off(ctx)
    ctx.limited = True
    return sofie


def oldest(sofie: Person) -> str:
    """The id of one of the requests of this person that wait."""
    (row,) = sofie.rows()
    return str(audit.rows(sofie.ctx, "requests", "status = 'requested' AND subject = :who", who=row["id"])[0]["id"])


ACTS: dict[str, Callable[[Person], object]] = {
    "the form, with something new": lambda sofie: sofie.sends("offers_mail", first_name="Iets anders"),
    "the form, with the same again": lambda sofie: sofie.sends("offers_mail", first_name="Naam A"),
    "a no to one of them": lambda sofie: sofie.says_no(sofie.ctx.signing.confirm.make(oldest(sofie))),
    "the page to withdraw": lambda sofie: withdrawal.view(sofie.ctx, sofie.token("withdraw")),
    "the page to object": lambda sofie: objection.view(sofie.ctx, sofie.token("object")),
    "what the company asks": lambda sofie: reports.status(sofie.ctx, sofie.email, None),
    "time that passes for one": lambda sofie: housekeeping._lapse(sofie.ctx, ("talentwerk", oldest(sofie))),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
def test_no_act_asks_the_database_more_often_where_more_waits(
    ctx: Context, monkeypatch: pytest.MonkeyPatch, act: Callable[[Person], object]
) -> None:
    for count in (1, 2):  # the first makes the salt of the day, and in the second what is read only once is read
        act(waiting(ctx, count))
    counts = []
    for count in (3, 12):
        sofie = waiting(ctx, count)
        with statements(ctx, monkeypatch) as ran:
            act(sofie)
        counts.append(len(ran))

    assert counts[0] == counts[1] > 0


@pytest.mark.parametrize(
    ("table", "column", "index"),
    [("requests", "fingerprint", "requests_by_fingerprint"), ("outbox", "waits_for", "outbox_waiting")],
)
def test_what_waits_is_found_by_an_index(
    ctx: Context, monkeypatch: pytest.MonkeyPatch, table: str, column: str, index: str
) -> None:
    sofie = waiting(ctx, 5)
    for word in words(5):
        sofie.sends("offers_mail", first_name=f"{word} nog")
    with statements(ctx, monkeypatch) as ran:
        sofie.sends("offers_mail", first_name="Nog iemand")

    one_line = {" ".join(sql.split()) for sql in ran}
    (sql,) = {sql for sql in one_line if sql.startswith("SELECT") and f"WHERE {table}.{column}" in sql}
    with ctx.database.read() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", ("",) * sql.count("?")).all()
    assert index in str(plan)


def live(ctx: Context) -> None:
    """What people do, from the form to the last stop, and what happens by itself meanwhile."""
    sofie = Person(ctx)
    sofie.grants("keep_cv", "offers_mail", first_name="Sofie")
    sofie.sends("offers_phone")
    sofie.withdraws("keep_cv")
    sofie.objects()
    sofie.stops()
    an = Person(ctx, "an@voorbeeld.test")
    an.says_no(an.asks("offers_mail"))
    noor = Child(ctx, form="newsletter")
    noor.allowed("news")
    ask_for_a_link(ctx, FATHER)
    ask_for_a_link(ctx, FATHER, to_object=True)
    noor.stopped()
    send_form(ctx, "sofie@voorbeeld.test", ("keep_cv",))
    reports.status(ctx, "sofie@voorbeeld.test", None)
    work_off(ctx)


_SMALL = {"salts", "submit_counts", "mail_counts", "meta", "outbox_pause", "forms", "logos", "intake"}
"""Tables of which there are a few rows, or that are read from their oldest row on, or in which housekeeping alone looks
at all: those of the last days."""


def test_no_statement_walks_through_a_table(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    with statements(ctx, monkeypatch) as ran:
        live(ctx)
        housekeeping.tidy(ctx)

    walked = set()
    # What reads all columns at once are these tests themselves.
    asked = {sql for sql in ran if re.match(r"\s*(SELECT (?!\* FROM)|UPDATE|DELETE|WITH)", sql)}
    with ctx.database.read() as connection:
        for sql in asked:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", ("",) * sql.count("?")).all()
            walked |= {(found[1], sql) for row in plan if (found := re.match(r"SCAN (\w+)(?! USING INDEX)", row[3]))}
    assert len(asked) > 60
    assert {(table, sql) for table, sql in walked if table in schema.metadata.tables and table not in _SMALL} == set()
