"""How people are reached: a purpose has the number or address that its channel takes, and the law lets it use it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from ...domain.marketing import MAIL_LAWS, REFUSAL_LISTS, call_rule
from ...languages import LANGUAGES
from ..source.positions import Node
from ..source.report import Report, quote
from ..words.language import load
from .check import CheckedFile
from .law import TOLD, asked_purposes
from .texts import declared_languages


@dataclass(frozen=True)
class _Needed:
    """The field that a channel takes: its type, what it asks, its id, by which languages know it too, and a pattern.

    That one stands before the beginning of a name of such a field.
    """

    type: str
    what: str
    id: str
    begins: str


_NUMBER = _Needed("tel", "a telephone number", "phone", r"\b")
_ADDRESS = _Needed("postal_address", "an address", "address", r"(?<!mail)(?<!mail[- ])\b")  # `e-mail address` is none
_NEEDED = {"phone": _NUMBER, "sms": _NUMBER, "post": _ADDRESS}
_BY = {"phone": "telephone", "sms": "text message", "post": "post", "email": "email"}
_ASK = "write `basis: consent`"
_ANSWER = "`accept: [{code: AK358, because: …}]` at the end of the file"
_A_LIST = "the list of those who refuse calls, where the country keeps one"


def check_channels(file: CheckedFile, report: Report) -> None:
    """The channel of each purpose: what it takes, and whether the law of a day lets direct marketing use it."""
    top, controller, today = file.top, file.controller, file.today
    for purpose in asked_purposes(top):
        if purpose.at("channel").text in _NEEDED:
            _check_field(top, purpose, _NEEDED[purpose.at("channel").text], report)
    gate = [item.text for item in top.at("age_gate", "countries").items]
    countries = [controller.at("country").text, *gate] if controller is not None else gate
    for purpose in top.at("purposes").items:
        if purpose.at("basis").text in TOLD and purpose.at("direct_marketing").value is True:
            _check_marketing(purpose, list(filter(None, countries)), today, report)


def _check_field(top: Node, purpose: Node, needed: _Needed, report: Report) -> None:
    """Who ticks must have to say where: else there is a consent to calls and nobody to call.

    What is only told cannot ask for it: a field is required of whoever ticks a purpose that uses it.
    """
    fields = [field for field in top.at("fields").items if field.at("id").text]
    data = purpose.at("data")
    listed = {entry.text for entry in data.items} if data.items else {field.at("id").text for field in fields}
    right = [field for field in fields if field.at("type").text == needed.type]
    used = [field for field in right if field.at("id").text in listed]
    if any(field.at("required").value not in (False, None) for field in used):
        return  # neither true nor false: AK203 reports it
    name = f"`{quote(purpose.at('id').text)}` reaches people by {_BY[purpose.at('channel').text]}, but"
    if used:
        field = used[0]
        position = field.at("required").position if field.at("required").exists else field.at("id").position
        report.add(
            "AK356",
            position,
            f"{name} `{quote(field.at('id').text)}` may stay empty: write `required: true`. Only whoever ticks this"
            " purpose then has to fill it in",
        )
    elif right:
        report.add(
            "AK356",
            data.position,
            f"{name} does not use the field for {needed.what}: write `{_data(data, right[0].at('id').text)}`"
            + _and_required(right[0]),
        )
    elif meant := _meant(fields, listed, needed):
        report.add(
            "AK356",
            meant.at("type").position,
            f"{name} `{quote(meant.at('id').text)}` is no field for {needed.what}: write `type: {needed.type}`"
            + _and_required(meant),
        )
    else:
        _add_missing(top, purpose, name, needed, report)


def _add_missing(top: Node, purpose: Node, name: str, needed: _Needed, report: Report) -> None:
    labels = ", ".join(f"{language}: {_label(needed, language)}" for language in declared_languages(top))
    report.add(
        "AK356",
        purpose.at("channel").position,
        f"{name} no field asks for {needed.what}: write under `fields:` `- {{id: {needed.id}, type: {needed.type},"
        f" label: {{{labels}}}, required: true}}`, and in this purpose `{_data(purpose.at('data'), needed.id)}`",
    )


def _label(needed: _Needed, language: str) -> str:
    examples = load(language).words.examples
    return examples.phone_label if needed is _NUMBER else examples.address_label


@cache
def _meant_for(needed: _Needed) -> re.Pattern[str]:
    """How fields are called, in any language, that ask for this."""
    names = [getattr(load(language).words.field_names, needed.id) for language in LANGUAGES]
    either = "|".join(word[:-1] if word.endswith("*") else rf"{word}\b" for words in names for word in words)
    return re.compile(rf"{needed.begins}(?:{either})", re.IGNORECASE)


def _meant(fields: list[Node], listed: Iterable[str], needed: _Needed) -> Node | None:
    """A field of another type that was meant for this: one that the purpose uses, else any."""
    found = [
        field
        for field in fields
        if field.at("type").text not in ("choice", "date")
        and any(_meant_for(needed).search(text.replace("_", " ")) for text in _names(field))
    ]
    return next((field for field in found if field.at("id").text in listed), next(iter(found), None))


def _names(field: Node) -> list[str]:
    return [field.at("id").text, *(label.text for label in field.at("label").entries.values())]


def _data(data: Node, field_id: str) -> str:
    known = [entry.text for entry in data.items] or ["email"]
    return f"data: [{', '.join(map(quote, [*known, *([] if field_id in known else [field_id])]))}]"


def _and_required(field: Node) -> str:
    return "" if field.at("required").value is True else ", and `required: true` in the field"


def _check_marketing(purpose: Node, countries: list[str], today: date, report: Report) -> None:
    """Direct marketing that is told and not asked (Directive 2002/58 art. 13). By post it may be: people can object."""
    basis, channel = purpose.at("basis"), purpose.at("channel").text
    if channel in ("email", "sms"):
        where = next((f"; in {country}: {MAIL_LAWS[country]}" for country in countries if country in MAIL_LAWS), "")
        report.add(
            "AK357",
            basis.position,
            f"advertising by {_BY[channel]} needs consent; `{basis.text}` is not enough (Directive 2002/58"
            f" art. 13(1){where}): {_ASK}, for own customers too: a form cannot state the exception of art. 13(2) yet",
        )
    elif channel == "phone":
        _check_calls(basis, countries, today, report)
    elif channel == "none":
        report.add(
            "AK358",
            basis.position,
            "advertising without consent, and `channel: none` does not say how it reaches people (Directive 2002/58"
            f" art. 13, GDPR art. 21(2)): write `channel: post` or `basis: consent`, or say how: {_ANSWER}",
        )


def _check_calls(basis: Node, countries: list[str], today: date, report: Report) -> None:
    rule = call_rule(countries, today)
    if rule and rule.spares != basis.text:
        whom = "except about a running contract" if rule.spares else "of own customers too"
        report.add(
            "AK357",
            basis.position,
            f"advertising by telephone needs consent in {rule.country} since {rule.since.isoformat()}, {whom};"
            f" `{basis.text}` is not enough (Directive 2002/58 art. 13(3); {rule.source}): {_ASK}",
        )
        return
    if rule:
        limit = f"In {rule.country} only calls about a running contract are allowed ({rule.source})"
    else:
        known = next((REFUSAL_LISTS[country] for country in countries if country in REFUSAL_LISTS), _A_LIST)
        limit = f"Call nobody on {known}"
    report.add(
        "AK358",
        basis.position,
        f"advertising by telephone without consent: {_ASK}, or say why you may call: {_ANSWER}. {limit}, and let"
        " people object in each call (Directive 2002/58 art. 13(3), GDPR art. 21(2))",
    )
