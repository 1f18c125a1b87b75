"""Patterns of Python code: what a bug looks for in a function, and what it makes of that.

A pattern is Python, compared with the code as syntax: layout, comments and quotes count for nothing. In it
- `$name` stands for any expression or variable, the same one wherever it stands; `$_` for any, each time another;
- `...` stands for any arguments, elements or statements, for one whole expression, and in a string for any text;
- a bare name is also found behind a dot: `erase(...)` finds `subjects.erase(connection, subject.id)`;
- `name=value` is an assignment or a keyword argument;
- a dict is found among other keys, an `if` or a loop whatever its `else` is.

In what a pattern becomes, the n-th `...` is what the n-th of the pattern found. What the two have in common stays as
it is in the code.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from typing import Any

_VARIABLE = "any_of_all_"
_ANY = _VARIABLE + "_"
_UNLOOKED = ("ctx", "kind", "type_comment", "simple")
_OPTIONAL = ("orelse", "finalbody")

Found = dict[str | int, Any]
"""What a pattern found: by the name of a variable and the number of a `...`; by its identity, each of its own nodes
with what that found."""


def parse(text: str) -> list[ast.AST]:
    """The statements of a pattern, or the one expression that it is.

    Raises SyntaxError.
    """
    tree = ast.parse(re.sub(r"\$(\w+)", rf"{_VARIABLE}\1", text))
    for number, node in enumerate(node for node in _in_order(tree) if is_rest(node)):
        node.number = f"...{number}"  # type: ignore[attr-defined]
    only = tree.body[0] if len(tree.body) == 1 else None
    return [only.value] if isinstance(only, ast.Expr) else list(tree.body)


def same(one: object, other: object) -> bool:
    """Whether two pieces of syntax say the same."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, ast.AST) and type(one) is type(other):
        return all(same(getattr(one, field), getattr(other, field)) for field in _fields(one))
    return type(one) is type(other) and one == other


def is_rest(node: object) -> bool:
    """Whether this is a `...` of a pattern."""
    return isinstance(node, ast.Expr | ast.Constant) and (node.value is ... or is_rest(node.value))


def find(pattern: Any, code: Any, found: Found) -> Found | None:
    """What was found before and in this piece of code; None where it does not look like the pattern."""
    inner = _find(pattern, code, found)
    return None if inner is None else inner | {id(pattern): (pattern, code)}


def become(pattern: Any, result: Any, found: Found) -> Any:
    """What was found by a pattern, changed by no more than wherein the result differs from the pattern.

    Raises KeyError where the result has a variable or a `...` that the pattern has not.
    """
    _, code = found.get(id(pattern), (None, None))
    if code is not None and same(pattern, result):
        return code
    match pattern, result, code:
        case ast.Name(), ast.Name(id=name), ast.Attribute() if not _is_variable(pattern) and not _is_variable(result):
            return ast.Attribute(code.value, name, code.ctx)
        case ast.Constant(value=str(old)), ast.Constant(value=str(new)), ast.Constant():
            return ast.Constant(_refilled(old, new, str(code.value)))
        case ast.Assign(), ast.Assign(targets=[ast.Name(id=name)]), ast.keyword():
            return ast.keyword(name, become(pattern.value, result.value, found))
        case ast.Assign(), ast.Assign(), ast.AnnAssign():
            value = become(pattern.value, result.value, found)
            return ast.AnnAssign(code.target, code.annotation, value, code.simple)
        case ast.AST(), ast.AST(), ast.AST() if type(pattern) is type(result) is type(code):
            return _changed(pattern, result, code, found)
    return fill(result, found)


def become_all(olds: Sequence[Any], news: Sequence[Any], found: Found) -> list[Any]:
    """The same for statements, arguments or elements; a `...` may be several."""
    if len(olds) == len(news):
        pairs = list(zip(olds, news, strict=True))
    else:
        kept = iter(olds)
        pairs = [(next((old for old in kept if same(old, _bare(new, old))), None), new) for new in news]
    changed: list[Any] = []
    for old, new in pairs:
        made = become(old, _bare(new, old), found)
        changed += made if is_rest(new) else [made]
    return changed


def fill(result: Any, found: Found) -> Any:
    """A result with what was found in the place of its variables and of each `...`; in a list, that may be several.

    Raises KeyError where it was not found.
    """
    if isinstance(result, list):
        return [code for node in result for code in (fill(node, found) if is_rest(node) else [fill(node, found)])]
    if is_rest(result):
        return found[_number(result)]
    if _is_variable(result):
        return found[result.id]
    if isinstance(result, ast.expr):
        alike = [code for pattern, code in _known(found) if same(pattern, result)]
        if alike:
            return alike[0]
    if not isinstance(result, ast.AST):
        return found[result].id if str(result).startswith(_VARIABLE) else result
    return type(result)(**{field: fill(getattr(result, field), found) for field in result._fields})


def _find(pattern: Any, code: Any, found: Found) -> Found | None:
    match pattern, code:
        case list(), list():
            return _find_all(pattern, code, found)
        case str(), str() if pattern.startswith(_VARIABLE):  # the name of an argument or of a caught error
            return _find(ast.Name(pattern), ast.Name(code), found)
        case ast.Name(id=name), ast.expr() if _is_variable(pattern):
            return found | {name: code} if name == _ANY or same(found.get(name, code), code) else None
        case ast.Constant(value=value), ast.expr() if value is ...:
            return found | {_number(pattern): [code]}
        case ast.Assign(targets=[ast.Name(id=name)]), ast.keyword(arg=argument):
            return find(pattern.value, code.value, found) if name == argument else None
        case ast.Assign(targets=[target]), ast.AnnAssign():
            return _find_each((target, pattern.value), (code.target, code.value), found)
        case ast.Name(id=name, ctx=context), ast.Attribute(attr=last):
            return found if name == last and type(context) is type(code.ctx) else None
        case ast.AST(), ast.AST() if type(pattern) is type(code):
            return _find_alike(pattern, code, found)
    return found if same(pattern, code) else None


