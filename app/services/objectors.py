"""Who objects to direct marketing, as the company asks: how many, and which rows of its own list are theirs."""

import codecs
import csv
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection

from ..domain.address import AddressProblem, read_address
from ..storage import notices, objections, subjects, suppressions
from ..storage.schema import written
from .context import Context
from .known import require_known
from .objectable import ANSWER_WITHIN

_MOST_CHILDREN = 1000
"""Of one address that are looked at: anybody can invent children for it."""

_WIDE = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")  # a line of CSV ends nowhere else, as str.splitlines has it
_DELIMITERS = ";\t,|"
_SEVERAL = re.compile(f"[{_DELIMITERS}\\s]+")
_AROUND = re.compile(r"(?:.*<|'(?=[=+\-@])|mailto:)?\s*([^<>]*?)\s*>?", re.IGNORECASE | re.DOTALL)
"""An address with what programs put around it: a name, the kit's own mark against formulas, the beginning of a link."""


class SeveralControllers(Exception):
    """No controller was named and there are several: it is not said whose objections count. The text is one line."""

    def __init__(self, known: list[str]) -> None:
        super().__init__(f"name one of these with --controller: {', '.join(known)}")


class NotCsv(Exception):
    """What should be filtered cannot be read as CSV; nothing of it may be used. The text says why."""


@dataclass
class Filtered:
    """A list without the rows of who objects: its bytes as they came, and how many rows were left out.

    `for_child` is how many of these are the address of a parent, or of a child, who objects only as such. `no_address`
    is how many rows hold no mail address: nobody can be found in these.
    """

    data: bytes = b""
    rows: int = 0
    left_out: int = 0
    for_child: int = 0
    no_address: int = 0


def count(ctx: Context, controller: str | None) -> dict[str, int]:
    """How many addresses object to the direct marketing of each controller, or of the one named, of strangers too.

    Raises:
        UnknownId: when the one that is named is not known.
    """
    require_known(ctx, controller)
    with ctx.database.read() as connection:
        known = _known(connection)
        counted = suppressions.count(connection, suppressions.OBJECTED)
    return {name: counted.get(name, 0) for name in known if controller in (None, name)}


def to_interests(ctx: Context, controller: str) -> list[dict[str, str]]:
    """Who objects to a legitimate interest of a controller, of those who are kept, with the reasons and the number.

    `answer_by` is when the controller has to have answered (GDPR art. 12(3)).
    """
    with ctx.database.read() as connection:
        return [
            {
                "email": subject.email,
                "subject": subject.id,
                "form": objection.form,
                "purpose": objection.purpose,
                "at": written(objection.at),
                "answer_by": written(ANSWER_WITHIN.after(objection.at)),
                "reasons": objection.reasons,
                "phone": objection.phone,
            }
            for objection in objections.to_interests(connection, controller)
            if (subject := subjects.with_id(connection, objection.subject_id)) is not None
        ]


def refusals(ctx: Context, email_key: str, controller: str | None) -> list[tuple[str, ...]]:
    """What an address said no to unasked, also a stranger's: where, to what, which no, since when, in words."""
    with ctx.database.read() as connection:
        found: list[tuple[str, ...]] = []
        kept = {subject.id for subject in subjects.everywhere(connection, email_key)}
        for name in _known(connection):
            if controller not in (None, name):
                continue
            found.extend(
                (f"{name}/{objection.form}", objection.purpose, "objected", written(objection.at))
                for objection in objections.to_interests(connection, name)
                if objection.subject_id in kept
            )
            if since := suppressions.since(connection, name, suppressions.OBJECTED, email_key):
                found.append((name, "all advertising", "objected", written(since)))
            digests = suppressions.no_mail_digests(connection, name, email_key)
            if mark := suppressions.no_mail(connection, name, digests):
                found.append((name, "all mail from forms", "refused", written(mark.since)))
        return found


