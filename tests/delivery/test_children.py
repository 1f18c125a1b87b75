"""The mails to parents, to children, and to teenagers who decide alone: each in words for its reader."""

import re
from dataclasses import replace

import pytest

from app import i18n
from app.definitions.lint.phrases import find
from app.delivery import mails
from app.delivery.mail_context import MailContext
from app.domain.consent import Audience
from tests import factories
from tests.delivery import contexts, post
from tests.delivery.approved import check_approved
from tests.delivery.contexts import TO_CHILDREN, TO_PARENTS, TO_TEENS
from tests.factories import read

LANGUAGES = ("nl", "fr", "en")
BASE = "https://forms.example"
FORMAL = {"nl": r"\b(?:u|uw|uzelf)\b", "fr": r"\b(?:vous|votre|vos|(?!chez\b)\w+ez)\b", "en": r"(?!)"}
FAMILIAR = {"nl": r"\b(?:je|jij|jou|jouw)\b", "fr": r"\b(?:tu|te|toi|ton|ta|tes)\b|\bt’", "en": r"(?!)"}
AT_MOST = 10
"""Words in a sentence that a child reads; a value counts as one."""


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """Each language of the kit."""
    return str(request.param)


def written(context: MailContext) -> tuple[str, str]:
    """The subject, and what else is shown of a mail: as text and as HTML, without addresses of links and styles."""
    message = read(mails.compose(context, post.SENDER, "forms.example", context.at))
    parts = [str(part.get_content()) for part in message.iter_parts()]
    shown = re.sub(r"<(?!/?\w+@)[^>]*>", " ", re.sub(r"<style>.*?</style>", "", parts[1], flags=re.DOTALL))
    return str(message["Subject"]), re.sub(r"https://\S+", "", f"{parts[0]}\n{shown}")


def text_of(kind: str, language: str, audience: Audience = Audience.GUARDIAN, **changes: object) -> str:
    """The text of a mail, its subject first."""
    context = replace(contexts.context(kind, language, BASE, audience), **changes)  # type: ignore[arg-type]
    message = read(mails.compose(context, post.SENDER, "forms.example", context.at))
    return f"{message['Subject']}\n{factories.text_of(message)}"


@pytest.mark.parametrize("kind", [kind for kind in TO_TEENS if kind != "objections"])
def test_a_teenager_is_spoken_to_as_one_in_every_mail(kind: str, language: str) -> None:
    for shown in written(contexts.context(kind, language, BASE, Audience.TEEN)):
        assert re.findall(FORMAL[language], shown, re.IGNORECASE) == []


@pytest.mark.parametrize("kind", [*TO_CHILDREN, "link"])
def test_a_child_is_spoken_to_as_one_in_every_mail(kind: str, language: str) -> None:
    for shown in written(contexts.context(kind, language, BASE, Audience.CHILD)):
        assert re.findall(FORMAL[language], shown, re.IGNORECASE) == []


@pytest.mark.parametrize("kind", TO_PARENTS)
def test_a_parent_is_spoken_to_as_an_adult_in_every_mail(kind: str, language: str) -> None:
    for shown in written(contexts.context(kind, language, BASE)):
        assert re.findall(FAMILIAR[language], shown, re.IGNORECASE) == []


def test_the_controller_is_spoken_to_as_an_adult_about_a_teenager(language: str) -> None:
    context = contexts.context("objections", language, BASE, Audience.TEEN)
    for shown in written(context):
        assert re.findall(FAMILIAR[language], shown, re.IGNORECASE) == []
    adult = replace(context, notice=contexts.notice(language, Audience.ADULT))
    assert written(context) == written(adult)


def test_a_mail_to_a_teenager_reads_as_it_was_approved(language: str, pytestconfig: pytest.Config) -> None:
    """In `texts/`, beside those for adults; links are masked there."""
    found = []
    for kind in TO_TEENS:
        subject, _, text = text_of(kind, language, Audience.TEEN).partition("\n")
        masked = re.sub(rf"{BASE}/(\w+)/\S+", r"{\1 link}", text)
        found.append(f"=== {kind}: {subject}\n\n{masked}")
    check_approved(pytestconfig, f"{language}-teen", found)


