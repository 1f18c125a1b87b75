"""A stencil is a mail without the person: rendered and encoded once for all mails of one shape, then filled in.

What differs from person to person is a hole. A line of text that has one is encoded when it is filled, alone, so that
no other line changes; that saves nine tenths of what it takes to render and encode a mail.
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
Line = tuple[str | int, ...]
"""A line with holes: its text, and the numbers of the values between."""

_FIRST = 0xE100
"""Holes stand in a rendered text as signs for private use: no text of ours, of a definition or of a form holds one."""
_HOLE = re.compile("([\ue100-\uefff])")


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
    """A mail with holes. `frame` is its header and structure, with places for headers of its own and two bodies."""

    frame: bytes
    bodies: tuple[Sequence[bytes | Line], ...]
    looks: Sequence[Look]

    def fill(self, context: MailContext, head: tuple[str, ...]) -> bytes:
        """The mail of one person; `head` are the values of its own headers, in the order of the frame."""
        values = [look(context) for look in self.looks]
        values += [escape(value) for value in values]  # the second body is HTML
        filled = [b"".join([_filled(part, values) for part in parts]) for parts in self.bodies]
        return self.frame % (*[value.encode() for value in head], *filled)


def _filled(part: bytes | Line, values: list[str]) -> bytes:
    if isinstance(part, bytes):
        return part
    return encoded("".join([piece if isinstance(piece, str) else str(values[piece]) for piece in part]))


def body(text: str, holes: int, shift: int = 0) -> list[bytes | Line]:
    """A rendered text with so many holes in parts: what is encoded already, and each line that has holes.

    `shift` is added to the number of each hole.
    """
    parts: list[bytes | Line] = []
    known = b""
    for line in text.removesuffix("\n").split("\n"):
        pieces = _HOLE.split(line) if holes else [line]
        if len(pieces) > 1:
            numbered = [ord(piece) - _FIRST + shift if number % 2 else piece for number, piece in enumerate(pieces)]
            parts += [known, tuple(numbered)]
            known = b""
        else:
            known += encoded(line)
    return [*parts, known]


def encoded(text: str) -> bytes:
    """A text as quoted-printable (RFC 2045 section 6.7), ended by a line break, in lines of at most 76 characters.

    A carriage return within a line is encoded: no server takes it for a line break of its own (SMTP smuggling).
    """
    lines = [b2a_qp(line.encode(), istext=False).replace(b"=\n", b"=\r\n") for line in text.split("\n")]
    return b"\r\n".join(lines) + b"\r\n"
