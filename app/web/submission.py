"""The form: its page, which is the same for everybody within a minute, and what is answered to what people send."""

from functools import partial
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, abort, redirect, render_template, request

from ..domain.address import read_address
from ..domain.consent import Audience
from ..domain.countries import example_phone
from ..domain.form import ServedForm
from ..services import limits, submission
from ..services.submission import Submission
from ..storage.notices import StoredNotice
from . import policies
from .answers import AnswerForm, Shown, answer_form, answers, form_token, problems, what_was_shown
from .errors import FormOutOfOrder, UnknownForm
from .network import network
from .site import kit, notice_page, site, wanted_language, words

blueprint = Blueprint("submission", __name__)

_HERE = "\ufffcthe token goes here\ufffc"


@blueprint.get("/f/<controller>/<form>")
def show(controller: str, form: str) -> Response:
    """The form page."""
    served = _served(controller, form)
    language = wanted_language(served.languages)
    if request.args.get("lang") != language:
        return _to_language(served, language)
    stored = _current(served, language)
    before, after = _page_around_token(served, stored)
    response = Response(f"{before}{form_token(kit(), stored.notice)}{after}", mimetype="text/html")
    response.headers["Cache-Control"] = policies.FORM_CACHE
    return response


@blueprint.post("/f/<controller>/<form>")
def send(controller: str, form: str) -> Response:
    """What a person sent from the form page."""
    served = _served(controller, form)
    limits.check(kit(), network())
    current = _current(served, wanted_language(served.languages))
    shown = what_was_shown(kit(), served, current, request.form.get("form_token", ""))
    notice = shown.stored.notice
    typed = answer_form(notice, shown, example_phone(notice.country))
    if request.form.get("decision") == "no" or not typed.purposes.data:
        limits.count_refused(kit(), network())
        return _result("nothing", served, shown.stored)
    if typed.website.data:
        return _sent(served, shown.stored)  # a machine filled in the field that no person sees; it learns nothing
    if not typed.validate() or problems(typed, notice):
        limits.count_refused(kit(), network())
        return _again(served, shown, typed)
    address = read_address(typed.email.data or "")
    submission.submit(
        kit(),
        Submission(
            notice=notice.hash,
            purposes=tuple(purpose.id for purpose in notice.asked if purpose.id in typed.purposes.data),
            email=address.email,
            email_key=address.key,
            fields=answers(typed, notice),
            site=_where(served),
            network=network(),
        ),
    )
    return _sent(served, shown.stored)


def _served(controller: str, form: str) -> ServedForm:
    served = site().forms.get((controller, form))
    if served is None:
        raise UnknownForm
    policies.allow_framing(served.origins)
    if not served.in_order:
        raise FormOutOfOrder
    return served


def _current(served: ServedForm, language: str) -> StoredNotice:
    notice_hash = served.notice(language, Audience.ADULT)
    if notice_hash is None:
        abort(404)
    return kit().stored_notice(notice_hash)


def _to_language(served: ServedForm, language: str) -> Response:
    response = redirect(_action(served, language), 302)
    response.headers["Vary"] = "Accept-Language"
    response.headers["Cache-Control"] = policies.FORM_CACHE
    return response  # type: ignore[return-value]


def _page_around_token(served: ServedForm, stored: StoredNotice) -> tuple[str, str]:
    """The form page of a notice, rendered once, cut where the token goes."""
    key = (stored.notice.hash, _named_site(served))
    if key not in site().pages:
        before, _, after = _render(served, stored, _HERE).partition(_HERE)
        site().pages[key] = (before, after)
    return site().pages[key]


def _render(
    served: ServedForm,
    stored: StoredNotice,
    token: str,
    values: dict[str, str] | None = None,
    ticked: frozenset[str] = frozenset(),
    wrong: tuple[tuple[str, str], ...] = (),
) -> str:
    notice = stored.notice
    return render_template(
        "submission/form.html",
        **words(notice.language, notice.country),
        notice=notice,
        theme=stored.theme,
        served=served,
        action=_action(served, notice.language),
        action_in=partial(_action, served),
        token=token,
        values=values or {},
        ticked=ticked,
        problems=wrong,
        wrong=dict(wrong),
        origins=" ".join(served.origins),
        answer=bool(wrong),
    )


def _again(served: ServedForm, shown: Shown, typed: AnswerForm) -> Response:
    """The page again, with what to put right; what was typed and ticked is still there."""
    notice = shown.stored.notice
    return Response(
        _render(
            served,
            shown.stored,
            form_token(kit(), notice),
            values={name: request.form.get(name, "") for name in ("email", *(field.id for field in notice.fields))},
            ticked=frozenset(typed.purposes.data or ()) if shown.ticks_stand else frozenset(),
            wrong=tuple(problems(typed, notice)),
        ),
        status=422,
        mimetype="text/html",
    )


def _sent(served: ServedForm, stored: StoredNotice) -> Response:
    deadline = kit().settings.CONFIRM_WITHIN.after(kit().clock())
    return _result("sent", served, stored, email=request.form.get("email", "").strip(), deadline=deadline)


def _result(template: str, served: ServedForm, stored: StoredNotice, **context: Any) -> Response:
    return notice_page(
        f"submission/{template}.html",
        stored.notice,
        stored.theme,
        action=_action(served, stored.notice.language),
        origins=" ".join(served.origins),
        answer=True,
        **context,
    )


def _action(served: ServedForm, language: str) -> str:
    query = {"lang": language} | ({"site": where} if (where := _named_site(served)) else {})
    return f"/f/{served.controller}/{served.form}?{urlencode(query)}"


def _named_site(served: ServedForm) -> str:
    """The site that the embed script says the form stands in, when it is one that may frame the form."""
    named = request.args.get("site", "")
    return named if named in served.origins else ""


def _where(served: ServedForm) -> str:
    """The host of the site where the form was filled in: the framing one as far as it is known, or else our own."""
    origin = _named_site(served)
    if not origin and request.headers.get("Sec-Fetch-Dest") == "iframe" and len(served.origins) == 1:
        origin = served.origins[0]
    return urlsplit(origin or kit().settings.BASE_URL).netloc
