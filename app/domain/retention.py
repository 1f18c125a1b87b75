"""When a consent ends by itself, and how long its proof is kept after it has ended (GDPR art. 5(1)(e))."""

from datetime import datetime

from ..period import Period


def ends(granted: datetime, keep: Period | None, valid_for: Period | None) -> datetime | None:
    """When a consent ends that nobody withdraws: after `valid_for` or `keep`, whichever comes first.

    `keep` is None where data is kept until the person says stop; without `valid_for` there is then no end.
    """
    moments = [period.after(granted) for period in (keep, valid_for) if period is not None]
    return min(moments, default=None)


def proof_until(ended: datetime, evidence_for: Period) -> datetime:
    """Until when the proof of a consent is kept that ended then (GDPR art. 7(1), 17(3)(e))."""
    return evidence_for.after(ended)
