"""What notices say of who is behind a form: who works for the controller, where data goes, and all that stands once."""

from dataclasses import replace

import pytest

from app import i18n
from app.definitions.compile_notices import compile_form
from app.definitions.hoisting import hoisted
from app.domain.authorities import AUTHORITIES
from app.domain.consent import Audience
from app.domain.notice import Notice
from app.languages import LANGUAGES
from app.paths import SAMPLES
from app.period import Period
from tests.definitions.folder import CONTROLLER, FORM, SECOND_PURPOSE, TODAY, FormsFolder, changed, controller_in, load
from tests.domain.notices import PURPOSE

PROCESSORS = CONTROLLER[CONTROLLER.index("processors:") : CONTROLLER.index("theme:")]
IN_THE_US = changed(CONTROLLER, "country: NL", "country: US\n    safeguard: scc")
STAAL = """recipients:
      - name: Staal BV
        role: controller
        country: BE
        contact: privacy@staal.example
        use: {nl: één mail over een baan, en: one email about a job}"""


def notice_of(forms: FormsFolder, form: str = FORM, controller: str = CONTROLLER, language: str = "nl") -> Notice:
    (good,) = load(forms.write(form=form, controller=controller).path).forms
    return next(one for one in compile_form(good, TODAY).notices if one.language == language)


def row(notice: Notice, key: str, purpose: str = "") -> str:
    """What stands beside a label, once on the page or under a purpose."""
    rows = dict(notice.purpose(purpose).rows if purpose else notice.common)
    return " ".join(rows[i18n.say(notice.language, key, notice.young)])


def all_words(notice: Notice) -> str:
    return notice.document


def sample(form: str) -> tuple[Notice, ...]:
    (good,) = [one for one in load(SAMPLES).forms if one.form_id == form]
    return compile_form(good, TODAY).notices


def test_who_works_for_the_controller_is_named_in_every_notice_with_country_and_task() -> None:
    seen = set()
    for good in load(SAMPLES).forms:
        for notice in compile_form(good, TODAY).notices:
            for processor in good.controller.processors or ():
                told = f"{processor.name} ({i18n.country(processor.country, notice.language)}) "
                lines = [line for _, lines in notice.common for line in lines]
                assert any(told + processor.task[notice.language] in line for line in lines)
                for purpose in notice.purposes:
                    assert processor.name in str(purpose.rows)
            seen.add(notice.audience)
    assert seen == set(Audience)


def test_a_parent_reads_who_receives_the_own_address_and_whom_to_ask(forms: FormsFolder) -> None:
    guardian = next(one for one in sample("bakeclub") if (one.audience, one.language) == ("guardian", "nl"))

    assert guardian.for_parent == (
        "Wie ze krijgt: niemand buiten Bakkerij De Molen BV en wie voor ons werkt:"
        " Serverhuis Gent BV (België) en Postduif Mail BV (België).",
        "De gegevens blijven in de Europese Economische Ruimte.",
    )
    assert all(not one.for_parent for one in sample("bakeclub") if one.audience != "guardian")


def test_where_the_data_goes_follows_from_who_works_for_the_controller(forms: FormsFolder) -> None:
    stays = "De gegevens blijven in de Europese Economische Ruimte."
    assert row(notice_of(forms), "notice.transfers") == stays

    told = row(notice_of(forms, controller=IN_THE_US), "notice.transfers")
    assert "Verenigde Staten" in told
    assert "standaardcontract" in told
    assert stays not in all_words(notice_of(forms, controller=IN_THE_US))


def test_nobody_is_promised_that_data_stays_where_the_controller_is_outside(forms: FormsFolder) -> None:
    told = row(notice_of(forms, controller=controller_in("CH")), "notice.transfers")
    assert told.startswith("We zijn zelf gevestigd buiten de Europese Economische Ruimte (Zwitserland)")


def test_the_list_of_the_framework_is_named_where_the_united_states_are_called_safe(forms: FormsFolder) -> None:
    framework = changed(CONTROLLER, "country: NL", "country: US\n    safeguard: dpf")
    told = row(notice_of(forms, controller=framework, language="en"), "notice.transfers")
    assert "Only organisations on the list of the EU-US Data Privacy Framework" in told


def test_without_a_word_about_processors_nobody_is_said_to_be_the_only_one(forms: FormsFolder) -> None:
    told = row(notice_of(forms, controller=changed(CONTROLLER, PROCESSORS, "")), "notice.recipients", "news")
    assert told.startswith("Bakkerij De Molen BV, en wie voor ons dit formulier en de mail verzorgt.")
    alone = row(
        notice_of(forms, controller=changed(CONTROLLER, PROCESSORS, "processors: none\n")), "notice.recipients", "news"
    )
    assert alone == "Niemand buiten Bakkerij De Molen BV."


def test_data_that_comes_another_way_stands_in_the_row_of_the_data(forms: FormsFolder) -> None:
    form = changed(FORM, "recipients: none", "also: {nl: een foto, en: a photo}\n    recipients: none")
    assert row(notice_of(forms, form), "notice.data", "news").startswith("Uw e-mailadres en voornaam. Ook: een foto.")

    child, teen = (
        next(one for one in sample("photo") if (one.audience, one.language) == (who, "nl")) for who in ("child", "teen")
    )
    assert dict(child.purpose("wall_photo").rows)["Wat gebruiken we?"][1] == "Ook: één foto van jou."
    assert "Ook: één foto van jou." in row(teen, "notice.data", "wall_photo")


