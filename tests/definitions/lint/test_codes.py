"""Each code of the linter: what brings it about, at exactly which place, and that nothing else is reported there."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.definitions.codes import CODES, WARNINGS
from tests.definitions.folder import CONTROLLER, FORM, SECOND_PURPOSE, FormsFolder, changed, check, unmarked
from tests.definitions.mutations import mutations


@dataclass(frozen=True)
class Case:
    """A change to a file that is in order, with a mark at each place where the code must be reported."""

    code: str
    old: str
    new: str
    says: str
    base: str = FORM
    also: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.code} {self.new.strip()[:30]!r}"


TWO = FORM + SECOND_PURPOSE
RECIPIENT = """recipients:
      - name: {name}
        role: processor
        country: {country}
        use:
          nl: verstuurt de mail
          en: sends the mail"""
SPECIAL = """channel: email
    special_category:
      kind: health
      statement:
        nl: Ik ga akkoord.
        en: I agree."""
TRANSFERS = """transfers:
      countries: [{country}]
      safeguard: {safeguard}"""
LONG = "x" * 121
AUTHORITY = changed(CONTROLLER, "authority: be", "authority: §be")
SWISS = changed(CONTROLLER, "be-gba", "ch-edoeb")
PROCESSORS = CONTROLLER[CONTROLLER.index("processors:") : CONTROLLER.index("theme:")]
OTHER = RECIPIENT.format(name="§Staal BV", country="BE").replace("role: processor", "role: controller")
TOP, CONTROLLER_TOP = "§" + FORM, "§" + CONTROLLER
PURPOSE = changed(FORM, "- id: news", "- §id: news")
FIELD = changed(FORM, "- id: first_name", "- §id: first_name")
TOLD = changed(TWO, "basis: consent", "basis: contract")
CALLS = changed(TWO, "channel: email", "channel: phone")


def more_purposes(count: int) -> str:
    """Purposes that all say something different."""
    return "".join(
        SECOND_PURPOSE.replace("card", f"card_{number}").replace("kaart", f"kaart {number}") for number in range(count)
    )


def more_fields(count: int) -> str:
    return "".join(f"  - {{id: f{number}, type: text, label: {{nl: A, en: B}}}}\n" for number in range(count))


CASES = [
    # the file and YAML
    Case("AK104", "Nieuws\n", "Nieuws§\x07\n", "U+0007"),
    Case("AK105", "  en: News\n", "  en: News§: today\n", "second `: `"),
    Case("AK105", "  nl: Nieuws\n", '  nl: "Nieuws\n', "never closed", FORM + "§"),
    Case("AK105", "  nl: Nieuws\n", "§\tnl: Nieuws\n", "spaces"),
    Case("AK106", "nl: Nieuws\n", "nl: §!!python/name:os.system x\n", "a tag"),
    Case("AK106", "nl: Nieuws\n", "nl: §!secret Nieuws\n", "plain data"),
    Case("AK106", "languages: [nl, en]", "§%YAML 1.1\n---\nlanguages: [nl, en]", "YAML 1.2"),
    Case("AK107", "nl: Nieuws\n", "nl: §&news Nieuws\n", "anchor (`&news`)"),
    Case("AK107", "nl: Nieuws\n", "nl: §*news\n", "alias (`*news`)"),
    Case("AK108", "audience: adults", "§<<: {audience: adults}\naudience: adults", "merge key"),
    Case("AK109", "audience: adults", "audience: adults\n§audience: adults", "line 2"),
    Case("AK110", "    channel: email\n", "    channel: email\n§---\nmore: true\n", "one file"),
    Case("AK111", "nl: Nieuws\n", f"nl: {'[' * 19}§{'[' * 5}\n", "deeper than 20"),
    Case("AK112", "audience: adults", "audience: adults\n§1: one", "`1`"),
    Case("AK112", "audience: adults", "audience: adults\n? §[a]\n: one", "a key is a word"),
    Case("AK121", "x", "- x\n" * 9999 + "- §x\n", "10000", "x"),
    # the shape
    Case("AK201", "    channel: email", "    §chanel: email\n    channel: email", "did you mean `channel`?"),
    Case("AK201", "country: BE", "country: BE\n§fax: none", "known here: name, address", CONTROLLER),
    Case("AK201", "  accent:", "  §colour: red\n  accent:", "known here: accent", CONTROLLER),
    Case("AK202", "  - id: news\n    basis: consent", "  - §basis: consent", "write `id: newsletter`"),
    Case("AK202", "title:\n  nl: Nieuws\n  en: News\n", "", "`title` is missing", TOP),
    Case("AK202", "    channel: email", "", "write `channel: email`", PURPOSE),
    Case("AK202", "country: BE\n", "", "write `country: BE`", CONTROLLER_TOP),
    Case("AK203", "nl: Nieuws\n", "nl: §2027\n", '`"2027"`'),
    Case("AK203", "dpo: none", "dpo: none\nphone: §053123456", 'such as `phone: "09 123 45 67"`', CONTROLLER),
    Case("AK203", "nl: Nieuws\n", "nl: §[Nieuws]\n", "one text, not a list"),
    Case("AK203", "required: false", "required: §no", "`true` or `false`, not `no`"),
    Case("AK203", "languages: [nl, en]", "languages: §nl", "languages: [nl, fr]"),
    Case(
        "AK203",
        "    title:\n      nl: Nieuwsbrief per mail\n      en: Newsletter by email",
        "    title: §Newsletter",
        "a text per language",
    ),
    Case("AK203", "recipients: none", "recipients: §our own staff", "write `none`, or a list"),
    Case("AK203", "recipients: none", "recipients: §[]", "write `none`, or a list"),
    Case("AK203", "transfers: none", "transfers: §[US]", "write `none`, or countries"),
    Case("AK203", 'accent: "#8a4b08"', "accent: §brown", "six hexadecimal digits", CONTROLLER),
    Case("AK203", 'accent: "#8a4b08"', 'accent: "#8a4b08"\n  radius: §round', "a whole number", CONTROLLER),
    Case("AK203", 'theme:\n  accent: "#8a4b08"', "theme: §dark", "accent, radius, font, scheme", CONTROLLER),
    Case("AK203", "theme:\n", "theme:\n  background: §none\n", "write `transparent`, or a colour", CONTROLLER),
    Case("AK204", "      nl: Voornaam", "      §nl:", "nothing is written after `nl:`"),
    Case("AK204", "    keep: 2 years", "    §keep:", "nothing is written after `keep:`"),
    Case("AK204", '  accent: "#8a4b08"', "  §accent: #8a4b08", "in quotes", CONTROLLER),
    Case("AK205", "channel: email", "channel: §emial", "did you mean `email`?"),
    Case("AK205", "basis: consent", "basis: §opt-out", "consent, contract, legitimate_interest or"),
    Case("AK205", "type: name", "type: §slider", "long_text"),
    Case("AK205", "authority: be-gba", "authority: §be-apd", "write at-dsb, be-gba,", CONTROLLER),
    Case("AK206", "- id: news", "- id: §News!", "small letter"),
    Case("AK207", "fields:\n", "fields:\n  - {id: §email, type: text, label: {nl: Mail, en: Mail}}\n", "always asked"),
    Case("AK207", "- id: form_token", "- id: §form_token", "own pages", FORM.replace("first_name", "form_token")),
    Case("AK208", "- id: card", "- id: §news", "line 18", TWO),
    Case("AK208", "languages: [nl, en]", "languages: [nl, en, §nl]", "line 1"),
    Case("AK208", "data: [email, first_name]", "data: [email, first_name, §email]", "keep one"),
    Case("AK209", "nl: Nieuws\n", f"nl: §{LONG}\n", "121 characters: write 120 at most"),
    Case("AK209", "nl: Dit vragen we.", f"nl: §{LONG * 9}", "write 1000 at most"),
    Case("AK209", "address: Korenmarkt 7, 9000 Gent", f"address: §{LONG * 2}", "write 200 at most", CONTROLLER),
    Case("AK210", "nl: Nieuws\n", 'nl: §"  "\n', "empty"),
    Case("AK211", "nl: Nieuws\n", "nl: §Nieuws\u202e\n", "right-to-left override"),
    Case("AK211", "nl: Nieuws\n", 'nl: §"\\0Nieuws"\n', "U+0000"),
    Case("AK211", "nl: Nieuws\n", 'nl: §"\\uD800"\n', "U+D800"),
    Case("AK211", "nl: Nieuws\n", 'nl: §"Nieuws\\nBcc: x"\n', "U+000A"),
    Case("AK211", "nl: Nieuws\n", "nl: §=?utf-8?q?Bcc=3A?=\n", "the head of a mail"),
    Case("AK211", "contact: privacy@", "contact: §=?utf-8?q?x?=@", "the head of a mail", CONTROLLER),
    Case("AK211", "dpo: none", "dpo: {name: A. Maes, email: §=?x@demolen.example}", "the head of a mail", CONTROLLER),
    Case("AK211", "name: Bakkerij", "name: §=?utf-8?q?x?= Bakkerij", "the head of a mail", CONTROLLER),
    Case("AK212", "nl: Nieuws\n", "nl: §...\n", "`title` in `nl` is still to be written"),
    Case("AK212", "contact: privacy@demolen.example", "contact: §…", "`contact` is still", CONTROLLER),
    Case("AK213", "- id: card_19", "- §id: card_19", "more than 20 purposes", FORM + more_purposes(20)),
    Case("AK213", "fields:\n", f"fields:\n{more_fields(20)}", "more than 20 fields", FIELD, ("AK309",) * 20),
    Case(
        "AK213",
        "[https://www.demolen.example]",
        f"[{', '.join(f'https://s{number}.example' for number in range(50))}, §https://last.example]",
        "more than 50 origins",
        CONTROLLER,
    ),
    Case("AK214", "languages: [nl, en]", "languages: [nl, en, §de]", "write nl, fr, en"),
    Case("AK214", "  en: News\n", "  en: News\n  §de: Neues\n", "`nl`, `fr` and `en`"),
    Case("AK214", "title:\n  nl: Nieuws\n  en: News\n", "title: {nl: Nieuws, en: News, §fresh and good}\n", "comma"),
    Case("AK214", "  en: https", "  §de: https://www.demolen.example/de\n  en: https", "not a language", CONTROLLER),
    Case("AK215", "    title:\n      nl: Nieuwsbrief per mail\n", "    §title:\n", "lacks `nl`"),
    Case("AK216", "  en: News\n", "  en: News\n  §fr: Nouvelles\n", "not in `languages`"),
    Case("AK217", "keep: 2 years", "keep: §two years", "2 years"),
    Case("AK217", "keep: 2 years", "keep: §2", "2 years"),
    Case("AK217", "keep: 2 years", "keep: §101 years", "1 day to 100 years"),
    Case("AK217", "keep: 2 years", "keep: 2 years\n    valid_for: §1 hour", "1 day to 100 years"),
    Case("AK217", "evidence_for: 5 years", "evidence_for: §99999 years", "a number and a unit", CONTROLLER),
    Case("AK218", "contact: privacy@demolen.example", "contact: §privacy", "email address", CONTROLLER),
    Case("AK218", "contact: privacy@demolen.example", 'contact: §"a@b.example, c@d.example"', "email", CONTROLLER),
    Case("AK218", "contact: privacy@demolen.example", "contact: §zoë@demolen.example", "ASCII", CONTROLLER),
    Case("AK218", "dpo: none", "dpo: {name: Tom, email: §tom@}", "email address", CONTROLLER),
    Case("AK219", "nl: https://www.demolen.example/privacy", "nl: §http://www.demolen.example/", "https", CONTROLLER),
    Case("AK219", "nl: https://www.demolen.example/privacy", "nl: §javascript:alert(1)", "https", CONTROLLER),
    Case("AK219", "nl: https://www.demolen.example/privacy", "nl: §https://me:pw@x.example/", "https", CONTROLLER),
    *(
        Case(
            "AK220", "[https://www.demolen.example]", f"['https://www.demolen.example', §'{origin}']", says, CONTROLLER
        )
        for origin, says in [
            ("http://www.demolen.example", "needs https"),
            ("https://demolen.example/", "leave out the path"),
            ("https://demolen.example?x=1", "leave out the path"),
            ("https://*.demolen.example", "no wildcard"),
            ("https://me@demolen.example", "no name or password"),
            ("https://Demolen.example", "small letters"),
            ("https://bäckerei.example", "xn--"),
            ("https://demolen.example:443", "leave out `:443`"),
            ("https://demolen.example:99999", "65535"),
            ("http://localhost:80", "leave out `:80`"),
            ("http://127.0.0.1.evil.example", "needs https"),
            ("https://a.example; script-src *", "no wildcard"),
            ("https://a.example; sandbox", "not an origin"),
            ("https://[::1", "not an origin"),
            ("demolen.example", "not an origin"),
        ]
    ),
    Case("AK221", 'accent: "#8a4b08"', 'accent: "#8a4b08"\n  radius: §17', "from 0 to 16", CONTROLLER),
    Case("AK221", 'accent: "#8a4b08"', 'accent: "#8a4b08"\n  radius: §-1', "from 0 to 16", CONTROLLER),
    Case("AK222", "country: BE", "country: §UK", "`GB`", CONTROLLER),
    Case("AK222", "country: BE", "country: §US", "EEA", CONTROLLER),
    Case("AK222", "recipients: none", RECIPIENT.format(name="Post BV", country="§Belgium"), "two capital letters"),
    Case("AK223", "data: [email]", "data: §[]", "data: [email]", TWO),
    Case("AK223", "languages: [nl, en]", "languages: §[]", "languages: [nl, fr]"),
    Case("AK224", "audience: adults", "audience: adults\n§age_gate: {countries: [BE]}", "no age gate"),
    Case("AK224", "audience: adults", "audience: adults\n§service: offline", "no age counts"),
    Case("AK224", "keep: 2 years", "keep: 2 years\n    §because: {nl: Daarom, en: Therefore}", "until_withdrawn"),
    Case("AK224", "required: false", "required: false\n    §options: []", "choice"),
    Case("AK224", "    required: false", "    §child: {label: {nl: Naam, en: Name}}", "no child reads"),
    Case("AK225", "  - id: first_name\n    type: name", "  - §id: first_name\n    type: choice", "two options"),
    Case("AK233", "type: name", "type: name\n    fill: §tel", "`given-name`"),
    Case("AK233", "type: name", "type: long_text\n    fill: §name", "takes `none`"),
    Case("AK205", "type: name", "type: name\n    fill: §first-name", "none"),
    Case("AK225", "type: name", "type: choice\n    §options:\n      - {id: a, label: {nl: A, en: A}}", "two options"),
    Case("AK226", "audience: adults", "audience: adults\naccept: [{code: §AK312, because: No.}]", "only mended"),
    Case("AK226", "audience: adults", "audience: adults\naccept: [{code: §AK999, because: No.}]", "no code"),
    Case("AK226", "audience: adults", "audience: adults\naccept: [{code: §all, because: No.}]", "no code"),
    Case("AK227", "audience: adults", "audience: adults\naccept: [{code: §AK305, because: No.}]", "leave this answer"),
    Case("AK228", "audience: adults\nbecause: The shop sells to adults.", "audience: §adults", "because: …"),
    Case("AK229", "audience: adults", "audience: §everyone", "age_gate: {countries: [BE]}", also=("AK323",) * 3),
    Case("AK229", "audience: adults", "audience: §children", "age_gate: {countries: [BE]}", also=("AK323",) * 3),
    # the law
    *(
        Case("AK301", "    channel: email", f"    channel: email\n    §{key}: true", f"`{key}`")
        for key in ("required", "checked", "default", "value", "preselected")
    ),
    Case("AK301", "required: false", "required: false\n    §default: Jan", "beforehand"),
    Case("AK302", "channel: email", "channel: §[email, phone]", "a purpose of its own for each"),
    Case("AK302", "channel: email", "channel: §email and phone", "a purpose of its own for each"),
    Case("AK302", "    channel: email", "    §channels: [email, phone]\n    channel: email", "one channel"),
    Case("AK303", "    recipients: none\n", "", "`recipients` is neither given nor declared none", PURPOSE),
    Case("AK303", "    transfers: none\n", "", "`transfers` is neither", PURPOSE),
    Case("AK303", "    automated_decisions: none\n", "", "`automated_decisions` is neither", PURPOSE),
    Case("AK303", "    recipients: none\n", "    §recipients:\n", "`recipients` is neither"),
    Case("AK303", "dpo: none\n", "", "write `dpo: none`", CONTROLLER_TOP),
    Case("AK304", "    keep: 2 years\n", "", "no `keep` of its own: write `keep: 2 years`", PURPOSE),
    Case("AK304", "    data: [email]\n", "", "no `data` of its own", changed(TWO, "- id: card", "- §id: card")),
    Case(
        "AK304",
        "    title:\n      nl: Nieuwsbrief per mail\n      en: Newsletter by email\n",
        "",
        "below it a text per language",
        PURPOSE,
    ),
    Case("AK305", "nl: Voornaam", "nl: §Ziekten en operaties", "`Ziekten`"),
    Case("AK305", "- id: news", "- id: §medical_news", "`medical`"),
    Case("AK305", "en: Once a month we email what is new.", "en: §We use data about your health.", "`your health`"),
    Case("AK306", "nl: Een kaartje met de post", "nl: §nieuwsbrief  per mail", "line 21", TWO),
    Case("AK306", "en: Once a year we send a card.", "en: §Once a month we email what is new.", "`text`", TWO),
    *(
        Case("AK307", "recipients: none", RECIPIENT.format(name=f"§{name}", country="BE"), "names nobody")
        for name in (
            "onze partners",
            "derde partijen",
            "nos partenaires soigneusement sélectionnés",
            "Third parties",
            "carefully selected partners",
            "d’autres sociétés",
            "Autodealers uit de streek",
            "Les enseignes et sociétés de notre groupe",
            "leveranciers",
        )
    ),
    Case("AK308", "recipients: none", RECIPIENT.format(name="Brightsend Inc.", country="§US"), "`countries: [US]`"),
    Case("AK308", "recipients: none", RECIPIENT.format(name="Post Ltd", country="§GB"), "outside the EEA"),
    Case("AK308", "transfers: none", TRANSFERS.format(country="§NL", safeguard="scc"), "no transfer"),
    Case(
        "AK309",
        "data: [email, first_name]",
        "data: [email]",
        "no purpose uses the field",
        FIELD.replace("§id: ", "id: §"),
    ),
    Case("AK310", "data: [email, first_name]", "data: [email, first_name, §phone]", "email, first_name"),
    Case("AK311", "channel: email", "channel: email\n    special_category: §{kind: health}", "I explicitly agree"),
    Case("AK312", "channel: email", "channel: §phone", "call_back", also=("AK356",)),
    Case("AK312", "channel: email", "channel: sms\n    proof: §mail", "recorded_call", also=("AK356",)),
    Case("AK313", "basis: consent", "basis: contract\n    §proof: mail", "leave out `proof`", TWO),
    Case("AK313", "basis: consent", "basis: contract\n    §valid_for: 1 year", "leave out `valid_for`", TWO),
    Case("AK313", "keep: 2 years", "keep: §until_withdrawn", "write a period", TOLD, ("AK315",)),
    Case("AK313", "channel: email", SPECIAL.replace("special", "§special"), "needs explicit consent", TOLD),
    Case(
        "AK313",
        "transfers: none\n    automated_decisions: none\n    keep: 2 years",
        TRANSFERS.format(country="US", safeguard="§none\n      risk: {nl: Weg, en: Gone}")
        + "\n    automated_decisions: none\n    keep: 2 years",
        "art. 49(1)(a)",
        TOLD,
    ),
    Case("AK314", "keep: 2 years", "keep: 2 years\n    valid_for: §25 months", "longer than `keep: 2 years`"),
    Case("AK315", "keep: 2 years", "keep: §until_withdrawn", "`because:`"),
    *(
        Case("AK231", "theme:\n", f"theme:\n  font: §{font}\n", says, CONTROLLER)
        for font, says in [
            ("sytem", "write system, serif, rounded, or a stack"),
            ("Comic Sans", "such as `Comic Sans, sans-serif`"),
            ("Gill Sans; color:red, serif", "letters, digits and spaces"),
            ("a}b{, serif", "letters, digits and spaces"),
            ("Gill Sans,, serif", "letters, digits and spaces"),
            ("url(x), serif", "letters, digits and spaces"),
            (f"{'x' * 200}, serif", "letters, digits and spaces"),
            ('"\'Gill Sans, serif"', "letters, digits and spaces"),
        ]
    ),
    *(
        Case("AK232", "theme:\n", f"theme:\n  logo: §{name}\n", says, CONTROLLER)
        for name, says in [
            ("https://www.demolen.example/logo.svg", "the name of a file beside"),
            ("../logo.svg", "the name of a file beside"),
            (".svg", "the name of a file beside"),
            ("logo.gif", ".svg, .png or .webp"),
            ("logo.svg", "no such file"),
        ]
    ),
    *(
        Case("AK372", "theme:\n", f'theme:\n  background: §"{ground}"\n{scheme}', says, CONTROLLER)
        for ground, scheme, says in [
            ("#777777", "", "neither dark nor light text"),
            ("#dcece3", "  scheme: dark\n", "write `scheme: light`, or `host`"),
            ("#10151a", "  scheme: auto\n", "write `scheme: dark`, or `host`"),
        ]
    ),
    Case(
        "AK372",
        'accent: "#8a4b08"',
        'accent: "#767676"\n  background: §"#dcece3"',
        "the accent has a contrast",
        CONTROLLER,
    ),
    Case("AK316", '"#8a4b08"', '§"#787878"', "4.41:1", CONTROLLER),
    Case("AK317", "channel: email", "channel: none\n    direct_marketing: §true", "by a channel"),
    Case("AK318", "purposes:\n", "§purposes:\n", "no purpose asks", changed(FORM, "basis: consent", "basis: contract")),
    Case("AK319", "transfers: none", TRANSFERS.format(country="US", safeguard="§none"), "`risk:`"),
    Case("AK302", FORM[FORM.index("purposes:") :], "purposes: §all\n", "each purpose is named"),
    # how people are reached; more in test_channels.py
    Case("AK356", "channel: email", "channel: §phone\n    proof: call_back", "type: tel, label: {nl: Telefoonnummer"),
    Case("AK356", "channel: email", "channel: §post", "`data: [email, first_name, address]`"),
    # who is behind a form
    Case("AK365", "country: BE\ncontact", "country: FR\ncontact", "`authority: fr-cnil`", AUTHORITY),
    Case("AK366", "country: BE\ncontact", "country: §CH\ncontact", "or `representative: none`", SWISS),
    Case("AK224", "dpo: none", "dpo: none\n§representative: none", "needs no representative", CONTROLLER),
    Case("AK367", PROCESSORS, "", "or write `processors: none`", CONTROLLER_TOP),
    Case("AK307", "name: Serverhuis BV", "name: §onze partners", "names nobody", CONTROLLER),
    Case("AK368", "country: NL", "country: §US", "such as `safeguard: scc`", CONTROLLER),
    Case("AK224", "country: NL", "country: NL\n    §safeguard: scc", "needs no safeguard", CONTROLLER),
    Case("AK369", "country: NL", "country: US\n    safeguard: §adequacy", "write `dpf`", CONTROLLER),
    Case("AK369", "country: NL", "country: CA\n    safeguard: §dpf", "the United States alone", CONTROLLER),
    Case("AK369", "transfers: none", TRANSFERS.format(country="US", safeguard="§adequacy"), "else `scc`"),
    Case("AK369", "transfers: none", TRANSFERS.format(country="US, CA", safeguard="§dpf"), "United States alone"),
    Case("AK370", "recipients: none", OTHER, "write `contact:`"),
    Case("AK371", "basis: consent", "basis: §legitimate_interest", "write `weighing:`", TWO),
    Case("AK224", "basis: consent", "basis: consent\n    §weighing: It weighs more.", "leave `weighing` out"),
    Case("AK203", "country: NL", "country: NL\n    since: §15/1/2026", "such as `2026-01-15`", CONTROLLER),
    Case("AK357", "basis: consent", "direct_marketing: true\n    basis: §contract", "Code of Economic Law", TWO),
    Case(
        "AK360", "nl: Eén keer per maand mailen we", "nl: §We mailen u elke week reclame over", "basis: consent", TOLD
    ),
    Case("AK358", "basis: consent", "direct_marketing: true\n    basis: §contract", "bel-me-niet-meer", CALLS),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_fault_is_reported_at_its_place_with_what_to_write(case: Case, forms: FormsFolder) -> None:
    text, places = unmarked(changed(case.base, case.old, case.new))
    if "evidence_for" in text:
        forms.write(controller=text)
    else:
        forms.write(form=text)

    faults = forms.faults()

    expected = [fault for fault in faults if fault.code == case.code]
    assert [(fault.line, fault.column) for fault in expected] == places
    assert sorted(fault.code for fault in faults) == sorted([case.code] * len(places) + list(case.also))
    assert all(case.says in fault.message for fault in expected), [fault.message for fault in expected]
    assert all(fault.is_warning == (case.code in WARNINGS) for fault in expected)


def nothing_there(forms: FormsFolder) -> Path:
    return forms.path / "nothing"


def a_large_file(forms: FormsFolder) -> None:
    forms.write(form=FORM + "#" * 10_000_000)


def not_utf8(forms: FormsFolder) -> None:
    forms.write(form=FORM.encode("latin-1"))


def an_empty_file(forms: FormsFolder) -> None:
    forms.write(form="# nothing yet\n")


def a_link_outside(forms: FormsFolder) -> None:
    outside = forms.path.parent / "outside.yaml"
    outside.write_text(FORM)
    forms.form.unlink()
    forms.form.symlink_to(outside)


def a_named_pipe(forms: FormsFolder) -> None:
    forms.form.unlink()
    os.mkfifo(forms.form)


def a_name_for_no_address(forms: FormsFolder) -> None:
    forms.form.rename(forms.form.with_name("News & more.yaml"))


def no_controller(forms: FormsFolder) -> None:
    forms.controller.unlink()


def an_empty_forms_folder(forms: FormsFolder) -> Path:
    empty = forms.path.parent / "empty"
    empty.mkdir()
    return empty


def no_form(forms: FormsFolder) -> None:
    forms.form.unlink()


def a_file_that_nobody_reads(forms: FormsFolder) -> None:
    forms.form.with_name("other.yml").write_text(FORM)


def a_privacy_statement_in_one_language(forms: FormsFolder) -> None:
    forms.write(controller=changed(CONTROLLER, "  en: https://www.demolen.example/en/privacy\n", ""))


FILE_CASES: list[tuple[str, Callable[[FormsFolder], Path | None], str]] = [
    ("AK101", nothing_there, "nothing:1:1 AK101 there is nothing here"),
    ("AK102", a_large_file, "news.yaml:1:1 AK102 larger than 256 kB"),
    ("AK103", not_utf8, "news.yaml:24:12 AK103 this is not UTF-8"),
    ("AK113", an_empty_file, "news.yaml:1:1 AK113 the file is empty"),
    ("AK114", a_link_outside, "news.yaml:1:1 AK114 a link that leads outside"),
    ("AK115", a_named_pipe, "news.yaml:1:1 AK115 this is not a file"),
    ("AK116", a_name_for_no_address, "News & more.yaml:1:1 AK116 the name `News & more`"),
    ("AK117", no_controller, "acme:1:1 AK117 no controller.yaml in this folder"),
    ("AK118", an_empty_forms_folder, "empty:1:1 AK118 no controller folder here"),
    ("AK119", no_form, "acme:1:1 AK119 warning: this controller has no form yet"),
    ("AK120", a_file_that_nobody_reads, "acme:1:1 AK120 warning: other.yml is not read"),
    (
        "AK320",
        a_privacy_statement_in_one_language,
        "news.yaml:1:17 AK320 `privacy_statement` in controller.yaml has no",
    ),
]


@pytest.mark.parametrize(("code", "prepare", "line"), FILE_CASES, ids=[case[0] for case in FILE_CASES])
def test_what_is_wrong_with_a_file_is_one_clear_line(
    code: str,
    prepare: Callable[[FormsFolder], Path | None],
    line: str,
    forms: FormsFolder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = prepare(forms) or forms.path
    monkeypatch.chdir(forms.path.parent)

    faults = check(path)

    assert [fault.code for fault in faults] == [code]
    assert line in str(faults[0])


def test_every_code_has_a_test() -> None:
    tested = {case.code for case in CASES} | {case[0] for case in FILE_CASES}
    tested |= {mutation.code for mutation in mutations()} | {"AK322"}  # in test_children.py

    assert tested == set(CODES)


def test_the_forms_folder_of_these_tests_is_in_order(forms: FormsFolder) -> None:
    assert forms.faults() == []
    assert forms.write(form=TWO).faults() == []
