"""A notice: all that one audience is told in one language, fully resolved. It never changes, and its hash names it.

The form page renders a notice and nothing else, so what was shown can be shown again years later (GDPR art. 7(1), 13).
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from ..period import Period
from .age import Service
from .basis import Basis
from .canonical import canonical, digest
from .consent import Audience
from .retention import ends

NoticeRow = tuple[str, tuple[str, ...]]
"""One line of the complete notice: a label, and what it says in one or more sentences."""


@dataclass(frozen=True)
class NoticeField:
    """A question beside the purposes. `required` means: a ticked purpose that uses it cannot do without it.

    `fill` is the autofill token of what it asks about the data subject, or `none`; older notices have nothing there.
    """

    id: str
    type: str
    label: str
    hint: str
    required: bool
    options: tuple[tuple[str, str], ...]
    fill: str = ""

    @property
    def before_answer(self) -> str:
        """The label for in front of a colon and an answer: a question loses its mark."""
        return without_mark(self.label)


def without_mark(label: str) -> str:
    """A label without the sign at its end, for within a sentence."""
    return label.rstrip("?:. \u00a0\u202f")


@dataclass(frozen=True)
class NoticePurpose:
    """One purpose as one audience reads it. `asked` is False for what needs no consent and is only told.

    `stays` says of each recipient that decides itself that it keeps what it got until people ask it, also after a stop.
    `drawing` names what stands beside it where a child reads, in `components/drawings.html`.
    """

    id: str
    asked: bool
    basis: Basis
    title: str
    text: str
    statement: str
    rows: tuple[NoticeRow, ...]
    data: tuple[str, ...]
    keep: str
    valid_for: str
    channel: str
    proof: str
    direct_marketing: bool
    stays: tuple[str, ...] = ()
    drawing: str = ""

    def ends(self, granted: datetime) -> datetime | None:
        """When a consent to this purpose ends by itself, or None."""
        keep, valid_for = (Period.parse(text) if text else None for text in (self.keep, self.valid_for))
        return ends(granted, keep, valid_for)


@dataclass(frozen=True)
class Notice:
    """A notice in one piece. `words` are the kit's own words on the page, by their key in the catalogue.

    `common` are the rows that are alike in every purpose, told once; `rows_before` and `rows_after` stood under each
    purpose in older notices, and are empty since. `imprint` is how the controller is reached: name, address, number in
    the register, telephone, website. `for_parent` says, in a guardian's notice alone, what becomes of the parent's own
    address. `threshold` is the age (years) from which children decide for themselves here, 0 where no age is asked.
    `beside` is the hash of what the parent reads beside this, in a child's notice alone. `service` says whether GDPR
    art. 8 applies (`online`) or not (`offline`). `legal_age` is the age that the law asks where the form asks a higher
    `threshold` of its own accord, else 0. `joint` is whether the child's own yes is needed beside that of its parent.
    """

    controller: str
    controller_name: str
    address: str
    contact: str
    privacy_statement: str
    country: str
    evidence_for: str
    form: str
    language: str
    audience: str
    title: str
    intro: str
    rows_before: tuple[NoticeRow, ...]
    rows_after: tuple[NoticeRow, ...]
    purposes: tuple[NoticePurpose, ...]
    fields: tuple[NoticeField, ...]
    words: dict[str, str]
    authority: str = ""
    threshold: int = 0
    service: Service = "online"
    beside: str = ""
    common: tuple[NoticeRow, ...] = ()
    registration: str = ""
    phone: str = ""
    for_parent: tuple[str, ...] = ()
    joint: bool = False
    legal_age: int = 0
    website: str = ""

    @cached_property
    def document(self) -> str:
        """The canonical text that is stored."""
        return canonical({"version": 1} | asdict(self)).decode()

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the canonical text: the name of this notice."""
        return digest(self.document)

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> "Notice":
        """The notice that a stored document, read as JSON, stands for."""
        parts = dict(plain)
        parts.pop("version")
        parts["rows_before"] = _rows(parts["rows_before"])
        parts["rows_after"] = _rows(parts["rows_after"])
        parts["common"] = _rows(parts.get("common", ()))
        parts["for_parent"] = tuple(parts.get("for_parent", ()))
        parts["purposes"] = tuple(
            NoticePurpose(
                **purpose
                | {"basis": Basis(purpose["basis"]), "rows": _rows(purpose["rows"]), "data": tuple(purpose["data"])}
                | {"stays": tuple(purpose.get("stays", ()))}
            )
            for purpose in parts["purposes"]
        )
        parts["fields"] = tuple(
            NoticeField(**field | {"options": tuple((key, label) for key, label in field["options"])})
            for field in parts["fields"]
        )
        return cls(**parts)

    @property
    def imprint(self) -> str:
        """Who the controller is and how it is reached, in one line."""
        site = self.website.partition("://")[2].rstrip("/")
        parts = (self.controller_name, self.address, self.registration, self.phone, site)
        return ", ".join(part for part in parts if part)

    @property
    def young(self) -> bool:
        """Whether a child or teenager reads this, and is spoken to as one (je, tu)."""
        return self.audience in (Audience.TEEN, Audience.CHILD)

    @property
    def asked(self) -> tuple[NoticePurpose, ...]:
        """The purposes that need consent, each with a box of its own."""
        return tuple(purpose for purpose in self.purposes if purpose.asked)

    @property
    def told(self) -> tuple[NoticePurpose, ...]:
        """The purposes that are told and not asked."""
        return tuple(purpose for purpose in self.purposes if not purpose.asked)

    def purpose(self, purpose_id: str) -> NoticePurpose:
        """The purpose with this id. Raises KeyError when this notice has none."""
        for purpose in self.purposes:
            if purpose.id == purpose_id:
                return purpose
        raise KeyError(purpose_id)

    def used_by(self, field_id: str) -> tuple[NoticePurpose, ...]:
        """The purposes that use a field, asked and told."""
        return tuple(purpose for purpose in self.purposes if field_id in purpose.data)

    def own_fields(self, purpose: NoticePurpose) -> tuple[NoticeField, ...]:
        """The fields that this purpose alone uses, where it is asked: they stand in its card."""
        return tuple(field for field in self.fields if purpose.asked and self.used_by(field.id) == (purpose,))

    @property
    def shared_fields(self) -> tuple[NoticeField, ...]:
        """All other fields: they stand below the purposes."""
        own = {field.id for purpose in self.asked for field in self.own_fields(purpose)}
        return tuple(field for field in self.fields if field.id not in own)

    def fields_for(self, purpose_ids: Iterable[str]) -> set[str]:
        """The fields that these purposes use, with those of all that is told. Raises KeyError like `purpose`."""
        purposes = (*map(self.purpose, purpose_ids), *self.told)
        return {field for purpose in purposes for field in purpose.data}


def _rows(plain: Iterable[Any]) -> tuple[NoticeRow, ...]:
    return tuple((label, tuple(lines)) for label, lines in plain)
