"""The lawful bases of GDPR art. 6(1) that a purpose can stand on, and what follows from each."""

from enum import StrEnum


class Basis(StrEnum):
    """Why a company may use data for a purpose."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGITIMATE_INTEREST = "legitimate_interest"
    LEGAL_OBLIGATION = "legal_obligation"

    @property
    def is_asked(self) -> bool:
        """Whether it is asked, with a box of its own. What needs no consent is told (EDPB 05/2020 §122)."""
        return self is Basis.CONSENT

    @property
    def allows_objection(self) -> bool:
        """Whether people can object on grounds relating to their situation (GDPR art. 21(1))."""
        return self is Basis.LEGITIMATE_INTEREST
