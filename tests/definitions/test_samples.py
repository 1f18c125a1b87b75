"""The sample controllers that the kit brings along."""

import re
import time
from pathlib import Path

import pytest

from app import i18n
from app.definitions.compile_notices import compile_form
from app.definitions.loading import Loaded
from app.definitions.schema.models import Purpose
from app.paths import SAMPLES
from tests.definitions.folder import TODAY, check, load


@pytest.fixture(scope="module")
def samples() -> Loaded:
    return load(SAMPLES)


def purposes(samples: Loaded, controller: str, form: str) -> dict[str, Purpose]:
    (good,) = [good for good in samples.forms if (good.controller_id, good.form_id) == (controller, form)]
    return {purpose.id: purpose for purpose in good.form.purposes}


def test_the_samples_are_in_order_without_a_single_warning() -> None:
    assert check(SAMPLES) == []


def test_checking_the_samples_takes_less_than_half_a_second() -> None:
    begun = time.process_time()

    check(SAMPLES)

    assert time.process_time() - begun < 0.5


def test_there_are_six_controllers_with_forms_for_adults_children_and_everyone(samples: Loaded) -> None:
    assert sorted((good.controller_id, good.form_id, good.form.audience) for good in samples.forms) == [
        ("belcentrum", "calls", "adults"),
        ("demolen", "bakeclub", "children"),
        ("demolen", "newsletter", "everyone"),
        ("demolen", "photo", "children"),
        ("hogeschool", "graduates", "adults"),
        ("metaalnet", "events", "adults"),
        ("talentwerk", "careers", "adults"),
        ("zorgzeker", "quote", "adults"),
    ]


def test_a_warning_of_a_sample_is_answered_with_its_reason(samples: Loaded) -> None:
    answered = {good.form_id: [answer.code for answer in good.form.accept] for good in samples.forms}

    assert {form: codes for form, codes in answered.items() if codes} == {
        "bakeclub": ["AK331"],
        "newsletter": ["AK330", "AK331"],
        "photo": ["AK330"],
        "careers": ["AK358"],
    }


def test_the_call_centre_tells_what_it_records_for_proof_and_asks_for_training_and_marketing(samples: Loaded) -> None:
    calls = purposes(samples, "belcentrum", "calls")

    assert {name: purpose.basis for name, purpose in calls.items()} == {
        "order_evidence": "legitimate_interest",
        "staff_training": "consent",
        "marketing_analysis": "consent",
    }
    # A call can come as late as a month after the yes, and its recording goes a month after the call.
    assert [str(purpose.keep) for purpose in calls.values()] == ["1 year", "2 months", "2 months"]


def test_the_call_centre_says_what_it_says_before_it_records_when_it_said_so_and_for_nothing_else(
    samples: Loaded,
) -> None:
    evidence = purposes(samples, "belcentrum", "calls")["order_evidence"]

    assert "“I am now recording your order, as proof.” We note the time." in evidence.text["en"]
    assert "“Ik neem uw bestelling nu op, als bewijs.” Het tijdstip noteren we." in evidence.text["nl"]
    assert "We use the recording for nothing else." in evidence.text["en"]
    assert "De opname dient voor niets anders." in evidence.text["nl"]
    assert evidence.also is not None
    assert evidence.also["en"].endswith("the time when we announced it")


def test_the_baking_club_asks_little_of_a_child(samples: Loaded) -> None:
    for purpose in purposes(samples, "demolen", "bakeclub").values():
        assert {recipient.role for recipient in purpose.recipients} <= {"processor"}
        assert purpose.child is not None
        assert set(purpose.data) <= {"email", "first_name", "session"}


def test_a_mail_proves_no_yes_to_what_could_harm_a_child(samples: Loaded) -> None:
    """EDPB 05/2020 §137: the home address and the birthday are asked at the counter, and the photo takes a letter."""
    asked = [(good, purpose) for good in samples.forms if good.form.age_gate for purpose in good.form.purposes]

    assert {field.type for good, _ in asked for field in good.form.fields} == {"name", "choice"}
    assert [purpose.id for _, purpose in asked if purpose.also or purpose.proof != "mail"] == ["wall_photo"]
    assert purposes(samples, "demolen", "photo")["wall_photo"].proof == "letter"


