"""Forms that children meet: the age that counts, and texts of their own that they understand and that hide nothing."""

import re
from collections.abc import Iterable, Iterator

from ...domain.age import ADULT_AT, Service, strictest, that_counts, threshold
from ...domain.readability import Reading, ReadingRules, hardest_words, measure, sentences, words
from ...languages import LANGUAGES
from ..schema.vocabulary import CONTROLLER_COUNTRIES
from ..source.positions import Node
from ..source.report import Report, quote
from ..words import finder
from ..words.finder import Found
from ..words.language import load
from . import advice, phrases
from .all_texts import title_and_text
from .check import CheckedFile
from .law import asked_purposes
from .phrases import listed
from .texts import readable_texts

EASIEST_ALLOWED = 80
"""The least ease of a text for children: what ten-year-olds read. The kit's own words have 85."""

MOST_WORDS = 10
"""Words of the mean sentence of a text for children."""

LONGEST_SENTENCE = 14
"""Words of a sentence that a child still follows."""

FEWEST_WORDS = 30
"""A shorter text is not judged by a formula alone, but together with the other short ones of the form."""

_WEIGHTY = frozenset({"advertises", "tracks"})
"""What adults read of must not be missing from the words for children."""

_LEGAL_FORMS = frozenset("bv nv vzw bvba cv cvba sa srl sprl asbl scrl inc ltd llc plc gmbh ag sas sarl".split())  # noqa: SIM905
_MOST_NAMED = 3
_HARDEST = 2
_LAW: dict[Service, str] = {
    "online": "GDPR art. 8(1)",
    "offline": "national law, since GDPR art. 8 is for online services",
}


def check_gate(file: CheckedFile, report: Report) -> None:
    """The age gate asks for what the law asks on a day, or for more (GDPR art. 8(1), EDPB 05/2020 §131)."""
    top, controller, today = file.top, file.controller, file.today
    service: Service = "offline" if top.at("service").text == "offline" else "online"
    law = _LAW[service]
    gate = top.at("age_gate")
    countries = [item.text for item in gate.at("countries").items if item.text in CONTROLLER_COUNTRIES]
    if not countries:
        return
    asked, age = strictest(countries, service, today), gate.at("age").value
    higher = age if isinstance(age, int) and not isinstance(age, bool) else None
    if higher is not None and higher <= asked:
        or_more = ", or write a higher one" if asked < ADULT_AT else ""
        report.add(
            "AK321",
            gate.at("age").position,
            f"{', '.join(countries)} asks for {asked} already ({law}): leave `age` out{or_more}",
        )
    home = controller.at("country").text if controller is not None else ""
    counts = that_counts(countries, higher, service, today)
    at_home = threshold(home, service, today)
    if home in CONTROLLER_COUNTRIES and counts < at_home:
        report.add(
            "AK322",
            gate.at("countries").position,
            f"the company is in {home}, where children decide from {at_home}, not from {counts}"
            f" ({law}): add {home}, such as `countries: [{', '.join([*countries, home])}]`",
        )


def check_children(file: CheckedFile, report: Report) -> None:
    """The texts that children read, on a form that they may meet."""
    top = file.top
    if top.at("audience").text not in ("children", "everyone"):
        return
    _check_presence(top, report)
    # Each name once: `_without_names` puts “Bo” for each, and names B and o, repeated, would double the text each time.
    names = list(dict.fromkeys(name.text for name in top.select("purposes", "*", "recipients", "*", "name")))
    for language in LANGUAGES:
        _check_readability(language, list(_child_texts(top, language)), names, report)
    for purpose in asked_purposes(top):
        for language, text in readable_texts(purpose.at("child", "text")):
            _check_recipients(purpose, language, text, report)
            _check_contradiction(purpose, language, text, report)
        _check_protection(purpose, report)
    for purpose in top.at("purposes").items:
        if purpose.at("direct_marketing").value is True:
            _check_lures(purpose, report)


def _check_presence(top: Node, report: Report) -> None:
    keep = "write `child:` with a `{keys}` per language, in the words of a ten-year-old"
    if not top.at("child").exists:
        position = top.at("title").key_position if top.at("title").exists else top.position
        report.add("AK323", position, f"the form has no words for children: {keep.format(keys='title` and an `intro')}")
    used = {entry.text for purpose in asked_purposes(top) for entry in purpose.at("data").items}
    for field in top.at("fields").items:
        if field.at("id").text in used and not field.at("child").exists:
            report.add("AK323", field.position, f"the field has no label for children: {keep.format(keys='label')}")
    for purpose in asked_purposes(top):
        words = purpose.at("child")
        if words.exists and purpose.at("also").entries and not words.at("also").exists:
            report.add(
                "AK323",
                words.key_position,
                f"`also` has no words for children: {keep.format(keys='also')}",
            )
        if not words.exists and isinstance(purpose.value, dict):
            report.add(
                "AK323",
                purpose.position,
                f"the purpose has no words for children: {keep.format(keys='title` and a `text')}",
            )


