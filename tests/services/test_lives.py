"""People live with the kit for years and act in any order; at each step it agrees with a plain model."""

import json
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from app.config import Settings
from app.services import confirmation, housekeeping, linking, objection, reports, stopping, withdrawal
from app.services.confirmation import LinkExpired
from app.services.kit import Kit, UnknownLink
from app.storage import suppressions
from tests import audit
from tests.factories import Clock, send_form, text_of, token_in, work_off
from tests.services.model import FIELDS, FORMS, WEEK, Consent, Life, Request

PEOPLE = ("sofie@voorbeeld.test", "josé@voorbeeld.test")

Who = tuple[str, str]
Link = tuple[Who, str]
WHO = st.sampled_from(
    [(PEOPLE[0], "talentwerk")] * 3 + [(person, controller) for person in PEOPLE for controller in FORMS]
)
TICKS = st.sampled_from([{0}, {1}, {0, 1}, {0, 1, 2}])
LENGTHS = ({"hours": 5}, {"days": 3}, {"days": 3}, {"days": 8}, {"days": 70}, {"days": 400}, {"days": 1900})


class Lives(RuleBasedStateMachine):
    """The kit on SQLite beside the model; `samples` is a database in which the sample forms are published."""

    samples: Path
    links = Bundle("links")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="akkoord-lives-"))
        shutil.copy(self.samples, self.folder / "akkoord.db")
        self.clock = Clock()
        self.lives: dict[Who, Life] = {}
        self.objected: set[Who] = set()
        self.no_mail: set[Who] = set()

    @initialize()
    def open(self) -> None:
        self.settings = Settings(
            DATA_DIR=self.folder,
            BASE_URL="https://forms.example",
            SECRET_KEY="a key of the tests and nobody else",
            MAIL_DEFAULT_SENDER="forms@forms.example",
        )
        self.kit = Kit.open(self.settings, self.clock, limited=False)

    def teardown(self) -> None:
        self.kit.database.engine.dispose()
        shutil.rmtree(self.folder)

    # What people, staff and time do

    @rule(target=links, who=WHO, ticks=TICKS, fields=st.sampled_from(FIELDS), language=st.sampled_from(["nl", "en"]))
    def submit(self, who: Who, ticks: set[int], fields: dict[str, str], language: str) -> MultipleResults[Link]:
        self.clock.forward(minutes=1)
        form, purposes = FORMS[who[1]]
        ticked = tuple(purpose for number, purpose in enumerate(purposes) if number in ticks)
        send_form(self.kit, who[0], ticked, controller=who[1], form=form, language=language, fields=fields)
        if who in self.no_mail:
            self.mails_go_to()
            return multiple()
        life = self.lives.setdefault(who, Life())
        wanted = dict.fromkeys((purpose for purpose in ticked if purpose not in life.granted()), "requested")
        used = {name for purpose in wanted for name in purposes[purpose].data}
        kept = {name: value for name, value in fields.items() if name in used}
        (mail,) = self.mails_go_to(who[0])
        assert ("/confirm/" in text_of(mail)) is bool(wanted)
        if not wanted:
            return multiple()
        token = token_in(mail, "confirm")
        request = Request(str(self.kit.signing.confirm.read(token)[0]), wanted, kept, language, self.clock.now)
        same = [
            known.id for known in life.waiting() if not known.is_late(self.clock.now) and known.says_the_same(request)
        ]
        if same:
            assert request.id in same
        else:
            assert request.id not in [known.id for known in life.requests]
            life.requests.append(request)
        return multiple((who, token))

    @rule(target=links, who=WHO, ticks=TICKS, fields=st.sampled_from(FIELDS))
    def agree(self, who: Who, ticks: set[int], fields: dict[str, str]) -> MultipleResults[Link]:
        """What most people do: they send the form and say yes to the mail."""
        links = self.submit(who, ticks, fields, "nl")
        for link in links.values:
            self.confirm(link, explicit=True)
        return links

    @rule(target=links, link=links, ticks=TICKS)
    def submit_something_else(self, link: Link, ticks: set[int]) -> MultipleResults[Link]:
        """Whoever sent a form sends it again, often before the first mail is answered."""
        return self.submit(link[0], ticks, FIELDS[1], "nl")

    @rule(link=links, explicit=st.booleans())
    def confirm(self, link: Link, explicit: bool) -> None:
        self.clock.forward(minutes=1)
        who, token = link
        life, request = self.behind(who, token)
        self.press(confirmation.confirm, token, FORMS[who[1]][1] if explicit else ())
        if life is None or request is None:
            self.mails_go_to()
            return
        request.is_open = False
        new = False
        for purpose, rules in FORMS[who[1]][1].items():
            if request.states.get(purpose) != "requested":
                continue
            if rules.special and not explicit:
                request.states[purpose] = "refused"
                continue
            request.states[purpose] = "granted"
            if purpose not in life.granted():
                life.consents[purpose] = Consent(request, rules.keep.after(self.clock.now))
                new = True
                if rules.marketing:
                    self.objected.discard(who)
        self.forget_if_unneeded(who)
        self.mails_go_to(*[who[0]] * new)

    @rule(link=links)
    def refuse(self, link: Link) -> None:
        self.clock.forward(minutes=1)
        who, token = link
        _, request = self.behind(who, token)
        self.press(confirmation.refuse, token)
        if request is not None:
            request.is_open = False
            request.states = {
                purpose: "refused" if state == "requested" else state for purpose, state in request.states.items()
            }
            self.forget_if_unneeded(who)
        self.mails_go_to()

    @rule(who=WHO, choice=st.sampled_from([0, 0, 1, 1, 2, 3, None]), by_staff=st.booleans())
    def withdraw(self, who: Who, choice: int | None, by_staff: bool) -> None:
        self.clock.forward(minutes=1)
        purposes = FORMS[who[1]][1]
        purpose = None if choice is None else [*purposes, "unknown", "unknown"][choice]
        if by_staff:
            reports.withdraw_for(self.kit, who[0], who[1], purpose)
        elif who in self.lives:
            withdrawal.withdraw(self.kit, self.token_of(who, "withdraw"), purpose)
        if who not in self.lives:
            self.mails_go_to()
            return
        life = self.lives[who]
        chosen = set(purposes) if purpose is None else {purpose}
        ended = life.granted() & chosen
        life.end(ended, "withdrawn", self.clock.now)
        life.cancel(chosen)
        marketing = {known for known, rules in purposes.items() if rules.marketing}
        if ended & marketing and not life.granted() & marketing:
            self.objected.add(who)
        self.forget_if_unneeded(who)
        self.mails_go_to(*[who[0]] * bool(ended))

    @rule(who=WHO)
    def object_to_marketing(self, who: Who) -> None:
        self.clock.forward(minutes=1)
        if who not in self.lives:
            return
        life = self.lives[who]
        purposes = FORMS[who[1]][1]
        marketing = {purpose for purpose, rules in purposes.items() if rules.marketing}
        acts = bool(who not in self.objected or (life.granted() | life.pending()) & marketing)
        objection.object_to_marketing(self.kit, self.token_of(who, "object"))
        if acts:
            life.end(life.granted() & marketing, "withdrawn", self.clock.now)
            life.cancel(marketing)
            self.objected.add(who)
            self.forget_if_unneeded(who, a_mail_waits=True)
        self.mails_go_to(*[who[0]] * acts)

    @rule(who=WHO)
    def stop(self, who: Who) -> None:
        self.clock.forward(minutes=1)
        if who in self.lives:
            stopping.stop(self.kit, self.token_of(who, "stop"))
            self.no_mail.add(who)
        self.mails_go_to()

    @rule(who=WHO, to_object=st.booleans())
    def ask_for_a_link(self, who: Who, to_object: bool) -> None:
        self.clock.forward(minutes=1)
        linking.send_link(self.kit, who[1], "nl", who[0], who[0], "n", to_object=to_object)
        self.no_mail.discard(who)
        if to_object:
            self.lives.setdefault(who, Life()).kept_until = self.clock.now + WEEK
        self.mails_go_to(*[who[0]] * (who in self.lives))

    @rule(
        length=st.sampled_from(LENGTHS),
        tidy=st.booleans(),
    )
    def time_passes(self, length: dict[str, float], tidy: bool) -> None:
        """Housekeeping may be late for requests; a consent that is over is ended before anything else happens."""
        self.clock.forward(**length)
        is_over = any(
            consent.status == "granted" and consent.ends <= self.clock.now
            for life in self.lives.values()
            for consent in life.consents.values()
        )
        if tidy or is_over:
            self.tidy()

    @rule()
    def tidy(self) -> None:
        assert housekeeping.tidy(self.kit)
        now = self.clock.now
        for who, life in list(self.lives.items()):
            for request in life.waiting():
                if request.is_late(self.clock.now):
                    request.is_open = False
                    request.states = {
                        purpose: "lapsed" if state == "requested" else state
                        for purpose, state in request.states.items()
                    }
                    self.forget_if_unneeded(who)
            life.end({purpose for purpose in life.granted() if life.consents[purpose].ends <= now}, "expired", now)
            over = [
                purpose for purpose, known in life.consents.items() if known.proof_until and known.proof_until <= now
            ]
            for purpose in over:
                del life.consents[purpose]
            if who in self.lives and (over or (life.kept_until is not None and life.kept_until <= now)):
                self.forget_if_unneeded(who)
        self.mails_go_to()
        kept = {(row["email"], row["controller"]) for row in audit.rows(self.kit, "subjects")}
        assert kept == set(self.lives), "after housekeeping nobody is kept whom nothing needs"

    @rule()
    def rotate_the_key(self) -> None:
        older = (*self.settings.SECRET_KEY_FALLBACKS, self.settings.SECRET_KEY)
        self.settings = replace(
            self.settings, SECRET_KEY=f"key number {len(older)} of this test", SECRET_KEY_FALLBACKS=older
        )
        self.kit.database.engine.dispose()
        self.kit = Kit.open(self.settings, self.clock, limited=False)

    # What must be so at every step

    @invariant()
    def the_status_of_every_purpose_is_that_of_the_model(self) -> None:
        for who in self.everybody():
            told = {line["purpose"]: line["status"] for line in reports.status(self.kit, who[0], who[1])}
            assert told == self.lives.get(who, Life()).statuses(self.clock.now)

    @invariant()
    def exactly_what_is_granted_is_exported(self) -> None:
        lines = json.loads("".join(reports.consents_as_json(self.kit, {"status": "granted"})))
        assert {(line["email"], line["controller"], line["purpose"]) for line in lines} == {
            (*who, purpose) for who, life in self.lives.items() for purpose in life.granted()
        }
        assert len({(line["email"], line["controller"], line["purpose"]) for line in lines}) == len(lines)

    @invariant()
    def the_chains_hold_and_tell_the_same(self) -> None:
        audit.verify(self.kit)
        subject_of = {(row["email"], row["controller"]): row["id"] for row in audit.rows(self.kit, "subjects")}
        for controller, (form, _) in FORMS.items():
            entered = {(row["subject"], row["purpose"], row["kind"]) for row in audit.chain(self.kit, controller)}
            granted = {key for key, state in audit.states(self.kit, controller).items() if state == "granted"}
            lives = {who: life for who, life in self.lives.items() if who[1] == controller}
            assert granted == {
                (subject_of[who], form, purpose) for who, life in lives.items() for purpose in life.granted()
            }
            for who, life in lives.items():
                for purpose, status in life.statuses(self.clock.now).items():
                    late = status == "lapsed" and any(request.is_open for request in life.requests)
                    assert late or (subject_of[who], purpose, status) in entered, f"no entry for {purpose} {status}"

    @invariant()
    def personal_data_are_kept_only_of_whom_and_what_the_model_keeps(self) -> None:
        kept = {(row["email"], row["controller"]) for row in audit.rows(self.kit, "subjects")}
        assert kept == set(self.lives)
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
        found = {(row["request"], row["field"]): row["value"] for row in audit.rows(self.kit, "request_fields")}
        assert found == expected

    @invariant()
    def every_no_is_remembered(self) -> None:
        with self.kit.database.read() as connection:
            for kind, marked in ((suppressions.OBJECTED, self.objected), (suppressions.NO_MAIL, self.no_mail)):
                for who in self.everybody():
                    assert suppressions.has(connection, who[1], kind, who[0]) is (who in marked)

    # The model's own arithmetic

    def everybody(self) -> list[Who]:
        return [(person, controller) for person in PEOPLE for controller in FORMS]

    def behind(self, who: Who, token: str) -> tuple[Life | None, Request | None]:
        """The life and the request that an answer to this link changes, if it changes any."""
        life = self.lives.get(who)
        request_id = self.kit.signing.confirm.read(token)[0]
        for request in life.waiting() if life else ():
            if request.id == request_id and not request.is_late(self.clock.now):
                return life, request
        return None, None

    def forget_if_unneeded(self, who: Who, a_mail_waits: bool = False) -> None:
        life = self.lives[who]
        if life.kept_until is not None and life.kept_until > self.clock.now:
            return
        is_needed = bool(life.waiting() or life.consents)
        if is_needed or a_mail_waits:
            life.kept_until = None if is_needed else self.clock.now
        else:
            del self.lives[who]

    def token_of(self, who: Who, kind: str) -> str:
        where = "email = :email AND controller = :controller"
        (row,) = audit.rows(self.kit, "subjects", where, email=who[0], controller=who[1])
        return str(row[f"{kind}_token"])

    def press(self, button: Callable[..., object], *given: object) -> None:
        """Press a button behind a link; that the link is old or leads nowhere is an answer too."""
        with suppress(LinkExpired, UnknownLink):
            button(self.kit, *given)

    def mails_go_to(self, *recipients: str) -> list[EmailMessage]:
        mails = work_off(self.kit)
        assert [mail["To"].addresses[0].addr_spec for mail in mails] == list(recipients)
        return mails


def test_whatever_people_do_and_however_time_passes_the_kit_agrees_with_a_plain_model(
    sqlite_with_samples: Path,
) -> None:
    class Here(Lives):
        samples = sqlite_with_samples

    run_state_machine_as_test(Here, settings=hypothesis_settings(max_examples=15, stateful_step_count=40))