@pytest.mark.parametrize("kind", [*TO_CHILDREN, "link"])
def test_a_child_reads_no_word_of_lawyers(kind: str, language: str) -> None:
    lines = text_of(kind, language, Audience.CHILD).splitlines()
    hard = [find(line, language).get("child_jargon") for line in lines if not line.startswith(BASE)]
    assert [words for words in hard if words] == []


def test_a_sentence_that_a_child_reads_has_ten_words_at_most(language: str) -> None:
    texts = {key: text for key, text in i18n.catalogue(language, young=True).items() if key.startswith("mail.child")}
    assert len(texts) > 20
    for key, text in texts.items():
        for sentence in re.split(r"[.:!?]\s", re.sub(r"\{\w+\}", "X", text)):
            assert len(re.findall(r"[\w’-]+", sentence)) <= AT_MOST, (key, sentence)


def test_an_objection_for_a_child_says_that_it_is_about_the_child(language: str) -> None:
    about = i18n.say(language, "object.for_child")
    assert about in text_of("interest_objected", language, for_child=True)
    assert about not in text_of("interest_objected", language)


def test_what_only_children_read_stands_in_their_own_catalogue(language: str) -> None:
    assert [key for key in i18n.catalogue(language) if key.startswith("mail.child")] == []


@pytest.mark.parametrize("kind", [kind for kind in TO_PARENTS if "link" not in kind])
def test_what_a_parent_knows_comes_first_in_the_subject_and_the_company_writes(kind: str, language: str) -> None:
    """Parents know the club better than the name of the company in law, which stands in From beside the subject."""
    context = contexts.context(kind, language, BASE)
    message = read(mails.compose(context, post.SENDER, "forms.example", context.at))
    first = post.NAME if kind == "objected_for_child" else context.form_title
    assert str(message["Subject"]).startswith(first)
    assert post.NAME in str(message["From"])


@pytest.mark.parametrize(
    "kind", ["guardian_asks", "guardian_again", "guardian_renewal", "mail_plus", "guardian_of_age"]
)
def test_a_mail_to_a_parent_says_first_who_writes_and_about_which_form(kind: str, language: str) -> None:
    context = contexts.context(kind, language, BASE)
    text = text_of(kind, language)
    opening = text.split("\n\n")[2]
    assert post.NAME in opening
    assert context.form_title in opening
    assert i18n.time(context.at, "BE", language) not in opening  # for the log, not for a reader
    assert context.site not in opening
    assert f"{post.NAME}, {context.notice.address}" in text.partition("\n-- \n")[2]


def test_a_parent_who_is_asked_is_told_where_the_address_comes_from_and_where_to_read_all(language: str) -> None:
    """GDPR art. 14(3)(b): with the first mail; the rest stands folded on the page that it leads to."""
    context = contexts.context("guardian_asks", language, BASE)
    text = text_of("guardian_asks", language)
    told = next(part for part in text.split("\n\n") if "#your-data" in part)
    assert context.deadline is not None
    assert f"{context.links['guardian']}#your-data" in told
    assert i18n.day(context.at, "BE", language) in told
    assert context.site in told
    assert i18n.day(context.deadline, "BE", language) in text


def test_an_own_age_limit_is_told_with_the_right_to_object_in_the_first_mail_itself(language: str) -> None:
    """GDPR art. 21(4)."""
    own = i18n.say(language, "guardian.notice.basis.own_age", legal=13, contact=post.CONTACT)
    notice = replace(contexts.notice(language, Audience.GUARDIAN), threshold=16, legal_age=13)
    assert own in text_of("guardian_asks", language, notice=notice)
    assert own not in text_of("guardian_asks", language)


@pytest.mark.parametrize("website", ["", "https://www.zoe.example/"])
def test_a_parent_in_doubt_is_never_told_to_answer_the_mail_but_where_the_button_leads(
    language: str, website: str
) -> None:
    notice = replace(contexts.notice(language, Audience.GUARDIAN), website=website)
    paragraphs = text_of("guardian_asks", language, notice=notice).split("\n\n")
    (doubt,) = [part for part in paragraphs if i18n.say(language, "mail.guardian.check") in part]
    assert i18n.say(language, "mail.guardian.host", host="forms.example") in doubt
    assert (i18n.say(language, "mail.guardian.check_site", website="www.zoe.example") in doubt) == bool(website)


