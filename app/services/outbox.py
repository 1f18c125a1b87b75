"""What an operator sees of the outbox and does about it: mails that have not gone, and the pause that holds them."""

from datetime import datetime
from typing import Any

from ..storage import intake, outbox, pauses
from ..storage.intake import SetAside
from ..storage.outbox import Unfinished
from ..storage.schema import written
from .context import Context
from .pauses import resume


class NoSuchMail(Exception):
    """No mail with this id waits or has failed."""


def unfinished(ctx: Context) -> dict[str, Any]:
    """The pause of the outbox, or None, each mail that waits or has failed, and what was sent and could not be taken.

    Nothing in it is personal.
    """
    with ctx.database.read() as connection:
        now = ctx.clock()
        pause = pauses.read(connection)
        told = None
        if pause.until is not None:
            told = {"until": written(pause.until), "pauses": pause.failures, "code": pause.problem}
        return {
            "pause": told,
            "mails": [_line(mail, now) for mail in outbox.unfinished(connection)],
            "not_taken": [_not_taken(row) for row in intake.set_aside(connection)],
        }


def retry(ctx: Context, ids: tuple[str, ...]) -> int:
    """Send mails at once that failed or wait after a try, with all their tries before them, and end the pause.

    Without ids those are all but the ones that were perhaps sent, which might go twice. What was never tried keeps its
    time: it waits for its turn under the limits, or for the day after.

    Returns:
        How many mails are tried again.

    Raises:
        NoSuchMail: when one of the ids is none of a mail that waits or has failed; then nothing is done.
    """
    with ctx.database.write() as connection:
        resume(connection)
        now = ctx.clock()
        found = {mail.id: mail for mail in outbox.unfinished(connection)}
        if unknown := [row_id for row_id in ids if row_id not in found]:
            raise NoSuchMail(unknown[0])
        chosen = [mail for mail in found.values() if mail.id in ids or not (ids or mail.perhaps)]
        again = [mail for mail in chosen if mail.problem is not None and _state(mail, now) != "sending"]
        return sum(outbox.retry(connection, mail.id, now) for mail in again)


def _not_taken(row: SetAside) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "controller": row.controller,
        "sent": written(row.at),
        "set_aside": written(row.set_aside_at),
        "code": row.problem,
    }


def _line(mail: Unfinished, now: datetime) -> dict[str, Any]:
    return {
        "id": mail.id,
        "kind": mail.kind,
        "controller": mail.controller,
        "form": mail.form,
        "status": _state(mail, now),
        "created": written(mail.created_at),
        "due": written(mail.due_at) if mail.status == "queued" else None,
        "attempts": mail.attempts,
        "code": mail.problem,
    }


def _state(mail: Unfinished, now: datetime) -> str:
    if mail.status == "failed":
        return "failed"
    if mail.lease_until is not None and mail.lease_until > now:
        return "sending"
    return "perhaps_sent" if mail.perhaps else "waiting"
