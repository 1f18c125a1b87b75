"""What the browser tests and the pictures run on: Chromium, the demo, and a kit with a clock."""

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from email.message import EmailMessage
from pathlib import Path

from playwright.sync_api import Browser, Playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from app import paths
from app.config import Rate, Settings
from app.factory import create_app
from app.period import Period
from app.services import confirmation, housekeeping, publishing
from app.services.context import Context
from tests.factories import Clock, link_in, send_form, token_in, work_off
from tests.server.running import forked, once_it_answers

ROOT = Path(__file__).resolve().parents[2]
FRAMEWORKS = ROOT / ".frameworks"
OWN_FORMS = Path(__file__).with_name("forms")
CAMP = ROOT / "tests" / "web" / "forms" / "jeugdhuis"

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_SHELL = "chromium-headless-shell"
_TURNED_OFF = [
    # A new frame for each document of a tab, and a process kept ready for the next site: a sixth of the time of a page.
    "RenderDocument",
    "SpareRendererForSitePerProcess",
    # What Playwright turns off: of two lists, Chromium reads the last.
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
]
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--in-process-gpu",  # what draws without a GPU would be a process of its own: a tenth of the time of a page
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=" + ",".join(_TURNED_OFF),
]


def chromium() -> str:
    """The path of the machine's own Chromium; Playwright never downloads one.

    Raises:
        FileNotFoundError: when there is none.
    """
    for name in _BROWSERS:
        found = shutil.which(name)
        if found:
            return found
    raise FileNotFoundError(f"none of {', '.join(_BROWSERS)} is on the PATH: run `make browser`")


def framework(name: str) -> str:
    """A script of a web framework, by its path in what npm installed.

    Raises:
        FileNotFoundError: when it is not installed.
    """
    path = FRAMEWORKS / "node_modules" / name
    if not path.is_file():
        raise FileNotFoundError(f"{name} is not in {FRAMEWORKS.name}: run `make frameworks`")
    return path.read_text(encoding="utf-8")


def launch(playwright: Playwright, *arguments: str) -> Browser:
    """A Chromium that talks to nobody but us."""
    return playwright.chromium.launch(executable_path=chromium(), args=[*_ARGUMENTS, *arguments])


def launch_shell(playwright: Playwright) -> Browser:
    """The same without windows and a user's settings, where the machine has it: it shows pages for a third of the time.

    What needs those settings, such as a frame that may store nothing, is nothing for it.
    """
    # Scripts of a page run once: to compile them at once takes less than to interpret them first.
    arguments = [*_ARGUMENTS, "--js-flags=--always-sparkplug"]
    return playwright.chromium.launch(executable_path=shutil.which(_SHELL) or chromium(), args=arguments)


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Demo:
    """A running `akkoord demo`: the kit at one origin, the company sites and the inbox at another."""

    kit: str
    sites: str


@contextmanager
def demo(folder: Path, port: int | None = None) -> Iterator[Demo]:
    """`akkoord demo` as a process of its own, in an empty folder."""
    port = port or free_port()
    kit = f"http://127.0.0.1:{port}"
    with forked(folder, "demo", "--port", str(port), MAIL_PLUS_AFTER="2 seconds") as program:
        once_it_answers(f"{kit}/healthz", program)
        yield Demo(kit, f"http://localhost:{port}")


@dataclass
class Stage:
    """A kit served in this process, with a clock that is moved by hand: reaches states that the demo takes days for."""

    ctx: Context
    clock: Clock
    address: str
    people: int = 0

    def somebody(self) -> str:
        """A mail address that nobody had before."""
        self.people += 1
        return f"iemand{self.people}@voorbeeld.test"

    def mail_to(self, controller: str, form: str, language: str, *purposes: str) -> EmailMessage:
        """Send a form as somebody new, and return the mail that follows."""
        email = self.somebody()
        send_form(
            self.ctx,
            email,
            purposes,
            controller=controller,
            form=form,
            language=language,
            site=f"www.{controller}.example",
        )
        return self.newest_to(email)

    def say_yes(self, mail: EmailMessage, *without: str) -> EmailMessage:
        """Agree to what a mail asks, but for these purposes, as the buttons do, and return the receipt."""
        confirmation.confirm(self.ctx, token_in(mail, "confirm"), (), without)
        return self.newest_to(mail["To"])

    def newest_to(self, email: str) -> EmailMessage:
        """The newest mail to an address, of all that are sent now: others are due at the same moment."""
        return [mail for mail in work_off(self.ctx) if mail["To"] == email][-1]

    def tidy(self) -> None:
        """Do all the housekeeping that is due."""
        while not housekeeping.tidy(self.ctx):
            pass

    def link(self, mail: EmailMessage, kind: str) -> str:
        """The address of a link in a mail, at this server."""
        return self.address + link_in(mail, kind)

    @contextmanager
    def submits_limited_to(self, count: int) -> Iterator[None]:
        """Let each network send only so many forms in ten minutes."""
        before = self.ctx.settings
        self.ctx.settings = replace(before, SUBMITS_PER_NETWORK=Rate(count, Period(10, "minute")))
        try:
            yield
        finally:
            self.ctx.settings = before


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 (the name is Werkzeug's)
        return None


@contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """Serve the sample forms, the forms of these tests and one that has a fault."""
    forms = folder / "forms"
    shutil.copytree(paths.SAMPLES, forms)
    shutil.copytree(OWN_FORMS, forms, dirs_exist_ok=True)
    shutil.copytree(CAMP, forms / CAMP.name)
    broken = (forms / "waterland" / "everything.yaml").read_text(encoding="utf-8").replace("basis: consent", "basis: ?")
    (forms / "waterland" / "broken.yaml").write_text(broken, encoding="utf-8")
    # Listens before the forms are published: a port that is free now can be another's by then.
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    clock = Clock()
    settings = Settings(
        DATA_DIR=folder / "data",
        BASE_URL=address,
        SECRET_KEY="a key of the tests and nobody else",
        MAIL_SERVER="127.0.0.1",
        MAIL_DEFAULT_SENDER="forms@forms.example",
        SUBMITS_PER_NETWORK=None,
    )
    ctx = Context.open(settings, clock)
    publishing.publish(ctx, forms)
    app = create_app(settings, ctx=ctx)
    server = make_server("127.0.0.1", port, app, True, request_handler=_Quiet, fd=listening.fileno())
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Stage(ctx, clock, address)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        listening.close()
        ctx.database.engine.dispose()
