"""Canonical JSON: the same value is the same bytes, whoever writes it and when."""

import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.canonical import canonical, digest

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=8,
)


@given(VALUES)
def test_what_was_written_is_read_back(value: Any) -> None:
    assert json.loads(canonical(value)) == value


@given(VALUES, st.randoms())
def test_the_order_of_keys_makes_no_difference(value: Any, shuffler: random.Random) -> None:
    assert canonical(_shuffled(value, shuffler)) == canonical(value)


@given(VALUES, VALUES)
def test_two_values_never_share_a_text(one: Any, other: Any) -> None:
    assert (canonical(one) == canonical(other)) is (repr(_sorted(one)) == repr(_sorted(other)))


def test_a_digest_is_64_hexadecimal_characters() -> None:
    assert len(digest("é")) == 64
    assert set(digest("é")) <= set("0123456789abcdef")


def test_the_text_is_fixed_for_ever() -> None:
    value = {"é": ["<b>", 1, -2, None, True, ""], "a": {"z": "\u2028\n\0", "b": 10**30}, "A": "’"}

    assert canonical(value) == (
        '{"A":"’","a":{"b":1000000000000000000000000000000,"z":"\u2028\\n\\u0000"},"é":["<b>",1,-2,null,true,""]}'.encode()
    )
    assert (
        digest(canonical({"akkoord": 1}).decode()) == "5f867859b97df9723617139013b31828496e7fe6fc2b685cf078ace78acb9b04"
    )


@pytest.mark.parametrize("value", [1.0, float("nan"), float("inf"), [1, [2.5]], {"a": {"b": [0.0]}}, ({"x": (1.5,)},)])
def test_a_float_is_refused_wherever_it_hides(value: Any) -> None:
    with pytest.raises(ValueError, match="float"):
        canonical(value)


@pytest.mark.parametrize("value", [{1, 2}, b"bytes", object()])
def test_what_json_cannot_hold_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical(value)


def _shuffled(value: Any, shuffler: random.Random) -> Any:
    if isinstance(value, dict):
        parts = [(key, _shuffled(part, shuffler)) for key, part in value.items()]
        shuffler.shuffle(parts)
        return dict(parts)
    return [_shuffled(part, shuffler) for part in value] if isinstance(value, list) else value


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(part) for part in value] if isinstance(value, list) else value
