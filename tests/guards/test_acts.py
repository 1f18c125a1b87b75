"""One way into an act: nothing else in the services opens a writing transaction, locks a chain or makes an `Act`."""

import ast
from functools import cache

from tests.guards import source

ELSEWHERE = {
    "housekeeping._clean": "counters, salts and rows of mails that have ended, of all controllers at once",
    "context.claim_for_server": "whether a server works with this database: of no controller",
    "accept.accept": "one row of what was sent, of which nothing of a person follows yet",
    "intake.take": "acts at several controllers, each behind the lock of its chain",
    "intake.retry": "what the operator does to what could not be taken at all controllers",
    "limits.count_refused": "a network has sent what asked for nothing: of no controller",
    "outbox.retry": "what the operator does to the mails and the pause of all controllers",
    "publishing.serve": "the notices of a whole folder, under a lock of their own",
    "sending.claim": "the lease of a mail: its controller is known only then, and nothing of a person changes",
    "sending._written": "the pause of the outbox, which is that of the mail server",
    "sending.deferred": "the lease of a mail and the pause of the outbox; the ledger says nothing of it",
    "sending.perhaps_sent": "as in `deferred`",
    "sending.server_failed": "as in `deferred`",
    "sending.in_doubt": "as in `deferred`",
    "sending._leave_to_newer": "as in `deferred`",
    "sending.keep": "the lease of a mail",
    "sending.postpone": "as in `give_back`",
    "sending.give_back": "the leases of mails, and the pause of the outbox",
}
"""Functions that write and are no act at a controller, each with the reason."""


@cache
def called() -> tuple[tuple[str, str], ...]:
    """What the functions of the services call, as module.function and the name that stands there."""
    return tuple(
        (f"{name.removeprefix('app/services/').removesuffix('.py')}.{function.name}", ast.unparse(call.func))
        for name, tree in source.modules("app/services")
        for function in source.walked(tree)
        if isinstance(function, ast.FunctionDef)
        for call in source.calls(function)
    )


def calls(name: str) -> set[str]:
    """The functions, as module.function, that call something of this name: `lock`, or with its owner `ledger.lock`."""
    return {function for function, callee in called() if f".{callee}".endswith(f".{name}")}


def test_only_an_act_opens_a_writing_transaction_or_else_it_says_why_it_is_none() -> None:
    assert calls("database.write") == {"act.open_act", *ELSEWHERE}


def test_only_an_act_locks_a_chain() -> None:
    assert calls("ledger.lock") == calls("ledger.lock_behind") == {"act.act_within"}


def test_an_act_is_made_nowhere_but_behind_the_lock() -> None:
    assert calls("Act") == {"act.act_within"}
    assert calls("act_within") == {"act.open_act", "intake.take"}


def test_the_clock_of_an_act_is_read_behind_the_lock() -> None:
    tree = source.parsed("app/services/act.py")
    (within,) = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "act_within"]
    lines = {ast.unparse(node.func): node.lineno for node in source.calls(within)}
    assert lines["ledger.lock"] <= lines["ledger.lock_behind"] < lines["ctx.clock"]
