"""Files that are no definition at all, and files that attack the reader: always a clear fault, never a traceback."""

import time

import pytest

from app.definitions.source.report import Position, Report
from app.definitions.source.yaml_reader import Document, read_document
from tests.definitions.folder import FORM, FormsFolder, changed

BOMB = "".join(
    ["a: &a [x, x, x, x, x, x, x, x, x]\n"]
    + [f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)]
)
EVERY_BYTE = bytes(range(256)) * 100


def read(text: str | bytes) -> tuple[Document | None, Report]:
    report = Report("form.yaml")
    return read_document(text if isinstance(text, bytes) else text.encode(), report), report


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(BOMB, "AK107", id="a YAML bomb"),
        pytest.param("a: &a [*a]\n", "AK107", id="an alias to itself"),
        pytest.param("[" * 200_000, "AK111", id="a file of brackets"),
        pytest.param("{a: " * 50_000, "AK111", id="a file of braces"),
        pytest.param("- " * 100_000, "AK111", id="a file of dashes"),
        pytest.param("? " * 100_000, "AK111", id="a file of question marks"),
        pytest.param("a: 1\n---\n" + "[" * 200_000, "AK111", id="brackets in a second document"),
        pytest.param("a: 1\na: " + "[" * 200_000, "AK111", id="brackets below a repeated key"),
        pytest.param("a: [" + "{}," * 60_000 + "]", "AK121", id="many empty values"),
        pytest.param("".join(f"key{number}: 1\n" for number in range(18_000)), "AK121", id="many keys"),
        pytest.param("a: !!python/object/apply:os.system ['true']", "AK106", id="a Python object"),
        pytest.param("!!binary aGVsbG8=", "AK106", id="binary data"),
        pytest.param(EVERY_BYTE, "AK103", id="every byte"),
        pytest.param(b"\xff\xfel\x00a\x00", "AK103", id="UTF-16"),
        pytest.param("titel: Eén".encode("latin-1"), "AK103", id="Latin-1"),
        pytest.param("a: b\x00c", "AK104", id="NUL"),
        pytest.param("\x7fELF\x01\x01\x01", "AK104", id="a program"),
        pytest.param("a:\n\tb: c", "AK105", id="a tab"),
        pytest.param('a: "\\UFFFFFFFF"', "AK105", id="an escape beyond Unicode"),
        pytest.param("a: 'b", "AK105", id="an open quote"),
        pytest.param("a: [b", "AK105", id="an open bracket"),
        pytest.param("a: {b", "AK105", id="an open brace"),
        pytest.param("a: @b", "AK105", id="a reserved sign"),
        pytest.param("%YAML 9.9\n---\na: b", "AK105", id="a YAML of the future"),
        pytest.param("%TAG ! tag:example,2027:\n---\na: b", "AK106", id="a tag prefix"),
        pytest.param("", "AK113", id="nothing"),
        pytest.param("---\n...\n", "AK113", id="an empty document"),
        pytest.param("~", "AK113", id="null"),
    ],
)
def test_a_hostile_file_is_answered_at_once_with_a_fault(content: str | bytes, code: str, forms: FormsFolder) -> None:
    forms.write(form=content)
    begun = time.thread_time()

    codes = {fault.code for fault in forms.faults()}

    assert code in codes
    assert time.thread_time() - begun < 5


def test_a_file_of_ten_megabytes_is_not_even_read(forms: FormsFolder) -> None:
    with forms.form.open("wb") as file:
        file.truncate(10_000_000)
    begun = time.thread_time()

    faults = forms.faults()

    assert [fault.code for fault in faults] == ["AK102"]
    assert time.thread_time() - begun < 0.5


def test_a_byte_order_mark_and_windows_line_ends_change_nothing(forms: FormsFolder) -> None:
    forms.write(form=b"\xef\xbb\xbf" + changed(FORM, "nl: Nieuws\n", "nl: 5\n").replace("\n", "\r\n").encode())

    assert [(fault.code, fault.line, fault.column) for fault in forms.faults()] == [("AK203", 5, 7)]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("NO", "NO"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("0o17", 15),
        ("0x1F", 31),
        ("1_000", "1_000"),
        ("012", 12),
        ("1:30", "1:30"),
        ("2027-05-03", "2027-05-03"),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("9" * 5000, "9" * 5000),
        ("'12'", "12"),
        ('"true"', "true"),
        (">-\n  one\n  two", "one two"),
    ],
)
def test_a_value_is_read_by_the_core_schema_of_yaml_1_2(written: str, value: object) -> None:
    document, report = read(f"key: {written}\n")

    assert report.faults == []
    assert document is not None
    assert document.value == {"key": value}
    assert type(document.value["key"]) is type(value)


def test_each_key_and_value_knows_its_line_and_column() -> None:
    document, _ = read("title:\n  nl: Nieuws\nlanguages: [nl, en]\nempty:\ntext: >-\n  long\n")

    assert document is not None
    assert document.keys == {
        ("title",): Position(1, 1),
        ("title", "nl"): Position(2, 3),
        ("languages",): Position(3, 1),
        ("empty",): Position(4, 1),
        ("text",): Position(5, 1),
    }
    assert document.values[("title", "nl")] == Position(2, 7)
    assert document.values[("languages", 1)] == Position(3, 17)
    assert document.values[("empty",)] == Position(4, 1)
    assert document.values[("text",)] == Position(5, 7)


def test_what_can_be_read_beside_an_alias_or_a_tag_is_checked_too(forms: FormsFolder) -> None:
    form = changed(changed(FORM, "nl: Nieuws\n", "nl: *x\n"), "keep: 2 years", "keep: !period soon")
    forms.write(form=changed(form, "channel: email", "channel: fax"))

    assert [fault.code for fault in forms.faults()] == ["AK107", "AK106", "AK217", "AK205"]


def test_messages_hold_nothing_that_a_terminal_would_act_upon(forms: FormsFolder) -> None:
    forms.write(form=FORM + '"\\e[2J\\u202e": 1\n? "\\uD800"\n: 1\n' + "x" * 500 + ": 1\n")

    faults = forms.faults()

    assert [fault.code for fault in faults] == ["AK112", "AK112", "AK201"]
    for fault in faults:
        assert str(fault).isprintable()
        assert len(fault.message) < 250
        str(fault).encode()
