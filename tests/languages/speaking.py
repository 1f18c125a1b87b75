"""A plugin for pytest: the program speaks the made-up language too, and what tests see of it is read for stray text.

`test_made_up.py` runs other tests with it, in a process of its own: which languages there are is known from the start.
"""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from flask import template_rendered

from app import paths
from tests.languages import made_up

FOLDER = Path(os.environ["MADE_UP_LANGUAGE"])
"""Where the generated translations and forms are, and where what was found is written."""

ENGLISH_SAMPLES = paths.SAMPLES
"""The samples as they are; the program serves those that speak the made-up language too."""

paths.TRANSLATIONS = FOLDER / "translations"
paths.SAMPLES = FOLDER / "samples"
made_up.count_syllables()

# Only now: all of these know the languages of the program from the moment they are imported.
from app import i18n  # noqa: E402
from tests import page as pages  # noqa: E402
from tests.definitions import mutations  # noqa: E402
from tests.delivery import contexts, post  # noqa: E402
from tests.web import ways  # noqa: E402

_DATA = json.loads((FOLDER / "data.json").read_text(encoding="utf-8"))
_NAMES = [*_DATA, *ways.FILLED.values(), *(i18n.language_name(code) for code in i18n.LANGUAGES)]
_NO_TEXT = re.compile(
    "|".join([r"[\w.+-]+@[\w.-]+", r"https?://\S+", r"\b(?:www\.)?[\w-]+\.example\b", r"\b[0-9a-f]{12}\b"])
)
_LETTERS = re.compile(r"[^\W\d_]{2,}")

found: dict[str, list[str]] = {}
"""Text that stands in no catalogue and in no definition, by the page or mail on which it is seen."""

templates: set[str] = set()
"""The templates of pages that were rendered in the made-up language."""


def read(where: str, *texts: str) -> None:
    """Note all text outside the marks that is no name, address or answer."""
    for text in texts:
        rest = made_up.unmarked(text)
        for name in sorted(_NAMES, key=len, reverse=True):
            rest = rest.replace(name, " ")
        stray = [line for line in _NO_TEXT.sub(" ", rest).splitlines() if _LETTERS.search(line)]
        if stray:
            found.setdefault(where, []).extend(stray)


_begin = pages.Page.__init__


def _read_page(self: pages.Page, *args: Any, **options: Any) -> None:
    _begin(self, *args, **options)
    if self.language == made_up.CODE:
        read(self.address.split("?")[0], self.title, self.text, *self._spoken())


pages.Page.__init__ = _read_page  # type: ignore[method-assign]
for form in (ways.QUOTE, ways.CALLS, ways.DESK, ways.BAKECLUB, ways.CAMP):  # between them they meet every page
    object.__setattr__(form, "languages", (*form.languages, made_up.CODE))
    gated = (ways.GATED_IN_EVERY_LANGUAGE, ways.GATED_ONE_LANGUAGE_EACH)
    for cases in gated if isinstance(form, ways.GatedForm) else (ways.IN_EVERY_LANGUAGE, ways.ONE_LANGUAGE_EACH):
        cases.append((form, made_up.CODE))  # type: ignore[arg-type]
for texts in (ways.INTEREST, ways.RECORDING):
    texts[made_up.CODE] = made_up.marked(texts["en"])
contexts.TITLES[made_up.CODE] = tuple(map(made_up.marked, contexts.TITLES["en"]))  # type: ignore[assignment]
contexts.SAID[made_up.CODE] = tuple(map(made_up.marked, contexts.SAID["en"]))  # type: ignore[assignment]
mutations.FORMS = ENGLISH_SAMPLES
ways.OWN_FORMS = FOLDER / "web"
post.FORMS = FOLDER / "post"


@template_rendered.connect
def _rendered(sender: Any, template: Any, context: dict[str, Any], **extra: Any) -> None:
    if context.get("language") == made_up.CODE:
        templates.add(template.name)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Leave what was found to the test that started this."""
    result = {"found": found, "templates": sorted(templates)}
    (FOLDER / "found.json").write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")
