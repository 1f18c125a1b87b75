"""What a page behind a mailed link shows of an answer: enough to find a mistake in it, and too little for a stranger.

An address may be mistyped, and then somebody else reads there than the one who filled in the form.
"""

import re
from datetime import date

from .notice import Notice, NoticeField

_HIDDEN = "…"
_POSTCODE = re.compile(r"\b[0-9]{4} ?[A-Z]{2}\b|\b[0-9]{4,5}\b")


def glimpse(field: NoticeField, answer: str, notice: Notice) -> str:
    """The part of an answer to show: three digits, an initial, a postcode, a day and year, or what was chosen.

    Empty where the answer may only be named: long text, and whatever a special category of data uses.
    """
    if not answer or any(purpose.statement for purpose in notice.used_by(field.id)):
        return ""
    if field.type in ("name", "text"):
        return f"{answer.strip()[:1]}{_HIDDEN}"
    if field.type == "tel":
        digits = "".join(character for character in answer if character.isdigit())
        return f"{_HIDDEN} {digits[-3:]}"
    if field.type == "choice":
        return dict(field.options).get(answer, "")
    if field.type == "date":
        when = date.fromisoformat(answer)
        return f"{when.day} {_HIDDEN} {when.year}"
    if field.type == "postal_address":
        postcodes = _POSTCODE.findall(answer)
        return f"{_HIDDEN} {postcodes[-1]} {_HIDDEN}" if postcodes else ""
    return ""
