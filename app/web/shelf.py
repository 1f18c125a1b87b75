"""Public answers, given again as they were given within the minute, to whoever asks under the same address (RFC 9111).

A form page is a function of its address and the minute. So it is made and compressed once a minute, and whatever keeps
pages on the way to people, such as a content delivery network, may do the same.
"""

import gzip
import re
from collections.abc import Callable, Iterable
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
_ABOUT_THE_BODY = ("Content-Length", "Content-Type")
_NO_GZIP = re.compile(r"gzip;q=0(\.0*)?(,|$)")

Place = tuple[str, str, str]
"""Host, path and query of a request, as it came."""


class Kept:
    """An answer that may be given again."""

    def __init__(self, response: Response) -> None:
        self.headers = list(response.headers.to_wsgi_list())
        self.etag = response.get_etag()[0] or ""
        self.body = response.get_data()
        self._compresses = response.mimetype in _COMPRESSES

    @cached_property
    def compressed(self) -> "Kept":
        """The same in gzip, where that makes it smaller for sure."""
        if not self._compresses:
            return self
        other = object.__new__(Kept)
        other.body = gzip.compress(self.body, mtime=0)
        other.headers = [pair for pair in self.headers if pair[0] != "Content-Length"]
        other.headers += [("Content-Encoding", "gzip"), ("Content-Length", str(len(other.body)))]
        return other


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
        response.headers["Content-Length"] = str(len(response.get_data()))
        kept = self._kept[place] = Kept(response)
        given = kept.compressed if _takes_gzip(request.environ) else kept
        response.set_data(given.body)
        response.headers = Headers(given.headers)
        return response


class Front:
    """The application with the shelf before it."""

    def __init__(self, app: "WSGIApplication", shelf: Callable[[], Shelf]) -> None:
        self._app = app
        self._shelf = shelf

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer from the shelf where that will do."""
        if environ["REQUEST_METHOD"] != "GET" or "HTTP_RANGE" in environ:
            return self._app(environ, start_response)
        place = (environ.get("HTTP_HOST", ""), environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", ""))
        kept = self._shelf().get(place)
        if kept is None:
            environ[_PLACE] = place
            return self._app(environ, start_response)
        if parse_etags(environ.get("HTTP_IF_NONE_MATCH")).contains_weak(kept.etag):
            start_response("304 NOT MODIFIED", [pair for pair in kept.headers if pair[0] not in _ABOUT_THE_BODY])
            return []
        given = kept.compressed if _takes_gzip(environ) else kept
        start_response("200 OK", given.headers)
        return [given.body]


def _takes_gzip(environ: "WSGIEnvironment") -> bool:
    wanted = environ.get("HTTP_ACCEPT_ENCODING", "").lower().replace(" ", "")
    return "gzip" in wanted and _NO_GZIP.search(wanted) is None
