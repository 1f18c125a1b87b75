"""Forms that children meet: the age that counts, the texts that they read, and what those may not leave out."""

import json
import re
import time
from datetime import date
from pathlib import Path

import pytest

from app.definitions import loading
from app.definitions.lint.children import _tells_number
from app.definitions.lint.phrases import normal
from app.definitions.source.report import Fault
from tests.definitions.folder import CONTROLLER, FormsFolder, changed, check, controller_in, load, unmarked

FORM = """\
languages: [nl, en]
audience: children
age_gate:
  countries: [BE]
title:
  nl: De club
  en: The club
intro:
  nl: Dit vragen we.
  en: This is what we ask.
child:
  title:
    nl: De club
    en: The club
  intro:
    nl: Dit vragen we jou.
    en: This is what we ask you.
fields:
  - id: first_name
    type: name
    label:
      nl: Voornaam
      en: First name
    child:
      label:
        nl: Je voornaam
        en: Your first name
purposes:
  - id: news
    title:
      nl: Een recept per mail
      en: A recipe by email
    text:
      nl: Eén keer per maand mailen we een recept.
      en: Once a month we email a recipe.
    child:
      title:
        nl: Een recept voor jou
        en: A recipe for you
      text:
        nl: We mailen je een recept. Post BV stuurt de mail. Na 2 jaar stopt het.
        en: We email you a recipe. Post BV sends it. After 2 years it stops.
    data: [email, first_name]
    recipients:
      - name: Post BV
        role: processor
        country: BE
        use:
          nl: verstuurt de mail
          en: sends the email
    transfers: none
    automated_decisions: none
    keep: 2 years
    channel: email
"""
RECIPIENT = """\
      - name: Post BV
        role: processor
        country: BE
        use:
          nl: verstuurt de mail
          en: sends the email
"""
GATE, CHILD_TEXT = (
    "  countries: [BE]",
    "        nl: We mailen je een recept. Post BV stuurt de mail. Na 2 jaar stopt het.",
)


def faults_of(forms: FormsFolder, form: str, controller: str = CONTROLLER) -> tuple[list[Fault], list[tuple[int, int]]]:
    text, places = unmarked(form)
    return forms.write(form=text, controller=controller).faults(), places


def codes(faults: list[Fault]) -> list[str]:
    return [fault.code for fault in faults]


def with_child_text(text: str) -> str:
    return changed(FORM, CHILD_TEXT, f"        nl: §{text}")


def test_a_form_for_children_that_tells_them_everything_is_in_order(forms: FormsFolder) -> None:
    assert faults_of(forms, FORM)[0] == []
    assert [good.form.audience for good in load(forms.path).forms] == ["children"]


@pytest.mark.parametrize(
    ("country", "gate", "expected"),
    [
        ("BE", "  countries: §[BE]", []),
        ("NL", "  countries: §[BE]", ["AK322"]),
        ("NL", "  countries: §[BE, FR]", ["AK322"]),
        ("NL", "  countries: [BE, NL]", []),
        ("NL", "  countries: [DE]", []),
        ("NL", "  countries: [BE]\n  age: 16", []),
        ("NL", "  countries: §[BE]\n  age: 15", ["AK322"]),
        ("BE", "  countries: [BE]\n  age: 14", []),
        ("BE", "  countries: [BE]\n  age: §13", ["AK321"]),
        ("BE", "  countries: [BE, NL]\n  age: §14", ["AK321"]),
        ("BE", "  countries: [NL]\n  age: 17", []),
        ("DK", "  countries: §[BE]", ["AK322"]),
        ("BE", "  countries: [CH]\n  age: §16", ["AK321"]),
    ],
)
def test_the_gate_asks_for_what_the_law_asks_or_more(
    country: str, gate: str, expected: list[str], forms: FormsFolder
) -> None:
    controller = controller_in(country)
    faults, places = faults_of(forms, changed(FORM, GATE, gate), controller)

    assert codes(faults) == expected
    assert [(fault.line, fault.column) for fault in faults] == (places if expected else [])
    assert all("art. 8(1)" in fault.message for fault in faults)


