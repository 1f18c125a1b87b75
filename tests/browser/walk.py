"""Somebody on a way of many pages and mails in one language: each that they meet is read for what holds everywhere."""

import html
import re
from collections.abc import Collection, Iterable
from datetime import datetime
from email.message import EmailMessage
from urllib.parse import urljoin

from playwright.sync_api import Locator, Page, expect

from app import i18n
from app.domain.consent import Audience
from app.domain.notice import Notice
from app.services import reports
from tests.browser.running import Stage
from tests.factories import html_of, notice_hash, text_of, work_off

_READ = """() => {
  const shown = document.documentElement.cloneNode(true)
  // The way back to a form carries along what this person typed, in the answer to their own post alone.
  shown.querySelectorAll("form.back input").forEach((input) => input.remove())
  return {
    title: document.title,
    language: document.documentElement.lang,
    ticked: [...document.querySelectorAll("[type=checkbox]:checked")].map(({ id }) => id),
    html: shown.outerHTML,
    said: document.querySelector("main").textContent,
    ways: document.querySelectorAll("main button, main a, footer a").length,
  }
}"""
_UNFILLED = re.compile(r"[{}]|\b[a-z]+\.[a-z_]+\.(title|body|[a-z]+_[a-z_]+)\b")
"""What a text has in it whose values, or which itself, is missing: braces, or the key of a text."""


class Walk:
    """One way through the kit, in a tab and a mailbox. `t` speaks to adults in its language, `young` to the young.

    What is typed on the way and says who somebody is stands in `private`: no page or mail has any of it in it but what
    the test names.
    """

    def __init__(self, stage: Stage, page: Page, language: str) -> None:
        stage.people += 1
        self.stage, self.page, self.language = stage, page, language
        self.t, self.young = i18n.speaker(language), i18n.speaker(language, True)
        self.private: list[str] = []
        self.unread: list[EmailMessage] = []
        self._domain = f"{language}{stage.people}.test"

    def secret(self, text: str) -> str:
        """Something that is typed on this way, and that not everybody may see."""
        self.private.append(text)
        return text

    def address(self, name: str) -> str:
        """A mail address that nobody had before."""
        return self.secret(f"{name}@{self._domain}")

    def notice(self, form: str, audience: Audience = Audience.ADULT) -> Notice:
        """What a form shows these readers now."""
        controller, form_id = form.split("/")
        shown = notice_hash(self.stage.ctx, controller, form_id, self.language, audience)
        return self.stage.ctx.stored_notice(shown).notice

    def reads(
        self,
        heading: str,
        *,
        title: str = "",
        shows: Collection[str] = (),
        ticked: Collection[str] = (),
        wrong: bool = False,
        only_words: bool = False,
    ) -> None:
        """The page that is open has this heading, and all that holds on every page holds on it.

        Args:
            heading: its only `h1`.
            title: how the title of the tab begins, where it is not the heading.
            shows: what it may repeat of what was typed, and must.
            ticked: the ids of the boxes that this person ticked: no other is.
            wrong: whether there is something to put right.
            only_words: whether it says how to go on and has no link or button for it.
        """
        title = title or heading
        expect(self.page.locator("h1")).to_have_text(heading)
        found = self.page.evaluate(_READ)
        assert found["title"].startswith(self.t("error.prefix", title=title) if wrong else title), found["title"]
        assert found["language"] == self.language
        assert found["ticked"] == list(ticked)
        assert self._private_in(found["html"]) == set(shows)
        assert _UNFILLED.search(found["said"]) is None
        assert bool(found["ways"]) != only_words

    def says(self, *texts: str) -> None:
        """All of this stands on the page that is open."""
        said = self._said()
        assert [text for text in texts if text not in said] == []

    def wrongs(self) -> list[str | None]:
        """Where the lines of the summary on top lead."""
        return [line.get_attribute("href") for line in self.page.locator("#errors a").all()]

    def mail(self, subject: str, to: str, *, having: str = "", shows: Collection[str] = ()) -> EmailMessage:
        """The one mail with this subject and text that has come to an address; its text and HTML lead alike."""
        self.gets(work_off(self.stage.ctx))
        mine = [mail for mail in self.unread if (mail["To"], mail["Subject"]) == (to, subject)]
        (mail,) = [mail for mail in mine if having in text_of(mail)]
        self.unread.remove(mail)
        marked_up, text = html_of(mail), text_of(mail)
        assert f'<html lang="{self.language}"' in marked_up
        for said in (marked_up, text):
            assert self._private_in(said) == set(shows)
        for link in re.findall(r'href="(https?://[^"]*)"', marked_up):
            assert html.unescape(link) in text
        return mail

    def gets(self, mails: Iterable[EmailMessage]) -> None:
        """Keep those of these mails that are to somebody on this way until they are read."""
        self.unread += [mail for mail in mails if str(mail["To"]).endswith(f"@{self._domain}")]

    def follow(self, mail: EmailMessage, kind: str, number: int = 0, cut: int = 0) -> None:
        """Open a link as it stands in a mail: the first of its kind, or a later one; `cut` takes signs off its end."""
        links = list(dict.fromkeys(re.findall(rf'href="([^"]*/{kind}/[^"]*)"', html_of(mail))))
        link = html.unescape(links[number])
        self.page.goto(link[: len(link) - cut])

    def press(self, answer: str) -> None:
        """Press the first button that gives this answer."""
        self.page.locator(f'button[name=decision][value="{answer}"]').first.click()

    def click(self, text: str) -> None:
        """Go in this tab where the link with this text leads."""
        self.click_at(self.page.get_by_role("link", name=text, exact=True).first)

    def click_at(self, link: Locator) -> None:
        """Go in this tab where a link leads, since one that stands in a frame opens outside it."""
        self.page.goto(urljoin(self.page.url, str(link.get_attribute("href"))))

    def kept(self, email: str, child: str = "") -> dict[str, str]:
        """The status of each purpose, as the company reads it: of an address, or of its one child of this name."""
        lines = [line for line in reports.status(self.stage.ctx, email, None) if line["child"] == child]
        assert len({line["subject"] for line in lines}) <= 1
        return {line["purpose"]: line["status"] for line in lines}

    def day(self, moment: datetime) -> str:
        """A day as a Belgian page or mail writes it."""
        return i18n.day(moment, "BE", self.language)

    def _said(self) -> str:
        return self.page.locator("main").text_content() or ""

    def _private_in(self, text: str) -> set[str]:
        return {known for known in self.private if known in html.unescape(text)}
