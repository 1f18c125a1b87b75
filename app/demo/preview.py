"""The preview: a form and all that follows it, as each audience meets it in each language."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, abort, render_template, request

from .. import i18n
from ..domain.age import Verdict
from ..services.publishing import Published
from ..web.form_visit import step_token
from ..web.frame_height import heights
from .rehearsal import STEPS, Rehearsal
from .sites import QUESTION, Definitions, Shown, shown

_UNKNOWN_HEIGHT = 900
"""CSS pixels for the page of a form that was never good."""
_WINDOW = 720
"""CSS pixels for what follows a form: what is longer scrolls, as in a window."""
_SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
_TO_CHILDREN = ("child-mail",)


@dataclass(frozen=True)
class _Wanted:
    """What the address of a preview asks for; `step` is "" for the form itself."""

    form: Shown
    language: str
    audience: str
    step: str
    width: int
    scheme: str

    @property
    def verdict(self) -> Verdict | None:
        """What an age question would have found."""
        return self.form.audiences[self.audience]

    @property
    def steps(self) -> dict[str, str]:
        """What follows, with its names."""
        if not self.form.languages:
            return {}
        if self.audience == QUESTION:
            return {"errors": STEPS["errors"]}
        return {step: name for step, name in STEPS.items() if self.audience == "child" or step not in _TO_CHILDREN}


def add_preview(app: Flask, definitions: Definitions, kit: Flask, kit_origin: str) -> None:
    """The pages of the preview. `kit` is the application that serves the forms at `kit_origin`."""
    rehearsal = _latest(definitions)
    app.extensions["akkoord"] = definitions.app_state  # a logo is read from the database

    @app.get("/preview")
    def preview() -> Any:
        forms = shown(definitions)
        wanted = _wanted(forms)
        if wanted is None:
            return render_template("demo/preview.html", forms=forms, chosen=None)
        address = f"{kit_origin}/f/{wanted.form.controller}/{wanted.form.form}?lang={wanted.language}"
        high = _heights(definitions, kit, wanted.form)
        element, plain = _snippets(wanted, kit_origin, address, high.get(390, _UNKNOWN_HEIGHT))
        around = {"site": definitions.site} | ({"scheme": wanted.scheme} if wanted.scheme else {})
        frame = f"{address}&{urlencode(around | _step(definitions, wanted))}"
        height = high.get(700 if wanted.width == 700 else 280, _UNKNOWN_HEIGHT)
        return render_template(
            "demo/preview.html",
            forms=forms,
            chosen=wanted.form,
            lang=wanted.language,
            audience=wanted.audience,
            step=wanted.step,
            steps=wanted.steps,
            width=wanted.width,
            scheme=wanted.scheme,
            frame=f"/preview/step?{request.query_string.decode('ascii')}" if wanted.step else frame,
            height=_WINDOW if wanted.step else height,
            element=element,
            plain=plain,
        )

    @app.get("/preview/step")
    def step() -> Any:
        wanted = _wanted(shown(definitions))
        if wanted is None or not wanted.step:
            abort(404)
        name = (wanted.form.controller, wanted.form.form)
        html = rehearsal().steps(name, wanted.language, wanted.verdict, wanted.scheme).get(wanted.step, "")
        response = Response(_SCRIPT.sub("", html) or "<p>This form has none.</p>", mimetype="text/html")
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'"
        )
        return response


def _latest(definitions: Definitions) -> Callable[[], Rehearsal]:
    """Makes a kit to rehearse in for the first step that is asked for, and another after each edit."""
    lock = Lock()
    made: list[tuple[Published, Rehearsal]] = []

    def rehearsal() -> Rehearsal:
        with lock:
            published = definitions.published
            if not made or made[0][0] is not published:
                made[:] = [(published, Rehearsal(definitions.ctx.settings, definitions.folder, definitions.site))]
            return made[0][1]

    return rehearsal


def _wanted(forms: list[Shown]) -> _Wanted | None:
    """What the address asks for, as far as there is such a thing; None where there is no form at all."""
    if not forms:
        return None
    asked = request.args
    form = next((one for one in forms if f"{one.controller}/{one.form}" == asked.get("form")), forms[0])
    wanted = _Wanted(
        form=form,
        language=_one_of(form.languages or i18n.LANGUAGES, asked.get("lang", "")),
        audience=_one_of(tuple(form.audiences), asked.get("audience", "")),
        step="",
        width=700 if asked.get("width") == "700" else 320,
        scheme="dark" if asked.get("scheme") == "dark" else "",
    )
    step = _one_of(("", *wanted.steps), asked.get("step", ""))
    return replace(wanted, step=step)


def _one_of(offered: tuple[str, ...], wanted: str) -> str:
    return wanted if wanted in offered else offered[0]


def _snippets(wanted: _Wanted, kit_origin: str, address: str, height: int) -> tuple[str, str]:
    """What a company puts into its page: the element, or a plain frame of this height."""
    chosen, language = wanted.form, wanted.language
    form_title = chosen.titles.get(language, chosen.form)
    title = i18n.say(language, "embed.title", controller=chosen.controller_name, form_title=form_title)
    fallback = i18n.say(language, "embed.fallback", controller=chosen.controller_name)
    element = (
        f'<script src="{kit_origin}/embed.js" async></script>\n'
        f'<akkoord-form form="{chosen.controller}/{chosen.form}" lang="{language}" title="{title}">\n'
        f'  <a href="{address}">{fallback}</a>\n</akkoord-form>'
    )
    style = f"border:0;width:100%;height:{height}px"
    return element, f'<iframe src="{address}" title="{title}"\n  style="{style}"></iframe>'


def _heights(definitions: Definitions, kit: Flask, chosen: Shown) -> dict[int, int]:
    """The heights of a plain frame by its width; none where the form was never good."""
    served = definitions.app_state and definitions.app_state.forms.get((chosen.controller, chosen.form))
    return heights(kit, definitions.ctx, served) if served and served.in_order else {}


def _step(definitions: Definitions, wanted: _Wanted) -> dict[str, str]:
    """What the address of a form needs to be the page that follows a verdict. It holds for a day."""
    if definitions.app_state is None or wanted.verdict is None:
        return {}
    served = definitions.app_state.forms[wanted.form.controller, wanted.form.form]
    return {"step": step_token(definitions.ctx, served, wanted.verdict)}
