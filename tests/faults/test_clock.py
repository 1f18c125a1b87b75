"""A clock that is set while the kit runs: nothing breaks, no entry is out of turn, no mail is lost or sent twice."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from flask.testing import FlaskClient

from app.services import housekeeping, sending
from app.services.context import Context
from app.storage.outbox import LEASE
from app.worker import Worker
from tests import audit
from tests.factories import START, Clock, Mailbox, claim_one, send_form
from tests.web.ways import CAREERS, agreed, asked, child_asks

STEPS = {
    "two hours on": START + timedelta(hours=2),
    "two hours back": START - timedelta(hours=2),
    "1970": datetime(1970, 1, 1, 0, 0, 5, tzinfo=UTC),
    "2040": datetime(2040, 2, 29, 23, 59, 59, tzinfo=UTC),
}


@pytest.fixture(params=list(STEPS.values()), ids=list(STEPS))
def wrong(request: pytest.FixtureRequest) -> datetime:
    """What the clock is set to."""
    moment: datetime = request.param
    return moment


def check(ctx: Context, mailbox: Mailbox) -> None:
    """The chains have no gap, whatever times stand in them; every mail went, and each of them once."""
    for controller in ("talentwerk", "demolen"):
        chain = audit.chain(ctx, controller)
        assert [entry["seq"] for entry in chain] == list(range(1, len(chain) + 1))
        assert all(after["previous"] == before["hash"] for before, after in pairwise(chain))
    assert {row["status"] for row in audit.rows(ctx, "outbox")} == {"sent"}
    came = [mail["Message-ID"] for mail in mailbox.mails]
    assert len(came) == len(set(came)) == len(audit.rows(ctx, "ledger", "kind = 'mailed'"))


def test_people_and_mails_go_on_under_a_wrong_clock_and_after_it(
    client: FlaskClient, ctx: Context, clock: Clock, wrong: datetime
) -> None:
    mailbox = Mailbox()
    worker = Worker(ctx, mailbox)
    send_form(ctx, "before@voorbeeld.test", ("keep_cv",))
    worker.work_off()

    clock.now = wrong
    page = CAREERS.open(client)
    CAREERS.answer(page.press(client, 0, email="wrong@voorbeeld.test", purposes=["keep_cv"]))
    if wrong.year == START.year:  # in 2040 and in 1970 this child is none, or not born
        child_asks(client, guardian="papa@voorbeeld.test")
    worker.work_off()
    came = [str(mail["To"]) for mail in mailbox.mails]
    assert came[0] == "before@voorbeeld.test"
    assert "wrong@voorbeeld.test" in came, "in what order the forms of two controllers are taken nobody promises"
    send_form(ctx, "late@voorbeeld.test", ("keep_cv",))  # its mail is still there when the clock is put right

    clock.now = START + timedelta(minutes=1)
    CAREERS.answer(CAREERS.open(client).press(client, 0, email="after@voorbeeld.test", purposes=["keep_cv"]))
    worker.work_off()  # before the housekeeping, which lapses what was asked for in 1970
    housekeeping.tidy(ctx)
    worker.work_off()
    assert {mail["To"] for mail in mailbox.mails} >= {"late@voorbeeld.test", "after@voorbeeld.test"}
    check(ctx, mailbox)


def test_a_withdrawal_works_under_any_clock(client: FlaskClient, ctx: Context, clock: Clock, wrong: datetime) -> None:
    links = agreed(client, ctx, email="sofie@voorbeeld.test")
    clock.now = wrong
    assert client.post(links.withdraw, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert {row["status"] for row in audit.rows(ctx, "consents")} == {"withdrawn"}


def test_a_link_made_under_a_clock_that_was_wrong_by_hours_works_afterwards(
    client: FlaskClient, ctx: Context, clock: Clock
) -> None:
    for wrong in (STEPS["two hours back"], STEPS["two hours on"]):
        clock.now = wrong
        links = asked(ctx, email=f"at{wrong.hour}@voorbeeld.test")
        clock.now = START
        assert client.get(links.confirm).status_code == 200


def test_the_housekeeping_breaks_under_no_clock(ctx: Context, clock: Clock, wrong: datetime) -> None:
    send_form(ctx, "sofie@voorbeeld.test", ("keep_cv",))
    clock.now = wrong
    while not housekeeping.tidy(ctx):
        pass
    clock.now = START
    while not housekeeping.tidy(ctx):
        pass
    assert audit.chain(ctx)[0]["kind"] == "requested"


@pytest.mark.parametrize("back", [timedelta(seconds=30), timedelta(hours=2), timedelta(days=5000)])
def test_a_mail_under_way_is_not_sent_by_another_worker_when_the_clock_is_put_back(
    ctx: Context, clock: Clock, back: timedelta
) -> None:
    mailbox = Mailbox()
    clock.now = START + back
    send_form(ctx, "sofie@voorbeeld.test", ("keep_cv",))
    under_way = claim_one(ctx)
    assert under_way is not None
    clock.now = START
    housekeeping.tidy(ctx)
    assert Worker(ctx, mailbox).work_off() == 0
    sending.sent(ctx, [under_way.row])
    clock.forward(minutes=2)
    assert Worker(ctx, mailbox).work_off() == 0
    assert [row["status"] for row in audit.rows(ctx, "outbox")] == ["sent"]


def test_a_mail_whose_worker_died_under_a_wrong_clock_goes_within_a_lease(
    ctx: Context, clock: Clock, wrong: datetime
) -> None:
    mailbox = Mailbox()
    send_form(ctx, "sofie@voorbeeld.test", ("keep_cv",))
    clock.now = max(wrong, START)
    assert claim_one(ctx) is not None  # and then it is killed
    clock.now = START + timedelta(seconds=1)
    housekeeping.tidy(ctx)
    clock.now += LEASE
    Worker(ctx, mailbox).work_off()
    check(ctx, mailbox)
