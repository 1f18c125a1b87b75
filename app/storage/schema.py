"""The tables. Personal data stand in `subjects` and `request_fields`, so that erasing them leaves the rest, and beside
them in the reasons and the number of an objection, which go with the subject, and for seconds in `intake`.

Where SQL names an id or a hash like the row that it leads to, its key says what it is: `subject_id`, `notice_hash`. In
the ledger it does not: an entry's names are part of what is hashed.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

metadata = MetaData()


_WITHOUT_ZONE = len("2026-11-21T14:32:05.000000")


@lru_cache(maxsize=64)
def written(moment: datetime) -> str:
    """A moment as the text that is stored: UTC, microseconds, always of one length, so that text sorts as time.

    Remembered, because an act writes its own moment a dozen times: 2 % of what taking a form costs.
    """
    here = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return f"{here.isoformat(timespec='microseconds')[:_WITHOUT_ZONE]}Z"


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, stored as text: alike on both databases, and readable for an auditor."""

    impl = String(27)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], str | None]:
        """What writes a parameter."""
        return lambda value: None if value is None else written(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any | None], datetime | None]:
        """What reads a column."""
        return lambda value: None if value is None else datetime.fromisoformat(value)


def _id(name: str, **options: Any) -> Column[str]:
    return Column(name, String(64), nullable=False, **options)


def _partial_index(name: str, column: str, where: str, unique: bool = False) -> Index:
    """A partial index: of the few rows that meet the condition, so that other rows cost nothing when written.

    The migrations make it. As SQLAlchemy's own option (`sqlite_where`, `postgresql_where`) the condition would load the
    dialects of both databases into every process.
    """
    return Index(name, column, unique=unique, info={"where": where})


meta = Table("meta", metadata, _id("name", primary_key=True), Column("value", Text, nullable=False))

notices = Table(
    "notices",
    metadata,
    _id("hash", primary_key=True),
    _id("controller"),
    _id("form"),
    Column("language", String(8), nullable=False),
    Column("audience", String(8), nullable=False),
    Column("document", Text, nullable=False),
    _id("definition", key="definition_hash"),
    Column("kit_version", String(32), nullable=False),
    Column("theme", Text, nullable=False),
    Column("stored_at", Moment, nullable=False),
    Column("current_until", Moment),
    Index("notices_of_form", "controller", "form", "definition_hash"),
)

definitions = Table(
    "definitions",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    _id("controller"),
    _id("form"),
    _id("hash"),
    Column("document", Text, nullable=False),
    Column("controller_document", Text, nullable=False),
    Column("accepted", Text, nullable=False),
    Column("notices", Text, nullable=False),
    Column("kit_version", String(32), nullable=False),
    Column("served_from", Moment, nullable=False),
    Index("definitions_of_form", "controller", "form"),
)

logos = Table("logos", metadata, _id("name", primary_key=True), Column("content", LargeBinary, nullable=False))

forms = Table(
    "forms",
    metadata,
    _id("controller", primary_key=True),
    _id("form", primary_key=True),
    Column("document", Text, nullable=False),
)

