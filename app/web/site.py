"""What the pages share while a request lasts: the kit, the forms that are served, the language, and how to render."""

from dataclasses import dataclass, field
from typing import Any, cast

from flask import Response, current_app, make_response, render_template, request

from .. import i18n
from ..domain.form import ServedForm, Theme
from ..domain.notice import Notice
from ..services.kit import Kit
from ..storage import notices
from . import assets
from .page_cache import PageCache
from .prerendered import PrerenderedPages


@dataclass
class Site:
    """The kit and the forms that it serves, as the pages know them."""

    kit: Kit
    forms: dict[tuple[str, str], ServedForm] = field(default_factory=dict)
    answer_forms: dict[str, type[Any]] = field(default_factory=dict)
    prerendered: PrerenderedPages = field(default_factory=PrerenderedPages)
    page_cache: PageCache = field(init=False)

    def __post_init__(self) -> None:
        self.page_cache = PageCache(self.kit.clock)

    def reload(self) -> None:
        """Read again which forms are served."""
        self.kit.forget_notices()
        with self.kit.database.read() as connection:
            self.forms = {(form.controller, form.form): form for form in notices.served(connection)}
        self.answer_forms.clear()
        self.prerendered.clear()
        self.page_cache.clear()

    def of_controller(self, controller: str) -> list[ServedForm]:
        """The forms of a controller that are in order."""
        return [form for (owner, _), form in sorted(self.forms.items()) if owner == controller and form.in_order]


def site() -> Site:
    """The site of the app that answers."""
    return cast(Site, current_app.extensions["akkoord"])


def kit() -> Kit:
    """The kit of the app that answers."""
    return site().kit


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
