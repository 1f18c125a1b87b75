"""Public answers, given again as they were given within the minute, to whoever asks under the same address (RFC 9111).

A form page is a function of its address and the minute. So it is made and compressed once a minute, and whatever keeps
pages on the way to people, such as a content delivery network, may do the same.
"""

import gzip
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from flask import Response, request
from werkzeug.datastructures import Headers
from werkzeug.http import parse_etags

from ..signing import Clock
from .policies import is_public

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_AT_MOST = 500
"""Answers. Somebody may ask for one page under any number of addresses; no kit has so many pages."""
_COMPRESSES = ("text/html", "text/css", "text/javascript", "image/svg+xml")
_PLACE = "akkoord.shelf"
_NO_GZIP = re.compile(r"gzip;q=0(\.0*)?(,|$)")

Place = tuple[str, str, str]
"""Host, path and query of a request, as it came."""


@dataclass(frozen=True)
class Kept:
    """An answer that may be given again, as it is and in gzip."""

    headers: list[tuple[str, str]]
    body: bytes
    etag: str
    compresses: bool

    @classmethod
    def of(cls, response: Response) -> "Kept":
        """The answer that Flask is about to give."""
        headers = [pair for pair in response.headers.to_wsgi_list() if pair[0] != "Content-Length"]
        return cls(headers, response.get_data(), response.get_etag()[0] or "", response.mimetype in _COMPRESSES)

    @cached_property
    def packed(self) -> bytes:
        """The body in gzip, made when it is asked for first."""
        return gzip.compress(self.body, mtime=0)

    def for_(self, environ: "WSGIEnvironment") -> tuple[list[tuple[str, str]], bytes]:
        """Headers and body for whoever asks."""
        if self.compresses and _takes_gzip(environ):
            headers = [("Content-Encoding", "gzip"), ("Content-Length", str(len(self.packed)))]
            return self.headers + headers, self.packed
        return [*self.headers, ("Content-Length", str(len(self.body)))], self.body


class Shelf:
    """What was answered within the minute."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._minute = 0
        self._kept: dict[Place, Kept] = {}

    def clear(self) -> None:
        """Forget everything, because what is served may have changed."""
        self._kept.clear()

    def get(self, place: Place) -> Kept | None:
        """The answer to be given again. When a new minute has begun there is none."""
        minute = int(self._clock().timestamp()) // 60
        if minute != self._minute:
            self.clear()
            self._minute = minute
        return self._kept.get(place)

    def keep(self, response: Response) -> Response:
        """Keep the answer to this request if it is public, and give it as it will be given again."""
        place = request.environ.get(_PLACE)
        if place is None or response.status_code != 200 or not is_public(response):
            return response
        if len(self._kept) >= _AT_MOST:
            self.clear()
        kept = self._kept[place] = Kept.of(response)
        headers, body = kept.for_(request.environ)
        response.set_data(body)
        response.headers = Headers(headers)
        return response


class Front:
    """The application with the shelf before it."""

    def __init__(self, app: "WSGIApplication", shelf: Callable[[], Shelf]) -> None:
        self._app = app
        self._shelf = shelf

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer from the shelf where that will do, also whoever asks only whether an answer is still the same."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self._app(environ, start_response)
        place = (environ.get("HTTP_HOST", ""), environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", ""))
        kept = self._shelf().get(place)
        if kept is None or "HTTP_IF_MATCH" in environ:
            environ[_PLACE] = place
            return self._app(environ, start_response)
        if parse_etags(environ.get("HTTP_IF_NONE_MATCH")).contains_weak(kept.etag):
            start_response("304 NOT MODIFIED", [pair for pair in kept.headers if pair[0] != "Content-Type"])
            return []
        headers, body = kept.for_(environ)
        start_response("200 OK", headers)
        return [body] if environ["REQUEST_METHOD"] == "GET" else []


def _takes_gzip(environ: "WSGIEnvironment") -> bool:
    wanted = "".join(environ.get("HTTP_ACCEPT_ENCODING", "").lower().split())
    return "gzip" in wanted and _NO_GZIP.search(wanted) is None
