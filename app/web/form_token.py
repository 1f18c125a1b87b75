"""The form token: which text a page has shown, signed, in the place of a session's secret, because no cookie is set."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ..domain.form import ServedForm
from ..domain.notice import Notice
from ..services.context import Context
from ..signing import BadToken
from ..storage.notices import StoredNotice

FORM, AGE = "form", "age"

_NOT_FROM_HERE = "error.not_from_here"

_OPEN_FOR = timedelta(hours=24)
_TEXT_STANDS_FOR = timedelta(hours=1)
IN_THE_FUTURE = timedelta(seconds=120)
"""How far the clocks of two servers may differ."""


@dataclass(frozen=True)
class TokenCheck:
    """Which text the person saw, as the form token tells it.

    `problem` names the sentence to say where the answer cannot be taken as it is; `ticks_stand` is whether the ticks
    were set beside the text that is shown again.
    """

    stored: StoredNotice
    problem: str = ""
    ticks_stand: bool = True


def make_form_token(ctx: Context, notice: Notice, step: str) -> str:
    """The token of a form page: it says which text was shown, and is the same for everybody within the minute.

    `step` is AGE on the page of the age question, else FORM.
    """
    return ctx.signing.form.make(
        [f"{notice.controller}/{notice.form}", notice.hash, step, notice.audience, notice.language]
    )


def verify_form_token(ctx: Context, served: ServedForm, current: StoredNotice, token: str, expected: str) -> TokenCheck:
    """Verify the form token that came with an answer to this step. The age question is the same in every text."""
    try:
        payload, signed = ctx.signing.form.read(token)
        form, notice_hash, step, audience, language = payload
    except (BadToken, ValueError, TypeError):
        return TokenCheck(current, _NOT_FROM_HERE, ticks_stand=False)
    notice = current.notice
    if [form, step, audience, language] != [
        f"{served.controller}/{served.form}",
        expected,
        notice.audience,
        notice.language,
    ]:
        return TokenCheck(current, _NOT_FROM_HERE, ticks_stand=False)
    age = ctx.clock() - signed
    if age < -IN_THE_FUTURE:
        return TokenCheck(current, _NOT_FROM_HERE, ticks_stand=False)
    known = expected == AGE or notice_hash == notice.hash
    shown = current if known else _earlier(ctx, current, notice_hash)
    if shown is None:
        return TokenCheck(current, "error.text_changed", ticks_stand=False)
    if age > _OPEN_FOR:
        return TokenCheck(current, "error.page_old", ticks_stand=shown is current)
    return TokenCheck(shown)


def verify_in_any_language(ctx: Context, served: ServedForm, current: StoredNotice, token: str) -> TokenCheck:
    """Verify the form token of a form that is to be shown again, perhaps in another language than it was filled in.

    Where the language is another, the ticks stand if the text beside which they were set is the current one there.
    """
    for language in served.languages:
        if notice_hash := served.notice_hash(language, current.notice.audience):
            filled_in = ctx.stored_notice(notice_hash)
            check = verify_form_token(ctx, served, filled_in, token, FORM)
            if check.problem == _NOT_FROM_HERE:
                continue
            if language == current.notice.language:
                return check
            says_the_same = check.stored.definition_hash == filled_in.definition_hash
            problem = check.problem or ("" if says_the_same else "error.text_changed")
            return TokenCheck(current, problem, check.ticks_stand and says_the_same)
    return TokenCheck(current, _NOT_FROM_HERE, ticks_stand=False)


def _earlier(ctx: Context, current: StoredNotice, notice_hash: str) -> StoredNotice | None:
    """An earlier notice that still counts: it was current within the hour, or only the kit's own words have changed."""
    with ctx.database.read() as connection:
        try:
            known = ctx.fresh_notice(connection, notice_hash)
        except KeyError:
            return None
    if known.definition_hash == current.definition_hash or _was_current(known.current_until, ctx.clock()):
        return known
    return None


def _was_current(until: datetime | None, now: datetime) -> bool:
    return until is None or now - until <= _TEXT_STANDS_FOR
