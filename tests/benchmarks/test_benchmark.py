"""The benchmark itself: that it counts what it says it counts, and keeps silent where its runs disagree."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from xml.etree import ElementTree

import pytest

from tests.server.running import environment

from . import callgrind, instructions, known, lookups, plot, report, servers, weight
from .__main__ import wanted
from .akkoord import Akkoord
from .figures import Spread, halves_agree, percentile, ratio
from .load import Broken, drive, get, post
from .rounds import Figures, Floor, Step, alternate
from .run import as_json
from .sides import kit_steps
from .targets import DISAGREE, of_ratios, of_sizes

STEADY = Figures(rates=[100, 104, 98, 101], p99=[2, 2, 2, 2], cpu=[0.5, 0.5, 0.5, 0.5], mail=[1, 1, 1, 1])
SLOWED = Figures(rates=[90, 88, 60, 61], p99=[2, 2, 2, 2], cpu=[0.9, 0.8, 0.5, 0.5])


class DecisionRecorder(BaseHTTPRequestHandler):
    """Answers a GET with its path, and a POST with what it was sent. The path /cut ends in the middle."""

    def do_GET(self) -> None:
        self._answer(self.path.encode())

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, body: bytes) -> None:
        self.send_response(404 if self.path == "/missing" else 200)
        self.send_header("Content-Length", str(len(body) + (self.path == "/cut")))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = self.close_connection or self.path == "/cut"

    def log_message(self, *_: object) -> None:
        """Nobody reads a log of this."""


@contextmanager
def answering(protocol: str) -> Iterator[int]:
    """A server that speaks this version of HTTP; yields its port."""
    handler = type("Handler", (DecisionRecorder,), {"protocol_version": protocol})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def test_a_connection_is_used_again_only_where_the_server_leaves_it_open() -> None:
    requests = [get("/", "here")] * 20 + [post("/", "here", b"a=b")] * 20
    with answering("HTTP/1.1") as port:
        kept = drive(port, requests, connections=4)
    with answering("HTTP/1.0") as port:
        closed = drive(port, requests, connections=4)
    assert (kept.opened, closed.opened) == (4, 40)
    assert kept.statuses == closed.statuses == {200: 40}
    assert len(kept.latencies) == 40
    assert kept.latencies == sorted(kept.latencies)


def test_every_status_is_counted_and_half_an_answer_is_none() -> None:
    with answering("HTTP/1.1") as port:
        assert drive(port, [get("/", "here"), get("/missing", "here")]).statuses == {200: 1, 404: 1}
        with pytest.raises(Broken):
            drive(port, [get("/cut", "here")])


def test_percentiles_are_values_that_occurred() -> None:
    values = [float(value) for value in range(1, 101)]
    assert [percentile(values, part) for part in (0.5, 0.99, 1)] == [50, 99, 100]
    assert percentile([7.0], 0.99) == 7


@pytest.mark.parametrize(
    ("rounds", "agree"),
    [
        ([10, 10, 11, 11], True),
        ([10, 10, 12, 12], False),
        ([10, 99, 10], True),
        ([10], False),
    ],
)
def test_runs_agree_only_when_their_halves_do(rounds: list[float], agree: bool) -> None:
    assert halves_agree(rounds) is agree
    assert Spread.of(rounds).agrees is agree


def test_a_ratio_is_taken_round_by_round() -> None:
    drifting = ratio([50, 25, 100, 10], [100, 50, 200, 20])
    assert (drifting.median, drifting.low, drifting.high, drifting.agrees) == (0.5, 0.5, 0.5, True)


def test_a_round_ends_when_no_mail_waits_and_counts_the_mails_of_its_own_acts_alone() -> None:
    queue = iter([(24, 100), (30, 110), (0, 140)])
    clocks = iter([(0.0, 0.0), (1.6, 0.5), (1.7, 4.0)])

    class ReadSite(servers.Site):
        def cpu(self) -> tuple[float, float]:
            return next(clocks)

    with subprocess.Popen([sys.executable, "-c", ""]) as process, answering("HTTP/1.1") as port:
        step = Step("submit", ReadSite(process, port), lambda number: [get("/", "here")] * number)
        step.mails = lambda: next(queue)
        step.round(0)
    found = step.figures
    assert (found.answers, found.cpu, found.mail) == (16, [100.0], [100.0])
    assert found.total == [200.0]
    assert found.finished[0] < found.rates[0]


def test_no_ratio_is_told_when_the_runs_disagree() -> None:
    told, withheld = of_ratios({"hello": STEADY, "form": STEADY, "submit": SLOWED})
    assert (told.what, told.met) == ("form / hello", True)
    assert told.measured.startswith("1.00")
    assert (withheld.what, withheld.measured, withheld.met) == ("submit / hello", DISAGREE, None)


def test_the_tables_take_the_place_between_the_marks_alone(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    page.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n", encoding="utf-8")
    for _ in range(2):
        report.write_into(page, "| new |", "plot.svg")
    lines = page.read_text(encoding="utf-8").splitlines()
    assert [lines[0], *lines[-3:]] == ["before", "| new |", report.END, "after"]
    assert len(lines) == 7
    page.write_text("no marks", encoding="utf-8")
    with pytest.raises(LookupError):
        report.write_into(page, "| new |", "plot.svg")


def test_the_plot_has_a_bar_for_each_step_that_was_measured() -> None:
    drawn = ElementTree.fromstring(plot.drawn({"hello": STEADY, "form": STEADY, "submit": SLOWED}))  # noqa: S314
    assert len(drawn.findall("{*}rect")) == 3


def test_what_was_asked_for_is_measured_with_what_it_needs() -> None:
    known = {name: Floor(name, Path(), 1) for name in ("hello", "transaction", "form", "submit", "confirm")}
    assert [one.name for one in wanted(["--only", "confirm"]).steps(known)] == [
        "hello", "transaction", "submit", "confirm",
    ]  # fmt: skip
    assert not wanted(["--quick"]).whole
    assert wanted([]).whole
    with pytest.raises(SystemExit, match="no such step: subnit"):
        wanted(["--only", "subnit"]).steps(known)


def test_people_are_found_however_many_there_are(tmp_path: Path) -> None:
    lines = lookups.measured(tmp_path, (20_000,), 1, lambda _: None)
    assert [(line["by"], line["people"]) for line in lines] == [
        ("address", 10_000), ("link", 10_000), ("address", 20_000), ("link", 20_000),
    ]  # fmt: skip
    assert list(tmp_path.iterdir()) == []


def test_every_step_is_answered_and_stored_by_the_kit_as_it_is_served(tmp_path: Path) -> None:
    with servers.mail_server(tmp_path, 0) as mail, servers.product(tmp_path, mail) as site:
        steps = kit_steps(site, Akkoord.served(site, tmp_path))
        floor = Floor("transaction", tmp_path, 1)
        alternate([floor, steps["form"]], 2, 0.01, lambda _: None)
        assert len(steps["form"].figures.rates) == len(floor.figures.rates) == 2
        assert floor.figures.answers > 0
        for step in steps.values():
            step.round(0.01)
            assert step.figures.answers >= 16, step.name
            assert step.figures.total[0] >= step.figures.cpu[0] > 0, step.name
        assert len(site.web()) == 1
        assert site.memory()["rss"] > site.memory()["pss"] > 1
        assert min(weight.weights(site).values()) > 100

        steps["submit"].stored = lambda: 0
        with pytest.raises(Broken, match="stored"):
            steps["submit"].round(0.01)
    results = {"steps": {name: step.figures for name, step in steps.items()}, "lookups": []}
    assert '"withdraw"' in as_json(results, [])


def test_addresses_that_are_known_are_timed_beside_new_ones(tmp_path: Path) -> None:
    found = known.measured(tmp_path, 4)
    assert list(found) == ["new", "pending", "granted", "suppressed"]
    assert all(figures["ms"].low > 0 for figures in found.values())
    assert found["new"]["ratio"].median == 1


def test_the_others_are_served_under_the_settings_of_the_kit(tmp_path: Path) -> None:
    assert servers.gunicorn_options(3)["workers"] == 3
    with servers.hello(tmp_path, 1) as site:
        assert drive(site.port, [get("/", site.host)] * 5).statuses == {200: 5}
        assert len(site.web()) == 1


def test_an_upper_bound_is_met_by_the_median_and_withheld_where_runs_disagree() -> None:
    spread, torn = Spread(1.9, 1.8, 2.2, agrees=True), Spread(1.9, 1, 3, agrees=False)
    lookup = {"by": "link", "people": 20_000, "ratio": spread}
    results = {"steps": {"submit": STEADY, "hello": SLOWED}, "start": {"Akkoord": [0.9, 1.2, 1.3]}}
    results |= {name: {} for name in ("memory", "weight", "scale")}
    results |= {
        "instructions": {"submit": 1_950_000},
        "known": {"pending": {"ratio": Spread(1.04, 1, 1.1, agrees=True)}},
    }
    found = of_sizes(results | {"lookups": [lookup, lookup | {"ratio": torn}]})
    assert [(one.measured, one.met) for one in found] == [
        ("1.00 (1.00 – 1.00)", True),
        ("1.00 (1.00 – 1.00) ms", False),
        ("1.95 M", False),
        ("1.04 (1.00 – 1.10)", False),
        ("1.20 (0.90 – 1.30) s", False),
        ("1.90 (1.80 – 2.20)", True),
        (DISAGREE, None),
    ]


def test_an_act_that_takes_a_tenth_more_instructions_is_told_and_another_build_is_not_compared() -> None:
    kept = {"build": instructions.build(), "instructions": {"submit": 1_000_000, "confirm": 1_000_000}}
    found = {"submit": 1_100_000, "confirm": 1_040_000, "withdraw": 2_000_000}
    told, worse = instructions.compared(found, kept)
    assert worse == ["submit"]
    assert "| submit | 1.100 | 1.000 | 1.100 |" in told
    assert instructions.compared(found, kept | {"build": "Python 4"})[1] == []


def test_instructions_are_counted_within_a_block_alone_or_it_is_said_what_that_needs(tmp_path: Path) -> None:
    if lack := callgrind.missing():
        with pytest.raises(SystemExit, match=f"cannot be counted: {re.escape(lack)}"):
            instructions.main([])
        return
    program = tmp_path / "counts.py"
    program.write_text(
        "from tests.benchmarks.callgrind import Counter\n"
        "counter = Counter()\n"
        "sum(range(100_000))\n"
        "counter.begin()\n"
        "for name, number in (('few', 10_000), ('many', 30_000)):\n"
        "    sum(range(100_000))\n"
        "    with counter.counting(name, 10):\n"
        "        sum(range(number))\n"
    )
    found = callgrind.counted(["-P", str(program)], tmp_path, environment(tmp_path))
    assert found["many"] / found["few"] == pytest.approx(3, rel=0.05)
