"""One thing that is measured, round after round: how it is asked, and that every answer was right and stored."""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .figures import percentile
from .load import Broken, drive
from .servers import PROGRAMS, Site

_AT_MOST = 120
"""Seconds that the mails of one round may take."""


@dataclass
class Figures:
    """What the rounds of one thing gave; latencies and processor times in milliseconds.

    `rates` are answers per second and `cpu` is what the web processes and their master took for one. `finished` is how
    many per second until the last mail was handed over too, and `total` what all processes took for one of these;
    `mail` is the part of the worker for each mail.
    """

    rates: list[float] = field(default_factory=list)
    finished: list[float] = field(default_factory=list)
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    total: list[float] = field(default_factory=list)
    mail: list[float] = field(default_factory=list)
    answers: int = 0
    connections: int = 0

    def add(self, other: "Figures") -> None:
        """Take over what another round gave."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


@dataclass
class Step:
    """Something that a site is asked. `stored` counts what each answer must have raised by one.

    `mails` counts those that wait and those that were handed over: a round ends when none waits. `wake` sets the worker
    to work before it, since it looks only now and then while there are none; `settle` lets no mail of a round be sent
    during the next.
    """

    name: str
    site: Site
    requests: Callable[[int], Sequence[bytes]]
    status: int = 200
    stored: Callable[[], int] | None = None
    mails: Callable[[], tuple[int, int]] | None = None
    wake: Callable[[], None] | None = None
    settle: Callable[[], None] | None = None
    figures: Figures = field(default_factory=Figures)
    rate: float = 0.0

    def warm(self, number: int) -> None:
        """Ask a few times, until it is warm, and see how fast it is."""
        self._asked(number)
        self.rate = self._asked(number).rates[-1]

    def round(self, seconds: float) -> None:
        """Ask for about that long."""
        found = self._asked(max(16, round(self.rate * seconds)))
        self.figures.add(found)
        self.rate = found.rates[-1]

    def _asked(self, number: int) -> Figures:
        requests = self.requests(number)
        if not requests:
            raise Broken(f"{self.name}: there is nobody left to ask")
        if self.wake:
            self.wake()
        before = self.stored() if self.stored else 0
        left, sent = self.mails() if self.mails else (0, 0)
        begun, (web, mailer) = time.perf_counter(), self.site.cpu()
        load = drive(self.site.port, requests)
        answered, done = self.site.cpu()[0] - web, len(load.latencies)
        if load.statuses != {self.status: len(requests)}:
            raise Broken(f"{self.name}: answered {dict(load.statuses)}")
        if self.stored and self.stored() - before != done:
            raise Broken(f"{self.name}: {done} answers, but {self.stored() - before} stored")
        found = Figures(
            rates=[load.rate],
            finished=[load.rate],
            p50=[percentile(load.latencies, 0.5) * 1000],
            p99=[percentile(load.latencies, 0.99) * 1000],
            cpu=[answered / done * 1000],
            total=[answered / done * 1000],
            answers=done,
            connections=load.opened,
        )
        if self.mails:
            handed_over = self._handed_over() - sent
            found.finished = [done / (time.perf_counter() - begun)]
            found.mail = [(self.site.cpu()[1] - mailer) / handed_over * 1000]
            found.total[0] += found.mail[0] * (handed_over - left) / done  # without those of `wake`
        if self.settle:
            self.settle()
        return found

    def _handed_over(self) -> int:
        """Wait until no mail waits; how many were handed over so far."""
        assert self.mails is not None
        until = time.monotonic() + _AT_MOST
        while (now := self.mails())[0]:
            if time.monotonic() > until:
                raise Broken(f"{self.name}: {now[0]} mails still wait")
            time.sleep(0.02)
        return now[1]


@dataclass
class Floor:
    """The transactions without HTTP, by as many processes as there are web processes."""

    name: str
    folder: Path
    workers: int
    figures: Figures = field(default_factory=Figures)

    def warm(self, number: int) -> None:
        """Make the database: SQLite refuses one of two that do so at once."""
        self._run(0.0, 0.0, 1)

    def round(self, seconds: float) -> None:
        """Do as many as can be done in that time."""
        begin = time.monotonic() + 0.5
        end = begin + seconds
        rate = self._run(begin, end, self.workers)
        self.figures.rates.append(rate)
        self.figures.answers += round(rate * seconds)

    def _run(self, begin: float, end: float, workers: int) -> float:
        command = [sys.executable, "-P", str(PROGRAMS / "transactions.py"), str(self.folder / "floor.db")]
        processes = [
            subprocess.Popen([*command, str(begin), str(end)], stdout=subprocess.PIPE, text=True)
            for _ in range(workers)
        ]
        return sum(float(process.communicate(timeout=60)[0]) for process in processes)


Measured = Step | Floor


def alternate(measured: Sequence[Measured], rounds: int, seconds: float, say: Callable[[str], None]) -> None:
    """One round of each, then the next round of each, so that whatever drifts meets all of them alike."""
    for one in measured:
        one.warm(16)
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}")
        for one in measured:
            one.round(seconds)
