"""A value of a document together with its position, read without trusting its shape.

The checks of the law walk over nodes and not over models: they must find their faults in a file whose shape
is wrong too.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from .report import Position
from .yaml_reader import Document, KeyPath, Value


@dataclass(frozen=True)
class Node:
    """One value of a document, or the absence of one."""

    document: Document
    path: KeyPath
    value: Value
    exists: bool = True

    @classmethod
    def top(cls, document: Document) -> "Node":
        """The value of the whole file."""
        return cls(document, (), document.value)

    def at(self, *keys: str) -> "Node":
        """The value below these keys; a node that does not exist where one of them is missing."""
        node = self
        for key in keys:
            value = node.value.get(key) if isinstance(node.value, dict) else None
            exists = isinstance(node.value, dict) and key in node.value
            node = Node(node.document, (*node.path, key), value, exists)
        return node

    @property
    def items(self) -> list["Node"]:
        """The entries of a list; none where this is no list."""
        if not isinstance(self.value, tuple):
            return []
        return [Node(self.document, (*self.path, at), item) for at, item in enumerate(self.value)]

    @property
    def entries(self) -> dict[str, "Node"]:
        """The values of a block by their keys; none where this is no block."""
        return {key: self.at(key) for key in self.value} if isinstance(self.value, dict) else {}

    @property
    def text(self) -> str:
        """The value where it is text, without white space around it; else nothing."""
        return self.value.strip() if isinstance(self.value, str) else ""

    @property
    def position(self) -> Position:
        """Where the value stands; for an empty one its key, for an absent one the block that lacks it."""
        return position_of(self.document, self.path)

    @property
    def key_position(self) -> Position:
        """Where the key of this value stands; for the entry of a list the entry."""
        return self.document.keys.get(self.path) or self.position

    def select(self, *steps: str) -> Iterator["Node"]:
        """All existing values that a path leads to, where `*` means each entry of a list."""
        if not steps:
            if self.exists:
                yield self
            return
        nodes = self.items if steps[0] == "*" else [self.at(steps[0])]
        for node in nodes:
            yield from node.select(*steps[1:])


def place_of(document: Document, path: KeyPath) -> str:
    """How `accept` names a value: `purposes.news.text.nl`. The entry of a list goes by its `id`, else by its number."""
    steps = []
    value = document.value
    for step in path:
        if isinstance(step, int):
            value = value[step] if isinstance(value, tuple) and step < len(value) else None
            name = value.get("id") if isinstance(value, dict) else None
            steps.append(name if isinstance(name, str) and name else str(step + 1))
        else:
            value = value.get(step) if isinstance(value, dict) else None
            steps.append(step)
    return ".".join(steps)


def places(document: Document) -> dict[Position, str]:
    """The place that each position belongs to: where a block and its first key begin together, to the block."""
    found: dict[Position, str] = {}
    for path, position in (*sorted(document.values.items(), key=lambda one: len(one[0])), *document.keys.items()):
        if position not in found:
            found[position] = place_of(document, path)
    return found


def position_of(document: Document, path: KeyPath) -> Position:
    """Where the value at the end of a path stands; see `Node.position`."""
    while path and path not in document.values:
        path = path[:-1]
    return document.values.get(path, Position())
