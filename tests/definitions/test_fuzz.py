"""Whatever is done to a file, the linter answers with faults or with none, and it never raises."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.definitions.codes import CODES
from app.paths import SAMPLES
from tests.definitions.folder import FORM, FormsFolder, load

SAMPLE = (SAMPLES / "zorgzeker" / "quote.yaml").read_bytes()
CONTROLLER = (SAMPLES / "zorgzeker" / "controller.yaml").read_bytes()
LINES = SAMPLE.splitlines(keepends=True)
KEYS = sorted({line.split(b":")[0].strip(b" -") for line in LINES})
PIECES = [b":", b": ", b"- ", b"\n", b"  ", b"\t", b"'", b'"', b"#", b"&a ", b"*a", b"!x ", b"<<: ", b"[", b"]", b"{"]
PIECES += [b"}", b"|", b">-", b"%", b"---\n", b"\x00", b"\xff", b"\xe2\x80\xae", b"~", b"none", b"true", b"1", b"\\"]


@st.composite
def changed_bytes(draw: st.DrawFn) -> bytes:
    """A sample with a few bytes replaced."""
    data = bytearray(SAMPLE)
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(data)))
        piece = draw(st.sampled_from(PIECES) | st.binary(max_size=4))
        data[at : at + draw(st.sampled_from([0, 1, 1, 8, 200]))] = piece
    return bytes(data)


@st.composite
def changed_lines(draw: st.DrawFn) -> bytes:
    """A sample with lines taken out, doubled, moved and indented: most of these are YAML."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["drop", "double", "move", "indent", "empty", "other"])):
            case "drop":
                del lines[at]
            case "double":
                lines.insert(at, lines[at])
            case "move":
                lines.insert(draw(st.integers(0, len(lines) - 1)), lines.pop(at))
            case "indent":
                lines[at] = b"  " + lines[at]
            case "empty":
                lines[at] = lines[at].split(b":")[0] + b":\n"
            case _:
                key = lines[at].split(b":")[0]
                lines[at] = key + b": " + draw(st.sampled_from([b"[]", b"{}", b"5", b"none", b"[a, b]", b"x"])) + b"\n"
    return b"".join(lines)


@pytest.fixture(scope="module")
def place() -> Iterator[FormsFolder]:
    with tempfile.TemporaryDirectory() as folder:
        yield FormsFolder(Path(folder) / "forms")


def holds(place: FormsFolder) -> None:
    """Every fault is a known one in one printable line; the form is served exactly when it has no error."""
    loaded = load(place.path)
    for fault in loaded.faults:
        assert fault.code in CODES
        assert fault.line > 0
        assert fault.column > 0
        assert str(fault).isprintable()
    errors = [fault for fault in loaded.faults if not fault.is_warning]
    assert bool(loaded.forms) != bool(errors)
    assert bool(loaded.forms) != bool(loaded.faulty)


@settings(deadline=None)
@given(data=changed_bytes() | changed_lines() | st.binary(max_size=300))
def test_a_mutilated_form_never_raises(place: FormsFolder, data: bytes) -> None:
    place.write(form=data, controller=CONTROLLER)
    holds(place)


@settings(deadline=None)
@given(text=st.text(st.sampled_from(":-[]{},&*!|>'\"%@`?# \n\ta1~<\\"), max_size=60))
def test_yaml_signs_in_any_order_never_raise(place: FormsFolder, text: str) -> None:
    place.write(form=FORM, controller=text.encode())
    holds(place)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None)
@given(key=st.sampled_from(KEYS), value=VALUES, data=st.data())
def test_any_value_at_any_key_never_raises(place: FormsFolder, key: bytes, value: object, data: st.DataObject) -> None:
    at = data.draw(st.sampled_from([at for at, line in enumerate(LINES) if line.strip(b" -").startswith(key + b":")]))
    lines = list(LINES)
    indent = lines[at][: len(lines[at]) - len(lines[at].lstrip(b" -"))]
    lines[at] = indent + key + b": " + json.dumps(value).encode() + b"\n"
    place.write(form=b"".join(lines), controller=CONTROLLER)
    holds(place)
