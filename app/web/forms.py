"""The forms of the pages where something that was sent may have to be put right, with the sentences that say how.

Flask-WTF reads the fields that every notice has, with our signed form token as its CSRF token, because no cookie is
set. The fields of a definition differ from notice to notice: they are read by `_read_fields`.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import Field, SelectMultipleField, StringField
from wtforms.csrf.core import CSRF, CSRFTokenField
from wtforms.validators import ValidationError

from .. import i18n
from ..domain.address import Address, AddressProblem, mailbox, read_address
from ..domain.age import BirthProblem, read_childs_month
from ..domain.countries import example_phone
from ..domain.field_values import FILLED_BY_TYPE, AnswerProblem, read_answer
from ..domain.near_misses import probably_meant
from ..domain.notice import Notice, NoticeField
from ..services.decisions import unsigned
from .answers import FormAnswer, first_name_field, read_child_name, read_field, read_once, typed_into
from .form_token import TokenCheck

Problems = list[tuple[str, str]]
"""What is to be put right, as (id on the page, sentence), in the order of the page."""

MOST_REASONS = 1000
"""Characters in the reasons of an objection."""
_OF_GUARDIAN = {
    "error.email.missing": "error.guardian_email.missing",
    "error.email.format": "error.guardian_email.format",
}
_OF_CHILD = dict.fromkeys(("error.email.missing", "error.email.format"), "error.child_email.format")


def submitted_button(*buttons: str) -> str | None:
    """Which of these buttons was pressed, or None: a script that sends a form sends no button along."""
    decision = request.form.get("decision", "")
    return decision if decision in buttons else None


def is_unsure(ticked: Iterable[str], asked: Iterable[str]) -> bool:
    """Whether a no that comes with boxes of these purposes ticked is to be asked which of the two is meant: once."""
    return not request.form.get("asked") and not set(asked).isdisjoint(ticked)


def looks_mistyped(typed: str) -> bool:
    """Whether this is an address that is asked about."""
    try:
        return bool(probably_meant(read_address(typed).email))
    except AddressProblem:
        return False


def autocomplete(field: NoticeField) -> str:
    """What a browser may fill in: the autofill token of a field about the person who types (WCAG 2.2, 1.3.5)."""
    declared = field.fill or FILLED_BY_TYPE.get(field.type, "none")
    return "off" if declared == "none" else declared


class FormToken(CSRF):
    """Our form token as the CSRF token of a form. Its context is what the token was found to say."""

    check: TokenCheck

    def setup_form(self, form: Any) -> list[tuple[str, Any]]:
        self.check = form.meta.csrf_context
        return super().setup_form(form)

    def generate_csrf_token(self, csrf_token_field: CSRFTokenField) -> str:
        return ""  # the page has its token from `make_form_token`: it is the same for everybody

    def validate_csrf_token(self, form: Any, field: CSRFTokenField) -> None:
        if self.check.problem:
            raise ValidationError(form.say(self.check.problem))


class NoticeForm(FlaskForm):
    """What somebody posted under a notice. Nothing here is read from an address."""

    class Meta(FlaskForm.Meta):
        csrf = False

    purposes = SelectMultipleField(validate_choice=False)

    def __init__(self, notice: Notice, fields: Sequence[NoticeField] = (), **meta: object) -> None:
        """Read what was posted. `fields` are those of the definition that the page asks for."""
        self.notice = notice
        self.fields = fields
        # Every sentence comes from our catalogues; WTForms has its own in some languages, and fails in any other.
        super().__init__(formdata=request.form, meta={"locales": False} | meta)  # type: ignore[no-untyped-call]
        self.ticked: list[str] = self.purposes.data or []
        self.answers: dict[str, str] = {}
        """What was filled in, by field id, ready to be stored: set by `problems`."""

    def say(self, key: str, **values: object) -> str:
        """A sentence in the words of who reads the notice."""
        return i18n.say(self.notice.language, key, self.notice.young, **values)

    def _as_on_page(self, problems: Problems) -> tuple[Problems, Problems]:
        """What is wrong in the cards of purposes, and below them."""
        own = [field.id for purpose in self.notice.asked for field in self.notice.own_fields(purpose)]
        above = sorted((one for one in problems if one[0] in own), key=lambda one: own.index(one[0]))
        return above, [one for one in problems if one[0] not in own]

    def _unknown(self, known: Collection[str]) -> Problems:
        if set(self.ticked) <= set(known):
            return []
        return [("purposes", self.say("error.purpose.unknown"))]

    def typed_for(self, spec: NoticeField) -> str:
        """What was typed into a field of the definition."""
        return typed_into(spec)

    def _read_fields(self) -> Problems:
        found = []
        for spec in self.fields:
            try:
                self.answers[spec.id] = read_field(self.notice, spec, self.ticked, self.typed_for(spec))
            except AnswerProblem as problem:
                found.append((spec.id, self.say(problem.key, **problem.values)))
        return found


class TokenForm(NoticeForm):
    """What the page of a form sends: its token, and a field that only machines fill in."""

    class Meta(FlaskForm.Meta):
        csrf = True
        csrf_class = FormToken  # type: ignore[assignment]
        csrf_field_name = "form_token"

    website = StringField()
    address: Address
    """What the mail address was read as: set by `problems`, once it was found good."""

    def __init__(self, notice: Notice, fields: Sequence[NoticeField], check: TokenCheck) -> None:
        super().__init__(notice, fields, csrf_context=check)

    @property
    def answer(self) -> FormAnswer:
        """What was sent, once `problems` has found none."""
        return FormAnswer(self.address, self.answers)

    def problems(self) -> Problems:
        """What is to be put right."""
        self.validate()
        known = [purpose.id for purpose in self.notice.asked]
        token = [("whole-form", str(sentence)) for sentence in self["form_token"].errors]
        return token + self._unknown(known) + self._wrong_answers()

    def _wrong_answers(self) -> Problems:
        """What is wrong of the answers, in the order of the page."""
        above, below = self._as_on_page(self._read_fields())
        return above + _wrong(field for field in self if field.name != "form_token") + below


class AnswerForm(TokenForm):
    """What somebody is asked who decides alone."""

    email = StringField()

    def validate_email(self, field: Field) -> None:
        """One address, checked for form."""
        try:
            self.address = read_once(field.name)
        except AddressProblem as problem:
            raise ValidationError(self.say(problem.key, **problem.values)) from None


class NamesChild(NoticeForm):
    """A form on which a child or its parent gives the first name of the child."""

    child_name = StringField()

    def validate_child_name(self, field: Field) -> None:
        """A first name, and nothing that somebody else could be sent by it."""
        try:
            field.data = read_child_name(self.notice)
            problem = "" if field.data else "error.child_name.missing"
        except AnswerProblem as wrong:
            too_long = wrong.key == "error.field.too_long"
            problem = "error.child_name.too_long" if too_long else "error.child_name.characters"
        if problem:
            raise ValidationError(self.say(problem))


class TakesName(NoticeForm):
    """A form on which a parent can take over the first name of the child, for the field that asks for it."""

    use_child_name = StringField()
    known_name = ""

    def typed_for(self, spec: NoticeField) -> str:
        """What was typed, which goes before what can be taken over."""
        return typed_into(spec, self.known_name if spec.id == first_name_field(self.fields) else "")


class Declares(NoticeForm):
    """A form on which somebody allows something for a child."""

    is_guardian = StringField()

    def validate_is_guardian(self, field: Field) -> None:
        """Who allows anything declares to be a parent or guardian (GDPR art. 8(2))."""
        if self.ticked and field.data != "yes":
            raise ValidationError(self.say("error.is_guardian.missing"))


class ChildForm(NamesChild, TokenForm):
    """What a child is asked: its first name, and the address of a parent, which is read like an adult's."""

    guardian_email = StringField()

    def __init__(self, notice: Notice, check: TokenCheck, decides_from: date | None) -> None:
        self.decides_from = decides_from
        super().__init__(notice, (), check)

    @property
    def answer(self) -> FormAnswer:
        """What was sent, once `problems` has found none."""
        return FormAnswer(self.address, {}, self.child_name.data or "", self.decides_from)

    def validate_guardian_email(self, field: Field) -> None:
        """One address, checked for form."""
        try:
            self.address = read_once(field.name)
        except AddressProblem as problem:
            raise ValidationError(self.say(_OF_GUARDIAN.get(problem.key, problem.key), **problem.values)) from None


