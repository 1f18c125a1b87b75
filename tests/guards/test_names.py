"""One name, one thing: a reader who greps for a class finds one."""

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[2]

OF_LIBRARIES = {"Meta"}
"""Names that a library looks for inside a class: WTForms reads the options of a form there."""


def test_no_two_classes_have_one_name() -> None:
    found = defaultdict(set)
    for path in sorted((ROOT / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and node.name not in OF_LIBRARIES:
                found[node.name].add(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert {name: sorted(places) for name, places in found.items() if len(places) > 1} == {}
