"""Copies of the samples with one thing made wrong, and a mark wherever its fault must be reported."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from app import paths
from app.definitions.lint.phrases import ADVICE
from app.definitions.lint.rules import RULES
from app.definitions.words.language import load
from tests.definitions.folder import MARK

FORMS = paths.SAMPLES

CONSENT = "purposes:\n(?:.*\n)*?    basis: consent\n"
"""Up to the first purpose that is asked."""

REQUIRED = r"(  - id: \w+\n    type: (?:tel|postal_address)\n(?:      .*\n|    \w+:\n)*    required: )"
"""Up to whether the field for a number or an address is required."""

ASKED = r"(    basis: )consent((?:\n(?!  - ).*)*?\n    channel: )\w+((?:\n    proof: .*)?\n    direct_marketing: )\w+"
"""The basis, channel and advertising of the first purpose that is asked."""

FORM_CHANGES = [
    ("AK105", "^audience: ", f"{MARK}\taudience: "),
    ("AK106", r"^audience: (\w+)", rf"audience: {MARK}!x \1"),
    ("AK107", r"^audience: (\w+)", rf"audience: {MARK}&a \1"),
    ("AK108", "^audience: ", f"{MARK}<<: {{a: b}}\naudience: "),
    ("AK109", r"^(audience: \w+)", rf"\1\n{MARK}\1"),
    ("AK110", r"\Z", f"{MARK}---\na: b\n"),
    ("AK112", "^audience: ", f"{MARK}1: one\naudience: "),
    ("AK201", "^    channel:", f"    {MARK}chanel: email\n    channel:"),
    ("AK202", r"(purposes:\n  - )((?:.*\n)+?)    channel: .*\n", rf"\1{MARK}\2"),
    ("AK203", r"data: \[.*\]", f"data: {MARK}email"),
    ("AK204", "keep: .*", f"{MARK}keep:"),
    ("AK205", r"channel: \w+", f"channel: {MARK}fax"),
    ("AK206", r"purposes:\n  - id: (\w+)", rf"purposes:\n  - id: {MARK}X\1"),
    ("AK207", r"fields:\n  - id: (\w+)", f"fields:\n  - id: {MARK}decision"),
    ("AK208", r"languages: \[nl", f"languages: [nl, {MARK}nl"),
    ("AK209", '^title:\n  nl: "', f'title:\n  nl: {MARK}"{"x" * 121}'),
    ("AK210", '^title:\n  nl: ".*"', f'title:\n  nl: {MARK}""'),
    ("AK211", '^title:\n  nl: "', f'title:\n  nl: {MARK}"\u202e'),
    ("AK212", '^title:\n  nl: ".*"', f'title:\n  nl: {MARK}"..."'),
    ("AK213", "^purposes:\n  - ", "purposes:\n" + "".join(f"  - id: p{n}\n" for n in range(20)) + f"  - {MARK}"),
    ("AK214", r"languages: \[nl", f"languages: [{MARK}de, nl"),
    ("AK215", "^intro:\n  nl: .*\n", f"{MARK}intro:\n"),
    ("AK216", r"languages: \[nl, (?:fr, )?en\]((?:.*\n)+?title:\n  nl.*\n)  ", rf"languages: [nl]\1  {MARK}"),
    ("AK217", "keep: .*", f"keep: {MARK}two years"),
    ("AK223", r"data: \[.*\]", f"data: {MARK}[]"),
    ("AK224", "    keep: .*\n", f"    keep: 1 year\n    {MARK}because: {{nl: Zo.}}\n"),
    ("AK225", r"fields:\n  - (id: \w+\n    type: )(?!choice)\w+", rf"fields:\n  - {MARK}\1choice"),
    ("AK228", "^audience: adults\nbecause: .*\n", f"audience: {MARK}adults\n"),
    ("AK229", r"^audience: (\w+)\nage_gate: .*\n", rf"audience: {MARK}\1\n"),
    ("AK233", "    fill: .*", f"    fill: {MARK}bday"),
    ("AK301", "^    channel:", f"    {MARK}checked: true\n    channel:"),
    ("AK302", r"channel: \w+", f"channel: {MARK}[email, phone]"),
    ("AK303", "    automated_decisions: none", f"    {MARK}automated_decisions:"),
    ("AK304", r"(purposes:\n  - )((?:.*\n)+?)    keep: .*\n", rf"\1{MARK}\2"),
    ("AK305", "- id: (medical\n(?:.*\n)+?    special_category:)\n(?:      .*\n)+", rf"- id: {MARK}\1 none\n"),
    (
        "AK306",
        '(purposes:\n(?:.*\n)+?    title:\n      nl: )(".*")((?:.*\n)+?    title:\n      nl: )".*"',
        rf"\1\2\3{MARK}\2",
    ),
    ("AK307", "    recipients: none", "    recipients:\n      - {name: " + MARK + "onze partners, role: processor}"),
    ("AK308", r"(    recipients:\n      - name: .*\n        role: \w+\n        country: )(?!US)\w+", rf"\1{MARK}JP"),
    ("AK309", "^fields:(?: \\[\\])?\n", f"fields:\n  - id: {MARK}shoe_size\n    type: text\n"),
    ("AK310", r"data: \[email", f"data: [email, {MARK}shoe_size"),
    ("AK311", "special_category: none", f"special_category: {MARK}{{kind: health}}"),
    ("AK312", rf"({CONSENT}(?:.*\n)*?    channel: )\w+(\n    direct)", rf"\1{MARK}sms\2"),
    ("AK313", "    basis: consent\n", f"    basis: contract\n    {MARK}proof: mail\n"),
    ("AK314", f"({CONSENT}(?:.*\n)*?    keep: .*\n)(?!    valid)", rf"\1    valid_for: {MARK}99 years\n"),
    ("AK315", "keep: .*", f"keep: {MARK}until_withdrawn"),
    (
        "AK317",
        rf"({CONSENT}(?:.*\n)*?    channel: )\w+\n(    proof: \w+\n)?    direct_marketing: \w+",
        rf"\1none\n    direct_marketing: {MARK}true",
    ),
    ("AK319", "transfers: none", f"transfers: {{countries: [US], safeguard: {MARK}none}}"),
    ("AK321", r"countries: \[BE\]", f"countries: [BE], age: {MARK}13"),
    ("AK323", "^title:((?:.*\n)+?)child:\n(?:  .*\n)+", rf"{MARK}title:\1"),
    ("AK323", r"(fields:\n  - )((?:.*\n)+?)    child:\n(?:      .*\n)+", rf"\1{MARK}\2"),
    ("AK323", r"(purposes:\n  - )((?:.*\n)+?)    child:\n(?:      .*\n)+", rf"\1{MARK}\2"),
    ("AK327", r'(        nl: )"(.*)Postduif Mail BV verstuurt de mail voor ons\. ', rf'\1{MARK}"\2'),
    ("AK329", f"({CONSENT}(?:.*\n)*?        role: )processor", rf"\1{MARK}controller"),
    ("AK330", f'({CONSENT}    title:\n      nl: )"', rf'\1{MARK}"Op onze website. '),
    ("AK331", f"({CONSENT}(?:.*\n)*?    direct_marketing: )\\w+", rf"\1{MARK}true"),
    (
        "AK355",
        f"({CONSENT}(?:.*\n)*?    )automated_decisions: none",
        rf"\1{MARK}automated_decisions: {{logic: {{nl: Zo.}}}}",
    ),
    (
        "AK352",
        '(intro:\n  nl: ).*((?:.*\n)+?    text:\n      nl: )("We nemen het hele gesprek op)',
        rf'\1"Dit vragen we."\2{MARK}\3',
    ),
    ("AK351", '^(intro:\n  nl: )".*"', rf'\1{MARK}"Dit vragen we ons personeel."'),
    ("AK380", '(      statement:\n        nl: )".*"', rf'\1{MARK}"Ik weet dat dit wordt genoteerd."'),
    ("AK356", rf"{REQUIRED}true(?=\n(?:.*\n)*    channel: (?:phone|post)\n)", rf"\1{MARK}false"),
    ("AK356", r"(    type: )tel(?=\n(?:.*\n)*    channel: phone\n)", rf"\1{MARK}text"),
    (
        "AK356",
        rf"\A(?!(?:.*\n)*    type: postal_address)((?:.*\n)*?{CONSENT}(?:.*\n)*?    channel: )\w+",
        rf"\1{MARK}post",
    ),
    ("AK357", ASKED, rf"\1{MARK}contract\2email\3true"),
    ("AK357", ASKED, rf"\1{MARK}contract\2sms\3true"),
    ("AK358", ASKED, rf"\1{MARK}contract\2none\3true"),
    (
        "AK359",
        f'({CONSENT}(?:.*\n)*?    child:\n      title:\n        nl: )"(.*\n(?:.*\n)*?    direct_marketing: )\\w+',
        rf'\1{MARK}"Gratis taart. \2true',
    ),
    ("AK370", r"(    recipients:\n      - name: )(.*\n        role: )processor", rf"\1{MARK}\2controller"),
    ("AK371", "(    basis: )consent", rf"\1{MARK}legitimate_interest"),
]
"""Code, what is looked for in a form file, and what is written there instead."""

PURPOSES, MARKED = "\npurposes:", f"\n{MARK}purposes:"

THEME = r"theme:\n(?:  .*\n)+"

CONTROLLER_CHANGES = [
    ("AK218", "^contact: .*", f"contact: {MARK}nobody"),
    ("AK219", "^  nl: https", f"  nl: {MARK}http"),
    ("AK220", r"^origins: \[https", f"origins: [{MARK}http"),
    ("AK221", r"radius: \d+", f"radius: {MARK}40"),
    ("AK222", r"^country: \w+", f"country: {MARK}US"),
    ("AK231", THEME, f"theme:\n  font: {MARK}Comic Sans\n"),
    ("AK232", THEME, f"theme:\n  logo: {MARK}logo.svg\n"),
    ("AK372", THEME, f'theme:\n  background: {MARK}"#777777"\n'),
    ("AK316", r'accent: "#\w+"', f'accent: {MARK}"#ffff00"'),
    ("AK365", "^authority: .*", f"authority: {MARK}fr-cnil"),
    ("AK366", r"^country: \w+", f"country: {MARK}CH"),
    ("AK367", r"\A((?:.*\n)+?)processors:\n(?:  .*\n)+", rf"{MARK}\1"),
    ("AK368", r"(processors:\n  - name: .*\n    country: )\w+", rf"\1{MARK}US"),
    ("AK369", r"(processors:\n  - name: .*\n    country: )\w+", rf"\1JP\n    safeguard: {MARK}dpf"),
]

OF_CHILDREN = {rule.code for rule in RULES} - {rule.code for rule in RULES if rule.who != "children"}
"""What only children's texts are read for."""

