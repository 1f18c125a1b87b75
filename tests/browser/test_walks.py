"""Four people on their whole way in each language: an adult, a guardian of three, a child, and a stranger."""

from datetime import timedelta
from email.message import EmailMessage

import pytest

from app.domain.consent import Audience
from tests.browser import pages
from tests.browser.conftest import Visit
from tests.browser.pages import LANGUAGES
from tests.browser.running import Stage
from tests.browser.walk import Walk
from tests.browser.young import CLUB, NAME, NEWS, allowed, say_age
from tests.factories import send_form, text_of

EVERYTHING = "waterland/everything"
in_each_language = pytest.mark.parametrize("language", LANGUAGES)


@in_each_language
def test_an_adult_agrees_stops_part_of_it_and_the_rest_objects_and_wants_no_more_mail(
    look: Visit, stage: Stage, language: str
) -> None:
    walk = Walk(stage, look(locale=language), language)
    t, page, notice = walk.t, walk.page, walk.notice(EVERYTHING)
    me, phone, reasons = walk.address("ann"), walk.secret("0470 12 34 56"), walk.secret("Mijn put ligt diep.")
    wishes = [purpose.id for purpose in notice.asked]
    titles = [purpose.title for purpose in notice.asked]

    pages.form(stage, page, EVERYTHING, language)
    walk.reads(notice.title)
    for wish in wishes:
        page.check(f"#p-{wish}")
    page.fill("#phone", phone)
    page.fill("#email", "ann@")
    walk.press("yes")
    walk.reads(notice.title, shows=[phone], ticked=[f"p-{wish}" for wish in wishes], wrong=True)
    assert walk.wrongs() == ["#email"]
    page.fill("#email", me)
    walk.press("yes")
    walk.reads(t("form.sent.title"), shows=[me])

    asking = walk.mail(t("mail.confirm.subject", form_title=notice.title), me)
    walk.follow(asking, "confirm")
    walk.reads(t("confirm.title"))
    walk.says(*titles)
    walk.press("yes")
    walk.reads(t("confirmed.title"))
    walk.says(*titles)
    assert walk.kept(me) == dict.fromkeys(wishes, "granted")

    receipt = walk.mail(t("mail.receipt.subject", form_title=notice.title), me, shows=[phone])
    walk.follow(receipt, "notice")
    walk.reads(notice.title)
    walk.says(notice.hash, *titles, *(purpose.text for purpose in notice.purposes))
    assert page.locator("main form, main button").count() == 0
    walk.follow(receipt, "withdraw")
    walk.reads(t("withdraw.title"))
    page.locator(f'form[action*="/{wishes[0]}"] button').click()
    walk.reads(t("withdraw.done.title"))
    walk.says(t("withdraw.done.remaining"), *titles)
    walk.mail(t("mail.withdrawn.subject", form_title=notice.title), me)
    walk.click(t("withdraw.title"))
    walk.reads(t("withdraw.title"))
    walk.press("stop")
    walk.reads(t("withdraw.done.title"))
    walk.mail(t("mail.withdrawn.subject", form_title=notice.title), me)
    walk.follow(asking, "confirm")
    walk.reads(t("withdraw.done.title"))
    assert walk.kept(me) == dict.fromkeys(wishes, "withdrawn")

    (interest,) = [purpose for purpose in notice.told if purpose.basis.allows_objection]
    pages.form(stage, page, EVERYTHING, language)
    walk.click_at(page.locator('a[href*="purpose="]').first)
    walk.reads(t("object.to", purpose=interest.title))
    page.fill("#email", me)
    walk.press("yes")
    walk.reads(t("form.sent.title"), shows=[me])
    walk.follow(walk.mail(t("mail.object.subject_one", purpose=interest.title), me), "object")
    walk.reads(t("object.to", purpose=interest.title))
    page.fill("#reasons", reasons)
    page.locator("button[name=interest]").first.click()
    walk.reads(t("mail.interest.subject", purpose=interest.title))
    walk.mail(t("mail.interest.subject", purpose=interest.title), me)

    walk.follow(asking, "stop")
    walk.reads(t("stop.title"))
    walk.press("stop")
    walk.reads(t("stop.done.title"))
    walk.mail(t("mail.opted_out.subject", controller=notice.controller_name), me)
    walk.click(t("link.title"))
    walk.reads(t("link.title"))
    page.fill("#email", me)
    walk.press("yes")
    walk.reads(t("form.sent.title"), shows=[me])
    walk.mail(t("mail.link.subject", controller=notice.controller_name), me)
    walk.follow(walk.mail(t("mail.lift.subject", controller=notice.controller_name), me), "lift")
    walk.reads(t("lift.title"))
    walk.press("lift")
    walk.reads(t("lift.done.title"))
    assert [mail["Subject"] for mail in walk.unread] == []


