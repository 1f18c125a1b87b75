"""A forms folder for tests: one controller and one form that are in order, to be changed one thing at a time."""

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.definitions import loading
from app.definitions.lint import linter
from app.definitions.loading import Loaded
from app.definitions.source.report import Fault
from app.domain.authorities import of_country
from app.domain.countries import EEA

MARK = "§"
"""Stands in a test's text right before the place where the fault must be reported."""

TODAY = date(2027, 3, 1)

CONTROLLER = """\
name: Bakkerij De Molen BV
address: Korenmarkt 7, 9000 Gent
country: BE
contact: privacy@demolen.example
dpo: none
authority: be-gba
privacy_statement:
  nl: https://www.demolen.example/privacy
  en: https://www.demolen.example/en/privacy
origins: [https://www.demolen.example]
processors:
  - name: Serverhuis BV
    country: NL
    task:
      nl: bewaart de gegevens van dit formulier
      en: stores the data of this form
theme:
  accent: "#8a4b08"
evidence_for: 5 years
"""

FORM = """\
languages: [nl, en]
audience: adults
because: The shop sells to adults.
title:
  nl: Nieuws
  en: News
intro:
  nl: Dit vragen we.
  en: This is what we ask.
fields:
  - id: first_name
    type: name
    label:
      nl: Voornaam
      en: First name
    required: false
purposes:
  - id: news
    basis: consent
    title:
      nl: Nieuwsbrief per mail
      en: Newsletter by email
    text:
      nl: Eén keer per maand mailen we wat er nieuw is.
      en: Once a month we email what is new.
    data: [email, first_name]
    recipients: none
    transfers: none
    automated_decisions: none
    keep: 2 years
    channel: email
"""

SECOND_PURPOSE = """\
  - id: card
    title:
      nl: Een kaartje met de post
      en: A card by post
    text:
      nl: Eén keer per jaar sturen we een kaartje.
      en: Once a year we send a card.
    data: [email]
    recipients: none
    transfers: none
    automated_decisions: none
    keep: 1 year
    channel: none
"""
"""It names no channel, so that it needs no field: what `post` takes is tried on its own."""


def controller_in(country: str) -> str:
    """The controller's file, in another country: with its authority, and nobody to speak for it in the Union."""
    moved = changed(CONTROLLER, "country: BE", f"country: {country}")
    moved = changed(moved, "authority: be-gba", f"authority: {of_country(country)}")
    return moved if country in EEA else changed(moved, "dpo: none", "dpo: none\nrepresentative: none")


@dataclass
class FormsFolder:
    """A forms folder with one controller, `acme`, and one form, `news`."""

    path: Path

    @property
    def controller(self) -> Path:
        return self.path / "acme" / "controller.yaml"

    @property
    def form(self) -> Path:
        return self.path / "acme" / "news.yaml"

    def write(self, form: str | bytes = FORM, controller: str | bytes = CONTROLLER) -> "FormsFolder":
        self.form.parent.mkdir(parents=True, exist_ok=True)
        for path, content in ((self.form, form), (self.controller, controller)):
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return self

    def faults(self, today: date = TODAY) -> list[Fault]:
        return linter.check(self.path, today)


def check(path: str | os.PathLike[str]) -> list[Fault]:
    return linter.check(path, TODAY)


def load(folder: Path) -> Loaded:
    return loading.load(folder, TODAY)


def changed(text: str, old: str, new: str) -> str:
    """A text with one part replaced; the part must be there, and once."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the text"
    return text.replace(old, new)


def unmarked(text: str) -> tuple[str, list[tuple[int, int]]]:
    """A text without its marks, and where they stood: lines and columns, counted from 1."""
    places = []
    while MARK in text:
        before, text = text.split(MARK, 1)
        places.append((before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1))
        text = before + text
    return text, places
