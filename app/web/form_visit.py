"""Where in a form a person is: the form, its language, and what followed from the age question.

That verdict travels in the address as a signed token, because no cookie is set. It names an audience, and for a child
the month in which it reaches the age to decide: nothing else of a date of birth.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from urllib.parse import urlsplit

from flask import abort, request

from ..addresses import link
from ..domain.age import Verdict
from ..domain.consent import Audience
from ..domain.form import ServedForm
from ..services.context import Context, UnknownLink
from ..signing import BadToken
from ..storage.notices import StoredNotice
from . import policies
from .app_state import app_state, ctx
from .errors import FormOutOfOrder, UnknownForm
from .form_token import IN_THE_FUTURE
from .rendering import wanted_language
from .surroundings import named_scheme, named_site

_HOLDS_FOR = timedelta(hours=24)


class StepExpired(Exception):
    """The verdict in an address is genuine, but too old. `visit` is the form, to start again."""

    def __init__(self, visit: "FormVisit") -> None:
        super().__init__()
        self.visit = visit


@dataclass(frozen=True)
class FormVisit:
    """A form in one language, and how far a person is in it. `step` is the token in the address, if there is one."""

    served: ServedForm
    language: str
    step: str = ""
    verdict: Verdict | None = None

    @property
    def asks_age(self) -> bool:
        """Whether the age question comes first."""
        return bool(self.served.threshold) and self.verdict is None

    @property
    def audience(self) -> Audience:
        """Who reads: before the age is known, whoever the form is for. On one for children an adult is a parent."""
        is_for_children = self.served.audience == "children"
        if self.verdict is not None:
            is_guardian = is_for_children and self.verdict.audience == Audience.ADULT
            return Audience.GUARDIAN if is_guardian else self.verdict.audience
        return Audience.CHILD if is_for_children else Audience.ADULT

    @cached_property
    def stored(self) -> StoredNotice:
        """The notice that is shown here now."""
        notice_hash = self.served.notice_hash(self.language, self.audience)
        if notice_hash is None:
            abort(404)
        return ctx().stored_notice(notice_hash)

    @property
    def action(self) -> str:
        """The address of this page."""
        return self.action_in(self.language)

    def action_in(self, language: str) -> str:
        """The address of this page in another language."""
        served = self.served
        around = {"site": named_site(served), "scheme": named_scheme(served.theme)}
        if not self.step:
            return _without_step(language, served.controller, served.form, **around)
        return link(language, "f", served.controller, served.form, **around, step=self.step)

    @property
    def start(self) -> "FormVisit":
        """The form before the age question."""
        return FormVisit(self.served, self.language)

    def after(self, verdict: Verdict) -> "FormVisit":
        """Where the answer to the age question leads."""
        return FormVisit(self.served, self.language, step_token(ctx(), self.served, verdict), verdict)


@lru_cache(maxsize=1000)
def _without_step(language: str, controller: str, form: str, site: str, scheme: str) -> str:
    return link(language, "f", controller, form, site=site, scheme=scheme)


def current_visit(controller: str, form: str) -> FormVisit:
    """Where the address of this request stands.

    Raises:
        UnknownForm: when there is no such form.
        FormOutOfOrder: when it has a fault and never had a good definition.
        UnknownLink: when the verdict in the address is not one of ours for this form.
        StepExpired: when it is too old.
    """
    served = app_state().forms.get((controller, form))
    if served is None:
        raise UnknownForm
    policies.allow_framing(served.origins)
    policies.allow_logo(served.theme)
    if not served.in_order:
        raise FormOutOfOrder
    language = wanted_language(served.languages)
    token = request.args.get("step", "")
    if not token:
        return FormVisit(served, language)
    return FormVisit(served, language, token, _verdict(FormVisit(served, language), token))


def step_token(ctx: Context, served: ServedForm, verdict: Verdict) -> str:
    """The token of a verdict."""
    month = f"{verdict.decides_from:%Y-%m}" if verdict.decides_from else ""
    return ctx.signing.step.make([f"{served.controller}/{served.form}", verdict.audience.value, month])


def _verdict(start: FormVisit, token: str) -> Verdict:
    served = start.served
    try:
        payload, signed = ctx().signing.step.read(token)
        form, audience, month = payload
        verdict = Verdict(Audience(audience), date.fromisoformat(f"{month}-01") if month else None)
    except (BadToken, ValueError, TypeError):
        raise UnknownLink from None
    if form != f"{served.controller}/{served.form}" or not served.threshold:
        raise UnknownLink
    age = ctx().clock() - signed
    if age < -IN_THE_FUTURE:
        raise UnknownLink
    if age > _HOLDS_FOR:
        raise StepExpired(start)
    return verdict


def embedding_host(served: ServedForm) -> str:
    """The host of the site where the form was filled in: the framing one as far as it is known, or else our own."""
    origin = named_site(served)
    if not origin and request.headers.get("Sec-Fetch-Dest") == "iframe" and len(served.origins) == 1:
        origin = served.origins[0]
    return urlsplit(origin or ctx().settings.BASE_URL).netloc
