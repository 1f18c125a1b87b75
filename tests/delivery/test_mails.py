"""Every mail, in every language, byte for byte as an SMTP server gets it."""

import re
from dataclasses import replace
from email.header import decode_header, make_header
from email.utils import format_datetime
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest

from app.config import Settings
from app.delivery.smtp import SmtpTransport
from app.services import confirmation
from app.services.context import Context
from app.worker import Worker
from tests.delivery import contexts, post
from tests.delivery.approved import check_approved
from tests.delivery.sink import Received, Sink
from tests.factories import Clock, html_of, send_form, text_of, token_in
from tests.markup import parsed
from tests.web.ways import EVENTS, GRADUATES

LANGUAGES = ("nl", "fr", "en")
ADDRESS = "https://toestemming.een-bedrijf-met-een-lange-naam-in-de-provincie.voorbeeld.example:8443"
"""A base address so long that any header with a link in it is longer than a line should be."""
HEADERS = {
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
}
KINDS = (*post.KINDS, *contexts.KINDS)
UNSUBSCRIBED = ("receipt", "mail_plus", "child_receipt")
FROM_A_FORM = {
    "confirm",
    "confirm_for_child",
    "already_granted",
    "already_granted_and_new",
    "link",
    "object_link",
    "object_link_named",
} | {
    *("guardian_asks", "guardian_again", "guardian_again_and_new", "child_not_asked", "child_address"),
    *("link_for_children", "link_for_children_too", "object_link_for_children", "object_link_for_children_too"),
    "link_for_many_children",
}
MARKETING = {"confirm", "confirm_for_child", "receipt", "already_granted", "already_granted_and_new", "renewal"} | {
    *(
        "guardian_again",
        "guardian_again_and_new",
        "mail_plus",
        "child_receipt",
        "child_stopped_in_part",
        "child_of_age",
    ),
}
TO_THE_CONTACT = {"objections_to_advertising", "objections_to_an_interest", "objections_gathered"}
OBJECTION = {"object_link", "object_link_named", "object_link_for_children", "object_link_for_children_too"}
AT_MOST = 6 * 1024
WITH_THE_NOTICE = 10 * 1024
"""Bytes of HTML: where a mail tells a parent all of art. 14, it may be heavier."""


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """Each language of the kit."""
    return str(request.param)


@pytest.fixture(scope="module")
def mails(tmp_path_factory: pytest.TempPathFactory, published_cafe: Path, language: str) -> dict[str, Received]:
    """One mail of each kind in a language."""
    folder = tmp_path_factory.mktemp("post")
    with Sink() as sink:
        settings = Settings(
            DATA_DIR=folder,
            BASE_URL=ADDRESS,
            SECRET_KEY="a key of the tests and nobody else",
            MAIL_SERVER="127.0.0.1",
            MAIL_PORT=sink.port,
            MAIL_DEFAULT_SENDER=post.SENDER,
        )
        with post.opened(published_cafe, folder, settings, Clock()) as ctx:
            return post.every_mail(ctx, sink, language) | contexts.deliver(
                sink, contexts.about_children(language, ADDRESS)
            )


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of mail."""
    return str(request.param)


@pytest.fixture
def received(mails: dict[str, Received], kind: str) -> Received:
    """The mail of this kind in this language."""
    return mails[kind]


def decoded(value: object) -> str:
    """A header as RFC 2047 says it reads, whatever this Python's parser makes of it."""
    return str(make_header(decode_header(re.sub(r"\r?\n", "", str(value)))))


def raw_header(received: Received, name: str) -> str:
    """A header with the line breaks that it had on its way."""
    found = re.search(rf"^{name}: ([^\r]*(?:\r\n[ \t][^\r]*)*)", received.head.decode("ascii"), re.MULTILINE)
    assert found is not None, name
    return found[1]


def document_of(received: Received) -> Element:
    """The tree of an HTML mail, not to be changed."""
    return parsed(html_of(received.mail))[0]


