"""State, ledger entry and mail stand or fall together: whatever breaks in the middle of an act, nothing is stored."""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from app.domain.address import Address
from app.services import housekeeping, intake, link_request, mail_opt_out, objection, publishing, sending, withdrawal
from app.services.context import Context
from app.services.link_request import LinkRequest
from app.storage import consents, ledger, limits, outbox, requests, subjects, suppressions
from app.worker import Worker
from tests import audit
from tests.definitions.folder import CONTROLLER, FORM, FormsFolder
from tests.factories import Clock, Mailbox, claim_one, send_form
from tests.services.person import Person
from tests.services.test_objection import INTEREST

Act = Callable[[], object]

WRITES: list[tuple[ModuleType | type, str]] = [
    (ledger.Chain, "append"),
    (ledger.Chain, "store"),
    (outbox, "add"),
    (outbox, "replace"),
    (outbox, "drop"),
    (outbox, "done"),
    (subjects, "add"),
    (subjects, "erase"),
    (subjects, "keep_until"),
    (requests, "add"),
    (requests, "close"),
    (requests, "decide"),
    (requests, "forget_fields"),
    (consents, "answer"),
    (consents, "end"),
    (consents, "forget"),
    (suppressions, "add"),
    (suppressions, "lift"),
    (limits.Counters, "count_mail"),
    (limits.Counters, "count_in_window"),
]
"""Everything that an act may write through. Each is made to break right after it has written."""


class Broken(BaseException):
    """A fault that no code expects, nor passes over."""


def taking(ctx: Context, *purposes: str, **fields: str) -> Act:
    """What takes a form that was sent."""
    send_form(ctx, "sofie@voorbeeld.test", purposes, fields=fields, is_taken=False)
    return lambda: intake.take_all(ctx)


def submission(ctx: Context, clock: Clock, tmp_path: Path) -> Act:
    return taking(ctx, "offers_mail", "keep_cv", first_name="Sofie")


def a_second_submission_that_waits(ctx: Context, clock: Clock, tmp_path: Path) -> Act:
    sofie = Person(ctx)
    sofie.asks("offers_mail")
    sofie.sends("offers_phone")
    return taking(ctx, "keep_cv")


def a_submission_for_what_is_granted(ctx: Context, clock: Clock, tmp_path: Path) -> Act:
    sofie = Person(ctx)
    sofie.grants("keep_cv")
    clock.forward(minutes=11)
    return taking(ctx, "keep_cv")


def confirmation(ctx: Context, clock: Clock, tmp_path: Path) -> Act:
    sofie = Person(ctx, controller="zorgzeker", form="quote")
    token = sofie.asks("medical", "follow_up", medical_history="Een knie")
    return lambda: sofie.says_yes(token, without=("medical",))


def confirmation_of_a_special_category(ctx: Context, clock: Clock, tmp_path: Path) -> Act:
    sofie = Person(ctx, controller="zorgzeker", form="quote")
    token = sofie.asks("medical", medical_history="Een knie")
    return lambda: sofie.says_yes(token, "medical")


def confirmation_after_an_objection(ctx: Context, clock: Clock, tmp_path: Path) -> Act:
    sofie = Person(ctx)
    sofie.grants("offers_mail")
    sofie.objects()
    sofie.mails()
    clock.forward(minutes=11)
    token = sofie.asks("offers_mail")
    return lambda: sofie.says_yes(token)


def refusal(ctx: Context, clock: Clock, tmp_path: Path) -> Act:
    sofie = Person(ctx)
    token = sofie.asks("offers_mail", "keep_cv", first_name="Sofie")
    return lambda: sofie.says_no(token)


def withdrawal_of_all(ctx: Context, clock: Clock, tmp_path: Path) -> Act:
    sofie = Person(ctx)
    sofie.grants("offers_mail", "keep_cv", first_name="Sofie")
    clock.forward(minutes=11)
    sofie.asks("offers_phone")
    return sofie.withdraws


def withdrawal_by_staff(ctx: Context, clock: Clock, tmp_path: Path) -> Act:
    Person(ctx).grants("offers_mail", "keep_cv", first_name="Sofie")
    return lambda: withdrawal.withdraw_for(ctx, "sofie@voorbeeld.test", None, None)


def objection_to_marketing(ctx: Context, clock: Clock, tmp_path: Path) -> Act:
    sofie = Person(ctx)
    sofie.grants("offers_mail", "keep_cv", first_name="Sofie")
    clock.forward(minutes=11)
    sofie.asks("offers_phone")
    return sofie.objects


def objection_to_an_interest(ctx: Context, clock: Clock, tmp_path: Path) -> Act:
    publishing.publish(ctx, FormsFolder(tmp_path / "forms").write(FORM + INTEREST, CONTROLLER).path)
    sofie = Person(ctx, controller="acme", form="news")
    sofie.asks("news")
    return lambda: objection.object_to_interest(ctx, sofie.token("object"), "news/security")


def stop(ctx: Context, clock: Clock, tmp_path: Path) -> Act:
    sofie = Person(ctx)
    sofie.sends("keep_cv")
    return lambda: mail_opt_out.stop(ctx, sofie.token("stop"))