@pytest.mark.parametrize(
    ("country", "gate", "expected"),
    [
        ("BE", "  countries: §[BE]", None),
        ("NL", "  countries: [NL]\n  age: 17", None),
        ("NL", "  countries: [NL]\n  age: §16", "AK321"),
        ("BE", "  countries: [BE]\n  age: §18", "AK321"),
        ("BE", "  countries: §[NL]", "AK322"),
        ("BE", "  countries: §[NL, ES]\n  age: 17", "AK322"),
    ],
)
def test_offline_the_gate_asks_for_what_national_law_asks_or_more_and_names_no_article_8(
    country: str, gate: str, expected: str | None, forms: FormsFolder
) -> None:
    controller = controller_in(country)
    form = changed(changed(FORM, GATE, gate), "audience: children", "audience: children\nservice: offline")
    faults, places = faults_of(forms, form, controller)

    assert codes(faults) == ([expected] if expected else [])
    assert [(fault.line, fault.column) for fault in faults] == (places if expected else [])
    assert all("national law" in fault.message and "art. 8(1)" not in fault.message for fault in faults)


def test_an_age_that_cannot_be_higher_is_to_be_left_out(forms: FormsFolder) -> None:
    gate = changed(FORM, GATE, "  countries: [BE]\n  age: 18")
    (fault,) = faults_of(forms, changed(gate, "audience: children", "audience: children\nservice: offline"))[0]

    assert fault.message.endswith("leave `age` out")


def test_the_age_is_that_of_the_day_on_which_the_form_is_checked_and_loaded(forms: FormsFolder) -> None:
    forms.write(form=FORM, controller=controller_in("DK"))
    before, after = date(2023, 12, 31), date(2024, 1, 1)

    assert forms.faults(before) == []
    assert loading.load(forms.path, before).forms != ()
    assert codes(forms.faults(after)) == ["AK322"]
    assert loading.load(forms.path, after).forms == ()


@pytest.mark.parametrize("sign", [".", " ", '"', "'", "...\n", "'. ", "\u0301\u0316"])
def test_an_endless_text_for_a_child_is_checked_at_once(sign: str, forms: FormsFolder) -> None:
    endless = json.dumps(f"a{sign * (40_000 // len(sign))}x", ensure_ascii=False)
    text = changed(FORM, "en: We email you a recipe. Post BV sends it. After 2 years it stops.", f"en: {endless}")
    text = changed(text, "nl: Een recept voor jou", f"nl: {endless}")
    text = changed(text, "- name: Post BV", f"- name: {endless.replace('a', 'b', 1)}")
    begun = time.process_time()

    faults, _ = faults_of(forms, text)

    assert {"AK209", "AK327"} <= set(codes(faults))
    assert time.process_time() - begun < 1


def test_recipients_with_the_names_of_letters_are_checked_at_once(forms: FormsFolder) -> None:
    both = "".join(changed(RECIPIENT, "Post BV", name) for name in ("B", "o"))
    begun = time.process_time()

    faults, _ = faults_of(forms, changed(FORM, RECIPIENT, both * 30))

    assert "AK327" in codes(faults)
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("age", ["yes", "true", "[16]", "99", "12.5"])
def test_an_age_that_is_none_is_a_fault_of_shape_alone(age: str, forms: FormsFolder) -> None:
    faults, _ = faults_of(forms, changed(FORM, GATE, f"{GATE}\n  age: {age}"))

    assert {fault.code for fault in faults} <= {"AK203", "AK221"}
    assert faults


