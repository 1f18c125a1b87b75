"""The page for who has lost the link, or objects without having agreed: it mails one, alike for all addresses."""

from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request

from .. import i18n
from ..domain.address import AddressProblem, read_address
from ..services import limits, link_request, notice_choice, objectable
from ..services.objectable import Objectable
from ..storage.notices import StoredNotice
from .app_state import app_state, kit
from .errors import UnknownForm
from .network import network
from .rendering import notice_page, wanted_language

blueprint = Blueprint("link_request", __name__)


@blueprint.get("/link/<controller>")
def show(controller: str) -> Response:
    """The question for an address."""
    languages = _languages(controller)
    language = wanted_language(languages)
    if request.args.get("lang") != language:
        response = redirect(_action(controller, language, _purpose(_offered(controller, language))), 302)
        response.headers["Vary"] = "Accept-Language"
        return response  # type: ignore[return-value]
    return _page("link", controller, language)


@blueprint.post("/link/<controller>")
def send(controller: str) -> Response:
    """Mail the link, and answer alike for every address."""
    language = wanted_language(_languages(controller))
    limits.check(kit(), network())
    typed = request.form.get("email", "")
    if request.form.get("website"):
        return _page("sent", controller, language, email=typed.strip())
    try:
        address = read_address(typed)
    except AddressProblem as problem:
        limits.count_refused(kit(), network())
        return _page("link", controller, language, 422, email=typed, problem=i18n.say(language, problem.key))
    purpose = _purpose(_offered(controller, language))
    link_request.send_link(kit(), controller, language, address.email, address.key, network(), _to_object(), purpose)
    return _page("sent", controller, language, email=typed.strip())


def _to_object() -> bool:
    return request.args.get("for") == "object"


def _languages(controller: str) -> tuple[str, ...]:
    spoken = {language for form in app_state().of_controller(controller) for language in form.languages}
    if not spoken:
        raise UnknownForm
    return tuple(language for language in i18n.LANGUAGES if language in spoken)


def _offered(controller: str, language: str) -> Objectable:
    with kit().database.read() as connection:
        return objectable.shown_now(kit(), connection, controller, language)


def _purpose(offered: Objectable) -> str:
    """The id of the purpose that the address names, to object to it; empty where there is no such purpose now."""
    named = request.args.get("purpose", "")
    return named if _to_object() and named in offered.purposes else ""


def _action(controller: str, language: str, purpose: str) -> str:
    query = ({"for": "object"} if _to_object() else {}) | ({"purpose": purpose} if purpose else {})
    return f"/link/{controller}?{urlencode(query | {'lang': language})}"


def _face(controller: str, language: str) -> StoredNotice:
    with kit().database.read() as connection:
        return notice_choice.of_controller(kit(), connection, controller, language)


def _page(
    template: str, controller: str, language: str, status: int = 200, email: str = "", problem: str = ""
) -> Response:
    stored = _face(controller, language)
    offered = _offered(controller, language)
    purpose = _purpose(offered)
    return notice_page(
        f"link_request/{template}.html",
        stored,
        _languages(controller),
        status,
        controller=controller,
        action=_action(controller, language, purpose),
        offered=offered,
        purpose=purpose,
        to_object=_to_object(),
        email=email,
        problem=problem,
    )
