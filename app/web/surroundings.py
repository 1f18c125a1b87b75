"""What the embed script says in the address of a form about the page around it. It says nothing of a person."""

from typing import Any

from flask import request

from ..domain.form import ServedForm, Theme


def named_site(served: ServedForm) -> str:
    """The site that the embed script says the form stands in, when it is one that may frame the form."""
    named = request.args.get("site", "")
    return named if named in served.origins else ""


def named_scheme(theme: Theme) -> str:
    """`dark` where the embed script says that the page around is, and the form goes by that; else nothing."""
    return "dark" if theme.follows_host and request.args.get("scheme") == "dark" else ""


def surroundings(served: ServedForm, theme: Theme) -> dict[str, Any]:
    """What a page of a form has to know of the page around it, for its looks."""
    return {
        "scheme": theme.framed_scheme(named_scheme(theme) or "light"),
        "in_frame": bool(named_site(served)),
    }
