"""Writes the mails: one function each, with subject, text and HTML side by side in `templates/mail/`."""

from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache, partial

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from .. import i18n, paths
from ..domain.address import read_address
from ..period import Period
from .headers import new_message, safe_address, safe_header
from .mail_context import ListedPurpose, MailContext, Objector

_LINK = "\ue000"  # for private use: no text of ours or of a definition holds one
_BOUNDARY = "=_akkoord_=_"
"""Stands between the text and the HTML: no quoted-printable text has a `=_` in it (RFC 2045 section 6.7)."""
_UNSUBSCRIBED = frozenset({"receipt", "mail_plus", "child_receipt"})
"""The mails about a yes: their header lets a mail program stop it with one click (RFC 8058)."""


def compose(context: MailContext, sender: str, host: str, now: datetime) -> EmailMessage:
    """The finished mail.

    Args:
        sender: the bare address that mails come from; the controller's name stands before it.
        host: the host name that makes the Message-ID unique. The same context gets the same one again.
        now: the moment of sending, in UTC.

    Raises:
        headers.UnsafeHeader: when a header would hold what must not be there.
    """
    notice = context.notice
    reply_to = _mailbox(notice.contact)  # never an objector: an answer would quote the others, and a program may answer
    message = new_message(utf8=not (context.recipient + reply_to).isascii())
    subject, text, html = _RENDERERS[context.kind](context)
    message["From"] = safe_address(sender, notice.controller_name)
    message["To"] = safe_address(context.recipient)
    message["Reply-To"] = safe_address(reply_to)
    message["Subject"] = safe_header(subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = safe_header(f"<{context.id}@{host}>")
    message["Auto-Submitted"] = "auto-generated"
    if context.kind in _UNSUBSCRIBED and "withdraw" in context.links:
        message["List-Unsubscribe"] = safe_header(f"<{context.links['withdraw']}>")
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(text, cte="quoted-printable")
    message.make_alternative(_BOUNDARY)
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    return message


def confirm(context: MailContext) -> tuple[str, str, str]:
    """An answer is needed."""
    return _render("confirm", context)


def already_granted(context: MailContext) -> tuple[str, str, str]:
    """This was granted before, and nothing has changed."""
    return _render("already_granted", context)


def renewal(context: MailContext) -> tuple[str, str, str]:
    """A consent is about to end: does it still hold?"""
    return _render("renewal", context)


def receipt(context: MailContext) -> tuple[str, str, str]:
    """The person's proof of a yes, with the link that stops it."""
    return _render("receipt", context)


def withdrawn(context: MailContext) -> tuple[str, str, str]:
    """It has stopped."""
    return _render("withdrawn", context)


def link(context: MailContext) -> tuple[str, str, str]:
    """The withdrawal link, on request."""
    return _render("link", context)


def object_link(context: MailContext) -> tuple[str, str, str]:
    """The objection link, on request, to any address. It names what it is for, or what there is to choose from."""
    language, controller = context.notice.language, context.notice.controller_name
    offered = context.purposes
    if context.advertising:
        offered = (*offered, ListedPurpose(i18n.say(language, "object.advertising", controller=controller)))
    return _render("object_link", context, choice=offered if len(offered) > 1 else ())


def lift(context: MailContext) -> tuple[str, str, str]:
    """To who said "never mail me again", on request: forms would mail the address again."""
    return _render("lift", context)


def objected(context: MailContext) -> tuple[str, str, str]:
    """The proof of an objection to direct marketing."""
    return _render("objected", context)


def interest_objected(context: MailContext) -> tuple[str, str, str]:
    """To the person: an objection to a legitimate interest was noted."""
    return _render("interest_objected", context)


def objections(context: MailContext) -> tuple[str, str, str]:
    """To the controller's contact: who objects to what, and what is to be done."""
    return _render("objections", context, listed=[_listed(context, one) for one in context.objectors])


def _listed(context: MailContext, objector: Objector) -> ListedPurpose:
    country, language = context.notice.country, context.notice.language
    what = objector.title or i18n.say(language, "mail.objections.advertising")
    when = i18n.day_and_time(objector.at, country, language)
    email, child = objector.email, objector.child
    if child:
        return ListedPurpose(
            i18n.say(language, "mail.objections.child", email=email, what=what, when=when, subject=child)
        )
    return ListedPurpose(i18n.say(language, "mail.objections.item", email=email, what=what, when=when))


def guardian_asks(context: MailContext) -> tuple[str, str, str]:
    """A child asks for a parent's decision; with where the address comes from and what becomes of it (GDPR art. 14)."""
    code, language = context.notice.authority, context.notice.language
    return _render(
        "guardian_asks",
        context,
        authority=i18n.say(language, f"authority.{code}.name"),
        authority_address=i18n.say(language, f"authority.{code}.address"),
    )


def guardian_again(context: MailContext) -> tuple[str, str, str]:
    """To a parent: a child sent again what was allowed before, and perhaps something new."""
    return _render("guardian_again", context)


def guardian_renewal(context: MailContext) -> tuple[str, str, str]:
    """To a parent: a yes for a child is about to end; does it still hold?"""
    return _render("guardian_renewal", context)


def mail_plus(context: MailContext) -> tuple[str, str, str]:
    """To a parent, a day later: what was decided for a child, and how to undo it."""
    language = context.notice.language
    allowed = [
        replace(item, title=i18n.say(language, "mail.plus.yes", purpose=item.title)) for item in context.purposes
    ]
    refused = [
        replace(item, title=i18n.say(language, "mail.plus.no", purpose=item.title)) for item in context.other_purposes
    ]
    return _render("mail_plus", context, decided=allowed + refused)


def guardian_of_age(context: MailContext) -> tuple[str, str, str]:
    """To a parent, for the child: from this birthday on the child decides (EDPB 05/2020, 147 to 149)."""
    return _render("guardian_of_age", context)


def child_address(context: MailContext) -> tuple[str, str, str]:
    """To a child, at the address that the parent gave: is it yours, and may we mail you here?"""
    return _render("child_address", context)


def child_not_asked(context: MailContext) -> tuple[str, str, str]:
    """To a child: your address was given as a parent's; with the link to get no more mail of forms."""
    return _render("child_not_asked", context)


def child_receipt(context: MailContext) -> tuple[str, str, str]:
    """To a child: you said yes to your address; with the link that stops it."""
    return _render("child_receipt", context)


def child_stopped(context: MailContext) -> tuple[str, str, str]:
    """To a child: it has stopped."""
    return _render("child_stopped", context)


def child_of_age(context: MailContext) -> tuple[str, str, str]:
    """To a child: from your birthday you decide (EDPB 05/2020, 147 to 149)."""
    return _render("child_of_age", context)


_RENDERERS = {
    renderer.__name__: renderer
    for renderer in (
        confirm,
        already_granted,
        renewal,
        receipt,
        withdrawn,
        link,
        object_link,
        lift,
        objected,
        interest_objected,
        objections,
        guardian_asks,
        guardian_again,
        guardian_renewal,
        mail_plus,
        guardian_of_age,
        child_address,
        child_not_asked,
        child_receipt,
        child_stopped,
        child_of_age,
    )
}


def _render(name: str, context: MailContext, **more: object) -> tuple[str, str, str]:
    country, language = context.notice.country, context.notice.language
    young = context.notice.young and not context.objectors  # what goes to the controller itself is read by an adult
    values = i18n.speaking(language, country, young) | {
        "mail": context,
        "notice": context.notice,
        "links": context.links,
        "evidence_for": i18n.period(Period.parse(context.notice.evidence_for), language),
        "with_link": partial(_with_link, language, young),
    }
    subject, text, html = (
        _templates().get_template(f"mail/{name}.{part}").render(values | more)
        for part in ("subject.txt", "txt", "html")
    )
    # In the text a link has a line of its own, so the space that stands before it in a sentence goes.
    return subject.strip(), text.replace(" \nhttp", "\nhttp"), html


def _with_link(language: str, young: bool, key: str, address: str, style: str, **values: object) -> Markup:
    """A sentence for HTML in which `{link}` is a link to click."""
    before, _, after = i18n.say(language, key, young, link=_LINK, **values).partition(_LINK)
    return Markup('{}<a class="acc" href="{}" style="{}">{}</a>{}').format(before, address, style, address, after)


@cache
def _mailbox(contact: str) -> str:
    return read_address(contact).email


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(paths.TEMPLATES),
        undefined=StrictUndefined,
        autoescape=lambda name: name is not None and name.endswith(".html"),  # noqa: S701 (a text has no markup)
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
