"""What must hold whatever broke: holds the rows of the database against the mails that came and what people heard."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from app.services.context import Context
from tests import audit
from tests.faults import visitor
from tests.faults.product import COUNTS, Product
from tests.faults.visitor import Visitors

_ACTS = {
    visitor.SUBMIT: (("requested",), "confirm"),
    visitor.ASK: (("requested", "guardian_asked"), "guardian_asks"),
    visitor.CONFIRM: (("confirmed", "granted"), "receipt"),
    visitor.DECIDE: (("granted",), "mail_plus"),
    visitor.WITHDRAW: (("withdrawn",), "withdrawn"),
}
"""What each act leaves behind: entries in the ledger, and a mail."""


def check(product: Product, visitors: Visitors) -> None:
    """Wait until all mails have gone, and assert every invariant."""
    product.settle()
    with product.ctx() as ctx:
        assert audit.verify(ctx) > 0
        problems = [*lost(ctx, visitors), *halves(ctx), *mails_astray(ctx, product), *visitors.wrong]
        doubled = sum(product.sink.ids().values()) - len(product.sink.ids())
    assert problems == []
    assert doubled <= product.crashes, f"{doubled} mails came twice after {product.crashes} crashes"
    COUNTS["doubled mails"] += doubled


def lost(ctx: Context, visitors: Visitors) -> list[str]:
    """What was acknowledged and is not there: each act with its ledger entries and its mail."""
    people = {row["email"]: row["id"] for row in audit.rows(ctx, "subjects")}
    entries = {(entry["subject"], entry["kind"]) for entry in audit.rows(ctx, "ledger")}
    mails = {(mail["subject"], mail["kind"]) for mail in audit.rows(ctx, "outbox")}
    states = {row["subject"]: row["status"] for row in audit.rows(ctx, "consents")}
    missing = []
    for act, email in sorted(visitors.acknowledged):
        subject = people.get(email, "")
        kinds, mail = _ACTS[act]
        missing += [f"{act} of {email}: no entry {kind}" for kind in kinds if (subject, kind) not in entries]
        if (subject, mail) not in mails:
            missing.append(f"{act} of {email}: no mail {mail}")
        stopped = (visitor.WITHDRAW, email) in visitors.acknowledged
        if act in (visitor.CONFIRM, visitor.DECIDE) and states.get(subject) not in ("granted", "withdrawn"):
            missing.append(f"{act} of {email}: {states.get(subject)}")
        if stopped and states.get(subject) != "withdrawn":
            missing.append(f"the withdrawal of {email}: {states.get(subject)}")
    COUNTS["lost"] += len(missing)
    return missing


def halves(ctx: Context) -> list[str]:
    """States without their ledger entry or their mail, and entries without their state: acts that were cut in two."""
    kinds: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for entry in audit.rows(ctx, "ledger"):
        kinds[entry["subject"]][entry["kind"]] += 1
    mails: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for mail in audit.rows(ctx, "outbox"):
        mails[mail["subject"]][mail["kind"]] += 1
    requests: defaultdict[str, list[audit.Entry]] = defaultdict(list)
    for request in audit.rows(ctx, "requests"):
        requests[request["subject"]].append(request)
    consents = {row["subject"]: row["status"] for row in audit.rows(ctx, "consents")}
    wrong = []
    for subject in {row["id"]: row for row in audit.rows(ctx, "subjects")}.values():
        own = subject["id"]
        expected = dict(_expected(subject, requests[own], consents.get(own, "")))
        found = {
            name: kinds[own][name] for name in ("requested", "guardian_asked", "confirmed", "granted", "withdrawn")
        }
        found |= {f"mail {name}": count for name, count in mails[own].items()}
        if Counter(expected) != Counter(found):
            wrong.append(f"{subject['email']}: there is {found}, and there should be {expected}")
    strangers = (set(kinds) | set(mails) | set(requests) | set(consents)) - {
        row["id"] for row in audit.rows(ctx, "subjects")
    }
    return wrong + [f"rows about nobody: {subject}" for subject in strangers]


def _expected(subject: audit.Entry, requests: list[audit.Entry], status: str) -> Iterator[tuple[str, int]]:
    """How often each entry and each mail has to be there for somebody who does each act once, with one purpose."""
    is_child = bool(subject["child_key"])
    closed = [request for request in requests if request["status"] == "confirmed"]
    yield "requested", len(requests)
    yield "guardian_asked", len(requests) * is_child
    yield "mail guardian_asks" if is_child else "mail confirm", 1
    yield "confirmed", len(closed) * (not is_child)
    yield "granted", int(bool(status))
    yield "mail mail_plus" if is_child else "mail receipt", len(closed)
    yield "withdrawn", int(status == "withdrawn")
    yield "mail withdrawn", int(status == "withdrawn")


def mails_astray(ctx: Context, product: Product) -> list[str]:
    """Mails that never came though they are said to be sent, that nobody put in the outbox, or that are noted twice."""
    rows = {row["id"]: row for row in audit.rows(ctx, "outbox")}
    came = product.sink.ids()
    noted: Counter[tuple[str, str]] = Counter()
    for entry in audit.rows(ctx, "ledger", "kind IN ('mailed', 'mail_failed')"):
        noted[entry["subject"], entry["kind"]] += 1
    ended = {"sent": "mailed", "failed": "mail_failed"}
    should = Counter((row["subject"], ended[row["status"]]) for row in rows.values() if row["status"] in ended)
    return [
        *(
            f"never came: {row['kind']} {row['status']}"
            for row in rows.values()
            if row["status"] == "sent" and row["id"] not in came
        ),
        *(f"from nowhere: {mail}" for mail in came.keys() - rows.keys()),
        *(f"came {count} times: {mail}" for mail, count in came.items() if count > 2),
        *(
            f"noted {noted[key]} times, ended {should[key]} times: {key}"
            for key in noted | should
            if noted[key] != should[key]
        ),
    ]
