"""What a channel takes of whoever says yes to it, and which channels advertising may use without a yes."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from app.definitions import listing, loading
from app.definitions.lint import linter
from tests.definitions.folder import FORM, TODAY, FormsFolder, changed, controller_in, unmarked

BY = {
    "phone": "channel: phone\n    proof: call_back",
    "sms": "channel: sms\n    proof: recorded_call",
    "post": "channel: post",
}
TYPES = {"phone": "tel", "sms": "tel", "post": "postal_address"}
FIELD = """\
  - id: {id}
    type: {type}
    label: {{nl: Hier, en: Here}}
    required: {required}
purposes:
"""


def by(channel: str, field: str = "", data: str = "[email, first_name]") -> str:
    """The form that is in order, with another channel, one more field and another `data`."""
    text = changed(FORM, "    channel: email", f"    {BY[channel]}")
    return changed(text.replace("purposes:\n", field or "purposes:\n"), "data: [email, first_name]", f"data: {data}")


def asks(channel: str, required: str = "true", type_: str = "", name: str = "where") -> str:
    return FIELD.format(id=name, type=type_ or TYPES[channel], required=required)


def found(forms: FormsFolder, text: str, *says: str, country: str = "BE", today: date = TODAY) -> list[str]:
    """The codes of a form with marks where they must be reported; each message says these words."""
    plain, places = unmarked(text)
    forms.write(form=plain, controller=controller_in(country))
    faults = forms.faults(today)
    assert [(fault.line, fault.column) for fault in faults] == places
    for fault in faults:
        assert [words for words in says if words not in fault.message] == [], fault.message
    return [fault.code for fault in faults]


# A yes to calls, text messages or post takes a number or an address


@pytest.mark.parametrize("channel", BY)
def test_a_channel_with_its_required_field_is_in_order(channel: str, forms: FormsFolder) -> None:
    assert found(forms, by(channel, asks(channel), "[email, first_name, where]")) == []


@pytest.mark.parametrize(
    ("channel", "works", "example"),
    [
        ("phone", "telephone", "{id: phone, type: tel, label: {nl: Telefoonnummer, en: Phone number}, required: true}"),
        (
            "sms",
            "text message",
            "{id: phone, type: tel, label: {nl: Telefoonnummer, en: Phone number}, required: true}",
        ),
        ("post", "post", "{id: address, type: postal_address, label: {nl: Adres, en: Address}, required: true}"),
    ],
)
def test_where_the_field_is_missing_the_message_writes_it(
    channel: str, works: str, example: str, forms: FormsFolder
) -> None:
    text = by(channel).replace(f"channel: {channel}", f"channel: §{channel}")
    name = "phone" if channel != "post" else "address"

    assert found(
        forms,
        text,
        f"`news` reaches people by {works}, but no field asks for",
        example,
        f"`data: [email, first_name, {name}]`",
    ) == ["AK356"]

    mended = by(channel, f"  - {example}\npurposes:\n", f"[email, first_name, {name}]")
    assert found(forms, mended) == []


@pytest.mark.parametrize("channel", BY)
def test_a_field_that_may_stay_empty_is_named_with_the_word_to_change(channel: str, forms: FormsFolder) -> None:
    for required in ("§false", "§False"):
        text = by(channel, asks(channel, required), "[email, first_name, where]")
        assert found(forms, text, "`news` reaches people by", ", but `where` may stay empty", "`required: true`") == [
            "AK356"
        ]
    unsaid = by(channel, asks(channel, name="§where").replace("    required: true\n", ""), "[email, first_name, where]")
    assert found(forms, unsaid, "`where` may stay empty") == ["AK356"]


@pytest.mark.parametrize("channel", BY)
def test_a_field_that_the_purpose_does_not_use_is_put_into_its_data(channel: str, forms: FormsFolder) -> None:
    other = FORM[FORM.index("  - id: news") :].replace("id: news", "id: other").replace("Nieuwsbrief", "Iets")
    other = other.replace("Newsletter", "Other").replace("mailen we", "schrijven we").replace("we email", "we write")
    other = changed(other, "data: [email, first_name]", "data: [email, where]")

    for required, more in (("true", ""), ("false", "`required: true` in the field")):
        text = by(channel, asks(channel, required), "§[email, first_name]") + other
        assert found(forms, text, f"`data: [email, first_name, where]`{', and ' * bool(more)}{more}") == ["AK356"]


@pytest.mark.parametrize(
    ("channel", "type_", "name", "label"),
    [
        ("phone", "text", "phone", "Hier"),
        ("phone", "name", "gsm_nummer", "Hier"),
        ("sms", "text", "where", "Mobiel nummer"),
        ("phone", "text", "where", "Telefoon"),
        ("phone", "long_text", "where", "Numéro de téléphone"),
        ("post", "long_text", "home_address", "Hier"),
        ("post", "text", "where", "Adres"),
        ("post", "text", "where", "Straat en nummer"),
    ],
)
def test_a_field_of_the_wrong_type_is_told_its_type(
    channel: str, type_: str, name: str, label: str, forms: FormsFolder
) -> None:
    field = asks(channel, type_=f"§{type_}", name=name).replace("nl: Hier", f"nl: {label}")

    text = by(channel, field, f"[email, first_name, {name}]")
    assert found(forms, text, f"but `{name}` is no field for a", f"`type: {TYPES[channel]}`") == ["AK356"]

    optional = by(channel, field.replace("required: true", "required: false"), f"[email, first_name, {name}]")
    assert found(forms, optional, f"`type: {TYPES[channel]}`, and `required: true` in the field") == ["AK356"]


def test_a_mail_address_is_not_taken_for_a_postal_one(forms: FormsFolder) -> None:
    field = asks("post", type_="text", name="where").replace("nl: Hier, en: Here", "nl: E-mailadres, en: Email address")
    text = by("post", field, "[email, first_name, where]").replace("channel: post", "channel: §post")

    assert found(forms, text, "but no field asks for an address") == ["AK356"]


def test_one_required_field_of_several_is_enough(forms: FormsFolder) -> None:
    fields = asks("phone", "false").replace("purposes:\n", "") + asks("phone", name="other")

    assert found(forms, by("phone", fields, "[email, first_name, where, other]")) == []


def test_what_is_only_told_needs_no_field_since_nobody_ticks_it(forms: FormsFolder) -> None:
    told = FORM[FORM.index("  - id: news") :].replace("id: news", "id: told").replace("consent", "contract")
    told = told.replace("Nieuwsbrief", "Post").replace("Newsletter", "Post").replace("channel: email", "channel: post")
    told = told.replace("mailen we", "sturen we").replace("we email", "we send")

    assert found(forms, FORM + told) == []


def test_each_purpose_has_a_fault_of_its_own(forms: FormsFolder) -> None:
    post = FORM[FORM.index("  - id: news") :].replace("id: news", "id: card").replace("per mail", "per post")
    post = post.replace("by email", "by post").replace("mailen we", "sturen we").replace("we email", "we send")

    text = by("phone").replace("channel: phone", "channel: §phone") + post.replace("channel: email", "channel: §post")
    assert found(forms, text) == ["AK356", "AK356"]


@pytest.mark.parametrize(
    "broken",
    ["fields: where", "fields: [where, 1]", "fields: [{id: [a], type: {a: b}, label: [c], required: {}}]", "fields:"],
)
def test_a_broken_list_of_fields_is_no_end_of_the_check(broken: str, forms: FormsFolder) -> None:
    text = by("phone")
    text = f"{text[: text.index('fields:')]}{broken}\n{text[text.index('purposes:') :]}"

    assert "AK356" in {fault.code for fault in forms.write(form=text).faults()}


# Advertising without a yes


WEIGHED = "\n    weighing: It takes little of people."


def told(channel: str, basis: str = "legitimate_interest", marketing: str = "true") -> str:
    """A form with something to ask, and advertising by this channel that is told and not asked."""
    more = FORM[FORM.index("  - id: news") :].replace("id: news", "id: offers")
    more = more.replace("basis: consent", f"basis: {basis}{WEIGHED if 'interest' in basis else ''}").replace(
        "Nieuwsbrief", "Reclame"
    )
    more = more.replace("Newsletter", "Offers").replace("mailen we", "melden we").replace("we email", "we tell")
    return FORM + changed(more, "channel: email", f"channel: {channel}\n    direct_marketing: {marketing}")


BASES = ("contract", "legitimate_interest", "legal_obligation")
NEW, OLD = date(2026, 8, 11), date(2026, 6, 30)


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize(
    ("country", "law"),
    [("BE", "art. XII.13"), ("NL", "art. 11.7(1)"), ("FR", "art. L34-5"), ("ES", "art. 13(1))")],
)
def test_advertising_by_mail_or_text_message_is_asked_everywhere(
    basis: str, country: str, law: str, forms: FormsFolder
) -> None:
    for channel in ("email", "sms"):
        text = told(channel, f"§{basis}")
        says = (
            "`basis: consent`",
            "2002/58 art. 13(1)",
            law,
            f"`{basis}` is not enough",
            "for own customers too",
            "art. 13(2)",
        )
        assert found(forms, text, *says, country=country, today=OLD) == ["AK357"]


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize(
    ("country", "day_before", "day", "law"),
    [
        ("NL", date(2026, 6, 30), date(2026, 7, 1), "Telecommunicatiewet art. 11.7(2)"),
        ("FR", date(2026, 8, 10), date(2026, 8, 11), "art. L223-1"),
    ],
)
def test_a_call_is_asked_from_the_day_of_the_law_on(
    basis: str, country: str, day_before: date, day: date, law: str, forms: FormsFolder
) -> None:
    text = told("phone", f"§{basis}")

    assert found(forms, text, "`accept: [{code: AK358, because: …}]`", country=country, today=day_before) == ["AK358"]
    if (country, basis) == ("FR", "contract"):
        assert found(
            forms, text, law, "In FR only calls about a running contract are allowed", country=country, today=day
        ) == ["AK358"]
    else:
        whom = {"NL": "of own customers too", "FR": "except about a running contract"}[country]
        says = (f"in {country} since {day.isoformat()}, {whom}; `{basis}` is not enough", law, "`basis: consent`")
        assert found(forms, text, *says, country=country, today=day) == ["AK357"]


@pytest.mark.parametrize(("country", "known"), [("BE", "bel-me-niet-meer"), ("GB", "Preference"), ("SE", "the list")])
def test_elsewhere_a_call_is_answered_with_a_reason(country: str, known: str, forms: FormsFolder) -> None:
    text = told("phone", "§legitimate_interest")
    assert found(forms, text, known, "GDPR art. 21(2)", country=country) == ["AK358"]
    assert loading.load(forms.path, TODAY).forms == ()

    answered = told("phone") + "accept: [{code: AK358, because: We call customers and check the list.}]\n"
    assert found(forms, answered, country=country) == []
    assert [good.form_id for good in loading.load(forms.path, TODAY).forms] == ["news"]


def test_an_answer_does_not_outlive_the_law_that_allowed_it(forms: FormsFolder) -> None:
    text = told("phone") + "accept:\n  - {code: AK358, because: We call customers.}\n"
    forms.write(form=text, controller=controller_in("NL"))

    assert forms.faults(OLD) == []
    assert [fault.code for fault in forms.faults(NEW)] == ["AK357", "AK227"]


def test_what_the_law_asks_cannot_be_accepted_away(forms: FormsFolder) -> None:
    for code in ("AK356", "AK357"):
        forms.write(form=told("email") + f"accept:\n  - {{code: {code}, because: No.}}\n")
        assert [fault.code for fault in forms.faults()] == ["AK357", "AK226"]


def test_a_country_of_the_age_gate_counts_as_much_as_the_company_s_own(forms: FormsFolder) -> None:
    """A law on calls protects who is called: a Belgian company that meets Dutch children calls Dutch telephones."""
    adults = "audience: adults\nbecause: The shop sells to adults.\n"
    for countries, code in (("BE", "AK358"), ("BE, NL", "AK357"), ("NL", "AK357"), ("BE, FR", "AK357")):
        gated = changed(told("phone"), adults, f"audience: everyone\nage_gate: {{countries: [{countries}]}}\n")
        codes = {fault.code for fault in forms.write(form=gated).faults(NEW)}
        assert codes & {"AK357", "AK358"} == {code}, countries


def test_by_post_it_may_be_told_and_what_is_no_advertising_too(forms: FormsFolder) -> None:
    for country in ("BE", "NL", "FR"):
        assert found(forms, told("post"), country=country) == []
        for channel in ("email", "phone", "sms"):
            notice = told(channel, marketing="false").replace("Reclame", "Bericht").replace("Offers", "A message")
            assert found(forms, notice, country=country) == []


@pytest.mark.parametrize("channel", ["email", "phone", "sms"])
def test_advertising_that_is_not_marked_is_seen_by_its_words_and_its_channel(channel: str, forms: FormsFolder) -> None:
    text = told(channel, marketing="false")
    text = changed(changed(text, "nl: Reclame", "nl: §Reclame"), "en: Offers", "en: §Offers")
    assert found(forms, text, "write `basis: consent`") == ["AK360", "AK360"]

    denied = unmarked(text)[0].replace("nl: Reclame", "nl: Geen reclame").replace("en: Offers", "en: No offers")
    assert found(forms, denied) == []


def test_a_channel_that_is_not_named_is_no_way_around(forms: FormsFolder) -> None:
    assert found(forms, told("none", "§legitimate_interest")) == ["AK358"]


def test_without_a_controller_file_the_form_is_judged_all_the_same(forms: FormsFolder) -> None:
    forms.write(form=told("phone"))
    forms.controller.unlink()

    assert [fault.code for fault in forms.faults()] == ["AK117", "AK358"]


def checked(forms: FormsFolder, path: Callable[[FormsFolder], Path]) -> set[str]:
    return {fault.code for fault in linter.check(path(forms), NEW) if not fault.is_warning}


@pytest.mark.parametrize(
    ("form", "code"),
    [(told("email"), "AK357"), (told("phone"), "AK358"), (by("phone"), "AK356")],
    ids=["AK357", "AK358", "AK356"],
)
def test_no_way_of_loading_lets_it_pass(form: str, code: str, forms: FormsFolder) -> None:
    forms.write(form=form)

    for path in (lambda it: it.path, lambda it: it.form.parent, lambda it: it.form):
        assert checked(forms, path) == {code}
    loaded = loading.load(forms.path, NEW)
    assert loaded.forms == ()
    assert [fault.code for fault in loaded.faulty["acme", "news"]] == [code]
    assert listing.forms(forms.path, "", NEW) == []