def plain_text(received: Received) -> str:
    """What a mail program shows of an HTML mail, every run of blanks as one space, but no-break spaces as they are."""
    body = document_of(received).find("body")
    assert body is not None
    return re.sub(r"[ \n]+", " ", " ".join(body.itertext()))


def written(text: str) -> str:
    """A text with plain spaces and hyphens: HTML may keep a line from breaking at them."""
    return re.sub(r"\s+", " ", text).replace("\u2011", "-")


def as_approved(kind: str, received: Received) -> str:
    """A mail as it stands in `texts/`: tokens and hashes of notices are masked there."""
    text = re.sub(rf"{re.escape(ADDRESS)}/(\w+)/\S+", r"{\1 link}", text_of(received.mail))
    return f"=== {kind}: {decoded(raw_header(received, 'Subject'))}\n\n{text}"


def test_a_mail_has_exactly_the_headers_that_it_should_have(received: Received, kind: str) -> None:
    unsubscribe = {"List-Unsubscribe", "List-Unsubscribe-Post"} if kind in UNSUBSCRIBED else set()
    names = received.mail.keys()
    assert set(names) == HEADERS | unsubscribe
    assert len(names) == len(set(names))


def test_no_header_breaks_a_rule_of_the_wire(received: Received) -> None:
    assert received.head.isascii()
    assert b"\n" not in received.head.replace(b"\r\n", b"")
    assert b"\r" not in received.head.replace(b"\r\n", b"")
    for line in received.head.split(b"\r\n"):
        assert len(line) <= 78 or line.startswith((b"List-Unsubscribe: ", b"Message-ID: "))
    for word in re.findall(rb"=\?\S*?\?=", received.head):
        assert len(word) <= 75


def test_the_controller_writes_and_its_contact_is_answered(received: Received, kind: str) -> None:
    assert decoded(raw_header(received, "From")) == f"{post.NAME} <{post.SENDER}>"
    assert (received.mail["To"] == post.CONTACT) == (kind in TO_THE_CONTACT)
    assert received.mail["Reply-To"] == post.CONTACT
    assert received.sender == post.SENDER
    assert received.recipients == (received.mail["To"],)


def test_the_heading_stands_in_the_text_and_is_not_the_subject_once_more(received: Received, kind: str) -> None:
    heading = document_of(received).find(".//h1")
    assert heading is not None
    spoken = "".join(heading.itertext())
    assert text_of(received.mail).split("\n\n")[1] == spoken
    assert (spoken == decoded(raw_header(received, "Subject"))) == (kind in TO_THE_CONTACT)


def test_a_list_of_mails_shows_something_else_than_the_subject(received: Received) -> None:
    """The preview that programs show beside the subject: the first text, hidden, and enough blanks behind it."""
    first = document_of(received).find(".//div/div")
    assert first is not None
    assert first.attrib["style"].startswith("display:none")
    preview, _, blanks = "".join(first.itertext()).partition("\u034f")
    assert len(blanks) > 90
    subject = decoded(raw_header(received, "Subject"))
    assert preview.strip()
    assert preview.strip() not in subject
    assert preview.strip().split(" · ")[0].rstrip(":\u00a0") in text_of(received.mail)


