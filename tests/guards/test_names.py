"""One name, one thing: a reader who greps for a class finds one."""

import ast
from collections import defaultdict

from tests.guards.source import modules, walked

OF_LIBRARIES = {"Meta"}
"""Names that a library looks for inside a class: WTForms reads the options of a form there."""


def test_no_two_classes_have_one_name() -> None:
    found = defaultdict(set)
    for name, tree in modules():
        for node in walked(tree):
            if isinstance(node, ast.ClassDef) and node.name not in OF_LIBRARIES:
                found[node.name].add(f"{name}:{node.lineno}")
    assert {one: sorted(places) for one, places in found.items() if len(places) > 1} == {}