SPOKEN = ("nl", "fr", "en")

OF_THE_ASKED = [
    code for code in ADVICE if not any(rule.reads in (("told",), ("statement",)) for rule in RULES if rule.code == code)
]
"""What can be wrong with the words of what is asked."""

SENTENCES = {
    "AK353": (
        "Here you read what the company may do with your name and your address.",
        "Hier leest u wat het bedrijf met uw naam mag doen en wat niet.",
        "Voici ce que vous recevez de nous dans votre boîte, une fois par mois.",
    ),
    "AK346": ("U krijgt een cadeautje.", "Vous recevez un cadeau.", "You get a gift."),
}
"""What makes the text of a purpose wrong, in each of these languages."""

CHILD_SENTENCES = {
    "AK324": (
        "Overeenkomstig bovenstaande beschrijvingen communiceren verschillende gespecialiseerde verantwoordelijken.",
        "Ultérieurement, certaines communications personnalisées supplémentaires accompagneront éventuellement"
        " participations individuelles.",
        "Additionally, individualised promotional communications accompanying participation necessitate organisational"
        " authorisation.",
    ),
    "AK325": (
        "We doen het in een doos en dan gaat de doos naar de bus en naar je huis.",
        "Nous le mettons dans un sac et puis le sac va dans le bus et vient chez toi.",
        "We put it in a box and then the box goes on the bus and comes to you.",
    ),
    "AK326": ("Dat is de toestemming.", "C’est le consentement.", "That is the consent."),
}


