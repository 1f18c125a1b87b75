"""How a consent is worded and what surrounds it: what is reported, what is left alone, and what a message says."""

import time

import pytest

from tests.definitions.folder import CONTROLLER, FORM, SECOND_PURPOSE, FormsFolder, changed, unmarked

TITLE, TEXT = "nl: Nieuwsbrief per mail", "nl: Eén keer per maand mailen we wat er nieuw is."
INTRO, LABEL = "nl: Dit vragen we.", "nl: Voornaam"
ENGLISH_INTRO, ENGLISH_TEXT = "en: This is what we ask.", "en: Once a month we email what is new."


def found(forms: FormsFolder, form: str, controller: str = CONTROLLER) -> list[tuple[str, int, int]]:
    forms.write(form=form, controller=controller)
    return [(fault.code, fault.line, fault.column) for fault in forms.faults()]


@pytest.mark.parametrize(
    ("old", "text", "code", "says"),
    [
        (TEXT, "We mailen u, tenzij u bezwaar maakt.", "AK332", "recital 32"),
        (TITLE, "Nieuws via e-mail en telefoon", "AK337", "“U mag mij mailen”"),
        (INTRO, "Mis niets en kies ja.", "AK343", "EDPB 03/2022"),
        (LABEL, "Voornaam, tenzij u bezwaar maakt", "AK332", "“Zegt u ja?"),
        (TEXT, "We delen dit met onze partners.", "AK338", "§65"),
        (TEXT, "Teneinde u te mailen, noteren we uw adres.", "AK350", "“om” for `teneinde`"),
        (TEXT, "U krijgt 10 % korting in de winkel.", "AK346", "“Zegt u nee? Dan krijgt u het ook.”"),
        (TEXT, "We nemen ons gesprek met u op.", "AK352", "“We zeggen het vóór we opnemen.”"),
        (TEXT, "Uw foto komt op onze website.", "AK354", "“Stopt u, dan halen we de foto weg."),
        (INTRO, "Dit vragen we de ouders van onze leerlingen.", "AK351", "recital 43"),
        (TITLE, "Here is what you get from us by post", "AK353", "write it in Dutch"),
    ],
)
def test_a_wrong_phrase_is_named_with_its_reason_and_what_to_write(
    old: str, text: str, code: str, says: str, forms: FormsFolder
) -> None:
    form, places = unmarked(changed(FORM, old, f"nl: §{text}"))

    assert found(forms, form) == [(code, *places[0])]
    (fault,) = forms.faults()
    assert says in fault.message
    assert "GDPR" in fault.message or "EDPB" in fault.message


@pytest.mark.parametrize(
    ("old", "text"),
    [
        (TEXT, "We mailen recepten, en één keer per jaar de openingsuren."),
        (TEXT, "Stoppen is gratis en kan altijd."),
        (TEXT, "U kunt gratis bezwaar maken tegen reclame."),
        (TITLE, "Een gratis gebakje per mail"),
        (TEXT, "We bellen u over de opname in het ziekenhuis, dat vragen we vooraf."),
        (TEXT, "We zeggen vóór het gesprek begint dat we het opnemen."),
        (TEXT, "We nemen uw naam op in de lijst."),
        (TEXT, "Uw foto komt op onze website. Kopieën van anderen kunnen we niet weghalen."),
        (TEXT, "Op onze website staan de openingsuren."),
        (TEXT, "We geven uw adres niet door aan derden of aan andere bedrijven."),
        (TEXT, "U moet geen brief sturen en geen reden geven om te stoppen."),
        (TEXT, "Er is niets vooraf aangevinkt."),
        (TEXT, "Stoppen kan ook per mail of telefoon."),
        (TEXT, "Als we niets van u horen, wissen we uw adres."),
        (INTRO, "U bereikt ons per mail of telefoon."),
        (ENGLISH_TEXT, "We never give your address to other companies."),
        (ENGLISH_TEXT, "If you do not reply, we delete your request."),
        (TITLE, "Nieuws van The Body Shop & You Ltd"),
        (TEXT, "Zegt u nee? Dan verandert er niets, u bent tot niets verplicht."),
        (TEXT, "Met de kaart koopt u gratis concertkaartjes voor het park."),
        (TEXT, "Medewerkers van de winkel lezen uw antwoord, en elke klant beslist vrij."),
        (TEXT, "Wilt u stoppen, laat het vakje in elke mail dan leeg."),
        (INTRO, "We verhuren kamers aan studenten. Zegt u nee, dan verandert er niets."),
        (ENGLISH_TEXT, "Feel free to leave it empty. It is not required."),
    ],
)
def test_what_only_resembles_a_fault_is_left_alone(old: str, text: str, forms: FormsFolder) -> None:
    assert found(forms, changed(FORM, old, f"{old[:2]}: {text}")) == []


