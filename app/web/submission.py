"""The form: its page, which is the same for everybody within a minute, and what is answered to what people send.

Where children may meet a form, the age question comes first, and what follows from it decides which page comes next.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response, redirect, request

from .. import i18n
from ..domain import age
from ..domain.address import as_meant
from ..domain.consent import Audience
from ..domain.notice import Notice
from ..services import limits, submission
from ..services.submission import Submission
from ..storage.notices import StoredNotice
from . import answers, kept, policies, results
from .answers import FormAnswer, first_name_field, names_of
from .app_state import app_state, ctx
from .form_token import AGE, FORM, TokenCheck, make_form_token, verify_form_token, verify_in_any_language
from .form_visit import FormVisit, StepExpired, current_visit, embedding_host
from .forms import AnswerForm, ChildForm, ParentForm, Problems, TokenForm, is_unsure
from .network import network
from .prerendered import slot
from .rendering import notice_html
from .results import Result
from .surroundings import named_scheme, named_site, surroundings

blueprint = Blueprint("submission", __name__)

_EXAMPLE_BIRTH_DATE = "27\u00a03\u00a01984"
_BIRTH = ("birth_day", "birth_month", "birth_year")
_OF_PARENT = ("child_name", "child_birth_month", "child_birth_year", "use_child_name", "is_guardian")
_OF_CHILD = ("child_name", "guardian_email")
_BOXES = ("use_child_name", "is_guardian")
_DRAWINGS_UP_TO = 13
"""The highest age of digital consent (years) under which a child's pages have drawings."""


@blueprint.get("/f/<controller>/<form>")
def show(controller: str, form: str) -> Response:
    """The form page, or the age question before it."""
    visit = current_visit(controller, form)
    if request.args.get("lang") != visit.language:
        return _to_language(visit)
    if visit.step:
        return Response(_render(visit, _token(visit)), mimetype="text/html")
    key = ("form", visit.stored.notice.hash, named_site(visit.served), named_scheme(visit.stored.theme))
    prerendered = app_state().prerendered.get(key, lambda: _render(visit, slot("token")))
    response = Response(prerendered.fill(token=_token(visit)), mimetype="text/html")
    response.headers["Cache-Control"] = policies.FORM_CACHE
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response


@blueprint.post("/f/<controller>/<form>")
def send(controller: str, form: str) -> Response:
    """What a person sent from the page of a form."""
    visit = current_visit(controller, form)
    if request.form.get("decision") == kept.AGAIN:
        return _filled_in(visit)
    check = verify_form_token(ctx(), visit.served, visit.stored, request.form.get("form_token", ""), _step(visit))
    if visit.asks_age:
        return _age(visit, check)
    readers = {Audience.CHILD: _child, Audience.GUARDIAN: _parent}
    return readers.get(visit.audience, _form)(visit, check)


@blueprint.errorhandler(StepExpired)
def expired(error: StepExpired) -> Response:
    """The page was open for too long since the age question."""
    return _result(results.STEP_EXPIRED, error.visit, error.visit.stored, status=410, gate="over")


def _age(visit: FormVisit, check: TokenCheck) -> Response:
    """From the answer to the age question to the page that fits."""
    limits.check(ctx(), network())
    typed = _typed(_BIRTH)
    if check.problem:
        return _again(visit, check, typed, [("whole-form", _sentence(visit, check.problem))])
    today = _local_day(visit)
    try:
        born = age.read_birth_date(typed, i18n.date_words(visit.language), today)
    except age.BirthProblem as problem:
        return _again(visit, check, typed, [(problem.part, _sentence(visit, problem.key))])
    after = visit.after(age.verdict(born, today, visit.served.threshold))
    if kept.made_for() == after.audience:
        return _filled_in(after)
    return redirect(after.action, 303)  # type: ignore[return-value]


def _filled_in(visit: FormVisit) -> Response:
    """The page as it was filled in, in the language of its address. Nothing is stored, judged or counted."""
    if not kept.anything():
        return redirect(visit.action, 303)  # type: ignore[return-value]
    if visit.asks_age:
        return _again(visit, TokenCheck(visit.stored), _typed(_BIRTH))
    check = verify_in_any_language(ctx(), visit.served, visit.stored, kept.token())
    values, ticked = _typed(_names(visit, check.stored.notice)), request.form.getlist("purposes")
    if check.ticks_stand:
        return _again(visit, check, values, ticked=ticked)
    wrong = [("whole-form", _sentence(visit, check.problem))] if ticked else []
    return _again(visit, check, {name: values[name] for name in values if name not in _BOXES}, wrong)