@pytest.mark.parametrize(
    ("part", "mark"),
    [
        (r"child:\n  title:\n(?:    .*\n)+  intro:\n(?:    .*\n)+", ("^title:", "§title:")),
        (r"    child:\n      label:\n(?:        .*\n)+", ("- id: first_name", "- §id: first_name")),
        (r"    child:\n      title:\n(?:        .*\n)+      text:\n(?:        .*\n)+", ("- id: news", "- §id: news")),
    ],
)
def test_what_a_child_reads_has_words_for_children(part: str, mark: tuple[str, str], forms: FormsFolder) -> None:
    without = re.sub(part, "", FORM, count=1)
    faults, places = faults_of(forms, re.sub(mark[0], mark[1], without, count=1, flags=re.MULTILINE))

    assert [(fault.code, fault.line, fault.column) for fault in faults] == [("AK323", *places[0])]
    assert "`child:`" in faults[0].message


def test_what_is_only_told_and_what_nobody_is_asked_needs_no_words_for_children(forms: FormsFolder) -> None:
    told = FORM[FORM.index("  - id: news") :].replace("id: news", "id: order\n    basis: contract")
    told = re.sub(r"    child:\n(?:      .*\n)+", "", told).replace("recept", "koek").replace("recipe", "biscuit")

    assert faults_of(forms, FORM + told)[0] == []


@pytest.mark.parametrize(
    "text",
    [
        "Post BV mailt je een recept. Na 2 jaar stopt het.",
        "De mail komt van Post. Na twee jaar stopt het.",
        "De mail komt van POST BV. Het stopt na 24 maanden.",
        "De mail komt van post bv. Het duurt twee\u00a0jaar.",
    ],
)
def test_the_same_facts_may_be_told_in_other_words(text: str, forms: FormsFolder) -> None:
    assert faults_of(forms, with_child_text(text))[0] == []


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("We mailen je een recept. Na 2 jaar stopt het.", "AK327", "“Post BV helpt ons daarbij.”"),
        ("De postbode brengt het. Na 2 jaar stopt het.", "AK327", "art. 13(1)(e)"),
        ("Post BV stuurt de mail na jouw toestemming. Na 2 jaar stopt het.", "AK326", "“mogen” for `toestemming`"),
        (
            "Post BV stuurt de mail naar je huis als je dat wilt en als het kan en mag. Na 2 jaar stopt het.",
            "AK325",
            "a sentence of 17 words",
        ),
    ],
)
def test_a_fault_of_a_text_for_children_stands_at_that_text(
    text: str, code: str, says: str, forms: FormsFolder
) -> None:
    faults, places = faults_of(forms, with_child_text(text))

    assert [(fault.code, fault.line, fault.column) for fault in faults] == [(code, *places[0])]
    assert says in faults[0].message


HARD = "Verantwoordelijke communicatiemedewerkers personaliseren uitgebreide informatieverstrekking. "
EASY = "We sturen je een recept. Het komt per mail. Je mag het thuis bakken. "


def test_a_long_text_is_judged_alone(forms: FormsFolder) -> None:
    faults, places = faults_of(forms, with_child_text(f"Post BV stuurt het. Na 2 jaar stopt het. {HARD * 5}"))

    assert [(fault.code, fault.line, fault.column) for fault in faults] == [("AK324", *places[0])]
    assert "Flesch-Douma" in faults[0].message
    assert "recital 58" in faults[0].message


def test_a_short_hard_text_is_judged_with_the_other_short_ones(forms: FormsFolder) -> None:
    alone = changed(with_child_text(f"Post BV stuurt het. Na 2 jaar stopt het. {EASY * 3}"), "Dit vragen we jou.", HARD)
    assert faults_of(forms, alone)[0] == []

    form = changed(with_child_text("Post BV stuurt het. Na 2 jaar stopt het."), "Dit vragen we jou.", f"§{HARD * 4}")
    faults, places = faults_of(forms, form)
    assert codes(faults) == ["AK324"]
    assert "together" in faults[0].message
    assert (faults[0].line, faults[0].column) == places[0]


