"""An answer leaves only after what it acknowledges is on disk: the order of system calls, as strace sees it.

A killed process does not show this, because the kernel still writes what a dead process wrote. So the last write to
the write-ahead log before an answer must be followed by a sync of that same file, which has ended before the answer
begins. Whichever process or thread writes and syncs.
"""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faults.conftest import Quiet
from tests.faults.strace import Call, calls, strace
from tests.faults.visitor import ACTS, SUBMIT
from tests.server.running import Answer, session

_CALLS = "trace=write,writev,pwrite64,pwritev,pwritev2,sendto,sendmsg,fsync,fdatasync"
_WRITES = ("write", "writev", "pwrite64", "pwritev", "pwritev2")
_SYNCS = ("fsync", "fdatasync")


def unsynced(seen: list[Call]) -> list[str]:
    """The answers that left before the last write to a write-ahead log was on disk; and no answer or write at all."""
    answers = [call for call in seen if call.answers]
    writes = [call for call in seen if call.name in _WRITES and call.file.endswith("-wal")]
    if not answers or not [write for write in writes if write.began < answers[0].began]:
        return ["no answer after a write to the log"]
    faults = []
    for answer in answers:
        before = {write.file: write for write in writes if write.began < answer.began}
        for file, write in before.items():
            synced = [
                call
                for call in seen
                if call.name in _SYNCS and call.file == file and call.worked
                if write.ended <= call.began and call.ended < answer.began
            ]
            if not synced:
                faults.append(f"{answer.text[:60]} after {write.text[:60]}")
    return faults


@pytest.fixture(scope="module")
def pages(quiet: Quiet) -> dict[tuple[str, str], Answer]:
    return quiet.ready([(act, f"{act}.order@voorbeeld.test") for act in ACTS])


@pytest.mark.parametrize("act", ACTS)
def test_an_answer_leaves_after_the_commit_is_on_disk(
    quiet: Quiet, pages: dict[tuple[str, str], Answer], tmp_path: Path, act: str
) -> None:
    email = f"{act}.order@voorbeeld.test"
    trace = tmp_path / "trace"
    with strace(trace, session(quiet.product.master), "-e", _CALLS):
        assert quiet.visitors.press(act, email, pages[act, email])
    assert unsynced(calls(trace.read_text())) == []


def is_logged(seen: list[Call], request: Call) -> bool:
    """Whether between this request and its answer the log was written, and then synced."""
    answer = next(call for call in seen if call.answers and call.file == request.file and call.began > request.ended)
    meanwhile = [call for call in logs(seen) if request.ended < call.began and call.ended < answer.began]
    writes = [call for call in meanwhile if call.name in _WRITES]
    syncs = [call for call in meanwhile if call.name in _SYNCS and call.worked]
    return any(write.ended < sync.began for write in writes for sync in syncs)


def logs(seen: list[Call]) -> list[Call]:
    return [call for call in seen if call.file.endswith("-wal")]


def test_an_answer_leaves_after_the_commit_that_its_act_shares_with_others(quiet: Quiet, tmp_path: Path) -> None:
    people = [f"together@person{number}.test" for number in range(8)]
    pages = [quiet.visitors.page(SUBMIT, who) for who in people]
    slow = "inject=fsync,fdatasync:delay_enter=300000"  # microseconds: the others wait for their turn meanwhile
    trace = tmp_path / "trace"
    processes = session(quiet.product.master)
    with strace(trace, processes, "-e", f"{_CALLS},recvfrom", "-e", slow), ThreadPoolExecutor(len(people)) as pool:
        assert all(pool.map(quiet.visitors.press, [SUBMIT] * len(people), people, pages))
    seen = calls(trace.read_text())
    assert [is_logged(seen, call) for call in seen if call.reads_request] == [True] * len(people)
    commits = [call for call in logs(seen) if call.name in _SYNCS]
    assert len(commits) < len(people), "none of them shared a commit"


_WRITE = '7 pwrite64(8</d/akkoord.db-wal>, "..", 24, 0) = 24'
_SYNC = "7 fdatasync(8</d/akkoord.db-wal>) = 0"
_ANSWER = '7 sendto(10<socket:[1]>, "HTTP/1.1 200 OK", 15, 0, NULL, 0) = 15'


@pytest.mark.parametrize(
    ("lines", "is_right"),
    [
        ([_WRITE, _SYNC, _ANSWER], True),
        ([_WRITE, "9 fdatasync(4</d/akkoord.db-wal>) = 0", _ANSWER], True),
        ([_WRITE, _ANSWER], False),
        ([_WRITE, _ANSWER, _SYNC], False),
        ([_WRITE, _SYNC, _WRITE, _ANSWER], False),
        ([_WRITE, "7 fdatasync(8</d/akkoord.db>) = 0", _ANSWER], False),
        ([_WRITE, "7 fdatasync(8</d/akkoord.db-wal>) = -1 EIO (Input/output error) (INJECTED)", _ANSWER], False),
        (
            [
                _WRITE,
                "9 fdatasync(8</d/akkoord.db-wal> <unfinished ...>",
                _ANSWER,
                "9 <... fdatasync resumed>) = 0",
            ],
            False,
        ),
        (
            [
                "9 fdatasync(8</d/akkoord.db-wal> <unfinished ...>",
                _WRITE,
                "9 <... fdatasync resumed>) = 0",
                _ANSWER,
            ],
            False,
        ),
        (
            [
                _WRITE,
                "9 fdatasync(8</d/akkoord.db-wal> <unfinished ...>",
                "7 futex(0x1, FUTEX_WAIT",
                "9 <... fdatasync resumed>) = 0",
                _ANSWER,
            ],
            True,
        ),
        ([_ANSWER], False),
        ([_WRITE, _SYNC], False),
    ],
)
def test_the_order_of_a_trace_is_judged_rightly(lines: list[str], is_right: bool) -> None:
    assert (unsynced(calls("\n".join(lines))) == []) is is_right
