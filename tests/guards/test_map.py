"""The papers of the repository: every file, folder, command and make target that they name is there."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAPERS = ("ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
PLACE = re.compile(
    r"^(?:app|docs|static|templates|tests|translations|\.ci)/\S*$|^[A-Z]+\.md$|^(?:pyproject\.toml|Makefile)$"
)
TARGET = re.compile(r"`make ([a-z-]+)")
LINK = re.compile(r"\]\(([^)#:]+)\)")


def places(text: str) -> set[str]:
    """What a paper names in code style that is a file or a folder; `<x>` stands for any name."""
    return {code for code in re.findall(r"`([^`\n]+)`", text) if PLACE.match(code)}


@pytest.mark.parametrize("paper", PAPERS)
def test_every_place_that_a_paper_names_is_there(paper: str) -> None:
    text = (ROOT / paper).read_text(encoding="utf-8")
    named = places(text) | set(LINK.findall(text))
    assert [name for name in sorted(named) if not list(ROOT.glob(re.sub(r"<\w+>", "*", name)))] == []


@pytest.mark.parametrize("paper", PAPERS)
def test_every_make_target_that_a_paper_names_is_there(paper: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    assert set(TARGET.findall((ROOT / paper).read_text(encoding="utf-8"))) <= targets


def test_the_map_names_every_floor_and_every_room_of_it() -> None:
    """The table of floors is that of import-linter."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    (layers,) = [contract["layers"] for contract in contracts if contract["id"] == "floors"]
    rooms = {room.strip() for layer in layers for room in layer.split("|")}
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    table = text.partition("## The floors")[2].partition("\n## ")[0]
    assert {re.sub(r"^app/|/$|\.py$", "", place) for place in places(table)} >= rooms


def test_the_map_names_every_folder_of_the_house() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    folders = {
        f"{folder.relative_to(ROOT)}/"
        for above in ("app", "app/definitions", "tests")
        for folder in (ROOT / above).iterdir()
        if folder.is_dir() and any(folder.glob("*.py")) and not folder.name.startswith(("_", "."))
    }
    mirrored = {folder for folder in folders if folder.startswith("tests/") and (ROOT / "app" / folder[6:]).is_dir()}
    assert sorted(folders - mirrored - places(text)) == []
