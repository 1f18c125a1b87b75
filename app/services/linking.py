"""A link on request: for who has lost theirs, and for who never agreed to anything and objects all the same."""

from dataclasses import replace

from sqlalchemy import Connection

from ..storage import ledger, subjects
from ..storage.subjects import Subject
from . import faces, lifting, limits, mailing
from .kit import Kit


def send_link(
    kit: Kit,
    controller: str,
    language: str,
    email: str,
    email_key: str,
    network: str,
    to_object: bool,
    purpose: str = "",
) -> None:
    """Mail a link to an address, where there is one to mail: what the page answers is the same for all.

    The withdrawal link goes only to who is known; the objection link goes to any address. Where the owner of the
    address said "never mail me again" it is mailed all the same, since rights do not wait, and beside it the offer to
    lift that: whoever asks here may be anybody. Whether the network has asked too often is asked before, with
    `limits.check`. `purpose` is the id of what they want to object to, which the mail names and its link leads to.

    Raises:
        UnknownLink: when the controller shows no notice.
    """
    with kit.database.write() as connection:
        ledger.lock(connection, controller)
        now = kit.clock()
        limits.count(kit, connection, network, now)
        stored = faces.of_controller(kit, connection, controller, language)
        subject = _whom(connection, controller, email_key, to_object)
        to_child = subject is not None and subject.email_key != email_key
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
        is_flood = mailing.link(
            kit,
            connection,
            whom,
            email_key,
            stored.notice,
            kind,
            now,
            is_known=subject is not None,
            to_child=to_child,
            network=network,
            purpose=purpose,
        )
        lifting.offer(kit, connection, controller, language, email, email_key, now)
    if is_flood:
        limits.warn(controller)


def _whom(connection: Connection, controller: str, email_key: str, to_object: bool) -> Subject | None:
    """Whose link is mailed to an address: its owner's, else that of a child it decides for, else of a child it is of.

    Each is looked up for each address: an answer tells nobody which there are. To object everybody has a link.
    """
    own = subjects.with_email(connection, controller, email_key)
    children = subjects.children_of(connection, controller, email_key, 1)
    child = subjects.child_at(connection, controller, email_key)
    return own if to_object else own or next(iter(children), child)
