"""Accepting what was sent: one row of the intake and a count of its network, whoever it is about.

Nothing is read of the address, so that the time of an answer tells nothing.
"""

from typing import Protocol, TypeVar

from ..domain.intake import to_json
from ..domain.values import changed
from ..storage import intake
from . import limits
from .context import Context


class Sent(Protocol):
    """What somebody sent, a frozen dataclass. `network` is whose visitor that was."""

    @property
    def network(self) -> str:
        """The network, as it stands in no row."""


T = TypeVar("T", bound=Sent)


def accept(ctx: Context, sent: T, *, controller: str, kind: str, email_key: str) -> None:
    """Accept what was sent: once this returns it is on disk, to be taken as its `kind` says.

    Raises:
        TooMany: when the network has sent too often; then nothing is stored.
    """
    with ctx.database.write() as connection:
        now = ctx.clock()
        unnamed = changed(sent, network=limits.name_of_today(ctx, connection, sent.network, now))
        intake.add(connection, controller=controller, kind=kind, email_key=email_key, at=now, payload=to_json(unnamed))
        limits.count(ctx, connection, sent.network, now)