def test_the_name_of_a_recipient_makes_no_text_hard(forms: FormsFolder) -> None:
    name = "Coöperatieve Vereniging Elektronische Informatieverspreiding Vlaams-Brabantse Gemeenten en Provincies"
    form = changed(FORM, "name: Post BV", f"name: {name}").replace("Post BV", name)

    assert faults_of(forms, form)[0] == []


def test_four_recipients_may_be_counted_instead_of_named(forms: FormsFolder) -> None:
    others = "".join(
        f"      - name: {name} NV\n        role: processor\n        country: BE\n        use: {{nl: bakt, en: bakes}}\n"
        for name in ("Abel", "Bram", "Cato")
    )
    form = changed(FORM, "          en: sends the email\n", f"          en: sends the email\n{others}")
    english = changed(form, "Post BV sends it.", "Four companies help us.")

    assert codes(faults_of(forms, english)[0]) == ["AK327"]
    assert faults_of(forms, changed(english, "Post BV stuurt de mail.", "Vier bedrijven helpen ons."))[0] == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("        role: processor", "        role: §controller\n        contact: privacy@post.example", "AK329"),
        ("      nl: Een recept per mail", "      nl: §Je recept op Instagram", "AK330"),
        ("    channel: email\n", "    channel: email\n    direct_marketing: §true\n", "AK331"),
        (
            "    automated_decisions: none",
            "    §automated_decisions: {logic: {nl: Zo, en: So}, consequences: {nl: Dit, en: This}}",
            "AK355",
        ),
    ],
)
def test_what_children_are_protected_against_is_found_and_a_file_can_answer_it(
    old: str, new: str, code: str, forms: FormsFolder
) -> None:
    form = changed(FORM, old, new)
    faults, places = faults_of(forms, form)
    assert [(fault.code, fault.line, fault.column) for fault in faults] == [(code, *places[0])]
    assert [fault.level for fault in faults] == ["answer" if code == "AK330" else "warning"]  # it rests on words

    answered = form + f"accept:\n  - code: {code}\n    because: A parent decides.\n"
    assert faults_of(forms, answered)[0] == []


@pytest.mark.parametrize("audience", ["adults\nbecause: The shop sells to adults.", "adults"])
def test_a_form_for_adults_needs_no_words_for_children_and_may_have_none(audience: str, forms: FormsFolder) -> None:
    faults, _ = faults_of(forms, changed(FORM, "audience: children", f"audience: {audience}"))

    assert {fault.code for fault in faults} <= {"AK224", "AK228"}
    assert codes(faults).count("AK224") == 4


def test_numbers_are_told_in_figures_and_words() -> None:
    assert _tells_number(normal("vijf bedrijven"), 5, "nl")
    assert _tells_number("5 bedrijven", 5, "nl")
    assert not _tells_number("25 bedrijven", 5, "nl")


def test_a_form_file_checked_alone_knows_its_controller(forms: FormsFolder) -> None:
    forms.write(form=FORM, controller=controller_in("NL"))

    assert codes(check(Path(forms.form))) == ["AK322"]


LURES = [
    ("nl", "Een gratis gebakje", "gratis"),
    ("nl", "Je krijgt een cadeautje", "cadeautje"),
    ("nl", "Win een fiets", "win"),
    ("nl", "Vraag het aan je ouders", "vraag het aan je ouders"),
    ("nl", "Zeg het tegen mama", "zeg het tegen mama"),
    ("nl", "Mis het niet", "mis het niet"),
    ("fr", "Un gâteau offert", "offert"),
    ("fr", "Gagne un vélo", "gagne"),
    ("fr", "Demande à tes parents", "demande à tes parents"),
    ("fr", "Ne rate pas ça", "ne rate pas"),
    ("en", "A free cake", "free"),
    ("en", "Win a prize", "prize"),
    ("en", "Ask your parents", "ask your parents"),
    ("en", "Do not miss it", "do not miss"),
]


