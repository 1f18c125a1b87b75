"""Lawful bases: one list, from which it follows what is asked, what is told, and to what people can object."""

from typing import get_args

import pytest

from app.definitions.lint import law
from app.definitions.schema.models import Purpose
from app.domain.basis import Basis


@pytest.mark.parametrize("basis", Basis)
def test_consent_is_asked_and_every_other_basis_is_told(basis: Basis) -> None:
    assert basis.is_asked is (basis == "consent")
    assert (basis in law.TOLD) is not basis.is_asked


def test_people_can_object_to_what_stands_on_a_legitimate_interest() -> None:
    assert [basis for basis in Basis if basis.allows_objection] == ["legitimate_interest"]


def test_a_definition_may_name_every_basis_and_no_other() -> None:
    assert get_args(Purpose.model_fields["basis"].annotation) == tuple(Basis)
