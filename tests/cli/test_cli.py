"""The command `akkoord`, as a person or a script calls it: what it prints, and how it exits."""

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import click
import psycopg
import pytest
from click.testing import CliRunner, Result

from app import __version__, paths
from app.cli import cli
from app.config import Settings
from app.services import confirmation, publishing
from app.services.kit import Kit
from tests.factories import Clock, send_form, token_in, work_off
from tests.server.running import KEY, run

Call = Callable[..., Result]

COMMANDS = ("check", "consents", "demo", "forms", "new", "schema", "serve", "status", "withdraw", "worker")
COLUMNS = (
    "email,controller,form,purpose,status,since,until,language,site,"
    "channel,proof,decided_by,notice,withdraw_link,subject"
)


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Calls the command in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def calling(*arguments: str, **settings: str) -> Result:
        environment = {f"AKKOORD_{name}": value for name, value in settings.items()}
        return CliRunner().invoke(cli, arguments, env=environment, prog_name="akkoord")

    return calling


@pytest.fixture
def over(kit: Kit, call: Call) -> Call:
    """Calls the command over the database of `kit`."""

    def calling(*arguments: str) -> Result:
        done = call(
            *arguments,
            DATA_DIR=str(kit.settings.DATA_DIR),
            SECRET_KEY=KEY,
            BASE_URL=kit.settings.BASE_URL,
        )
        assert done.exception is None or isinstance(done.exception, SystemExit), done.output
        return done

    return calling


def agree(kit: Kit, email: str = "sofie@voorbeeld.test", first_name: str = "Sofie") -> None:
    """Agree to job offers by mail and to keeping the CV, and leave a third request open."""
    fields = {"first_name": first_name, "phone": "+31612345678"}
    send_form(kit, email, ("offers_mail", "keep_cv"), fields=fields)
    confirmation.confirm(kit, token_in(work_off(kit)[-1], "confirm"), ())
    work_off(kit)


# What each command says of itself


def test_there_are_these_commands_and_no_others() -> None:
    assert tuple(sorted(cli.commands)) == COMMANDS


@pytest.mark.parametrize("command", ["", *COMMANDS])
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_each_command_explains_itself(call: Call, command: str, option: str) -> None:
    done = call(*filter(None, [command]), option)
    assert done.exit_code == 0
    assert done.stdout.startswith(f"Usage: akkoord {command or '[OPTIONS]'}")
    if command:
        for parameter in cli.commands[command].params:
            if isinstance(parameter, click.Option) and not parameter.hidden:
                assert parameter.opts[0] in done.stdout
                assert parameter.help


def test_the_version_is_told(call: Call) -> None:
    assert call("--version").stdout == f"akkoord, version {__version__}\n"


def test_an_unknown_command_is_a_wrong_use(call: Call) -> None:
    assert call("frobnicate").exit_code == 2


def test_an_unknown_setting_stops_every_command_that_reads_settings(call: Call) -> None:
    for arguments in (["forms"], ["check"], ["status", "a@b.test"], ["consents"], ["withdraw", "a@b.test"], ["demo"]):
        done = call(*arguments, MALE_PORT="25")
        assert done.exit_code == 1
        assert done.stderr == "Error: AKKOORD_MALE_PORT: there is no such setting. Did you mean AKKOORD_MAIL_PORT?\n"


# Definitions


def test_check_is_content_with_the_samples(call: Call) -> None:
    done = call("check")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr.startswith("No faults")


def test_check_prints_each_fault_with_its_place_and_exits_with_1(call: Call, tmp_path: Path) -> None:
    call("new", "bakery/news")
    done = call("check", "forms")
    lines = done.stdout.splitlines()
    assert done.exit_code == 1
    assert len(lines) > 10
    for line in lines:
        found = re.fullmatch(r"(\S+):([1-9][0-9]*):([1-9][0-9]*) AK[1-3][0-9]{2} \S.*", line)
        assert found is not None, line
        assert len(Path(found[1]).read_text(encoding="utf-8").splitlines()) >= int(found[2])


