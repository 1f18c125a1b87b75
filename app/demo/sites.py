"""The demo's own pages: the pretend company sites, the inbox and the preview."""

from dataclasses import dataclass, field
from typing import Any, Protocol

from flask import Flask, Response, abort, redirect, render_template, request
from jinja2 import StrictUndefined

from .. import i18n, paths
from ..domain.form import ServedForm
from ..services.publishing import Published
from ..web import assets
from ..web.site import Site
from .inbox import Inbox, Mail

_SITES = {
    "hogeschool": ("nl", "en"),
    "zorgzeker": ("nl", "fr", "en"),
    "metaalnet": ("nl", "en"),
    "talentwerk": ("nl", "en"),
}
"""The company sites that are written, and their languages."""


class Definitions(Protocol):
    """What is served at the moment."""

    site: Site | None
    published: Published


@dataclass(frozen=True)
class Shown:
    """A form as the start page and the preview list it."""

    controller: str
    form: str
    languages: tuple[str, ...]
    site: str | None
    controller_name: str = ""
    titles: dict[str, str] = field(default_factory=dict)
    faults: tuple[str, ...] = ()


def create_sites(definitions: Definitions, inbox: Inbox, kit_origin: str) -> Flask:
    """The application that answers at `localhost`."""
    app = Flask("akkoord-demo", template_folder=str(paths.TEMPLATES), static_folder=None)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals.update(kit=kit_origin, static=assets.address, language_name=i18n.language_name)
    app.register_blueprint(assets.blueprint)
    policy = (
        f"default-src 'none'; style-src 'self'; script-src {kit_origin}; frame-src 'self' {kit_origin}; "
        "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    )

    @app.after_request
    def finish(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    @app.get("/")
    def start() -> Any:
        if request.host.startswith("127.0.0.1"):
            return redirect(kit_origin.replace("127.0.0.1", "localhost") + "/")
        return render_template("demo/start.html", forms=_shown(definitions))

    @app.get("/site/<company>")
    def company(company: str) -> Any:
        if company not in _SITES:
            abort(404)
        languages = _SITES[company]
        wanted = request.args.get("lang", "")
        language = wanted if wanted in languages else i18n.best(request.headers.get("Accept-Language", ""), languages)
        return render_template(f"demo/site_{company}.html", lang=language, languages=languages)

    @app.get("/inbox")
    @app.get("/inbox/<number>")
    def mails(number: str = "") -> Any:
        found = inbox.mails()
        chosen = _mail(found, number) if number else None
        view = request.args.get("view", "html")
        return render_template("demo/inbox.html", mails=found, chosen=chosen, view=view)

    @app.get("/inbox/<number>/html")
    def mail(number: str) -> Any:
        # In a mail program links open in a browser; here they must leave the frame that shows the mail.
        html = _mail(inbox.mails(), number).html.replace("<head>", '<head><base target="_blank">', 1)
        response = Response(html, mimetype="text/html")
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
        )
        return response

    @app.get("/preview")
    def preview() -> Any:
        return _preview(_shown(definitions), kit_origin)

    return app


def _preview(forms: list[Shown], kit_origin: str) -> str:
    wanted = request.args.get("form", "")
    chosen = next((form for form in forms if f"{form.controller}/{form.form}" == wanted), forms[0] if forms else None)
    language, frame, snippet = "nl", "", ""
    if chosen is not None:
        spoken = chosen.languages or ("nl",)
        language = request.args.get("lang", "") if request.args.get("lang", "") in spoken else spoken[0]
        frame = f"{kit_origin}/f/{chosen.controller}/{chosen.form}?lang={language}"
        form_title = chosen.titles.get(language, chosen.form)
        title = i18n.say(language, "embed.title", controller=chosen.controller_name, form_title=form_title)
        fallback = i18n.say(language, "embed.fallback", controller=chosen.controller_name)
        snippet = (
            f'<script src="{kit_origin}/embed.js" async></script>\n'
            f'<akkoord-form form="{chosen.controller}/{chosen.form}" lang="{language}" title="{title}">\n'
            f'  <a href="{frame}">{fallback}</a>\n</akkoord-form>'
        )
    return render_template(
        "demo/preview.html",
        forms=forms,
        chosen=chosen,
        lang=language,
        audience="adult",
        width=700 if request.args.get("width") == "700" else 320,
        snippet=snippet,
        frame=frame,
    )


def _shown(definitions: Definitions) -> list[Shown]:
    site = definitions.site
    return [] if site is None else [_one(site, form, definitions.published) for form in site.forms.values()]


def _one(site: Site, form: ServedForm, published: Published) -> Shown:
    faults = published.faults_of.get((form.controller, form.form), ())
    page = f"/site/{form.controller}" if form.controller in _SITES else None
    if not form.in_order:
        return Shown(form.controller, form.form, (), page, faults=faults)
    notices = [site.kit.stored_notice(known).notice for known in form.notices.values()]
    return Shown(
        controller=form.controller,
        form=form.form,
        languages=form.languages,
        site=page,
        controller_name=notices[0].controller_name,
        titles={notice.language: notice.title for notice in notices},
        faults=faults,
    )


def _mail(mails: list[Mail], number: str) -> Mail:
    found = next((mail for mail in mails if mail.id == number), None)
    if found is None:
        abort(404)
    return found
