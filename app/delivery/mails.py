"""Makes the finished mail: headers, and the text and the HTML that come from one template in `templates/mail/`."""

import re
from collections.abc import Hashable
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache, lru_cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from .. import i18n, paths
from ..domain.address import read_address
from ..domain.line_breaks import with_no_break_characters
from ..period import Period
from .headers import new_message, safe_address, safe_header
from .mail_context import MailContext
from .stencils import Holes, Stencil, blank, body, shape
from .transport import Message

_HERE = "\ue000"
"""Stands in a sentence where its link goes, and ends the subject: no text of ours or of a definition holds one."""
_BOUNDARY = "=_akkoord_=_"
"""Stands between the text and the HTML: no quoted-printable text has a `=_` in it (RFC 2045 section 6.7)."""
_PLACE = "\x1a"
"""Stands in a frame where something is filled in: no header that has passed its guard holds one."""

_MOST_STENCILS = 1000
_STENCILS: dict[tuple[Hashable, ...], Stencil] = {}
"""By shape: nothing of a person is in them. A stencil takes some 20 kB."""

_END_OF_SENTENCE = re.compile(r"(?<=[.?!])\s+")
_SYSTEM = "system-ui,Segoe UI,Arial,sans-serif"
_FONTS = {
    "system": _SYSTEM,
    "serif": "Georgia,Times New Roman,serif",
    "rounded": f"ui-rounded,{_SYSTEM}",
}
"""The fonts of a theme as mail programs know them; without quotes, which a `style` attribute would have to escape."""


def compose(context: MailContext, sender: str, host: str, now: datetime) -> Message:
    """The finished mail.

    Args:
        sender: the bare address that mails come from; the controller's name stands before it.
        host: the host name that makes the Message-ID unique. The same context gets the same one again.
        now: the moment of sending, in UTC.

    Raises:
        headers.UnsafeHeader: when a header would hold what must not be there.
    """
    needs_utf8 = not context.recipient.isascii()
    head = [str(safe_address(context.recipient)), _date(int(now.timestamp())), safe_header(f"<{context.id}@{host}>")]
    if _may_unsubscribe(context):
        head.append(safe_header(f"<{context.links['withdraw']}>"))
    return Message(_stencil_of(context, sender, host, needs_utf8).fill(context, tuple(head)), needs_utf8)


@lru_cache(maxsize=1)
def _date(second: int) -> str:
    """A moment, in seconds since 1970, as a header has it: mails of one batch go within one second or two."""
    return format_datetime(datetime.fromtimestamp(second, UTC))


def _stencil_of(context: MailContext, sender: str, host: str, needs_utf8: bool) -> Stencil:
    """The stencil of all mails of this shape. One that lists people is made for one mail, and not kept."""
    if context.lists_people:
        return _stencil(context, Holes(), sender, host, needs_utf8)
    key = (*shape(context), sender, host, needs_utf8)
    stencil = _STENCILS.get(key)
    if stencil is None:
        holes = Holes()
        stencil = _stencil(blank(context, holes), holes, sender, host, needs_utf8)
        if len(_STENCILS) >= _MOST_STENCILS:
            _STENCILS.clear()
        _STENCILS[key] = stencil
    return stencil


def _stencil(context: MailContext, holes: Holes, sender: str, host: str, needs_utf8: bool) -> Stencil:
    subject, text, html = _render(context, holes, host)
    *head, middle, end = _frame(context, subject, sender, needs_utf8).split(_PLACE.encode())
    (plain, in_text), (marked_up, in_html) = (body(told, bool(holes.looks)) for told in (text, html))
    return Stencil(b"".join((b"%b".join(head), plain, middle, marked_up, end)), (in_text, in_html), holes.looks)


def _may_unsubscribe(context: MailContext) -> bool:
    return context.is_one_click and "withdraw" in context.links


def _frame(context: MailContext, subject: str, sender: str, needs_utf8: bool) -> bytes:
    """Headers and parts, with a place for each header of `compose` and for the text and the HTML."""
    notice = context.notice
    reply_to = _mailbox(notice.contact)  # never an objector: an answer would quote the others, and a program may answer
    message = new_message(needs_utf8)
    message["From"] = safe_address(sender, notice.controller_name)
    message["To"] = _PLACE
    if reply_to.isascii() or needs_utf8:  # else few servers could take the mail (RFC 6531)
        message["Reply-To"] = safe_address(reply_to)
    message["Subject"] = safe_header(subject)
    message["Date"] = _PLACE
    message["Message-ID"] = _PLACE
    message["Auto-Submitted"] = "auto-generated"
    if _may_unsubscribe(context):
        message["List-Unsubscribe"] = _PLACE
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content("", cte="quoted-printable")
    message.make_alternative(_BOUNDARY)
    message.add_alternative("", subtype="html", cte="quoted-printable")
    for part in message.iter_parts():
        part.set_payload(_PLACE)
    return message.as_bytes().replace(b"%", b"%%")


def _render(context: MailContext, holes: Holes, host: str) -> tuple[str, str, str]:
    """Subject, text and HTML, all from the one template of this kind of mail."""
    notice = context.notice
    language = notice.language
    young = notice.young and not context.is_to_contact
    speaking = i18n.speaking(language, notice.country, young)
    if not context.lists_people:
        speaking |= {name: holes.moment(speaking[name]) for name in ("day", "time")}
    values = speaking | {
        "mail": context,
        "notice": notice,
        "links": context.links,
        "host": host,
        "here": _HERE,
        "family": _FONTS.get(context.theme.font, context.theme.font),
        "evidence_for": i18n.period(Period.parse(notice.evidence_for), language),
    }
    name = f"mail/{context.kind}.jinja"
    text, html = (
        _templates(parts).get_template(name).render(values) for parts in ("mail/parts.txt", "mail/parts.html")
    )
    subject, _, text = text.partition(_HERE)
    holes.finish_moments(html.partition("</h1>")[2], with_no_break_characters)
    return subject, text, with_no_break_characters(html)


def _words_of_link(text: str) -> tuple[str, str, str]:
    """A sentence with a place for a link, in three: what stands before the words of the link, these, and the rest."""
    told, _, after = text.partition(_HERE)
    told = told.rstrip(": \u00a0")
    before = _END_OF_SENTENCE.split(told)
    return told.removesuffix(before[-1]), before[-1], after


def _mailbox(contact: str) -> str:
    return read_address(contact).email


@cache
def _templates(parts: str) -> Environment:
    """The templates over one of the two sets of macros: they escape in HTML, where a text has no markup to escape."""
    environment = Environment(
        loader=FileSystemLoader(paths.TEMPLATES),
        undefined=StrictUndefined,
        autoescape=parts.endswith(".html"),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.globals["parts"] = parts
    environment.filters["words_of_link"] = _words_of_link
    return environment
