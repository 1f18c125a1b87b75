"""What is queued of a mail outlives a release: rows of the last one and of this are sent, those of the next wait."""

import logging

import pytest
from sqlalchemy import delete, insert, update

from app.domain.address import Address
from app.domain.mail import VERSION, NewerPayload, Payload, UnreadablePayload
from app.services import mailing, objection
from app.services import outbox as operation
from app.services.act import open_act
from app.services.context import Context
from app.services.link_request import LinkRequest
from app.services.mail_kinds import KINDS, MailKind
from app.storage import suppressions
from app.storage.outbox import About
from app.storage.schema import outbox, written
from tests import audit
from tests.delivery import contexts, post
from tests.factories import START, Clock, send_form, send_link, token_in, work_off
from tests.services import family
from tests.services.family import MOTHER, NOOR, Child

LAST_RELEASE = {
    "confirm": '{"already": [], "site": "a.test", "at": "2026-11-21T13:32:05+00:00"}',
    "already_granted": '{"already": ["{purpose}"], "site": "a.test", "at": "2026-11-21T13:32:05+00:00"}',
    "guardian_asks": '{"already": [], "site": "a.test", "at": "2026-11-21T13:32:05+00:00"}',
    "guardian_again": '{"already": ["{purpose}"], "site": "a.test", "at": "2026-11-21T13:32:05+00:00"}',
    "renewal": '{"at": "2026-11-21T13:32:05+00:00"}',
    "guardian_renewal": '{"at": "2026-11-21T13:32:05+00:00"}',
    "receipt": '{"granted": ["{purpose}"], "refused": [], "at": "2026-11-21T13:32:05+00:00"}',
    "mail_plus": '{"granted": ["{purpose}"], "refused": [], "at": "2026-11-21T13:32:05+00:00"}',
    "withdrawn": '{"ended": [["{notice}", "{purpose}"]], "running": [], "at": "2026-11-21T13:32:05+00:00"}',
    "objected": '{"ended": [["{notice}", "{purpose}"]], "running": [], "at": "2026-11-21T13:32:05+00:00"}',
    "interest_objected": '{"purpose": "{purpose}", "at": "2026-11-21T13:32:05+00:00"}',
    "link": '{"at": "2026-11-21T13:32:05+00:00", "to_child": false, "purpose": ""}',
    "object_link": '{"at": "2026-11-21T13:32:05+00:00", "to_child": false, "purpose": ""}',
    "lift": '{"digests": ["{mailbox}", "{key}"], "since": "{since}", "to_child": false, '
    '"at": "2026-11-21T13:32:05+00:00"}',
    "opted_out": '{"at": "2026-11-21T13:32:05+00:00", "to_child": false}',
    "child_address": '{"at": "2026-11-21T13:32:05+00:00"}',
    "child_not_asked": '{"at": "2026-11-21T13:32:05+00:00"}',
    "child_receipt": '{"at": "2026-11-21T13:32:05+00:00"}',
    "child_stopped": '{"ended": [["{notice}", "{purpose}"]], "running": [], "at": "2026-11-21T13:32:05+00:00"}',
    "child_of_age": '{"running": [["{notice}", "{purpose}"]], "site": "a.test", "at": "2026-11-21T13:32:05+00:00"}',
    "guardian_of_age": '{"running": [["{notice}", "{purpose}"]], "site": "a.test", "at": "2026-11-21T13:32:05+00:00"}',
    "objections": '{"at": "2026-11-21T13:32:05+00:00"}',
}
"""What the last release wrote for each kind of mail, without a version. {words} stand for ids of the database."""
THIS_RELEASE = {kind: data[:-1] + ', "version": 1}' for kind, data in LAST_RELEASE.items()} | {
    "objections": '{"at": "2026-11-21T13:32:05+00:00", "failed": false, "version": 1}',
}
OLDER = {
    "receipt": '{"granted": ["{purpose}"], "at": "2026-11-21T13:32:05+00:00"}',
    "link": '{"at": "2026-11-21T13:32:05+00:00"}',
    "object_link": '{"at": "2026-11-21T13:32:05+00:00"}',
    "objections": '{"at": "2026-11-21T13:32:05+00:00", "failed": true}',
}
"""What earlier releases left out, or added once a mail to the contact had failed."""

