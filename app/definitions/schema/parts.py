"""Where a file holds which part and which text per language, as the models declare it."""

from collections.abc import Iterator
from functools import cache
from types import UnionType
from typing import Annotated, Any, TypeAlias, Union, get_args, get_origin

from .models import Definition

KeyPattern: TypeAlias = tuple[str, ...]
"""The keys that lead to a value, from the top of the file, where `*` stands for each entry of a list."""


@cache
def parts(model: type[Definition]) -> dict[KeyPattern, type[Definition]]:
    """The model of every block of keys in a file, the file itself included."""
    return {(): model, **{path: kind for path, kind in _walk(model, ()) if kind is not dict}}


@cache
def texts(model: type[Definition]) -> tuple[KeyPattern, ...]:
    """Every key of a file below which a text per language stands."""
    return tuple(path for path, kind in _walk(model, ()) if kind is dict)


def _walk(model: type[Definition], above: KeyPattern) -> Iterator[tuple[KeyPattern, Any]]:
    for key, field in model.model_fields.items():
        for steps, kind in _kinds(field.annotation):
            path = (*above, key, *steps)
            if kind is dict:
                yield path, kind
            elif isinstance(kind, type) and issubclass(kind, Definition):
                yield path, kind
                yield from _walk(kind, path)


def _kinds(annotation: Any) -> Iterator[tuple[KeyPattern, Any]]:
    """The types that a value may have, with `*` before those of the entries of a list."""
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from _kinds(args[0])
    elif origin in (Union, UnionType):
        for one in args:
            yield from _kinds(one)
    elif origin is tuple:
        for steps, kind in _kinds(args[0]):
            yield ("*", *steps), kind
    else:
        yield (), origin or annotation
