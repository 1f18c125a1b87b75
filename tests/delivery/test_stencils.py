"""A mail that is filled in says, sign for sign, what the mail says that is rendered for one person alone."""

from binascii import a2b_qp
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import escape

from app import i18n
from app.delivery import mails, stencils
from app.delivery.headers import new_message, safe_address, safe_header
from app.delivery.mail_context import ListedPurpose, MailContext
from app.domain.address import read_address
from app.domain.consent import Audience
from app.domain.line_breaks import with_no_break_characters
from app.period import Period
from tests.delivery import contexts
from tests.delivery.post import SENDER
from tests.factories import START, html_of, read, text_of

LANGUAGES = ("nl", "fr", "en")
BASE = "https://forms.example:8443"
HOST = "forms.example"
HOSTILE = st.text(
    st.one_of(
        st.sampled_from("=._-\r\n\t <>&\"'%{}#:?\x1a\x00é\u2028\u00a0"), st.characters(exclude_categories=["Cs", "Co"])
    ),
    min_size=1,
    max_size=200,
)
"""What a person may have typed, and worse. No form takes signs for private use."""
WORD = st.text(st.sampled_from("abz09-._~%=&?#/\"'<é"), min_size=1, max_size=120)
"""Part of an address or of the name of a host."""
MOMENTS = st.integers(0, 10**9).map(lambda seconds: datetime.fromtimestamp(1_600_000_000 + seconds, UTC))
AUDIENCES = (
    *((Audience.TEEN, kind) for kind in contexts.TO_TEENS),
    *((Audience.GUARDIAN, kind) for kind in contexts.TO_PARENTS),
    *((Audience.CHILD, kind) for kind in contexts.TO_CHILDREN),
)
WRITTEN = [
    contexts.context(kind, language, BASE, audience) for (audience, kind), language in product(AUDIENCES, LANGUAGES)
]


def told(context: MailContext, parts: str) -> str:
    """What the template says to one person."""
    notice = context.notice
    young = notice.young and not context.is_to_contact
    values = i18n.speaking(notice.language, notice.country, young) | {
        "mail": context,
        "notice": notice,
        "links": context.links,
        "host": HOST,
        "here": mails._HERE,
        "family": mails._FONTS.get(context.theme.font, context.theme.font),
        "evidence_for": i18n.period(Period.parse(notice.evidence_for), notice.language),
    }
    return mails._templates(parts).get_template(f"mail/{context.kind}.jinja").render(values)


def html_told(context: MailContext) -> str:
    """What the HTML says: what we wrote is kept in one piece, and what was typed stays as it was."""
    site = "\uefff"
    typed = {chr(0xF000 + number): answer for number, (_, answer) in enumerate(context.given)}
    given = tuple((label, sign) for sign, (label, _) in zip(typed, context.given, strict=True))
    html = with_no_break_characters(told(replace(context, given=given, site=context.site and site), "mail/parts.html"))
    for sign, value in (typed | {site: context.site}).items():
        html = html.replace(sign, escape(value))
    return html


def long_way(context: MailContext) -> bytes:
    """The mail as the standard library makes it of what the template says to one person."""
    notice = context.notice
    html = html_told(context)
    subject, _, text = told(context, "mail/parts.txt").partition(mails._HERE)
    utf8 = not context.recipient.isascii()
    message = new_message(utf8)
    message["From"] = safe_address(SENDER, notice.controller_name)
    message["To"] = safe_address(context.recipient)
    message["Reply-To"] = safe_address(read_address(notice.contact).email)
    message["Subject"] = safe_header(subject)
    message["Date"] = format_datetime(START)
    message["Message-ID"] = safe_header(f"<{context.id}@{HOST}>")
    message["Auto-Submitted"] = "auto-generated"
    if context.is_one_click and "withdraw" in context.links:
        message["List-Unsubscribe"] = safe_header(f"<{context.links['withdraw']}>")
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content("", cte="quoted-printable")
    message.make_alternative(mails._BOUNDARY)
    message.add_alternative("", subtype="html", cte="quoted-printable")
    for part, body in zip(message.iter_parts(), (text, html), strict=True):
        assert isinstance(part, EmailMessage)
        part.set_payload(stencils.encoded(body.removesuffix("\n")).decode())
    return message.as_bytes()


def filled(context: MailContext) -> bytes:
    """The mail as it is sent, but for the soft line breaks around what was filled in."""
    data = mails.compose(context, SENDER, HOST, START).data
    assert data.endswith(b"\r\n")
    lines = data.removesuffix(b"\r\n").split(b"\r\n")
    assert not any(line.startswith(b".") for line in lines)
    head, *parts = data.split(f"\r\n--{mails._BOUNDARY}".encode())
    told = [part.partition(b"\r\n\r\n") for part in parts]
    assert all(len(line) <= 76 and b"\r" not in line for _, _, body in told for line in body.split(b"\r\n"))
    anew = [top + cut + (stencils.encoded(decoded(body).removesuffix("\n")) if cut else b"") for top, cut, body in told]
    return f"\r\n--{mails._BOUNDARY}".encode().join((head, *anew))


