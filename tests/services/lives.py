"""The kit beside the plain model of `model.py`: what must be so at every step, whatever people do (`test_lives.py`)."""

import json
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path

from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from app.config import Settings
from app.services import reports
from app.services.context import Context, UnknownLink
from app.services.tokens import LinkExpired
from app.storage import suppressions
from tests import audit
from tests.factories import Clock, work_off
from tests.services.model import FORMS, WEEK, Life, Request

PEOPLE = ("sofie@voorbeeld.test", "josé@voorbeeld.test")

Who = tuple[str, str, str]
"""An address, a controller, and the first name of the child for whom the address decides; "" for its owner."""


class Lives(RuleBasedStateMachine):
    """The kit on SQLite; `samples` is a database in which the sample forms are published."""

    samples: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="akkoord-lives-"))
        shutil.copy(self.samples, self.folder / "akkoord.db")
        self.clock = Clock()
        self.lives: dict[Who, Life] = {}
        self.objected: set[Who] = set()
        self.passed_on: set[Who] = set()
        self.no_mail: set[tuple[str, str]] = set()
        self._keys: dict[Who, str] = {}

    @initialize()
    def open(self) -> None:
        self.settings = Settings(
            DATA_DIR=self.folder,
            BASE_URL="https://forms.example",
            SECRET_KEY="a key of the tests and nobody else",
            MAIL_DEFAULT_SENDER="forms@forms.example",
        )
        self.ctx = Context.open(self.settings, self.clock, limited=False)

    def teardown(self) -> None:
        self.ctx.database.engine.dispose()
        shutil.rmtree(self.folder)

    # What must be so at every step

    @invariant()
    def the_status_of_every_purpose_is_that_of_the_model(self) -> None:
        who_is = self.who_is()
        for address, controller in {who[:2] for who in self.everybody()}:
            told: dict[Who, dict[str, str]] = {}
            for line in reports.status(self.ctx, address, controller):
                who = who_is[line["subject"]]
                told.setdefault(who, {})[line["purpose"]] = line["status"]
                assert line["as"] == ("guardian" if who[2] else "self")
            for who in self.everybody():
                if who[:2] == (address, controller):
                    assert told.get(who, {}) == self.lives.get(who, Life()).statuses(self.clock.now)

    @invariant()
    def exactly_what_is_granted_is_exported(self) -> None:
        who_is = self.who_is()
        lines = json.loads("".join(reports.consents_as_json(self.ctx, {"status": "granted"})))
        told = [(who_is[line["subject"]], line["email"], line["purpose"], line["decided_by"]) for line in lines]
        assert sorted(told) == sorted(
            (who, life.address if life.confirmed else who[0], purpose, "guardian" if who[2] else "self")
            for who, life in self.lives.items()
            for purpose in life.granted()
        )

    @invariant()
    def the_chains_hold_and_tell_the_same(self) -> None:
        audit.verify(self.ctx)
        subject_of = {who: subject for subject, who in self.who_is().items()}
        for controller, (form, _) in FORMS.items():
            chain = audit.chain(self.ctx, controller)
            entered = {(row["subject"], row["purpose"], row["kind"]) for row in chain}
            granted = {key for key, state in audit.states(self.ctx, controller).items() if state == "granted"}
            lives = {who: life for who, life in self.lives.items() if who[1] == controller}
            assert granted == {
                (subject_of[who], form, purpose) for who, life in lives.items() for purpose in life.granted()
            }
            for who, life in lives.items():
                decided = {
                    row["decided_by"] for row in chain if (row["subject"], row["kind"]) == (subject_of[who], "granted")
                }
                assert decided <= {"guardian" if who[2] else "self"}, "nobody but who decides has said yes"
                for purpose, status in life.statuses(self.clock.now).items():
                    entry = "requested" if status == "awaiting_guardian" else status
                    late = status == "lapsed" and any(request.is_open for request in life.requests)
                    assert late or (subject_of[who], purpose, entry) in entered, f"no entry for {purpose} {status}"

    @invariant()
    def personal_data_are_kept_only_of_whom_and_what_the_model_keeps(self) -> None:
        assert self.kept() == {
            who: (life.name, life.address, life.confirmed, life.month is not None) for who, life in self.lives.items()
        }
        expected = {}
        for who, life in self.lives.items():
            for request in life.requests:
                needed = {
                    name
                    for purpose, consent in life.consents.items()
                    if consent.request is request and consent.status == "granted"
                    for name in FORMS[who[1]][1][purpose].data
                }
                for name, value in request.fields.items():
                    if request.is_open or name in needed:
                        expected[request.id, name] = value
        found = {(row["request"], row["field"]): row["value"] for row in audit.rows(self.ctx, "request_fields")}
        assert found == expected

    @invariant()
    def every_no_is_remembered(self) -> None:
        with self.ctx.database.read() as connection:
            for who in self.everybody():
                mark = f"{who[0]}\n{self.key_of(who)}" if who[2] else who[0]
                assert suppressions.has(connection, who[1], suppressions.OBJECTED, mark) is (who in self.objected)
                said = suppressions.has(connection, who[1], suppressions.NO_MAIL, who[0])
                assert said is (who[:2] in self.no_mail)

    # The model's own arithmetic

    def everybody(self) -> list[Who]:
        raise NotImplementedError

    def key_of(self, who: Who) -> str:
        """The key of a child; it is for life, and read once: each time anew it took a quarter of the whole test."""
        if who not in self._keys:
            self._keys[who] = audit.child_key(self.ctx, who[1], *who[::2])
        return self._keys[who]

    def rows(self) -> dict[Who, audit.Entry]:
        people = {(who[0], who[1], self.key_of(who)): who for who in self.everybody()}
        rows = audit.rows(self.ctx, "subjects")
        return {people[row["email"], row["controller"], row["child_key"]]: row for row in rows}

    def who_is(self) -> dict[str, Who]:
        return {row["id"]: who for who, row in self.rows().items()}

    def kept(self) -> dict[Who, tuple[str, str, bool, bool]]:
        """Of whom anything is kept, and of a child its name, its own address and whether its month is remembered."""
        return {
            who: (row["child_name"], row["child_email"], bool(row["child_confirmed"]), row["decides_from"] is not None)
            for who, row in self.rows().items()
        }

    def behind(self, who: Who, token: str) -> tuple[Life | None, Request | None]:
        """The life and the request that an answer to this link changes, if it changes any."""
        life = self.lives.get(who)
        tokens = self.ctx.signing.guardian if who[2] else self.ctx.signing.confirm
        request_id, mailed_at = tokens.read(token)
        if mailed_at + WEEK <= self.clock.now:
            return None, None
        for request in life.waiting() if life else ():
            if request.id == request_id and not request.is_late(self.clock.now):
                return life, request
        return None, None

    def stopped(self, who: Who, ended: set[str]) -> list[str]:
        """What follows where these consents of somebody were stopped; returns who is mailed beside the address."""
        life = self.lives[who]
        told = [life.address] if life.confirmed and ended else []
        if ended and not life.granted():
            life.forget_address()
        return told

    def forget_if_unneeded(self, who: Who, a_mail_waits: bool = False) -> None:
        life = self.lives[who]
        if not life.waiting() and not life.granted():
            life.name, life.month = "", None
        if life.kept_until is not None and life.kept_until > self.clock.now:
            return
        is_needed = bool(life.waiting() or life.consents)
        if is_needed or a_mail_waits or life.pluses:
            life.kept_until = None if is_needed else self.clock.now
        else:
            del self.lives[who]

    def token_of(self, who: Who, kind: str) -> str:
        return str(self.rows()[who][f"{kind}_token"])

    def press(self, button: Callable[..., object], *given: object) -> None:
        """Press a button behind a link; that the link is old or leads nowhere is an answer too."""
        with suppress(LinkExpired, UnknownLink):
            button(self.ctx, *given)

    def a_minute_later(self) -> None:
        self.clock.forward(minutes=1)
        self.mails_go_to()

    def mails_go_to(self, *recipients: str) -> list[EmailMessage]:
        """Send what is due: to these, and to parents what they decided a day ago."""
        expected = list(recipients)
        for who, life in self.lives.items():
            expected += [who[0] for due in life.pluses if due <= self.clock.now]
            life.pluses = [due for due in life.pluses if due > self.clock.now]
        mails = work_off(self.ctx)
        assert sorted(mail["To"].addresses[0].addr_spec for mail in mails) == sorted(expected)
        return mails
