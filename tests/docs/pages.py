"""The manual as data: README.md and docs/*.md with their headings, links, snippets and table rows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
MANUAL = ROOT / "docs"

_FENCED = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)
_GENERATED = re.compile(r"<!-- generated: .*?<!-- /generated -->", re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Snippet:
    """A fenced block of a page, with the line that it begins on and the language behind its first fence."""

    page: Path
    line: int
    language: str
    code: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def pages() -> list[Path]:
    """README.md, and every page of the manual."""
    return [README, *sorted(MANUAL.glob("*.md"))]


def read(page: Path) -> str:
    """The text of a page."""
    return page.read_text(encoding="utf-8")


def whole() -> str:
    """All pages, one after the other."""
    return "\n".join(map(read, pages()))


def snippets(page: Path) -> Iterator[Snippet]:
    """The fenced blocks that somebody wrote, without the indent of a list that one stands in.

    What is made from the product is tested where it comes from, such as the examples of the linter's codes.
    """
    text = _GENERATED.sub(lambda part: "\n" * part[0].count("\n"), read(page))
    for match in _FENCED.finditer(text):
        code = re.sub(rf"^{match[1]}", "", match[3], flags=re.MULTILINE)
        yield Snippet(page, text.count("\n", 0, match.start()) + 1, match[2], code)


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    return _FENCED.sub("", read(page))


def spans(page: Path) -> list[str]:
    """What stands between backticks in the prose of a page."""
    return re.findall(r"`([^`\n]+)`", prose(page))


def links(page: Path) -> list[str]:
    """Where the links and pictures of a page lead, as they are written."""
    return _LINK.findall(prose(page))


def anchors(page: Path) -> list[str]:
    """What a link to a heading of a page ends with, as GitHub makes it."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return [re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings]


def rows(page: Path) -> list[list[str]]:
    """The cells of each table row of a page."""
    lines = [line for line in prose(page).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
