"""Mail addresses and sites in the rows of a notice, as links: the rows are stored as plain text."""

import re

from markupsafe import Markup, escape

from ..domain.authorities import AUTHORITIES

_KNOWN = {site for authority in AUTHORITIES.values() for site in authority.sites.values()} | {
    "dataprivacyframework.gov"
}
# A site that stands there without `www.` is linked only where it is one of these: "node.js" is none.
_ADDRESS = re.compile(
    r"(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?<![\w@./-])(?:(?P<whole>https://[^\s,;()«»“”]*[^\s,;.:()«»“”])|(?P<site>www\.[\w-]+(?:\.[\w-]+)+|"
    + "|".join(map(re.escape, sorted(_KNOWN, key=len, reverse=True)))
    + r"))(?![\w@-])"
)
_BEFORE = {"mail": "mailto:", "whole": "", "site": "https://"}


def linked(text: str) -> Markup:
    """The text, escaped, with each mail address and site as a link that opens outside a frame."""
    said, at = Markup(), 0
    for match in _ADDRESS.finditer(text):
        target = f"{_BEFORE[match.lastgroup or 'whole']}{match[0]}"
        said += escape(text[at : match.start()])
        said += Markup('<a href="{}" target="_blank" rel="noopener">{}</a>').format(target, match[0])
        at = match.end()
    return said + escape(text[at:])