def decoded(body: bytes) -> str:
    """What a part says."""
    return "\n".join(a2b_qp(line).decode() for line in body.replace(b"=\r\n", b"").split(b"\r\n"))


@st.composite
def people(draw: st.DrawFn, context: MailContext) -> MailContext:
    """The same mail to somebody else."""

    def listed(purposes: tuple[ListedPurpose, ...]) -> tuple[ListedPurpose, ...]:
        return tuple(replace(one, until=draw(MOMENTS) if one.until else None) for one in purposes)

    return replace(
        context,
        id=draw(st.text("0123456789abcdef", min_size=32, max_size=32)),
        recipient=draw(st.sampled_from(("ann@voorbeeld.test", "o'neil+x=y%z@voorbeeld.test", "zoë@voorbeeld.test"))),
        at=draw(MOMENTS),
        site=draw(st.one_of(st.just(""), WORD)),
        deadline=draw(MOMENTS),
        purposes=listed(context.purposes),
        other_purposes=listed(context.other_purposes),
        links={kind: f"{BASE}/{kind}/{draw(WORD).replace('é', '')}" for kind in context.links},
        given=tuple((label, draw(HOSTILE)) for label, _ in context.given),
        child=context.child and (context.child[0], draw(MOMENTS)),
    )


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_mail_that_is_filled_in_is_the_mail_that_is_rendered_for_one_person(data: st.DataObject) -> None:
    context = data.draw(people(data.draw(st.sampled_from(WRITTEN), "kind")), "context")
    assert filled(context) == long_way(context)


@pytest.mark.parametrize("context", WRITTEN, ids=lambda context: f"{context.kind} {context.notice.language}")
def test_a_second_mail_of_a_shape_holds_nothing_of_the_first(context: MailContext) -> None:
    first = filled(context)
    other = replace(
        context,
        id="f" * 32,
        recipient="bob@voorbeeld.test",
        links={kind: link.replace("/" + kind, f"/{kind}/other") for kind, link in context.links.items()},
        given=tuple((label, "Graslei 1") for label, _ in context.given),
        at=context.at + timedelta(days=300),
    )
    assert filled(other) == long_way(other) != first


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_date_in_a_mail_breaks_and_what_was_typed_stays_as_it_was(language: str) -> None:
    context = contexts.context("mail_plus", language, BASE)
    typed = "per e-mail, na 2 jaar"
    context = replace(context, given=(("Label", typed),), site="e-mail.example")
    html = html_of(read(mails.compose(context, SENDER, HOST, START)))
    day = i18n.day(context.at, context.notice.country, language)
    assert f": {typed}" in html
    assert "e-mail.example" in html
    assert day.replace(" ", "\u00a0") in html
    assert day not in html


def test_two_texts_have_two_stencils() -> None:
    for told in ((), ("Recipes",), ("Photos", "Cards")):
        context = replace(contexts.context("objected", "nl", BASE, Audience.TEEN), told=told)
        assert filled(context) == long_way(context)


@given(HOSTILE)
def test_a_text_is_decoded_as_it_was_and_no_line_is_too_long(text: str) -> None:
    lines = stencils.encoded(text).split(b"\r\n")
    assert lines.pop() == b""
    assert all(len(line) <= 76 and line.isascii() for line in lines)
    assert not any(sign in line for line in lines for sign in (b"\r", b"\n"))
    message = new_message()
    message.set_content("", cte="quoted-printable")
    message.set_payload(b"\r\n".join(lines).decode())
    assert message.get_content() == text


def test_the_parts_of_a_mail_end_with_a_line_break_and_say_what_was_written() -> None:
    context = contexts.context("receipt", "nl", BASE, Audience.TEEN)
    mail = read(mails.compose(context, SENDER, HOST, START))
    assert text_of(mail).endswith("\n")
    assert html_of(mail).endswith("</html>\n")


def test_every_field_of_a_context_shapes_a_mail_or_is_filled_in() -> None:
    """One that is neither would stay empty in every mail that a stencil is made for."""
    context = contexts.context("mail_plus", "nl", BASE)
    holes = stencils.Holes()
    blank = stencils.blank(replace(context, told=("advertising",), more_children=True), holes)
    assert [
        field.name
        for field in fields(MailContext)
        if not getattr(blank, field.name)
        and field.name not in ("id", "recipient", "children", "objectors", "for_child")
    ] == []


def test_stencils_are_kept_in_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mails, "_STENCILS", {})
    monkeypatch.setattr(mails, "_MOST_STENCILS", 3)
    for number in range(5):
        context = replace(contexts.context("confirm", "nl", BASE, Audience.TEEN), form_title=f"Form {number}")
        assert filled(context) == long_way(context)
        assert len(mails._STENCILS) <= 3


def test_a_mail_that_lists_people_leaves_no_stencil(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mails, "_STENCILS", {})
    for kind in ("objections", "link_for_children"):
        audience = Audience.TEEN if kind == "objections" else Audience.GUARDIAN
        filled(contexts.context(kind, "nl", BASE, audience))
    assert mails._STENCILS == {}
