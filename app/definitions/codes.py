"""What can be wrong with a definition: each code of the linter, and a fault with its position."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """Where something stands in a file: line and column, both counted from 1."""

    line: int = 1
    column: int = 1


CODES = {
    # AK1xx: the file, and YAML itself
    "AK101": "nothing can be read at this path",
    "AK102": "the file is larger than 256 kB",
    "AK103": "the file is not UTF-8",
    "AK104": "the file holds control characters",
    "AK105": "the file is not YAML",
    "AK106": "a YAML tag or directive",
    "AK107": "a YAML anchor or alias",
    "AK108": "a YAML merge key",
    "AK109": "a key is written twice",
    "AK110": "several documents in one file",
    "AK111": "nested deeper than 20",
    "AK112": "a key that is not text",
    "AK113": "the file is empty",
    "AK114": "a link that leads outside the forms folder",
    "AK115": "not a regular file",
    "AK116": "a folder or file name that cannot be part of an address",
    "AK117": "a controller folder without controller.yaml",
    "AK118": "a forms folder without definitions",
    "AK119": "a controller without forms",
    "AK120": "a YAML file that is not read",
    "AK121": "more than 10 000 keys and values",
    # AK2xx: the shape
    "AK201": "an unknown key",
    "AK202": "a key is missing",
    "AK203": "the wrong kind of value",
    "AK204": "nothing is written after a key",
    "AK205": "a word that is not one of the choices",
    "AK206": "an id in the wrong form",
    "AK207": "an id that the kit uses itself",
    "AK208": "the same entry twice in one list",
    "AK209": "a text that is too long",
    "AK210": "an empty text",
    "AK211": "a text with control, invisible or direction-changing characters",
    "AK212": "a text still to be written",
    "AK213": "more entries than a form can carry",
    "AK214": "a language that the kit does not speak",
    "AK215": "a text lacks a declared language",
    "AK216": "a text in a language that is not declared",
    "AK217": "a period in the wrong form, or out of bounds",
    "AK218": "not an email address",
    "AK219": "not an https address",
    "AK220": "not an origin",
    "AK221": "a number out of bounds",
    "AK222": "an unknown country",
    "AK223": "an empty list",
    "AK224": "a key that has no meaning here",
    "AK225": "a choice without options",
    "AK226": "a code that cannot be accepted",
    "AK227": "an accepted code that nothing reports",
    "AK228": "a form for adults that does not say why it reaches adults only",
    "AK229": "a form that children may meet, without an age gate",
    # AK3xx: the law
    "AK301": "a pre-ticked or compulsory consent (GDPR art. 4(11), 7(4), recital 32)",
    "AK302": "several things in one consent (GDPR recital 43)",
    "AK303": "neither given nor declared none (GDPR art. 13)",
    "AK304": "a purpose without title, text, data or keep of its own (GDPR art. 13)",
    "AK305": "data of a special category without explicit consent (GDPR art. 9)",
    "AK306": "two purposes that cannot be told apart (GDPR art. 13(1)(c))",
    "AK307": "a recipient without a name (GDPR art. 13(1)(e))",
    "AK308": "recipients and transfers contradict each other (GDPR art. 13(1)(f))",
    "AK309": "a field that no purpose uses (GDPR art. 5(1)(c))",
    "AK310": "data that no field gives",
    "AK311": "a special category without a statement (GDPR art. 9(2)(a))",
    "AK312": "telephone or text message proved by mail (GDPR art. 7(1))",
    "AK313": "a property of consent on a purpose that is told, not asked",
    "AK314": "a consent that would outlive its data",
    "AK315": "data without an end and without a reason (GDPR art. 5(1)(e))",
    "AK316": "an accent too pale to read (WCAG 2.2, 1.4.3)",
    "AK317": "direct marketing without a channel",
    "AK318": "a form that asks nothing",
    "AK319": "a transfer without protection and without its risk (GDPR art. 49(1)(a))",
    "AK320": "a privacy statement that lacks a language of the form (GDPR art. 12(1))",
    # children
    "AK321": "an age of the gate that is not higher than the law asks (GDPR art. 8(1))",
    "AK322": "an age gate below the age of the controller's own country (GDPR art. 8(1))",
    "AK323": "no words for children (GDPR art. 12(1), recital 58)",
    "AK324": "a text that is too hard for a child (GDPR art. 12(1), recital 58)",
    "AK325": "a sentence that is long for a child; how long is a matter of judgement (GDPR art. 12(1))",
    "AK326": "a word that children do not know (GDPR art. 12(1), recital 58)",
    "AK327": "a recipient that adults read of and children do not (GDPR art. 13(1)(e), 5(1)(a))",
    "AK328": "a period that adults read and children do not (GDPR art. 13(2)(a), 5(1)(a))",
    "AK329": "a child's data for another controller; protected, not forbidden (GDPR recital 38)",
    "AK330": "something of a child made public; protected, not forbidden (GDPR recital 38, 65)",
    "AK331": "direct marketing to children; protected, not forbidden (GDPR recital 38)",
    # how it is worded: an error where no context makes the phrase lawful
    "AK332": "silence or inaction taken for consent (GDPR recital 32)",
    "AK333": "going on taken for consent (GDPR art. 4(11), C-673/17 Planet49)",
    "AK334": "a box that is ticked to refuse (GDPR art. 4(11), recital 32)",
    "AK335": "words of a box ticked beforehand (GDPR recital 32, C-673/17 Planet49)",
    "AK336": "several things in one yes (GDPR recital 43, art. 7(2))",
    "AK337": "several channels in one yes (GDPR recital 43)",
    "AK338": "recipients without a name in a text (GDPR art. 13(1)(e), EDPB 05/2020 §65)",
    "AK339": "a consent that is called compulsory (GDPR art. 7(4), recital 42)",
    "AK340": "a hurdle before withdrawal (GDPR art. 7(3), EDPB 05/2020 §114)",
    "AK341": "guilt in the refusal: such a yes is not free in any context (GDPR art. 4(11), EDPB 03/2022)",
    # a warning where the same words may be harmless, so that somebody has to judge
    "AK342": "pleading; harmless in a text about something else (EDPB 03/2022, stirring)",
    "AK343": "fear of missing out; true of an offer that does end (EDPB 03/2022, stirring)",
    "AK344": "the crowd as an argument; a fact in some texts (EDPB 03/2022, stirring)",
    "AK345": "praise for the yes; harmless about a recipe (GDPR art. 4(11), EDPB 03/2022)",
    "AK346": "a reward for the yes; allowed where a no costs nothing (GDPR recital 42, EDPB 05/2020 §46-48)",
    "AK347": "reassurance in place of facts; bad style, no breach (GDPR art. 12(1))",
    "AK348": "a vague purpose or period; the exact one may stand elsewhere (GDPR art. 5(1)(b), 13)",
    "AK349": "an answer that is neither yes nor no; harmless about a time (GDPR art. 4(11))",
    "AK350": "words of lawyers in a short text; sometimes there is no other (GDPR art. 7(2), 12(1))",
    "AK351": "an employer or a school asks; only the situation tells whether a yes is free (GDPR recital 43)",
    "AK352": "a recording that is not told beforehand; it may be told elsewhere (GDPR art. 13(1))",
    "AK353": "a text that looks like another language; counted, not understood (GDPR art. 12(1))",
    "AK354": "a picture made public, without what cannot be undone (GDPR art. 7(3), 13)",
    "AK355": "a computer that decides about a child; it should not (GDPR recital 71)",
    # how people are reached
    "AK356": (
        "a yes to calls, text messages or post, without a required field for the number or the address; the form has to"
        " tell what must be given (GDPR art. 13(2)(e))"
    ),
    "AK357": "direct marketing without the consent that its channel needs (Directive 2002/58 art. 13(1), 13(3))",
    "AK358": "direct marketing without consent by telephone, or by no named channel (Directive 2002/58 art. 13(3))",
}
"""Every code and what it is about. A code keeps its meaning for ever: files answer to it in `accept`.

