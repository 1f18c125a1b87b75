"""What was typed on the page of a form, read at once where all of it is in order.

Most people send a form that is in order, and a form object of Flask-WTF takes five times as long. `forms` builds one
where something is to be put right, with the same functions; a test holds both to the same answers.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from flask import request

from .. import i18n
from ..domain.address import Address, AddressProblem, as_meant, read_address
from ..domain.age import BirthProblem, read_childs_month
from ..domain.countries import example_phone
from ..domain.field_values import AnswerProblem, read_answer
from ..domain.near_misses import probably_meant
from ..domain.notice import Notice, NoticeField
from .form_token import TokenCheck

_CHILD_NAME = NoticeField("child_name", "name", "", "", True, ())


@dataclass(frozen=True)
class FormAnswer:
    """What somebody answered to a form. `fields` is what was filled in, by field; the rest is about a child."""

    address: Address
    fields: dict[str, str]
    child_name: str = ""
    decides_from: date | None = None


def of_adult(check: TokenCheck) -> FormAnswer | None:
    """What somebody sent who decides alone; None where something is to be put right."""
    notice, ticked = check.stored.notice, request.form.getlist("purposes")
    if not _can_be_read(check, ticked):
        return None
    try:
        return FormAnswer(read_once("email"), _read_fields(notice, ticked))
    except (AddressProblem, AnswerProblem):
        return None


def of_parent(check: TokenCheck, today: date) -> FormAnswer | None:
    """What an adult sent from a form for children; None where something is to be put right."""
    notice, ticked = check.stored.notice, request.form.getlist("purposes")
    if not _can_be_read(check, ticked) or (ticked and request.form.get("is_guardian") != "yes"):
        return None
    try:
        child = read_child_name(notice)
        decides_from = read_childs_month(request.form, i18n.date_words(notice.language), today, notice.threshold)
        answer = FormAnswer(read_once("email"), _read_fields(notice, ticked, child), child, decides_from)
    except (AddressProblem, AnswerProblem, BirthProblem):
        return None
    return answer if child else None


def of_child(check: TokenCheck, decides_from: date | None) -> FormAnswer | None:
    """What a child sent, whose month is known from the age question; None where something is to be put right."""
    if not _can_be_read(check, request.form.getlist("purposes")):
        return None
    try:
        child = read_child_name(check.stored.notice)
        return FormAnswer(read_once("guardian_email"), {}, child, decides_from) if child else None
    except (AddressProblem, AnswerProblem):
        return None


def _can_be_read(check: TokenCheck, ticked: Iterable[str]) -> bool:
    asked = {purpose.id for purpose in check.stored.notice.asked}
    return not check.problem and asked.issuperset(ticked)


def _read_fields(notice: Notice, ticked: Collection[str], child: str = "") -> dict[str, str]:
    named = first_name_field(notice.fields) if child else ""
    return {
        spec.id: read_field(notice, spec, ticked, typed_into(spec, child if spec.id == named else ""))
        for spec in notice.fields
    }


def read_once(field: str) -> Address:
    """The address in a field of the page. One that is probably mistyped is asked about once, and taken when it stays.

    Raises:
        AddressProblem: when it is no address, or is to be asked about.
    """
    form = request.form
    typed = form.get(field, "")
    address = read_address(typed)
    meant = probably_meant(address.email)
    if meant and as_meant(form.get(f"{field}-asked", "")) != as_meant(typed):
        raise AddressProblem("error.email.meant", meant=meant, typed=address.email)
    return address


def read_child_name(notice: Notice) -> str:
    """The first name of a child, which may be missing.

    Raises:
        AnswerProblem: when it is none, or something that somebody else could be sent by it.
    """
    return read_answer(_CHILD_NAME, request.form.get("child_name", ""), i18n.date_words(notice.language), "")


def read_field(notice: Notice, spec: NoticeField, ticked: Collection[str], typed: str) -> str:
    """What was typed into a field of a definition.

    Raises:
        AnswerProblem: when it cannot be taken, or is missing where a ticked purpose needs it.
    """
    users = notice.used_by(spec.id)
    needing = [purpose for purpose in users if purpose.asked and purpose.id in ticked]
    if not needing and all(purpose.asked for purpose in users):
        return ""  # nothing that was ticked needs it, so it is neither judged nor stored
    value = read_answer(spec, typed, i18n.date_words(notice.language), example_phone(notice.country))
    if spec.required and needing and not value:
        raise AnswerProblem("error.field.needed", purpose=needing[0].title, label=spec.label)
    return value


def typed_into(spec: NoticeField, taken_over: str = "") -> str:
    """What was typed into a field of the definition; an address may have come in parts.

    `taken_over` is the first name of a child, which a parent can take over where nothing was typed.
    """
    form = request.form
    typed, *parts = [form.get(name, "") for name in names_of(spec)]
    if taken_over and not typed.strip() and form.get("use_child_name") == "yes":
        return taken_over
    if not parts:
        return typed
    town = " ".join(filter(None, map(str.strip, parts)))
    return typed if town in typed else f"{typed}\n{town}"


def names_of(field: NoticeField) -> tuple[str, ...]:
    """The names under which a field of the definition is sent: its own, and those of the rest of an address."""
    return (field.id, f"{field.id}-postcode", f"{field.id}-town") if field.type == "postal_address" else (field.id,)


def first_name_field(fields: Iterable[NoticeField]) -> str:
    """The id of the field that asks for the first name of a child, which a parent can take over; else nothing."""
    return next((field.id for field in fields if field.fill == "given-name"), "")
