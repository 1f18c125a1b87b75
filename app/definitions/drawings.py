"""Which drawing a child sees beside a wish: told by what its title speaks of, or else by how people are reached."""

from .lint import phrases

_BY_TITLE = ("photo", "birthday", "calendar", "recipe", "clock", "reading", "game")
_BY_CHANNEL = {"email": "letter", "post": "card", "phone": "phone", "sms": "message"}


def drawing(title: str, language: str, channel: str) -> str:
    """The name of the drawing for a wish, in `components/drawings.html`; empty for the one that fits everything."""
    spoken_of = phrases.find(title, language)
    for name in _BY_TITLE:
        if f"drawing {name}" in spoken_of:
            return name
    return _BY_CHANNEL.get(channel, "")