def _find_alike(pattern: Any, code: Any, found: Found) -> Found | None:
    match pattern:
        case ast.Name(ctx=context):
            return found if pattern.id == code.id and type(context) is type(code.ctx) else None
        case ast.Constant(value=str(text)):
            return found if isinstance(code.value, str) and _wild(text).fullmatch(code.value) else None
        case ast.Dict():
            return _find_pairs(_pairs(pattern), _pairs(code), found)
        case ast.Call():
            inner = _find_all([pattern.func, *pattern.args], [code.func, *code.args], found)
            is_open = any(map(is_rest, pattern.args))
            return None if inner is None else _find_keywords(pattern.keywords, code.keywords, inner, is_open=is_open)
    return _find_fields(pattern, code, found)


def _find_fields(pattern: ast.AST, code: ast.AST, found: Found) -> Found | None:
    inner: Found | None = found
    for field in _fields(pattern):
        wanted = getattr(pattern, field)
        if inner is not None and not (field in _OPTIONAL and wanted == []):
            inner = find(wanted, getattr(code, field), inner)
    return inner


def _find_all(patterns: Sequence[Any], codes: Sequence[Any], found: Found) -> Found | None:
    if not patterns:
        return None if codes else found
    first, *others = patterns
    if is_rest(first):
        taken = (codes[:number] for number in range(len(codes) + 1))
        tries = (
            _find_all(others, codes[len(some) :], found | {_number(first): some, id(first): (first, some)})
            for some in taken
        )
        return next((each for each in tries if each is not None), None)
    inner = find(first, codes[0], found) if codes else None
    return None if inner is None else _find_all(others, codes[1:], inner)


def _find_each(patterns: Sequence[Any], codes: Sequence[Any], found: Found) -> Found | None:
    """The same where none of the patterns may be several."""
    inner: Found | None = found
    for pattern, code in zip(patterns, codes, strict=True):
        inner = None if inner is None else find(pattern, code, inner)
    return inner


def _find_pairs(patterns: Sequence[Any], codes: Sequence[Any], found: Found) -> Found | None:
    """Pairs of a dict, each somewhere among those of the code."""
    inner: Found | None = found
    for pattern in patterns:
        tries = (_find_each(pattern, code, inner) for code in codes) if inner is not None else ()
        inner = next((each for each in tries if each is not None), None)
    return inner


def _find_keywords(
    patterns: Sequence[ast.keyword], codes: Sequence[ast.keyword], found: Found, *, is_open: bool
) -> Found | None:
    names = {pattern.arg for pattern in patterns}
    if not is_open and {code.arg for code in codes} != names:
        return None
    inner: Found | None = found
    for pattern in patterns:
        tries = (find(pattern, code, inner) for code in codes) if inner is not None else ()
        inner = next((each for each in tries if each is not None), None)
    return inner


def _changed(pattern: Any, result: Any, code: Any, found: Found) -> Any:
    made: dict[str, Any] = {}
    for field in code._fields:
        old, new, now = getattr(pattern, field), getattr(result, field), getattr(code, field)
        if same(old, new):
            made[field] = now
        elif field == "keywords" or isinstance(code, ast.Dict):
            made[field] = _changed_among_others(old, new, now, found)
        elif isinstance(old, list):
            made[field] = become_all(old, new, found)
        else:
            made[field] = become(old, new, found) if isinstance(old, ast.AST) else new
    return ast.copy_location(type(code)(**made), code)


def _changed_among_others(olds: Sequence[Any], news: Sequence[Any], codes: Sequence[Any], found: Found) -> list[Any]:
    """Keyword arguments, or keys or values of a dict: what the pattern does not name stays."""
    at = {id(found[id(old)][1]): number for number, old in enumerate(olds)}
    changed = []
    for code in codes:
        number = at.get(id(code))
        if number is None:
            changed.append(code)
        elif number < len(news):
            changed.append(become(olds[number], news[number], found))
    return changed + [fill(new, found) for new in news[len(olds) :]]


def _fields(node: ast.AST) -> Iterator[str]:
    return (field for field in node._fields if field not in _UNLOOKED)


def _in_order(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _in_order(child)


def _bare(new: Any, old: Any) -> Any:
    """The expression that a statement is, to compare it with an expression."""
    return new.value if isinstance(new, ast.Expr) and isinstance(old, ast.expr) else new


def _is_variable(node: object) -> bool:
    return isinstance(node, ast.Name) and node.id.startswith(_VARIABLE)


def _known(found: Found) -> list[tuple[Any, Any]]:
    return [pair for pair in found.values() if isinstance(pair, tuple)]


def _number(rest: Any) -> str:
    return str(rest.number)


def _pairs(code: ast.Dict) -> list[list[Any]]:
    return [[key, value] for key, value in zip(code.keys, code.values, strict=True)]


def _wild(text: str) -> re.Pattern[str]:
    return re.compile("(.*)".join(map(re.escape, text.split("..."))), re.DOTALL)


def _refilled(old: str, new: str, text: str) -> str:
    """A string of the code that `old` fits, as `new` says it."""
    match = _wild(old).fullmatch(text)
    taken = iter(match.groups() if match else ())
    return re.sub(r"\.\.\.", lambda _: next(taken), new)
