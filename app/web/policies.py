"""What each kind of page tells the browser that it may do, as data, written out in one place."""

from collections.abc import Iterable
from functools import lru_cache

from flask import Response, g
from werkzeug.datastructures import Headers

from ..domain.form import Theme

_NOTHING = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "style-src": "'self'",
}
_PICTURE = {"default-src": "'none'", "style-src": "'unsafe-inline'", "sandbox": ""}
"""A picture that a company brought, opened by itself: it runs and loads nothing, and keeps its colours."""
_FORM = _NOTHING | {"script-src": "'self'"}

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow",
}
_ALONE = _ALWAYS | {"Cross-Origin-Opener-Policy": "same-origin", "Referrer-Policy": "no-referrer"}
_FRAMED = _ALWAYS | {"Referrer-Policy": "strict-origin"}
"""Inside a frame the stricter ones would cut the page off from the site that it stands in."""

FOR_EVER = "public, max-age=31536000, immutable"
"""What an address with a hash leads to never changes."""
FORM_CACHE = "public, max-age=60"
"""A form page is the same for everybody within the minute."""
OWN_CACHE = FORM_CACHE.replace("public", "private")
"""For who asked alone: where it leads depends on Accept-Language, and some caches ignore Vary."""


def allow_framing(origins: Iterable[str]) -> None:
    """Let these sites frame the page that is being answered."""
    g.frame_ancestors = " ".join(origins) or "'none'"


def allow_logo(theme: Theme) -> None:
    """Let the page that is being answered load the logo of a theme, where it has one."""
    g.has_logo = bool(theme.logo)


@lru_cache(maxsize=1000)
def _headers(framing: str | None, has_logo: bool, is_picture: bool, secure: bool) -> tuple[tuple[str, str], ...]:
    policy = _NOTHING if framing is None else _FORM | {"frame-ancestors": framing}
    if is_picture:
        policy = _PICTURE
    elif has_logo:
        policy = policy | {"img-src": "'self'"}
    written = "; ".join(f"{name} {value}".strip() for name, value in policy.items())
    headers = {"Content-Security-Policy": written} | (_ALONE if framing is None else _FRAMED)
    if secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return tuple(Headers(headers))  # which refuses a line break


def is_public(response: Response) -> bool:
    """Whether an answer may be kept by whoever passes it on."""
    return response.headers.get("Cache-Control", "").startswith("public")


def apply(response: Response, secure: bool) -> Response:
    """Put the headers on an answer. `secure` is whether the kit is served over https."""
    headers, is_picture = response.headers, (response.mimetype or "").startswith("image/")
    # To its end, and not by `extend`, which looks into each for line breaks again.
    headers._list += _headers(g.get("frame_ancestors"), g.get("has_logo", False), is_picture, secure)
    named = {name for name, _ in headers}
    if "Cache-Control" in named and response.status_code >= 400:
        del headers["Cache-Control"]  # no cache may give an error to somebody else
        named.remove("Cache-Control")
    if "Date" in named:
        del headers["Date"]  # the server says it, at the moment of each answer
    if "Cache-Control" not in named:
        headers["Cache-Control"] = "private, no-store"
    elif is_public(response) and response.status_code in (200, 304):
        response.vary.add("Accept-Encoding")
    return response
