"""People who use the pages and remember exactly what they were told, so that it can be held against what is stored."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from http.client import HTTPException
from types import TracebackType
from urllib.parse import urljoin

from tests.delivery.sink import until
from tests.faults.mail_server import MailServer
from tests.faults.product import COUNTS, Product
from tests.server.running import Answer, get

SUBMIT, CONFIRM, WITHDRAW, ASK, DECIDE = "submit", "confirm", "withdraw", "ask", "decide"

ADULT = (SUBMIT, CONFIRM, WITHDRAW)
CHILD = (ASK, DECIDE, WITHDRAW)
"""What happens to an adult, and to a child and its parent, in this order."""

ACTS = (SUBMIT, CONFIRM, WITHDRAW, ASK, DECIDE)

BEFORE: dict[str, tuple[str, ...]] = {
    SUBMIT: (),
    CONFIRM: (SUBMIT,),
    WITHDRAW: (SUBMIT, CONFIRM),
    ASK: (),
    DECIDE: (ASK,),
}
"""What has to happen before an act."""

ADULT_FORM, ADULT_PURPOSE = "/f/talentwerk/careers?lang=nl", "keep_cv"
CHILD_FORM, CHILD_PURPOSE = "/f/demolen/bakeclub?lang=nl", "recipes"

_LINKS = {CONFIRM: "confirm", DECIDE: "guardian", WITHDRAW: "withdraw"}


class Visitors:
    """People at the pages of a product. Each has an address of its own, and is known by it.

    `acknowledged` is every act that was answered with a page that says so; `wrong` every answer that none of them
    should ever see, whatever breaks.
    """

    def __init__(self, product: Product) -> None:
        self._product = product
        self._address = product.address
        self._sink: MailServer = product.sink
        self._lock = threading.Lock()
        self.acknowledged: set[tuple[str, str]] = set()
        self.answers: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.longest = 0.0
        self.crowds = 0

    def page(self, act: str, email: str) -> Answer:
        """The page on which somebody acts. Waits for the mail with the link where that is what leads to it."""
        if act == SUBMIT:
            return get(self._address + ADULT_FORM)
        if act == ASK:
            born = get(self._address + CHILD_FORM).press(birth_day="1", birth_month="1", birth_year=str(_year() - 8))
            return get(urljoin(self._address, born.headers["Location"])) if born.status == 303 else born
        return get(self.link(act, email))

    def link(self, act: str, email: str) -> str:
        """The link that leads to an act, once the mail with it has come."""
        kind = _LINKS[act]
        until(lambda: self._sink.link(email, kind) is not None, f"a {kind} link for {email}", 120)
        found = self._sink.link(email, kind)
        assert found is not None
        return found

    def press(self, act: str, email: str, page: Answer) -> bool:
        """Press the button of a page, once. Returns whether the answer says that it is done."""
        return self._hear(act, email, lambda: _pressed(act, email, page))

    def does(self, act: str, email: str, patience: float = 120) -> None:
        """Act, again and again until it is acknowledged, as people do who get an error page."""
        deadline = time.monotonic() + patience

        def whole() -> Answer:
            page = self.page(act, email)
            if page.status != 200 or page.page.find(".//form") is None:
                return page  # where nothing is left to press, the page says that it was done before
            return _pressed(act, email, page)

        while not self._hear(act, email, whole):
            assert time.monotonic() < deadline, f"{act} of {email} was never acknowledged; {self.answers}"
            time.sleep(0.1)

    def live(self, acts: tuple[str, ...], email: str) -> None:
        """Do these acts, one after another."""
        for act in acts:
            self.does(act, email)

    def so_far(self) -> "Visitors":
        """The same people, with only what they have been told by now."""
        copy = Visitors(self._product)
        with self._lock:
            copy.acknowledged = set(self.acknowledged)
        return copy

    def ready(self, people: list[tuple[str, str]]) -> dict[tuple[str, str], Answer]:
        """Bring people to the page of the act that each is named with, as (act, address). Needs a worker that runs."""
        stages = [[(BEFORE[act][:depth], email) for act, email in people] for depth in (1, 2)]
        for stage in stages:
            for acts, email in stage:
                for act in acts:
                    if (act, email) not in self.acknowledged:
                        self.does(act, email)
        return {(act, email): self.page(act, email) for act, email in people}

    def _hear(self, act: str, email: str, ask: Callable[[], Answer]) -> bool:
        began = time.monotonic()
        try:
            answer = ask()
        except (OSError, HTTPException) as broken:
            with self._lock:
                self.answers[type(broken).__name__] += 1
            return False
        with self._lock:
            self.longest = max(self.longest, time.monotonic() - began)
            self.answers[str(answer.status)] += 1
            if answer.status == 200:
                self.acknowledged.add((act, email))
                COUNTS["acknowledged"] += 1
                return True
            if answer.status != 503 or not answer.headers.get("Retry-After") or "Traceback" in answer.html:
                self.wrong.append(f"{act} of {email}: {answer.status} {answer.html[:2000]}")
            return False


def _pressed(act: str, email: str, page: Answer) -> Answer:
    if act == SUBMIT:
        return page.press(email=email, purposes=[ADULT_PURPOSE])
    if act == ASK:
        return page.press(guardian_email=email, child_name="Noor", purposes=[CHILD_PURPOSE])
    if act == DECIDE:
        return page.press(purposes=[CHILD_PURPOSE], is_guardian="yes")
    return page.press()


def _year() -> int:
    return time.gmtime().tm_year


class Crowd:
    """Many people who act at once until told to stop; then each finishes what it has begun."""

    def __init__(self, visitors: Visitors, size: int) -> None:
        self._visitors = visitors
        visitors.crowds += 1
        self._name = f"crowd{visitors.crowds}"
        self._stopping = threading.Event()
        self._trouble: list[BaseException] = []
        self._threads = [threading.Thread(target=self._stay, args=(number,), daemon=True) for number in range(size)]

    def __enter__(self) -> "Crowd":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        if error is not None:
            return  # nobody is waited for who may wait for what is gone
        for thread in self._threads:
            thread.join()
        if self._trouble:
            raise self._trouble[0]

    def _stay(self, number: int) -> None:
        try:
            people = 0
            while not self._stopping.is_set():
                people += 1
                acts = CHILD if people % 3 == 0 else ADULT
                # Many domains: after a hundred mails to one of them in ten minutes the rest would wait.
                self._visitors.live(acts, f"crowd@{self._name}-{number}-{people}.test")
        except BaseException as trouble:  # noqa: BLE001 (raised again where the crowd ends)
            self._trouble.append(trouble)
