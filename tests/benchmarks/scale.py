"""SQLite and PostgreSQL with 1, 2 and 4 web processes: the same steps, by turns."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from . import postgresql, servers
from .akkoord import Akkoord
from .rounds import Figures, alternate
from .sides import folder_in, kit_steps

STEPS = ("form", "submit", "confirm", "withdraw")


def measured(
    folder: Path, processes: tuple[int, ...], rounds: int, seconds: float, say: Callable[[str], None]
) -> dict[str, dict[str, Figures]]:
    """The figures of each step by database and number of web processes."""
    with ExitStack() as stack:
        mail = stack.enter_context(servers.mail_server(folder, 0))
        database = stack.enter_context(postgresql.running(folder))
        taking_turns, found = [], {}
        for number in processes:
            for kind, url in (("SQLite", ""), ("PostgreSQL", database.database(f"kit{number}"))):
                name = f"{kind}, {number} web"
                home = folder_in(folder, name)
                site = stack.enter_context(servers.product(home, mail, number, url))
                steps = kit_steps(site, Akkoord.served(site, home, url), f"{name}: ")
                taking_turns += [steps[f"{name}: {step}"] for step in STEPS]
                found[name] = {step: steps[f"{name}: {step}"].figures for step in STEPS}
        alternate(taking_turns, rounds, seconds, say)
    return found
