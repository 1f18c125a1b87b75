"""The states of a consent, and every step between them."""

from itertools import product

import pytest

from app.domain.consent import NotAllowed, Status, may, transition

ALLOWED = {
    ("requested", "granted"), ("requested", "refused"), ("requested", "lapsed"), ("requested", "withdrawn"),
    ("awaiting_guardian", "granted"), ("awaiting_guardian", "refused"), ("awaiting_guardian", "lapsed"),
    ("awaiting_guardian", "withdrawn"), ("granted", "withdrawn"), ("granted", "expired"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new"), list(product(Status, Status)))
def test_only_the_steps_of_the_law_can_be_taken(old: Status, new: Status) -> None:
    assert may(old, new) is ((old, new) in ALLOWED)
    if may(old, new):
        assert transition(old, new) is new
    else:
        with pytest.raises(NotAllowed, match=f"{old} cannot become {new}"):
            transition(old, new)


@pytest.mark.parametrize("ended", [Status.WITHDRAWN, Status.LAPSED, Status.EXPIRED, Status.REFUSED])
def test_nothing_that_has_ended_revives(ended: Status) -> None:
    assert not any(may(ended, new) for new in Status)