def test_a_gift_that_its_own_title_names_is_the_purpose_and_no_reward(forms: FormsFolder) -> None:
    text = "nl: U krijgt een gratis gebakje."

    form, places = unmarked(changed(FORM, TEXT, text.replace("U", "§U", 1)))
    assert found(forms, form) == [("AK346", *places[0])]
    assert found(forms, changed(changed(FORM, TEXT, text), TITLE, "nl: Een gratis gebakje")) == []


def test_a_gift_in_the_introduction_belongs_to_no_purpose_unless_one_is_that_gift(forms: FormsFolder) -> None:
    form, places = unmarked(changed(FORM, INTRO, "nl: §Wie invult krijgt een cadeau."))

    assert found(forms, form) == [("AK346", *places[0])]
    assert found(forms, changed(form, TITLE, "nl: Een cadeau per mail")) == []


def test_what_is_only_told_may_speak_of_an_objection(forms: FormsFolder) -> None:
    told = SECOND_PURPOSE.replace(
        "- id: card\n", "- id: card\n    basis: legitimate_interest\n    weighing: It is a card.\n"
    )
    text = "nl: Eén keer per jaar sturen we een kaartje, tenzij u bezwaar maakt."

    assert found(forms, FORM + changed(told, "nl: Eén keer per jaar sturen we een kaartje.", text)) == []
    asked = FORM + changed(SECOND_PURPOSE, "nl: Eén keer per jaar sturen we een kaartje.", text)
    assert [code for code, _, _ in found(forms, asked)] == ["AK332"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("We geven uw naam aan onze partners en vragen niets.", "AK338"),
        ("We verkopen niets. Onze partners krijgen uw adres.", "AK338"),
        ("We doen niets\n        met onze partners zonder u.", ""),
        ("Nieuws per mail of telefoon. Stoppen kan altijd.", "AK337"),
    ],
)
def test_a_denial_counts_only_before_the_phrase_and_in_its_sentence(text: str, code: str, forms: FormsFolder) -> None:
    found_codes = [one for one, _, _ in found(forms, changed(FORM, TEXT, f"nl: >-\n        {text}"))]

    assert found_codes == ([code] if code else [])


def test_the_statement_and_the_answers_of_a_choice_are_read_too(forms: FormsFolder) -> None:
    special = """channel: email
    special_category:
      kind: health
      statement:
        nl: §Ik ga akkoord met alles.
        en: I agree."""
    form, places = unmarked(changed(FORM, "channel: email", special))
    assert found(forms, form) == [("AK336", *places[0])]

    choice = "type: choice\n    options:\n      - {id: a, label: {nl: §Alles accepteren, en: A}}\n"
    choice += "      - {id: b, label: {nl: Niets, en: B}}"
    form, places = unmarked(changed(FORM, "type: name", choice))
    assert found(forms, form) == [("AK336", *places[0])]


@pytest.mark.parametrize("name", ["Basisschool De Regenboog", "École Saint-Michel", "Hill Street Schools"])
def test_a_school_in_the_name_of_the_company_alone_is_no_power(name: str, forms: FormsFolder) -> None:
    assert found(forms, FORM, changed(CONTROLLER, "name: Bakkerij De Molen BV", f"name: {name}")) == []


def test_an_introduction_may_tell_beforehand_that_a_call_is_recorded(forms: FormsFolder) -> None:
    recorded = changed(FORM, TEXT, "nl: We nemen het gesprek op.")

    assert [code for code, _, _ in found(forms, recorded)] == ["AK352"]
    assert found(forms, changed(recorded, INTRO, "nl: Dit vragen we vóór het gesprek.")) == []


def test_half_a_translation_is_noticed(forms: FormsFolder) -> None:
    form, places = unmarked(
        changed(FORM, ENGLISH_TEXT, "en: §Once a month we email you. We wissen het op uw verzoek niet.")
    )

    assert found(forms, form) == [("AK353", *places[0])]


def test_every_wrong_phrase_of_a_text_is_in_its_message_and_none_twice(forms: FormsFolder) -> None:
    text = "nl: Onze partners en zorgvuldig geselecteerde partijen mailen u. Onze partners ook."

    forms.write(form=changed(FORM, TEXT, text))

    (fault,) = [fault for fault in forms.faults() if fault.code == "AK338"]
    assert fault.message.startswith("`Onze partners`, `zorgvuldig geselecteerde partijen`: ")


@pytest.mark.parametrize("words", ["tenzij u ", "zonder ja ", "e-mail en ", "a. ", "d'", "we nemen ", "1. "])
def test_a_file_full_of_beginnings_is_checked_at_once(words: str, forms: FormsFolder) -> None:
    form = changed(FORM, TEXT, f"nl: {words * (100_000 // len(words))}x")
    form = changed(form, INTRO, f"nl: {words * (900 // len(words))}x")
    begun = time.process_time()

    forms.write(form=form)

    assert "AK209" in {fault.code for fault in forms.faults()}
    assert time.process_time() - begun < 2
