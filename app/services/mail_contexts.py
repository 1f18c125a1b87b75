"""From a row of the outbox to the context of its mail; links are signed at the moment of sending."""

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime
from urllib.parse import urlencode

from sqlalchemy import Connection

from .. import i18n
from ..addresses import path
from ..delivery.mail_context import ChildLink, ListedPurpose, MailContext, Objector
from ..domain.address import read_address
from ..domain.consent import OPEN, WAITING, RequestStatus
from ..domain.mail import (
    DecisionPayload,
    EndedPayload,
    InterestPayload,
    LiftPayload,
    LinkPayload,
    OfAgePayload,
    OptedOutPayload,
    Payload,
    QuestionPayload,
    Reader,
    Seen,
)
from ..domain.notice import Notice, NoticeField, NoticePurpose
from ..domain.values import changed
from ..storage import consents, objections, requests, subjects, suppressions
from ..storage.outbox import OutboxRow
from ..storage.requests import Request
from ..storage.schema import written
from ..storage.subjects import Subject
from . import childs_address, notice_choice, objectable
from .context import Context, UnknownLink
from .objectable import Objectable
from .tokens import address, lift_token

_MOST_CHILDREN = 20
"""Links in one mail: servers refuse mails that are too large, and then a parent could get no link at all."""


def to_contact(ctx: Context, connection: Connection, row: OutboxRow, at: datetime) -> MailContext | None:
    """To the controller's contact, at the address that the forms show now: who objects, and to what."""
    objectors = []
    for objection in objections.of_mail(connection, row.id):
        subject = subjects.with_id(connection, objection.subject_id)
        if subject is not None:
            told = ctx.notice(connection, objection.notice_hash).notice
            title = told.purpose(objection.purpose).title if objection.purpose else ""
            child = subject.id if subject.is_child else ""
            until = objectable.ANSWER_WITHIN.after(objection.at) if objection.purpose else None
            has_reasons = bool(objection.reasons)
            objectors.append(Objector(subject.email, objection.at, title, child, until, objection.phone, has_reasons))
    if not objectors:
        return None
    stored = ctx.notice(connection, row.notice_hash)
    with suppress(UnknownLink):  # no form is served any more
        stored = notice_choice.of_controller(ctx, connection, row.controller, stored.notice.language)
    return MailContext(
        kind=row.kind,
        id=row.id,
        recipient=read_address(stored.notice.contact).email,
        notice=stored.notice,
        theme=stored.theme,
        at=at,
        reader=Reader.CONTACT,
        objectors=tuple(objectors),
    )


_IN_AN_ADDRESS = re.compile(r"[.:/@](?=\S)")


