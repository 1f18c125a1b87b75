"""From a form definition to what is served: the notices that people are shown, in each language, and how it looks."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from ..domain.consent import Audience
from ..domain.form import Theme
from ..domain.notice import Notice
from .loading import GoodForm
from .notice_writer import Ages, ChildNoticeWriter, NoticeWriter


@dataclass(frozen=True)
class Compiled:
    """A form ready to be served. `threshold` is the age that counts for its service, 0 where no age is asked."""

    languages: tuple[str, ...]
    origins: tuple[str, ...]
    theme: Theme
    notices: tuple[Notice, ...]
    threshold: int
    logo: bytes = b""


def compile_form(good: GoodForm, today: date) -> Compiled:
    """The notices of a form that has no fault, with who may frame it and how it looks.

    `today` is the day whose ages count.
    """
    gate = good.form.age_gate
    ages = Ages.of(good.form, today)
    notices: list[Notice] = []
    for language in good.form.languages:
        notices.append(NoticeWriter(good, language, Audience.ADULT, ages).notice())
        if gate:
            guardian = NoticeWriter(good, language, Audience.GUARDIAN, ages).notice()
            child = ChildNoticeWriter(good, language, Audience.CHILD, ages, beside=guardian.hash).notice()
            notices += [guardian, child, NoticeWriter(good, language, Audience.TEEN, ages).notice()]
    return Compiled(
        tuple(good.form.languages),
        tuple(good.controller.origins),
        theme_of(good),
        tuple(notices),
        ages.threshold,
        good.logo,
    )


def theme_of(good: GoodForm) -> Theme:
    """How a form looks. Its logo is named by what is in it, so that a new one has a new address."""
    settings = good.controller.theme.model_dump()
    if good.logo:
        settings["logo"] = sha256(good.logo).hexdigest()[:32] + Path(settings["logo"]).suffix
    return Theme(**settings | {"logo": settings["logo"] or ""})