@in_each_language
def test_a_guardian_decides_for_each_of_three_children_stops_for_one_and_sends_the_form_for_another(
    look: Visit, stage: Stage, language: str
) -> None:
    walk = Walk(stage, look(locale=language, java_script_enabled=False), language)
    t, page, notice = walk.t, walk.page, walk.notice(CLUB, Audience.GUARDIAN)
    me, controller = walk.address("papa"), notice.controller_name
    one, other, fourth = (walk.secret(name) for name in (NAME, "Quirijn", "Wubbo"))
    first, *rest = [purpose.id for purpose in notice.asked]
    with_name = next(purpose.id for purpose in notice.asked if "first_name" in purpose.data)

    asked_on, asking = [], []
    for name, months in ((one, 40), (other, 50), (one, 60)):  # the last is a namesake of the first, born later
        send_form(
            stage.ctx,
            me,
            (first, *rest),
            controller=notice.controller,
            form=notice.form,
            language=language,
            site="www.demolen.example",
            child_name=name,
            decides_from=stage.clock().date() + timedelta(days=30 * months),
        )
        asking.append(walk.mail(t("mail.guardian.subject", form_title=notice.title), me))
        asked_on.append(stage.clock())
        stage.clock.forward(days=1)

    walk.follow(asking[0], "guardian")
    walk.reads(t("guardian.title"), shows=[one])
    page.check(f"#p-{with_name}")
    walk.press("yes")
    walk.reads(t("guardian.title"), shows=[one], ticked=[f"p-{with_name}"], wrong=True)
    assert {"#first_name", "#is_guardian"} <= set(walk.wrongs())
    page.check("#use_child_name")
    page.check("#is_guardian")
    for field in [wrong for wrong in walk.wrongs() if wrong not in ("#first_name", "#is_guardian")]:
        page.select_option(str(field), index=1)
    walk.press("yes")
    walk.reads(t("guardian.done.title"), shows=[one])
    walk.says(t("guardian.yes"), t("guardian.no"))

    walk.follow(asking[1], "guardian")
    walk.reads(t("guardian.title"), shows=[other])
    walk.press("no")
    walk.reads(t("guardian.done.title"))
    walk.follow(asking[2], "guardian")
    walk.reads(t("guardian.title"), shows=[one])
    page.check(f"#p-{first}")
    page.check("#is_guardian")
    walk.press("yes")
    walk.reads(t("guardian.done.title"), shows=[one])

    stage.clock.forward(days=1, minutes=1)
    # Nothing is kept of the child whose parent said no to everything, and no second mail says so.
    allowed_on = [asked_on[0], asked_on[2]]
    plus = [
        walk.mail(
            t("mail.plus.subject", form_title=notice.title),
            me,
            having=t("mail.which_child", number=number, date=walk.day(asked)),
        )
        for number, asked in enumerate(allowed_on, 1)
    ]
    walk.follow(plus[0], "withdraw")
    walk.reads(t("withdraw.title"), shows=[one])
    walk.says(walk.day(asked_on[0]))
    walk.press("stop")
    walk.reads(t("withdraw.done.title"), shows=[one])
    walk.mail(
        t("mail.stopped_for_child.subject", form_title=notice.title),
        me,
        having=t("mail.which_child", number=1, date=walk.day(asked_on[0])),
    )

    page.goto(f"{stage.address}/link/{notice.controller}?lang={language}")
    walk.reads(t("link.title"))
    page.fill("#email", me)
    walk.press("yes")
    walk.reads(t("form.sent.title"), shows=[me])
    links = walk.mail(t("mail.link.subject", controller=controller), me)
    lines = [
        t("mail.link.child_number", number=number, date=walk.day(asked), link="").strip()
        for number, asked in enumerate(allowed_on, 1)
    ]
    assert [line for line in text_of(links).splitlines() if line in lines] == lines
    walk.follow(links, "withdraw", 0)
    walk.reads(t("withdraw.done.title"))
    walk.follow(links, "withdraw", 1)
    walk.reads(t("withdraw.title"), shows=[one])
    walk.says(walk.day(asked_on[2]))

    pages.form(stage, page, CLUB, language)
    walk.reads(walk.young("age.title"), title=walk.notice(CLUB, Audience.CHILD).title)
    say_age(page, 40, stage.clock().date())
    walk.reads(notice.title)
    walk.says(t("parent.who", age=notice.threshold))
    page.check(f"#p-{first}")
    page.fill("#child_name", fourth)
    page.fill("#child_birth_month", "1")
    page.fill("#child_birth_year", str(stage.clock().year - 6))
    page.fill("#email", me)
    walk.press("yes")
    walk.reads(notice.title, shows=[fourth, me], ticked=[f"p-{first}"], wrong=True)
    assert walk.wrongs() == ["#is_guardian"]
    page.check("#is_guardian")
    walk.press("yes")
    walk.reads(t("form.sent.title"), shows=[me])
    walk.follow(walk.mail(t("mail.confirm.for_child_subject", form_title=notice.title), me), "confirm")
    walk.reads(t("confirm.title"), shows=[fourth])
    walk.press("yes")
    walk.reads(t("confirmed.title"), shows=[fourth])
    assert walk.kept(me, fourth) == {first: "granted"}
    assert [mail["Subject"] for mail in walk.unread] == []


