"""Never mail me again: after this click nothing that a form can set off is mailed to the address by this controller.

A child's own link is about its own address, any other about that of who decides.
"""

from sqlalchemy import Connection

from ..domain.evidence import Kind
from ..storage import outbox, subjects, suppressions
from ..storage.notices import StoredNotice
from ..storage.subjects import Subject
from . import events, intake, lifecycle, mail_kinds, mailing, notice_choice, tokens
from .context import Context


def view(ctx: Context, token: str) -> tuple[StoredNotice, bool]:
    """Who speaks on the page behind the link, and whether the mails were stopped already.

    Raises:
        UnknownLink: when nothing is kept under the link.
    """
    with ctx.database.read() as connection:
        subject = tokens.subject_of(connection, "stop", token)
        stored = notice_choice.of_subject(ctx, connection, subject, by_child=subject.is_childs_link(token))
        return stored, _is_stopped(connection, subject, token)


def stop(ctx: Context, token: str) -> StoredNotice:
    """Stop the mails of forms, and say so in a last one; what waits in the outbox does not go. Raises like `view`."""
    with intake.open_act_on_subject(ctx, "stop", token) as (act, subject):
        by_child = subject.is_childs_link(token)
        key = _key(subject, token)
        stored = notice_choice.of_subject(act.ctx, act.connection, subject, by_child)
        if not _is_stopped(act.connection, subject, token):
            suppressions.add_no_mail(act.connection, subject.controller, key, act.now)
            events.record(act, subject, Kind.STOPPED, decided_by=subject.decides_by(token))
            # What is dropped may be all that a person is kept for, and they may press again, or look again.
            subjects.keep_until(act.connection, subject.id, act.ctx.settings.CONFIRM_WITHIN.after(act.now))
            kinds = mail_kinds.opting_out(by_child)
            for request in outbox.drop(act.connection, subject.id, kinds, act.now):
                lifecycle.forget_unmailed(act, request)
            mailing.opted_out(act, subject, stored.notice, by_child)
        return stored


def _is_stopped(connection: Connection, subject: Subject, token: str) -> bool:
    return suppressions.wants_no_mail(connection, subject.controller, _key(subject, token))


def _key(subject: Subject, token: str) -> str:
    return subject.child_email_key if token == subject.child_stop_token else subject.email_key
