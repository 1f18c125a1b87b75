"""Checks of what the law asks of a form (GDPR; the article stands beside each code in `codes.CODES`)."""

import re
from collections import defaultdict
from functools import cache

from ...domain.basis import Basis
from ...domain.contrast import TEXT, contrast, scheme_on
from ...domain.form import Theme
from ...languages import LANGUAGES
from ..schema import validators
from ..schema.controller import Controller
from ..schema.parts import texts
from ..schema.vocabulary import is_outside_eea
from ..source.positions import Node
from ..source.report import Report, quote
from ..words import finder
from ..words.language import load
from .check import CheckedFile
from .phrases import LONGEST
from .texts import PLACEHOLDERS

TOLD = frozenset(basis.value for basis in Basis if not basis.is_asked)
"""Bases on which a purpose is told and never asked."""

_CHANNELS = {"email": "e?-?mail", "phone": "phone|telephone|tel", "sms": "sms|text", "post": "post|letter"}
_ALL = frozenset({"all", "alle", "alles", "tout", "tous", "toutes", "any", "*"})
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_WHITE = "#ffffff"


def check_controller(file: CheckedFile, report: Report) -> None:
    """The controller's accent must be readable on white, and all text on its background (WCAG 2.2, 1.4.3)."""
    accent, background = file.top.at("theme", "accent"), file.top.at("theme", "background")
    has_accent = _COLOUR.fullmatch(accent.text) is not None
    if has_accent and (found := contrast(accent.text, _WHITE)) < TEXT:
        report.add("AK316", accent.position, f"the accent has {_told(found)} with white: darken it to {TEXT}:1 or more")
        has_accent = False
    if _COLOUR.fullmatch(background.text):
        _check_background(
            background, accent.text if has_accent else Theme.accent, file.top.at("theme", "scheme"), report
        )


def _check_background(background: Node, accent: str, scheme: Node, report: Report) -> None:
    readable = scheme_on(background.text)
    if not readable:
        report.add(
            "AK372",
            background.position,
            "neither dark nor light text has a contrast of 4.5:1 on this background: make it much lighter or darker",
        )
    elif scheme.text in ("light", "dark", "auto") and scheme.text != readable:
        report.add(
            "AK372",
            background.position,
            f"the text of `scheme: {scheme.text}` cannot be read on it: write `scheme: {readable}`, or `host`",
        )
    # In the dark the accent is lifted to one lightness, which `scheme_on` has weighed.
    elif readable == "light" and (found := contrast(accent, background.text)) < TEXT:
        report.add(
            "AK372",
            background.position,
            f"the accent has {_told(found)} with it: make the background lighter, or the accent darker",
        )


def _told(ratio: float) -> str:
    return f"a contrast of {int(ratio * 100) / 100}:1"  # rounded down, so that 4.496 is not reported as 4.5


def check_form(file: CheckedFile, report: Report) -> None:
    """Everything that the law asks of a form file by itself."""
    top = file.top
    if top.at("purposes").text.lower() in _ALL:
        report.add(
            "AK302",
            top.at("purposes").position,
            "each purpose is named and asked on its own: write `- id: …` for each",
            is_final=True,
        )
    purposes = top.at("purposes").items
    for purpose in purposes:
        _check_channel(purpose, report)
        _check_basis(purpose, report)
        _check_keep(purpose, report)
        _check_recipients(purpose, report)
    _check_alike(purposes, report)
    _check_data(top, purposes, report)
    if purposes and all(purpose.at("basis").text in TOLD for purpose in purposes):
        report.add(
            "AK318", top.at("purposes").key_position, "no purpose asks for consent: the form has nothing to send"
        )


def asked_purposes(top: Node) -> list[Node]:
    """The purposes that have a box."""
    return [purpose for purpose in top.at("purposes").items if purpose.at("basis").text not in TOLD]


def check_languages_of_controller(file: CheckedFile, report: Report) -> None:
    """What controller.yaml says per language must be there in each language of the form."""
    if file.controller is None:
        return
    for path in texts(Controller):
        for node in file.controller.select(*path):
            key = next(step for step in reversed(path) if step != "*")
            for language in file.top.at("languages").items if node.entries else ():
                if language.text in LANGUAGES and language.text not in node.entries:
                    report.add(
                        "AK320",
                        language.position,
                        f"`{key}` in controller.yaml has no `{language.text}`: add it there",
                    )


def _check_channel(purpose: Node, report: Report) -> None:
    channel, proof = purpose.at("channel"), purpose.at("proof")
    named = [item.text for item in channel.items] or [channel.text]
    several = [name for name, word in _CHANNELS.items() if re.search(rf"\b({word})\b", " ".join(named).lower())]
    if len(several) > 1 or channel.items:
        report.add(
            "AK302",
            channel.position,
            "one purpose has one channel: write a purpose of its own for each, so that each can be refused",
            is_final=True,
        )
    is_asked = purpose.at("basis").text not in TOLD
    if is_asked and channel.text in ("phone", "sms") and (proof.text == "mail" or not proof.exists):
        report.add(
            "AK312",
            (proof if proof.exists else channel).position,
            "a mail cannot prove a consent to calls or text messages:"
            " write `proof: call_back`, `recorded_call` or `letter`",
        )
    if is_asked and channel.text == "none" and purpose.at("direct_marketing").value is True:  # told: see AK358
        report.add(
            "AK317",
            purpose.at("direct_marketing").position,
            "direct marketing reaches people by a channel: write which one in `channel`",
        )


