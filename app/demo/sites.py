"""The demo's own pages: the start page, the pretend company sites and the inbox."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from flask import Flask, Response, abort, redirect, render_template, request
from jinja2 import StrictUndefined

from .. import i18n, paths
from ..config import Settings
from ..definitions.source.report import Fault
from ..domain import age
from ..domain.age import Verdict
from ..domain.form import ServedForm
from ..services.context import Context
from ..services.publishing import Published
from ..web import assets
from ..web.app_state import AppState
from .inbox import Inbox, Mail

QUESTION = "question"
"""In the preview: the age question, which comes before any audience is known."""

_PREVIEWED_AT = (40, 17, 9)
"""Ages (years) that between them meet every page of a form with an age gate."""


@dataclass(frozen=True)
class Company:
    """A company site that is written: its languages, and the forms that it embeds."""

    languages: tuple[str, ...]
    forms: tuple[str, ...]


_SITES = {
    "demolen": Company(("nl", "fr", "en"), ("bakeclub", "photo", "newsletter")),
    "hogeschool": Company(("nl", "en"), ("graduates",)),
    "zorgzeker": Company(("nl", "fr", "en"), ("quote",)),
    "metaalnet": Company(("nl", "en"), ("events",)),
    "talentwerk": Company(("nl", "en"), ("careers",)),
    "belcentrum": Company(("nl", "en"), ("calls",)),
}


class Definitions(Protocol):
    """What is served at the moment."""

    ctx: Context
    app_state: AppState | None
    published: Published
    folder: Path
    site: str


@dataclass(frozen=True)
class Shown:
    """A form as the start page and the preview list it.

    `audiences` names the pages of it that can be previewed, with the verdict that leads to each; none leads to the
    first page.
    """

    controller: str
    form: str
    languages: tuple[str, ...]
    site: str | None
    audiences: dict[str, Verdict | None] = field(default_factory=lambda: {"adult": None})
    threshold: int = 0
    controller_name: str = ""
    titles: dict[str, str] = field(default_factory=dict)
    findings: tuple[Fault, ...] = ()
    is_kept_back: bool = False

    @property
    def faults(self) -> list[Fault]:
        """What has to be mended or answered."""
        return [fault for fault in self.findings if not fault.is_warning]

    def findings_for(self, language: str) -> list[Fault]:
        """What is found, but for texts in the other languages that can be chosen."""
        others = set(self.languages) - {language}
        return [fault for fault in self.findings if fault.place.rpartition(".")[2] not in others]


def create_sites(definitions: Definitions, inbox: Inbox, kit_origin: str) -> Flask:
    """The application that answers at `localhost`. The forms are served at `kit_origin`."""
    app = Flask("akkoord-demo", template_folder=str(paths.TEMPLATES), static_folder=None)
    app.config["BASE_URL"] = kit_origin  # for the embed script, which works from here too
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.filters["spans"] = lambda message: message.split("`")  # by turns words and what is quoted
    app.jinja_env.globals.update(kit=kit_origin, static=assets.address, language_name=i18n.language_name)
    app.register_blueprint(assets.blueprint)
    policy = (
        f"default-src 'none'; style-src 'self'; script-src {kit_origin}; frame-src 'self' {kit_origin}; "
        "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
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
        return render_template(
            "demo/start.html",
            forms=shown(definitions),
            year=definitions.ctx.clock().year,
            plus_after=definitions.ctx.settings.MAIL_PLUS_AFTER,
            normal=Settings.MAIL_PLUS_AFTER,
        )

    @app.get("/site/<company>")
    def company(company: str) -> Any:
        if company not in _SITES:
            abort(404)
        languages = _SITES[company].languages
        wanted = i18n.primary(request.args.get("lang", ""))
        language = wanted if wanted in languages else i18n.best(request.headers.get("Accept-Language", ""), languages)
        template = f"demo/site_{company}.html"
        origin = kit_origin.replace("127.0.0.1", "localhost")
        return render_template(template, lang=language, languages=languages, say=i18n.speaker(language), origin=origin)

    @app.errorhandler(404)
    def elsewhere(_: Exception) -> Any:
        address = kit_origin + request.full_path.removesuffix("?")
        return render_template("demo/elsewhere.html", address=address), 404

    _add_inbox(app, inbox)
    return app


def _add_inbox(app: Flask, inbox: Inbox) -> None:
    """The pages of the mail program: what has come, and one mail as it looks."""

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


def _audiences(threshold: int, today: date) -> dict[str, Verdict | None]:
    """The pages of a form on which children decide from this age (years); 0: it asks no age."""
    if not threshold:
        return {"adult": None}
    verdicts = (age.verdict(date(today.year - years, 1, 1), today, threshold) for years in _PREVIEWED_AT)
    return {QUESTION: None} | {verdict.audience.value: verdict for verdict in verdicts}


def shown(definitions: Definitions) -> list[Shown]:
    """The forms that are served at the moment."""
    state = definitions.app_state
    return [] if state is None else [_one(state, form, definitions.published) for form in state.forms.values()]


def _one(state: AppState, form: ServedForm, published: Published) -> Shown:
    address = form.controller, form.form
    found = published.findings.get(address, ())
    page = _page_with(state, form)
    if not form.in_order:
        return Shown(*address, (), page, findings=found, is_kept_back=True)
    hashes = {language: form.notice_hash(language, "adult") for language in form.languages}
    notices = [state.ctx.stored_notice(known).notice for known in hashes.values() if known]
    return Shown(
        controller=form.controller,
        form=form.form,
        languages=form.languages,
        site=page,
        audiences=_audiences(form.threshold, state.ctx.clock().date()),
        threshold=form.threshold,
        controller_name=notices[0].controller_name,
        titles={notice.language: notice.title for notice in notices},
        findings=found,
        is_kept_back=address in published.kept_back,
    )


def _page_with(state: AppState, form: ServedForm) -> str | None:
    """The company site that a form stands in, when all that the site embeds is served."""
    company = _SITES.get(form.controller)
    if company is None or form.form not in company.forms:
        return None
    whole = all((form.controller, name) in state.forms for name in company.forms)
    return f"/site/{form.controller}" if whole else None


def _mail(mails: list[Mail], number: str) -> Mail:
    found = next((mail for mail in mails if mail.id == number), None)
    if found is None:
        abort(404)
    return found
