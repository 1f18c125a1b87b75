"""The form objects, built when something was sent: they read what was typed and say what to put right.

They are Flask-WTF forms with a signed form token in the place of the session's secret, because no cookie is set.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import Field, SelectMultipleField, StringField
from wtforms.csrf.core import CSRF, CSRFTokenField
from wtforms.validators import ValidationError

from .. import i18n
from ..domain.address import AddressProblem, read_address
from ..domain.answers import AnswerProblem, read_answer
from ..domain.form import ServedForm
from ..domain.notice import Notice, NoticeField
from ..services.kit import Kit
from ..signing import BadToken
from ..storage.notices import StoredNotice

STEP = "form"
_OPEN_FOR = timedelta(hours=24)
_TEXT_STANDS_FOR = timedelta(hours=1)
_IN_THE_FUTURE = timedelta(seconds=120)


@dataclass(frozen=True)
class Shown:
    """Which text the person saw, as the form token tells it.

    `problem` names the sentence to say where the answer cannot be taken as it is; `ticks_stand` is whether the ticks
    were set beside the text that is shown again.
    """

    stored: StoredNotice
    problem: str = ""
    ticks_stand: bool = True


def form_token(kit: Kit, notice: Notice) -> str:
    """The token of a form page: it says which text was shown, and is the same for everybody within the minute."""
    return kit.signing.form.make(
        [f"{notice.controller}/{notice.form}", notice.hash, STEP, notice.audience, notice.language]
    )


def what_was_shown(kit: Kit, served: ServedForm, current: StoredNotice, token: str) -> Shown:
    """Read the form token that came with an answer."""
    try:
        payload, signed = kit.signing.form.read(token)
        form, notice_hash, step, audience, language = payload
    except (BadToken, ValueError, TypeError):
        return Shown(current, "error.not_from_here", ticks_stand=False)
    notice = current.notice
    if [form, step, audience, language] != [
        f"{served.controller}/{served.form}",
        STEP,
        notice.audience,
        notice.language,
    ]:
        return Shown(current, "error.not_from_here", ticks_stand=False)
    age = kit.clock() - signed
    if age < -_IN_THE_FUTURE:
        return Shown(current, "error.not_from_here", ticks_stand=False)
    shown = current if notice_hash == notice.hash else _earlier(kit, current, notice_hash)
    if shown is None:
        return Shown(current, "error.text_changed", ticks_stand=False)
    if age > _OPEN_FOR:
        return Shown(current, "error.page_old", ticks_stand=shown is current)
    return Shown(shown)


def _earlier(kit: Kit, current: StoredNotice, notice_hash: str) -> StoredNotice | None:
    """An earlier notice that still counts: it was current within the hour, or only the kit's own words have changed."""
    with kit.database.read() as connection:
        try:
            known = kit.fresh_notice(connection, notice_hash)
        except KeyError:
            return None
    if known.definition == current.definition or _was_current(known.current_until, kit.clock()):
        return known
    return None


def _was_current(until: datetime | None, now: datetime) -> bool:
    return until is None or now - until <= _TEXT_STANDS_FOR


class FormToken(CSRF):
    """Checks the form token. Its context is what the token was found to say."""

    shown: Shown

    def setup_form(self, form: Any) -> list[tuple[str, Any]]:
        self.shown = form.meta.csrf_context
        return super().setup_form(form)

    def generate_csrf_token(self, csrf_token_field: CSRFTokenField) -> str:
        return ""

    def validate_csrf_token(self, form: Any, field: CSRFTokenField) -> None:
        if self.shown.problem:
            raise ValidationError(self.shown.problem)


class AnswerForm(FlaskForm):
    """What every form page asks. The fields of the definition are added for each notice."""

    class Meta(FlaskForm.Meta):
        csrf = True
        csrf_class = FormToken  # type: ignore[assignment]
        csrf_field_name = "form_token"

    email = StringField()
    purposes = SelectMultipleField()
    website = StringField()

    def validate_email(self, field: Field) -> None:
        """One address, checked for form."""
        try:
            read_address(field.data or "")
        except AddressProblem as problem:
            raise ValidationError(i18n.say(self.meta.language, problem.key)) from None


def answer_form(notice: Notice, shown: Shown, example_phone: str) -> AnswerForm:
    """The form object for what was posted under a notice."""
    # A definition may call its field `data` or `meta`, which are names of the form object: so each gets a prefix.
    own = {f"answer_{field.id}": _field(notice, field, example_phone) for field in notice.fields}
    form_class = type("NoticeForm", (AnswerForm,), own)
    meta = {"csrf_context": shown, "language": notice.language, "locales": [notice.language]}
    form: AnswerForm = form_class(formdata=request.form, meta=meta)
    form.purposes.validate_choice = False
    return form


def _field(notice: Notice, spec: NoticeField, example_phone: str) -> Any:
    users = {purpose.id for purpose in notice.used_by(spec.id)}
    told = any(not purpose.asked for purpose in notice.used_by(spec.id))

    def check(form: AnswerForm, field: Field) -> None:
        ticked = [purpose for purpose in notice.asked if purpose.id in (form.purposes.data or [])]
        needing = [purpose for purpose in ticked if purpose.id in users]
        if not needing and not told:
            field.data = ""  # nothing that was ticked needs it, so it is neither judged nor stored
            return
        try:
            field.data = read_answer(spec, field.data or "", i18n.months(notice.language), example_phone)
        except AnswerProblem as problem:
            raise ValidationError(i18n.say(notice.language, problem.key, **problem.values)) from None
        if spec.required and needing and not field.data:
            raise ValidationError(
                i18n.say(notice.language, "error.field.needed", purpose=needing[0].title, label=spec.label)
            )

    return StringField(name=spec.id, validators=[check])


def problems(form: AnswerForm, notice: Notice) -> list[tuple[str, str]]:
    """What is to be put right, as (id on the page, sentence), in the order of the page."""
    known = {purpose.id for purpose in notice.asked}
    found = [("whole-form", i18n.say(notice.language, str(key))) for key in form["form_token"].errors]
    if not set(form.purposes.data or []) <= known:
        found.append(("purposes", i18n.say(notice.language, "error.purpose.unknown")))
    fields = (form.email, *(form[f"answer_{spec.id}"] for spec in notice.fields))
    return found + [(field.name, str(field.errors[0])) for field in fields if field.errors]


def answers(form: AnswerForm, notice: Notice) -> dict[str, str]:
    """What was filled in, by field id, ready to be stored."""
    return {spec.id: form[f"answer_{spec.id}"].data or "" for spec in notice.fields}
