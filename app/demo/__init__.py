"""`akkoord demo`: the kit, pretend company sites on another origin, and an inbox, all in one process on this computer.

The kit is the one that serves production; only the way out for mail and the limits differ.
"""

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from ..config import BadSetting, Settings
from ..factory import create_app
from ..period import Period
from ..services import publishing
from ..services.context import Context, belongs_to_a_server
from ..web.app_state import AppState
from ..worker import Worker
from .inbox import Inbox
from .preview import add_preview
from .rehearsal import clear
from .sites import create_sites

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class _Quiet(WSGIRequestHandler):
    """Logs no requests: their addresses carry links that decide things."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 (the name is Werkzeug's)
        return None


def run(settings: Settings, forms: Path, port: int) -> None:
    """Serve the demo until it is interrupted or ended by SIGTERM.

    Raises:
        BadSetting: when a setting cannot be used, or the data folder is that of a server, whose mails would end here.
    """
    kit_origin, demo_origin = f"http://127.0.0.1:{port}", f"http://localhost:{port}"
    settings = replace(settings, BASE_URL=kit_origin, MAIL_SERVER="demo", MAIL_DEFAULT_SENDER="forms@akkoord.example")
    # Nobody tries a demo for a day. The default is one object: a day that the operator asked for is another, and stays.
    if settings.MAIL_PLUS_AFTER is Settings.MAIL_PLUS_AFTER:
        settings = replace(settings, MAIL_PLUS_AFTER=Period(1, "minute"))
    ctx = Context.open(settings, limited=False)
    if belongs_to_a_server(ctx):
        raise BadSetting("DATA_DIR", "`akkoord serve` keeps its data there; the demo needs a folder of its own")
    clear(settings.DATA_DIR)
    definitions = _Definitions(ctx, forms, demo_origin)
    app = create_app(settings, ctx=ctx)
    definitions.app_state = app.extensions["akkoord"]
    inbox = Inbox(settings.DATA_DIR / "demo-inbox")
    sites = create_sites(definitions, inbox, kit_origin)
    add_preview(sites, definitions, app, kit_origin)
    server = make_server("127.0.0.1", port, _by_host(sites, app), threaded=True, request_handler=_Quiet)
    worker = Worker(ctx, inbox)
    threads = [
        threading.Thread(target=worker.run, name="worker"),
        threading.Thread(target=definitions.watch, name="definitions", daemon=True),
    ]
    for thread in threads:
        thread.start()
    print(f"Akkoord demo: open {demo_origin}/\nStop with Ctrl+C.", flush=True)  # noqa: T201 (this is what it says)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl+C: what was made for the preview goes
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        worker.stop()
        threads[0].join(timeout=10)


class _Definitions:
    """The definitions below a folder, published now and again whenever a file changes."""

    def __init__(self, ctx: Context, folder: Path, site: str) -> None:
        self.ctx = ctx
        self.folder = folder
        self.site = site
        self.app_state: AppState | None = None
        self._seen = self._look()
        self.published = self._publish()

    def watch(self) -> None:
        """Look twice a second whether a file has changed, for ever."""
        while True:
            time.sleep(0.5)
            seen = self._look()
            if seen != self._seen:
                self._seen = seen
                self.published = self._publish()
                if self.app_state is not None:
                    self.app_state.reload()

    def _publish(self) -> publishing.Published:
        published = publishing.publish(self.ctx, self.folder, (self.site,))
        for fault in published.faults:
            sys.stderr.write(f"{fault}\n")
        return published

    def _look(self) -> dict[str, tuple[int, int]]:
        found = {}
        with suppress(OSError):  # a folder went away during the look: the next one sees what is left
            for path in self.folder.glob("**/*.*"):
                with suppress(OSError):  # a file that went away, or a link that leads nowhere
                    facts = path.stat()
                    found[str(path)] = (facts.st_mtime_ns, facts.st_size)
        return found


def _by_host(sites: Wsgi, kit: Wsgi) -> Wsgi:
    """The company sites answer at `localhost`, the kit at `127.0.0.1`: for a browser these are two origins."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        host = environ.get("HTTP_HOST", "").partition(":")[0]
        at_the_door = host == "127.0.0.1" and environ.get("PATH_INFO") == "/"
        return (sites if host == "localhost" or at_the_door else kit)(environ, start_response)

    return answer