def test_check_exits_with_0_when_there_are_only_warnings(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "forms" / "talentwerk"
    folder.mkdir(parents=True)
    for path in (paths.SAMPLES / "talentwerk").glob("*.yaml"):
        (folder / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "careers.yml").write_text("notes\n", encoding="utf-8")
    done = call("check", "forms")
    assert done.exit_code == 0
    assert done.stdout.startswith("forms/talentwerk:1:1 AK120 warning: careers.yml is not read")


def test_check_of_nothing_says_so(call: Call) -> None:
    done = call("check", "nowhere")
    assert (done.exit_code, done.stdout) == (1, "nowhere:1:1 AK101 there is nothing here\n")


def test_check_reads_the_forms_folder_of_the_settings(call: Call, tmp_path: Path) -> None:
    (tmp_path / "bakery").mkdir()
    (tmp_path / "bakery" / "news.yaml").write_text("languages: [nl]\n", encoding="utf-8")
    assert call("check", FORMS_DIR=str(tmp_path)).exit_code == 1


def test_schema_is_a_json_schema(call: Call) -> None:
    schema = json.loads(call("schema").stdout)
    assert schema["$schema"].startswith("https://json-schema.org/")


def test_new_writes_a_definition_and_never_over_one(call: Call, tmp_path: Path) -> None:
    first = call("new", "bakery/news")
    assert first.exit_code == 0
    assert first.stdout == "written: forms/bakery/controller.yaml\nwritten: forms/bakery/news.yaml\n"
    assert "akkoord check forms/bakery" in first.stderr
    before = (tmp_path / "forms/bakery/news.yaml").read_text(encoding="utf-8")

    second = call("new", "bakery/club")
    assert second.stdout == "written: forms/bakery/club.yaml\n"

    again = call("new", "bakery/news")
    assert (again.exit_code, again.stdout) == (1, "")
    assert again.stderr == "Error: forms/bakery/news.yaml exists, and is never written over\n"
    assert (tmp_path / "forms/bakery/news.yaml").read_text(encoding="utf-8") == before


@pytest.mark.parametrize(
    "name", ["bakery", "bakery/", "/news", "../bakery/news", "Bakery/News", "bakery/controller", "a/b/c"]
)
def test_new_refuses_a_name_that_cannot_be_part_of_an_address(call: Call, tmp_path: Path, name: str) -> None:
    done = call("new", name)
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_forms_lists_what_is_served_under_exactly_these_keys(call: Call) -> None:
    served = json.loads(call("forms", "--json", BASE_URL="https://forms.example").stdout)
    assert [f"{form['controller']}/{form['form']}" for form in served] == [
        "belcentrum/calls",
        "demolen/bakeclub",
        "demolen/newsletter",
        "hogeschool/graduates",
        "metaalnet/events",
        "talentwerk/careers",
        "zorgzeker/quote",
    ]
    for form in served:
        assert list(form) == [
            *("controller", "form", "languages", "audience", "age_gate", "fields", "purposes", "url"),
        ]
        assert all(list(field) == ["id", "type", "required"] for field in form["fields"])
        assert all(list(purpose) == ["id", "basis", "special_category"] for purpose in form["purposes"])
    assert [form["audience"] for form in served[:3]] == ["adults", "children", "everyone"]
    assert served[1]["age_gate"] == {"countries": ["BE"], "age": None}
    quote = served[-1]
    assert (quote["languages"], quote["audience"], quote["age_gate"]) == (["nl", "fr", "en"], "adults", None)
    assert quote["url"] == "https://forms.example/f/zorgzeker/quote"
    assert {"id": "medical", "basis": "consent", "special_category": "health"} in quote["purposes"]
    assert {"id": "quote", "basis": "contract", "special_category": None} in quote["purposes"]


def test_forms_lists_them_for_people_too(call: Call) -> None:
    done = call("forms", BASE_URL="https://forms.example")
    assert len(done.stdout.splitlines()) == 7
    assert "talentwerk/careers  nl en  offers_mail, offers_phone, keep_cv  https://forms.example/f/" in done.stdout


# People


def test_status_of_an_unknown_address_is_an_empty_list_and_no_error(over: Call) -> None:
    done = over("status", "nobody@voorbeeld.test", "--json")
    assert (done.exit_code, json.loads(done.stdout)) == (0, [])
    for_people = over("status", "nobody@voorbeeld.test")
    assert (for_people.exit_code, for_people.stdout) == (0, "")


def test_status_names_each_purpose_under_exactly_these_keys(kit: Kit, over: Call, clock: Clock) -> None:
    agree(kit)
    lines = json.loads(over("status", "Sofie@Voorbeeld.test", "--json").stdout)
    assert [(line["purpose"], line["status"]) for line in lines] == [("keep_cv", "granted"), ("offers_mail", "granted")]
    for line in lines:
        assert list(line) == ["subject", "as", "controller", "form", "purpose", "status", "since", "notice"]
        assert (line["as"], line["controller"], line["form"]) == ("self", "talentwerk", "careers")
        assert line["since"] == "2026-11-21T13:32:05.000000Z"
    assert json.loads(over("status", "sofie@voorbeeld.test", "--controller", "metaalnet", "--json").stdout) == []


@pytest.mark.parametrize("command", ["status", "withdraw"])
@pytest.mark.parametrize("address", ["sofie", "a@b.test, c@d.test", "sofie@", "a@b.test\nc@d.test"])
def test_what_is_no_address_is_refused_in_one_line(over: Call, command: str, address: str) -> None:
    done = over(command, address)
    assert done.exit_code == 1
    assert done.stderr == f"Error: {address!r} is not one mail address\n"


def test_consents_are_exported_as_csv_that_no_spreadsheet_calculates(kit: Kit, over: Call) -> None:
    agree(kit)
    agree(kit, "eva@voorbeeld.test", first_name="=1+1")
    done = over("consents", "--purpose", "offers_mail", "--csv")
    assert done.exit_code == 0
    assert done.stdout.startswith(COLUMNS)
    rows = sorted(csv.DictReader(io.StringIO(done.stdout)), key=lambda row: row["email"])
    assert [(row["email"], row["purpose"], row["status"]) for row in rows] == [
        ("eva@voorbeeld.test", "offers_mail", "granted"),
        ("sofie@voorbeeld.test", "offers_mail", "granted"),
    ]
    assert [row["field_first_name"] for row in rows] == ["'=1+1", "Sofie"]
    assert rows[0]["withdraw_link"].startswith("https://forms.example/withdraw/")
    assert rows[0]["withdraw_link"].endswith("/offers_mail")
    assert over("consents", "--purpose", "offers_mail").stdout == done.stdout


def test_consents_are_exported_as_json_with_the_values_as_they_are(kit: Kit, over: Call) -> None:
    agree(kit, first_name="=1+1")
    rows = json.loads(over("consents", "--json").stdout)
    assert {row["purpose"]: row["fields"] for row in rows} == {"keep_cv": {}, "offers_mail": {"first_name": "=1+1"}}
    assert list(rows[0]) == [*COLUMNS.split(","), "fields"]
    assert json.loads(over("consents", "--controller", "metaalnet", "--json").stdout) == []
    assert json.loads(over("consents", "--form", "events", "--json").stdout) == []


def test_consents_that_ended_are_listed_on_request(kit: Kit, over: Call, clock: Clock) -> None:
    agree(kit)
    assert over("withdraw", "sofie@voorbeeld.test", "--purpose", "keep_cv").exit_code == 0
    assert [row["purpose"] for row in json.loads(over("consents", "--json").stdout)] == ["offers_mail"]
    (ended,) = json.loads(over("consents", "--status", "withdrawn", "--json").stdout)
    assert (ended["purpose"], ended["status"], ended["fields"]) == ("keep_cv", "withdrawn", {})
    assert over("consents", "--status", "requested").exit_code == 2


def test_withdraw_stops_everything_on_someones_word_and_mails_the_proof(kit: Kit, over: Call) -> None:
    agree(kit)
    done = over("withdraw", "sofie@voorbeeld.test")
    assert done.exit_code == 0
    assert sorted(done.stdout.splitlines()) == [
        "stopped: talentwerk/careers  keep_cv",
        "stopped: talentwerk/careers  offers_mail",
    ]
    again = over("withdraw", "sofie@voorbeeld.test")
    assert (again.exit_code, again.stdout) == (0, "")
    kit.clock = lambda: Clock().now + timedelta(days=400_0)
    assert [mail["Subject"].partition(":")[0] for mail in work_off(kit)] == ["Het is gestopt"]


def test_withdraw_can_be_kept_to_one_controller(kit: Kit, over: Call) -> None:
    agree(kit)
    assert over("withdraw", "sofie@voorbeeld.test", "--controller", "metaalnet").stdout == ""
    assert json.loads(over("status", "sofie@voorbeeld.test", "--json").stdout)[0]["status"] == "granted"


def test_another_key_than_that_of_the_database_is_refused_in_one_line(kit: Kit, call: Call) -> None:
    done = call("consents", DATA_DIR=str(kit.settings.DATA_DIR), SECRET_KEY="quite another key than before")
    assert done.exit_code == 1
    assert done.stdout == ""
    assert done.stderr.startswith("Error: AKKOORD_SECRET_KEY: ")
    assert done.stderr.count("\n") == 1


def test_a_database_that_lets_a_command_down_is_told_of_in_one_line(kit: Kit, over: Call) -> None:
    agree(kit)
    with kit.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE consents RENAME TO elsewhere")
    for command in ("withdraw", "status"):
        done = over(command, "sofie@voorbeeld.test")
        assert (done.exit_code, done.stdout) == (1, "")
        assert done.stderr == "Error: the database cannot do this now: no such table: consents\n"


def test_a_standby_says_that_it_only_reads(
    call: Call, empty_postgresql: str, postgresql_server: str, settings: Settings
) -> None:
    opened = Kit.open(replace(settings, DATABASE_URL=empty_postgresql))
    publishing.publish(opened, paths.SAMPLES)
    agree(opened)
    opened.database.engine.dispose()
    name = opened.database.engine.url.database
    with psycopg.connect(postgresql_server, autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
    done = call("withdraw", "sofie@voorbeeld.test", DATABASE_URL=empty_postgresql, SECRET_KEY=KEY)
    assert (done.exit_code, done.stdout) == (1, "")
    assert re.fullmatch("Error: the database cannot do this now: .* read-only transaction\n", done.stderr)


def test_the_command_runs_as_a_process_and_as_a_module(tmp_path: Path) -> None:
    assert run(tmp_path, "--version") == (0, [f"akkoord, version {__version__}"])
    assert run(tmp_path, "status", "nobody@voorbeeld.test", "--json") == (0, ["[]"])
    assert run(tmp_path, "consents") == (0, [COLUMNS])