def test_what_another_controller_received_stays_there_and_people_read_where_to_ask(forms: FormsFolder) -> None:
    told = row(notice_of(forms, changed(FORM, "recipients: none", STAAL)), "notice.recipients", "news")
    assert "dan heeft Staal BV nog wat al werd doorgegeven" in told
    assert "privacy@staal.example" in told
    assert "Ook wie voor ons werkt: Serverhuis BV." in told


@pytest.mark.parametrize("language", ["nl", "en"])
def test_who_we_are_and_your_rights_stand_once_and_not_under_each_purpose(forms: FormsFolder, language: str) -> None:
    notice = notice_of(forms, FORM + SECOND_PURPOSE, language=language)
    once = ("notice.controller", "notice.dpo", "notice.automated", "notice.proof", "notice.stopping", "rights.heading")
    labels = [i18n.say(language, key) for key in once]

    assert set(labels) <= {label for label, _ in notice.common}
    for purpose in notice.purposes:
        assert not set(labels) & {label for label, _ in purpose.rows}
    assert (notice.rows_before, notice.rows_after) == ((), ())
    assert AUTHORITIES["be-gba"].name(language) in row(notice, "rights.heading")


def test_what_differs_between_purposes_stays_with_each() -> None:
    same, other = ("Beslist", ("nee",)), ("Beslist", ("ja",))
    one, two, three = (
        replace(PURPOSE, id=name, rows=(row, ("Data", (name,))))
        for name, row in zip("abc", (same, same, other), strict=True)
    )

    rest, alike = hoisted([one, two], ["Beslist"])
    assert alike == (same,)
    assert [purpose.rows for purpose in rest] == [(("Data", ("a",)),), (("Data", ("b",)),)]
    assert hoisted([one, three], ["Beslist"]) == ((one, three), ())


def test_the_proof_is_told_with_the_mail_address_that_it_holds_and_how_long(forms: FormsFolder) -> None:
    told = row(notice_of(forms), "notice.evidence")
    assert told.startswith("Uw e-mailadres, ")
    assert "5 jaar daarna" in told
    assert "IP" in row(notice_of(forms), "notice.network")


@pytest.mark.parametrize(
    ("language", "name", "month"),
    [("nl", "voornaam", "maand"), ("fr", "prénom", "mois"), ("en", "first name", "month")],
)
def test_a_parent_is_told_what_is_kept_of_the_child_and_what_the_proof_and_the_tab_hold(
    language: str, name: str, month: str
) -> None:
    parent, adult = (
        next(one for one in sample("bakeclub") if (one.audience, one.language) == (who, language))
        for who in ("guardian", "adult")
    )
    of_child = row(parent, "notice.which_child")
    assert all(word in of_child for word in (name, month, "13"))
    period = i18n.period(Period.parse(parent.evidence_for), language)
    assert row(parent, "notice.evidence") == i18n.say(language, "notice.evidence.value_guardian", period=period)
    assert name in row(parent, "notice.evidence")
    assert row(parent, "notice.tab") == i18n.say(language, "notice.tab.value_guardian")
    assert row(adult, "notice.evidence") == i18n.say(language, "notice.evidence.value", period=period)
    assert i18n.say(language, "notice.which_child") not in dict(adult.common)


def test_the_weighing_of_an_interest_is_for_the_register_alone(forms: FormsFolder) -> None:
    interest = SECOND_PURPOSE.replace(
        "- id: card\n", "- id: card\n    basis: legitimate_interest\n    weighing: Secretly.\n"
    )
    assert "Secretly" not in all_words(notice_of(forms, FORM + interest))


def test_who_is_outside_the_union_is_told_with_who_speaks_for_it_and_who_decides_with_it(forms: FormsFolder) -> None:
    speaks = "{name: Molen Europa BV, address: 'Korenmarkt 9, 9000 Gent', contact: eu@molen.example}"
    joint = (
        "joint_controllers:\n  - {name: Ijs NV, contact: a@ijs.example, arrangement: {nl: Wij mailen., en: We mail.}}"
    )
    abroad = changed(controller_in("GB"), "representative: none", f"representative: {speaks}\n{joint}")
    notice = notice_of(forms, controller=abroad)

    assert row(notice, "notice.representative") == "Molen Europa BV, Korenmarkt 9, 9000 Gent, eu@molen.example"
    assert row(notice, "notice.joint") == "Ijs NV, a@ijs.example: Wij mailen."


def test_name_and_address_may_differ_by_language_and_the_number_and_telephone_stand_beside(forms: FormsFolder) -> None:
    both = changed(CONTROLLER, "address: Korenmarkt 7, 9000 Gent", "address: {nl: Kunstlaan 1, en: Arts Avenue 1}")
    both = changed(both, "name: Bakkerij De Molen BV", "name: {nl: De Molen, en: The Mill}")
    both = changed(both, "country: BE", 'registration: KBO 0123\nphone: "09 1"\ncountry: BE')

    assert notice_of(forms, controller=both).imprint == "De Molen, Kunstlaan 1, KBO 0123, 09 1"
    assert notice_of(forms, controller=both, language="en").imprint == "The Mill, Arts Avenue 1, KBO 0123, 09 1"
    assert row(notice_of(forms, controller=both), "notice.controller") == "De Molen, Kunstlaan 1, KBO 0123, 09 1"


def test_a_list_in_a_sentence_ends_with_and() -> None:
    assert {i18n.say(language, "list.last", first="a, b", last="c") for language in LANGUAGES} == {
        "a, b en c",
        "a, b et c",
        "a, b and c",
    }
