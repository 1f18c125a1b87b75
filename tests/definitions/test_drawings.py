"""Which drawing a child sees beside a wish."""

import pytest
from jinja2 import nodes

from app.definitions import drawings
from app.definitions.drawings import drawing
from tests.guards.source import templates


@pytest.mark.parametrize(
    ("language", "title", "name"),
    [
        ("nl", "Elke maand een recept per mail", "recipe"),
        ("nl", "Jouw foto aan de muur", "photo"),
        ("nl", "Een uitnodiging voor het kamp", "calendar"),
        ("fr", "Un e-mail la veille du club", "clock"),
        ("fr", "Une lettre d’information", "reading"),
        ("fr", "Une carte pour ton anniversaire", "birthday"),
        ("fr", "Une invitation au jour des gâteaux", "calendar"),
        ("en", "News of the club", "reading"),
        ("en", "An email about the photo competition", "photo"),
        ("en", "A new puzzle each week", "game"),
    ],
)
def test_a_wish_is_drawn_as_what_its_title_speaks_of(language: str, title: str, name: str) -> None:
    assert drawing(title, language, "post") == name


@pytest.mark.parametrize(
    ("channel", "name"), [("email", "letter"), ("post", "card"), ("phone", "phone"), ("sms", "message"), ("none", "")]
)
def test_a_wish_that_speaks_of_nothing_known_is_drawn_as_the_way_it_comes(channel: str, name: str) -> None:
    assert drawing("Iets van ons", "nl", channel) == name


def test_every_drawing_that_can_be_chosen_is_there() -> None:
    """A name that the template lacks would show the one that fits everything."""
    module = templates()["components/drawings.html"]
    keys = [pair.key for table in module.find_all(nodes.Dict) for pair in table.items]
    drawn = {str(key.value) for key in keys if isinstance(key, nodes.Const)}
    chosen = {*drawings._BY_TITLE, *drawings._BY_CHANNEL.values(), ""}
    assert chosen == drawn
