"""Reads one YAML file into plain values, with the line and column of every key and value.

It works from parse events and never constructs an object: tags, anchors, aliases and merge keys are faults,
not features, so a definition is data and nothing else.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import NoReturn, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from .report import Position, Report, quote

Value: TypeAlias = "str | int | float | bool | tuple[Value, ...] | dict[str, Value] | None"
KeyPath: TypeAlias = tuple[str | int, ...]
"""The keys and list positions that lead to a value, from the top of the file."""

DEEPEST = 20
MOST_VALUES = 10_000
"""Keys and values of one file; the largest form that the other bounds allow has about half of that."""

_NOT_IN_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_NULL = re.compile(r"~|null|Null|NULL|")
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
# A number of more than 18 digits stays text: nothing here needs it, and Python refuses to read 5000 digits.
_INT = re.compile(r"[-+]?[0-9]{1,18}")
_BASED = re.compile(r"0o[0-7]{1,18}|0x[0-9a-fA-F]{1,15}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]{1,18}|[0-9]{1,18}(\.[0-9]{0,18})?)([eE][-+]?[0-9]{1,3})?")

_PLAINER = (
    ("'\\t'", "a tab: YAML is indented with spaces"),
    ("mapping values are not allowed", "a second `: ` on this line: put the text in quotes, or below a `>-`"),
    ("could not find expected ':'", "a `:` is missing here, or the line before it is indented wrongly"),
    ("cannot start any token", "a text cannot begin with this sign: put the text in quotes"),
    ("end of stream", "a quote is opened and never closed"),
    ("',' or ']'", "a `]` or `,` is missing"),
    ("',' or '}'", "a `}` or `,` is missing"),
    ("<block end>", "this line is indented differently from its neighbours"),
    ("expected alphabetic", "a text cannot begin with this sign: put the text in quotes"),
    ("<document start>", "this belongs to no key: write `key: value`"),
    ("expected the node content", "a value is missing here"),
    ("unknown escape character", "an unknown `\\` sequence: double the backslash, or use single quotes"),
)


@dataclass
class Document:
    """The plain values of one file, and where each stands."""

    value: Value = None
    values: dict[KeyPath, Position] = field(default_factory=dict)
    keys: dict[KeyPath, Position] = field(default_factory=dict)


def read_document(data: bytes, report: Report) -> Document | None:
    """Read the bytes of a YAML file; what is wrong with the YAML goes into the report.

    Returns None when no values can be had, so that only the report speaks.
    """
    text = _decode(data, report)
    if text is None:
        return None
    events = _events(_without_controls(text, report))
    builder = _Builder(report)
    try:
        return builder.document(events)
    except _Hopeless:
        return None
    except MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        position = Position(mark.line + 1, mark.column + 1) if mark else Position()
        report.add("AK105", position, _plainly(problem.problem or ""))
        return None
    except (YAMLError, ValueError, OverflowError):  # ValueError, OverflowError: \UFFFFFFFF is no character
        report.add("AK105", builder.latest, "this is not YAML: a `\\` sequence that stands for no character")
        return None


class _Hopeless(Exception):
    """The rest of the file cannot be read; the report says why."""


def _decode(data: bytes, report: Report) -> str | None:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        before = data[: problem.start].decode("utf-8-sig", errors="replace")
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        report.add("AK103", Position(line, column), "this is not UTF-8: save the file with the encoding UTF-8")
        return None


def _without_controls(text: str, report: Report) -> str:
    found = list(_NOT_IN_TEXT.finditer(text))
    if not found:
        return text
    before = text[: found[0].start()]
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    report.add(
        "AK104",
        Position(before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1),
        f"the control character U+{ord(found[0][0]):04X}{more}: take it out",
    )
    return _NOT_IN_TEXT.sub("\N{REPLACEMENT CHARACTER}", text)


def _events(text: str) -> Iterator[Event]:
    events: Iterator[Event] = YAML(typ="safe", pure=True).parse(text)
    return events


def _plainly(problem: str) -> str:
    for sign, plain in _PLAINER:
        if sign in problem:
            return f"this is not YAML: {plain}"
    return f"this is not YAML: {quote(problem, 120)}"


class _Builder:
    """Builds a document from events, noting whatever a definition may not contain."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.made = Document()
        self.latest = Position()

    def document(self, events: Iterator[Event]) -> Document | None:
        started = 0
        events = self._counted(events)
        for event in events:
            self.latest = _position(event)
            if isinstance(event, DocumentStartEvent):
                started += 1
                self._directives(event)
                if started == 2:
                    self.report.add(
                        "AK110", self.latest, "a second document begins here: one file holds one definition"
                    )
            elif isinstance(event, NodeEvent):
                if started == 1:
                    self.made.value = self._value(event, events, ())
                else:
                    self._skip(event, events)
        if self.made.value is None and not self.report.faults:
            self.report.add("AK113", Position(), "the file is empty: `akkoord new` writes one to start from")
            return None
        return self.made

    def _counted(self, events: Iterator[Event]) -> Iterator[Event]:
        count = 0
        for event in events:
            count += isinstance(event, NodeEvent)
            if count > MOST_VALUES:
                message = f"more than {MOST_VALUES} keys and values: split the form in two"
                self.report.add("AK121", _position(event), message)
                raise _Hopeless
            yield event

    def _directives(self, event: DocumentStartEvent) -> None:
        if event.tags or (event.version and tuple(event.version) != (1, 2)):
            self.report.add("AK106", Position(), "a directive (`%`): leave it out, a definition is plain YAML 1.2")

    def _value(self, event: Event, events: Iterator[Event], path: KeyPath) -> Value:
        position = _position(event)
        self.latest = position
        self.made.values[path] = position
        if isinstance(event, AliasEvent):
            self.report.add(
                "AK107", position, f"an alias (`*{quote(event.anchor)}`): write the value itself", is_final=True
            )
            return None
        self._refuse_extras(event, position)
        if len(path) > DEEPEST:
            self._refuse_depth(position)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(events, path)
        if isinstance(event, MappingStartEvent):
            return self._mapping(events, path)
        return _scalar(event) if isinstance(event, ScalarEvent) else None

    def _refuse_extras(self, event: Event, position: Position) -> None:
        anchor = getattr(event, "anchor", None)
        if anchor is not None:
            self.report.add("AK107", position, f"an anchor (`&{quote(anchor)}`): leave it out")
        tag = getattr(event, "tag", None)
        if tag is not None:
            self.report.add("AK106", position, f"a tag (`{quote(tag)}`): leave it out, a definition is plain data")

    def _sequence(self, events: Iterator[Event], path: KeyPath) -> Value:
        items: list[Value] = []
        for event in events:
            if isinstance(event, SequenceEndEvent):
                break
            items.append(self._value(event, events, (*path, len(items))))
        return tuple(items)

    def _mapping(self, events: Iterator[Event], path: KeyPath) -> Value:
        entries: dict[str, Value] = {}
        for event in events:
            if isinstance(event, MappingEndEvent):
                break
            key = self._key(event, events)
            value_event = next(events)
            if key is None:
                self._skip(value_event, events)
            elif key in entries:
                first = self.made.keys[(*path, key)].line
                self.report.add("AK109", _position(event), f"`{quote(key)}` stands on line {first} already: keep one")
                self._skip(value_event, events)
            else:
                self.made.keys[(*path, key)] = _position(event)
                entries[key] = self._value(value_event, events, (*path, key))
                if getattr(value_event, "value", None) == "" and entries[key] is None:
                    # An empty value has its mark where the parser gave up looking, maybe lines below: use the key's.
                    self.made.values[(*path, key)] = _position(event)
        return entries

    def _skip(self, first: Event, events: Iterator[Event]) -> None:
        """Pass over one value. Its depth has a bound too: 100 000 brackets take the parser minutes."""
        depth = 0
        for event in chain((first,), events):
            if isinstance(event, MappingStartEvent | SequenceStartEvent):
                depth += 1
            elif isinstance(event, MappingEndEvent | SequenceEndEvent):
                depth -= 1
            if depth > DEEPEST:
                self._refuse_depth(_position(event))
            if depth == 0:
                return

    def _refuse_depth(self, position: Position) -> NoReturn:
        self.report.add("AK111", position, f"nested deeper than {DEEPEST} levels: no definition needs that")
        raise _Hopeless

    def _key(self, event: Event, events: Iterator[Event]) -> str | None:
        """The key, or None when it cannot be used; its value is then skipped."""
        position = _position(event)
        self.latest = position
        if not isinstance(event, ScalarEvent):
            self.report.add("AK112", position, "a key is a word, such as `title:`, not an alias, a list or a block")
            self._skip(event, events)
            return None
        self._refuse_extras(event, position)
        if event.style is None and event.value == "<<":
            self.report.add("AK108", position, "a merge key (`<<`): write the keys themselves")
            return None
        key = _scalar(event)
        if not isinstance(key, str):
            read = f"`{quote(event.value)}` is read as a value, not as a word" if event.value else "this key is empty"
            self.report.add("AK112", position, f"{read}: write a word, such as `title:`")
            return None
        if not key.isprintable():
            self.report.add("AK112", position, f"`{quote(key)}` holds invisible characters: take them out")
            return None
        return key


def _position(event: Event) -> Position:
    return Position(event.start_mark.line + 1, event.start_mark.column + 1)


def _scalar(event: ScalarEvent) -> Value:
    """The value of a scalar by the core schema of YAML 1.2 (10.3.2): `no` is text, and so is a date."""
    text = str(event.value)
    if event.style is not None:
        return text
    if _NULL.fullmatch(text):
        return None
    if _BOOL.fullmatch(text):
        return text.lower() == "true"
    if _INT.fullmatch(text):
        return int(text)
    if _BASED.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text
