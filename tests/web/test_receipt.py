"""The receipt as a proof for the person: what was agreed to and given, and the link to the text as it was shown."""

import re
import shutil
from collections.abc import Mapping
from email.message import EmailMessage
from pathlib import Path

from flask.testing import FlaskClient

from app.domain.consent import Audience
from app.services import confirmation, guardian, publishing
from app.services.context import Context
from app.services.guardian import GuardianDecision
from tests.factories import Clock, html_of, link_in, notice_hash, send_form, text_of, token_in, work_off
from tests.page import Page

FOR_EVER = "public, max-age=31536000, immutable"


def receipt(ctx: Context, form: str, purposes: tuple[str, ...], fields: Mapping[str, str]) -> EmailMessage:
    """The receipt of who sends a form of the desk and says yes to all of it."""
    send_form(ctx, purposes=purposes, controller="loket", form=form, fields=dict(fields))
    (asked,) = work_off(ctx)
    confirmation.confirm(ctx, token_in(asked, "confirm"), purposes)
    (mail,) = work_off(ctx)
    return mail


def test_a_receipt_holds_what_was_agreed_to_and_leads_to_the_whole_text(client: FlaskClient, ctx: Context) -> None:
    mail = receipt(ctx, "alles", ("parcel",), {"home": "Korenmarkt 7\n9000 Gent"})

    page = Page(client.get(link_in(mail, "notice")), cache=FOR_EVER)
    notice = ctx.stored_notice(link_in(mail, "notice").rpartition("/")[2]).notice
    parcel = notice.purpose("parcel")
    for text in (parcel.title, parcel.text):
        assert text in text_of(mail)
        assert text in html_of(mail)
        assert text in page.text
    assert notice.purpose("club").text not in text_of(mail)


def test_a_receipt_repeats_short_answers_on_a_line_each_as_people_write_them(ctx: Context) -> None:
    filled = {
        "first_name": "Zoë",
        "home": "Korenmarkt 7\n9000 Gent",
        "size": "small",
        "told": "2026-03-01",
        "phone": "",
    }

    mail = receipt(ctx, "alles", ("visit", "parcel"), filled)

    notice = ctx.stored_notice(link_in(mail, "notice").rpartition("/")[2]).notice
    label = {field.id: field.label for field in notice.fields}
    size = next(dict(field.options)["small"] for field in notice.fields if field.id == "size")
    given = {line for line in text_of(mail).splitlines() if line.startswith("- ") and ": " in line}
    assert given == {
        f"- {label['first_name']}: Zoë",
        f"- {label['home']}: Korenmarkt 7, 9000 Gent",
        f"- {label['size']}: {size}",
        f"- {label['told']}: 1 maart 2026",
    }


def test_an_answer_follows_its_question_without_the_mark(client: FlaskClient, ctx: Context) -> None:
    filled = {"shop": "korenmarkt"}
    send_form(ctx, purposes=("opening_hours",), controller="demolen", form="newsletter", fields=filled)
    (asked,) = work_off(ctx)
    page = Page(client.get(link_in(asked, "confirm")))
    confirmation.confirm(ctx, token_in(asked, "confirm"), ("opening_hours",))
    (mail,) = work_off(ctx)

    for said in (page.text, text_of(mail)):
        assert re.search(r"Welke winkel:\s+Korenmarkt, Gent", said)


def test_long_text_stands_in_no_receipt(ctx: Context) -> None:
    mail = receipt(ctx, "alles", ("club",), {"form": "blauw", "data": "een lang verhaal"})

    said = text_of(mail) + html_of(mail)
    assert "blauw" in said
    assert "een lang verhaal" not in said


def test_a_typed_address_is_no_link_in_a_receipt(ctx: Context) -> None:
    mail = receipt(ctx, "alles", ("club",), {"form": "https://casino.example/?a=b www.casino.example x@casino.example"})

    for part in (text_of(mail), html_of(mail)):
        assert "casino" in part
        assert re.search(r"casino\.\w|www\.c|https?:/+casino|@casino", part) is None
    assert "casino" not in "".join(re.findall(r'href="([^"]*)"', html_of(mail)))


def test_an_answer_that_a_special_category_uses_stands_in_no_mail(
    ctx: Context, forms_folder: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "forms"
    shutil.copytree(forms_folder, folder)
    path = folder / "zorgzeker" / "quote.yaml"
    path.write_text(path.read_text().replace("type: long_text", "type: text"))
    publishing.publish(ctx, folder)
    send_form(
        ctx, purposes=("medical",), controller="zorgzeker", form="quote", fields={"medical_history": "astma sinds 2019"}
    )
    (asked,) = work_off(ctx)
    confirmation.confirm(ctx, token_in(asked, "confirm"), ("medical",))
    (mail,) = work_off(ctx)

    assert link_in(mail, "notice")
    assert "astma" not in text_of(asked) + html_of(asked) + text_of(mail) + html_of(mail)


def test_a_parent_reads_a_day_later_what_was_agreed_to_and_where_it_stands(
    client: FlaskClient, ctx: Context, clock: Clock
) -> None:
    send_form(ctx, "ouder@voorbeeld.test", ("recipes",), controller="demolen", form="bakeclub", child_name="Noor")
    (asked,) = work_off(ctx)
    token = token_in(asked, "guardian")
    shown = notice_hash(ctx, "demolen", "bakeclub", audience=Audience.GUARDIAN)
    guardian.decide(ctx, token, GuardianDecision(shown, ("recipes",)))
    clock.forward(days=1)
    (mail,) = [mail for mail in work_off(ctx) if "/notice/" in text_of(mail)]

    page = Page(client.get(link_in(mail, "notice")), cache=FOR_EVER)
    notice = ctx.stored_notice(link_in(mail, "notice").rpartition("/")[2]).notice
    assert notice.audience == "guardian"
    assert notice.purpose("recipes").text in text_of(mail)
    assert notice.purpose("recipes").text in page.text
