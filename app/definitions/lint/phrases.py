"""The words that the linter knows, and how they are found in a text. Each language has them in its `lexicon.yaml`."""

from collections.abc import Callable
from itertools import groupby

from ...languages import LANGUAGES
from ..source.report import quote
from ..words import finder
from ..words import normal as words
from ..words.finder import Analysis
from ..words.language import load

LONGEST = 2000
"""Characters; a longer text is a fault already, and is not searched."""

MOST_NAMED = 4
"""Phrases that one message names."""

_FEWEST_FOREIGN = 3
"""Small words of another language that a sentence has, for each one of its own: names bring one or two."""

ADVICE = {
    "AK332": "silence is no consent (GDPR recital 32); say what happens after a yes",
    "AK333": "going on is no consent (GDPR art. 4(11), Planet49); only the ticked box is, so leave this out",
    "AK334": "the box is upside down: a tick must mean yes (GDPR art. 4(11), recital 32)",
    "AK335": "no box is ticked beforehand (GDPR recital 32, Planet49); every box here is empty, so leave this out",
    "AK336": "each yes is for one thing (GDPR recital 43, art. 7(2)): write a purpose for each, without terms or"
    " contracts",
    "AK337": "one box has one channel (GDPR recital 43): write a purpose for each, so that each can be refused",
    "AK338": "people must know who gets their data (GDPR art. 13(1)(e), EDPB 05/2020 §65)",
    "AK339": "a yes is not free that one must give, or where a no costs something (GDPR art. 7(4), recital 42): leave"
    " that out, and where a no is fine, say so",
    "AK360": "this needs a yes (Directive 2002/58 art. 13, GDPR art. 6(1)): write `basis: consent`, or say why you may"
    " do it without, and accept this",
    "AK340": "stopping is as easy as beginning (GDPR art. 7(3)): the kit puts a link in every mail, so leave this out",
    "AK341": "a no is as good as a yes (GDPR art. 4(11), EDPB 03/2022 on emotional steering); write it as plainly",
    "AK342": "pleading steers (EDPB 03/2022): say what happens and leave the feelings out",
    "AK343": "fear of missing out is no reason for a yes (EDPB 03/2022, stirring): say what comes, and how often",
    "AK344": "what others do is no reason for a yes (EDPB 03/2022, stirring): leave the crowd out",
    "AK345": "no choice is praised (GDPR art. 4(11), EDPB 03/2022): say what you do with the yes",
    "AK346": "a reward can make a yes less free (GDPR recital 42, EDPB 05/2020 §46-48): give it without the yes, or"
    " make it the purpose itself; where a no costs nothing, accept this and say so",
    "AK347": "a promise tells nothing (GDPR art. 12(1)): say what you do, who sees it and how long you keep it",
    "AK348": "nobody can agree to what is not said (GDPR art. 5(1)(b), 13): name each use, and a period",
    "AK351": "whoever depends on you may not dare to say no (GDPR recital 43): choose another basis, or see to it that"
    " a no costs nothing, and say so",
    "AK380": "knowing or having read is no consent (GDPR art. 9(2)(a), EDPB 05/2020 §93): let the person agree, and say"
    " to which use of which data",
    "AK349": "“later” is no answer (GDPR art. 4(11), EDPB 03/2022): let people say yes or no",
    "AK305": "this points to data of a special category (GDPR art. 9(2)(a)): write `special_category:` with a kind and"
    " a statement, or accept this with the reason",
    "AK352": "who is recorded is told so before it begins (GDPR art. 13(1)): say that you do",
    "AK354": "what everybody can see cannot be called back, and people must know that before they agree (GDPR art."
    " 7(3), 13): say so",
    "AK359": "no child is won over with a gift (GDPR recital 38, EDPB 05/2020 §48): say what comes and how often,"
    " without it",
    "AK390": "a no is an answer too (GDPR art. 4(11), EDPB 03/2022, continuous prompting): ask once, and say so",
    "AK391": "no child is sent to press its parents (GDPR recital 38, Directive 2005/29 annex I point 28): say that a"
    " parent may help, and that no is fine",
    "AK392": "a child may tell its parents everything (GDPR recital 38): leave the secret out",
    "AK393": "a child reads what cannot be true, or less than adults do (GDPR art. 5(1)(a), 12(1)): write what the"
    " file says",
    "AK394": "data about convictions and offences need a law that allows them, and a yes is not enough (GDPR art. 10):"
    " leave them out, or accept this with the law",
    "AK395": "nobody is asked more than the purpose needs (GDPR art. 5(1)(c)): leave it out, or say what it is for",
}
"""By code, why a phrase is wrong that no consent may be asked with, and what to write instead."""


def find(text: str, language: str) -> dict[str, dict[str, str]]:
    """What stands in a text, by topic: each phrase as it was found, with the plain words for it."""
    if language not in LANGUAGES or len(text) > LONGEST:
        return {}
    analysis = finder.analyse(text, language)
    return {topic: of_topic(analysis, topic) for topic in dict.fromkeys(one.topic for one in analysis.found)}


def of_topic(analysis: Analysis, topic: str, *, within: Callable[[int], bool] = lambda _: True) -> dict[str, str]:
    """The phrases of a topic that stand in a text, or `within` a part of it, with the plain words for them.

    `within` is asked for the place of a sign. What stands inside a longer phrase of the topic is left out.
    """
    found = {
        " ".join(analysis.plain.words[one.first : one.end]).replace("' ", "’"): one.phrase.plain
        for one in analysis.found
        if one.topic == topic and within(analysis.plain.places[one.first][0])
    }
    return {
        phrase: plain
        for phrase, plain in found.items()
        if not any(phrase != other and f" {phrase} " in f" {other} " for other in found)
    }


def listed(found: dict[str, str]) -> str:
    """Phrases as a message names them."""
    named = [f"`{quote(phrase, 60)}`" for phrase in list(found)[:MOST_NAMED]]
    return ", ".join(named) + (", …" if len(found) > MOST_NAMED else "")


def may_be_foreign(text: str, language: str) -> list[str]:
    """The other languages of which a text has so many small words that one of its sentences may be in them."""
    spoken = finder.analyse(text, language).plain.words
    others = [other for other in LANGUAGES if other != language]
    return [one for one in others if len(load(one).lexicon.stop_words.intersection(spoken)) >= _FEWEST_FOREIGN]


def foreign(text: str, language: str) -> tuple[str, list[str], str] | None:
    """The other language that a sentence of a text seems to be in, the words that say so, and the sentence."""
    plain = finder.analyse(text, language).plain
    for other in may_be_foreign(text, language):
        for _, numbers in groupby(range(len(plain.words)), plain.sentences.__getitem__):
            places = list(numbers)
            spoken = [plain.words[at] for at in places]
            own = sum(word in load(language).lexicon.stop_words for word in spoken)
            found = list(dict.fromkeys(word for word in spoken if word in load(other).lexicon.stop_words))
            if len(found) >= max(_FEWEST_FOREIGN, _FEWEST_FOREIGN * own):
                return other, found, plain.quoted(places[0], places[-1] + 1)
    return None


def normal(text: str) -> str:
    """A text as phrases are looked for in it: words in small letters, one space apart, a dot where a sentence ends."""
    return " ".join(words.read(text).words)
