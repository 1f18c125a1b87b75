"""What the rules of wording leave alone, and what is compared with the rest of a form: words seldom stand alone."""

import pytest

from tests.definitions.folder import FORM, FormsFolder, changed
from tests.definitions.lint.test_children import CHILD_TEXT
from tests.definitions.lint.test_children import FORM as CHILDREN

TITLE, TEXT = "nl: Nieuwsbrief per mail", "nl: Eén keer per maand mailen we wat er nieuw is."
LABEL, INTRO = "nl: Voornaam", "nl: Dit vragen we."
ENGLISH = "en: Once a month we email what is new."
RECIPE = "      nl: Eén keer per maand mailen we een recept."


def codes(forms: FormsFolder, form: str) -> list[str]:
    return [fault.code for fault in forms.write(form=form).faults()]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "Er zijn workshops over gezondheid en veiligheid op het werk."),
        ("nl", "Haast is niet nodig."),
        ("nl", "We nemen één keer contact met u op om een gesprek te plannen."),
        ("nl", "In de mail staat welke wijn we aanbevelen bij het menu."),
        ("nl", "Uw vrienden zijn ook welkom."),
        ("nl", "U kunt golfen met een handicap tot 36, zonder haast."),
        ("nl", "Iedereen mag lid zijn, ook wie geen mail wil."),
        ("nl", "We vragen nooit naar uw geloof of uw gezondheid."),
        ("nl", "Niemand is boos om een nee."),
        ("en", "The workshops are about health and safety at work."),
        ("en", "Places in the workshop are limited to 12."),
        ("en", "You read which books our staff recommend."),
        ("en", "Your friends may come too."),
        ("en", "Everyone can come along, on the list or not."),
        ("en", "We don’t ask whether you are ill, or whether anyone you know is."),
        ("en", "We keep a record of your order until the day of delivery."),
    ],
)
def test_a_lawful_sentence_with_the_words_of_a_fault_is_left_alone(
    language: str, text: str, forms: FormsFolder
) -> None:
    assert codes(forms, changed(FORM, TEXT if language == "nl" else ENGLISH, f"{language}: {text}")) == []


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("Ja, mail me", "Nee, liever niet"), []),
        (("Ja", "Nee bedankt, ik kijk alleen even rond"), []),
        (("Ja", "Nee bedankt, ik betaal de volle prijs"), ["AK341"]),
        (("Ja", "Nee, de natuur kan me niet schelen"), ["AK341"]),
        (("Ja", "Misschien later"), ["AK349"]),
        (("Halal", "Alles"), ["AK305"]),
        (("Sport", "Zorg en welzijn"), []),
    ],
)
def test_the_answers_of_a_choice_are_read(options: tuple[str, str], expected: list[str], forms: FormsFolder) -> None:
    choice = "type: choice\n    options:\n"
    for name, option in zip("ab", options, strict=True):
        choice += f'      - {{id: {name}, label: {{nl: "{option}", en: Some}}}}\n'

    assert codes(forms, changed(FORM, "type: name", choice.rstrip())) == expected


@pytest.mark.parametrize(
    ("label", "text", "expected"),
    [
        ("Hoogste diploma", "We mailen u elke maand een recept.", ["AK395"]),
        ("Hoogste diploma", "We mailen u vacatures.", []),
        ("Hoogste diploma", "We mailen u welke cursus bij uw diploma past.", []),
        ("Gezinsinkomen of loon", "We mailen u elke maand een recept.", ["AK395"]),
        ("Loon", "We berekenen uw premie en mailen die.", []),
    ],
)
def test_a_question_is_needless_where_no_purpose_says_what_it_is_for(
    label: str, text: str, expected: list[str], forms: FormsFolder
) -> None:
    assert codes(forms, changed(changed(FORM, LABEL, f"nl: {label}"), TEXT, f"nl: {text}")) == expected


def test_to_sign_before_is_not_to_be_told_before(forms: FormsFolder) -> None:
    recorded = changed(FORM, TEXT, "nl: Vooraf tekent u een brief. We nemen elk gesprek op.")

    assert codes(forms, recorded) == ["AK352"]
    assert codes(forms, changed(recorded, INTRO, "nl: We zeggen vooraf dat we opnemen.")) == []


@pytest.mark.parametrize(
    ("adults", "child", "expected"),
    [
        ("We mailen een recept, met reclame.", "We mailen je een recept.", ["AK393"]),
        ("We mailen een recept, met reclame.", "We mailen je een recept. Er is geen reclame.", ["AK393"]),
        ("We mailen een recept, met reclame.", "We mailen je een recept. Er is ook reclame.", []),
        ("We maken een profiel van het kind.", "We mailen je een recept.", ["AK393"]),
        ("We maken een profiel van het kind.", "We kijken wat je leuk vindt.", []),
        ("We mailen een recept.", "We mailen je een recept. Op een dag stopt het.", ["AK393"]),
        ("We mailen een recept.", "We mailen je een recept. Vraag het lief aan mama.", ["AK391"]),
        ("We mailen een recept.", "We mailen je een recept. Zeg niets aan je ouders.", ["AK392"]),
        ("We mailen een recept.", "Zeg je nee? Dan is onze beer verdrietig.", ["AK341"]),
        ("We mailen een recept.", "Zeg je ja? Dan krijg je een sticker.", ["AK359"]),
    ],
)
def test_words_for_children_are_compared_with_those_for_adults(
    adults: str, child: str, expected: list[str], forms: FormsFolder
) -> None:
    form = changed(CHILDREN, RECIPE, f"      nl: {adults}")

    assert codes(forms, changed(form, CHILD_TEXT, f"        nl: {child} Post BV stuurt de mail.")) == expected
