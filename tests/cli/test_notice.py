"""`akkoord notice`: a text as people saw it, by the number that stands under a form."""

from pathlib import Path

import pytest

from app.services.context import Context
from tests import audit
from tests.cli.test_cli import Call, call, over
from tests.factories import notice_hash

__all__ = ["call", "over"]


def test_it_prints_the_text_behind_a_number_and_changes_nothing(ctx: Context, over: Call) -> None:
    number = notice_hash(ctx)
    notice = ctx.stored_notice(number).notice
    before = audit.everything(ctx)

    done = over("notice", number)

    assert done.exit_code == 0
    for purpose in notice.purposes:
        assert purpose.title in done.stdout
        assert purpose.text in done.stdout
        assert all(f"{label}: {' '.join(said)}" in done.stdout for label, said in purpose.rows)
    assert done.stdout.endswith(f"\n{number}\n")
    assert over("notice", number[:12]).stdout == done.stdout
    assert audit.everything(ctx) == before


@pytest.mark.parametrize("number", ["0" * 64, "0" * 12, "", "talentwerk", "%", "_" * 12, "a\nb"])
def test_a_number_that_is_not_known_is_an_error_of_one_line(over: Call, number: str) -> None:
    done = over("notice", number)

    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)


def test_a_number_of_fewer_than_12_digits_names_no_text(ctx: Context, over: Call) -> None:
    assert over("notice", notice_hash(ctx)[:11]).exit_code == 1


def test_where_there_is_no_database_it_makes_none(call: Call, tmp_path: Path) -> None:
    done = call("notice", "0" * 64)

    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert list(tmp_path.iterdir()) == []
