"""What children and their parents do, for `test_lives.py`: rules beside those for adults."""

from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, MultipleResults, multiple, rule

from app.domain.address import Address, read_address
from app.domain.consent import Audience
from app.services import confirmation, guardian, withdrawal
from app.services.coming_of_age import day_begins
from app.services.guardian import GuardianDecision
from app.services.link_request import LinkRequest
from tests.factories import notice_hash, send_form, send_link, text_of, token_in
from tests.services.lives import PEOPLE, Lives, Who
from tests.services.model import FORMS, WAITING, WEEK, Consent, Life, Request

Link = tuple[Who, str]
CHILDREN: tuple[Who, ...] = (
    (PEOPLE[0], "demolen", "Noor"),
    (PEOPLE[0], "demolen", "Lou"),
    (PEOPLE[1], "demolen", "Noor"),
)
WHICH = st.sampled_from(CHILDREN)
SOME = st.sampled_from([{0}, {1}, {0, 1}, {0, 1, 2}])
MONTHS = {"Noor": date(2026, 12, 1), "Lou": date(2028, 4, 1)}
"""When these children reach the age to decide: the one soon, the other after a consent may have ended."""

PURPOSES = FORMS["demolen"][1]
FILLED = {"first_name": "Kind", "shop": "korenmarkt"}