def marketing_form(language: str, title: str, text: str, marketing: str = "true") -> str:
    return f"""\
languages: [{language}]
audience: everyone
age_gate: {{countries: [BE]}}
title: {{{language}: Zo}}
intro: {{{language}: Zo}}
child:
  title: {{{language}: Zo}}
  intro: {{{language}: Zo}}
purposes:
  - id: news
    title: {{{language}: Zo}}
    text: {{{language}: Zo}}
    child:
      title: {{{language}: "{title}"}}
      text: {{{language}: "{text}"}}
    data: [email]
    recipients: none
    transfers: none
    automated_decisions: none
    keep: 2 years
    channel: email
    direct_marketing: {marketing}
    special_category: none
"""


def lures(forms: FormsFolder, form: str) -> list[Fault]:
    return [fault for fault in faults_of(forms, form)[0] if fault.code == "AK359"]


@pytest.mark.parametrize(("language", "lure", "named"), LURES)
def test_no_child_is_lured_into_marketing_by_a_title_or_a_text(
    language: str, lure: str, named: str, forms: FormsFolder
) -> None:
    for title, text in ((lure, f"{lure}."), (lure, "Zo."), ("Zo", f"Zo. {lure}.")):
        found = lures(forms, marketing_form(language, title, text))
        assert len(found) == (title == lure) + (lure in text)
        assert all(f"`{named}`" in fault.message and not fault.is_warning for fault in found)
    assert lures(forms, marketing_form(language, lure, f"{lure}.", "false")) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "We mailen wat er nieuw is. Er staat ook reclame in. Stoppen is gratis."),
        ("fr", "Nous écrivons ce qu’il y a de neuf. Il y a aussi de la pub. Arrêter est gratuit."),
        ("en", "We email what is new. There are ads in it too. To stop is free."),
    ],
)
def test_marketing_that_says_what_comes_lures_nobody(language: str, text: str, forms: FormsFolder) -> None:
    assert lures(forms, marketing_form(language, "Zo", text)) == []


def test_a_gift_in_the_words_for_children_is_reported_once_and_can_be_answered(forms: FormsFolder) -> None:
    form = marketing_form("en", "The free newspaper", "It is a free newspaper.")
    reported = [fault.code for fault in faults_of(forms, form)[0] if fault.code in ("AK346", "AK359")]
    assert reported == ["AK359", "AK359"]

    answered = form + "accept:\n  - code: AK359\n    because: The newspaper has that name.\n"
    assert lures(forms, answered) == []


def test_what_is_told_as_marketing_lures_no_child_either(forms: FormsFolder) -> None:
    form = marketing_form("en", "A free cake", "Zo.")
    told = changed(form, "  - id: news\n", "  - id: news\n    basis: contract\n")
    assert len(lures(forms, told)) == 1


@pytest.mark.parametrize(
    ("adults", "child", "is_found"),
    [
        ("We zetten het recept op onze website.", "Het komt niet op internet.", True),
        ("Het recept hangt aan de muur, en komt niet op internet.", "Het komt niet op internet.", False),
        ("We mailen een recept, en reclame.", "Er staat geen reclame in.", True),
        ("We mailen een recept, en reclame.", "Je krijgt een mail.", True),
        ("We mailen een recept, en reclame.", "Er staat ook reclame in.", False),
    ],
)
def test_a_child_reads_no_other_thing_than_adults_do(
    adults: str, child: str, is_found: bool, forms: FormsFolder
) -> None:
    form = with_child_text(f"Post BV stuurt de mail. {child} Na 2 jaar stopt het.")
    faults, places = faults_of(forms, changed(form, "nl: Eén keer per maand mailen we een recept.", f"nl: {adults}"))

    found = [(fault.line, fault.column) for fault in faults if fault.code == "AK393"]
    assert found == (places if is_found else [])