subjects = Table(
    "subjects",
    metadata,
    _id("id", primary_key=True),
    _id("controller"),
    Column("email", String(254), nullable=False),
    Column("email_key", String(320), nullable=False),
    Column("salt", LargeBinary, nullable=False),
    _id("withdraw_token", unique=True),
    _id("object_token", unique=True),
    _id("stop_token", unique=True),
    Column("language", String(8), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("kept_until", Moment),
    Column("child_name", String(100), nullable=False),
    Column("child_key", String(320), nullable=False),
    Column("child_email", String(254), nullable=False),
    Column("child_email_key", String(320), nullable=False),
    Column("child_confirmed", Boolean, nullable=False),
    Column("child_mailbox", String(320), nullable=False),
    Column("child_stop_token", String(64)),
    Column("child_withdraw_token", String(64)),
    Column("decides_from", Moment),
    UniqueConstraint("email_key", "controller", "child_key"),
    _partial_index("subjects_by_child_email", "child_email_key", "child_email_key != ''"),
    _partial_index("subjects_by_child_mailbox", "child_mailbox", "child_mailbox != ''"),
    _partial_index("subjects_by_child_stop_token", "child_stop_token", "child_stop_token IS NOT NULL", unique=True),
    _partial_index(
        "subjects_by_child_withdraw_token", "child_withdraw_token", "child_withdraw_token IS NOT NULL", unique=True
    ),
    _partial_index("subjects_to_forget", "kept_until", "kept_until IS NOT NULL"),
    _partial_index("subjects_to_tell", "decides_from", "decides_from IS NOT NULL"),
)

requests = Table(
    "requests",
    metadata,
    _id("id", primary_key=True),
    _id("controller"),
    _id("form"),
    _id("subject", key="subject_id"),
    Column("notice", String(64), ForeignKey("notices.hash"), key="notice_hash", nullable=False),
    Column("language", String(8), nullable=False),
    Column("audience", String(8), nullable=False),
    Column("site", String(255), nullable=False),
    Column("status", String(20), nullable=False),
    Column("fingerprint", String(64)),
    Column("requested_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("decided_at", Moment),
    Column("kind", String(10), nullable=False),
    Index("requests_of_subject", "subject_id"),
    _partial_index("requests_to_lapse", "expires_at", "decided_at IS NULL"),
    _partial_index("requests_by_fingerprint", "fingerprint", "fingerprint IS NOT NULL"),
)

request_purposes = Table(
    "request_purposes",
    metadata,
    Column("request", String(64), ForeignKey("requests.id"), key="request_id", primary_key=True),
    _id("purpose", primary_key=True),
    Column("status", String(20), nullable=False),
)

request_fields = Table(
    "request_fields",
    metadata,
    Column("request", String(64), ForeignKey("requests.id"), key="request_id", primary_key=True),
    _id("field", primary_key=True),
    Column("value", Text, nullable=False),
)

consents = Table(
    "consents",
    metadata,
    _id("subject", key="subject_id", primary_key=True),
    _id("form", primary_key=True),
    _id("purpose", primary_key=True),
    _id("controller"),
    Column("status", String(20), nullable=False),
    Column("since", Moment, nullable=False),
    Column("notice", String(64), ForeignKey("notices.hash"), key="notice_hash", nullable=False),
    Column("request", String(64), ForeignKey("requests.id"), key="request_id", nullable=False),
    Column("ends_at", Moment),
    Column("proof_until", Moment),
    Column("ask_again_at", Moment),
    Index("consents_of_controller", "controller", "form", "purpose"),
    _partial_index("consents_to_expire", "ends_at", "ends_at IS NOT NULL"),
    _partial_index("consents_to_forget", "proof_until", "proof_until IS NOT NULL"),
    _partial_index("consents_to_ask_again", "ask_again_at", "ask_again_at IS NOT NULL"),
)

ledger = Table(
    "ledger",
    metadata,
    _id("controller", primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String(27), nullable=False),
    Column("kind", String(20), nullable=False),
    _id("subject"),
    _id("form"),
    _id("purpose"),
    _id("notice"),
    Column("language", String(8), nullable=False),
    Column("audience", String(8), nullable=False),
    Column("site", String(255), nullable=False),
    Column("decided_by", String(10), nullable=False),
    _id("commitment"),
    _id("previous"),
    _id("hash"),
    Index("ledger_of_subject", "subject"),
)

ledger_heads = Table(
    "ledger_heads",
    metadata,
    _id("controller", primary_key=True),
    Column("seq", Integer, nullable=False),
    _id("hash"),
)

suppressions = Table(
    "suppressions",
    metadata,
    _id("controller", primary_key=True),
    Column("kind", String(10), primary_key=True),
    _id("digest", primary_key=True),
    Column("since", Moment, nullable=False),
    Column("offers", Integer, nullable=False, server_default="0"),
    Column("offered_at", Moment),
)

objections = Table(
    "objections",
    metadata,
    _id("id", primary_key=True),
    _id("controller"),
    _id("subject", key="subject_id"),
    _id("digest"),
    _id("form"),
    _id("purpose"),
    _id("notice", key="notice_hash"),
    Column("at", Moment, nullable=False),
    _id("mail", key="mail_id"),
    Column("tell_at", Moment, nullable=False),
    Column("told_at", Moment),
    Column("reasons", Text, nullable=False, server_default=""),
    Column("phone", String(30), nullable=False, server_default=""),
    Index("objections_of_controller", "controller", "tell_at"),
    Index("objections_of_mail", "mail_id"),
    Index("objections_by_digest", "digest", "at"),
    Index("objections_of_subject", "subject_id"),
)

outbox = Table(
    "outbox",
    metadata,
    _id("id", primary_key=True),
    Column("kind", String(20), nullable=False),
    _id("controller"),
    _id("form"),
    _id("subject", key="subject_id"),
    _id("request", key="request_id"),
    _id("notice", key="notice_hash"),
    Column("data", Text, nullable=False),
    Column("status", String(10), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("lease", String(64)),
    Column("lease_until", Moment),
    Column("attempts", Integer, nullable=False),
    Column("done_at", Moment),
    Column("problem", String(80)),
    Column("turn", Text, nullable=False),
    Column("doubt", Integer, nullable=False),
    Column("perhaps", Integer, nullable=False),
    Column("waits_for", String(64)),
    _partial_index("outbox_due", "due_at", "status = 'queued'"),
    Index("outbox_of_subject", "subject_id"),
    _partial_index("outbox_waiting", "waits_for", "waits_for IS NOT NULL"),
    _partial_index("outbox_in_doubt", "doubt", "doubt = 1"),
    _partial_index("outbox_ended", "done_at", "done_at IS NOT NULL"),
    _partial_index("outbox_claimed", "lease_until", "lease_until IS NOT NULL"),
)

outbox_pause = Table(
    "outbox_pause",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("set_at", Moment),
    Column("until", Moment),
    Column("failures", Integer, nullable=False),
    Column("probe", String(64), nullable=False),
    Column("before_recipient", Boolean, nullable=False),
    Column("in_doubt", Boolean, nullable=False),
    Column("problem", String(80), nullable=False),
)

salts = Table(
    "salts",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("salt", LargeBinary, nullable=False),
)

mail_counts = Table(
    "mail_counts",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    _id("digest"),
    Column("at", Moment, nullable=False),
    Index("mail_counts_by_digest", "digest", "at"),
)

intake = Table(
    "intake",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    _id("controller"),
    Column("kind", String(10), nullable=False),
    _id("digest"),
    Column("at", Moment, nullable=False),
    Column("payload", Text, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("set_aside_at", Moment),
    Column("problem", String(80)),
    Index("intake_by_digest", "digest"),
    _partial_index("intake_set_aside", "id", "set_aside_at IS NOT NULL"),
)

submit_counts = Table(
    "submit_counts",
    metadata,
    _id("digest", primary_key=True),
    Column("until", Moment, nullable=False),
    Column("count", Integer, nullable=False),
)