class ChildRules(Lives):
    """Children wish, parents decide, and both may stop it."""

    wishes = Bundle("wishes")
    addresses = Bundle("addresses")

    @rule(target=wishes, who=WHICH, ticks=SOME, language=st.sampled_from(["nl", "fr"]))
    def wish(self, who: Who, ticks: set[int], language: str) -> MultipleResults[Link]:
        self.a_minute_later()
        ticked = tuple(purpose for number, purpose in enumerate(PURPOSES) if number in ticks)
        month = MONTHS[who[2]]
        send_form(
            self.ctx,
            who[0],
            ticked,
            controller="demolen",
            form="newsletter",
            language=language,
            child_name=who[2],
            decides_from=month,
        )
        if who[:2] in self.no_mail:
            self.mails_go_to()
            return multiple()
        life = self.lives.setdefault(who, Life(waits="awaiting_guardian"))
        if not life.granted():
            life.name, life.month = who[2], day_begins(month, "BE")
        wanted = dict.fromkeys((purpose for purpose in ticked if purpose not in life.granted()), life.waits)
        (mail,) = self.mails_go_to(who[0])
        assert ("/guardian/" in text_of(mail)) is bool(wanted)
        if not wanted:
            return multiple()
        token = token_in(mail, "guardian")
        request = Request(str(self.ctx.signing.guardian.read(token)[0]), wanted, {}, language, self.clock.now)
        same = [known for known in life.waiting() if known.id == request.id]
        if same:
            assert same[0].says_the_same(request)
            same[0].asked = self.clock.now
        else:
            life.requests.append(request)
        return multiple((who, token))

    @rule(target=addresses, link=wishes, ticks=SOME, address=st.booleans())
    def decide(self, link: Link, ticks: set[int], address: bool) -> MultipleResults[Link]:
        """A parent allows some, perhaps none of what was wished, and may give an address of the child's own."""
        self.a_minute_later()
        who, token = link
        life, request = self.behind(who, token)
        allowed = {purpose for number, purpose in enumerate(PURPOSES) if number in ticks}
        given = f"{who[2].lower()}@kind.test"
        notice = notice_hash(self.ctx, "demolen", "newsletter", "nl", Audience.GUARDIAN)
        child_email = read_address(given) if address else None
        self.press(guardian.decide, token, GuardianDecision(notice, allowed, (), FILLED, child_email))
        if life is None or request is None:
            self.mails_go_to()
            return multiple()
        request.is_open = False
        granted = {purpose for purpose in allowed if request.states.get(purpose) in WAITING}
        for purpose in granted - life.granted():
            life.consents[purpose] = Consent(request, PURPOSES[purpose].keep.after(self.clock.now))
            if PURPOSES[purpose].marketing:
                self.objected.discard(who)
                self.passed_on.discard(who)
        request.states |= dict.fromkeys(granted, "granted")
        refused = {purpose for purpose, state in request.states.items() if state in WAITING} if granted else set()
        life.answer(request, "refused")
        told = self.ends(who, refused, pending=False) if refused else []
        request.fields = FILLED if granted else {}
        if granted:
            life.pluses.append(self.clock.now + timedelta(days=1))
        asks = bool(granted) and address and not (life.confirmed and life.address == given)
        self.forget_if_unneeded(who)
        (*mails,) = self.mails_go_to(*[given] * asks, *told)
        if not asks:
            return multiple()
        (token,) = [token_in(mail, "confirm") for mail in mails if "/confirm/" in text_of(mail)]
        life.address, life.confirmed = given, False
        life.address_request, life.address_asked = self.ctx.signing.confirm.read(token)[0], self.clock.now
        return multiple((who, token))

    @rule(target=addresses, who=WHICH, wished=SOME, allowed=SOME, answers=st.sampled_from([True, True, False, None]))
    def settle(self, who: Who, wished: set[int], allowed: set[int], answers: bool | None) -> MultipleResults[Link]:
        """What most families do: a child wishes, its parent answers, and the child says yes or no to its address."""
        found: list[Link] = []
        for link in self.wish(who, wished, "nl").values:
            found += self.decide(link, allowed, address=True).values
        for link in found if answers is not None else ():
            self.answer_address(link, bool(answers))
        return multiple(*found)

    @rule(who=WHICH, wished=SOME, answers=st.booleans(), by_child=st.booleans())
    def settle_and_stop(self, who: Who, wished: set[int], answers: bool, by_child: bool) -> None:
        """Some think better of it at once."""
        self.settle(who, wished, wished, answers)
        if who in self.lives:
            token = self.token_of(who, "child_withdraw" if by_child else "withdraw")
            withdrawal.withdraw(self.ctx, token)
            self.mails_go_to(*self.ends(who, set(PURPOSES)))

    @rule(link=wishes)
    def refuse_all(self, link: Link) -> None:
        self.decide(link, set(), True)

    @rule(link=wishes)
    def not_mine(self, link: Link) -> None:
        self.a_minute_later()
        who, token = link
        life, request = self.behind(who, token)
        self.press(guardian.not_mine, token)
        if life is not None and request is not None:
            for known in life.waiting():
                life.answer(known, "refused")
            if not life.consents:
                life.pluses = []
            self.forget_if_unneeded(who)
        self.mails_go_to()

    @rule(link=addresses, yes=st.booleans())
    def answer_address(self, link: Link, yes: bool) -> None:
        """The child says whether the address is its own; whatever it ticks with that, no more is allowed."""
        self.a_minute_later()
        who, token = link
        life = self.lives.get(who, Life())
        asked = life.address_asked
        is_open = life.address_request == self.ctx.signing.confirm.read(token)[0] and asked is not None
        if yes:
            self.press(confirmation.confirm, token, tuple(PURPOSES))
        else:
            self.press(confirmation.refuse, token)
        if not is_open or asked is None or asked + WEEK <= self.clock.now:
            self.mails_go_to()
        elif yes:
            life.confirmed, life.address_request, life.address_asked = True, "", None
            self.mails_go_to(life.address)
        else:
            life.forget_address()
            self.mails_go_to()

    @rule(who=WHICH, choice=st.sampled_from([0, 1, 2, None]))
    def child_withdraws(self, who: Who, choice: int | None) -> None:
        """Behind the link of its own that a child has for as long as anything is kept of it."""
        self.a_minute_later()
        if who not in self.lives:
            return
        life = self.lives[who]
        purpose = None if choice is None else list(PURPOSES)[choice]
        withdrawal.withdraw(self.ctx, self.token_of(who, "child_withdraw"), purpose)
        self.mails_go_to(*self.ends(who, set(PURPOSES) if purpose is None else {purpose}))
        assert not life.granted() & ({purpose} if purpose else set(PURPOSES))

    @rule(name=st.sampled_from(list(MONTHS)))
    def child_asks_for_its_link(self, name: str) -> None:
        self.a_minute_later()
        address = f"{name.lower()}@kind.test"
        send_link(self.ctx, LinkRequest("demolen", "nl", Address(address, address), "n", to_object=False))
        self.mails_go_to(*{life.address for life in self.lives.values() if life.confirmed and life.address == address})

    def ends(self, who: Who, purposes: set[str], pending: bool = True) -> list[str]:
        """Somebody's stop of these purposes in the model, and of what waits of them; returns who is mailed."""
        life = self.lives[who]
        marketing = {known for known, rules in FORMS[who[1]][1].items() if rules.marketing}
        ended = life.granted() & purposes
        life.end(ended, "withdrawn", self.clock.now)
        if pending:
            life.cancel(purposes)
        if ended & marketing and not life.granted() & marketing:
            self.objected.add(who)
        told = [who[0]] * bool(ended) + self.stopped(who, ended)
        self.forget_if_unneeded(who)
        return told
