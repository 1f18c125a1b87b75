"""What was typed is read at once where it is in order, and by the forms of Flask-WTF where it is not: both agree."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from app.domain.consent import Audience
from app.services.context import Context
from app.web import answers
from app.web.app_state import AppState
from app.web.form_token import TokenCheck
from app.web.forms import AnswerForm, ChildForm, ParentForm, TokenForm
from tests.domain.hostile import HOSTILE
from tests.web.ways import BAKECLUB, DESK, FILLED, FORMS, GATED, PAPA, SOFIE, Form, filled

TODAY, DECIDES_FROM = date(2026, 11, 21), date(2030, 3, 1)
READERS: dict[str, list[Form]] = {
    "adult": [*FORMS, *(form for form in GATED if form.form in ("newsletter", "camp"))],
    "guardian": [BAKECLUB],
    "child": list(GATED),
}
GOOD = FILLED | {
    "email": SOFIE,
    "guardian_email": PAPA,
    "child_name": "Noor",
    "child_birth_month": "maart",
    "child_birth_year": "2017",
    "is_guardian": "yes",
    "use_child_name": "yes",
    "home": "Kerkstraat 1",
    "home-postcode": "8000",
    "home-town": "Brugge",
    "size": "large",
    "told": "21 november 2026",
}
SENT = [text for text in HOSTILE.values() if len(text) < 1000 and text == text.encode(errors="ignore").decode()]
HARD = (
    *("", " ", "x", "yes", "ja", "2030", "13", "0", "1917", "2011", "Noor\u200b", "\uff2eoor", "noor.be", "1 mei 2017"),
    *("sofie@gmial.com", " Sofie <sofie@voorbeeld.test>", "sofie@voorbeeld,be", "a@b.local", "sofie@xn--bcher-kva.be"),
    *("Kerkstraat 1", "9000 Gent", "autumn", "korenmarkt", "06 12", "+32 (0)2 123 45 67", "<b>", *SENT),
)
"""What is refused by some field, or read as something else than it is."""
many = hypothesis_settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
"""Nothing is stored: one application will do for all examples."""


@pytest.fixture
def state(app: Flask) -> AppState:
    state: AppState = app.extensions["akkoord"]
    return state


@many
@pytest.mark.parametrize("reader", READERS)
@given(data=st.data())
def test_what_is_read_at_once_is_what_the_form_with_its_sentences_reads(
    app: Flask, state: AppState, reader: str, data: st.DataObject
) -> None:
    form = data.draw(st.sampled_from(READERS[reader]))
    check = shown(state, form, data.draw(st.sampled_from(form.languages)), reader)
    check = replace(check, problem=data.draw(st.sampled_from(("", "", "", "error.page_old"))))
    sent = data.draw(posted(check))

    with app.test_request_context(form.address("nl"), method="POST", data=sent):
        at_once, form_object = read(check, reader)
        wrong = form_object.problems()

    assert (at_once is None) == bool(wrong)
    assert wrong or at_once == form_object.answer


@pytest.mark.parametrize("reader", READERS)
def test_what_is_in_order_is_read_at_once(app: Flask, state: AppState, reader: str) -> None:
    for form in READERS[reader]:
        check = shown(state, form, form.languages[-1], reader)
        notice = check.stored.notice
        sent = GOOD | {"purposes": [purpose.id for purpose in notice.asked]}

        with app.test_request_context(form.address("nl"), method="POST", data=sent):
            answer, _ = read(check, reader)

        assert answer is not None, form
        assert set(answer.fields) == (set() if reader == "child" else {field.id for field in notice.fields}), form


def test_a_form_that_is_in_order_builds_no_form_object(
    client: FlaskClient, ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = DESK.open(client)
    monkeypatch.delattr(TokenForm, "__init__")
    monkeypatch.delattr(TokenForm, "problems")

    DESK.answer(page.press(client, 0, purposes=["visit"], email=SOFIE, **filled(page)))


def shown(state: AppState, form: Form, language: str, reader: str) -> TokenCheck:
    """The notice that a reader saw."""
    notice_hash = state.forms[form.controller, form.form].notice_hash(language, Audience(reader))
    assert notice_hash is not None
    return TokenCheck(state.ctx.stored_notice(notice_hash))


def read(check: TokenCheck, reader: str) -> tuple[answers.FormAnswer | None, TokenForm]:
    """What is read at once, and the form object for the same."""
    notice = check.stored.notice
    if reader == "child":
        return answers.of_child(check, DECIDES_FROM), ChildForm(notice, check, DECIDES_FROM)
    if reader == "guardian":
        return answers.of_parent(check, TODAY), ParentForm(notice, notice.fields, check, TODAY)
    return answers.of_adult(check), AnswerForm(notice, notice.fields, check)


@st.composite
def posted(draw: st.DrawFn, check: TokenCheck) -> dict[str, Any]:
    """What a browser or somebody else posts: all in order but for a few things, which are anything."""
    notice = check.stored.notice
    asked = [purpose.id for purpose in notice.asked]
    sent: dict[str, Any] = GOOD | {"purposes": draw(st.lists(st.sampled_from(asked), unique=True))}
    names = [*GOOD, "email-asked", "guardian_email-asked", *(f.id for f in notice.fields), "purposes"]
    names += [name for field in notice.fields for name in answers.names_of(field)]
    anything = st.one_of(st.sampled_from(HARD), st.sampled_from([*GOOD.values(), *asked]), st.text(max_size=30))
    several = st.one_of(anything, st.lists(anything, max_size=3))
    changed = draw(st.dictionaries(st.sampled_from(sorted(set(names))), several, max_size=4))
    dropped = draw(st.sets(st.sampled_from(sorted(sent)), max_size=2))
    return {name: value for name, value in (sent | changed).items() if name not in dropped}