@in_each_language
def test_a_child_thinks_again_asks_comes_back_and_stops_and_a_teenager_decides_alone(
    look: Visit, stage: Stage, language: str
) -> None:
    walk = Walk(stage, look(locale=language), language)
    t, young, page, notice = walk.t, walk.young, walk.page, walk.notice(CLUB, Audience.CHILD)
    name, papa, own = walk.secret(NAME), walk.address("papa"), walk.address("zenzi")
    wish = next(purpose.id for purpose in notice.asked if purpose.channel == "email")
    club = walk.notice(CLUB, Audience.GUARDIAN).title

    pages.form(stage, page, CLUB, language)
    walk.reads(young("age.title"), title=notice.title)
    say_age(page, 9, stage.clock().date())
    walk.reads(notice.title)
    page.check(f"#p-{wish}")
    walk.press("no")
    walk.reads(notice.title, ticked=[f"p-{wish}"])
    walk.says(young("child.unsure.title"))
    walk.press("no")
    walk.reads(young("child.stopped.title"))
    walk.click(young("form.nothing.again"))
    walk.reads(notice.title)
    child_page = page.url
    page.check(f"#p-{wish}")
    page.fill("#child_name", name)
    page.fill("#guardian_email", papa)
    walk.press("yes")
    walk.reads(young("child.waiting.title"), shows=[papa])
    asking = walk.mail(t("mail.guardian.subject", form_title=club), papa)

    stage.clock.forward(hours=25)
    page.goto("about:blank")
    page.goto(child_page)
    walk.reads(young("step.expired.title"))
    walk.click(young("step.expired.again"))
    walk.reads(young("age.title"), title=notice.title)

    walk.gets(allowed(stage, asking, CLUB, language, wish, child_email=own))
    walk.follow(walk.mail(young("mail.child_address.subject", form_title=notice.title), own), "confirm")
    walk.reads(young("child.confirm.title"))
    walk.press("yes")
    walk.reads(young("child.confirm.yes_done.title"))
    receipt = walk.mail(young("mail.child_receipt.subject", form_title=notice.title), own)
    walk.follow(receipt, "withdraw")
    walk.reads(young("withdraw.title"))
    walk.press("stop")
    walk.reads(young("withdraw.done.title"))
    walk.mail(young("mail.child_stopped.subject", form_title=notice.title), own)
    walk.mail(t("mail.stopped_for_child.subject", form_title=club), papa)
    stage.clock.forward(days=1)
    walk.mail(t("mail.plus.subject", form_title=club), papa)
    assert walk.kept(papa) == {wish: "withdrawn"}, "the first name has gone with the last yes"

    walk.page = page = look(locale=language)
    notice, me = walk.notice(NEWS, Audience.TEEN), walk.address("teun")
    wish = next(purpose.id for purpose in notice.asked if purpose.channel == "email")
    pages.form(stage, page, NEWS, language)
    walk.reads(t("age.title"), title=walk.notice(NEWS).title)
    say_age(page, 15, stage.clock().date())
    walk.reads(notice.title)
    page.check(f"#p-{wish}")
    page.fill("#email", me)
    walk.press("yes")
    walk.reads(young("form.sent.title"), shows=[me])
    walk.follow(walk.mail(young("mail.confirm.subject", form_title=notice.title), me), "confirm")
    walk.reads(young("confirm.title"))
    walk.press("yes")
    walk.reads(young("confirmed.title"))
    walk.follow(walk.mail(young("mail.receipt.subject", form_title=notice.title), me), "withdraw")
    walk.reads(young("withdraw.title"))
    walk.press("stop")
    walk.reads(young("withdraw.done.title"))
    walk.mail(young("mail.withdrawn.subject", form_title=notice.title), me)
    assert walk.kept(me) == {wish: "withdrawn"}
    assert [mail["Subject"] for mail in walk.unread] == []


