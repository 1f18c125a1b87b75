"""One slow domain of recipients holds up no other, and is mailed all the same."""

import asyncio
import time
from pathlib import Path

import pytest

from app.delivery import slow_domains
from app.delivery.slow_domains import SlowDomains
from app.services.context import Context
from tests.delivery.sink import Sink, until
from tests.factories import send_form
from tests.server.running import SAID_AT_START, forked
from tests.test_worker import present, settings_of

__all__ = ["present"]


class Tarpit(Sink):
    """A mail server that takes its time with the mails to one domain, at this command."""

    def __init__(self, verb: str, seconds: float) -> None:
        super().__init__()
        self._verb, self._seconds = verb, seconds
        self.came: dict[str, float] = {}
        self._is_slow = False

    async def _reply(self, verb: str, argument: str) -> str:
        if verb == "RCPT":
            self._is_slow = argument.endswith("@traag.test")
        if verb == self._verb and self._is_slow:
            await asyncio.sleep(self._seconds)
        if verb == "RCPT":
            self.came[argument] = time.monotonic()
        return await super()._reply(verb, argument)


@pytest.mark.parametrize("connections", ["1", "2"])
def test_thirty_mails_to_a_slow_domain_hold_up_nobody_else(present: Context, tmp_path: Path, connections: str) -> None:
    slow = [f"mens{number}@traag.test" for number in range(30)]
    for email in slow:
        send_form(present, email, ("keep_cv",))
    with (
        Tarpit("RCPT", 2) as sink,
        forked(tmp_path, "worker", **settings_of(present, sink.port), MAIL_CONNECTIONS=connections) as program,
    ):
        until(lambda: len(sink.mails) > 0, "the first")
        for number in range(3):
            asked = time.monotonic()
            email = f"an{number}@voorbeeld.test"
            send_form(present, email, ("keep_cv",))
            until(lambda email=email: email in sink.came, "the mail to somebody else")  # type: ignore[misc]
            assert sink.came[email] - asked < 6
        before, begun = len(sink.mails), time.monotonic()
        until(lambda: len(sink.mails) >= before + 3, "the slow ones go on")
        assert time.monotonic() - begun < 20
    assert program.said == SAID_AT_START


class Watch:
    """A clock that a test puts forward."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def mailed(known: SlowDomains, watch: Watch, domain: str, seconds: float) -> None:
    assert known.wait(domain) == 0
    watch.now += seconds
    known.ended(domain)


def test_mails_to_a_slow_domain_get_times_of_their_own_and_one_goes_at_a_time() -> None:
    watch = Watch()
    known = SlowDomains(watch)
    mailed(known, watch, "traag.test", 2)
    waits = [known.wait("traag.test") for _ in range(4)]
    assert waits == [2, 7, 12, 17]
    assert known.wait("voorbeeld.test") == 0
    watch.now += 2
    assert known.wait("traag.test") == 0
    assert known.wait("traag.test") > 0, "one is under way"


def test_no_mail_is_put_off_for_more_than_ten_minutes() -> None:
    watch = Watch()
    known = SlowDomains(watch)
    mailed(known, watch, "traag.test", 20)
    waits = [known.wait("traag.test") for _ in range(1000)]
    assert max(waits) == slow_domains._LONGEST


def test_a_domain_is_slow_while_its_first_mail_is_still_under_way() -> None:
    watch = Watch()
    known = SlowDomains(watch)
    assert known.wait("traag.test") == 0
    watch.now += 0.5
    assert known.wait("traag.test") == 0
    watch.now += 0.6
    assert known.wait("traag.test") > 0


def test_a_domain_that_was_quick_again_is_slow_no_more() -> None:
    watch = Watch()
    known = SlowDomains(watch)
    mailed(known, watch, "traag.test", 2)
    watch.now += 2
    mailed(known, watch, "traag.test", 0.1)
    assert known.wait("traag.test") == known.wait("traag.test") == 0


def test_where_every_domain_is_slow_none_is_put_off() -> None:
    watch = Watch()
    known = SlowDomains(watch)
    for number in range(5):
        mailed(known, watch, f"domain{number}.test", 2)
    assert [known.wait(f"domain{number}.test") for number in range(1, 5)] == [0] * 4


def test_the_faults_of_the_mail_server_make_no_domain_slow() -> None:
    watch = Watch()
    known = SlowDomains(watch)
    assert known.wait("voorbeeld.test") == 0
    watch.now += 20
    known.ended("voorbeeld.test", tells=False)
    assert known.wait("voorbeeld.test") == known.wait("voorbeeld.test") == 0


def test_only_the_domains_of_late_are_remembered() -> None:
    watch = Watch()
    known = SlowDomains(watch)
    for number in range(2 * slow_domains._REMEMBERED):
        mailed(known, watch, f"domain{number}.test", 2 + number)
    assert len(known._took) == slow_domains._REMEMBERED
    assert len(known._free_at) <= slow_domains._REMEMBERED
