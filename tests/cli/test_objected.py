"""`akkoord objected`: how many object, and a list without their rows."""

import json
from pathlib import Path

import pytest

from app.services import objection, publishing
from app.services.context import Context
from tests import audit
from tests.cli.test_cli import Call, call, over
from tests.definitions.folder import CONTROLLER, FORM, FormsFolder
from tests.services.person import Person
from tests.services.test_objection import INTEREST
from tests.services.test_telling import objects

__all__ = ["call", "over"]

LIST = "naam;mail\r\nZoë;zoe@x.test\r\nS;sofie@voorbeeld.test\r\n"


@pytest.fixture
def ctx(ctx: Context) -> Context:
    """A kit in which somebody objects to the advertising of one company."""
    objects(ctx, "sofie@voorbeeld.test")
    return ctx


@pytest.fixture
def a_list(tmp_path: Path) -> str:
    """A list of the company's own."""
    path = tmp_path / "lijst.csv"
    path.write_bytes(LIST.encode())
    return str(path)


def test_it_counts_who_objects_for_each_company_or_one(ctx: Context, over: Call) -> None:
    assert over("objected").stdout.splitlines().count("talentwerk  1") == 1
    assert json.loads(over("objected", "--controller", "talentwerk", "--json").stdout) == [
        {"controller": "talentwerk", "objected": 1, "interests": []}
    ]


def test_status_says_what_an_address_said_no_to_a_stranger_too(ctx: Context, over: Call, tmp_path: Path) -> None:
    publishing.publish(ctx, FormsFolder(tmp_path / "forms").write(FORM + INTEREST, CONTROLLER).path)
    eva = Person(ctx, "eva@voorbeeld.test", "acme", "news")
    eva.grants("news")
    objection.object_to_interest(ctx, eva.token("object"), "news/security")
    eva.stops()

    at = "2026-11-21T13:32:05.000000Z"
    assert over("status", "sofie@voorbeeld.test").stdout == f"talentwerk  all advertising  objected  {at}\n"
    assert over("status", "sofie@voorbeeld.test").stderr == ""
    assert over("status", "sofie@voorbeeld.test", "--controller", "acme").stdout == ""
    assert over("status", "eva@voorbeeld.test").stdout.splitlines() == [
        f"acme/news  news  granted  {at}",
        f"acme/news  security  objected  {at}",
        f"acme  all mail from forms  refused  {at}",
    ]


def test_the_filtered_list_is_printed_and_nothing_else(ctx: Context, over: Call, a_list: str) -> None:
    before = audit.everything(ctx)

    done = over("objected", "--controller", "talentwerk", "--filter", a_list)

    assert done.exit_code == 0
    assert done.stdout_bytes == "naam;mail\r\nZoë;zoe@x.test\r\n".encode()
    assert done.stderr == "1 of 2 rows left out\n"
    assert audit.everything(ctx) == before


@pytest.mark.parametrize("arguments", [["--controller", "nobody"], [], ["--controller", "talentwerk/careers"]])
def test_no_list_is_printed_for_a_company_that_is_not_known_or_not_named(
    ctx: Context, over: Call, a_list: str, arguments: list[str]
) -> None:
    done = over("objected", *arguments, "--filter", a_list)

    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "talentwerk" in done.stderr


def test_a_company_that_is_not_known_has_no_number(over: Call) -> None:
    done = over("objected", "--controller", "nobody")
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)


@pytest.mark.parametrize("name", ["nowhere.csv", ".", "lijst.xlsx"])
def test_what_is_no_list_is_said_in_one_line(over: Call, tmp_path: Path, name: str) -> None:
    (tmp_path / "lijst.xlsx").write_bytes(b"PK\x03\x04\x00")

    done = over("objected", "--controller", "talentwerk", "--filter", str(tmp_path / name))

    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)


@pytest.mark.parametrize("arguments", [[], ["--json"], ["--controller", "talentwerk"], ["--filter", "lijst.csv"]])
def test_where_there_is_no_database_it_makes_none(
    call: Call, tmp_path: Path, a_list: str, arguments: list[str]
) -> None:
    done = call("objected", *arguments)

    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert [path.name for path in tmp_path.iterdir()] == ["lijst.csv"]
