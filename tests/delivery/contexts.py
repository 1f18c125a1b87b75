"""Mails to parents, to children, and to a teenager who decides alone, with all that services would put in them."""

from dataclasses import replace
from datetime import timedelta

from app.config import Settings
from app.delivery import mails
from app.delivery.mail_context import ChildLink, ListedPurpose, MailContext, Objector
from app.delivery.smtp import SmtpTransport
from app.domain.consent import Audience
from app.domain.form import Theme
from app.domain.notice import Notice
from app.services import mail_kinds
from tests.delivery.post import CONTACT, NAME, SENDER
from tests.delivery.sink import Received, Sink
from tests.factories import START

TO_PARENTS = {
    "guardian_asks": ("guardian", "stop"),
    "guardian_again": ("withdraw", "stop", "object"),
    "guardian_again_and_new": ("guardian", "withdraw", "stop", "object"),
    "guardian_renewal": ("guardian", "withdraw"),
    "confirm_for_child": ("confirm", "stop", "object"),
    "mail_plus": ("withdraw", "object", "notice"),
    "withdrawn_for_child": (),
    "objected_for_child": (),
    "guardian_of_age": ("withdraw",),
    "link_for_children": ("stop",),
    "link_for_children_too": ("withdraw", "stop"),
    "object_link_for_children": ("stop",),
    "object_link_for_children_too": ("object", "stop"),
    "link_for_many_children": ("stop",),
}
"""The mails to a parent, and the links in each."""

TO_CHILDREN = {
    "child_address": ("confirm", "stop"),
    "child_not_asked": ("stop",),
    "child_receipt": ("withdraw", "object"),
    "child_stopped": (),
    "child_stopped_in_part": ("withdraw", "object"),
    "child_of_age": ("withdraw", "object"),
    "opted_out_of_child": ("link",),
}
"""The mails to a child, and the links in each."""

TO_TEENS = {
    "confirm": ("confirm", "stop", "object"),
    "already_granted": ("confirm", "withdraw", "stop", "object"),
    "receipt": ("withdraw", "object", "notice"),
    "renewal": ("confirm", "withdraw", "object"),
    "withdrawn": (),
    "link": ("withdraw", "stop"),
    "object_link": ("object", "stop"),
    "objected": (),
    "interest_objected": (),
    "objections": (),
    "opted_out": ("link",),
}
"""The mails to a teenager, and the links in each; the last goes to the controller."""

KINDS = (*TO_PARENTS, *TO_CHILDREN)

_VARIANTS = {
    "guardian_again_and_new": "guardian_again",
    "confirm_for_child": "confirm",
    "withdrawn_for_child": "withdrawn",
    "objected_for_child": "objected",
    "link_for_children": "link",
    "link_for_children_too": "link",
    "link_for_many_children": "link",
    "object_link_for_children": "object_link",
    "object_link_for_children_too": "object_link",
    "child_stopped_in_part": "child_stopped",
    "opted_out_of_child": "opted_out",
}
"""The kind by which the program knows a mail that is tried here in more than one way."""

TITLES = {
    "nl": ("De bakclub van Zoë", "Recepten & proefjes per mail", "Een kaart voor een verjaardag", "Foto’s van de club"),
    "fr": ("Le club des petits boulangers", "Des recettes & des essais", "Une carte d’anniversaire", "Des photos"),
    "en": ("The baking club", "Recipes & tastings by email", "A birthday card", "Photos of the club"),
}
SAID = {
    "nl": ("Elke maand een recept.", "Straat"),
    "fr": ("Une recette chaque mois.", "Rue"),
    "en": ("A recipe each month.", "Street"),
}
"""What is agreed to with a title, and the label of what was filled in for it."""
_TOKEN = "cZk3-Yq0_7hLw1RtXn5VbG2sDf8JmP4a"
_SIGNED = "ImUzYjBjNDQyOThmYzFjMTQ5YWZiZjRjODk5NmZiOTI0Ig.aSBpcA.b5K0x9vX-7mGvQ1n_3s2QpZr8tYwEoUhLkJcRfTgVdA"
_HOST = "toestemming.een-bedrijf-met-een-lange-naam-in-de-provincie.voorbeeld.example"


