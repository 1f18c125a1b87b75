"""Mail servers that are down, slow, greylisting, gone after DATA, or refuse for good: no mail is lost, no page slow."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median

import pytest

from app.storage.schema import written
from tests import audit
from tests.delivery.sink import until
from tests.faults.auditor import check
from tests.faults.product import FULL, Product
from tests.faults.visitor import SUBMIT, Visitors

_AT_ONCE = 6 if FULL else 3
"""How many people send the form during each fault."""


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with Product(tmp_path_factory.mktemp("mail")) as started:
        yield started


@pytest.fixture(scope="module")
def visitors(product: Product) -> Iterator[Visitors]:
    """People, of whom and of whose mails every invariant is checked at the end."""
    made = Visitors(product)
    yield made
    check(product, made)


def sent_by(visitors: Visitors, who: str) -> float:
    """Let some people send the form, and return the median of the seconds that each waited for the answer."""
    taken = []
    for number in range(_AT_ONCE):
        email = f"{who}{number}.{time.monotonic_ns()}@voorbeeld.test"
        began = time.monotonic()
        page = visitors.page(SUBMIT, email)
        assert visitors.press(SUBMIT, email, page)
        taken.append(time.monotonic() - began)
    return median(taken)


def rows(product: Product, who: str, status: str) -> list[audit.Entry]:
    """The mails to these people that are in this state."""
    with product.ctx() as ctx:
        mine = {row["id"] for row in audit.rows(ctx, "subjects") if row["email"].startswith(who)}
        return [row for row in audit.rows(ctx, "outbox", "status = :status", status=status) if row["subject"] in mine]


def problems(product: Product, who: str) -> set[str | None]:
    return {row["problem"] for row in rows(product, who, "queued")}


def all_sent(product: Product, who: str) -> None:
    until(lambda: len(rows(product, who, "sent")) == _AT_ONCE, f"all mails to {who}", 120)


def tried(product: Product, who: str, times: int) -> bool:
    """Whether one of the mails to these people was tried so often."""
    return any(len(pauses) >= times - 1 for pauses in pauses_of(product, who))


def pauses_of(product: Product, who: str) -> list[list[float]]:
    """For each of these people, the seconds between one try to mail them and the next."""
    tries = [list(tries) for email, tries in product.sink.tries.items() if email.startswith(who)]
    return [[after - before for before, after in pairwise(moments)] for moments in tries]


def test_mails_wait_while_the_mail_server_is_down(product: Product, visitors: Visitors) -> None:
    product.sink.stop()
    sent_by(visitors, "down")
    until(lambda: len(problems(product, "down") - {None}) > 0, "a first try")
    product.sink.start()
    all_sent(product, "down")


def test_a_server_that_refuses_everybody_gets_every_mail_once_it_is_put_right(
    product: Product, visitors: Visitors
) -> None:
    product.sink.denies = True
    sent_by(visitors, "denied")
    until(lambda: tried(product, "denied", 4 if FULL else 3), "further tries")
    for pauses in pauses_of(product, "denied"):
        assert all(pause >= 2**number for number, pause in enumerate(pauses)), "it was hammered"
    assert rows(product, "denied", "failed") == []
    product.sink.denies = False
    all_sent(product, "denied")


def test_a_slow_mail_server_slows_no_page(product: Product, visitors: Visitors) -> None:
    usual = sent_by(visitors, "usual")
    product.sink.delay = 2 if FULL else 0.25  # for each of five steps
    try:
        assert sent_by(visitors, "slow") < usual + 1
        all_sent(product, "slow")
    finally:
        product.sink.delay = 0


def test_a_greylisted_mail_is_tried_again_ever_more_slowly(product: Product, visitors: Visitors) -> None:
    product.sink.greylists = 4 if FULL else 2
    sent_by(visitors, "grey")
    all_sent(product, "grey")
    product.sink.greylists = 0
    for pauses in pauses_of(product, "grey"):
        assert len(pauses) == (4 if FULL else 2)
        assert all(pause >= 2**number for number, pause in enumerate(pauses)), pauses


def test_a_mail_whose_receipt_is_lost_comes_twice_with_one_message_id(product: Product, visitors: Visitors) -> None:
    product.sink.drops = 2
    product.crashes += 2
    sent_by(visitors, "drop")
    until(lambda: sum(row["perhaps"] for row in rows(product, "drop", "queued")) == 2, "two that were perhaps sent")
    soon = written(datetime.now(UTC) + timedelta(minutes=30))
    lost = [row["due_at"] for row in rows(product, "drop", "queued") if row["perhaps"]]
    assert len(lost) == 2
    assert min(lost) > soon, "what was perhaps sent would be sent again soon"
    with product.ctx() as ctx:  # what an hour would bring about
        audit.run(ctx, "UPDATE outbox SET due_at = created_at WHERE status = 'queued' AND perhaps > 0")
    all_sent(product, "drop")
    came = product.sink.ids()
    assert sorted(came[row["id"]] for row in rows(product, "drop", "sent")) == [1] * (_AT_ONCE - 2) + [2, 2]


def test_who_is_refused_for_good_holds_up_nobody_and_stands_in_the_ledger(product: Product, visitors: Visitors) -> None:
    product.sink.refuses = "nobody"
    sent_by(visitors, "nobody")
    sent_by(visitors, "somebody")
    all_sent(product, "somebody")
    until(lambda: len(rows(product, "nobody", "failed")) == _AT_ONCE, "dead letters")
    letters = {row["subject"]: row["problem"] for row in rows(product, "nobody", "failed")}
    assert set(letters.values()) == {"RCPT 550 5.1.1"}
    with product.ctx() as ctx:
        noted = {entry["subject"] for entry in audit.rows(ctx, "ledger", "kind = 'mail_failed'")}
    assert noted == set(letters)
    tries = [len(tries) for email, tries in product.sink.tries.items() if email.startswith("nobody")]
    assert tries == [1] * _AT_ONCE
