"""Style sheets and scripts. Addresses carry a hash of what they lead to, so that browsers may keep it for ever."""

import json
import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from flask import Blueprint, Response, abort, current_app, request

from .. import i18n, paths
from ..domain.form import Theme
from . import policies

blueprint = Blueprint("assets", __name__)

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png"}
_FONTS = {
    "system": "",
    "serif": '--font:ui-serif,Georgia,Cambria,"Times New Roman",serif',
    "rounded": '--font:ui-rounded,"SF Pro Rounded","Hiragino Maru Gothic ProN","Segoe UI",system-ui,sans-serif',
}
_SCHEMES = {"auto": "light dark", "light": "light", "dark": "dark"}


@dataclass(frozen=True)
class Asset:
    """A file as it is sent."""

    content: bytes
    mimetype: str
    content_hash: str


@cache
def _assets() -> dict[str, Asset]:
    """All files by their name below `static/`, read once: what somebody asks for never becomes a path."""
    found = {}
    for path in paths.STATIC.rglob("*"):
        if path.suffix in _TYPES:
            content = path.read_bytes()
            content_hash = sha256(content).hexdigest()[:12]
            found[path.relative_to(paths.STATIC).as_posix()] = Asset(content, _TYPES[path.suffix], content_hash)
    return found


def address(name: str) -> str:
    """The address of a file in `static/`.

    Raises:
        KeyError: when there is no such file.
    """
    stem, dot, ending = name.rpartition(".")
    return f"/static/{stem}.{_assets()[name].content_hash}{dot}{ending}"


def theme_address(theme: Theme) -> str:
    """The address of a theme: it says all that is in the style sheet."""
    return f"/theme/{theme.accent.removeprefix('#').lower()}-{theme.radius}-{theme.font}-{theme.scheme}.css"


@blueprint.get("/static/<path:name>")
def static(name: str) -> Response:
    """A file of the kit."""
    stem, _, ending = name.rpartition(".")
    plain, _, content_hash = stem.rpartition(".")
    asset = _assets().get(f"{plain}.{ending}")
    if asset is None or asset.content_hash != content_hash:
        abort(404)
    return _answer(asset.content, asset.mimetype, policies.FOR_EVER)


@blueprint.get("/theme/<name>.css")
def theme(name: str) -> Response:
    """The looks of a controller, as a style sheet of one rule."""
    match = re.fullmatch(r"([0-9a-f]{6})-([0-9]{1,2})-([a-z]+)-([a-z]+)", name)
    if match is None or int(match[2]) > 16 or match[3] not in _FONTS or match[4] not in _SCHEMES:
        abort(404)
    rules = [f"--accent:#{match[1]}", f"--radius:{int(match[2])}px", f"color-scheme:{_SCHEMES[match[4]]}"]
    if _FONTS[match[3]]:
        rules.append(_FONTS[match[3]])
    return _answer(f":root{{{';'.join(rules)}}}".encode(), "text/css", policies.FOR_EVER)


@blueprint.get("/embed.js")
def embed() -> Response:
    """The script that companies put in their sites. Its address never changes, so it is kept for an hour only.

    It is told where the kit is, which it could not see as a module, in a bundle or from a copy, and what a form is
    called in each language.
    """
    asset = _assets()["embed.js"]
    names = json.dumps({language: i18n.say(language, "embed.frame") for language in i18n.LANGUAGES})
    content = asset.content.replace(b'"{kit}"', f'"{current_app.config["BASE_URL"]}"'.encode())
    content = content.replace(b"JSON.parse('{names}')", names.encode())
    response = _answer(content, asset.mimetype, "public, max-age=3600")
    response.headers["Access-Control-Allow-Origin"] = "*"  # `type=module` and `crossorigin` ask for it
    return response


def _answer(content: bytes, mimetype: str, keep: str) -> Response:
    response = Response(content, mimetype=mimetype)
    response.headers["Cache-Control"] = keep
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.set_etag(sha256(content).hexdigest()[:16], weak=True)  # the same for both encodings
    response.make_conditional(request)
    return response