def _form(visit: FormVisit, check: TokenCheck) -> Response:
    """What somebody sent who decides alone."""
    notice = check.stored.notice
    return _answer(visit, check, answers.of_adult(check), lambda: AnswerForm(notice, notice.fields, check))


def _parent(visit: FormVisit, check: TokenCheck) -> Response:
    """What an adult sent from a form for children: who may decide for a child confirms it alone."""
    notice, today = check.stored.notice, _local_day(visit)
    answer = answers.of_parent(check, today)
    return _answer(visit, check, answer, lambda: ParentForm(notice, notice.fields, check, today))


def _child(visit: FormVisit, check: TokenCheck) -> Response:
    """What a child would like, and whom it asks."""
    decides_from = visit.verdict.decides_from if visit.verdict else None
    answer = answers.of_child(check, decides_from)
    return _answer(visit, check, answer, lambda: ChildForm(check.stored.notice, check, decides_from))


def _answer(visit: FormVisit, check: TokenCheck, answer: FormAnswer | None, form: Callable[[], TokenForm]) -> Response:
    """What somebody is answered. `form` is what names what is to be put right, where there is no `answer` for that."""
    notice = check.stored.notice
    sent = request.form
    ticked, is_no = sent.getlist("purposes"), sent.get("decision") == "no"
    if is_no and check.ticks_stand and is_unsure(ticked, (purpose.id for purpose in notice.asked)):
        limits.count_refused(ctx(), network())
        return _again(visit, check, _typed(_names(visit, notice)), ticked=ticked, asks=True)
    if is_no or not ticked:
        limits.count_refused(ctx(), network())
        return _nothing(visit, check)
    if sent.get("website"):  # a machine filled in the field that no person sees; it learns nothing
        limits.count_refused(ctx(), network())
        return _done(visit, check)
    if answer is None:
        typed = form()
        if wrong := typed.problems():
            limits.count_refused(ctx(), network())
            return _again(visit, check, _typed(_names(visit, notice)), wrong, ticked)
        answer = typed.answer
    submission.submit(
        ctx(),
        Submission(
            notice_hash=notice.hash,
            purposes=tuple(purpose.id for purpose in notice.asked if purpose.id in ticked),
            fields=answer.fields,
            email=answer.address.email,
            email_key=answer.address.key,
            child_name=answer.child_name,
            decides_from=answer.decides_from,
            site=embedding_host(visit.served),
            network=network(),
        ),
    )
    return _done(visit, check)


def _local_day(visit: FormVisit) -> date:
    return i18n.local(ctx().clock(), visit.stored.notice.country).date()


def _names(visit: FormVisit, notice: Notice) -> tuple[str, ...]:
    """The names of what is typed on a form, and of boxes that are no purposes."""
    if visit.audience == Audience.CHILD:
        return (*_OF_CHILD, "guardian_email-asked")
    of_parent = _OF_PARENT if visit.audience == Audience.GUARDIAN else ()
    return ("email", "email-asked", *of_parent, *(name for field in notice.fields for name in names_of(field)))


def _typed(names: Iterable[str]) -> dict[str, str]:
    """What was typed, as it was typed, to be shown again."""
    return {name: request.form.get(name, "") for name in names}


def _sentence(visit: FormVisit, key: str) -> str:
    return i18n.say(visit.language, key, visit.stored.notice.young)


def _token(visit: FormVisit) -> str:
    return make_form_token(ctx(), visit.stored.notice, _step(visit))


def _step(visit: FormVisit) -> str:
    return AGE if visit.asks_age else FORM


def _to_language(visit: FormVisit) -> Response:
    response = redirect(visit.action, 302)
    response.headers["Vary"] = "Accept-Language"
    response.headers["Cache-Control"] = "private, no-store" if visit.step else policies.OWN_CACHE
    return response  # type: ignore[return-value]


