"""What a mail is made of: plain values, read from the database, with links that were signed just now."""

from dataclasses import dataclass, field
from datetime import datetime

from ..domain.form import Theme
from ..domain.mail import Reader
from ..domain.notice import Notice


@dataclass(frozen=True)
class ListedPurpose:
    """A purpose in a mail: its title as the person saw it, and until when it runs (None: no date).

    `said` is what stands with it, a sentence or more each: in a receipt what else was agreed to, in the mail about a
    stop who keeps what was passed on. Other mails do not show it.
    """

    title: str
    until: datetime | None = None
    said: tuple[str, ...] = ()


@dataclass(frozen=True)
class ChildLink:
    """A lasting link of a child that the address decides for, and when its form was filled in: it has no name here.

    `number` tells it from other children in all mails to the address, in the order in which they came; 0 where there
    is none to tell it from.
    """

    at: datetime
    link: str
    number: int = 0


@dataclass(frozen=True)
class Objector:
    """Somebody who objects, for the controller's contact: the address, when, and to what (empty: all advertising).

    `child` is the name of the data subject in the export, where the address decides for a child. `until` is when an
    objection to an interest has to be answered; `phone` is the number that it is about.
    """

    email: str
    at: datetime
    title: str = ""
    child: str = ""
    until: datetime | None = None
    phone: str = ""
    has_reasons: bool = False


@dataclass(frozen=True)
class MailContext:
    """What the template of a mail is rendered with.

    `notice` says who writes, in which language, and to whom: u and vous, or je and tu. `at` is when the act
    happened that the mail is about. `is_one_click` is whether a mail program may offer to withdraw with one click.
    Links are whole addresses. Nothing in here was typed by whoever submitted a form, except `recipient`, the
    addresses of `objectors` in the one mail that goes to the controller itself, and `given`: the short answers, as
    (label, answer), that a receipt repeats once the address is confirmed. `for_child` is for a parent who
    reads that something stopped for a child; `children` are the links of the children that the address decides for,
    and `more_children` is whether there are too many for one mail; `child` is the number of the one that the mail is
    about and when it was asked for, where there are others; `advertising` is whether a link to object is
    about that, and `told` are the titles of what a no to advertising covers beside what was agreed to.
    """

    kind: str
    id: str
    recipient: str
    notice: Notice
    theme: Theme
    at: datetime
    reader: Reader = Reader.PERSON
    is_one_click: bool = False
    site: str = ""
    deadline: datetime | None = None
    purposes: tuple[ListedPurpose, ...] = ()
    other_purposes: tuple[ListedPurpose, ...] = ()
    links: dict[str, str] = field(default_factory=dict)
    form_title: str = ""
    given: tuple[tuple[str, str], ...] = ()
    for_child: bool = False
    children: tuple[ChildLink, ...] = ()
    child: tuple[int, datetime] | None = None
    more_children: bool = False
    advertising: bool = True
    told: tuple[str, ...] = ()
    objectors: tuple[Objector, ...] = ()

    @property
    def lists_people(self) -> bool:
        """Whether it is about several people: hardly two such mails have one shape."""
        return bool(self.objectors or self.children)

    @property
    def is_to_contact(self) -> bool:
        """Whether an adult at work reads it, and not somebody whose data it is about."""
        return self.reader is Reader.CONTACT
