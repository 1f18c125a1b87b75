"""Addresses of the kit's own pages: how they are written, and what mail programs leave on the end of a link."""

import re
from urllib.parse import quote, quote_plus, unquote_plus

MAILED = ("/confirm/", "/guardian/", "/withdraw/", "/object/", "/stop/", "/lift/", "/manage/", "/notice/")
"""Where the addresses of mailed links begin. Their tokens and hashes end in none of the characters below."""

_LEFT_ON = ".,;:!?)]}>'\"*/ \u00a0\u2026\u00bb\u203a\u2019\u201c\u201d"
"""What gets stuck to a link where a mail program or a person takes it out of a sentence."""

_PLAIN = re.compile(r"[A-Za-z0-9_.~-]*").fullmatch


def path(*parts: str, **query: str) -> str:
    """The address, without the host, of a page: `path("withdraw", token, lang="fr")`. Empty values are left out."""
    # Nearly all parts are names, tokens and hashes, with nothing to quote: that takes a quarter as long.
    below = "".join([f"/{part if _PLAIN(part) else quote(part, safe='')}" for part in parts])
    named = "&".join([f"{name}={quote_plus(value)}" for name, value in query.items() if value])
    return f"{below}?{named}" if named else below


def link(language: str, *parts: str, **query: str) -> str:
    """The address of a page of ours in a language: what every link, form and redirect of a page leads to.

    Without parts it is that of the page itself, in that language; `query` is what else has to stay in it.
    """
    return path(*parts, lang=language, **query)


def is_link(address: str) -> bool:
    """Whether a path is that of a mailed link."""
    return address.startswith(MAILED)


def trimmed(path_info: str, query: str) -> tuple[str, str]:
    """Path and query, as WSGI has them (PEP 3333), of a mailed link without one thing that was left on their ends."""
    text = _without_rest(path_info.encode("latin-1").decode("utf-8", "surrogateescape"))
    if not is_link(text):
        return path_info, query
    names, equals, value = query.rpartition("=")
    if (last := unquote_plus(value)) != _without_rest(last):
        query = names + equals + quote_plus(_without_rest(last))
    return text.encode("utf-8", "surrogateescape").decode("latin-1"), query


def _without_rest(text: str) -> str:
    return text[:-1] if text.endswith(tuple(_LEFT_ON)) else text
