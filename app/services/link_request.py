"""A link on request: for who has lost theirs, and for who never agreed to anything and objects all the same."""

import secrets

from ..storage import subjects
from ..storage.database import rolled_back_unless
from . import lifting, limits, mailing, notice_choice
from .act import open_act
from .context import Context
from .mail_kinds import LINK, OBJECT_LINK
from .mailing import LinkMail

_PARENTS = 2
"""Who may have given a child's own address: the child has a link of its own for what each of them allows."""


def send_link(
    ctx: Context,
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
    with open_act(ctx, controller) as act:
        limits.count(act, network)
        own = subjects.with_email(act.connection, controller, email_key)
        children = subjects.children_of(act.connection, controller, email_key, 1)
        at_own = subjects.children_at(act.connection, controller, email_key, _PARENTS)
        child = next(iter(at_own), None)
        offer = lifting.offer_for(act, email_key)
        is_new = own is None and (to_object or (offer.is_due and child is None))
        with rolled_back_unless(act.connection, is_new):
            key = secrets.token_hex(16) if own else email_key
            added = subjects.add(act.connection, controller, email, key, language, act.now)
            subjects.keep_until(act.connection, added.id, act.now)  # the outbox needs an address until the mail is gone
        owner = added if is_new else own
        if owner and to_object:
            subjects.keep_until(act.connection, owner.id, act.ctx.settings.CONFIRM_WITHIN.after(act.now))
        to_owner = notice_choice.of_asker(act.ctx, act.connection, controller, language, own).notice
        to_child = notice_choice.of_asker(act.ctx, act.connection, controller, language, child).notice
        whom = owner if to_object else own or next(iter(children), None)
        kind = OBJECT_LINK if to_object else LINK
        rows = (*at_own, *[None] * _PARENTS)[:_PARENTS]
        mails = [LinkMail(LINK, row, to_child, to_child=True) for row in rows]
        mails.append(LinkMail(kind, whom, to_owner, purpose=purpose))
        is_flood = mailing.links(act, email_key, network, mails)
        lifting.offer(act, offer, child or owner, to_child if child else to_owner, child is not None)
    if is_flood:
        limits.warn(controller)