@in_each_language
def test_a_stranger_who_gets_the_mails_of_others_ends_them_and_grants_nothing(
    look: Visit, stage: Stage, language: str
) -> None:
    walk = Walk(stage, look(locale=language, java_script_enabled=False), language)
    t, page = walk.t, walk.page
    me, name = walk.address("wie"), walk.secret(NAME)

    def asked(form: str, audience: Audience) -> EmailMessage:
        """Somebody has given this person's address on a form."""
        notice = walk.notice(form, audience)
        send_form(
            stage.ctx,
            me,
            (notice.asked[0].id,),
            controller=notice.controller,
            form=notice.form,
            language=language,
            site=f"www.{notice.controller}.example",
            child_name=name if audience == Audience.CHILD else "",
            decides_from=stage.clock().date() + timedelta(days=1200) if audience == Audience.CHILD else None,
        )
        stage.clock.forward(minutes=11)
        key = "mail.guardian.subject" if audience == Audience.CHILD else "mail.confirm.subject"
        read = walk.notice(form, Audience.GUARDIAN) if audience == Audience.CHILD else notice
        return walk.mail(t(key, form_title=read.title), me)

    mail = asked(CLUB, Audience.CHILD)
    for cut, kind in ((3, "guardian"), (1, "stop")):
        walk.follow(mail, kind, cut=cut)
        walk.reads(t("bad_link.title"), only_words=True)
    walk.follow(mail, "guardian")
    walk.reads(t("guardian.title"), shows=[name])
    walk.press("not_mine")
    walk.reads(t("guardian.not_mine.done.title"))
    walk.follow(mail, "guardian")
    walk.reads(t("guardian.deleted.title"))

    mail = asked(EVERYTHING, Audience.ADULT)
    walk.follow(mail, "confirm")
    walk.reads(t("confirm.title"))
    walk.press("no")
    walk.reads(t("confirm.deleted.title"))
    walk.follow(mail, "confirm")
    walk.reads(t("confirm.deleted.title"))

    mail = asked(EVERYTHING, Audience.ADULT)
    stage.clock.forward(days=8)
    walk.follow(mail, "confirm")
    walk.reads(t("expired.title"))
    walk.click(t("expired.request.again"))
    walk.reads(walk.notice(EVERYTHING).title)
    page.goto(f"{stage.address}/notice/{walk.notice(EVERYTHING).hash}")
    walk.reads(walk.notice(EVERYTHING).title)
    page.goto(page.url[:-1])
    walk.reads(t("bad_link.title"), only_words=True)

    mail = asked(EVERYTHING, Audience.ADULT)
    walk.follow(mail, "stop")
    walk.reads(t("stop.title"))
    walk.press("stop")
    walk.reads(t("stop.done.title"))
    walk.mail(t("mail.opted_out.subject", controller=walk.notice(EVERYTHING).controller_name), me)
    pages.form(stage, page, EVERYTHING, language)
    page.check(f"#p-{walk.notice(EVERYTHING).asked[0].id}")
    page.fill("#phone", "0470 12 34 56")
    page.fill("#email", me)
    walk.press("yes")
    walk.reads(t("form.sent.title"), shows=[me])
    walk.follow(mail, "confirm")
    walk.reads(t("confirm.title"))
    assert set(walk.kept(me).values()) == {"requested"}
    stage.clock.forward(days=8)
    stage.tidy()
    assert walk.kept(me) == {}
    assert [mail["Subject"] for mail in walk.unread] == []
