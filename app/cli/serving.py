"""The commands that run servers: `demo`, `serve` and `worker`."""

import gc
import signal
import socket

import click

from .. import paths
from ..config import FORMS_DIR_MEANS, Settings
from .common import forms_dir, one_line, open_context, read_settings


@click.command()
@click.option("--port", default=5000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
def demo(port: int) -> None:
    """Try everything on this computer, and on no other.

    Serves the sample forms, or those of AKKOORD_FORMS_DIR; company sites that embed them; a preview of every form;
    and an inbox in place of a mail server. An edited definition shows within a second.
    """
    settings = read_settings()
    folder = forms_dir(settings, paths.SAMPLES)
    _require_free_port("127.0.0.1", port)
    from ..demo import run

    with one_line():
        run(settings, folder, port)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option(
    "--workers",
    show_default="1 on SQLite, which has one writer; else 2",
    type=click.IntRange(1, 64),
    help="Web processes.",
)
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1, 64), help="Of each web process.")
@click.option("--no-worker", is_flag=True, help="Send no mails here: run `akkoord worker` too.")
def serve(host: str, port: int, workers: int | None, threads: int, no_worker: bool) -> None:
    """Serve the forms in production.

    Sends the mails and does the housekeeping too, in a process beside the web processes. SIGHUP makes it read the
    definitions again, SIGTERM ends it.
    """
    settings = _serving_settings(FORMS_DIR=FORMS_DIR_MEANS)
    folder = forms_dir(settings)
    _require_free_port(host, port)
    from .. import publisher

    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    # Python's own handler would raise in the middle of an import, and say so from within it. gunicorn sets another.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.disable()  # importing leaves hardly any garbage, and to look for it all along takes a tenth of the start
    publishing = publisher.begin(settings, folder)
    from ..server import Server

    with one_line():
        processes = workers or (1 if settings.is_sqlite else 2)
        Server(settings, folder, publishing, bind, processes, threads, with_worker=not no_worker).run()


@click.command()
@click.option("--parent", type=int, hidden=True, help="End when this process has ended.")
def worker(parent: int | None) -> None:
    """Send the mails and do the housekeeping, without serving pages.

    Any number may run at once, beside `akkoord serve --no-worker`.
    """
    _serving_settings()
    from ..server import run_worker

    run_worker(open_context(prepare=parent is None), parent)


def _require_free_port(host: str, port: int) -> None:
    """Look whether one can listen there: the servers themselves would say so late and in many lines."""
    try:
        kind, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(kind, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as problem:
        raise click.ClickException(
            f"cannot listen on {host}, port {port}: {(problem.strerror or 'no such address').lower()}; "
            "choose another with --port"
        ) from None


def _serving_settings(**more: str) -> Settings:
    """The settings, when they are enough to reach people with and hold those of `more`, each with what it means."""
    settings = read_settings()
    needed = {
        "BASE_URL": "the address that people reach this server under, such as https://forms.example",
        "MAIL_SERVER": "the SMTP server that mails go out through",
        "MAIL_DEFAULT_SENDER": "the mail address that mails come from, such as forms@example.com",
    } | more
    missing = [name for name in needed if not getattr(settings, name)]
    if missing:
        raise click.ClickException("; ".join(f"AKKOORD_{name} is needed: {needed[name]}" for name in missing))
    return settings
