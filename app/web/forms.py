"""The form objects, built when something was sent: they read what was typed and say what to put right.

They are Flask-WTF forms with a signed form token in the place of the session's secret, because no cookie is set.
"""

from collections.abc import Collection, Iterable
from typing import Any, TypeVar

from flask import request
from flask_wtf import FlaskForm
from wtforms import Field, SelectMultipleField, StringField
from wtforms.csrf.core import CSRF, CSRFTokenField
from wtforms.validators import ValidationError

from .. import i18n
from ..domain.address import Address, AddressProblem, mailbox, read_address
from ..domain.countries import example_phone
from ..domain.field_values import AnswerProblem, read_answer
from ..domain.notice import Notice, NoticeField
from ..services.decisions import unsigned
from .app_state import app_state
from .form_token import TokenCheck

F = TypeVar("F", bound=FlaskForm)


def submitted_button(*buttons: str) -> str | None:
    """Which of these buttons was pressed, or None: a script that sends a form sends no button along."""
    decision = request.form.get("decision", "")
    return decision if decision in buttons else None


def autocomplete(field: NoticeField) -> str:
    """What a browser may fill in: the autofill token for a field about the person who types (WCAG 2.2, 1.3.5)."""
    if field.type == "name":
        return "given-name" if "first" in field.id else "name"
    return {"tel": "tel", "postal_address": "street-address"}.get(field.type, "off")


class FormToken(CSRF):
    """Checks the form token. Its context is what the token was found to say."""

    check: TokenCheck

    def setup_form(self, form: Any) -> list[tuple[str, Any]]:
        self.check = form.meta.csrf_context
        return super().setup_form(form)

    def generate_csrf_token(self, csrf_token_field: CSRFTokenField) -> str:
        return ""

    def validate_csrf_token(self, form: Any, field: CSRFTokenField) -> None:
        if self.check.problem:
            raise ValidationError(self.check.problem)


class FormPage(FlaskForm):
    """What every page of a form sends. Nothing here is read from an address."""

    class Meta(FlaskForm.Meta):
        csrf = True
        csrf_class = FormToken  # type: ignore[assignment]
        csrf_field_name = "form_token"

    purposes = SelectMultipleField(validate_choice=False)
    website = StringField()


class AnswerForm(FormPage):
    """What somebody is asked who decides alone. The fields of the definition are added for each notice.

    `address` is what `email` was read as, once it was found good.
    """

    email = StringField()
    address: Address

    def validate_email(self, field: Field) -> None:
        """One address, checked for form."""
        try:
            self.address = read_address(field.data or "")
        except AddressProblem as problem:
            raise ValidationError(i18n.say(self.meta.language, problem.key, self.meta.young)) from None


class ChildForm(FormPage):
    """What a child is asked: its first name, and the address of a parent, which is read like an adult's."""

    child_name = StringField()
    guardian_email = StringField()
    address: Address

    def validate_child_name(self, field: Field) -> None:
        """A first name, and nothing that somebody else could be sent by it."""
        try:
            field.data = read_answer(_CHILD_NAME, field.data or "", i18n.date_words(self.meta.language), "")
            problem = "" if field.data else "error.child_name.missing"
        except AnswerProblem as wrong:
            too_long = wrong.key == "error.field.too_long"
            problem = "error.child_name.too_long" if too_long else "error.child_name.characters"
        if problem:
            raise ValidationError(i18n.say(self.meta.language, problem, True))

    def validate_guardian_email(self, field: Field) -> None:
        """One address, checked for form."""
        try:
            self.address = read_address(field.data or "")
        except AddressProblem as wrong:
            problem = "missing" if wrong.key == "error.email.missing" else "format"
            raise ValidationError(i18n.say(self.meta.language, f"error.guardian_email.{problem}", True)) from None


_CHILD_NAME = NoticeField("child_name", "name", "", "", True, ())


def child_form(notice: Notice, check: TokenCheck) -> ChildForm:
    """The form object for what a child posted under a notice."""
    return _made(ChildForm, notice, csrf_context=check)


def child_problems(form: ChildForm, notice: Notice) -> list[tuple[str, str]]:
    """What is to be put right, like `problems`."""
    return _found(form, notice, (form.child_name, form.guardian_email))


class GuardianForm(FlaskForm):
    """What a parent is asked. There is no token: the link is the authority."""

    class Meta(FlaskForm.Meta):
        csrf = False

    purposes = SelectMultipleField(validate_choice=False)
    explicit = SelectMultipleField(validate_choice=False)
    is_guardian = StringField()
    child_email = StringField()

    def validate_is_guardian(self, field: Field) -> None:
        """Who allows anything declares to be a parent or guardian (GDPR art. 8(2))."""
        if self.purposes.data and field.data != "yes":
            raise ValidationError(i18n.say(self.meta.language, "error.is_guardian.missing"))

    def validate_child_email(self, field: Field) -> None:
        """An address of the child's own, if any; one that only looks different is the parent's."""
        if not (field.data or "").strip() or not self.purposes.data:
            return
        try:
            address = read_address(field.data)
        except AddressProblem:
            raise ValidationError(i18n.say(self.meta.language, "error.child_email.format")) from None
        if mailbox(address.key) == mailbox(self.meta.email_key):
            raise ValidationError(i18n.say(self.meta.language, "error.child_email.same"))


