"""SIGKILL of the process that answers, right before a system call of an act: all of the act is stored, or nothing.

strace counts the calls from the moment at which it attaches to an idle process, in each thread by their names. So which
call is hit depends on nothing but what the act does; the call that is hit is never made. In full, an act is first
watched, in a process that has done it once already, as it has at each kill: that tells which calls its thread makes.
Then somebody does it anew for each of them, up to the answer. In short, the kills aim at what matters most: the first
and the last write of the commit, its sync, and the answer.
"""

from pathlib import Path

import pytest

from tests.faults.auditor import halves
from tests.faults.conftest import Quiet
from tests.faults.product import COUNTS, FULL
from tests.faults.strace import Call, calls, strace
from tests.faults.visitor import ACTS
from tests.server.running import Answer

_WRITES, _SYNCS, _ANSWERS = "pwrite64,pwritev,write,writev", "fsync,fdatasync", "sendto,sendmsg"
_MOST = 140 if FULL else 5


def somebody(act: str, number: int) -> tuple[str, str]:
    return act, f"{act}@person{number}.test"  # after a hundred mails to one domain in ten minutes the rest would wait


@pytest.fixture(scope="module")
def pages(quiet: Quiet) -> dict[tuple[str, str], Answer]:
    """The pages on which somebody is about to act: for each act two to begin with, and one for each kill."""
    return quiet.ready([somebody(act, number) for act in ACTS for number in range(2 + _MOST)])


def watched(quiet: Quiet, page: Answer, output: Path, act: str) -> list[Call]:
    """The system calls of the thread that does an act, in a process that did it before.

    Another thread has read the request by then: it hands on what is whole.
    """
    with strace(output, quiet.product.webs):
        assert quiet.visitors.press(*somebody(act, 0), page)
    seen = calls(output.read_text())
    (thread,) = {call.pid for call in seen if call.answers}
    return [call for call in seen if call.pid == thread]


def moments(seen: list[Call]) -> list[str]:
    """When to kill, as strace's `inject` is told: in full, at each call from the end of reading the request."""
    if FULL:
        answered = max(number for number, call in enumerate(seen, 1) if call.name in _ANSWERS)
        until = min(answered + 4, _MOST, len(seen))
        names = [call.name for call in seen]
        return [
            f"{names[number]}:signal=KILL:when={names[: number + 1].count(names[number])}" for number in range(until)
        ]
    last = len([call for call in seen if call.name in _WRITES and call.file.endswith("-wal")])
    return [
        f"{_WRITES}:signal=KILL:when=1",
        f"{_WRITES}:signal=KILL:when={last}",
        f"{_SYNCS}:signal=KILL:when=1",
        f"{_ANSWERS}:signal=KILL:when=1",
        f"{_ANSWERS}:signal=KILL:when=2",
    ]


@pytest.mark.parametrize("act", ACTS)
def test_whatever_call_of_an_act_is_the_last_the_act_is_whole_or_not_there(
    quiet: Quiet, pages: dict[tuple[str, str], Answer], tmp_path: Path, act: str
) -> None:
    assert quiet.visitors.press(*somebody(act, 1), pages[somebody(act, 1)])
    when = moments(watched(quiet, pages[somebody(act, 0)], tmp_path / "trace", act))
    people = [somebody(act, number) for number in range(2, 2 + len(when))]
    killed = [kill_in(quiet, who, pages[who], moment) for who, moment in zip(people, when, strict=True)]
    assert sum(killed) > len(when) / 2, "hardly any of the kills hit"


def kill_in(quiet: Quiet, who: tuple[str, str], page: Answer, moment: str) -> bool:
    """Let somebody act while the process that answers is killed at that moment; then look, and let them try again."""
    act, email = who
    before = quiet.product.webs
    with strace(Path("/dev/null"), before, "-e", f"inject={moment}"):
        quiet.visitors.press(act, email, page)
    is_killed = bool(set(before) - set(quiet.product.webs))
    if is_killed:
        COUNTS["kills"] += 1
        quiet.wait_for_another(before)
    with quiet.product.ctx() as ctx:
        assert halves(ctx) == [], f"after a kill at {moment}"
    quiet.visitors.does(act, email)  # also where it is done: each kill is to meet a process that has done the act
    return is_killed
