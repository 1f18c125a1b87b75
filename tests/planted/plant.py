"""Plants a bug: finds its definition and the one place in it, and changes the text there and nowhere else."""

import ast
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

from tests.planted import pattern
from tests.planted.bug import Bug

_FOLDERS = ("app", "templates", "static")
_BARE = (ast.Name, ast.Attribute, ast.Call, ast.Constant, ast.Subscript, ast.List, ast.Dict, ast.Tuple, ast.JoinedStr)
"""Expressions that need no parentheses wherever they are put, as `ast.unparse` writes them."""


class CannotPlant(Exception):
    """The place that a bug names is not there, or there are several such places."""


class Module(NamedTuple):
    """A module and its definitions by their full names, with itself under its own."""

    path: str
    text: bytes
    definitions: dict[str, list[ast.AST]]


class Tree:
    """The code of a checkout, in which bugs can be planted. Each file is read once."""

    def __init__(self, root: Path) -> None:
        """`root` is the folder that holds `app`."""
        self._root = root

    @cached_property
    def _modules(self) -> list[Module]:
        paths = sorted((self._root / "app").rglob("*.py"))
        return [read(path.relative_to(self._root).as_posix(), path.read_bytes()) for path in paths]

    @cached_property
    def _files(self) -> list[str]:
        paths = (path for folder in _FOLDERS for path in sorted((self._root / folder).rglob("*.*")))
        return [path.relative_to(self._root).as_posix() for path in paths]

    def plant(self, bug: Bug) -> tuple[str, bytes]:
        """The path of the file that a bug changes, and its text with the bug in it.

        Raises CannotPlant.
        """
        files = [path for path in self._files if f"/{path}".endswith(f"/{bug.where}")]
        if files:
            _require_one(bug, "files", files)
            return files[0], _in_text(bug, (self._root / files[0]).read_text(encoding="utf-8")).encode()
        ending = f".{bug.where}"
        found = [(module, name) for module in self._modules for name in module.definitions if name.endswith(ending)]
        _require_one(bug, "definitions", [name for _, name in found])
        module, name = found[0]
        return module.path, planted(bug, module.text, module.definitions[name])


def read(path: str, text: bytes) -> Module:
    """A module with an index of its functions, its classes, and the names that it or a class assigns."""
    tree = ast.parse(text)
    name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    definitions: dict[str, list[ast.AST]] = {name: [tree]}
    for full, node in _definitions(tree, name):
        definitions.setdefault(full, []).append(node)
    return Module(path, text, definitions)


def planted(bug: Bug, text: bytes, definitions: Sequence[ast.AST]) -> bytes:
    """The text of a module with a bug in one of its definitions; several where one name is defined anew.

    Raises CannotPlant.
    """
    olds, news = pattern.parse(bug.find), pattern.parse(bug.into)
    places = [place for definition in definitions for place in _places(olds, definition)]
    _require_one(bug, "places", [f"line {getattr(place.codes[0], 'lineno', '?')}" for place in places])
    try:
        codes, made = _change(places[0], olds, news)
    except KeyError as error:
        raise CannotPlant(f"nothing is found as {error}") from error
    return _spliced(text, codes, made)


class _Place(NamedTuple):
    """Code that looks like a pattern: several statements or one node, with all that it stands in, outermost first."""

    codes: Sequence[Any]
    around: tuple[ast.AST, ...]
    found: pattern.Found


def _definitions(node: ast.AST, name: str) -> Iterator[tuple[str, ast.AST]]:
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield f"{name}.{child.name}", child
                yield from _definitions(child, f"{name}.{child.name}")
            case ast.Assign() | ast.AnnAssign() if isinstance(node, ast.Module | ast.ClassDef):
                targets = child.targets if isinstance(child, ast.Assign) else [child.target]
                for target in (each for part in targets for each in ast.walk(part) if isinstance(each, ast.Name)):
                    yield f"{name}.{target.id}", child
            case ast.stmt():
                yield from _definitions(child, name)


def _places(olds: Sequence[ast.AST], definition: ast.AST) -> Iterator[_Place]:
    for around, node in _walk(definition, ()):
        if len(olds) == 1 and isinstance(node, ast.expr | ast.keyword):
            found = pattern.find(olds[0], node, {})
            if found is not None:
                yield _Place([node], around, found)
        if isinstance(olds[0], ast.stmt):
            bodies = [value for _, value in ast.iter_fields(node) if isinstance(value, list)]
            for body in [[definition], *bodies] if node is definition else bodies:
                yield from _windows(olds, body, (*around, node))


def _windows(olds: Sequence[ast.AST], body: Sequence[ast.AST], around: tuple[ast.AST, ...]) -> Iterator[_Place]:
    lengths = range(1, len(body) + 1) if any(map(pattern.is_rest, olds)) else [len(olds)]
    for codes in (list(body[start : start + length]) for length in lengths for start in range(len(body) - length + 1)):
        found = pattern.find(list(olds), codes, {}) if isinstance(codes[0], ast.stmt) else None
        if found is not None:
            yield _Place(codes, around, found)


