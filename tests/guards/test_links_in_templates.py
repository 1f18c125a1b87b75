"""Templates: every link is made by one helper, so that none forgets the language, and no line is endless."""

import re
from pathlib import Path

import pytest

from app import addresses, paths
from app.definitions.schema.vocabulary import RESERVED_FIELD_IDS

PAGES = sorted(
    path
    for path in paths.TEMPLATES.rglob("*.html")
    if path.relative_to(paths.TEMPLATES).parts[0] not in ("mail", "demo")
)
LINK = re.compile(r"""\s(?:href|action|formaction|src)=(?P<quote>["'])(?P<target>.*?)(?P=quote)(?=[\s>/])""")
MADE = re.compile(
    r"""
    \{\{\ (?:
        link_to\([^{}]*\)                                # a page of ours, in a language
      | static\('[^']+'\) | theme_address\(theme,\ scheme\) | logo_address\(theme\)       # what a page loads
      | action_in\(code\) | action | address             # made by the view, with the same helper
      | (?:guardian_)?notice\.privacy_statement | notice\.website   # the company's own pages
    )\ \}\}(?:\#errors)?
    | \#\{\{\ place\ \}\} | \#p-\{\{\ purpose\.id\ \}\}  # a field or a box of this page
    | mailto:\{\{\ notice\.contact\ \}\}
    """,
    re.VERBOSE,
)
VIEWS = Path(addresses.__file__).parent / "web"
DRAWN = ("components/drawings.html", "components/icons.html")
"""Shapes, whose coordinates make long lines."""


def name_of(path: Path) -> str:
    return path.relative_to(paths.TEMPLATES).as_posix()


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_no_address_is_written_by_hand(path: Path) -> None:
    found = [match["target"] for match in LINK.finditer(path.read_text(encoding="utf-8"))]
    assert [target for target in found if MADE.fullmatch(target) is None] == []


def test_the_addresses_of_pages_are_found_where_they_stand() -> None:
    found = [match["target"] for path in PAGES for match in LINK.finditer(path.read_text(encoding="utf-8"))]
    assert len([target for target in found if target.startswith("{{ link_to(")]) >= 10


def test_no_redirect_is_written_by_hand() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(VIEWS.glob("*.py"))]
    led = [where for text in texts for where in re.findall(r"\bredirect\((?!\s*$)(.*)", text)]
    assert len(led) == 4
    assert [where for where in led if not re.match(r"link\(|(?:visit|after)\.action\b", where)] == []


@pytest.mark.parametrize("path", [path for path in PAGES if name_of(path) not in DRAWN], ids=name_of)
def test_no_line_of_a_template_is_longer_than_one_can_read(path: Path) -> None:
    assert [line for line in path.read_text(encoding="utf-8").splitlines() if len(line) > 200] == []


def test_a_link_says_its_language_keeps_its_query_and_is_escaped() -> None:
    assert addresses.link("fr", "withdraw", "a/b?c", purpose="é&x", step="") == (
        "/withdraw/a%2Fb%3Fc?lang=fr&purpose=%C3%A9%26x"
    )
    assert addresses.link("en", **{"for": "object"}) == "?lang=en&for=object"


def test_no_field_of_a_definition_can_take_a_name_that_pages_with_fields_post() -> None:
    pages = [path for path in PAGES if path.parent.name in ("submission", "components") or path.name == "decide.html"]
    posted = {
        name
        for path in pages
        for name in re.findall(r'<(?:input|button|textarea)\s[^>]*\bname="(\w+)"', path.read_text(encoding="utf-8"))
    }
    assert posted >= {"form_token", "decision", "purposes", "asked", "website", "child_name"}
    assert posted - RESERVED_FIELD_IDS == set()
