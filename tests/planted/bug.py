"""What a planted bug is: one small change to the code, what it would do to people, and the tests that should see it."""

from typing import NamedTuple


class Bug(NamedTuple):
    """One bug to plant. `old` occurs exactly once in `file`; `tests` are what pytest is asked to run first."""

    name: str
    file: str
    old: str
    new: str
    harm: str
    tests: str
