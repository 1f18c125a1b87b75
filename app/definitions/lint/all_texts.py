"""The texts of a form as people read them: title and text of a purpose together, every other text alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ...languages import LANGUAGES
from ..source.positions import Node
from .law import TOLD
from .rules.record import Kind
from .texts import readable_texts

_JOIN = " – "
"""Between a title and what follows it: one sentence may run on, a clause does not."""


@dataclass(frozen=True)
class ReadableText:
    """What is read in one go: one text, or a title and what follows it.

    `young` says that children read it; `before` is what they, or adults, have read above it: the introduction. `titles`
    are those of what it offers: of its own purpose, or of all purposes where it introduces the form.
    """

    kind: Kind
    language: str
    young: bool
    nodes: tuple[Node, ...]
    before: str = ""
    titles: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All of it."""
        return _joined(self.nodes)

    def node_at(self, place: int) -> Node:
        """The text in which a place of `text` is."""
        end = 0
        for node in self.nodes:
            end += len(node.text) + len(_JOIN)
            if place < end:
                return node
        return self.nodes[-1]

    def is_in(self, node: Node, place: int) -> bool:
        """Whether a place of `text` is in this one of its texts."""
        return self.node_at(place) is node


def all_texts(top: Node) -> Iterator[ReadableText]:
    """Every text of a form file that people read, in the order of the file."""
    yield from _together("form", top, ("title", "intro"), top.at("purposes").items)
    for field in top.at("fields").items:
        yield from _together("label", field, ("label",))
        for option in field.at("options").items:
            yield from _together("option", option, ("label",))
    for purpose in top.at("purposes").items:
        kind: Kind = "told" if purpose.at("basis").text in TOLD else "purpose"
        for text in _together(kind, purpose, ("title", "text"), [purpose]):
            intro = (top.at("child") if text.young else top).at("intro", text.language)
            yield replace(text, before=intro.text)
        yield from _together("also", purpose, ("also",))
        for recipient in purpose.at("recipients").items:
            yield from _together("use", recipient, ("use",))
        yield from _together("risk", purpose.at("transfers"), ("risk",))
        yield from _together("logic", purpose.at("automated_decisions"), ("logic",))
        yield from _together("consequences", purpose.at("automated_decisions"), ("consequences",))
        yield from _together("because", purpose, ("because",))
        yield from _together("statement", purpose.at("special_category"), ("statement",))


def title_and_text(block: Node, language: str) -> str:
    """What a purpose says to adults, or its `child` to children, as `all_texts` has it: read once, it is known."""
    return _joined(_read(block, ("title", "text"))[language])


def _together(kind: Kind, entry: Node, keys: tuple[str, ...], offers: Sequence[Node] = ()) -> Iterator[ReadableText]:
    for own in ((), ("child",)):
        titles = [dict(readable_texts(offer.at(*own, "title"))) for offer in offers]
        for language, nodes in _read(entry.at(*own), keys).items():
            if nodes:
                named = tuple(title[language].text for title in titles if language in title)
                yield ReadableText(kind, language, bool(own), nodes, titles=named)


def _read(block: Node, keys: tuple[str, ...]) -> dict[str, tuple[Node, ...]]:
    """What stands under these keys, as far as it is written, by language."""
    texts = [dict(readable_texts(block.at(key))) for key in keys]
    return {language: tuple(text[language] for text in texts if language in text) for language in LANGUAGES}


def _joined(nodes: tuple[Node, ...]) -> str:
    return _JOIN.join(node.text for node in nodes)
