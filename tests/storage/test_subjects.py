"""Data subjects, and the hashes that remember a no when they are gone."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from app.domain.address import Address
from app.services.context import Context
from app.storage import prepared, subjects, suppressions
from app.storage.database import Database
from app.storage.subjects import NewSubject
from tests import audit
from tests.factories import START

EMAIL = "sofie@voorbeeld.test"


def test_every_link_is_192_random_bits_of_its_own(any_ctx: Context) -> None:
    with any_ctx.database.write() as connection:
        made = [
            subjects.add(connection, NewSubject(f"c{number}", Address(EMAIL, EMAIL), "nl"), START)
            for number in range(20)
        ]

    tokens = {token for known in made for token in (known.withdraw_token, known.object_token, known.stop_token)}
    assert len(tokens) == 60
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{32}", token) for token in tokens)
    assert len({known.salt for known in made}) == len({known.id for known in made}) == 20
    assert {len(known.salt) for known in made} == {32}


def test_a_link_opens_only_what_it_is_for(any_ctx: Context) -> None:
    with any_ctx.database.write() as connection:
        made = subjects.add(connection, NewSubject("c", Address(EMAIL, EMAIL), "nl"), START)
        tokens = {"withdraw": made.withdraw_token, "object": made.object_token, "stop": made.stop_token}
        found = {
            (kind, asked) for kind in tokens for asked in tokens if subjects.with_token(connection, kind, tokens[asked])
        }

    assert found == {(kind, kind) for kind in tokens}


@pytest.mark.parametrize(
    "change", [str.swapcase, lambda t: t[:-1], lambda t: t + "=", lambda t: f" {t}", lambda t: "%"]
)
def test_a_link_that_differs_in_anything_opens_nothing(any_ctx: Context, change: object) -> None:
    assert callable(change)
    with any_ctx.database.write() as connection:
        made = subjects.add(connection, NewSubject("c", Address(EMAIL, EMAIL), "nl"), START)

        assert subjects.with_token(connection, "withdraw", made.withdraw_token) == made
        assert subjects.with_token(connection, "withdraw", change(made.withdraw_token)) is None


def test_one_address_is_one_subject_at_each_controller(any_ctx: Context) -> None:
    with any_ctx.database.write() as connection:
        one = subjects.add(connection, NewSubject("c1", Address(EMAIL, EMAIL), "nl"), START)
        two = subjects.add(connection, NewSubject("c2", Address(EMAIL, EMAIL), "nl"), START)
        assert subjects.with_email(connection, "c1", EMAIL) == one
        assert subjects.everywhere(connection, EMAIL) == [one, two]
        assert subjects.with_email(connection, "c3", EMAIL) is None

    with pytest.raises(IntegrityError), any_ctx.database.write() as connection:
        subjects.add(connection, NewSubject("c1", Address("Sofie@voorbeeld.test", EMAIL), "fr"), START)


def test_each_child_is_a_subject_beside_the_parent_who_decides(any_ctx: Context) -> None:
    with any_ctx.database.write() as connection:
        noor = subjects.add(connection, NewSubject("c", Address(EMAIL, EMAIL), "nl", "Noor", "noor"), START)
        lou = subjects.add(
            connection, NewSubject("c", Address(EMAIL, EMAIL), "nl", "Lou", "lou"), START + timedelta(seconds=1)
        )
        own = subjects.add(connection, NewSubject("c", Address(EMAIL, EMAIL), "nl"), START + timedelta(seconds=2))
        elsewhere = subjects.add(connection, NewSubject("d", Address(EMAIL, EMAIL), "nl", "Noor", "noor"), START)

        assert subjects.with_email(connection, "c", EMAIL) == own
        assert subjects.with_email(connection, "c", EMAIL, "noor") == noor
        assert subjects.children_of(connection, "c", EMAIL, 9) == [noor, lou]
        assert subjects.children_of(connection, "c", EMAIL, 1) == [noor]
        assert subjects.everywhere(connection, EMAIL) == [noor, lou, own, elsewhere]
        assert [known.is_child for known in (noor, own)] == [True, False]
        assert [known.decided_by for known in (noor, own)] == ["guardian", "self"]
        assert len({noor.suppression_key, lou.suppression_key, own.suppression_key}) == 3

    with pytest.raises(IntegrityError), any_ctx.database.write() as connection:
        subjects.add(connection, NewSubject("c", Address(EMAIL, EMAIL), "nl", "NOOR", "noor"), START)


def test_a_child_alone_has_a_second_link_to_stop(any_ctx: Context) -> None:
    with any_ctx.database.write() as connection:
        noor = subjects.add(connection, NewSubject("c", Address(EMAIL, EMAIL), "nl", "Noor", "noor"), START)
        own = subjects.add(connection, NewSubject("c", Address(EMAIL, EMAIL), "nl"), START)

        assert own.child_withdraw_token is None
        assert noor.child_token != noor.withdraw_token
        for token in (noor.withdraw_token, noor.child_token):
            assert subjects.with_token(connection, "withdraw", token) == noor
            assert subjects.with_token(connection, "stop", token) is None
        assert subjects.with_token(connection, "object", noor.withdraw_token) is None
        assert subjects.with_token(connection, "object", noor.child_token) == noor  # its own no to advertising
        with pytest.raises(LookupError):
            _ = own.child_token


def test_a_childs_own_address_counts_once_the_child_has_said_so(any_ctx: Context) -> None:
    with any_ctx.database.write() as connection:
        noor = subjects.add(connection, NewSubject("c", Address(EMAIL, EMAIL), "nl", "Noor", "noor"), START)
        subjects.set_child_email(connection, noor.id, "Noor@kind.test", "noor@kind.test")
        assert subjects.everywhere(connection, "noor@kind.test") == []
        assert subjects.children_at(connection, "c", "noor@kind.test", 2) == []

        subjects.confirm_child_email(connection, noor.id)
        assert subjects.children_at(connection, "c", "noor@kind.test", 2) == [subjects.with_id(connection, noor.id)]
        assert subjects.children_at(connection, "d", "noor@kind.test", 2) == []
        (found,) = subjects.everywhere(connection, "noor@kind.test")
        assert (found.id, found.speaks_with("noor@kind.test"), found.speaks_with(EMAIL)) == (noor.id, True, False)

        subjects.set_child_email(connection, noor.id, "lou@kind.test", "lou@kind.test")
        assert subjects.everywhere(connection, "lou@kind.test") == []
        assert subjects.everywhere(connection, "noor@kind.test") == []


@pytest.mark.parametrize("spelling", ["noor@kind.test", "noor+spel@kind.test", "noor+x@kind.test"])
def test_a_mailbox_is_a_childs_from_its_yes_until_it_decides_itself(any_ctx: Context, spelling: str) -> None:
    of_age = START + timedelta(days=30)
    with any_ctx.database.write() as connection:
        noor = subjects.add(connection, NewSubject("c", Address(EMAIL, EMAIL), "nl", "Noor", "noor"), START)
        subjects.set_decides_from(connection, noor.id, of_age)
        subjects.set_child_email(connection, noor.id, "Noor+spel@kind.test", "noor+spel@kind.test")
        assert subjects.below_age_at(connection, "c", spelling, START) is None

        subjects.confirm_child_email(connection, noor.id)
        assert subjects.below_age_at(connection, "c", spelling, START) == subjects.with_id(connection, noor.id)
        assert subjects.below_age_at(connection, "d", spelling, START) is None
        assert subjects.below_age_at(connection, "c", f"x{spelling}", START) is None
        assert subjects.below_age_at(connection, "c", spelling, of_age) is None

        subjects.forget_child_email(connection, noor.id)
        assert subjects.below_age_at(connection, "c", spelling, START) is None


def test_a_childs_link_stops_mails_once_the_address_is_its_own(any_ctx: Context) -> None:
    with any_ctx.database.write() as connection:
        noor = subjects.add(connection, NewSubject("c", Address(EMAIL, EMAIL), "nl", "Noor", "noor"), START)
        subjects.set_child_email(connection, noor.id, "noor@kind.test", "noor@kind.test")
        subjects.confirm_child_email(connection, noor.id)
        known = subjects.with_id(connection, noor.id)
        assert known is not None

        assert known.child_stop_token
        assert noor.child_stop_token
        assert subjects.with_token(connection, "stop", known.child_stop_token) == known
        assert subjects.with_token(connection, "stop", noor.child_stop_token) is None
        for kind, token in (("stop", known.child_token), ("object", known.child_stop_token)):
            assert subjects.with_token(connection, kind, token) is None


def test_a_child_is_found_in_its_own_spelling_whatever_mailbox_was_told_when_it_was_stored(any_ctx: Context) -> None:
    with any_ctx.database.write() as connection:
        noor = subjects.add(connection, NewSubject("c", Address(EMAIL, EMAIL), "nl", "Noor", "noor"), START)
        subjects.set_decides_from(connection, noor.id, START + timedelta(days=30))
        subjects.set_child_email(connection, noor.id, "n.oor@kind.test", "n.oor@kind.test")
        subjects.confirm_child_email(connection, noor.id)
    audit.run(any_ctx, "UPDATE subjects SET child_mailbox = 'noor@kind.test'")  # by a rule that was dropped since

    with any_ctx.database.read() as connection:
        found = [
            subjects.below_age_at(connection, "c", key, START)
            for key in ("n.oor@kind.test", "noor+x@kind.test", "no.or@kind.test")
        ]
    assert [one and one.id for one in found] == [noor.id, noor.id, None]


def test_never_mail_me_is_remembered_of_a_mailbox_and_older_marks_of_a_spelling_count(any_ctx: Context) -> None:
    with any_ctx.database.write() as connection:
        suppressions.add(connection, "c", suppressions.NO_MAIL, "o.ud@gmail.com", START)
        suppressions.add_no_mail(connection, "c", "so.fie+x@gmail.com", START + timedelta(days=1))
        suppressions.add_no_mail(connection, "c", "oud@gmail.com", START + timedelta(days=2))
        for key in ("sofie@googlemail.com", "so.fie@gmail.com", "oud+y@gmail.com", "o.ud@gmail.com"):
            assert suppressions.wants_no_mail(connection, "c", key), key
        for controller, key in (("d", "sofie@gmail.com"), ("c", "sofie2@gmail.com")):
            assert not suppressions.wants_no_mail(connection, controller, key)

        digests = suppressions.no_mail_digests(connection, "c", "o.ud@gmail.com")
        mark = suppressions.no_mail(connection, "c", digests)
        assert mark
        assert mark.since == START + timedelta(days=2)
        suppressions.lift_no_mail(connection, "c", digests)
        assert not suppressions.wants_no_mail(connection, "c", "o.ud@gmail.com")
        assert suppressions.wants_no_mail(connection, "c", "sofie@gmail.com")


def test_what_is_erased_is_found_by_nothing(any_ctx: Context) -> None:
    with any_ctx.database.write() as connection:
        made = subjects.add(connection, NewSubject("c", Address(EMAIL, EMAIL), "nl"), START)
        subjects.erase(connection, made.id)
        assert subjects.with_id(connection, made.id) is None
        assert subjects.with_token(connection, "stop", made.stop_token) is None
        assert subjects.everywhere(connection, EMAIL) == []

    assert not audit.readable(any_ctx, EMAIL, made.salt, made.withdraw_token)


def test_a_no_is_remembered_for_one_controller_one_kind_and_one_address(any_ctx: Context) -> None:
    with any_ctx.database.write() as connection:
        suppressions.add(connection, "c", suppressions.NO_MAIL, EMAIL, START)
        suppressions.add(connection, "c", suppressions.NO_MAIL, EMAIL, START)

        assert suppressions.has(connection, "c", suppressions.NO_MAIL, EMAIL)
        assert not suppressions.has(connection, "d", suppressions.NO_MAIL, EMAIL)
        assert not suppressions.has(connection, "c", suppressions.OBJECTED, EMAIL)
        assert not suppressions.has(connection, "c", suppressions.NO_MAIL, "pieter@voorbeeld.test")
        suppressions.lift(connection, "c", suppressions.NO_MAIL, EMAIL)
        assert not suppressions.has(connection, "c", suppressions.NO_MAIL, EMAIL)


def test_a_no_cannot_be_read_and_the_same_person_looks_different_at_each_controller(any_ctx: Context) -> None:
    with any_ctx.database.write() as connection:
        for controller in ("c", "d"):
            for kind in (suppressions.NO_MAIL, suppressions.OBJECTED):
                suppressions.add(connection, controller, kind, EMAIL, START)

    assert not audit.readable(any_ctx, "sofie", "voorbeeld.test")
    assert len({row["digest"] for row in audit.rows(any_ctx, "suppressions")}) == 4


def test_the_same_no_looks_different_in_every_installation(ctx: Context, tmp_path: Path) -> None:
    """So nobody can tell by trying addresses whose no it is, without the key that stands in that database alone."""
    other = Database(f"sqlite:///{tmp_path / 'other.db'}")
    other.migrate()
    other.accept_key(ctx.keys)
    with ctx.database.write() as here, other.write() as there:
        suppressions.add(here, "c", suppressions.NO_MAIL, EMAIL, START)
        suppressions.add(there, "c", suppressions.NO_MAIL, EMAIL, START)
        digests = [
            connection.exec_driver_sql("SELECT digest FROM suppressions").scalar() for connection in (here, there)
        ]
    other.engine.dispose()

    assert digests[0] != digests[1]


def test_a_no_outlives_every_change_of_the_secret_key(any_ctx: Context) -> None:
    with any_ctx.database.write() as connection:
        suppressions.add(connection, "c", suppressions.NO_MAIL, EMAIL, START)
    any_ctx.database.accept_key((*any_ctx.keys, "a newer key of the tests"))

    with any_ctx.database.read() as connection:
        assert suppressions.has(connection, "c", suppressions.NO_MAIL, EMAIL)


def test_a_childs_address_is_found_by_its_indexes(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite would rather read all that the controller has."""
    run, plans = prepared.run_on_driver, []

    def planned(connection: Connection, sql: str, parameters: Any = ()) -> Any:
        plans.append(str(run(connection, f"EXPLAIN QUERY PLAN {sql}", parameters).fetchall()))
        return run(connection, sql, parameters)

    monkeypatch.setattr(prepared, "run_on_driver", planned)
    with ctx.database.read() as connection:
        subjects.below_age_at(connection, "c", EMAIL, START)

    (plan,) = plans
    assert "subjects_by_child_mailbox" in plan
    assert "subjects_by_child_email" in plan
