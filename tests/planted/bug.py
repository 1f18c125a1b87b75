"""What a planted bug is: one small change to the code, what it would do to people, and the tests that should see it."""

from typing import NamedTuple


class Bug(NamedTuple):
    """One bug to plant, in the field's word a mutant.

    `where` is a function, a class or a constant of `app/` with as much of its full name as makes it the only one
    ("verdict", "guardian.view"), and `find` the one place in it, as a pattern of code (`pattern.py`). Or it is the end
    of the path of a template or script, and `find` its text. What is found becomes `into`, or goes where that is empty.
    `tests` are what pytest is asked to run first.
    """

    name: str
    where: str
    find: str
    into: str
    harm: str
    tests: str
