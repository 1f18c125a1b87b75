"""Every mail in the made-up language. `test_made_up.py` runs this, and the plugin notes text that no mark surrounds."""

from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import html5lib

from app.config import Settings
from tests import page
from tests.delivery import contexts, post
from tests.delivery.sink import Sink
from tests.factories import Clock, html_of, text_of
from tests.languages import made_up, speaking

BASE = "https://forms.example"


def read(kind: str, mail: EmailMessage) -> None:
    """Read all that a person sees of a mail."""
    written = html_of(mail).replace("\u00a0", " ").replace("\u2011", "-")  # where no line may break
    html = html5lib.parse(written, namespaceHTMLElements=False)
    title = html.findtext(".//title") or ""
    speaking.read(f"mail {kind}", str(mail["Subject"]), text_of(mail), title, page.text_of(html))


def test_every_mail_is_in_the_made_up_language(tmp_path: Path) -> None:
    with Sink() as sink:
        settings = Settings(
            DATA_DIR=tmp_path,
            BASE_URL=BASE,
            SECRET_KEY="a key of the tests and nobody else",
            MAIL_SERVER="127.0.0.1",
            MAIL_PORT=sink.port,
            MAIL_DEFAULT_SENDER=post.SENDER,
        )
        published = post.publish(tmp_path)
        folder = tmp_path / "ctx"
        folder.mkdir()
        with post.opened(published, folder, replace(settings, DATA_DIR=folder), Clock()) as ctx:
            mails = post.every_mail(ctx, sink, made_up.CODE)
        mails |= contexts.deliver(sink, contexts.about_children(made_up.CODE, BASE))
        teens = contexts.deliver(sink, contexts.to_teens(made_up.CODE, BASE))
    for kind, received in [*mails.items(), *teens.items()]:
        read(kind, received.mail)