class ParentForm(NamesChild, TakesName, Declares, AnswerForm):
    """What an adult is asked on a form for children: what may be done, for which child, and a declaration."""

    decides_from: date
    """The first day of the month in which the child reaches the age to decide: set by `problems`."""

    def __init__(self, notice: Notice, fields: Sequence[NoticeField], check: TokenCheck, today: date) -> None:
        self.today = today
        super().__init__(notice, fields, check)

    @property
    def answer(self) -> FormAnswer:
        """What was sent, once `problems` has found none."""
        return FormAnswer(self.address, self.answers, self.child_name.data or "", self.decides_from)

    def _wrong_answers(self) -> Problems:
        self.known_name = self.child_name.data or ""
        above, below = self._as_on_page(self._read_fields())
        problems = _wrong((self.child_name,)) + self._read_month() + _wrong((self.email,))
        return above + problems + below + _wrong((self.is_guardian,))

    def _read_month(self) -> Problems:
        try:
            words = i18n.date_words(self.notice.language)
            self.decides_from = read_childs_month(request.form, words, self.today, self.notice.threshold)
        except BirthProblem as problem:
            return [(problem.part, self.say(problem.key))]
        return []


class GuardianForm(TakesName, Declares):
    """What a parent is asked, who was mailed at the address with the key `email_key`. The link is the authority.

    `child_name` is the first name that the child gave.
    """

    explicit = SelectMultipleField(validate_choice=False)
    child_email = StringField()

    def __init__(self, notice: Notice, fields: Sequence[NoticeField], email_key: str, child_name: str) -> None:
        self.email_key = email_key
        self.known_name = child_name
        super().__init__(notice, fields)

    def validate_child_email(self, field: Field) -> None:
        """An address of the child's own, if any; one that only looks different is the parent's."""
        if not (field.data or "").strip() or not self.ticked:
            return
        try:
            address = read_once(field.name)
        except AddressProblem as problem:
            raise ValidationError(self.say(_OF_CHILD.get(problem.key, problem.key), **problem.values)) from None
        if mailbox(address.key) == mailbox(self.email_key):
            raise ValidationError(self.say("error.child_email.same"))

    def problems(self, wished: Collection[str]) -> Problems:
        """What is to be put right. More than the child wished cannot be allowed."""
        self.validate()
        allowed = [purpose for purpose in wished if purpose in self.ticked]
        unsaid = [
            (f"explicit-{purpose.id}", self.say("error.explicit.guardian", purpose=purpose.title))
            for purpose in unsigned(self.notice, allowed, self.explicit.data or ())
        ]
        return self._unknown(wished) + unsaid + self._read_fields() + _wrong((self.child_email, self.is_guardian))


