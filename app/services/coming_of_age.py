"""When a child reaches the age of digital consent it is told that the decision is now its own (EDPB 05/2020 §147-149).

What the parent allowed stays valid until somebody stops it.
"""

from datetime import date, datetime

from ..domain.countries import time_zone
from ..storage import consents, subjects
from ..storage.subjects import Subject
from . import mailing
from .act import open_act
from .context import Context


def day_begins(day: date, country: str) -> datetime:
    """The moment at which a day begins on the clock of a country (ISO 3166)."""
    return datetime(day.year, day.month, day.day, tzinfo=time_zone(country))


def tell(ctx: Context, found: Subject) -> None:
    """Mail the child, or its parent where it has no address of its own; then forget which month it was.

    From then on no parent is asked whether a yes still holds: it ends when it ends.
    """
    with open_act(ctx, found.controller) as act:
        subject = subjects.with_id(act.connection, found.id)
        if subject is None or subject.decides_from is None or subject.decides_from > act.now:
            return
        running = consents.granted(act.connection, subject.id)
        if running:  # else there may be something to tell once the parent has decided
            subjects.set_decides_from(act.connection, subject.id, None)
            for consent in running:
                consents.asked_again(act.connection, consent)  # no parent is asked anew; the young person may ask
            mailing.of_age(act, subject, running)
