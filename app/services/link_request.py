"""A link on request: for who has lost theirs, and for who never agreed to anything and objects all the same."""

from dataclasses import dataclass

from ..domain.address import Address
from ..domain.intake import from_json
from ..storage import subjects
from ..storage.subjects import NewSubject
from . import lifting, mailing, notice_choice
from .accept import accept
from .act import Act
from .context import Context
from .mail_kinds import LINK, OBJECT_LINK
from .mailing import LinkMail

LINK_REQUEST = "link"
"""What a row of the intake is called by which somebody asks for a link."""

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


def ask_for_link(ctx: Context, asked: LinkRequest) -> None:
    """Accept what was asked for: once this returns it is on disk. Whether the network has asked too often is asked
    before, with `limits.check`.

    Raises:
        TooMany: when it has by now; then nothing is stored.
    """
    accept(ctx, asked, controller=asked.controller, kind=LINK_REQUEST, email_key=asked.address.key)


def take(act: Act, payload: str) -> None:
    """Mail the links that there are to an address.

    The withdrawal link goes only to who is known, as does a child's own link at the address that it said to be its
    own, whatever was asked for there: with that one alone it stops what a parent has allowed. The objection link goes
    to any address. Where the owner of the address said "never mail me again" it is mailed all the same, since rights
    do not wait, and beside it the offer to lift that: whoever asks here may be anybody.

    Raises:
        UnknownLink: when the controller shows no notice.
        NewerRow, ValueError, KeyError: when this release cannot read it.
    """
    values = from_json(payload, LinkRequest)
    asked = LinkRequest(**values | {"address": Address(**values["address"])})
    controller, language, email_key = act.controller, asked.language, asked.address.key
    own = subjects.with_email(act.connection, controller, email_key)
    children = subjects.children_of(act.connection, controller, email_key, 1)
    at_own = subjects.children_at(act.connection, controller, email_key, _PARENTS)
    child = next(iter(at_own), None)
    offer = lifting.offer_for(act, email_key)
    owner = own
    if own is None and (asked.to_object or (offer and child is None)):
        owner = subjects.add(act.connection, NewSubject(controller, asked.address, language), act.now)
        subjects.keep_until(act.connection, owner.id, act.now)  # the outbox needs an address until the mail is gone
    if owner and asked.to_object:
        subjects.keep_until(act.connection, owner.id, act.ctx.settings.CONFIRM_WITHIN.after(act.now))
    to_owner = notice_choice.of_asker(act.ctx, act.connection, controller, language, own).notice
    to_child = notice_choice.of_asker(act.ctx, act.connection, controller, language, child).notice
    mails = [LinkMail(LINK, row, to_child, to_child=True) for row in at_own]
    if whom := owner if asked.to_object else own or next(iter(children), None):
        kind = OBJECT_LINK if asked.to_object else LINK
        mails.append(LinkMail(kind, whom, to_owner, purpose=asked.purpose))
    if mails:
        mailing.links(act, email_key, asked.network, mails)
    if offer and (reader := child or owner):
        lifting.offer(act, offer, reader, to_child if child else to_owner, child is not None)