@pytest.mark.parametrize("kind", ["guardian_asks", "mail_plus", "guardian_of_age", "child_of_age"])
def test_the_age_in_a_mail_is_the_one_that_counts_for_the_form(kind: str, language: str) -> None:
    audience = Audience.CHILD if kind in TO_CHILDREN else Audience.GUARDIAN
    notice = replace(contexts.notice(language, audience), threshold=15)
    assert re.search(r"\b15\b", text_of(kind, language, audience, notice=notice)) is not None


@pytest.mark.parametrize("kind", ["child_receipt", "child_stopped_in_part", "child_of_age"])
def test_a_child_can_stop_from_every_mail_about_what_goes_on(kind: str, language: str) -> None:
    text = text_of(kind, language, Audience.CHILD)
    assert f"{i18n.say(language, 'mail.child.stop', True, link='')}".strip() in text
    assert f"{BASE}/withdraw/" in text


def test_no_way_to_stop_is_offered_where_nothing_goes_on(language: str) -> None:
    assert "/withdraw/" not in text_of("child_stopped", language, Audience.CHILD)


@pytest.mark.parametrize("kind", ["child_of_age", "guardian_of_age"])
def test_where_to_choose_anew_is_only_said_where_it_is_known(kind: str, language: str) -> None:
    audience = Audience.CHILD if kind in TO_CHILDREN else Audience.GUARDIAN
    form = contexts.context(kind, language, BASE, audience).form_title
    where = i18n.say(language, f"mail.{kind}.site", audience == Audience.CHILD, site="www.zoe.example")
    known, unknown = (text_of(kind, language, audience, **changes) for changes in ({}, {"site": ""}))
    assert re.search(rf"{form}.* {re.escape(where)}$", known, re.MULTILINE) is not None
    assert form in unknown.partition("\n")[2]
    assert where.partition("www.")[0].strip() not in unknown


def test_a_new_wish_beside_an_old_yes_makes_the_mail_a_question(language: str) -> None:
    title = contexts.TITLES[language][0]
    asks = i18n.say(language, "mail.guardian.subject", form_title=title)
    assert text_of("guardian_again_and_new", language).startswith(asks)
    assert not text_of("guardian_again", language).startswith(asks)


@pytest.mark.parametrize(
    ("kind", "key"), [("guardian_asks", "mail.guardian.list"), ("guardian_again_and_new", "mail.again.new")]
)
def test_where_the_tick_of_a_child_is_its_own_yes_the_mail_calls_it_a_yes(kind: str, key: str, language: str) -> None:
    joint = replace(contexts.notice(language, Audience.GUARDIAN), joint=True)
    wished, agreed = i18n.say(language, key), i18n.say(language, f"{key}.joint")
    assert wished in text_of(kind, language)
    assert agreed in text_of(kind, language, notice=joint)
    assert wished not in text_of(kind, language, notice=joint)


@pytest.mark.parametrize("kind", [kind for kind in TO_PARENTS if "link" in kind])
def test_each_child_of_an_address_has_a_line_with_its_date_and_its_own_link(kind: str, language: str) -> None:
    context = contexts.context(kind, language, BASE)
    text = text_of(kind, language)
    assert len(context.children) == 2
    for child in context.children:
        date, link = i18n.day(child.at, "BE", language), f"\n{child.link}"
        line = i18n.say(language, "mail.link.child_number", number=child.number, date=date, link=link)
        assert line.replace(" \n", "\n") in text
    own = {link for name, link in context.links.items() if name != "stop"}
    assert set(re.findall(rf"{BASE}/(?:withdraw|object)/\S+", text)) == own | {child.link for child in context.children}
    assert bool(own) == kind.endswith("_too")


@pytest.mark.parametrize("kind", ["link_for_children", "object_link_for_children"])
def test_an_only_child_has_a_line_without_a_number(kind: str, language: str) -> None:
    child = replace(contexts.context(kind, language, BASE).children[0], number=0)
    date, link = i18n.day(child.at, "BE", language), f"\n{child.link}"
    line = i18n.say(language, "mail.link.child", date=date, link=link)
    assert line.replace(" \n", "\n") in text_of(kind, language, children=(child,))


def test_a_parent_reads_that_something_stopped_for_a_child(language: str) -> None:
    told = text_of("withdrawn_for_child", language)
    own = text_of("withdrawn_for_child", language, for_child=False)
    word = {"nl": "kind", "fr": "enfant", "en": "child"}[language]
    assert (word in told, word in own) == (True, False)
