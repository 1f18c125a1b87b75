"""Error handlers: each case is a line in a table, and each answer a page of our own."""

import logging
from dataclasses import dataclass

from flask import Flask, Response, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from .. import addresses, i18n
from ..domain.form import ServedForm, Theme
from ..logs import without_values
from ..services.context import UnknownLink
from ..services.limits import TooMany
from . import kept, policies
from .app_state import app_state
from .rendering import page, wanted_language
from .results import Result
from .surroundings import surroundings

log = logging.getLogger(__name__)

_RETRY_AFTER = 60


class UnknownForm(Exception):
    """There is no such form."""


class FormOutOfOrder(Exception):
    """The definition of a form has a fault, and it never had a good one."""


class ForeignHost(Exception):
    """A request names a host that is not ours."""


class NotAForm(Exception):
    """A request carries something that no form sends."""


@dataclass(frozen=True)
class Answer:
    """A status and the key of the texts of its page."""

    status: int
    key: str
    retry_after: int = 0


_EXCEPTIONS: dict[type[Exception], Answer] = {
    UnknownForm: Answer(404, "unknown_form"),
    UnknownLink: Answer(404, "bad_link"),
    FormOutOfOrder: Answer(503, "page.out_of_order", 300),
    ForeignHost: Answer(400, "page.wrong_host"),
    NotAForm: Answer(415, "page.wrong_type"),
    SQLAlchemyError: Answer(503, "page.broken", _RETRY_AFTER),
}
_WAS_READ = (429, 500, 503)
"""Where what was typed has been read, so that it can be shown again."""
_STATUSES = {
    400: Answer(400, "page.wrong_type"),
    413: Answer(413, "page.too_large"),
    415: Answer(415, "page.wrong_type"),
}


def init(app: Flask) -> None:
    """Let the app answer with these pages."""
    for kind, answer in _EXCEPTIONS.items():
        app.register_error_handler(kind, lambda error, answer=answer: _known(error, answer))
    app.register_error_handler(TooMany, _too_many)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _known(error: Exception, answer: Answer) -> Response:
    if isinstance(error, SQLAlchemyError):
        log.error("The database did not answer", exc_info=without_values(error))
    return _page(answer)


def _too_many(error: TooMany) -> Response:
    return _page(Answer(429, "too_many", error.seconds))


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return error.get_response()  # type: ignore[return-value]
    if status == 404 and addresses.is_link(request.path):
        return _page(_EXCEPTIONS[UnknownLink])
    response = _page(_STATUSES.get(status, Answer(status, "page.not_found")))
    if status == 405:
        response.headers["Allow"] = ", ".join(getattr(error, "valid_methods", None) or ())
    return response


def _unexpected(error: Exception) -> Response:
    # The text of an exception may hold what a person typed: the log gets where it happened, not what was said.
    log.error("%s while answering %s", type(error).__name__, request.endpoint, exc_info=without_values(error))
    return _page(Answer(500, "page.broken", _RETRY_AFTER))


def _page(answer: Answer) -> Response:
    form = _form()
    language = wanted_language(form.languages if form else i18n.LANGUAGES)
    if form and form.origins:
        # What goes wrong with a form in a frame has to be readable in that frame.
        policies.allow_framing(form.origins)
        policies.allow_logo(form.theme)
    address = _again(form, language) if form and answer.status != 404 else ""
    response = page(
        Result(f"{answer.key}.title", f"{answer.key}.body", link="form.nothing.again"),
        language,
        answer.status,
        theme=form.theme if form else Theme(),
        framed=bool(form and form.origins),
        origins=" ".join(form.origins) if form else "",
        **(surroundings(form, form.theme) if form else {}),
        answer=request.method == "POST",
        gate="over" if answer.status == 404 and request.args.get("step") else "",
        values={"minutes": i18n.minutes(answer.retry_after, language)},
        address=address,
        kept=kept.inputs() if address and answer.status in _WAS_READ else "",
    )
    if answer.retry_after:
        response.headers["Retry-After"] = str(answer.retry_after)
    return response


def _again(form: ServedForm, language: str) -> str:
    """Where to try again what was sent to a form: at the page that it was sent from."""
    if request.method != "POST" or not form.in_order:
        return ""
    named = request.view_args or {}
    kept = {name: request.args.get(name, "") for name in ("site", "scheme", "step")}
    return addresses.link(language, "f", str(named["controller"]), str(named["form"]), **kept)


def _form() -> ServedForm | None:
    """The form that was asked for, or, where its name has a fault, another one of the same controller."""
    arguments = request.view_args or {}
    if "form" not in arguments:
        return None
    controller = str(arguments["controller"])
    known = app_state().forms.get((controller, str(arguments["form"])))
    return known or next(iter(app_state().of_controller(controller)), None)
