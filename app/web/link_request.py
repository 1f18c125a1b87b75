"""The page for who has lost the link, or objects without having agreed: it mails one, alike for all addresses."""

from typing import Any

from flask import Blueprint, Response, redirect, request

from .. import i18n
from ..addresses import link
from ..domain.address import AddressProblem, as_meant
from ..services import limits, link_request, notice_choice, objectable
from ..services.link_request import LinkRequest
from ..services.objectable import Objectable
from ..storage.notices import StoredNotice
from . import results
from .answers import read_once
from .app_state import app_state, ctx
from .errors import UnknownForm
from .network import network
from .rendering import notice_page, wanted_language
from .results import Result

blueprint = Blueprint("link_request", __name__)


@blueprint.get("/link/<controller>")
def show(controller: str) -> Response:
    """The question for an address."""
    languages = _languages(controller)
    language = wanted_language(languages)
    if request.args.get("lang") != language:
        keep = _keep(_purpose(_offered(controller, language)))
        response = redirect(link(language, "link", controller, **keep), 302)
        response.headers["Vary"] = "Accept-Language"
        return response  # type: ignore[return-value]
    return _question(controller, language)


@blueprint.post("/link/<controller>")
def send(controller: str) -> Response:
    """Mail the link, and answer alike for every address."""
    language = wanted_language(_languages(controller))
    limits.check(ctx(), network())
    typed = request.form.get("email", "")
    if request.form.get("website"):
        return _sent(controller, language, typed)
    try:
        address = read_once("email")
    except AddressProblem as problem:
        limits.count_refused(ctx(), network())
        return _question(controller, language, 422, typed, i18n.say(language, problem.key, **problem.values))
    purpose = _purpose(_offered(controller, language))
    link_request.ask_for_link(ctx(), LinkRequest(controller, language, address, network(), _to_object(), purpose))
    return _sent(controller, language, typed)


def _to_object() -> bool:
    return request.args.get("for") == "object"


def _languages(controller: str) -> tuple[str, ...]:
    spoken = {language for form in app_state().of_controller(controller) for language in form.languages}
    if not spoken:
        raise UnknownForm
    return tuple(language for language in i18n.LANGUAGES if language in spoken)


def _offered(controller: str, language: str) -> Objectable:
    with ctx().database.read() as connection:
        return objectable.shown_now(ctx(), connection, controller, language)


def _purpose(offered: Objectable) -> str:
    """The id of the purpose that the address names, to object to it; empty where there is no such purpose now."""
    named = request.args.get("purpose", "")
    return named if _to_object() and named in offered.purposes else ""


def _keep(purpose: str) -> dict[str, str]:
    """What says in the query what the link is asked for."""
    return {"for": "object" if _to_object() else "", "purpose": purpose}


def _face(controller: str, language: str) -> StoredNotice:
    with ctx().database.read() as connection:
        return notice_choice.of_controller(ctx(), connection, controller, language)


def _question(controller: str, language: str, status: int = 200, email: str = "", problem: str = "") -> Response:
    """The question for an address, which says what the mailed link can be used for."""
    offered = _offered(controller, language)
    purpose = _purpose(offered)
    about = offered.about(purpose)
    t = i18n.speaker(language)
    named = _face(controller, language).notice.controller_name
    if not _to_object():
        heading, body = t("link.title"), t("link.body", controller=named)
    elif about.only:
        heading, body = t("object.to", purpose=about.only.title), t("link.object.one_body", controller=named)
    elif about.interests:
        heading, body = t("object.choose.title"), t("link.object.choose_body", controller=named)
    else:
        heading, body = t("link.object.title"), t("link.object.body", controller=named)
    return _page(
        "link_request/link.html",
        controller,
        language,
        purpose,
        status,
        heading=heading,
        body=body,
        about=about,
        choosing=_to_object() and bool(about.interests) and not about.only,
        has_more=offered != about,
        to_object=_to_object(),
        email=email,
        problem=problem,
    )


def _sent(controller: str, language: str, email: str) -> Response:
    """The answer that every address gets."""
    page = results.OBJECTION_LINK_SENT if _to_object() else results.LINK_SENT
    purpose = _purpose(_offered(controller, language))
    return _page(page, controller, language, purpose, values={"email": as_meant(email)})


def _page(
    page: str | Result, controller: str, language: str, purpose: str, status: int = 200, **context: Any
) -> Response:
    keep = _keep(purpose)
    address = link(language, "link", controller, **keep)
    stored = _face(controller, language)
    return notice_page(page, stored, _languages(controller), status, keep=keep, address=address, **context)
