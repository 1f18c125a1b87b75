"""What a person and a controller have with each other, as plainly as it can be said: the model for `test_lives`."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.period import Period

WEEK, PROOF = timedelta(days=7), Period(5, "year")


@dataclass(frozen=True)
class Purpose:
    """What the model knows of a purpose; the sample definitions say the same in many more words."""

    data: frozenset[str]
    keep: Period
    marketing: bool = False
    special: bool = False


FORMS: dict[str, tuple[str, dict[str, Purpose]]] = {
    "talentwerk": (
        "careers",
        {
            "offers_mail": Purpose(frozenset({"first_name", "field_of_work"}), Period(2, "year"), marketing=True),
            "offers_phone": Purpose(frozenset({"phone", "field_of_work"}), Period(1, "year"), marketing=True),
            "keep_cv": Purpose(frozenset(), Period(2, "year")),
        },
    ),
    "zorgzeker": (
        "quote",
        {
            "medical": Purpose(frozenset({"medical_history"}), Period(6, "month"), special=True),
            "follow_up": Purpose(frozenset(), Period(2, "month"), marketing=True),
        },
    ),
    "demolen": (
        "newsletter",
        {
            "news": Purpose(frozenset({"first_name"}), Period(3, "year"), marketing=True),
            "opening_hours": Purpose(frozenset({"shop"}), Period(3, "year")),
            "photo_contest": Purpose(frozenset({"first_name"}), Period(1, "year"), marketing=True),
        },
    ),
}
WAITING = ("requested", "awaiting_guardian")
FIELDS: tuple[dict[str, str], ...] = (
    {},
    {"first_name": "Sofie", "phone": "0612345678", "medical_history": "Een knie"},
    {"field_of_work": "care"},
)


@dataclass
class Request:
    """A request in the model, under the id that the kit gave it."""

    id: str
    states: dict[str, str]
    fields: dict[str, str]
    language: str
    asked: datetime
    is_open: bool = True

    def is_late(self, now: datetime) -> bool:
        return self.is_open and self.asked + WEEK <= now

    def says_the_same(self, other: "Request") -> bool:
        return (self.states, self.fields, self.language) == (other.states, other.fields, other.language)


@dataclass
class Consent:
    """A consent in the model."""

    request: Request
    ends: datetime
    status: str = "granted"
    proof_until: datetime | None = None


@dataclass
class Life:
    """What one person and one controller have had with each other since the kit knows them.

    The last eight are for a child: that a parent has to answer, its name, when it reaches the age to decide, its own
    address and whether it said so itself, the question about that, and when mails that repeat a decision are due.
    """

    requests: list[Request] = field(default_factory=list)
    consents: dict[str, Consent] = field(default_factory=dict)
    kept_until: datetime | None = None
    waits: str = "requested"
    name: str = ""
    month: datetime | None = None
    address: str = ""
    confirmed: bool = False
    address_request: str = ""
    address_asked: datetime | None = None
    pluses: list[datetime] = field(default_factory=list)

    def granted(self) -> set[str]:
        return {purpose for purpose, consent in self.consents.items() if consent.status == "granted"}

    def waiting(self) -> list[Request]:
        return [request for request in self.requests if request.is_open]

    def pending(self) -> set[str]:
        """What was asked and not answered, overdue or not."""
        return {purpose for request in self.waiting() for purpose, state in request.states.items() if state in WAITING}

    def statuses(self, now: datetime) -> dict[str, str]:
        """The state of each purpose: a yes counts most, then what waits for an answer, then how it ended."""
        found: dict[str, str] = {}
        waiting: set[str] = set()
        for request in self.requests:
            for purpose, state in request.states.items():
                is_lapsed = state in WAITING and request.is_late(now)
                found[purpose] = "lapsed" if is_lapsed else state
                if found[purpose] in WAITING:
                    waiting.add(purpose)
        found |= dict.fromkeys(waiting, self.waits)
        for purpose, consent in self.consents.items():
            if consent.status == "granted" or purpose not in waiting:
                found[purpose] = consent.status
        return found

    def end(self, purposes: set[str], status: str, now: datetime) -> None:
        """End these consents; their proof is kept for its time."""
        for purpose in purposes:
            self.consents[purpose].status = status
            self.consents[purpose].proof_until = PROOF.after(now)

    def answer(self, request: Request, state: str) -> None:
        """What of this request still waits comes to that."""
        request.is_open = False
        request.states = {purpose: state if known in WAITING else known for purpose, known in request.states.items()}

    def forget_address(self) -> None:
        self.address, self.confirmed = "", False
        self.address_request, self.address_asked = "", None

    def cancel(self, purposes: set[str]) -> None:
        """Take these purposes out of what waits."""
        for request in self.waiting():
            hit = {purpose for purpose, state in request.states.items() if state in WAITING and purpose in purposes}
            request.states |= dict.fromkeys(hit, "withdrawn")
            if hit and not set(WAITING) & set(request.states.values()):
                request.is_open = False