def _child_texts(top: Node, language: str) -> Iterator[Node]:
    for path in (("child",), ("fields", "*", "child"), ("purposes", "*", "child")):
        for entry in top.select(*path):
            for key in ("title", "intro", "label", "text"):
                yield from (text for own, text in readable_texts(entry.at(key)) if own == language)


def _check_readability(language: str, texts: list[Node], names: list[str], report: Report) -> None:
    rules = load(language).rules
    short: list[tuple[Node, str]] = []
    for node in texts:
        text = _without_names(node.text, names)
        reading = measure(text, rules)
        _check_sentences(node, names, language, report)
        if reading.words < FEWEST_WORDS:
            short.append((node, text))
        elif _is_hard(reading):
            report.add("AK324", node.position, f"this text is too hard for a child: {_why(reading, [node], names)}")
    together = measure("\n".join(text for _, text in short), rules)
    if together.words >= FEWEST_WORDS and _is_hard(together):
        node, _ = min(short, key=lambda one: measure(one[1], rules).ease)
        report.add(
            "AK324",
            node.position,
            "the short texts for children are too hard together, and this one is the hardest:"
            f" {_why(together, [one for one, _ in short], names)}",
        )


def _check_sentences(node: Node, names: list[str], language: str, report: Report) -> None:
    for sentence in sentences(node.text, load(language).rules):
        length = len(words(_without_names(sentence, names)))
        if length > LONGEST_SENTENCE:
            report.add(
                "AK325",
                node.position,
                f"a sentence of {length} words, “{quote(sentence)}”, is long for a child (GDPR art. 12(1)): one idea"
                f" per sentence, {MOST_WORDS} words{advice.example('AK325', node, language)}",
            )


def _is_hard(reading: Reading) -> bool:
    return reading.ease < EASIEST_ALLOWED or reading.mean > MOST_WORDS


def _why(reading: Reading, nodes: list[Node], names: list[str]) -> str:
    language = reading.rules.language
    formula = load(language).words.reading.formula
    hardest = _hardest([node.text for node in nodes], names, reading.rules)
    shorter = "short sentences and short words" if reading.mean > MOST_WORDS else "shorter words"
    return (
        f"{formula} {reading.ease:.0f} where {EASIEST_ALLOWED} or more is easy, {reading.mean:.1f}"
        f" words a sentence where {MOST_WORDS} is enough (GDPR art. 12(1), recital 58). {hardest}."
        f" Write {shorter}{advice.example('AK324', nodes[0], language)}"
    )


def _hardest(texts: list[str], names: list[str], rules: ReadingRules) -> str:
    """Where to begin: the two longest words, and the two longest sentences as they are written."""
    found = [sentence for text in texts for sentence in sentences(text, rules)]
    lengths = {sentence: len(words(_without_names(sentence, names))) for sentence in found}
    longest = sorted(lengths, key=lambda sentence: -lengths[sentence])[:_HARDEST]
    hard = hardest_words("\n".join(_without_names(text, names) for text in texts), rules, _HARDEST)
    told = [f"“{quote(sentence, 80)}” ({lengths[sentence]} words)" for sentence in longest]
    return f"The longest words are {_both(f'`{quote(word)}`' for word in hard)}, the longest sentences {_both(told)}"


def _both(told: Iterable[str]) -> str:
    return " and ".join(told)


def _without_names(text: str, names: list[str]) -> str:
    """A company cannot be called anything easier, so its name counts as one short word."""
    for name in filter(None, names):
        text = text.replace(name, "Bo")
    return text


def _check_recipients(purpose: Node, language: str, text: Node, report: Report) -> None:
    title = purpose.at("child", "title", language).text[: phrases.LONGEST]
    told = phrases.normal(f"{title}\n\n{text.text}")
    named = [name.text for name in purpose.select("recipients", "*", "name") if name.text]
    missing = [name for name in named if _without_legal_form(name) not in f" {told} "]
    if missing and not (len(named) > _MOST_NAMED and _tells_number(told, len(named), language)):
        examples = load(language).words.examples
        role = next(
            one.at("role").text for one in purpose.select("recipients", "*") if one.at("name").text == missing[0]
        )
        who = examples.recipient_controller if role == "controller" else examples.recipient
        report.add(
            "AK327",
            text.position,
            f"the child does not read that {', '.join(map(quote, missing))} gets the data, as adults do (GDPR"
            f" art. 13(1)(e)): write it. For example: “{who.format(name=quote(missing[0]))}”",
        )