def context(kind: str, language: str, base: str, audience: Audience = Audience.GUARDIAN) -> MailContext:
    """The context of a kind of mail that stands in one of the tables here."""
    of = mail_kinds.KINDS[_VARIANTS.get(kind, kind)]
    form_title, allowed, wished, _ = TITLES[language]
    known = {**TO_TEENS, **TO_PARENTS, **TO_CHILDREN}[kind]
    links = {name: f"{base}/{name}/{_SIGNED if name in ('confirm', 'guardian') else _TOKEN}" for name in known}
    started = MailContext(
        kind=of.name,
        reader=of.reader,
        is_one_click=of.is_one_click,
        id=f"{(*TO_TEENS, *KINDS).index(kind):032x}",
        recipient="ouder@voorbeeld.test",
        notice=notice(language, audience),
        theme=Theme(accent="#8a4b08", radius=16),
        at=START,
        site="www.zoe.example",
        deadline=START + timedelta(days=7),
        purposes=() if kind.startswith("object_link") else (ListedPurpose(allowed), ListedPurpose(wished)),
        links=links,
        form_title=form_title,
    )
    if kind == "objections":
        objectors = (
            Objector("tiener@voorbeeld.test", START),
            Objector("ouder@voorbeeld.test", START, allowed, child="5d41402abc4b2a76b9719d911017c592"),
        )
        return replace(started, recipient=CONTACT, objectors=objectors)
    of_kind = replace(started, for_child=kind.endswith("_for_child"))
    return _told(replace(of_kind, more_children=kind.endswith("_many_children")))


def notice(language: str, audience: Audience) -> Notice:
    """What the company tells one audience; the mails need no more than who it is."""
    path = {"nl": "privacy", "fr": "fr/vie-privee"}.get(language, f"{language}/privacy")
    return Notice(
        controller="cafe",
        controller_name=NAME,
        address="Sint-Jansstraat 3, 9000 Gent",
        contact=CONTACT,
        privacy_statement=f"https://www.zoe.example/{path}",
        country="BE",
        evidence_for="5 years",
        form="bakclub",
        language=language,
        audience=audience,
        title=TITLES[language][0],
        intro="",
        rows_before=(),
        rows_after=(),
        purposes=(),
        fields=(),
        words={},
        authority="be-gba",
        threshold=13,
    )


def deliver(sink: Sink, contexts: dict[str, MailContext]) -> dict[str, Received]:
    """What a mail server gets of these mails."""
    before = len(sink.mails)
    settings = Settings(MAIL_SERVER="127.0.0.1", MAIL_PORT=sink.port, MAIL_DEFAULT_SENDER=SENDER)
    with SmtpTransport(settings) as transport:
        for written in contexts.values():
            transport.deliver(mails.compose(written, SENDER, _HOST, START), SENDER, written.recipient)
    return dict(zip(contexts, sink.mails[before:], strict=True))


def about_children(language: str, base: str) -> dict[str, MailContext]:
    """One mail of each kind to parents and to children."""
    to_parents = {kind: context(kind, language, base) for kind in TO_PARENTS}
    return to_parents | {kind: context(kind, language, base, Audience.CHILD) for kind in TO_CHILDREN}


def to_teens(language: str, base: str) -> dict[str, MailContext]:
    """One mail of each kind to a teenager who decides alone."""
    return {kind: context(kind, language, base, Audience.TEEN) for kind in TO_TEENS}


def _told(started: MailContext) -> MailContext:
    """With what the mail tells beside its first list."""
    kind, known = started.kind, started.links
    _, allowed, wished, refused = TITLES[started.notice.language]
    ends = replace(started, purposes=(ListedPurpose(allowed, START + timedelta(days=730)), ListedPurpose(wished)))
    if kind in ("receipt", "mail_plus"):
        said, label = SAID[started.notice.language]
        agreed = tuple(replace(purpose, said=(said,)) for purpose in ends.purposes)
        ends = replace(ends, purposes=agreed, given=((label, "Korenmarkt 7"),))
    if kind == "mail_plus":
        return replace(ends, other_purposes=(ListedPurpose(refused),), child=(2, START - timedelta(days=30)))
    if kind in ("guardian_again", "already_granted"):
        is_new = "guardian" in known or "confirm" in known
        return replace(
            started, purposes=(ListedPurpose(wished),) if is_new else (), other_purposes=(ListedPurpose(allowed),)
        )
    if kind in ("withdrawn", "objected", "child_stopped"):
        running = (ListedPurpose(refused),) if kind != "child_stopped" or "withdraw" in known else ()
        return replace(started, other_purposes=running)
    if kind in ("link", "object_link") and started.notice.audience == Audience.GUARDIAN:
        base = known["stop"].partition("/stop/")[0]
        way = "withdraw" if kind == "link" else "object"
        asked = (START - timedelta(days=400), START - timedelta(days=30))
        return replace(
            started,
            children=tuple(ChildLink(at, f"{base}/{way}/{_TOKEN[::-1]}{n}", n + 1) for n, at in enumerate(asked)),
        )
    return ends if kind in ("receipt", "child_receipt", "child_of_age", "guardian_of_age") else started