def _check_basis(purpose: Node, report: Report) -> None:
    basis = purpose.at("basis").text
    if basis not in TOLD:
        return
    for key in ("proof", "valid_for"):
        if purpose.at(key).exists:
            report.add(
                "AK313",
                purpose.at(key).key_position,
                f"a purpose on `{basis}` is told, not asked: leave out `{key}`",
            )
    special = purpose.at("special_category")
    if special.exists and special.text != "none":
        report.add(
            "AK313",
            special.key_position,
            f"data of a special category needs explicit consent, not `{basis}`:"
            " write `basis: consent`, or take the data out",
        )
    if purpose.at("keep").text == validators.UNTIL_WITHDRAWN:
        report.add("AK313", purpose.at("keep").position, f"nobody can withdraw from `{basis}`: write a period")
    if purpose.at("transfers", "safeguard").text == "none":
        report.add(
            "AK313",
            purpose.at("transfers", "safeguard").position,
            f"an unprotected transfer needs the person's consent, not `{basis}` (GDPR art. 49(1)(a))",
        )


def _check_keep(purpose: Node, report: Report) -> None:
    keep, because, valid_for = purpose.at("keep"), purpose.at("because"), purpose.at("valid_for")
    if keep.text == validators.UNTIL_WITHDRAWN:
        if not because.exists:
            report.add(
                "AK315",
                keep.position,
                "`until_withdrawn` needs `because:` with the reason per language, which people read",
            )
    elif because.exists and keep.text:
        report.add("AK224", because.key_position, "`because` explains `keep: until_withdrawn` alone: leave it out")
    if validators.is_longer(valid_for.value, keep.value):
        report.add(
            "AK314",
            valid_for.position,
            f"`valid_for` is longer than `keep: {keep.text}`: the data is gone by then",
        )


@cache
def _vague_words() -> frozenset[str]:
    """A recipient whose whole name is made of these words, in any language, names nobody."""
    return frozenset().union(*(load(language).lexicon.vague for language in LANGUAGES))


def names_nobody(name: str) -> bool:
    """Whether a name is one of a group, such as “our partners”."""
    words = re.findall(r"[^\W_]+(?:-[^\W_]+)*", name)
    if not words or all(word.lower() in _vague_words() for word in words):
        return bool(words)
    # “autodealers uit de streek”: a name has a capital somewhere behind its first word, or a legal form.
    found = {topic for language in LANGUAGES for topic in finder.analyse(name[:LONGEST], language).topics}
    is_class = not found.isdisjoint({"class_of_companies", "class_of_trades"}) and "company_form" not in found
    return is_class and all(word.islower() for word in words[1:]) and len(words) > 1


def _check_recipients(purpose: Node, report: Report) -> None:
    transfers = purpose.at("transfers")
    named = {country.text for country in transfers.at("countries").items}
    for recipient in purpose.at("recipients").items:
        name, country = recipient.at("name"), recipient.at("country")
        if names_nobody(name.text):
            report.add(
                "AK307",
                name.position,
                f"`{quote(name.text)}` names nobody (GDPR art. 13(1)(e)): write who receives the data",
            )
        if is_outside_eea(country.text) and country.text not in named:
            report.add(
                "AK308",
                country.position,
                f"{country.text} is outside the EEA: name it in `transfers`,"
                " with `countries: [" + country.text + "]` and a `safeguard`",
            )
    for country in transfers.at("countries").items:
        if country.text and validators.is_country(country.text) and not is_outside_eea(country.text):
            report.add("AK308", country.position, f"{country.text} is in the EEA, so this is no transfer: take it out")
    if transfers.at("safeguard").text == "none" and not transfers.at("risk").exists:
        report.add(
            "AK319",
            transfers.at("safeguard").position,
            "without a safeguard people must know what may happen: write `risk:` per language",
        )


def _check_alike(purposes: list[Node], report: Report) -> None:
    first: dict[tuple[str, str, str], Node] = {}
    for purpose in purposes:
        for key in ("title", "text"):
            for language, text in purpose.at(key).entries.items():
                plain = " ".join(text.text.casefold().split())
                if not plain or plain in PLACEHOLDERS:
                    continue
                known = first.setdefault((key, language, plain), text)
                if known is not text:
                    report.add(
                        "AK306",
                        text.position,
                        f"the same `{key}` as on line {known.position.line}: say what sets this purpose apart",
                    )


def _check_data(top: Node, purposes: list[Node], report: Report) -> None:
    fields = [field.at("id") for field in top.at("fields").items]
    known = {"email", *(field.text for field in fields)}
    used: dict[str, int] = defaultdict(int)
    for entry in top.select("purposes", "*", "data", "*"):
        used[entry.text] += 1
        if entry.text and entry.text not in known:
            report.add(
                "AK310",
                entry.position,
                f"no field is called `{quote(entry.text)}`: the fields are {', '.join(sorted(known - {''}))}",
                is_final=True,
            )
    for field in fields:
        if purposes and field.text and field.text not in used:
            report.add_unless_reported(
                "AK309",
                field.position,
                f"no purpose uses the field `{quote(field.text)}`: name it in the `data` of one, or do not ask it",
            )
