"""The linter finds in the made-up language what it finds in English. `test_made_up.py` runs this, with the plugin."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import cli
from app.definitions.source.report import Fault
from tests.definitions.folder import check, unmarked
from tests.definitions.mutations import Mutation, mutations
from tests.languages.made_up import CODE, accented, plain
from tests.languages.speaking import ENGLISH_SAMPLES


def one_of_each_code() -> Iterator[Mutation]:
    """For each finding a sample that speaks English, with one thing wrong, and wrong in English where that can be.

    What YAML is, and which keys there are, is read without a language.
    """
    chosen: dict[str, Mutation] = {}
    for mutation in mutations():
        spoken = mutation.of_controller or re.search(r"^languages: \[.*\ben\b.*\]", mutation.text, re.MULTILINE)
        if spoken and mutation.note in ("", "-said", "-en") and mutation.code > "AK203":
            chosen.setdefault(mutation.code + mutation.note, mutation)
    yield from (mutation for mutation in chosen.values() if mutation.code != "AK353")  # it is about other languages


def translated(text: str) -> str:
    """A definition with the made-up language in the place of English, each text where it stood."""
    names = re.findall(r"\bname: \"?([^\n\",}]+)", text)
    text = re.sub(r"^languages: .*$", lambda line: re.sub(r"\ben\b", CODE, line[0]), text, flags=re.MULTILINE)
    text = re.sub(r"^( *)en: (?=https:)", rf"\1{CODE}: ", text, flags=re.MULTILINE)
    return re.sub(
        r"^( *|.*[{,] *)en: (\".*)$",
        lambda line: f"{line[1]}{CODE}: {accented(line[2], names)}",
        text,
        flags=re.MULTILINE,
    )


def findings(folder: Path, sample: str, changed: str, of_controller: bool, made_up: bool) -> list[Fault]:
    controller, form = sample.split("/")
    shutil.copytree(ENGLISH_SAMPLES / controller, folder / controller)
    path = folder / controller / f"{'controller' if of_controller else form}.yaml"
    path.write_text(changed, encoding="utf-8")
    for file in (folder / controller).glob("*.yaml") if made_up else ():
        file.write_text(translated(file.read_text(encoding="utf-8")), encoding="utf-8")
    return check(path)


def in_english(fault: Fault) -> tuple[int, int, str, str]:
    message = re.sub("⟦ | ⟧", "", plain(fault.message))  # a period comes from the catalogue, which marks its texts
    return fault.line, fault.column, fault.code, re.sub(rf"\b{CODE}\b", "en", message)


@pytest.mark.parametrize("mutation", list(one_of_each_code()), ids=str)
def test_a_finding_appears_in_the_made_up_language_as_in_english(mutation: Mutation, tmp_path: Path) -> None:
    text, _ = unmarked(mutation.text)
    english = findings(tmp_path / "english", mutation.sample, text, mutation.of_controller, made_up=False)
    made_up = findings(tmp_path / "made_up", mutation.sample, text, mutation.of_controller, made_up=True)

    assert mutation.code in {fault.code for fault in english}
    assert list(map(in_english, made_up)) == list(map(in_english, english))


def test_akkoord_check_names_a_sentence_in_another_language_than_the_made_up_one(tmp_path: Path) -> None:
    shutil.copytree(ENGLISH_SAMPLES / "talentwerk", tmp_path / "talentwerk")
    for file in (tmp_path / "talentwerk").glob("*.yaml"):
        file.write_text(translated(file.read_text(encoding="utf-8")), encoding="utf-8")
    careers = tmp_path / "talentwerk" / "careers.yaml"
    right = CliRunner().invoke(cli, ["check", str(careers)])
    assert (right.exit_code, right.stdout) == (0, "")

    english = f'\n{CODE}: "This is what you get from us and what they do with that. '.replace("\n", "\n  ")
    careers.write_text(careers.read_text(encoding="utf-8").replace(f'\n  {CODE}: "', english, 2), encoding="utf-8")
    wrong = CliRunner().invoke(cli, ["check", str(careers)])

    assert re.search(rf"AK353.* looks like English .* write it in {accented('English')}", wrong.stdout), wrong.stdout
