"""A stored notice as it was shown: the one order in which the page for everybody and `akkoord notice` tell it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..definitions.notice_strings import CHILD_RIGHTS, CHILD_WHAT, FORMER_STRINGS, NOTICE_STRINGS
from ..domain.consent import Audience
from ..domain.notice import Notice, NoticeField, NoticePurpose, NoticeRow
from ..storage import notices
from ..storage.notices import StoredNotice
from .context import Context, UnknownLink
from .known import UnknownId

_NUMBER = re.compile("[0-9a-f]{12,64}")
_HASH = re.compile("[0-9a-f]{64}")
"""Anything else is not asked of the database: PostgreSQL takes no NUL in a text."""


@dataclass(frozen=True)
class Part:
    """A part of a notice: a heading, sentences under it, and rows of a label with what it says.

    `is_under` is whether the heading stands below that of the part before.
    """

    heading: str
    sentences: tuple[str, ...] = ()
    rows: tuple[NoticeRow, ...] = ()
    is_under: bool = False


_OF_A_CHILD: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("child.name.title", ("child.name.hint",)),
    ("child.guardian.title", ("child.guardian.label", "child.guardian.hint")),
    ("child.guardian.label", ("child.guardian.hint", "child.next_steps.mail", "child.next_steps.answer")),
    ("child.guardian_word.title", ("child.guardian_word",)),
    ("child.next_steps.title", ("child.next_steps.mail", "child.next_steps.answer")),
)
"""Headings with what stands under them; some stood in notices of earlier releases alone, some stand there since."""


def shown(ctx: Context, notice_hash: str) -> StoredNotice:
    """The notice with this hash, which some form showed: no other is ever stored.

    Raises:
        UnknownLink: when there is none.
    """
    if _HASH.fullmatch(notice_hash) is None:
        raise UnknownLink
    try:
        return ctx.stored_notice(notice_hash)
    except KeyError:
        raise UnknownLink from None


def numbered(ctx: Context, number: str) -> StoredNotice:
    """The notice whose hash begins with this number, as pages, receipts and exports show it: at least 12 digits.

    Raises:
        UnknownId: when there is none, or more than one.
    """
    with ctx.database.read() as connection:
        found = notices.hashes_from(connection, number) if _NUMBER.fullmatch(number) else []
        if len(found) != 1:
            raise UnknownId(f"no notice {number[:80]!r} is known; its number has 64 digits, of which 12 are enough")
        return ctx.notice(connection, found[0])


def parts(notice: Notice) -> tuple[Part, ...]:
    """All that it says under its title and introduction, in the order of the page that showed it."""
    return tuple(_of_child(notice) if notice.audience == Audience.CHILD else _of_who_decides(notice))


def plain(notice: Notice) -> str:
    """The whole of it as text, with a blank line between its parts."""
    lines = [notice.title, "=" * len(notice.title), "", notice.intro]
    for part in parts(notice):
        lines += ["", part.heading, ("-" if part.is_under else "=") * len(part.heading)]
        lines += part.sentences
        lines += [f"{label}: {' '.join(said)}" for label, said in part.rows]
    return "\n".join([*lines, "", notice.hash, ""])


def _of_who_decides(notice: Notice) -> Iterator[Part]:
    words = notice.words
    # A parent is asked under other headings, which name the child.
    asks = notice.audience != Audience.GUARDIAN
    # Pages of earlier releases showed more sentences, and a heading over a purpose that stood alone.
    is_earlier = "notice.all" not in words or (not asks and "form.rights_before" in words)
    has_legend = asks and (is_earlier or len(notice.asked) > 1)
    if has_legend:
        known = {*NOTICE_STRINGS, *FORMER_STRINGS}
        dropped = (sentence for key, sentence in words.items() if key not in known)
        yield Part(words["form.purposes.legend"], (*dropped, words["form.purposes.hint"]))
    for purpose in notice.asked:
        yield _purpose(purpose, is_under=has_legend)
    yield from _told(notice, "form.told.explain")
    if asks:
        email = (words["form.email.label"], (words["form.email.hint"],))
        rows = (email, *(_question(field, words["chrome.optional"]) for field in notice.fields))
        yield Part(words["form.contact.legend"], rows=rows)
    elif notice.fields:
        yield Part(words["form.contact.legend"], rows=tuple(_question(field, "") for field in notice.fields))
    if any(purpose.direct_marketing for purpose in notice.purposes):
        heading = "rights.marketing.heading" if is_earlier else "rights.marketing.line"
        yield Part(words[heading], (words["rights.marketing.body"],))
    later = (words["form.withdraw_before"], *([words["form.rights_before"]] if is_earlier else []))
    privacy = (words["chrome.privacy_statement"], (notice.privacy_statement,))
    yield Part(notice.controller_name, later, (*notice.rows_before, *notice.rows_after, privacy))
    if notice.common:
        yield Part(words["notice.common"], rows=notice.common)


def _of_child(notice: Notice) -> Iterator[Part]:
    words = notice.words
    # A notice of an earlier release has fewer of these words, and no rows that stand once per page.
    wish = ("child.asked_by", "child.wish.body", "child.wish.after", "child.keep.period", "child.keep.then")
    yield Part(words["child.wish.title"], tuple(words[key] for key in wish if key in words))
    for purpose in notice.asked:
        yield _purpose(purpose, is_under=True)
    yield from _told(notice, "child.notice.told")
    for heading, keys in _OF_A_CHILD:
        if heading in words:
            yield Part(words[heading], tuple(words[key] for key in keys if key in words))
    rights = [words[key] for key in CHILD_RIGHTS]
    if any(purpose.direct_marketing for purpose in notice.purposes):
        rights.insert(0, words["child.rights.advert"])
    yield Part(words["child.rights.heading"], tuple(rights))
    what = tuple(words[key] for key in CHILD_WHAT if key in words)
    yield Part(words["child.notice.what"], what)
    yield Part(words["child.notice.who"], (words["child.notice.who.value"],), notice.common)


def _told(notice: Notice, explanation: str) -> Iterator[Part]:
    if notice.told:
        yield Part(notice.words["form.told.heading"], (notice.words[explanation],))
    for purpose in notice.told:
        yield _purpose(purpose, is_under=True)


def _purpose(purpose: NoticePurpose, is_under: bool) -> Part:
    says = tuple(filter(None, (purpose.statement, purpose.text)))
    return Part(purpose.title, says, purpose.rows, is_under)


def _question(field: NoticeField, optional: str) -> NoticeRow:
    label = field.label if field.required or not optional else f"{field.label} {optional}"
    choice = f"{', '.join(text for _, text in field.options)}." if field.options else ""
    return label, tuple(filter(None, (choice, field.hint)))
