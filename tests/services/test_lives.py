"""People live with the kit for years and act in any order; at each step it agrees with a plain model."""

from dataclasses import replace
from pathlib import Path

from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, MultipleResults, multiple, rule, run_state_machine_as_test

from app.domain.address import Address
from app.services import confirmation, housekeeping, lifting, mail_opt_out, objection, withdrawal
from app.services.context import Context
from app.services.link_request import LinkRequest
from tests.factories import send_form, send_link, text_of, token_in
from tests.services.child_rules import CHILDREN, ChildRules, Link
from tests.services.lives import PEOPLE, Who
from tests.services.model import FIELDS, FORMS, WEEK, Consent, Life, Request

ADULTS: tuple[Who, ...] = tuple((person, controller, "") for person in PEOPLE for controller in FORMS)
WHO = st.sampled_from((ADULTS[0],) * 3 + ADULTS)
ANYBODY = st.sampled_from((ADULTS[0],) * 3 + ADULTS + CHILDREN)
TICKS = st.sampled_from([{0}, {1}, {0, 1}, {0, 1, 2}])
LENGTHS = ({"hours": 5}, {"days": 3}, {"days": 3}, {"days": 8}, {"days": 70}, {"days": 400}, {"days": 1900})


class People(ChildRules):
    """What adults, staff and time do beside what children and parents do."""

    links = Bundle("links")

    def everybody(self) -> list[Who]:
        return [*ADULTS, *CHILDREN]

    @rule(target=links, who=WHO, ticks=TICKS, fields=st.sampled_from(FIELDS), language=st.sampled_from(["nl", "en"]))
    def submit(self, who: Who, ticks: set[int], fields: dict[str, str], language: str) -> MultipleResults[Link]:
        self.a_minute_later()
        form, purposes = FORMS[who[1]]
        ticked = tuple(purpose for number, purpose in enumerate(purposes) if number in ticks)
        send_form(self.ctx, who[0], ticked, controller=who[1], form=form, language=language, fields=fields)
        if who[:2] in self.no_mail:
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
        request = Request(str(self.ctx.signing.confirm.read(token)[0]), wanted, kept, language, self.clock.now)
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
            self.confirm(link, "ticks all")
        return links

    @rule(target=links, link=links, ticks=TICKS)
    def submit_something_else(self, link: Link, ticks: set[int]) -> MultipleResults[Link]:
        """Whoever sent a form sends it again, often before the first mail is answered."""
        return self.submit(link[0], ticks, FIELDS[1], "nl")

    @rule(link=links, how=st.sampled_from(["ticks all", "ticks none", "leaves it out"]))
    def confirm(self, link: Link, how: str) -> None:
        """A yes; where a statement is asked it is ticked, or not, or the button is pressed that leaves it out."""
        self.a_minute_later()
        who, token = link
        life, request = self.behind(who, token)
        purposes = FORMS[who[1]][1]
        special = [purpose for purpose, rules in purposes.items() if rules.special]
        without = special if how == "leaves it out" else []
        self.press(confirmation.confirm, token, special if how == "ticks all" else [], without)
        if life is None or request is None:
            self.mails_go_to()
            return
        listed = {purpose for purpose, state in request.states.items() if state == "requested"}
        if (how == "ticks none" and listed & set(special)) or (without and not (listed >= set(without) < listed)):
            self.mails_go_to()
            return
        request.is_open = False
        new = False
        ended: set[str] = set()
        for purpose, rules in purposes.items():
            if purpose not in listed:
                continue
            if purpose in without:
                request.states[purpose] = "refused"
                if purpose in life.granted():
                    ended.add(purpose)
                continue
            request.states[purpose] = "granted"
            if purpose not in life.granted():
                life.consents[purpose] = Consent(request, rules.keep.after(self.clock.now))
                new = True
                if rules.marketing:
                    self.objected.discard(who)
                    self.passed_on.discard(who)
        life.end(ended, "withdrawn", self.clock.now)
        self.forget_if_unneeded(who)
        self.mails_go_to(*[who[0]] * (new + bool(ended)))

    @rule(link=links)
    def refuse(self, link: Link) -> None:
        self.a_minute_later()
        who, token = link
        _, request = self.behind(who, token)
        self.press(confirmation.refuse, token)
        if request is not None:
            self.lives[who].answer(request, "refused")
            self.forget_if_unneeded(who)
        self.mails_go_to()

    @rule(
        who=ANYBODY, choice=st.sampled_from([0, 0, 1, 1, 2, 3, None]), by_staff=st.booleans(), one_click=st.booleans()
    )
    def withdraw(self, who: Who, choice: int | None, by_staff: bool, one_click: bool) -> None:
        """Staff stops what an address decides for: what its owner agreed to, and what was allowed its children.

        A mail program's one click on what a person was never asked for stops everything.
        """
        self.a_minute_later()
        purposes = FORMS[who[1]][1]
        purpose = None if choice is None else [*purposes, "unknown", "unknown"][choice]
        if by_staff:
            withdrawal.withdraw_for(self.ctx, who[0], who[1], purpose)
        elif who in self.lives:
            withdrawal.withdraw(self.ctx, self.token_of(who, "withdraw"), purpose, or_all=one_click)
            life = self.lives[who]
            if one_click and purpose not in {*life.consents, *(known for one in life.requests for known in one.states)}:
                purpose = None
        concerned = [known for known in self.lives if known == who or (by_staff and known[:2] == who[:2])]
        chosen = set(purposes) if purpose is None else {purpose}
        self.mails_go_to(*[address for known in concerned for address in self.ends(known, chosen)])

    @rule(who=ANYBODY)
    def object_to_marketing(self, who: Who) -> None:
        self.a_minute_later()
        if who not in self.lives:
            return
        life = self.lives[who]
        purposes = FORMS[who[1]][1]
        marketing = {purpose for purpose, rules in purposes.items() if rules.marketing}
        is_new = who not in self.passed_on  # a withdrawal marks too, but the company is told of objections alone
        acts = bool(is_new or (life.granted() | life.pending()) & marketing)
        objection.object_to_marketing(self.ctx, self.token_of(who, "object"))
        told: list[str] = []
        if acts:
            ended = life.granted() & marketing
            life.end(ended, "withdrawn", self.clock.now)
            life.cancel(marketing)
            self.objected.add(who)
            self.passed_on.add(who)
            told = [who[0], *self.stopped(who, ended)] if ended or is_new else []
            told += [f"privacy@{who[1]}.example"] if is_new else []
            self.forget_if_unneeded(who, a_mail_waits=bool(told))
        self.mails_go_to(*told)

    @rule(who=ANYBODY)
    def stop(self, who: Who) -> None:
        self.a_minute_later()
        is_new = who in self.lives and who[:2] not in self.no_mail
        if who in self.lives:
            mail_opt_out.stop(self.ctx, self.token_of(who, "stop"))
            self.no_mail.add(who[:2])
        self.mails_go_to(*[who[0]] * is_new)

    @rule(who=WHO, to_object=st.booleans(), lifts=st.booleans())
    def ask_for_a_link(self, who: Who, to_object: bool, lifts: bool) -> None:
        """Who wants no mail is offered to lift that, and may do so."""
        self.a_minute_later()
        send_link(self.ctx, LinkRequest(who[1], "nl", Address(who[0], who[0]), "n", to_object=to_object))
        if to_object:
            self.lives.setdefault(who, Life()).kept_until = self.clock.now + WEEK
        is_known = any(known[:2] == who[:2] for known in self.lives)
        is_offered = who[:2] in self.no_mail
        if is_offered and who not in self.lives:
            self.lives[who] = Life(kept_until=self.clock.now)
        mails = self.mails_go_to(*[who[0]] * (is_known + is_offered))
        if is_offered and lifts:
            (token,) = [token_in(mail, "lift") for mail in mails if "/lift/" in text_of(mail)]
            lifting.lift(self.ctx, token)
            self.no_mail.discard(who[:2])

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
        else:
            self.mails_go_to()

    @rule()
    def tidy(self) -> None:
        assert housekeeping.tidy(self.ctx)
        told = [address for who in list(self.lives) for address in self.time_has_passed_for(who)]
        self.mails_go_to(*told)
        assert set(self.kept()) == set(self.lives), "after housekeeping nobody is kept whom nothing needs"

    def time_has_passed_for(self, who: Who) -> list[str]:
        """What housekeeping does for somebody; returns who is told that a child decides from now on."""
        life, now, ends = self.lives[who], self.clock.now, False
        for request in life.waiting():
            if request.is_late(now):
                life.answer(request, "lapsed")
                ends = True
        if life.address_asked is not None and life.address_asked + WEEK <= now:
            life.forget_address()
        expired = {purpose for purpose in life.granted() if life.consents[purpose].ends <= now}
        life.end(expired, "expired", now)
        if expired and not life.granted():
            life.forget_address()
        over = [purpose for purpose, known in life.consents.items() if known.proof_until and known.proof_until <= now]
        for purpose in over:
            del life.consents[purpose]
        told = []
        if life.granted() and life.month is not None and life.month <= now:
            life.month = None
            told = [life.address if life.confirmed else who[0]]
        if ends or expired or over or (life.kept_until is not None and life.kept_until <= now):
            self.forget_if_unneeded(who)
        return told

    @rule()
    def rotate_the_key(self) -> None:
        older = (*self.settings.SECRET_KEY_FALLBACKS, self.settings.SECRET_KEY)
        self.settings = replace(
            self.settings, SECRET_KEY=f"key number {len(older)} of this test", SECRET_KEY_FALLBACKS=older
        )
        self.ctx.database.engine.dispose()
        self.ctx = Context.open(self.settings, self.clock, limited=False)


def test_whatever_people_do_and_however_time_passes_the_kit_agrees_with_a_plain_model(
    sqlite_with_samples: Path,
) -> None:
    class Here(People):
        samples = sqlite_with_samples

    run_state_machine_as_test(Here, settings=hypothesis_settings(max_examples=15, stateful_step_count=40))
