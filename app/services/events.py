"""Writing consent events: each act says what happened, and this adds who and the commitment to personal data."""

from ..domain.evidence import ConsentEvent, DecidedBy, Kind
from ..domain.values import made
from ..storage.requests import Request
from ..storage.subjects import Subject
from .act import Act


def record(
    act: Act,
    subject: Subject,
    kind: Kind,
    *,
    decided_by: DecidedBy = DecidedBy.NOBODY,
    request: Request | None = None,
    form: str = "",
    purpose: str = "",
    notice_hash: str = "",
) -> None:
    """Add an event about a data subject to the chain of its controller.

    `notice_hash` names what was read before this, where that is not what the request was made under.
    """
    event = {
        "kind": kind,
        "subject": subject.id,
        "form": request.form if request else form,
        "purpose": purpose,
        "notice": notice_hash or (request.notice_hash if request else ""),
        "language": request.language if request else "",
        "audience": request.audience if request else "",
        "site": request.site if request else "",
        "decided_by": decided_by,
        "commitment": subject.commitment,
    }
    act.chain.append(made(ConsentEvent, event), act.now)