class Builder:
    """Builds the context of one mail to a person or a child, starting from what all mails have."""

    def __init__(
        self, ctx: Context, connection: Connection, row: OutboxRow, subject: Subject, to_child: bool, at: datetime
    ) -> None:
        seen = row.notice_hash
        stored = notice_choice.of_child(ctx, connection, seen) if to_child else ctx.notice(connection, seen)
        if stored.notice.beside and not to_child:
            stored = ctx.notice(connection, stored.notice.beside)  # a child's notice stands for what its parent reads
        self.ctx = ctx
        self.connection = connection
        self.row = row
        self.subject = subject
        self.to_child = to_child
        self.notice = stored.notice
        self.base = MailContext(
            kind=row.kind,
            id=row.id,
            recipient=subject.child_email if to_child else subject.email,
            notice=stored.notice,
            theme=stored.theme,
            at=at,
            form_title=stored.notice.title,
            for_child=subject.is_child and not to_child,
            child=self._which_child() if subject.is_child and not to_child else None,
        )

    def question(self, payload: QuestionPayload) -> MailContext | None:
        """The mail after a form: what waits for an answer, and what was granted before."""
        row, asked = self.row, self.notice.asked
        if suppressions.wants_no_mail(self.connection, row.controller, self.subject.email_key):
            return None
        if self._would_ask_a_child():
            return None
        request = requests.with_id(self.connection, row.request_id) if row.request_id else None
        states = request.purposes if request else {}
        open_purposes = [purpose for purpose in asked if states.get(purpose.id) in WAITING]
        already = [purpose for purpose in asked if purpose.id in payload.already]
        if not open_purposes and not already:
            return None
        links = self._links("stop", about=open_purposes + already)
        if open_purposes and request:
            links |= self._answer_link(request)
        if already:
            links |= self._links("withdraw")
        return changed(
            self.base,
            site=payload.site,
            deadline=request.expires_at if request else None,
            purposes=tuple(ListedPurpose(purpose.title) for purpose in open_purposes),
            other_purposes=tuple(ListedPurpose(purpose.title) for purpose in already),
            links=links,
        )

    def renewal(self, _: Payload) -> MailContext | None:
        """The question whether a consent still holds."""
        request = requests.with_id(self.connection, self.row.request_id)
        if request is None or request.status not in OPEN or self._would_ask_a_child():
            return None
        purposes = [self.notice.purpose(purpose) for purpose in request.purposes]
        return changed(
            self.base,
            deadline=request.expires_at,
            purposes=tuple(ListedPurpose(purpose.title) for purpose in purposes),
            links=self._links("withdraw", about=purposes) | self._answer_link(request),
        )

    def receipt(self, payload: DecisionPayload) -> MailContext | None:
        """The proof of a yes, until when it holds, and to what it was a no."""
        asked = self.notice.asked
        granted = [purpose for purpose in asked if purpose.id in payload.granted]
        items = tuple(
            ListedPurpose(
                purpose.title, self._until(purpose.id), tuple(filter(None, (purpose.statement, purpose.text)))
            )
            for purpose in granted
        )
        refused = tuple(ListedPurpose(purpose.title) for purpose in asked if purpose.id in payload.refused)
        links = self._links("withdraw", about=granted) | {"notice": address(self.ctx, "notice", self.notice.hash)}
        return changed(self.base, purposes=items, other_purposes=refused, links=links, given=self._given(granted))

    def plus(self, payload: DecisionPayload) -> MailContext | None:
        """What was decided for a child, and how to undo it, unless nothing of it runs any more.

        None after a no to everything: older releases queued one.
        """
        request = requests.with_id(self.connection, self.row.request_id)
        context = self.receipt(payload)
        if context is None or request is None or not context.purposes:
            return None
        granted = consents.granted(self.connection, self.subject.id)
        runs = any(known.form == request.form and known.purpose in payload.granted for known in granted)
        links = context.links if runs else {"notice": context.links["notice"]}
        return changed(context, links=links, site=request.site)

    def child_address(self, _: Payload) -> MailContext | None:
        """To a child: is this address yours?"""
        request = requests.with_id(self.connection, self.row.request_id)
        if request is None or request.status != RequestStatus.REQUESTED or self._child_wants_no_mail():
            return None
        return changed(
            self.base,
            deadline=request.expires_at,
            purposes=self._running(),
            links={"confirm": address(self.ctx, "confirm", self.ctx.signing.confirm.make(request.id))}
            | self._child_stop(),
            advertising=any(self.notice.purpose(item).direct_marketing for item in self._granted()),
        )

    def child_not_asked(self, _: Payload) -> MailContext | None:
        """To a child whose address was given as a parent's: nobody is asked there."""
        links = self._child_stop()
        return None if not links or self._child_wants_no_mail() else changed(self.base, links=links)

    def child_receipt(self, _: Payload) -> MailContext | None:
        """To a child: its mails come here from now on."""
        links = self._child_link(self.notice.purpose(purpose) for purpose in self._granted())
        return changed(self.base, purposes=self._running(), links=links)

    def of_age(self, payload: OfAgePayload) -> MailContext | None:
        """To a child, or its parent: from this month on the child decides."""
        seen = payload.running
        links = self._child_link(self._read(seen)) if self.to_child else self._links("withdraw", about=self._read(seen))
        items = tuple(
            changed(item, until=self._until(purpose, self.ctx.notice(self.connection, notice_hash).notice.form))
            for item, (notice_hash, purpose) in zip(self._items(seen), seen, strict=True)
        )
        return changed(self.base, purposes=items, links=links, site=payload.site)

    def ended(self, payload: EndedPayload) -> MailContext | None:
        """The proof of a stop. It names the form, or the controller where several forms are concerned."""
        ended, running = payload.ended, payload.running
        titles = {self.ctx.notice(self.connection, notice_hash).notice.title for notice_hash, _ in ended}
        return changed(
            self.base,
            purposes=self._items(ended),
            other_purposes=self._items(running),
            links=self._child_link(self._read(running)) if running and self.to_child else {},
            form_title=titles.pop() if len(titles) == 1 else self.notice.controller_name,
        )

    def objected(self, payload: EndedPayload) -> MailContext | None:
        """The proof of a no to advertising, and of what it ended."""
        context = self.ended(payload)
        return context and changed(context, told=self._told(self._offered()))

    def link(self, payload: LinkPayload) -> MailContext | None:
        """A link that somebody asked for."""
        kind = "withdraw" if self.row.kind == "link" else "object"
        if payload.to_child:
            return changed(self.base, links=self._child_link())
        links = self._links(kind, "stop")
        if self.subject.is_child:
            del links[kind]  # the address has no story of its own
        known = self._children()
        numbers = _numbered(known)
        children = [
            ChildLink(
                child.created_at,
                address(self.ctx, kind, getattr(child, f"{kind}_token"), self._other_than(child)),
                numbers.get(child.id, 0),
            )
            for child in _in_order(known[:_MOST_CHILDREN])
        ]
        more = len(known) > _MOST_CHILDREN
        context = changed(self.base, links=links, children=tuple(children), more_children=more)
        return context if kind == "withdraw" else self._about(context, payload.purpose)

    def _about(self, context: MailContext, purpose: str) -> MailContext:
        """A mail with links to object, which names what they were asked for and leads there."""
        offered = self._offered().about(purpose)

        def leading_there(link: str) -> str:
            return f"{link}{'&' if '?' in link else '?'}{urlencode({'purpose': purpose})}" if purpose else link

        return changed(
            context,
            purposes=tuple(ListedPurpose(interest.title) for interest in offered.interests),
            advertising=offered.marketing,
            told=self._told(offered),
            links={kind: leading_there(link) if kind == "object" else link for kind, link in context.links.items()},
            children=tuple(changed(child, link=leading_there(child.link)) for child in context.children),
        )

    def _offered(self) -> Objectable:
        return objectable.of_subject(self.ctx, self.connection, self.subject, self.notice.language)

    def _told(self, offered: Objectable) -> tuple[str, ...]:
        """The titles of what a no to advertising covers beside what was agreed to, in the language of this mail."""
        return tuple(known.title for known in objectable.translated(self.ctx, offered.told, self.notice.language))

    def opted_out(self, payload: OptedOutPayload) -> MailContext | None:
        """What "never mail me again" has stopped, and where to undo it."""
        ask = path("link", self.row.controller, lang=self.notice.language)
        return changed(self.base, links={"link": self.ctx.settings.BASE_URL + ask})

    def lift(self, payload: LiftPayload) -> MailContext | None:
        """The offer to lift a mark, as long as it stands."""
        digests, since = payload.digests, payload.since
        mark = suppressions.no_mail(self.connection, self.row.controller, digests)
        if mark is None or written(mark.since) != since:
            return None
        token = lift_token(self.ctx, digests, since, self.notice)
        return changed(self.base, links={"lift": address(self.ctx, "lift", token)})

    def interest(self, payload: InterestPayload) -> MailContext | None:
        """An objection to a legitimate interest, to the person."""
        return changed(self.base, purposes=(ListedPurpose(self.notice.purpose(payload.purpose).title),))

    def _answer_link(self, request: Request) -> dict[str, str]:
        """The link behind which a request is confirmed, or behind which a parent decides about what a child asked."""
        signing = self.ctx.signing
        is_decision = request.status == RequestStatus.AWAITING_GUARDIAN
        kind, tokens = ("guardian", signing.guardian) if is_decision else ("confirm", signing.confirm)
        return {kind: address(self.ctx, kind, tokens.make(request.id))}

    def _children(self) -> list[Subject]:
        """The children for whom the address decides, at most one more than stand in a mail."""
        return subjects.children_of(self.connection, self.row.controller, self.subject.email_key, _MOST_CHILDREN + 1)

    def _which_child(self) -> tuple[int, datetime] | None:
        """Which of several children the mail is about: no name stands in a mail, for anybody may have typed it."""
        number = _numbered(self._children()).get(self.subject.id)
        return (number, self.subject.created_at) if number else None

    def _child_wants_no_mail(self) -> bool:
        return suppressions.wants_no_mail(self.connection, self.row.controller, self.subject.child_email_key)

    def _would_ask_a_child(self) -> bool:
        """Whether the address that is to decide for a child is by now another child's own, or its own."""
        subject = self.subject
        return subject.is_child and childs_address.is_childs(
            self.connection, subject.controller, subject.email_key, self.ctx.clock()
        )

    def _child_link(self, about: Iterable[NoticePurpose] = ()) -> dict[str, str]:
        """A child's own lasting link, and where it is about direct marketing, the one to object (GDPR art. 21(4))."""
        language = self._other_than(self.subject, by_child=True)
        kinds = ("withdraw", "object") if any(purpose.direct_marketing for purpose in about) else ("withdraw",)
        return {kind: address(self.ctx, kind, self.subject.child_token, language) for kind in kinds}

    def _child_stop(self) -> dict[str, str]:
        token = self.subject.child_stop_token
        return {"stop": address(self.ctx, "stop", token)} if token else {}

    def _other_than(self, subject: Subject, by_child: bool = False) -> str:
        """The language of this mail, where the lasting links of a person would open in another one; else nothing."""
        try:
            opens_in = notice_choice.of_subject(self.ctx, self.connection, subject, by_child).notice.language
        except UnknownLink:  # there is no page that could speak
            return ""
        return self.notice.language if opens_in != self.notice.language else ""

    def _until(self, purpose: str, form: str = "") -> datetime | None:
        consent = consents.find(self.connection, self.subject.id, form or self.row.form, purpose)
        return consent.ends_at if consent else None

    def _running(self) -> tuple[ListedPurpose, ...]:
        """What is done with the data of a child under this form, in the words that it read."""
        return tuple(ListedPurpose(self.notice.purpose(known).title, self._until(known)) for known in self._granted())

    def _granted(self) -> list[str]:
        """The purposes of this form that a parent has allowed, in the order of the form."""
        granted = {known.purpose for known in consents.granted(self.connection, self.subject.id)}
        return [purpose.id for purpose in self.notice.asked if purpose.id in granted]

    def _given(self, granted: list[NoticePurpose]) -> tuple[tuple[str, str], ...]:
        """The short answers that go with a yes.

        What a special category of data uses stands in no mail, nor does the name of a child (see `_which_child`).
        """
        notice = self.notice
        filled = requests.fields(self.connection, self.row.request_id) if granted else {}
        used = notice.fields_for(purpose.id for purpose in granted)
        return tuple(
            (field.before_answer, _as_given(field, filled[field.id], notice))
            for field in notice.fields
            if field.id in used
            and filled.get(field.id)
            and field.type != "long_text"
            and not (field.type == "name" and self.subject.is_child)
            and not any(purpose.statement for purpose in notice.used_by(field.id))
        )

    def _links(self, *kinds: str, about: Iterable[NoticePurpose] = ()) -> dict[str, str]:
        """Lasting links of these kinds, and the one to object where it is about direct marketing."""
        if any(purpose.direct_marketing for purpose in about):
            kinds = (*kinds, "object")
        subject = self.subject
        tokens = {"withdraw": subject.withdraw_token, "object": subject.object_token, "stop": subject.stop_token}
        language = self._other_than(subject)
        return {kind: address(self.ctx, kind, tokens[kind], language) for kind in kinds}

    def _items(self, pairs: tuple[Seen, ...]) -> tuple[ListedPurpose, ...]:
        return tuple(ListedPurpose(purpose.title, said=purpose.stays) for purpose in self._read(pairs))

    def _read(self, pairs: tuple[Seen, ...]) -> list[NoticePurpose]:
        """Purposes as they were read."""
        return [self.ctx.notice(self.connection, notice_hash).notice.purpose(purpose) for notice_hash, purpose in pairs]


def _as_given(field: NoticeField, value: str, notice: Notice) -> str:
    """An answer on one line. A mail program makes no link of it: a word joiner stands where an address would go on."""
    if field.type == "choice":
        return dict(field.options).get(value, value)
    if field.type == "date":
        return i18n.day(date.fromisoformat(value), notice.country, notice.language)
    return _IN_AN_ADDRESS.sub("\\g<0>\u2060", ", ".join(value.split("\n")))


def _numbered(children: list[Subject]) -> dict[str, int]:
    """A number for each child of one parent, by id, in the order in which they came; none where there is only one."""
    return {child.id: number for number, child in enumerate(_in_order(children), 1)} if len(children) > 1 else {}


def _in_order(children: list[Subject]) -> list[Subject]:
    return sorted(children, key=lambda child: (child.created_at, child.id))
