"""Counters against misuse: how often an address was mailed and a network has sent, under hashes of a daily salt.

The salt of a day is deleted three days later; then nobody, we included, can tell whose counter it was.
"""

import hmac
import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, case, delete, func, insert, literal, select, update

from .database import insert_unless_there
from .schema import Moment, mail_counts, salts, submit_counts

DAY = timedelta(hours=24)
_DAYS = 3


def digests(connection: Connection, what: str, now: datetime) -> list[str]:
    """The hashes under which something may be counted, today's first.

    A mail can be promised a day ahead and counts for a day from then, so the day before yesterday matters too.
    """
    days = [(now - back * DAY).date().isoformat() for back in range(_DAYS)]
    found = connection.execute(select(salts.c.day, salts.c.salt).where(salts.c.day.in_(days)))
    salt_of = {row.day: row.salt for row in found}
    return [hmac.new(salt_of[day], what.encode(), sha256).hexdigest() for day in days if day in salt_of]


def prepare(connection: Connection, now: datetime) -> None:
    """See to it that today has a salt. To be called before anything is counted."""
    insert_unless_there(connection, salts, day=now.date().isoformat(), salt=secrets.token_bytes(32))


def mail_times(connection: Connection, what: str, now: datetime) -> list[datetime]:
    """When mails of this kind were sent or promised within the last 24 hours, oldest first."""
    rows = connection.execute(
        select(mail_counts.c.at)
        .where(mail_counts.c.digest.in_(digests(connection, what, now)), mail_counts.c.at > now - DAY)
        .order_by(mail_counts.c.at)
    )
    return [row.at for row in rows]


def count_mail(connection: Connection, what: str, at: datetime, now: datetime) -> None:
    """Count a mail that is sent, or promised, at that moment."""
    connection.execute(insert(mail_counts).values(digest=digests(connection, what, now)[0], at=at))


def submits(connection: Connection, network: str, now: datetime) -> tuple[int, datetime | None]:
    """How often a network has sent in the window that runs, and when that window ends (None: no window runs).

    Around midnight there are two windows, under two salts; both count.
    """
    row = connection.execute(
        select(func.coalesce(func.sum(submit_counts.c.count), 0), func.max(submit_counts.c.until)).where(
            submit_counts.c.digest.in_(digests(connection, network, now)), submit_counts.c.until > now
        )
    ).one()
    return int(row[0]), row[1]


def count_submit(connection: Connection, network: str, window: timedelta, now: datetime) -> None:
    """Count one submission of a network; a window begins with the first."""
    mark = digests(connection, network, now)[0]
    insert_unless_there(connection, submit_counts, digest=mark, until=now, count=0)
    over = submit_counts.c.until <= now
    connection.execute(
        update(submit_counts)
        .where(submit_counts.c.digest == mark)
        .values(
            count=case((over, 1), else_=submit_counts.c.count + 1),
            until=case((over, literal(now + window, Moment)), else_=submit_counts.c.until),
        )
    )


def forget(connection: Connection, now: datetime) -> None:
    """Delete salts and counters that are of no use any more."""
    connection.execute(delete(salts).where(salts.c.day <= (now - _DAYS * DAY).date().isoformat()))
    connection.execute(delete(mail_counts).where(mail_counts.c.at <= now - DAY))
    connection.execute(delete(submit_counts).where(submit_counts.c.until <= now))
