"""Whether the time of an answer can tell who is known: processor time of a submission, by its address."""

import random
from pathlib import Path
from statistics import median

from . import servers
from .akkoord import KINDS, Akkoord
from .figures import Spread, ratio
from .load import Broken, drive

_BLOCKS = 16


def measured(folder: Path, number: int) -> dict[str, dict[str, Spread]]:
    """Submit for so many addresses of each kind, one after the other and the kinds mixed.

    Returns for each kind the milliseconds that the web processes take for one, and how many times those of an address
    that is new; the range is that of the medians of sixteen parts of the run.
    """
    with servers.mail_server(folder, 0) as mail, servers.product(folder, mail) as site:
        kit = Akkoord.served(site, folder)
        people = kit.prepare_kinds(lambda requests: drive(site.port, requests), number)
        requests = {kind: kit.submit_by(people[kind]) for kind in KINDS}
        taken: dict[str, list[float]] = {kind: [] for kind in KINDS}
        pids = site.web()
        for index in range(number):
            for kind in random.sample(KINDS, len(KINDS)):  # what ran before decides what the caches hold
                before = sum(map(servers.cpu_of, pids))
                if drive(site.port, [requests[kind][index]]).statuses != {200: 1}:
                    raise Broken(f"a submission for an address that is {kind} was refused")
                taken[kind].append((sum(map(servers.cpu_of, pids)) - before) * 1000)
    parts = {kind: _medians(times) for kind, times in taken.items()}
    return {kind: {"ms": Spread.of(parts[kind]), "ratio": ratio(parts[kind], parts["new"])} for kind in KINDS}


def _medians(times: list[float]) -> list[float]:
    size = max(1, len(times) // _BLOCKS)
    return [median(times[start : start + size]) for start in range(0, len(times) - size + 1, size)]
