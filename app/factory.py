"""Makes the Flask application from settings. It never reads the environment."""

import logging
import re
from collections.abc import Callable
from dataclasses import fields
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from flask import Flask, Request, Response
from flask.globals import request_ctx
from flask.sessions import NullSession, SecureCookieSessionInterface
from jinja2 import StrictUndefined
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import BadRequest, HTTPException, RequestEntityTooLarge
from werkzeug.middleware.proxy_fix import ProxyFix

from . import addresses, languages, paths
from .config import BadSetting, Settings
from .services.context import Context
from .signing import Clock, utc_now
from .web import (
    assets,
    confirmation,
    errors,
    forms,
    guardian,
    health,
    lifting,
    link_request,
    linked,
    mail_opt_out,
    notice,
    objection,
    policies,
    rendering,
    submission,
    withdrawal,
)
from .web.app_state import AppState, app_state
from .web.page_cache import PageCacheMiddleware

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = logging.getLogger(__name__)

MAX_BODY = 64 * 1024
_FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")

_UNDECLARED_PROXY = (
    "A proxy stands in front (X-Forwarded-For), but AKKOORD_TRUSTED_PROXIES is 0: all visitors count as one network "
    "and share its limit; set it to the number of proxies"
)
"""Said once in each process."""


class _Parameters(ImmutableMultiDict[str, str]):
    """What was sent, by name. Where a name is not there, Werkzeug's `get` raises an exception and catches it."""

    def get(self, key: str, default: Any = None, type: Any = None) -> Any:  # type: ignore[override] # noqa: A002
        if type is not None:
            return super().get(key, default, type)
        values = dict.get(self, key)  # the lists below: each name with all its values
        return values[0] if values else default


class _Request(Request):
    """A request as a server hands it on, put right where Werkzeug would fail on it or miss what is meant.

    A server may leave raw bytes in the query, and a mail program a full stop behind a link.
    """

    parameter_storage_class = _Parameters

    def __init__(self, environ: "WSGIEnvironment", *args: Any, **options: Any) -> None:
        query = re.sub(r"[^!-~]", lambda raw: f"%{ord(raw[0]):02X}", environ.get("QUERY_STRING", ""))
        path = environ.get("PATH_INFO", "")
        environ["PATH_INFO"], environ["QUERY_STRING"] = addresses.trimmed(path, query)
        super().__init__(environ, *args, **options)

    def _load_form_data(self) -> None:
        if self.mimetype != "application/x-www-form-urlencoded":
            super()._load_form_data()
        elif "form" not in vars(self):
            # As Werkzeug does it, without its three objects: the length of the body has been looked at.
            try:
                pairs = parse_qsl(self.get_data().decode(), keep_blank_values=True, errors="werkzeug.url_quote")
            except ValueError:
                pairs = []
            vars(self).update(form=_Parameters(pairs), files=ImmutableMultiDict())


class _Response(Response):
    """An answer that goes out as it stands: Werkzeug copies its headers and looks through them once more."""

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        # What was sent is answered with a page whose length is known; the rest is Werkzeug's.
        if environ["REQUEST_METHOD"] != "POST" or self.status_code != 200 or not self.is_sequence:
            return super().__call__(environ, start_response)
        start_response(self.status, list(self.headers))
        return list(self.iter_encoded())


class _App(Flask):
    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """No view here is asynchronous, so Flask need not look for that at each call."""
        return func


class _NoSession(SecureCookieSessionInterface):
    """No page has a session: browsers block the cookies of framed pages, and nothing here needs one."""

    _none = NullSession()

    def open_session(self, app: Flask, request: Request) -> NullSession:
        return self._none


