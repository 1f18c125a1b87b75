"""Makes and changes frozen dataclasses without what their own `__init__` does, which takes ten times as long.

For those that every act or every mail makes; `dataclasses.replace` is for all others. No type checker looks at it.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

T = TypeVar("T")


def made(kind: type[T], values: Mapping[str, Any]) -> T:
    """A frozen dataclass with these values of all its fields."""
    instance = object.__new__(kind)
    vars(instance).update(values)
    return instance


def changed(before: T, **values: Any) -> T:
    """The same with other values of some of its fields.

    Raises:
        TypeError: for a value of no field.
    """
    after = made(type(before), vars(before))
    vars(after).update(values)
    if len(vars(after)) != len(vars(before)):
        raise TypeError(f"no field: {', '.join(values.keys() - vars(before).keys())}")
    return after