AK230 is used up: it refused children before there was a gate for them.
"""

WARNINGS = frozenset(
    """
    AK119 AK120 AK227 AK305 AK317 AK318 AK325 AK329 AK330 AK331 AK342 AK343 AK344 AK345 AK346 AK347 AK348 AK349
    AK350 AK351 AK352 AK353 AK354 AK355
    """.split()  # noqa: SIM905 - a list of words reads better than a list of strings
)
"""Codes that do not keep a form from being served."""

TO_ANSWER = frozenset({"AK358"})
"""Codes that keep a form from being served until they are mended, or answered with `accept`: lawful in some cases."""

ACCEPTABLE = frozenset(code for code in WARNINGS if code > "AK300") | TO_ANSWER
"""What a form file may answer with `accept`."""


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong, at a position that is counted from 1. Faults sort by file, line and column."""

    path: str
    line: int
    column: int
    code: str
    message: str
    is_warning: bool = False

    def __str__(self) -> str:
        warning = "warning: " if self.is_warning else ""
        return f"{self.path}:{self.line}:{self.column} {self.code} {warning}{self.message}"


@dataclass
class Report:
    """The faults of one file while it is being checked."""

    path: str
    faults: list[Fault] = field(default_factory=list)
    reported: set[Position] = field(default_factory=set)
    """Values that have their fault already, so that a second one would only repeat it."""

    def add(self, code: str, position: Position, message: str, *, is_final: bool = False) -> None:
        """Note a fault. With `is_final`, `add_unless_reported` adds nothing more about this value."""
        self.faults.append(Fault(self.path, position.line, position.column, code, message, code in WARNINGS))
        if is_final:
            self.reported.add(position)

    def add_unless_reported(self, code: str, position: Position, message: str) -> None:
        """Note a fault of a value, unless an earlier fault has said all there is to say about it."""
        if position not in self.reported:
            self.add(code, position, message)

    @property
    def has_errors(self) -> bool:
        """Whether one of the faults is more than a warning."""
        return any(not fault.is_warning for fault in self.faults)


def quote(value: object, longest: int = 40) -> str:
    """A value as a message may repeat it: short, and without characters that a terminal would act upon."""
    text = value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    clean = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text[: longest + 1])
    return clean if len(clean) <= longest else clean[: longest - 1] + "…"
