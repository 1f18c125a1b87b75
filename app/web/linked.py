"""Mail addresses and sites of authorities in the rows of a notice, as links: the rows are stored as plain text.

No other address becomes one: what a definition says is text.
"""

import re

from markupsafe import Markup, escape

from ..domain.authorities import AUTHORITIES

_KNOWN = {"dataprivacyframework.gov"} | {site for one in AUTHORITIES.values() for site in one.sites.values()}
_ADDRESS = re.compile(
    r"(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)|(?<![\w@./-])(?P<site>"
    + "|".join(map(re.escape, sorted(_KNOWN, key=len, reverse=True)))
    + r")(?![\w@-])"
)
_BEFORE = {"mail": "mailto:", "site": "https://"}


def linked(text: str) -> Markup:
    """The text, escaped, with each such address as a link that opens outside a frame."""
    said, at = Markup(), 0
    for match in _ADDRESS.finditer(text):
        target = f"{_BEFORE[match.lastgroup or '']}{match[0]}"
        said += escape(text[at : match.start()])
        said += Markup('<a href="{}" target="_blank" rel="noopener">{}</a>').format(target, match[0])
        at = match.end()
    return said + escape(text[at:])
