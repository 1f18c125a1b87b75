"""How a page is rendered: in which language, with which words, in whose name."""

from typing import Any

from flask import Response, make_response, render_template, request

from .. import i18n
from ..services import notice_choice
from ..storage.notices import StoredNotice
from . import assets
from .app_state import kit


def wanted_language(offered: tuple[str, ...] = i18n.LANGUAGES) -> str:
    """The language of the answer: the one that the address names, or else the one that the browser likes best."""
    named = request.args.get("lang", "")
    return named if named in offered else i18n.best(request.headers.get("Accept-Language", ""), offered)


def words(language: str, country: str = "BE", young: bool = False) -> dict[str, Any]:
    """What every template needs: to speak a language, to the young or to adults, and the addresses of what it loads."""
    return i18n.speaking(language, country, young) | {
        "language": language,
        "language_name": i18n.language_name,
        "static": assets.address,
        "theme_address": assets.theme_address,
        "look": "",
    }


def page(
    template: str, language: str, status: int = 200, country: str = "BE", young: bool = False, **context: Any
) -> Response:
    """A page that stands on its own, without a controller's name."""
    return make_response(render_template(template, **words(language, country, young) | context), status)


def mailed_page(template: str, stored: StoredNotice, status: int = 200, **context: Any) -> Response:
    """A page behind a mailed link, in a controller's name, in the language that the address asks for."""
    chosen, languages = notice_choice.translated(kit(), stored, request.args.get("lang"))
    return notice_page(template, chosen, languages, status, **context)


def in_asked_language(stored: StoredNotice) -> StoredNotice:
    """The notice that `mailed_page` will render, for what else is said in its language."""
    return notice_choice.translated(kit(), stored, request.args.get("lang"))[0]


def notice_page(
    template: str, stored: StoredNotice, languages: tuple[str, ...], status: int = 200, **context: Any
) -> Response:
    """A page in a controller's name, in the language of a notice. `languages` are those it can be read in."""
    spoken = stored.notice.language
    others = [known for known in i18n.LANGUAGES if known in languages and known != spoken]
    return make_response(notice_html(template, stored, other_languages=others, **context), status)


def notice_html(template: str, stored: StoredNotice, **context: Any) -> str:
    """What a page says in the words and the looks of a notice, as text."""
    notice = stored.notice
    spoken = words(notice.language, notice.country, notice.young)
    return render_template(template, **spoken | context, notice=notice, theme=stored.theme)
