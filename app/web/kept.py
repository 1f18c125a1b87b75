"""What was typed, taken along in hidden inputs of a person's own answer, so that the form can be shown filled in again.

Nothing of it is stored or stands in an address, and no page that anybody else may get holds any of it.
"""

import re

from flask import request
from markupsafe import Markup, escape

AGAIN = "again"
"""The `decision` of a button that shows the form again as it was filled in: it stores, judges and counts nothing."""

_MADE_FOR = "kept-for"
"""Names who typed what the age question takes along; it has a hyphen, so that no field can have the same name."""
_NAME = re.compile(r"[a-z][a-z0-9_]*(?:-postcode|-town)?")
_OF_THE_PAGE = frozenset(["form_token", "decision", "asked", "website", "birth_day", "birth_month", "birth_year"])
_MOST_INPUTS = 90
"""A form has 20 fields of three parts, 20 purposes and eight of ours at most: empty names must not make a huge page."""


def anything() -> bool:
    """Whether anything was typed or ticked that would be lost."""
    controls = ("form_token", "decision", "asked", _MADE_FOR)
    return any(value.strip() for name, value in request.form.items(multi=True) if name not in controls)


def token() -> str:
    """The form token of the page that was filled in; that of an age question stands before it."""
    return next(reversed(request.form.getlist("form_token")), "")


def made_for() -> str:
    """The audience that typed what an age question takes along, or nothing where it takes nothing along."""
    return request.form.get(_MADE_FOR, "")


def inputs(audience: str = "") -> Markup:
    """Hidden inputs of what was typed and ticked, or nothing where nothing was, or where the answer is no.

    `audience` is who typed it, where the age question comes in between: only they see it again.
    """
    form = request.form
    named = [
        (name, value)
        for name, values in form.lists()
        if name not in _OF_THE_PAGE and _NAME.fullmatch(name)
        for value in values
    ]
    if form.get("decision") == "no" or not any(value.strip() for _, value in named):
        return Markup()
    kept = [("form_token", token()), *named[:_MOST_INPUTS]]
    if whose := audience or made_for():
        kept.append((_MADE_FOR, whose))
    written = [f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in kept]
    return Markup("".join(written))  # noqa: S704 (values are escaped, and names have nothing that needs it)
