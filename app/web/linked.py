"""Mail addresses and sites in the rows of a notice, as links: the rows are stored as plain text."""

import re

from markupsafe import Markup, escape

from ..domain.authorities import AUTHORITIES

_KNOWN = {site for authority in AUTHORITIES.values() for site in authority.sites.values()} | {"dataprivacyframework.gov"}
# A site that stands there without `www.` is linked only where it is one of these: "node.js" is none.
_ADDRESS = re.compile(
    r"(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?<![\w@./-])(?P<site>https://[^\s,;()«»“”]*[^\s,;.:()«»“”]|www\.[\w-]+(?:\.[\w-]+)+|"
    + "|".join(map(re.escape, sorted(_KNOWN, key=len, reverse=True)))
    + r")(?![\w@-])"
)


def linked(text: str) -> Markup:
    """The text, escaped, with each mail address and site as a link that opens outside a frame."""
    return Markup().join(_piece(text, *found) for found in _cut(text))


def _cut(text: str) -> list[tuple[int, int, str]]:
    """Where each piece begins and ends, and where it leads if it is an address."""
    pieces, at = [], 0
    for match in _ADDRESS.finditer(text):
        found = match[0]
        if match["mail"]:
            target = f"mailto:{found}"
        else:
            target = found if found.startswith("https://") else f"https://{found}"
        pieces += [(at, match.start(), ""), (match.start(), match.end(), target)]
        at = match.end()
    return [*pieces, (at, len(text), "")]


def _piece(text: str, start: int, end: int, target: str) -> Markup:
    said = escape(text[start:end])
    if not target:
        return said
    return Markup('<a href="{}" target="_blank" rel="noopener">{}</a>').format(target, said)
