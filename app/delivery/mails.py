"""Makes the finished mail: headers, and the text and the HTML that come from one template in `templates/mail/`."""

import re
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from .. import i18n, paths
from ..domain.address import read_address
from ..domain.line_breaks import with_no_break_characters
from ..period import Period
from .headers import new_message, safe_address, safe_header
from .mail_context import MailContext

_HERE = "\ue000"
"""Stands in a sentence where its link goes, and ends the subject: no text of ours or of a definition holds one."""
_BOUNDARY = "=_akkoord_=_"
"""Stands between the text and the HTML: no quoted-printable text has a `=_` in it (RFC 2045 section 6.7).

To have Python make one up, and search the mail for it, costs 6 % of a mail's processor time.
"""

_END_OF_SENTENCE = re.compile(r"(?<=[.?!])\s+")
_SYSTEM = "system-ui,Segoe UI,Arial,sans-serif"
_FONTS = {
    "system": _SYSTEM,
    "serif": "Georgia,Times New Roman,serif",
    "rounded": f"ui-rounded,{_SYSTEM}",
}
"""The fonts of a theme as mail programs know them; without quotes, which a `style` attribute would have to escape."""


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
    message = new_message(utf8=not context.recipient.isascii())
    subject, text, html = _render(context)
    message["From"] = safe_address(sender, notice.controller_name)
    message["To"] = safe_address(context.recipient)
    if reply_to.isascii() or not context.recipient.isascii():  # else few servers could take the mail (RFC 6531)
        message["Reply-To"] = safe_address(reply_to)
    message["Subject"] = safe_header(subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = safe_header(f"<{context.id}@{host}>")
    message["Auto-Submitted"] = "auto-generated"
    if context.is_one_click and "withdraw" in context.links:
        message["List-Unsubscribe"] = safe_header(f"<{context.links['withdraw']}>")
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(text, cte="quoted-printable")
    message.make_alternative(_BOUNDARY)
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    return message


def _render(context: MailContext) -> tuple[str, str, str]:
    """Subject, text and HTML, all from the one template of this kind of mail."""
    notice = context.notice
    language = notice.language
    young = notice.young and not context.is_to_contact
    values = i18n.speaking(language, notice.country, young) | {
        "mail": context,
        "notice": notice,
        "links": context.links,
        "here": _HERE,
        "family": _FONTS.get(context.theme.font, context.theme.font),
        "evidence_for": i18n.period(Period.parse(notice.evidence_for), language),
    }
    name = f"mail/{context.kind}.jinja"
    text, html = (
        _templates(parts).get_template(name).render(values) for parts in ("mail/parts.txt", "mail/parts.html")
    )
    subject, _, text = text.partition(_HERE)
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