def guardian_form(notice: Notice, fields: Iterable[NoticeField], email_key: str) -> GuardianForm:
    """The form object for what a parent posted, who was mailed at the address with this key."""
    own = {f"answer_{field.id}": _field(notice, field) for field in fields}
    form: GuardianForm = _made(type("DecisionForm", (GuardianForm,), own), notice, email_key=email_key)
    return form


def guardian_problems(
    form: GuardianForm, notice: Notice, fields: Iterable[NoticeField], wished: Collection[str]
) -> list[tuple[str, str]]:
    """What is to be put right, like `problems`. More than the child wished cannot be allowed."""
    own = (*(form[f"answer_{spec.id}"] for spec in fields), form.child_email, form.is_guardian)
    allowed = [purpose for purpose in wished if purpose in (form.purposes.data or ())]
    empty = [
        (f"explicit-{purpose.id}", i18n.say(notice.language, "error.explicit.guardian", purpose=purpose.title))
        for purpose in unsigned(notice, allowed, form.explicit.data or ())
    ]
    return _unknown(form.purposes.data, notice, wished) + empty + _wrong(own)


def answer_form(notice: Notice, check: TokenCheck) -> AnswerForm:
    """The form object for what was posted under a notice. Its class is made once: that takes longer than to use it."""
    kinds = app_state().answer_forms
    if notice.hash not in kinds:
        # A definition may call its field `data` or `meta`, which are names of the form object: so each gets a prefix.
        own = {f"answer_{field.id}": _field(notice, field) for field in notice.fields}
        kinds[notice.hash] = type("NoticeForm", (AnswerForm,), own)
    form: AnswerForm = _made(kinds[notice.hash], notice, csrf_context=check)
    return form


def _made(form_class: type[F], notice: Notice, **meta: object) -> F:
    # Every sentence comes from our catalogues; WTForms has its own in some languages, and fails in any other.
    meta |= {"language": notice.language, "young": notice.young, "locales": False}
    return form_class(formdata=request.form, meta=meta)


def _field(notice: Notice, spec: NoticeField) -> Any:
    users = {purpose.id for purpose in notice.used_by(spec.id)}
    told = any(not purpose.asked for purpose in notice.used_by(spec.id))

    def check(form: AnswerForm | GuardianForm, field: Field) -> None:
        ticked = [purpose for purpose in notice.asked if purpose.id in (form.purposes.data or [])]
        needing = [purpose for purpose in ticked if purpose.id in users]
        if not needing and not told:
            field.data = ""  # nothing that was ticked needs it, so it is neither judged nor stored
            return
        try:
            example = example_phone(notice.country)
            field.data = read_answer(spec, field.data or "", i18n.date_words(notice.language), example)
        except AnswerProblem as problem:
            raise ValidationError(i18n.say(notice.language, problem.key, notice.young, **problem.values)) from None
        if spec.required and needing and not field.data:
            raise ValidationError(
                i18n.say(
                    notice.language, "error.field.needed", notice.young, purpose=needing[0].title, label=spec.label
                )
            )

    return StringField(name=spec.id, validators=[check])


def problems(form: AnswerForm, notice: Notice) -> list[tuple[str, str]]:
    """What is to be put right, as (id on the page, sentence), in the order of the page."""
    return _found(form, notice, (form.email, *(form[f"answer_{spec.id}"] for spec in notice.fields)))


def _found(form: FormPage, notice: Notice, fields: Iterable[Field]) -> list[tuple[str, str]]:
    found = [("whole-form", i18n.say(notice.language, str(key), notice.young)) for key in form["form_token"].errors]
    known = [purpose.id for purpose in notice.asked]
    return found + _unknown(form.purposes.data, notice, known) + _wrong(fields)


def _unknown(ticked: list[str] | None, notice: Notice, known: Collection[str]) -> list[tuple[str, str]]:
    if set(ticked or ()) <= set(known):
        return []
    return [("purposes", i18n.say(notice.language, "error.purpose.unknown", notice.young))]


def _wrong(fields: Iterable[Field]) -> list[tuple[str, str]]:
    return [(field.name, str(field.errors[0])) for field in fields if field.errors]


def answers(form: FlaskForm, fields: Iterable[NoticeField]) -> dict[str, str]:
    """What was filled in, by field id, ready to be stored."""
    return {spec.id: form[f"answer_{spec.id}"].data or "" for spec in fields}
