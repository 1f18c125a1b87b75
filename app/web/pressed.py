"""Tells a button that was pressed from a form that a script has sent: scripts send no button along."""

from flask import request


def pressed(*buttons: str) -> str | None:
    """Which of these buttons was pressed, or None."""
    decision = request.form.get("decision", "")
    return decision if decision in buttons else None
