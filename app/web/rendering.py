"""How a page is rendered: in which language, with which words, in whose name."""

from typing import Any

from flask import Response, make_response, render_template, request

from .. import i18n
from ..domain.form import Theme
from ..domain.notice import Notice
from . import assets


def wanted_language(offered: tuple[str, ...] = i18n.LANGUAGES) -> str:
    """The language of the answer: the one that the address names, or else the one that the browser likes best."""
    named = request.args.get("lang", "")
    return named if named in offered else i18n.best(request.headers.get("Accept-Language", ""), offered)


def words(language: str, country: str = "BE", young: bool = False) -> dict[str, Any]:
    """What a template needs to speak a language, to the young or to adults."""
    return i18n.speaking(language, country, young) | {
        "language": language,
        "language_name": i18n.language_name,
        "static": assets.address,
        "theme_address": assets.theme_address,
    }


def page(
    template: str, language: str, status: int = 200, country: str = "BE", young: bool = False, **context: Any
) -> Response:
    """A page that stands on its own, without a controller's name."""
    return make_response(render_template(template, **words(language, country, young), **context), status)


def notice_page(
    template: str,
    notice: Notice,
    theme: Theme,
    status: int = 200,
    languages: tuple[str, ...] = (),
    **context: Any,
) -> Response:
    """A page in a controller's name, in the language of a notice. `languages` are those it can be read in."""
    return make_response(notice_html(template, notice, theme, languages, **context), status)


def notice_html(template: str, notice: Notice, theme: Theme, languages: tuple[str, ...] = (), **context: Any) -> str:
    """The same as text."""
    return render_template(
        template,
        **words(notice.language, notice.country, notice.young),
        notice=notice,
        theme=theme,
        other_languages=[known for known in i18n.LANGUAGES if known in languages and known != notice.language],
        **context,
    )
