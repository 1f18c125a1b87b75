"""How often an act asks the database, where nothing but what was asked happens."""

from collections.abc import Callable

import pytest

from app.services import confirmation, withdrawal
from app.services.context import Context
from tests.services.person import Person
from tests.services.test_bounded import statements


def confirms(sofie: Person) -> Callable[[], object]:
    token = sofie.asks("offers_mail", first_name="Sofie")
    return lambda: confirmation.confirm(sofie.ctx, token, ())


def withdraws(sofie: Person) -> Callable[[], object]:
    sofie.grants("offers_mail", first_name="Sofie")
    token = sofie.token("withdraw")
    return lambda: withdrawal.withdraw(sofie.ctx, token)


# A stop looks into the intake, too: what the person sent before comes first.
@pytest.mark.parametrize(("prepared", "most"), [(confirms, 10), (withdraws, 11)])
def test_a_yes_and_a_stop_run_few_statements(
    any_ctx: Context, monkeypatch: pytest.MonkeyPatch, prepared: Callable[[Person], Callable[[], object]], most: int
) -> None:
    prepared(Person(any_ctx, "tom@voorbeeld.test"))()  # what is read once is read now
    act = prepared(Person(any_ctx))
    with statements(any_ctx, monkeypatch) as ran:
        act()

    assert 0 < len(ran) <= most, ran