def without_objectors(ctx: Context, controller: str | None, data: bytes) -> Filtered:
    """The same CSV without the rows with a cell that is the address of somebody who objects at this controller.

    What is left is byte for byte as it came. Where somebody objects for a child, the parent's address and the child's
    own are left out too: a list of addresses does not say whose row it is.

    Raises:
        UnknownId: when the controller is not known.
        SeveralControllers: when no controller is named where there are several.
        NotCsv: when the list cannot be read, or no row of it holds a mail address.
    """
    require_known(ctx, controller)
    encoding, text = _decoded(data)
    with ctx.database.read() as connection:
        known = _known(connection)
        if controller is None:
            if len(known) != 1:
                raise SeveralControllers(known)
            (controller,) = known
        search = _Search(connection, controller)
        kept, result = [], Filtered()
        for number, (raw, cells) in enumerate(_records(text)):
            found = search.objects(cells)
            if number == 0 and not found:  # a list without a header begins with a row
                kept.append(raw)
                continue
            result.rows += 1
            result.no_address += not found
            if found in ("", "nobody"):
                kept.append(raw)
            else:
                result.left_out += 1
                result.for_child += found == "child"
    if result.rows and result.no_address == result.rows:
        raise NotCsv("no row holds a mail address, so nobody who objects could be found")
    result.data = "".join(kept).encode(encoding, "surrogateescape")
    return result


def _known(connection: Connection) -> list[str]:
    return sorted({controller for controller, _ in notices.shown_by(connection)})


@dataclass
class _Search:
    """Looks up who objects; each address once."""

    connection: Connection
    controller: str
    _seen: dict[str, str] = field(default_factory=dict)

    def objects(self, cells: list[str]) -> str:
        """Who objects in a row: "self", "child" or "nobody"; empty where no mail address stands in it."""
        found = {self._address(part) for cell in cells if "@" in cell for part in (cell, *_SEVERAL.split(cell))}
        return next((who for who in ("self", "child", "nobody") if who in found), "")

    def _address(self, text: str) -> str:
        if "@" not in text:
            return ""
        if text not in self._seen:
            self._seen[text] = self._look_up(text)
        return self._seen[text]

    def _look_up(self, text: str) -> str:
        around = _AROUND.fullmatch(text.strip(' "\r\n\t'))
        try:
            key = read_address(around[1] if around else text).key
        except AddressProblem:
            return ""
        if self._is_marked(key):
            return "self"
        children = subjects.children_of(self.connection, self.controller, key, _MOST_CHILDREN)
        children += subjects.children_at(self.connection, self.controller, key, _MOST_CHILDREN)
        keys = [known.suppression_key for known in children]
        return "child" if any(map(self._is_marked, keys)) else "nobody"

    def _is_marked(self, suppression_key: str) -> bool:
        return suppressions.has(self.connection, self.controller, suppressions.OBJECTED, suppression_key)


def _decoded(data: bytes) -> tuple[str, str]:
    """The text of a list, and how to write it again. Bytes that are no UTF-8 come back as they were."""
    for mark, encoding in _WIDE:
        if data.startswith(mark):
            try:
                return encoding, data.decode(encoding)
            except UnicodeDecodeError:
                raise NotCsv("it is cut off in the middle of a character") from None
    if b"\0" in data:
        raise NotCsv("it is no text: save it as CSV")
    return "utf-8", data.decode("utf-8", "surrogateescape")


def _records(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each record as it came, line ends included, with its cells."""
    csv.field_size_limit(sys.maxsize)
    taken: list[str] = []

    def lines() -> Iterator[str]:
        for line in _LINES.findall(text):
            taken.append(line)
            yield line

    reader = csv.reader(lines(), delimiter=_delimiter(text))
    for cells in reader:
        raw = "".join(taken)
        _require_closed(taken, reader.dialect.delimiter, reader.line_num)
        taken.clear()
        if cells:
            cells[0] = cells[0].removeprefix("\ufeff")
        yield raw, cells


def _require_closed(lines: list[str], delimiter: str, last: int) -> None:
    """A quote that is never closed makes one row of all that follows, and hides who objects there."""
    if len(lines) > 1:
        try:
            list(csv.reader(lines, delimiter=delimiter, strict=True))
        except csv.Error as problem:
            raise NotCsv(f"line {last - len(lines) + 1}: a quote is not closed ({problem})") from None


def _delimiter(text: str) -> str:
    """What separates the cells: of the usual marks the one that the first line has most of, outside quotes."""
    first = _LINES.match(text)
    marks = Counter(re.sub(r'"[^"]*"', "", first[0] if first else ""))
    return max(_DELIMITERS, key=lambda mark: marks[mark])
