"""The list of planted bugs cannot rot: each can still be planted, and the list of results names each."""

import shlex
from collections import Counter
from pathlib import Path

import pytest

from tests.planted.bug import Bug
from tests.planted.bugs import BUGS
from tests.planted.plant import Tree

ROOT = Path(__file__).parents[2]
RESULTS = Path(__file__).with_name("results.md")
TREE = Tree(ROOT)


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_bug_can_still_be_planted_in_one_place(bug: Bug) -> None:
    path, text = TREE.plant(bug)
    assert text != (ROOT / path).read_bytes()
    assert not bug.where.endswith(".py"), "name a definition and a pattern of its code: a text breaks with each rename"
    if path.endswith(".py"):
        compile(text, path, "exec")
    assert bug.harm.endswith(".")


def test_the_tests_that_should_see_a_bug_are_there() -> None:
    paths = {bug.name: [word for word in shlex.split(bug.tests) if word.startswith("tests")] for bug in BUGS}
    assert [name for name, named in paths.items() if not named] == []
    files = {path.partition("::")[0] for named in paths.values() for path in named}
    assert [file for file in sorted(files) if not (ROOT / file).exists()] == []


def test_no_bug_is_planted_twice() -> None:
    assert [name for name, times in Counter(bug.name for bug in BUGS).items() if times > 1] == []
    places = Counter((bug.where, bug.find, bug.into) for bug in BUGS)
    assert [place for place, times in places.items() if times > 1] == []


def test_the_list_of_results_tells_of_every_bug_by_which_test_it_was_caught() -> None:
    rows = [row for row in RESULTS.read_text(encoding="utf-8").splitlines() if " | `tests/" in row]
    assert [row.partition(" | `tests/")[0] for row in rows] == [
        f"| {bug.name} | `{bug.where}` | {bug.harm}" for bug in BUGS
    ]
