"""`akkoord explain`: the examples of every code are what the linter says they are."""

from pathlib import Path

import pytest

from app.definitions import explain
from app.definitions.codes import CODES
from app.definitions.lint import children
from app.definitions.schema import bounds
from app.definitions.source import files, yaml_reader
from tests.definitions.examples import ADULTS, CHILDREN, CONTROLLER, faults_of_example, make_files
from tests.definitions.folder import check


def test_the_files_that_examples_are_put_into_are_in_order(tmp_path: Path) -> None:
    make_files(tmp_path, "company/controller.yaml\ncompany/newsletter.yaml")
    (tmp_path / "company" / "club.yaml").write_text(CHILDREN)
    assert check(tmp_path) == []
    assert "company.example" in CONTROLLER
    assert "id: card" in ADULTS


@pytest.mark.parametrize("code", CODES)
def test_the_wrong_example_of_a_code_brings_it_about_and_no_other_error(code: str, tmp_path: Path) -> None:
    faults = faults_of_example(tmp_path, code, CODES[code].wrong)
    assert code in {fault.code for fault in faults}
    assert {fault.code for fault in faults if not fault.is_warning} <= {code}


@pytest.mark.parametrize("code", CODES)
def test_the_right_example_of_a_code_is_in_order(code: str, tmp_path: Path) -> None:
    faults = faults_of_example(tmp_path, code, CODES[code].right)
    assert [str(fault) for fault in faults] == []


@pytest.mark.parametrize("code", CODES)
def test_an_explanation_says_what_why_and_how(code: str) -> None:
    record = CODES[code]
    text = explain.explain(code)
    assert text.startswith(f"{code}: {record.title}\n")
    for part in (record.law, *record.wrong.splitlines(), *record.right.splitlines()):
        assert part in text
    assert record.why in " ".join(text.split())
    assert len(record.why.split()) >= 15
    assert record.wrong != record.right
    assert text.isprintable() or all(line.isprintable() for line in text.splitlines())


@pytest.mark.parametrize("code", [code for code in CODES if code > "AK300"])
def test_a_code_of_the_law_names_its_source(code: str) -> None:
    record = CODES[code]
    sources = ("GDPR", "EDPB", "Directive", "WCAG")
    assert any(source in record.law + record.why for source in sources) or code in {"AK310", "AK314", "AK318"}


def test_the_overview_has_one_line_for_each_code_in_order() -> None:
    lines = explain.overview().splitlines()
    assert [line[:5] for line in lines] == sorted(CODES)


@pytest.mark.parametrize(
    ("code", "meant"), [("AK3320", ": did you mean AK332 or "), ("foo", ": `akkoord"), ("x" * 10_000, ": `akkoord")]
)
def test_an_unknown_code_is_told_with_what_may_be_meant_and_where_all_stand(code: str, meant: str) -> None:
    with pytest.raises(explain.UnknownCode) as caught:
        explain.explain(code)
    assert meant in str(caught.value)
    assert str(caught.value).endswith("`akkoord explain` lists them all")
    assert len(str(caught.value)) < 130


def test_a_code_is_found_in_small_letters() -> None:
    assert explain.explain(" ak332 ") == explain.explain("AK332")


@pytest.mark.parametrize(
    ("code", "bound"),
    [
        ("AK102", f"{files.LARGEST // 1024} kB"),
        ("AK111", f"deeper than {yaml_reader.DEEPEST}"),
        ("AK121", f"more than {yaml_reader.MOST_VALUES:,}".replace(",", " ")),
        ("AK217", f"from {bounds.SHORTEST_PERIOD} to {bounds.LONGEST_PERIOD}"),
        ("AK221", "from {} to {} (".format(*bounds.NUMBERS["age"])),
        ("AK221", "from {} to {} pixels".format(*bounds.NUMBERS["radius"])),
        ("AK325", f"more than {children.LONGEST_SENTENCE} words"),
    ],
)
def test_an_explanation_tells_the_bound_that_the_linter_keeps(code: str, bound: str) -> None:
    assert bound in f"{CODES[code].title} {CODES[code].why}"
