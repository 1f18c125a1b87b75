"""A link on request: for who has lost theirs, and for who never agreed to anything and objects all the same."""

from dataclasses import replace

from ..storage import ledger, subjects, suppressions
from . import faces, limits, mailing
from .kit import Kit


def send_link(
    kit: Kit, controller: str, language: str, email: str, email_key: str, network: str, to_object: bool
) -> None:
    """Mail a link to an address, where there is one to mail: what the page answers is the same for all.

    The withdrawal link goes only to who is known; the objection link goes to any address. Whoever asks for a link
    is mailed by forms again. Whether the network has asked too often is asked before, with `limits.check`.

    Raises:
        UnknownLink: when the controller shows no notice.
    """
    now = kit.clock()
    with kit.database.write() as connection:
        ledger.lock(connection, controller)
        limits.count(kit, connection, network, now)
        suppressions.lift(connection, controller, suppressions.NO_MAIL, email_key)
        stored = faces.of_controller(kit, connection, controller, language)
        subject = subjects.with_email(connection, controller, email_key)
        to_child = False
        if subject is None and not to_object:
            subject = next(iter(subjects.children_of(connection, controller, email_key)), None)
        if subject is None and not to_object:
            subject = subjects.child_at(connection, controller, email_key)
            to_child = subject is not None
        if subject is not None and to_child:
            stored = faces.of_subject(kit, connection, subject, by_child=True)
        nobody = subjects.nobody(connection, controller, language, now)
        if subject is None and to_object:
            subject = subjects.add(connection, controller, email, email_key, language, now)
        if subject is not None and to_object:
            subjects.keep_until(connection, subject.id, kit.settings.CONFIRM_WITHIN.after(now))
        # What the time of an answer could tell is evened out: an unknown address is counted and takes the same work.
        whom = subject or replace(nobody, email_key=email_key)
        kind = "object_link" if to_object else "link"
        mailing.link(
            kit, connection, whom, email_key, stored.notice, kind, now, is_known=subject is not None, to_child=to_child
        )