_OF_NOOR = (
    "child_not_asked",
    "child_receipt",
    "child_stopped",
    "child_of_age",
    "guardian_of_age",
    "mail_plus",
    "guardian_again",
)


class World:
    """People of whom there is something to mail for every kind of mail, with an outbox that holds nothing else."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        noor, mila, zita = (
            Child(ctx, name, parent) for name, parent in (("Noor", "a@b.test"), ("Mila", MOTHER), ("Zita", "z@b.test"))
        )
        noor.allowed("recipes", child_email=NOOR)
        zita.decided(zita.asks("recipes"), "recipes", explicit=("recipes",), child_email="zita@kind.test")
        mila.sends("recipes")
        for email in ("sofie@voorbeeld.test", "never@voorbeeld.test"):
            send_form(ctx, email, ("news",), controller="demolen", form="newsletter")
        send_link(ctx, LinkRequest("demolen", "nl", Address("ob@b.test", "ob@b.test"), "192.0.2.0/24", to_object=True))
        (link,) = [one.mail for one in family.post(ctx) if one.kind == "object_link"]
        objection.object_to_marketing(ctx, token_in(link, "object"))
        with ctx.database.write() as connection:
            suppressions.add_no_mail(connection, "demolen", "never@voorbeeld.test", START)
            self.digests = suppressions.no_mail_digests(connection, "demolen", "never@voorbeeld.test")
            connection.execute(delete(outbox).where(outbox.c.status == "queued", outbox.c.kind != "objections"))
        self._subjects = {row["email"]: row["id"] for row in audit.rows(ctx, "subjects")}
        asked = sorted(audit.rows(ctx, "requests"), key=lambda row: row["status"] == "requested")
        self._requests = {row["subject"]: row for row in asked}
        self._noor, self._mila, self._zita = (str(child.row("id")) for child in (noor, mila, zita))

    def queue(self, kind: str, data: str) -> None:
        """Put a row in the outbox as some release wrote it."""
        whose = {"guardian_asks": self._mila, "guardian_renewal": self._mila, "child_address": self._zita}
        whose |= dict.fromkeys(_OF_NOOR, self._noor) | {"lift": self._subjects["never@voorbeeld.test"]}
        subject = whose.get(kind, self._subjects["sofie@voorbeeld.test"])
        request = self._requests[subject]
        words = {"notice": request["notice"], "purpose": "news" if request["form"] == "newsletter" else "recipes"}
        words |= {"mailbox": self.digests[0], "key": self.digests[1], "since": written(START)}
        for word, value in words.items():
            data = data.replace(f"{{{word}}}", str(value))
        with self.ctx.database.write() as connection:
            if kind == "objections":  # what it tells stands in a table of its own, beside the id of its row
                connection.execute(update(outbox).where(outbox.c.kind == kind).values(data=data))
                return
            row = {"id": f"{kind:x>32}", "kind": kind, "controller": "demolen", "form": request["form"], "data": data}
            row |= {"subject_id": subject, "request_id": request["id"], "notice_hash": request["notice"]}
            row |= {"status": "queued"}
            row |= {"created_at": START, "due_at": START, "attempts": 0, "turn": "[]", "doubt": 0, "perhaps": 0}
            connection.execute(insert(outbox).values(row))

    def statuses(self) -> dict[str, str]:
        """What became of the rows that were queued here."""
        rows = audit.rows(self.ctx, "outbox")
        return {row["kind"]: row["status"] for row in rows if row["kind"] == "objections" or row["id"].startswith("x")}


@pytest.mark.parametrize("rows", [OLDER, LAST_RELEASE, THIS_RELEASE], ids=["older", "last release", "this release"])
def test_what_a_release_has_queued_is_sent_by_this_one(any_ctx: Context, rows: dict[str, str]) -> None:
    world = World(any_ctx)
    for kind, data in rows.items():
        world.queue(kind, data)
    work_off(any_ctx)
    assert {kind: status for kind, status in world.statuses().items() if kind in rows} == dict.fromkeys(rows, "sent")


def test_there_is_a_row_of_each_release_for_every_kind_of_mail() -> None:
    assert LAST_RELEASE.keys() == THIS_RELEASE.keys() == KINDS.keys()


@pytest.mark.parametrize(("kind", "data"), THIS_RELEASE.items(), ids=THIS_RELEASE)
def test_this_release_writes_what_stands_here(kind: str, data: str) -> None:
    payload = KINDS[kind].payload.from_json(data)
    assert payload.at == START.replace(microsecond=0)
    assert KINDS[kind].payload.from_json(payload.to_json()) == payload
    assert sorted(payload.to_json()) == sorted(data)


@pytest.mark.parametrize(("kind", "data"), [("confirm", '{"version": 2, "all": "new"}'), ("a_new_kind", "{}")])
def test_what_a_newer_release_has_queued_waits_and_is_no_dead_letter(
    any_ctx: Context, clock: Clock, caplog: pytest.LogCaptureFixture, kind: str, data: str
) -> None:
    world = World(any_ctx)
    world.queue("confirm", data)
    with any_ctx.database.write() as connection:
        connection.execute(update(outbox).where(outbox.c.kind == "confirm", outbox.c.data == data).values(kind=kind))
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            work_off(any_ctx)
            clock.forward(days=2)
    assert world.statuses()[kind] == "queued"
    assert f"{kind} is of a newer release" in caplog.text
    (waits,) = [mail for mail in operation.unfinished(any_ctx)["mails"] if mail["kind"] == kind]
    assert (waits["attempts"], waits["status"]) == (0, "waiting")

    clock.forward(days=25)
    work_off(any_ctx)
    assert world.statuses()[kind] == "failed", "as long as it waits, the address that it goes to is kept"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("no json", "no payload"),
        ('{"at": "2026-11-21T13:32:05+00:00", "already": []}', "missing: site"),
        ('{"at": "yesterday", "already": [], "site": ""}', "at: ValueError"),
        ('{"at": "2026-11-21T13:32:05+00:00", "already": "news", "site": ""}', "already: TypeError"),
    ],
)
def test_what_cannot_be_read_is_a_dead_letter_and_the_log_says_why(
    any_ctx: Context, caplog: pytest.LogCaptureFixture, data: str, why: str
) -> None:
    world = World(any_ctx)
    world.queue("confirm", data)
    world.queue("receipt", THIS_RELEASE["receipt"])
    work_off(any_ctx)
    assert (world.statuses()["confirm"], world.statuses()["receipt"]) == ("failed", "sent")
    assert f"A mail of the kind confirm could not be written: {why}" in caplog.text
    (failed,) = [mail for mail in operation.unfinished(any_ctx)["mails"] if mail["kind"] == "confirm"]
    assert failed["code"].startswith(f"not written: {why}")


def test_what_the_contact_is_told_is_tried_again_also_where_its_row_cannot_be_read(
    any_ctx: Context, clock: Clock
) -> None:
    world = World(any_ctx)
    world.queue("objections", "no json")
    work_off(any_ctx)
    assert world.statuses()["objections"] == "queued"
    clock.forward(days=1)
    work_off(any_ctx)
    assert world.statuses()["objections"] == "sent"


def test_a_kind_that_the_table_does_not_hold_cannot_be_queued(ctx: Context) -> None:
    receipt = KINDS["receipt"]
    for unknown in ("receipt", "unheard_of"):
        kind = MailKind(unknown, receipt.reader, receipt.payload, receipt.build)
        with open_act(ctx, "demolen") as act, pytest.raises(ValueError, match="no kind of mail"):
            mailing.enqueue(act, kind, receipt.payload(act.now, ()), About("demolen", "s", "n"))
    assert audit.rows(ctx, "outbox") == []


def test_every_kind_of_mail_has_its_approved_texts() -> None:
    tried = {*post.KINDS, *contexts.KINDS, *contexts.TO_TEENS}
    assert {kind for kind in KINDS if not any(name.startswith(kind) for name in tried)} == set()


def test_a_payload_names_no_value_where_it_cannot_be_read() -> None:
    with pytest.raises(UnreadablePayload) as failure:
        KINDS["lift"].payload.from_json('{"at": "sofie@voorbeeld.test"}')
    assert "sofie" not in str(failure.value)
    with pytest.raises(NewerPayload):
        Payload.from_json(f'{{"version": {VERSION + 1}}}')