def test_what_a_shop_sends_to_make_its_name_known_is_direct_marketing(samples: Loaded) -> None:
    marketing = {
        purpose.id: purpose.direct_marketing
        for form in ("bakeclub", "newsletter")
        for purpose in purposes(samples, "demolen", form).values()
    }

    assert [name for name, is_marketing in marketing.items() if not is_marketing] == ["reminder", "opening_hours"]
    ads = {"nl": "reclame", "fr": "pub", "en": r"\bads?\b"}
    for form in ("bakeclub", "newsletter"):
        for purpose in purposes(samples, "demolen", form).values():
            if purpose.direct_marketing:
                assert purpose.child is not None
                assert all(re.search(ads[language], text) for language, text in purpose.child.text.items())


def test_what_is_no_online_service_stands_in_a_form_of_its_own(samples: Loaded) -> None:
    services = {good.form_id: good.form.service for good in samples.forms if good.controller_id == "demolen"}

    assert services == {"bakeclub": "online", "newsletter": "online", "photo": "offline"}
    assert list(purposes(samples, "demolen", "photo")) == ["wall_photo"]


def test_the_college_names_each_employer_in_a_purpose_of_its_own(samples: Loaded) -> None:
    known = purposes(samples, "hogeschool", "graduates")

    assert [name for name, purpose in known.items() if purpose.basis == "contract"] == ["placement", "mediation"]
    asked = {name: purpose for name, purpose in known.items() if purpose.basis.is_asked}
    assert {name: [recipient.name for recipient in purpose.recipients] for name, purpose in asked.items()} == {
        "employer_verhoeven": ["Staalwerken Verhoeven BV"],
        "employer_verhoeven_call": ["Staalwerken Verhoeven BV"],
        "employer_noordzee": ["Ingenieurs Noordzee BV"],
    }
    assert {recipient.role for purpose in asked.values() for recipient in purpose.recipients} == {"controller"}


def test_the_college_asks_apart_whether_an_employer_may_mail_and_may_call(samples: Loaded) -> None:
    asked = purposes(samples, "hogeschool", "graduates")

    assert asked["employer_verhoeven"].data == asked["employer_noordzee"].data == ("email", "full_name")
    assert asked["employer_verhoeven_call"].data == ("email", "full_name", "phone")
    assert "number" not in asked["employer_verhoeven"].text["en"]


def test_the_insurer_asks_for_medical_history_with_a_statement(samples: Loaded) -> None:
    asked = purposes(samples, "zorgzeker", "quote")

    special = asked["medical"].special_category
    assert special is not None
    assert special.kind == "health"
    assert set(special.statement) == {"nl", "fr", "en"}
    assert asked["quote"].automated_decisions is not None


def test_the_network_tells_where_its_newsletter_travels(samples: Loaded) -> None:
    transfers = purposes(samples, "metaalnet", "events")["newsletter"].transfers

    assert transfers is not None
    assert (transfers.countries, transfers.safeguard) == (("US",), "scc")


def test_the_network_asks_whether_it_may_fit_its_mails_to_a_profile_of_what_people_take_part_in(
    samples: Loaded,
) -> None:
    preferences = purposes(samples, "metaalnet", "events")["preferences"]

    assert (preferences.basis, preferences.direct_marketing, preferences.data) == ("consent", True, ("email",))
    assert preferences.also is not None
    assert "courses and conferences" in preferences.also["en"]


def test_the_agency_proves_a_yes_to_calls_by_calling_back(samples: Loaded) -> None:
    offers = purposes(samples, "talentwerk", "careers")["offers_phone"]

    assert (offers.channel, offers.proof, offers.direct_marketing) == ("phone", "call_back", True)