@dataclass(frozen=True)
class Mutation:
    """One changed sample: its name, the code that must be reported, and the text of the changed file with its marks."""

    sample: str
    code: str
    text: str
    note: str = ""
    of_controller: bool = False
    places: int = 1

    def __str__(self) -> str:
        return f"{self.code}-{self.sample}{self.note}"


@cache
def samples() -> dict[str, str]:
    """The text of each sample form, by `controller/form`."""
    return {
        f"{path.parent.name}/{path.stem}": path.read_text(encoding="utf-8")
        for path in sorted(FORMS.rglob("*.yaml"))
        if path.stem != "controller"
    }


def mutations() -> Iterator[Mutation]:
    """Every change at every sample that has the place for it; what no text decides, at each second sample."""
    for at, (name, text) in enumerate(samples().items()):
        for change, (code, old, new) in enumerate(FORM_CHANGES):
            if code < "AK209" and (at + change) % 2:  # YAML and ids are read alike in every sample
                continue
            of_all = code < "AK321" or code in ("AK351", "AK356", "AK357", "AK358", "AK370", "AK371", "AK380")
            if (of_all or "age_gate" in text) and re.search(old, text, re.MULTILINE):
                yield Mutation(name, code, answered(re.sub(old, new, text, count=1, flags=re.MULTILINE), code))
        yield Mutation(name, "AK318", f"{text.replace('basis: consent', 'basis: contract').replace(PURPOSES, MARKED)}")
        for code, answer in (("AK226", "AK312"), ("AK227", "AK318")):
            start = text if "\naccept:\n" in text else f"{text}accept:\n"
            yield Mutation(name, code, f"{start}  - {{code: {MARK}{answer}, because: It is in order.}}\n")
        controller = (FORMS / name).with_name("controller.yaml").read_text(encoding="utf-8")
        for code, old, new in CONTROLLER_CHANGES:
            yield Mutation(name, code, re.sub(old, new, controller, count=1, flags=re.MULTILINE), "", True)
        yield from _with_sentences(name, text)


