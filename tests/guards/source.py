"""The code and the templates as trees: each is read, and each tree walked, once for all guards."""

import ast
from functools import cache
from pathlib import Path

from jinja2 import Environment, nodes

from app import paths

ROOT = Path(__file__).parents[2]


@cache
def parsed(name: str) -> ast.Module:
    """A module by its path in this checkout."""
    return ast.parse((ROOT / name).read_text(encoding="utf-8"))


@cache
def modules(folder: str = "app") -> tuple[tuple[str, ast.Module], ...]:
    """Every module below a folder, by its path."""
    names = [path.relative_to(ROOT).as_posix() for path in sorted((ROOT / folder).rglob("*.py"))]
    return tuple((name, parsed(name)) for name in names)


@cache
def walked(tree: ast.AST) -> tuple[ast.AST, ...]:
    """Every node of a tree."""
    return tuple(ast.walk(tree))


@cache
def calls(tree: ast.AST) -> tuple[ast.Call, ...]:
    """Every call in a tree."""
    return tuple(node for node in walked(tree) if isinstance(node, ast.Call))


def names_of_templates() -> list[str]:
    """The names that templates are asked for with."""
    found = sorted(path for path in paths.TEMPLATES.rglob("*") if path.is_file())
    return [path.relative_to(paths.TEMPLATES).as_posix() for path in found]


@cache
def templates() -> dict[str, nodes.Template]:
    """Every template by its name."""
    read = Environment()  # noqa: S701 (it only parses)
    return {name: read.parse((paths.TEMPLATES / name).read_text(encoding="utf-8")) for name in names_of_templates()}