def test_the_agency_tells_that_it_profiles_before_it_writes_and_anybody_can_object(samples: Loaded) -> None:
    matching = purposes(samples, "talentwerk", "careers")["matching"]

    assert (matching.basis, matching.channel, matching.direct_marketing) == ("legitimate_interest", "none", True)
    assert matching.weighing is not None
    assert "This is profiling." in matching.text["en"]
    assert "how you can object" in matching.text["en"]
    assert matching.also is not None


def test_the_agency_has_a_line_for_chat_messages_with_the_link_to_object() -> None:
    beginning = (SAMPLES / "talentwerk" / "careers.yaml").read_text(encoding="utf-8").partition("\nlanguages:")[0]

    lines = re.findall(r"#   (\w\w): (.+)", beginning)
    assert [language for language, _ in lines] == ["nl", "en"]
    for _, line in lines:
        assert line.endswith(": <object_link>")
        assert len(line) < 100  # the strictest of these messages, an invitation, takes 200 characters with the link


def test_what_a_yes_takes_is_required_and_nothing_else_is(samples: Loaded) -> None:
    required = {good.form_id: [field.id for field in good.form.fields if field.required] for good in samples.forms}

    assert required == {
        "calls": ["phone"],
        "bakeclub": ["first_name", "session"],
        "newsletter": ["shop"],
        "photo": [],
        "graduates": ["full_name", "phone"],
        "events": [],
        "careers": ["phone"],
        "quote": [],
    }
    # A greeting is no reason to make a name compulsory (GDPR art. 5(1)(c)).
    assert purposes(samples, "demolen", "bakeclub")["recipes"].data == ("email",)


def test_no_text_says_that_a_required_field_need_not_be_given(samples: Loaded) -> None:
    seen = set()
    for good in samples.forms:
        for notice in compile_form(good, TODAY).notices:
            if notice.audience == "child":
                continue  # it is asked for no field
            free = i18n.say(notice.language, "notice.data.free", notice.young)
            for purpose in notice.asked:
                rows = dict(purpose.rows)
                *_, told = rows[i18n.say(notice.language, "notice.data", notice.young)]
                needed = [field for field in notice.fields if field.required and field.id in purpose.data]
                assert (told == free) == (not needed)
                optional = [field for field in notice.fields if not field.required and field.id in purpose.data]
                rest = i18n.say(notice.language, "notice.data.rest", notice.young)
                assert (rest in told) == bool(needed and optional)
                assert all(field.label[1:].rstrip("?\u00a0") in told for field in needed)
                seen |= {(notice.audience, notice.language)} if needed else set()
            for purpose in notice.told:
                *_, told = dict(purpose.rows)[i18n.say(notice.language, "notice.data", notice.young)]
                fields = [field for field in notice.fields if field.id in purpose.data]
                without = i18n.say(notice.language, "notice.data.needed", notice.young)
                assert (told == without) == all(field.required for field in fields)
    assert len(seen) == 9  # adults, teenagers and guardians, in three languages


@pytest.mark.parametrize("path", sorted(SAMPLES.rglob("*.yaml")), ids=lambda path: path.stem)
def test_a_sample_has_the_typography_of_its_languages(path: Path) -> None:
    assert "'" not in path.read_text(encoding="utf-8")


def test_a_sample_that_keeps_proof_does_not_promise_to_delete_everything() -> None:
    everything = re.compile(r"wissen we alles\b|effaçons tout\b(?!,? sauf)|delete everything\b(?! but| except)")
    texts = {path.name: path.read_text(encoding="utf-8") for path in SAMPLES.glob("*/*.yaml")}

    assert [name for name, text in texts.items() if everything.search(text)] == []


def test_a_label_that_asks_stands_in_a_row_without_its_question_mark(samples: Loaded) -> None:
    rows = [
        " ".join(lines)
        for good in samples.forms
        for notice in compile_form(good, TODAY).notices
        for purpose in notice.purposes
        for _, lines in purpose.rows
    ]

    assert any("welke bakdag." in row for row in rows)
    assert [row for row in rows if "?." in row or "?," in row] == []