def answered(text: str, code: str) -> str:
    """Without the answer that a sample gives to this very warning."""
    return re.sub(rf"^  - code: {code}\n    because: .*\n", "", text, flags=re.MULTILINE).removesuffix("accept:\n")


def _with_sentences(name: str, text: str) -> Iterator[Mutation]:
    """A text of a purpose made wrong, in each language that the sample speaks."""
    wrong = {
        code: tuple(first_phrase(code, one) + "." for one in SPOKEN)
        for code in (*OF_THE_ASKED, "AK350")
        if code != "AK380"
    }
    wrong |= SENTENCES
    for_children = {code: wrong.pop(code) for code in sorted(OF_CHILDREN)}
    gated = "age_gate" in text
    spoken = len(text.partition("languages: [")[2].partition("]")[0].split(", "))
    for code, said in wrong.items():
        told_before = code == "AK352" and "vóór het gesprek" in text
        special = code == "AK305" and "kind: health" in text
        of_jobs = code == "AK395" and name == "talentwerk/careers"  # whose text says what is asked for
        if not (code == "AK354" and gated) and not told_before and not special and not of_jobs:
            purpose = f"{CONSENT}(?:.*\n)*?    text:\n(?:      .*\n)*?      {{language}}: "
            changed = _said(text, purpose, dict(zip(SPOKEN, said, strict=True)))
            yield Mutation(name, code, answered(changed, code), "-said", places=spoken)
    for code, said in (CHILD_SENTENCES | for_children).items() if gated else ():
        child = f"{CONSENT}(?:.*\n)*?    child:\n(?:      .*\n)*?      text:\n(?:        .*\n)*?        {{language}}: "
        often = {
            language: " ".join([one] * (6 if code == "AK324" else 1))
            for language, one in zip(SPOKEN, said, strict=True)
        }
        yield Mutation(name, code, _said(text, child, often), "-said", places=spoken)


def _said(text: str, before: str, said: dict[str, str]) -> str:
    """The text with each sentence in its language after `before`; empty where it speaks none of them."""
    changed = text
    for language, sentence in said.items():
        match = re.search(rf'({before.format(language=language)})"', changed)
        if match:
            changed = f'{changed[: match.end() - 1]}{MARK}"{sentence} {changed[match.end() :]}'
    return "" if changed == text else changed


def first_phrase(code: str, language: str) -> str:
    """A phrase of the lexicon as somebody might write it, or the first wrong example of the linter's rules."""
    example = next((rule.wrong[language][0] for rule in RULES if rule.code == code), "")
    return example.removesuffix(".") or written(next(line for topic, line in listed_phrases(language) if topic == code))


def listed_phrases(language: str) -> Iterator[tuple[str, str]]:
    """Topic and line of every phrase in the lexicon of a language."""
    for topic, lines in load(language).lexicon.topics.items():
        yield from ((_topic(topic), line) for line in lines.splitlines() if line.strip())


def _topic(key: str) -> str:
    return "AK350" if key == "adult_jargon" else key


def written(line: str) -> str:
    """A phrase with its first choices, as a text may hold it."""
    steps = [
        step.split("|")[0].removesuffix("*") for step in line.partition("=")[0].strip(" ^()").split() if step != "~"
    ]
    return " ".join(step for step in steps if not step.endswith("?")).replace("’ ", "’")
