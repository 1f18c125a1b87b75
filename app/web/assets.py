"""Style sheets and scripts. Addresses carry a hash of what they lead to, so that browsers may keep it for ever."""

import json
import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from urllib.parse import quote

from flask import Blueprint, Response, abort, current_app, request

from .. import i18n, paths
from ..domain.form import GENERIC_FAMILIES, TRANSPARENT, Theme
from ..storage import logos
from . import policies
from .app_state import ctx

blueprint = Blueprint("assets", __name__)

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png"}
_TYPES |= {".webp": "image/webp"}
_STACKS = {
    "serif": "ui-serif, Georgia, Cambria, Times New Roman, serif",
    "rounded": "ui-rounded, SF Pro Rounded, Hiragino Maru Gothic ProN, Segoe UI, system-ui, sans-serif",
}
_THEME = re.compile(
    r"(?P<accent>[0-9a-f]{6})-(?P<radius>[0-9]{1,2})-(?P<scheme>auto|light|dark)"
    r"-(?P<background>[0-9a-f]{6}|transparent)-(?P<font>[A-Za-z0-9, -]{1,200})"
)
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
            if path.suffix == ".css":
                content = _compact(content.decode()).encode()
            content_hash = sha256(content).hexdigest()[:12]
            found[path.relative_to(paths.STATIC).as_posix()] = Asset(content, _TYPES[path.suffix], content_hash)
    return found


def _compact(css: str) -> str:
    """A style sheet of ours without comments and blanks that say nothing: a sixth less to load. None is in a string."""
    without_comments = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    without_blanks = re.sub(r"\s*([{};,])\s*", r"\1", re.sub(r"\s+", " ", without_comments))
    return re.sub(r"([{;][a-z-]+:) ", r"\1", without_blanks).replace(";}", "}").strip()


def address(name: str) -> str:
    """The address of a file in `static/`.

    Raises:
        KeyError: when there is no such file.
    """
    stem, dot, ending = name.rpartition(".")
    return f"/static/{stem}.{_assets()[name].content_hash}{dot}{ending}"


def theme_address(theme: Theme, scheme: str) -> str:
    """The address of a theme in a scheme (`auto`, `light` or `dark`): it says all that is in the style sheet."""
    accent, background = (colour.removeprefix("#").lower() for colour in (theme.accent, theme.background))
    return quote(f"/theme/{accent}-{theme.radius}-{scheme}-{background}-{theme.font}.css")


def logo_address(theme: Theme) -> str:
    """The address of a theme's logo, which says what is in it."""
    return f"/logo/{theme.logo}"


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
    match = _THEME.fullmatch(name)
    if match is None or int(match["radius"]) > 16:
        abort(404)
    rules = [f"--accent:#{match['accent']}", f"--radius:{int(match['radius'])}px"]
    rules.append(f"color-scheme:{_SCHEMES[match['scheme']]}")
    if match["font"] != "system":
        rules.append(f"--font:{_quoted(_STACKS.get(match['font'], match['font']))}")
    if match["background"] != TRANSPARENT:
        rules.append(f"--behind:#{match['background']}")
    return _answer(f":root{{{';'.join(rules)}}}".encode(), "text/css", policies.FOR_EVER)


def _quoted(stack: str) -> str:
    """A stack of families as CSS writes it. Without quotes some names are keywords, such as `inherit`."""
    families = (family.strip() for family in stack.split(","))
    words = GENERIC_FAMILIES | {"-apple-system"}
    return ",".join(family if family in words else f'"{family}"' for family in families)


@blueprint.get("/logo/<name>")
def logo(name: str) -> Response:
    """The logo of a controller."""
    content = None
    if re.fullmatch(r"[0-9a-f]{32}\.(svg|png|webp)", name):
        with ctx().database.read() as connection:
            content = logos.find(connection, name)
    if content is None:
        abort(404)
    return _answer(content, _TYPES[name[32:]], policies.FOR_EVER)


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
    content = re.sub(rb"(?m)^ *//.*\n", b"", content)  # a fifth of its weight
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
