"""What can happen to a consent and a request, and what cannot: the states and the transitions between them."""

from collections.abc import Mapping, Set
from enum import StrEnum
from typing import TypeVar


class Status(StrEnum):
    """The state of one purpose for one data subject."""

    REQUESTED = "requested"
    AWAITING_GUARDIAN = "awaiting_guardian"
    GRANTED = "granted"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    EXPIRED = "expired"
    REFUSED = "refused"


class RequestStatus(StrEnum):
    """The state of a whole request: whose answer it waits for, or how it ended.

    CONFIRMED means that it was answered with a yes to something; to what, each purpose of it says.
    """

    REQUESTED = "requested"
    AWAITING_GUARDIAN = "awaiting_guardian"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class Audience(StrEnum):
    """Who reads."""

    ADULT = "adult"
    TEEN = "teen"
    CHILD = "child"
    GUARDIAN = "guardian"
    """Decides for a child, and reads an adult's text beside the child's."""


WAITING = frozenset({Status.REQUESTED, Status.AWAITING_GUARDIAN})
"""What waits for an answer: the person's own, or that of a parent."""

OPEN = frozenset({RequestStatus.REQUESTED, RequestStatus.AWAITING_GUARDIAN})
"""Requests that wait for an answer, in the same way."""


class NotAllowed(Exception):
    """A consent or a request cannot go from the state it is in to the one that was asked for."""


State = TypeVar("State", Status, RequestStatus)

_ANSWERS = {Status.GRANTED, Status.REFUSED, Status.LAPSED, Status.WITHDRAWN}
_TRANSITIONS: Mapping[Status, Set[Status]] = {
    Status.REQUESTED: _ANSWERS,
    Status.AWAITING_GUARDIAN: _ANSWERS,
    Status.GRANTED: {Status.WITHDRAWN, Status.EXPIRED},
}
"""From a state that ended there is no transition: whoever wants it again makes a new request."""
_TRANSITIONS_OF_REQUEST: Mapping[RequestStatus, Set[RequestStatus]] = dict.fromkeys(OPEN, set(RequestStatus) - OPEN)


def transition(old: State, new: State) -> State:
    """The new state, when the transition is allowed.

    Raises:
        NotAllowed: otherwise. A withdrawn, lapsed, expired or refused consent never revives.
    """
    if not may(old, new):
        raise NotAllowed(f"{old} cannot become {new}")
    return new


def may(old: State, new: State) -> bool:
    """Whether a transition is allowed."""
    if isinstance(old, Status):
        return new in _TRANSITIONS.get(old, ())
    return new in _TRANSITIONS_OF_REQUEST.get(old, ())


def sources(new: State) -> tuple[State, ...]:
    """The states from which a transition leads to this one, in a stable order. None leads to a state that waits."""
    return tuple(old for old in sorted(type(new)) if may(old, new))
