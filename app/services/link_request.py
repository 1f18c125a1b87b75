"""A link on request: for who has lost theirs, and for who never agreed to anything and objects all the same."""

import secrets

from ..storage import ledger, subjects
from ..storage.database import undone_unless
from . import lifting, limits, mailing, notice_choice
from .kit import Kit
from .mailing import LinkMail

_PARENTS = 2
"""Who may have given a child's own address: the child has a link of its own for what each of them allows."""


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
    """Mail the links to an address that there are: what the page answers, and the work that it takes, is always alike.

    The withdrawal link goes only to who is known, as does a child's own link at the address that it said to be its
    own, whatever was asked for there: with that one alone it stops what a parent has allowed. The objection link goes
    to any address. Where the owner of the address said "never mail me again" it is mailed all the same, since rights
    do not wait, and beside it the offer to lift that: whoever asks here may be anybody. Whether the network has asked
    too often is asked before, with `limits.check`. `purpose` is the id of what they want to object to, which the mail
    names and its link leads to.

    Raises:
        UnknownLink: when the controller shows no notice.
    """
    with kit.database.write() as connection:
        ledger.lock(connection, controller)
        now = kit.clock()
        limits.count(kit, connection, network, now)
        own = subjects.with_email(connection, controller, email_key)
        children = subjects.children_of(connection, controller, email_key, 1)
        at_own = subjects.children_at(connection, controller, email_key, _PARENTS)
        child = next(iter(at_own), None)
        offer = lifting.offer_for(kit, connection, controller, email_key, now)
        is_new = own is None and (to_object or (offer.is_due and child is None))
        with undone_unless(connection, is_new):
            key = secrets.token_hex(16) if own else email_key
            added = subjects.add(connection, controller, email, key, language, now)
            subjects.keep_until(connection, added.id, now)  # the outbox needs an address until the mail is gone
        owner = added if is_new else own
        if owner and to_object:
            subjects.keep_until(connection, owner.id, kit.settings.CONFIRM_WITHIN.after(now))
        to_owner = notice_choice.of_asker(kit, connection, controller, language, own).notice
        to_child = notice_choice.of_asker(kit, connection, controller, language, child).notice
        whom = owner if to_object else own or next(iter(children), None)
        kind = "object_link" if to_object else "link"
        rows = (*at_own, *[None] * _PARENTS)[:_PARENTS]
        mails = [LinkMail("link", row, to_child, to_child=True) for row in rows]
        mails.append(LinkMail(kind, whom, to_owner, purpose=purpose))
        is_flood = mailing.links(kit, connection, email_key, network, mails, now)
        lifting.offer(connection, offer, child or owner, to_child if child else to_owner, child is not None, now)
    if is_flood:
        limits.warn(controller)
