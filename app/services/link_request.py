"""A link on request: for who has lost theirs, and for who never agreed to anything and objects all the same."""

import secrets
from dataclasses import dataclass, replace

from ..domain.address import Address
from ..storage import subjects
from ..storage.database import rolled_back_unless
from ..storage.subjects import NewSubject
from . import lifting, limits, mailing, notice_choice
from .act import open_act
from .context import Context
from .mail_kinds import LINK, OBJECT_LINK
from .mailing import LinkMail

_PARENTS = 2
"""Who may have given a child's own address: the child has a link of its own for what each of them allows."""


@dataclass(frozen=True)
class LinkRequest:
    """What a person asked for: a link to object or else to withdraw, mailed to this address in this language.

    `purpose` is the id of what they want to object to, which the mail names and its link leads to. `network` is whose
    visitor asked.
    """

    controller: str
    language: str
    address: Address
    network: str
    to_object: bool
    purpose: str = ""


def send_link(ctx: Context, asked: LinkRequest) -> None:
    """Mail the links to an address that there are: what the page answers, and the work that it takes, is always alike.

    The withdrawal link goes only to who is known, as does a child's own link at the address that it said to be its
    own, whatever was asked for there: with that one alone it stops what a parent has allowed. The objection link goes
    to any address. Where the owner of the address said "never mail me again" it is mailed all the same, since rights
    do not wait, and beside it the offer to lift that: whoever asks here may be anybody. Whether the network has asked
    too often is asked before, with `limits.check`.

    Raises:
        UnknownLink: when the controller shows no notice.
    """
    controller, language, email_key = asked.controller, asked.language, asked.address.key
    with open_act(ctx, controller) as act:
        limits.count(act, asked.network)
        own = subjects.with_email(act.connection, controller, email_key)
        children = subjects.children_of(act.connection, controller, email_key, 1)
        at_own = subjects.children_at(act.connection, controller, email_key, _PARENTS)
        child = next(iter(at_own), None)
        offer = lifting.offer_for(act, email_key)
        is_new = own is None and (asked.to_object or (offer.is_due and child is None))
        with rolled_back_unless(act.connection, is_new):
            address = replace(asked.address, key=secrets.token_hex(16)) if own else asked.address
            added = subjects.add(act.connection, NewSubject(controller, address, language), act.now)
            subjects.keep_until(act.connection, added.id, act.now)  # the outbox needs an address until the mail is gone
        owner = added if is_new else own
        if owner and asked.to_object:
            subjects.keep_until(act.connection, owner.id, act.ctx.settings.CONFIRM_WITHIN.after(act.now))
        to_owner = notice_choice.of_asker(act.ctx, act.connection, controller, language, own).notice
        to_child = notice_choice.of_asker(act.ctx, act.connection, controller, language, child).notice
        whom = owner if asked.to_object else own or next(iter(children), None)
        kind = OBJECT_LINK if asked.to_object else LINK
        rows = (*at_own, *[None] * _PARENTS)[:_PARENTS]
        mails = [LinkMail(LINK, row, to_child, to_child=True) for row in rows]
        mails.append(LinkMail(kind, whom, to_owner, purpose=asked.purpose))
        is_flood = mailing.links(act, email_key, asked.network, mails)
        lifting.offer(act, offer, child or owner, to_child if child else to_owner, child is not None)
    if is_flood:
        limits.warn(controller)