def _walk(node: ast.AST, around: tuple[ast.AST, ...]) -> Iterator[tuple[tuple[ast.AST, ...], ast.AST]]:
    yield around, node
    for child in ast.iter_child_nodes(node):
        yield from _walk(child, (*around, node))


def _change(place: _Place, olds: Sequence[ast.AST], news: Sequence[ast.AST]) -> tuple[Sequence[Any], list[Any]]:
    """The nodes that are to give way, as few as will do, and what comes in their place."""
    codes, around = place.codes, place.around
    made = pattern.become_all(olds, news, place.found)
    if isinstance(around[-1], ast.Expr) and (not made or any(isinstance(node, ast.stmt) for node in made)):
        codes, around = [around[-1]], around[:-1]
    outermost = next((number for number, node in enumerate(around) if isinstance(node, ast.JoinedStr)), len(around))
    while not isinstance(codes[0], ast.stmt) and (not _can_be_cut(codes[0]) or not made or len(around) > outermost):
        made = [_with(around[-1], codes[0], made)]
        codes, around = [around[-1]], around[:-1]
    differ = [(old, new) for old, new in zip(codes, made, strict=False) if not pattern.same(old, new)]
    return _smallest(*differ[0]) if len(differ) == 1 and len(codes) == len(made) else (codes, made)


def _with(node: ast.AST, old: ast.AST, news: Sequence[Any]) -> ast.AST:
    """A node with others in the place of one that it holds."""
    made: dict[str, Any] = {}
    for field, value in ast.iter_fields(node):
        if isinstance(value, list):
            made[field] = [each for item in value for each in (news if item is old else [item])]
        else:
            made[field] = news[0] if value is old and news else value
    if isinstance(node, ast.BoolOp) and len(made["values"]) == 1:
        return made["values"][0]  # type: ignore[no-any-return]
    return ast.copy_location(type(node)(**made), node)


def _smallest(old: Any, new: Any) -> tuple[list[Any], list[Any]]:
    """The innermost nodes in which two differ."""
    if type(old) is type(new) and not isinstance(old, ast.JoinedStr):
        pairs = [pair for field in old._fields for pair in _pairs(getattr(old, field), getattr(new, field))]
        differ = [(a, b) for a, b in pairs if not pattern.same(a, b)]
        if len(differ) == 1 and isinstance(differ[0][0], ast.AST) and isinstance(differ[0][1], ast.AST):
            inner, made = _smallest(*differ[0])
            if _can_be_cut(inner[0]):
                return inner, made
    return [old], [new]


def _pairs(old: object, new: object) -> list[tuple[object, object]]:
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return list(zip(old, new, strict=True))
    return [(old, new)]


def _can_be_cut(node: ast.AST) -> bool:
    return isinstance(node, ast.expr | ast.stmt) and not isinstance(node, ast.Slice | ast.Starred)


def _spliced(text: bytes, codes: Sequence[Any], made: Sequence[Any]) -> bytes:
    starts = [0, *accumulate(len(line) for line in text.splitlines(keepends=True))]
    begin = starts[codes[0].lineno - 1] + codes[0].col_offset
    end = starts[codes[-1].end_lineno - 1] + codes[-1].end_col_offset
    if isinstance(codes[0], ast.stmt):
        written = "\n".join(ast.unparse(ast.fix_missing_locations(node)) for node in made) or "pass"
        written = written.replace("\n", "\n" + codes[0].col_offset * " ")
        if text[begin:].startswith(b"elif"):
            written = f"el{written}"
    else:
        written = ast.unparse(ast.fix_missing_locations(made[0]))
        if isinstance(codes[0], ast.GeneratorExp) or not isinstance(made[0], _BARE):
            written = f"({written})"
    return text[:begin] + written.encode() + text[end:]


def _in_text(bug: Bug, text: str) -> str:
    """A text that is not Python, with a bug in it: here a blank stands for any blanks, `...` for the rest of a line."""
    if text.count(bug.find) == 1:
        return text.replace(bug.find, bug.into)
    parts = [r"\s+".join(map(re.escape, re.split(r"\s+", part))) for part in bug.find.split("...")]
    places = list(re.finditer("(.*?)".join(parts), text))
    _require_one(bug, "places", [place[0] for place in places])
    taken = iter(places[0].groups())
    made = re.sub(r"\.\.\.", lambda _: next(taken), bug.into)
    return text[: places[0].start()] + made + text[places[0].end() :]


def _require_one(bug: Bug, what: str, found: Sequence[str]) -> None:
    if len(found) != 1:
        raise CannotPlant(f"{bug.where} / {bug.find}: {len(found)} {what} {', '.join(found)}".rstrip())