def create_app(settings: Settings, clock: Clock = utc_now, ctx: Context | None = None) -> Flask:
    """The application.

    Args:
        settings: all that it needs to know.
        clock: tells the time; tests move it.
        ctx: an opened context, where the caller has one; else it is opened here.

    Raises:
        BadSetting: when the settings cannot be used.
        IncompleteLanguage: when a language lacks something that a page or a mail says.
    """
    languages.check_catalogues(paths.TRANSLATIONS, languages.LANGUAGES)
    if not settings.BASE_URL:
        raise BadSetting(
            "BASE_URL",
            "is needed: the address that people reach this server under, such as https://forms.example",
        )
    app = _App(__name__, template_folder=str(paths.TEMPLATES), static_folder=None)
    app.config.update({field.name: getattr(settings, field.name) for field in fields(settings)})
    app.config.update(MAX_CONTENT_LENGTH=MAX_BODY + 1, MAX_FORM_MEMORY_SIZE=MAX_BODY, MAX_FORM_PARTS=100)
    app.config["WTF_I18N_ENABLED"] = False
    app.request_class, app.response_class = _Request, _Response
    app.session_interface = _NoSession()
    app.url_map.converters["rest"] = withdrawal.Rest
    app.url_map.merge_slashes = False  # an open redirect: `//` would lead to the host of the request
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals["link_to"] = addresses.link
    app.jinja_env.filters["autocomplete"] = forms.autocomplete
    app.jinja_env.filters["linked"] = linked.linked
    app.jinja_env.filters["looks_mistyped"] = forms.looks_mistyped
    app.jinja_env.filters["keeps"] = rendering.keeps
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    served = AppState(ctx or Context.open(settings, clock))
    served.reload()
    app.extensions["akkoord"] = served
    _guard(app, settings)
    errors.init(app)
    for room in (
        submission,
        confirmation,
        guardian,
        withdrawal,
        objection,
        mail_opt_out,
        lifting,
        link_request,
        notice,
        assets,
        health,
    ):
        app.register_blueprint(room.blueprint)
    _add_middleware(app, settings)
    return app


def _guard(app: Flask, settings: Settings) -> None:
    """What is looked at before and after every request."""
    base = urlsplit(settings.BASE_URL)
    secure = base.scheme == "https"
    default_port = 443 if secure else 80
    hosts = {base.netloc, f"{base.hostname}:{base.port or default_port}"}
    if base.port in (None, default_port):
        hosts.add(str(base.hostname))
    knows_proxies = settings.TRUSTED_PROXIES > 0

    @app.before_request
    def check() -> None:
        nonlocal knows_proxies
        sent = request_ctx.request  # once, and not through the proxy for each thing
        environ = sent.environ
        if not knows_proxies and "HTTP_X_FORWARDED_FOR" in environ:
            knows_proxies = True
            log.warning(_UNDECLARED_PROXY)
        if environ.get("HTTP_HOST", "").lower() not in hosts and sent.endpoint != "health.healthz":
            raise errors.ForeignHost
        if sent.method == "POST":
            if sent.url_rule is not None and sent.mimetype not in _FORM_TYPES:
                raise errors.NotAForm
            _require_whole_body(sent)

    @app.after_request
    def finish(response: Response) -> Response:
        return app_state().page_cache.store(policies.apply(response, secure))


def _add_middleware(app: Flask, settings: Settings) -> None:
    """What a request passes before Flask: first what proxies say of it, then the page cache."""
    app.wsgi_app = PageCacheMiddleware(app.wsgi_app, lambda: app.extensions["akkoord"].page_cache)  # type: ignore[method-assign]
    if settings.TRUSTED_PROXIES:
        hops = settings.TRUSTED_PROXIES
        fixed = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)

        def behind_proxies(environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
            # Else, where they name no visitor, the address of the last proxy stays: one limit would be everybody's.
            environ["REMOTE_ADDR"] = ""
            return fixed(environ, start_response)

        app.wsgi_app = behind_proxies  # type: ignore[method-assign]


def _require_whole_body(sent: Request) -> None:
    """Refuse a body that is too long, or that ends before it is whole: half an answer is not what the person said.

    Werkzeug cuts a body off silently that does not tell its length, and gunicorn hands on what came before the
    sender went away.
    """
    length = sent.content_length
    if length is not None and length > MAX_BODY:
        raise RequestEntityTooLarge
    try:
        read = len(sent.get_data())
    except HTTPException:
        raise
    except Exception:  # noqa: BLE001 (each server has errors of its own for bad chunks)
        raise BadRequest from None
    if read > MAX_BODY:
        raise RequestEntityTooLarge
    if length is not None and read != length:
        raise BadRequest