def _check_contradiction(purpose: Node, language: str, text: Node, report: Report) -> None:
    """A child reads “no ads” or “not on the internet”, or nothing of ads and profiles, where adults read otherwise."""
    child, adults = _said(purpose.at("child"), language), _said(purpose, language)
    denied, told = {one.topic for one in child if one.denied}, {one.topic for one in child}
    if "looks_at" in told:
        told.add("tracks")
    by_adults = {one.topic for one in adults if not one.denied}
    denied_to_adults = {one.topic for one in adults if one.denied}  # “on the wall, not online”: both may say it
    sells = purpose.at("direct_marketing").value is True
    hidden = _WEIGHTY & by_adults - told
    opposite = "public" in (denied & by_adults) - denied_to_adults
    opposite |= "advertises" in denied and (sells or "advertises" in by_adults)
    if hidden or opposite:
        what = "does not read of ads or profiles that" if hidden else "reads the opposite of what"
        report.add(
            "AK393",
            text.position,
            f"the child {what} the file or its text for adults tells (GDPR art. 5(1)(a), 12(1)): write the"
            f" same{advice.example('AK393', text, language)}",
        )


def _said(block: Node, language: str) -> list[Found]:
    return finder.analyse(title_and_text(block, language), language).found


def _tells_number(text: str, number: int, language: str) -> bool:
    """Whether a text, as `phrases.normal` writes it, tells a number in figures or in words."""
    numbers = load(language).words.numbers
    word = numbers.from_one[number - 1] if number <= len(numbers.from_one) else numbers.later.get(number)
    told = f"{number}|{word}" if word else str(number)
    return re.search(f"(?<![^ ])(?:{told})(?![^ ])", text) is not None


def _without_legal_form(name: str) -> str:
    """A company’s name as people use it: `Post BV` is `post`."""
    parts = phrases.normal(name[: phrases.LONGEST]).split()
    while len(parts) > 1 and parts[-1].strip(".").replace(".", "") in _LEGAL_FORMS | {""}:
        parts.pop()
    return f" {' '.join(parts)} "


def _check_protection(purpose: Node, report: Report) -> None:
    """What the law does not forbid and asks care for: recital 38 names marketing and profiles, recital 71 computers."""
    for role in purpose.select("recipients", "*", "role"):
        if role.text == "controller":
            report.add(
                "AK329",
                role.position,
                "a child’s data goes to a company that decides itself what to do with it (GDPR recital 38): leave that"
                " out, or accept this warning with the reason",
            )
    marketing = purpose.at("direct_marketing")
    if marketing.value is True:
        report.add(
            "AK331",
            marketing.position,
            "children deserve special protection against marketing (GDPR recital 38): leave the advertising out, or"
            " accept this warning with the reason",
        )
    decisions = purpose.at("automated_decisions")
    if decisions.entries:
        report.add(
            "AK355",
            decisions.key_position,
            "a computer should decide nothing about a child (GDPR recital 71): let a person decide, or accept this"
            " warning with the reason",
        )
    _check_publication(purpose, report)


def _check_lures(purpose: Node, report: Report) -> None:
    """In marketing a gift is never the purpose itself where a child reads, whatever the title says (recital 38)."""
    for key in ("title", "text"):
        for language, text in readable_texts(purpose.at("child", key)):
            found: dict[str, str] = {}
            for sentence in sentences(text.text, load(language).rules):
                topics = phrases.find(sentence, language)
                if "stopping" not in topics:
                    found |= topics.get("gifts", {}) | topics.get("prizes", {}) | topics.get("urging", {})
            if found:
                report.add(
                    "AK359",
                    text.position,
                    f"{listed(found)}: no child is won over with a gift, or sent to its parents (GDPR recital 38, EDPB"
                    " 05/2020 §48, Directive 2005/29 annex I point 28): say what comes and how often, without"
                    f" it{advice.example('AK359', text, language)}",
                )


def _check_publication(purpose: Node, report: Report) -> None:
    """One finding for a purpose, at the first text that speaks of a place where everybody looks."""
    for keys in (("title",), ("text",), ("child", "title"), ("child", "text")):
        for language, text in readable_texts(purpose.at(*keys)):
            found = phrases.find(text.text, language).get("public")
            if found:
                report.add(
                    "AK330",
                    text.position,
                    f"{listed(found)}: what others see of a child cannot be called back (GDPR recital 38, 65): keep it"
                    " within the company, or accept this with the reason",
                )
                return
