"""The things that are measured side by side, and the order in which they take turns."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from tests.delivery.sink import free_port

from . import servers
from .akkoord import Akkoord
from .load import drive, get
from .newsletter import Newsletter
from .rounds import Floor, Measured, Step

SLOW = 0.2
"""Seconds that a slow mail server takes for a mail."""


def folder_in(folder: Path, name: str) -> Path:
    """A new folder below another one."""
    made = folder / name
    made.mkdir()
    return made


def kit_steps(site: servers.Site, kit: Akkoord, name: str = "") -> dict[str, Step]:
    """The way that people go, each step under its name."""
    confirmed = kit.stored("consents", "")
    withdrawn = kit.stored("consents", "withdrawn")
    wake = partial(kit.wake, partial(drive, site.port))
    steps = (
        Step("form", site, kit.form),
        Step("age page", site, kit.age_gate),
        Step("age answer", site, kit.age_answer, status=303),
        Step("submit", site, kit.submit, stored=kit.sent, mails=kit.mails, wake=wake),
        Step("confirm", site, kit.confirm, stored=confirmed, mails=kit.mails, wake=wake),
        Step("withdraw", site, kit.withdraw, stored=withdrawn, mails=kit.mails, wake=wake),
    )
    for step in steps:
        step.name = name + step.name
    return {step.name: step for step in steps}


def peer_steps(peer: Newsletter) -> list[Step]:
    """The same way with django-newsletter."""
    site = peer.site
    return [
        Step("peer form", site, peer.form),
        Step("peer subscribe", site, peer.subscribe, status=302, stored=peer.all),
        Step("peer activate", site, peer.activate, status=302, stored=peer.active),
        Step("peer unsubscribe", site, peer.unsubscribe, status=302, stored=peer.gone),
    ]


@contextmanager
def side_by_side(folder: Path, workers: int, with_peer: bool) -> Iterator[dict[str, Measured]]:
    """Everything that takes turns, by name."""
    with ExitStack() as stack:
        mail = stack.enter_context(servers.mail_server(folder, 0))
        slow = stack.enter_context(servers.mail_server(folder, SLOW))
        nobody = free_port()
        bare = stack.enter_context(servers.hello(folder_in(folder, "hello"), workers))
        measured: list[Measured] = [
            Step("hello", bare, lambda number: [get("/", bare.host)] * number),
            Floor("transaction", folder_in(folder, "floor"), workers),
        ]
        home = folder_in(folder, "kit")
        site = stack.enter_context(servers.product(home, mail))
        measured += kit_steps(site, Akkoord.served(site, home)).values()
        for name, port in (("slow mail", slow), ("no mail", nobody)):
            home = folder_in(folder, name)
            site = stack.enter_context(servers.product(home, port))
            kit = Akkoord.served(site, home)
            measured.append(Step(f"submit, {name}", site, kit.submit, stored=kit.sent, settle=kit.settle))
        if with_peer:
            for name, backend, port in (
                ("peer", "smtp", mail),
                ("peer, mail removed", "dummy", mail),
                ("peer, slow mail", "smtp", slow),
                ("peer, no mail", "smtp", nobody),
            ):
                home = folder_in(folder, name)
                peer = Newsletter(stack.enter_context(servers.peer(home, workers, backend, port)), home)
                if name == "peer":
                    measured += peer_steps(peer)
                else:
                    # With mail down the peer shows its form again, with a row that nobody is mailed about.
                    status = 200 if name == "peer, no mail" else 302
                    label = name.replace("peer", "peer subscribe")
                    measured.append(Step(label, peer.site, peer.subscribe, status=status, stored=peer.all))
        yield {one.name: one for one in measured}