def _render(
    visit: FormVisit,
    token: str,
    check: TokenCheck | None = None,
    values: dict[str, str] | None = None,
    ticked: frozenset[str] = frozenset(),
    wrong: Problems | None = None,
    asks: bool = False,
) -> str:
    stored = check.stored if check else visit.stored
    context: dict[str, Any] = {}
    template = "form"
    if visit.asks_age:
        typed = kept.inputs() if check and kept.made_for() else ""
        template, context = "age", {"example": _EXAMPLE_BIRTH_DATE, "gate": "ask", "kept": typed}
    elif visit.served.threshold:
        context = {"gate": "verdict"}
    if visit.verdict and visit.audience == Audience.GUARDIAN:
        template, context = "parent", context | {"takes_name": first_name_field(stored.notice.fields)}
    if _look(visit) == "child":
        template = "child"
        context |= _for_child(visit) | {"guardian_notice": ctx().stored_notice(stored.notice.beside).notice}
    return notice_html(
        f"submission/{template}.html",
        stored,
        **context,
        look=_look(visit),
        served=visit.served,
        action=visit.action,
        action_in=visit.action_in,
        token=token,
        values=values or {},
        ticked=ticked,
        problems=wrong or [],
        wrong=dict(wrong or []),
        filled={name for name, value in (values or {}).items() if value.strip()} | {place for place, _ in wrong or []},
        origins=" ".join(visit.served.origins),
        **surroundings(visit.served, stored.theme),
        asks=asks,
        answer=check is not None,
    )


def _look(visit: FormVisit) -> str:
    """How a page looks: the age question like an adult's, so that nothing hints at what follows from the answer."""
    return "child" if visit.verdict and visit.audience == Audience.CHILD else ""


def _for_child(visit: FormVisit) -> dict[str, Any]:
    deadline = ctx().settings.CONFIRM_WITHIN.after(ctx().clock())
    return {"deadline": deadline, "drawings": visit.served.threshold <= _DRAWINGS_UP_TO}


def _again(
    visit: FormVisit,
    check: TokenCheck,
    values: dict[str, str],
    wrong: Problems | None = None,
    ticked: Sequence[str] = (),
    asks: bool = False,
) -> Response:
    """The page again, with what to put right; what was typed and ticked is still there.

    `asks` is whether it asks which is meant, the ticks or the no.
    """
    checked = frozenset(ticked) if check.ticks_stand else frozenset()
    token = make_form_token(ctx(), check.stored.notice, _step(visit))
    page = _render(visit, token, check, values, checked, wrong, asks)
    return Response(page, status=422 if wrong else 200, mimetype="text/html")


def _nothing(visit: FormVisit, check: TokenCheck) -> Response:
    """What is told who wants nothing."""
    if visit.audience == Audience.CHILD:
        return _result(results.CHILD_WISHES_NOTHING, visit, check.stored, kept=kept.inputs())
    return _result(results.NOTHING_TICKED, visit, check.stored, **_answered(visit))


def _done(visit: FormVisit, check: TokenCheck) -> Response:
    return _waiting(visit, check) if visit.audience == Audience.CHILD else _sent(visit, check)


def _sent(visit: FormVisit, check: TokenCheck) -> Response:
    """What everybody is told who has sent a form, whatever came of it."""
    notice = check.stored.notice
    answered = _answered(visit)
    slots = {name: slot(name) for name in ("email", "action", "kept")}
    prerendered = app_state().prerendered.get(
        ("sent", notice.hash, answered["gate"], *map(str, surroundings(visit.served, check.stored.theme).values())),
        lambda: _html(
            "submission/sent.html",
            visit,
            check.stored,
            period=i18n.period(ctx().settings.CONFIRM_WITHIN, notice.language),
            **(answered | slots),
        ),
    )
    page = prerendered.fill(
        email=as_meant(request.form.get("email", "")),
        action=answered["action"],
        kept=answered["kept"],
    )
    return Response(page, mimetype="text/html")


def _answered(visit: FormVisit) -> dict[str, Any]:
    """For the page after the answer of who decides alone: whoever is next in the tab is asked the age anew."""
    typed = kept.inputs(visit.audience if visit.step else "")
    return {"action": visit.start.action, "gate": "answered" if visit.step else "", "kept": typed}


def _waiting(visit: FormVisit, check: TokenCheck) -> Response:
    email = as_meant(request.form.get("guardian_email", ""))
    return _result("submission/waiting.html", visit, check.stored, email=email, kept=kept.inputs(), **_for_child(visit))


def _result(page: str | Result, visit: FormVisit, stored: StoredNotice, status: int = 200, **context: Any) -> Response:
    return Response(_html(page, visit, stored, **context), status=status, mimetype="text/html")


def _html(page: str | Result, visit: FormVisit, stored: StoredNotice, **context: Any) -> str:
    context = {"action": visit.action, "gate": "verdict" if visit.step else "", "look": _look(visit)} | context
    context |= {"address": context["action"], "origins": " ".join(visit.served.origins)}
    context |= surroundings(visit.served, stored.theme)
    return notice_html(page, stored, framed=True, answer=True, **context)