def test_only_what_tells_of_a_yes_can_be_unsubscribed_from_and_the_link_stays_on_one_line(
    received: Received, kind: str
) -> None:
    lines = [line for line in received.head.decode().split("\r\n") if line.startswith("List-Unsubscribe")]
    if kind not in UNSUBSCRIBED:
        assert lines == []
        return
    token = token_in(received.mail, "withdraw")
    assert lines == [
        f"List-Unsubscribe: <{ADDRESS}/withdraw/{token}>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    ]
    assert len(lines[0]) > 78


def test_no_machine_answers_a_mail(received: Received) -> None:
    assert received.mail["Auto-Submitted"] == "auto-generated"


def test_each_mail_has_a_name_of_its_own_at_our_host(mails: dict[str, Received]) -> None:
    names = [received.mail["Message-ID"] for received in mails.values()]
    assert len(set(names)) == len(KINDS)
    host = "toestemming.een-bedrijf-met-een-lange-naam-in-de-provincie.voorbeeld.example"
    assert all(re.fullmatch(rf"<[0-9a-f]{{32}}@{re.escape(host)}>", name) for name in names)


def test_a_mail_is_dated_by_the_clock_of_the_kit(cafe: Context, sink: Sink, clock: Clock) -> None:
    post.fill_in(cafe)
    clock.forward(minutes=3)
    post.deliver(cafe)
    assert sink.mails[0].mail["Date"] == format_datetime(clock())


def test_a_mail_is_a_text_and_the_same_as_html(received: Received) -> None:
    assert received.mail.get_content_type() == "multipart/alternative"
    parts = list(received.mail.iter_parts())
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    assert all(part.get_content_charset() == "utf-8" for part in parts)
    assert all(part["Content-Transfer-Encoding"] == "quoted-printable" for part in parts)
    assert received.data.isascii()


def test_html_shows_no_image_and_fetches_nothing(received: Received) -> None:
    html = html_of(received.mail)
    document = document_of(received)
    elements = {str(element.tag) for element in document.iter()}
    assert elements <= {
        *("html", "head", "meta", "title", "style", "body", "div"),
        *("table", "tbody", "tr", "td", "h1", "p", "b", "br", "a"),
    }
    attributes = {name for element in document.iter() for name in element.attrib}
    assert attributes.isdisjoint({"src", "srcset", "background", "poster", "ping", "action", "http-equiv"})
    assert "url(" not in html
    assert "@import" not in html
    for link in document.iter("a"):
        assert link.attrib["href"].startswith((f"{ADDRESS}/", "https://www.zoe.example/"))


def test_no_html_mail_is_heavier_than_6_kb_or_10_with_the_notice_for_a_parent(mails: dict[str, Received]) -> None:
    for kind, received in mails.items():
        limit = WITH_THE_NOTICE if kind == "guardian_asks" else AT_MOST
        html = html_of(received.mail).replace(ADDRESS, "https://forms.example")
        assert len(html.encode()) <= limit, kind


@pytest.mark.parametrize(
    ("controller", "form", "purposes", "languages"),
    [
        ("hogeschool", "graduates", GRADUATES.purposes, ("nl", "en")),
        ("metaalnet", "events", EVENTS.purposes, ("nl", "en")),
        ("talentwerk", "careers", ("offers_mail", "offers_phone", "keep_cv"), ("nl", "en")),
        ("zorgzeker", "quote", ("medical", "follow_up"), LANGUAGES),
    ],
)
def test_the_mails_of_the_sample_forms_weigh_at_most_6_kb(
    ctx: Context, sink: Sink, controller: str, form: str, purposes: tuple[str, ...], languages: tuple[str, ...]
) -> None:
    transport = SmtpTransport(replace(ctx.settings, MAIL_PORT=sink.port))
    for language in languages:
        fields = {"phone": "0612345678", "medical_history": "niets"}
        email = f"{language}@voorbeeld.test"
        send_form(ctx, email, purposes, controller=controller, form=form, language=language, fields=fields)
        Worker(ctx, transport).work_off()
        confirmation.confirm(ctx, token_in(sink.mails[-1].mail, "confirm"), purposes)
        Worker(ctx, transport).work_off()
    assert len(sink.mails) == 2 * len(languages)
    for received in sink.mails:
        assert len(html_of(received.mail).encode()) <= AT_MOST, received.mail["Subject"]


def test_a_mail_reads_as_it_was_approved(
    mails: dict[str, Received], language: str, pytestconfig: pytest.Config
) -> None:
    check_approved(pytestconfig, language, [as_approved(kind, received) for kind, received in mails.items()])


def test_text_and_html_say_the_same(received: Received) -> None:
    shown = written(plain_text(received))
    greeting, *lines = [line for line in text_of(received.mail).split("\n") if line and line != "-- "]
    assert greeting.endswith(",")  # in HTML a heading greets
    for line in lines:
        if line.startswith("- "):
            title, _, until = line.removeprefix("- ").partition(" (")
            assert written(title) in shown
            assert written(until.removesuffix(")")) in shown
        else:  # in HTML the words before an address lead there
            said = re.sub(r"https://\S+", "", line).rstrip(": \u00a0")
            assert written(said) in shown


def test_links_are_words_and_the_address_of_the_button_alone_is_told_in_full(received: Received) -> None:
    buttons, written = [], []
    for link in document_of(received).iter("a"):
        spoken = "".join(link.itertext())
        if spoken.startswith("https://"):
            written.append((spoken, link.attrib["href"]))
        elif "display:block" in link.attrib["style"]:
            buttons.append(link.attrib["href"])
        else:
            assert len(spoken.split()) >= 1
            assert "://" not in spoken
    assert written == [(address, address) for address in buttons]
    assert len(buttons) <= 1


def test_html_has_every_link_of_the_text_to_click(received: Received) -> None:
    document = document_of(received)
    clickable = {link.attrib["href"] for link in document.iter("a")}
    assert clickable == set(re.findall(r"https://\S+", text_of(received.mail)))


def test_each_link_stands_whole_on_a_line_of_its_own(received: Received) -> None:
    text = text_of(received.mail)
    assert ADDRESS not in "\n".join(line for line in text.split("\n") if not line.startswith(ADDRESS))
    for line in text.split("\n"):
        if line.startswith(ADDRESS):
            assert re.fullmatch(
                r"/[a-z]+/[\w.-]+(\?(purpose=counting|lang=[a-z]+)|#your-data)?", line.removeprefix(ADDRESS)
            ), line


def test_the_way_out_stands_in_every_mail_that_a_form_can_set_off(received: Received, kind: str) -> None:
    assert (f"{ADDRESS}/stop/" in text_of(received.mail)) == (kind in FROM_A_FORM)


def test_the_right_to_object_stands_in_every_mail_about_advertising(received: Received, kind: str) -> None:
    assert (f"{ADDRESS}/object/" in text_of(received.mail)) == (kind in MARKETING | OBJECTION)


def test_nothing_that_the_submitter_typed_stands_in_a_mail(received: Received, kind: str) -> None:
    for part in (received.data.decode(), text_of(received.mail), html_of(received.mail)):
        if kind != "receipt":  # a confirmed address reads what was typed into short fields
            assert "Kanarie" not in part
            assert "Vogelaar" not in part
        assert "casino" not in part
    body = text_of(received.mail) + html_of(received.mail)
    assert ("voorbeeld.test" in body) == (kind in TO_THE_CONTACT)  # the contact has to know who objects


def test_no_line_has_a_blank_at_its_end_and_no_placeholder_is_left(received: Received) -> None:
    text = text_of(received.mail)
    assert [line for line in text.split("\n") if line != line.rstrip()] == ["-- "]
    assert "\n\n\n" not in text
    assert re.search(r"[{}]|None|Undefined", text) is None
    without_style = re.sub(r"<style>.*?</style>", "", html_of(received.mail), flags=re.DOTALL)
    assert re.search(r"[{}\ufffc]|None|Undefined|mail\.[a-z]+", without_style) is None


def test_french_has_its_no_break_spaces(mails: dict[str, Received], language: str) -> None:
    if language != "fr":
        return
    for kind, received in mails.items():
        subject = decoded(raw_header(received, "Subject"))
        for text in (subject, text_of(received.mail), plain_text(received)):
            spoken = re.sub(r"https?://\S+|\d\d:\d\d", "", text)
            assert re.search(r"(?<![\u00a0\u202f])[;:!?»]", spoken) is None, kind
            assert re.search(r"«(?![\u00a0\u202f])", spoken) is None, kind


def test_the_mails_know_where_they_are(received: Received, language: str) -> None:
    document = document_of(received)
    (article,) = document.findall(".//*[@role='article']")
    assert (document.attrib["lang"], article.attrib["lang"]) == (language, language)
    assert article.attrib["aria-label"] == post.NAME
