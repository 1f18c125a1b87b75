"""Each sample with each thing made wrong: the linter names it, at the line and column where it stands."""

import shutil
from pathlib import Path

import pytest

from app.definitions.codes import CODES, WARNINGS
from app.paths import SAMPLES
from tests.definitions.folder import check, unmarked
from tests.definitions.mutations import Mutation, mutations, samples

MUTATIONS = list(mutations())


@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_a_mutated_sample_is_caught_at_the_right_place(mutation: Mutation, tmp_path: Path) -> None:
    text, places = unmarked(mutation.text)
    controller, form = mutation.sample.split("/")
    shutil.copytree(SAMPLES / controller, tmp_path / controller)
    changed = tmp_path / controller / f"{'controller' if mutation.of_controller else form}.yaml"
    changed.write_text(text, encoding="utf-8")

    faults = [fault for fault in check(changed) if fault.code == mutation.code]

    assert len(places) == mutation.places
    assert set(places) <= {(fault.line, fault.column) for fault in faults}
    assert all(fault.is_warning == (mutation.code in WARNINGS) for fault in faults)


def test_every_sample_is_mutated_in_many_ways() -> None:
    for sample in samples():
        assert len({mutation.code for mutation in MUTATIONS if mutation.sample == sample}) > 55
    rest = set(CODES) - {mutation.code for mutation in MUTATIONS}
    # two files; test_children.py, test_codes.py
    assert {code for code in rest if code > "AK200"} == {"AK320", "AK322", "AK360"}
