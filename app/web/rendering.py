"""How a page is rendered: in which language, with which words, in whose name."""

import re
from collections.abc import Callable
from typing import Any

from flask import Response, make_response, render_template, request
from markupsafe import Markup, escape

from .. import addresses, i18n
from ..domain.form import Theme
from ..domain.line_breaks import in_one_piece
from ..services import notice_choice
from ..services.tokens import Expiry, LinkExpired
from ..storage.notices import StoredNotice
from . import assets, policies, results
from .app_state import app_state, ctx
from .results import Result


def wanted_language(offered: tuple[str, ...] = i18n.LANGUAGES) -> str:
    """The language of the answer: the one that the address names, or else the one that the browser likes best."""
    named = i18n.primary(request.args.get("lang", ""))
    return named if named in offered else i18n.best(request.headers.get("Accept-Language", ""), offered)


def words(language: str, country: str = "BE", young: bool = False) -> dict[str, Any]:
    """What every template needs: to speak a language, to the young or to adults, and the addresses of what it loads."""
    return i18n.speaking(language, country, young) | {
        "language": language,
        "language_name": i18n.language_name,
        "static": assets.address,
        "theme_address": assets.theme_address,
        "logo_address": assets.logo_address,
        "look": "",
    }


def keeps(text: str, *names: str) -> Markup:
    """A text whose names and addresses stay as they are where a browser translates the page."""
    said = str(escape(text))
    for name in filter(None, map(str, names)):
        kept = re.escape(str(escape(name)))
        said = re.sub(rf"(?<![\w;]){kept}(?!\w)", lambda found: f'<span translate="no">{found[0]}</span>', said)
    return Markup(said)  # noqa: S704 (escaped above)


def page(page: str | Result, language: str, status: int = 200, **context: Any) -> Response:
    """A page that stands on its own, without a controller's name. A page is a template or a line of `results`."""
    return make_response(_html(page, words(language) | {"scheme": Theme().own_scheme} | context), status)


def mailed_page(page: str | Result, stored: StoredNotice, status: int = 200, **context: Any) -> Response:
    """A page behind a mailed link, in a controller's name, in the language that the address asks for.

    `keep` is what stays of the query where the reader chooses another language.
    """
    chosen, languages = notice_choice.translated(ctx(), stored, i18n.primary(request.args.get("lang", "")))
    return notice_page(page, chosen, languages, status, **context)


def prerendered_page(
    page: str, stored: StoredNotice, shape: tuple[str, ...], context: Callable[[], dict[str, Any]], **slots: str
) -> Response:
    """A mailed page that is rendered once for everybody of one shape; `context` has slots where `slots` go."""
    chosen, languages = notice_choice.translated(ctx(), stored, i18n.primary(request.args.get("lang", "")))
    policies.allow_logo(chosen.theme)
    made = app_state().prerendered.get(
        (page, chosen.notice.hash, *shape), lambda: _notice_page(page, chosen, languages, **context())
    )
    return Response(made.fill(**slots), mimetype="text/html")


def in_asked_language(stored: StoredNotice) -> StoredNotice:
    """The notice that `mailed_page` will render, for what else is said in its language."""
    return notice_choice.translated(ctx(), stored, i18n.primary(request.args.get("lang", "")))[0]


def form_address(stored: StoredNotice) -> str:
    """Where somebody can begin anew whose link is too old: the form of a notice, in the language of the page."""
    notice = in_asked_language(stored).notice
    return addresses.link(notice.language, "f", notice.controller, notice.form)


def expired_page(error: LinkExpired, unanswered: Result, **context: Any) -> Response:
    """The page of a genuine link that is too old; `unanswered` is what it says where nobody answered in time."""
    notice = in_asked_language(error.stored).notice
    again, page = form_address(error.stored), unanswered
    if error.expiry == Expiry.ANSWERED:
        again, page = addresses.link(notice.language, "link", notice.controller), results.EXPIRED_ANSWERED
    elif error.expiry == Expiry.MAILED_ANEW:
        page = results.EXPIRED_MAILED_ANEW
    return mailed_page(
        page,
        error.stored,
        410,
        address=again,
        values={"period": i18n.period(ctx().settings.CONFIRM_WITHIN, notice.language)},
        **context,
    )


def notice_page(
    page: str | Result, stored: StoredNotice, languages: tuple[str, ...], status: int = 200, **context: Any
) -> Response:
    """A page in a controller's name, in the language of a notice. `languages` are those it can be read in."""
    return make_response(_notice_page(page, stored, languages, **context), status)


def _notice_page(page: str | Result, stored: StoredNotice, languages: tuple[str, ...], **context: Any) -> str:
    spoken = stored.notice.language
    others = [known for known in i18n.LANGUAGES if known in languages and known != spoken]
    return notice_html(page, stored, other_languages=others, **{"keep": {}} | context)


def notice_html(page: str | Result, stored: StoredNotice, **context: Any) -> str:
    """What a page says in the words and the looks of a notice, as text."""
    notice = stored.notice
    spoken = words(notice.language, notice.country, notice.young)
    policies.allow_logo(stored.theme)
    looks = {"theme": stored.theme, "scheme": stored.theme.own_scheme}
    return _html(page, spoken | looks | context | {"notice": notice})


def _html(page: str | Result, context: dict[str, Any]) -> str:
    if isinstance(page, Result):
        context = {"values": {}, "address": "", "framed": False, "kept": ""} | context | {"result": page}
        page = "result.html"
    return in_one_piece(render_template(page, **context))