class ObjectionForm(NoticeForm):
    """What goes with an objection to a legitimate interest: reasons and, where it goes by telephone, the number."""

    def __init__(self, notice: Notice, by_phone: bool) -> None:
        t = i18n.speaker(notice.language, notice.young)
        values = {"controller": notice.controller_name}
        asked = [
            NoticeField(
                "reasons", "long_text", t("object.reasons.label"), t("object.reasons.hint", **values), False, ()
            )
        ]
        if by_phone:
            asked.insert(
                0, NoticeField("phone", "tel", t("object.phone.label"), t("object.phone.hint", **values), False, ())
            )
        super().__init__(notice, asked)

    def problems(self) -> Problems:
        """What is to be put right."""
        found = []
        for spec in self.fields:
            try:
                words, example = i18n.date_words(self.notice.language), example_phone(self.notice.country)
                answer = self.answers[spec.id] = read_answer(spec, request.form.get(spec.id, ""), words, example)
                if spec.id == "reasons" and len(answer) > MOST_REASONS:
                    raise AnswerProblem("error.field.too_long", label=spec.label, max=MOST_REASONS)
            except AnswerProblem as problem:
                found.append((spec.id, self.say(problem.key, **problem.values | {"max": MOST_REASONS})))
        return found


def _wrong(fields: Iterable[Field]) -> Problems:
    return [(field.name, str(field.errors[0])) for field in fields if field.errors]
