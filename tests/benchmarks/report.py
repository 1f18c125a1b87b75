"""The tables: for the terminal, and between two marks in docs/benchmarks.md."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from .figures import Spread
from .rounds import Figures
from .targets import DISAGREE, Verdict, digits, ranged, shown

BEGIN, END = "<!-- bench -->", "<!-- /bench -->"
_MET = {True: "met", False: "**not met**", None: DISAGREE}


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; all columns but the first hold figures."""
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def tables(results: Mapping[str, Any], verdicts: Sequence[Verdict]) -> str:
    """All tables, as far as something was measured for them."""
    parts = [_machine(results), _goals(verdicts)]
    if results["steps"]:
        parts.append(_steps(results["steps"]))
    if results["known"]:
        parts.append(_known(results["known"]))
    if results["instructions"]:
        rows = [[name, f"{number / 1_000_000:.2f}"] for name, number in results["instructions"].items()]
        parts.append(table(("act", "M instructions"), rows))
    if results["memory"]:
        parts.append(_sizes(results))
    if results["lookups"]:
        parts.append(_lookups(results["lookups"]))
    if results["scale"]:
        parts.append(_scale(results["scale"]))
    return "\n\n".join(parts)


def write_into(page: Path, text: str, plot: str) -> None:
    """Put the tables between the marks of the page."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise LookupError(f"{page.name} has no {BEGIN} … {END}")
    picture = f"![What each server answers in a second, as bars]({plot})"
    page.write_text(f"{before}{BEGIN}\n{picture}\n\n{text}\n{END}{after}", encoding="utf-8")


def _machine(results: Mapping[str, Any]) -> str:
    machine, settings = results["machine"], results["settings"]
    told = ("worker_class", "workers", "threads", "keepalive")
    server = ", ".join(f"{name} {settings['gunicorn'][name]}" for name in told if name in settings["gunicorn"])
    per = settings["requests_per_connection"]
    kept = f"opened anew after {per:g} requests" if per > 1 else "opened anew for each request"
    return (
        f"Measured on {results['date']}: {machine['cpus']} processors, {machine['system']}, "
        f"{machine['python']}, SQLite {machine['sqlite']}; all on loopback and on those processors, "
        f"the load generator too. Every server under gunicorn {machine['gunicorn']} ({server}), "
        f"{settings['connections']} connections at once, {kept}. {settings['rounds']} rounds of "
        f"{settings['seconds']:g} s of each, by turns; medians, and in brackets the lowest and highest round. "
        "An act is finished when its mail is handed over; all own processes are counted until none waits."
    )


def _goals(verdicts: Sequence[Verdict]) -> str:
    rows = [[one.what, one.by, one.goal, one.measured, _MET[one.met]] for one in verdicts]
    return table(("goal", "by", "is to be", "measured", ""), rows)


def _steps(steps: Mapping[str, Figures]) -> str:
    rows = []
    for name, figures in steps.items():
        rates = Spread.of(figures.rates)
        finished = ranged(Spread.of(figures.finished)) if figures.mail else ""
        others = (figures.p50, figures.p99, figures.cpu, figures.mail, figures.total if figures.mail else ())
        rows.append([name, ranged(rates), finished, *map(_median, others)])
    head = ("step", "per second", "finished per second", "p50 ms", "p99 ms", "web ms", "a mail, ms", "finished, ms")
    return table(head, rows)


def _median(values: Sequence[float]) -> str:
    return digits(Spread.of(values).median) if values else ""


def _known(known: Mapping[str, Mapping[str, Spread]]) -> str:
    rows = [[kind, ranged(figures["ms"]), shown(figures["ratio"])] for kind, figures in known.items()]
    return table(("submission for an address that is", "web ms", "× new"), rows)


def _sizes(results: Mapping[str, Any]) -> str:
    rows = []
    for name, memory in results["memory"].items():
        start = results["start"].get(name, [])
        rows.append([name, digits(memory["rss"]), digits(memory["pss"]), _median(start)])
    if first := results["start"].get("Akkoord, first of all"):
        rows.append(["Akkoord, new installation", "", "", _median(first)])
    found = table(("server", "web processes, RSS MiB", "PSS MiB", "start to first answer, s"), rows)
    weight = results["weight"]
    return (
        f"{found}\n\nA visitor loads {weight['page']:,} bytes of page, {weight['styles']:,} of styles and "
        f"{weight['scripts']:,} of script, and a company's page {weight['embed.js']:,} for `embed.js`; all gzip."
    )


def _lookups(lines: Sequence[Mapping[str, Any]]) -> str:
    rows = [
        [
            f"{line['people']:,}, by {line['by']}",
            digits(line["p50_us"].median),
            digits(line["p99_us"].median),
            shown(line["ratio"]) if line["ratio"] else "",
        ]
        for line in lines
    ]
    return table(("people", "p50 µs", "p99 µs", "× 10,000 people"), rows)


def _scale(scale: Mapping[str, Mapping[str, Figures]]) -> str:
    names = list(next(iter(scale.values())))
    rows = []
    for label, steps in scale.items():
        row = [label]
        for name in names:
            rates, slowest = Spread.of(steps[name].rates), Spread.of(steps[name].p99)
            row.append(f"{ranged(rates)}; {digits(slowest.median)}")
        rows.append(row)
    return table(("per second (range); p99 ms", *names), rows)