def link_to_object(ctx: Context, clock: Clock, tmp_path: Path) -> Act:
    sofie = Person(ctx)
    sofie.asks("keep_cv")
    sofie.stops()
    asked = LinkRequest("talentwerk", "nl", Address(sofie.email, sofie.email), "n", to_object=True)
    link_request.ask_for_link(ctx, asked)
    return lambda: intake.take_all(ctx)


def lapse(ctx: Context, clock: Clock, tmp_path: Path) -> Act:
    Person(ctx).asks("offers_mail", "keep_cv", first_name="Sofie")
    clock.forward(days=7)
    return lambda: housekeeping.tidy(ctx)


def expiry(ctx: Context, clock: Clock, tmp_path: Path) -> Act:
    Person(ctx).grants("offers_phone", phone="06 12 34 56 78")
    clock.forward(days=366)
    return lambda: housekeeping.tidy(ctx)


def erasure(ctx: Context, clock: Clock, tmp_path: Path) -> Act:
    sofie = Person(ctx)
    sofie.grants("keep_cv")
    sofie.withdraws()
    sofie.mails()
    clock.forward(days=5 * 366)
    return lambda: housekeeping.tidy(ctx)


def question_whether_it_still_holds(ctx: Context, clock: Clock, tmp_path: Path) -> Act:
    Person(ctx, controller="metaalnet", form="events").grants("newsletter")
    clock.forward(days=359)
    return lambda: housekeeping.tidy(ctx)


def note_of_a_sent_mail(ctx: Context, clock: Clock, tmp_path: Path) -> Act:
    Person(ctx).sends("keep_cv")
    mail = claim_one(ctx)
    assert mail is not None
    return lambda: sending.sent(ctx, [mail.row])


ACTS = (
    submission,
    a_second_submission_that_waits,
    a_submission_for_what_is_granted,
    confirmation,
    confirmation_of_a_special_category,
    confirmation_after_an_objection,
    refusal,
    withdrawal_of_all,
    withdrawal_by_staff,
    objection_to_marketing,
    objection_to_an_interest,
    stop,
    link_to_object,
    lapse,
    expiry,
    erasure,
    question_whether_it_still_holds,
    note_of_a_sent_mail,
)


@pytest.mark.every_case_on_both
@pytest.mark.parametrize("prepare", ACTS)
def test_whatever_breaks_in_the_middle_of_an_act_nothing_is_stored(
    any_ctx: Context,
    clock: Clock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    prepare: Callable[[Context, Clock, Path], Act],
) -> None:
    """Every write of the act is made to fail in turn, after it was done: the first, the second, and so on."""
    act = prepare(any_ctx, clock, tmp_path)
    before = audit.everything(any_ctx)
    calls = 0
    breaks_at = 0

    def breaking(original: Callable[..., Any]) -> Callable[..., Any]:
        def write(*given: Any, **named: Any) -> Any:
            nonlocal calls
            result = original(*given, **named)
            calls += 1
            if calls == breaks_at:
                raise Broken
            return result

        return write

    for module, name in WRITES:
        monkeypatch.setattr(module, name, breaking(getattr(module, name)))
    # Housekeeping logs what fails and goes on to the next; here the first is to be seen.
    monkeypatch.setattr(housekeeping, "_passed_by", lambda act: nullcontext())
    while True:
        breaks_at += 1
        calls = any_ctx.next_duty = 0
        try:
            act()
        except Broken:
            assert audit.everything(any_ctx) == before, f"write {breaks_at} left something behind"
        else:
            break

    assert breaks_at > 2, "the act wrote nothing"
    assert audit.everything(any_ctx) != before
    assert audit.verify(any_ctx) > 0


@pytest.mark.parametrize(("module", "name"), [(outbox, "add"), (ledger.Chain, "append")])
def test_a_mail_that_cannot_be_queued_and_an_entry_that_cannot_be_written_undo_the_act(
    any_ctx: Context, monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str
) -> None:
    def broken(*given: object, **named: object) -> None:
        raise Broken

    sofie = Person(any_ctx)
    token = sofie.asks("keep_cv")
    take = taking(any_ctx, "offers_mail")
    before = audit.everything(any_ctx)
    monkeypatch.setattr(module, name, broken)

    with pytest.raises(Broken):
        sofie.says_yes(token)
    with pytest.raises(Broken):
        take()

    assert audit.everything(any_ctx) == before
    monkeypatch.undo()
    sofie.says_yes(token)
    assert sofie.statuses() == {"keep_cv": "granted"}


def test_a_mail_that_was_sent_but_could_not_be_noted_goes_out_once_more(
    any_ctx: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At least once: between the server's yes and our note there is no transaction that could hold both."""
    Person(any_ctx).sends("keep_cv")
    mailbox = Mailbox()

    def broken(*given: object, **named: object) -> None:
        raise Broken

    monkeypatch.setattr(ledger.Chain, "append", broken)
    with pytest.raises(Broken):
        Worker(any_ctx, mailbox).work_off()
    monkeypatch.undo()
    clock.forward(minutes=2)
    Worker(any_ctx, mailbox).work_off()

    assert len(mailbox.mails) == 2
    assert len({mail["Message-ID"] for mail in mailbox.mails}) == 1
    assert audit.history(any_ctx).count(("mailed", "")) == 1
