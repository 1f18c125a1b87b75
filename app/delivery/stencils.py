"""A stencil is a mail without the person: rendered and encoded once for all mails of one shape, then filled in.

What differs from person to person is a hole. What fills it is encoded alone and stands on lines of its own, between
soft line breaks that no reader sees (RFC 2045 section 6.7), so that nothing else is encoded for each person.
"""

import re
from binascii import b2a_qp
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from markupsafe import escape

from .mail_context import ListedPurpose, MailContext

Look = Callable[[MailContext], str]
"""How to find what fills a hole, in the context of the mail."""

_FIRST = 0xE100
"""Holes stand in a rendered text as signs for private use: no text of ours, of a definition or of a form holds one."""
_HOLE = re.compile("([\ue100-\uefff])")
_DOTS = re.compile(rb"^\.+", re.MULTILINE)


@dataclass(frozen=True)
class MomentHole:
    """Stands for a moment while a template is rendered: only its day and its time of day can be told."""

    of: Callable[[MailContext], Any]


def _moment(of: Callable[[MailContext], Any]) -> Any:
    return MomentHole(of)


class Holes:
    """The holes that were made while one template was rendered, in both its forms."""

    def __init__(self) -> None:
        self.looks: list[Look] = []
        self._moments: set[str] = set()

    def make(self, look: Look) -> str:
        """A sign that stands for a value."""
        self.looks.append(look)
        return chr(_FIRST + len(self.looks) - 1)

    def moment(self, tell: Callable[[datetime], str]) -> Callable[[MomentHole], str]:
        """What tells a moment in a template, with a hole for what it would say."""

        def told(moment: MomentHole) -> str:
            sign = self.make(lambda context: tell(moment.of(context)))
            self._moments.add(sign)
            return sign

        return told

    def finish_moments(self, part: str, finish: Callable[[str], str]) -> None:
        """Have `finish` change what fills the holes for moments in this part of a rendered text, which no other has."""

        def finished(look: Look) -> Look:
            return lambda context: finish(look(context))

        for sign in self._moments.intersection(part):
            number = ord(sign) - _FIRST
            self.looks[number] = finished(self.looks[number])


def shape(context: MailContext) -> tuple[Hashable, ...]:
    """All of a context that decides what stands in a mail beside what `blank` makes holes of."""
    return (
        context.kind,
        context.notice.hash,
        context.theme,
        context.reader,
        context.is_one_click,
        bool(context.site),
        context.deadline is None,
        *(tuple((one.title, one.until is None, one.said) for one in listed) for listed in _lists(context)),
        tuple(context.links),
        context.form_title,
        tuple(label for label, _ in context.given),
        context.for_child,
        context.child and context.child[0],
        context.more_children,
        context.advertising,
        context.told,
    )


def _lists(context: MailContext) -> tuple[tuple[ListedPurpose, ...], ...]:
    return context.purposes, context.other_purposes


def blank(context: MailContext, holes: Holes) -> MailContext:
    """The context with holes for what is a person's. Each field is named: one that is forgotten here stays empty."""

    def until(number: int, at: int) -> Any:
        return MomentHole(lambda context: _lists(context)[number][at].until)

    def link(kind: str) -> str:
        return holes.make(lambda context: context.links[kind])

    def answer(at: int) -> str:
        return holes.make(lambda context: context.given[at][1])

    purposes, other_purposes = (
        tuple(replace(one, until=one.until and until(number, at)) for at, one in enumerate(listed))
        for number, listed in enumerate(_lists(context))
    )
    return MailContext(
        kind=context.kind,
        id="",
        recipient="",
        notice=context.notice,
        theme=context.theme,
        at=_moment(lambda context: context.at),
        reader=context.reader,
        is_one_click=context.is_one_click,
        site=context.site and holes.make(lambda context: context.site),
        deadline=context.deadline and _moment(lambda context: context.deadline),
        purposes=purposes,
        other_purposes=other_purposes,
        links={kind: link(kind) for kind in context.links},
        form_title=context.form_title,
        given=tuple((label, answer(at)) for at, (label, _) in enumerate(context.given)),
        for_child=context.for_child,
        child=context.child and (context.child[0], _moment(lambda context: context.child and context.child[1])),
        more_children=context.more_children,
        advertising=context.advertising,
        told=context.told,
    )


@dataclass(frozen=True)
class Stencil:
    """A mail with holes: its bytes, with a `%b` for each header of its own and then for each hole.

    `holes` are those of the text and then those of the HTML, each with the number of what fills it.
    """

    frame: bytes
    holes: tuple[Sequence[int], Sequence[int]]
    looks: Sequence[Look]

    def fill(self, context: MailContext, head: tuple[str, ...]) -> bytes:
        """The mail of one person; `head` are the values of its own headers, in the order of the frame."""
        values = [look(context) for look in self.looks]
        text, html = self.holes
        plain = {number: _going_on(values[number]) for number in {*text}}
        escaped = {number: _escaped(values[number], plain.get(number)) for number in {*html}}
        return self.frame % (
            *[value.encode() for value in head],
            *[plain[number] for number in text],
            *[escaped[number] for number in html],
        )


def body(text: str, has_holes: bool) -> tuple[bytes, list[int]]:
    """A rendered text, encoded, with a `%b` for each hole, and the numbers of what fills these."""
    text = text.removesuffix("\n")
    *before, last = _HOLE.split(text) if has_holes else [text]
    parts = [
        _going_on(piece).replace(b"%", b"%%") if number % 2 == 0 else b"=\r\n%b=\r\n"
        for number, piece in enumerate(before)
    ]
    return b"".join((*parts, encoded(last).replace(b"%", b"%%"))), [ord(sign) - _FIRST for sign in before[1::2]]


def encoded(text: str) -> bytes:
    """A text as quoted-printable (RFC 2045 section 6.7), ended by a line break, in lines of at most 76 characters.

    A carriage return within a line is encoded: no server takes it for a line break of its own (SMTP smuggling). No line
    begins with a dot, which SMTP would want doubled (RFC 5321 section 4.5.2).
    """
    return b"\r\n".join([_quoted(line) for line in text.split("\n")]) + b"\r\n"


def _going_on(text: str) -> bytes:
    """A text that a soft line break follows, for which its last line leaves room."""
    return encoded("".join((text, "x")))[:-3]


def _escaped(value: str, plain: bytes | None) -> bytes:
    """The same for HTML. A value without markup is that of the text, which most are."""
    markup = escape(value)
    return plain if plain is not None and markup == value else _going_on(markup)


def _quoted(line: str) -> bytes:
    quoted = b2a_qp(line.encode(), istext=False).replace(b"=\n", b"=\r\n")
    if quoted.startswith(b".") or b"\n." in quoted:
        return _DOTS.sub(lambda dots: b"=2E=\r\n" * len(dots[0]), quoted)
    return quoted
