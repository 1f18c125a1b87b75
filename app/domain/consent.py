"""What can happen to a consent, and what cannot: the states, and every allowed step between them."""

from enum import StrEnum


class Status(StrEnum):
    """The state of one purpose for one data subject."""

    REQUESTED = "requested"
    AWAITING_GUARDIAN = "awaiting_guardian"
    GRANTED = "granted"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    EXPIRED = "expired"
    REFUSED = "refused"


class Audience(StrEnum):
    """Who reads."""

    ADULT = "adult"
    TEEN = "teen"
    CHILD = "child"
    GUARDIAN = "guardian"
    """Decides for a child, and reads an adult's text beside the child's."""


WAITING = frozenset({Status.REQUESTED, Status.AWAITING_GUARDIAN})
"""What waits for an answer: the person's own, or that of a parent."""


class NotAllowed(Exception):
    """A consent cannot go from the state it is in to the one that was asked for."""


_STEPS = {
    Status.REQUESTED: {Status.GRANTED, Status.REFUSED, Status.LAPSED, Status.WITHDRAWN},
    Status.AWAITING_GUARDIAN: {Status.GRANTED, Status.REFUSED, Status.LAPSED, Status.WITHDRAWN},
    Status.GRANTED: {Status.WITHDRAWN, Status.EXPIRED},
}
"""From a state that ended there is no step: whoever wants it again makes a new request."""


def step(old: Status, new: Status) -> Status:
    """The new state, when the step is allowed.

    Raises:
        NotAllowed: otherwise. A withdrawn, lapsed, expired or refused consent never revives.
    """
    if new not in _STEPS.get(old, ()):
        raise NotAllowed(f"{old} cannot become {new}")
    return new


def may(old: Status, new: Status) -> bool:
    """Whether a step is allowed."""
    return new in _STEPS.get(old, ())
