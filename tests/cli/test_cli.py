"""The command `akkoord`, as a person or a script calls it: what it prints, and how it exits."""

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import click
import psycopg
import pytest
from click.testing import CliRunner, Result
from sqlalchemy.exc import OperationalError

from app import __version__, paths
from app.cli import cli
from app.config import Settings
from app.definitions.codes import CODES
from app.services import confirmation, intake, publishing
from app.services.context import Context
from app.signing import utc_now
from tests import audit
from tests.definitions.folder import FORM, FormsFolder
from tests.factories import Clock, send_form, token_in, work_off
from tests.server.running import KEY, environment, run
from tests.services.family import FATHER, Child
from tests.services.test_publishing import STEERS, with_earlier_release

Call = Callable[..., Result]

COMMANDS = (
    *(
        "accepted",
        "check",
        "consents",
        "demo",
        "explain",
        "forms",
        "new",
        "notice",
        "objected",
        "outbox",
        "schema",
        "serve",
        "status",
        "withdraw",
    ),
    "worker",
)
COLUMNS = (
    "email,controller,form,purpose,status,since,until,language,site,"
    "channel,proof,decided_by,child,notice,withdraw_link,object_link,subject,restricted"
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
def over(ctx: Context, call: Call) -> Call:
    """Calls the command over the database of `ctx`."""

    def calling(*arguments: str) -> Result:
        done = call(
            *arguments,
            DATA_DIR=str(ctx.settings.DATA_DIR),
            SECRET_KEY=KEY,
            BASE_URL=ctx.settings.BASE_URL,
        )
        assert done.exception is None or isinstance(done.exception, SystemExit), done.output
        return done

    return calling


def agree(ctx: Context, email: str = "sofie@voorbeeld.test", first_name: str = "Sofie") -> None:
    """Agree to job offers by mail and to keeping the CV, and leave a third request open."""
    fields = {"first_name": first_name, "phone": "+31612345678"}
    send_form(ctx, email, ("offers_mail", "keep_cv"), fields=fields)
    confirmation.confirm(ctx, token_in(work_off(ctx)[-1], "confirm"), ())
    work_off(ctx)


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
    done = call("check", FORMS_DIR=str(paths.SAMPLES))
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


@pytest.mark.parametrize(("settings", "folder"), [({}, "forms"), ({"FORMS_DIR": "ours"}, "ours")])
def test_check_without_a_path_looks_where_new_wrote(call: Call, settings: dict[str, str], folder: str) -> None:
    assert refused(call("check", **settings)) == f"AKKOORD_FORMS_DIR: there is no folder {folder}"
    call("new", "bakery/news", **settings)
    done = call("check", **settings)
    assert done.exit_code == 1
    assert done.stdout.startswith(f"{folder}/bakery/")


def test_new_writes_the_languages_that_it_is_told(call: Call, tmp_path: Path) -> None:
    call("new", "bakery/news", "--lang", "fr", "--lang", "nl")
    for name in ("controller", "news"):
        text = (tmp_path / "forms" / "bakery" / f"{name}.yaml").read_text(encoding="utf-8")
        assert re.findall(r"^ +(nl|fr|en): ", text, re.MULTILINE)[:2] == ["nl", "fr"]
        assert not re.search("^ +en:", text, re.MULTILINE)
    assert "languages: [nl, fr]\n" in text
    assert call("new", "bakery/other", "--lang", "de").exit_code == 2


def test_check_points_to_the_explanation_of_what_it_found_beside_its_machine_readable_lines(call: Call) -> None:
    call("new", "bakery/news")
    done = call("check", "forms")
    hint, count = done.stderr.splitlines()
    found = re.fullmatch("What a code means, and an example: akkoord explain (AK[0-9]{3})", hint)
    assert found is not None
    assert f" {found[1]} " in done.stdout.splitlines()[0]
    assert count == f"{len(done.stdout.splitlines())} errors, 0 to be answered, 0 warnings"


def test_explain_tells_a_code_with_a_wrong_and_a_right_example(call: Call) -> None:
    done = call("explain", "AK332")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("AK332: silence or inaction taken for consent\nSource: GDPR recital 32\n")
    assert done.stdout.index("Wrong, in a purpose:") < done.stdout.index("we assume") < done.stdout.index("Right:")


def test_explain_without_a_code_lists_every_code_in_one_line(call: Call) -> None:
    done = call("explain")
    assert (done.exit_code, done.stderr) == (0, "")
    assert [line[:7] for line in done.stdout.splitlines()] == [f"{code}  " for code in sorted(CODES)]


def test_explain_of_an_unknown_code_names_the_nearest_in_one_line(call: Call) -> None:
    done = call("explain", "AK3320")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: AK3320 is no code of the linter: did you mean AK332")
    assert done.stderr.count("\n") == 1


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
    served = json.loads(call("forms", "--json", BASE_URL="https://forms.example", FORMS_DIR=str(paths.SAMPLES)).stdout)
    assert [f"{form['controller']}/{form['form']}" for form in served] == [
        "belcentrum/calls",
        "demolen/bakeclub",
        "demolen/newsletter",
        "demolen/photo",
        "hogeschool/graduates",
        "metaalnet/events",
        "talentwerk/careers",
        "zorgzeker/quote",
    ]
    for form in served:
        assert list(form) == [
            *(
                "controller",
                "form",
                "languages",
                "audience",
                "service",
                "age_gate",
                "fields",
                "purposes",
                "to_answer",
                "url",
                "height",
            ),
        ]
        assert list(form["height"]) == ["280", "390", "700"]
        assert form["height"]["280"] > form["height"]["390"] > form["height"]["700"] > 500
        assert all(list(field) == ["id", "type", "required"] for field in form["fields"])
        assert all(list(purpose) == ["id", "basis", "special_category"] for purpose in form["purposes"])
    assert [form["audience"] for form in served[:4]] == ["adults", "children", "everyone", "children"]
    assert [form["service"] for form in served[:4]] == ["online", "online", "online", "offline"]
    assert served[1]["age_gate"] == {"countries": ["BE"], "age": None}
    quote = served[-1]
    assert (quote["languages"], quote["audience"], quote["age_gate"]) == (["nl", "fr", "en"], "adults", None)
    assert quote["url"] == "https://forms.example/f/zorgzeker/quote"
    assert {"id": "medical", "basis": "consent", "special_category": "health"} in quote["purposes"]
    assert {"id": "quote", "basis": "contract", "special_category": None} in quote["purposes"]


def test_forms_lists_them_for_people_too(call: Call) -> None:
    done = call("forms", BASE_URL="https://forms.example", FORMS_DIR=str(paths.SAMPLES))
    assert len(done.stdout.splitlines()) == 8
    assert re.search(
        "(?m)^talentwerk/careers  nl en  matching, offers_mail, offers_phone, keep_cv"
        r"  https://forms.example/f/talentwerk/careers  height \d+ at 280, \d+ at 390, \d+ at 700$",
        done.stdout,
    )


def test_forms_lists_what_a_newer_release_leaves_to_be_answered_where_the_database_has_served_it(
    ctx: Context, call: Call, over: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = FormsFolder(tmp_path / "forms")
    with_earlier_release(ctx, folder.write(STEERS), monkeypatch)

    done = over("forms", "--json")
    assert [(form["form"], form["to_answer"]) for form in json.loads(done.stdout)] == [("news", ["AK346"])]
    assert done.stderr == ""
    assert re.search(r"(?m)^acme/news .* at 700  to be answered: AK346$", over("forms").stdout)

    never = call("forms", DATA_DIR=str(tmp_path / "none"))
    assert (never.exit_code, never.stdout) == (1, "")
    assert "What was served before is not known: AKKOORD_DATA_DIR: there is no database" in never.stderr
    assert not (tmp_path / "none").exists()

    folder.write(f"# edited\n{STEERS}")
    assert over("forms").stderr == "Error: no form is served from forms: `akkoord check forms` says why\n"


def test_a_form_that_is_served_as_before_is_not_named_as_left_out_beside_one_that_is(
    ctx: Context, over: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = FormsFolder(tmp_path / "forms")
    with_earlier_release(ctx, folder.write(STEERS), monkeypatch)
    folder.form.with_name("tips.yaml").write_text(STEERS, encoding="utf-8")
    folder.form.with_name("good.yaml").write_text(FORM, encoding="utf-8")

    done = over("forms")

    assert [line.split()[0] for line in done.stdout.splitlines()] == ["acme/good", "acme/news"]
    assert done.stderr == "Left out, to be mended or answered: forms/acme/tips.yaml. Run: akkoord check forms\n"


# People


def test_status_of_an_unknown_address_is_an_empty_list_and_no_error(over: Call) -> None:
    done = over("status", "nobody@voorbeeld.test", "--json")
    assert (done.exit_code, json.loads(done.stdout)) == (0, [])
    for_people = over("status", "nobody@voorbeeld.test")
    assert (for_people.exit_code, for_people.stdout) == (0, "")


def test_status_tells_two_children_of_one_name_apart_and_no_child_with_a_name_of_its_own(
    ctx: Context, over: Call, clock: Clock
) -> None:
    for name, month in (("Noor", 3), ("Noor", 9), ("Finn", 3)):
        clock.forward(minutes=11)
        Child(ctx, name, decides_from=date(2027, month, 1)).allowed("recipes")

    lines = over("status", FATHER).stdout.splitlines()

    ids = {row["id"] for row in audit.rows(ctx, "subjects") if row["child_name"] == "Noor"}
    assert {line.rpartition("  for ")[2] for line in lines} == {"Finn", *(f"Noor ({child})" for child in ids)}
    assert len(ids) == 2


def test_status_names_each_purpose_under_exactly_these_keys(ctx: Context, over: Call, clock: Clock) -> None:
    agree(ctx)
    lines = json.loads(over("status", "Sofie@Voorbeeld.test", "--json").stdout)
    assert [(line["purpose"], line["status"]) for line in lines] == [("keep_cv", "granted"), ("offers_mail", "granted")]
    for line in lines:
        assert list(line) == ["subject", "as", "child", "controller", "form", "purpose", "status", "since", "notice"]
        assert (line["as"], line["controller"], line["form"]) == ("self", "talentwerk", "careers")
        assert line["since"] == "2026-11-21T13:32:05.000000Z"
    assert json.loads(over("status", "sofie@voorbeeld.test", "--controller", "metaalnet", "--json").stdout) == []


@pytest.mark.parametrize("command", ["status", "withdraw"])
@pytest.mark.parametrize("address", ["sofie", "a@b.test, c@d.test", "sofie@", "a@b.test\nc@d.test"])
def test_what_is_no_address_is_refused_in_one_line(over: Call, command: str, address: str) -> None:
    done = over(command, address)
    assert done.exit_code == 1
    assert done.stderr == f"Error: {address!r} is not one mail address\n"


def test_consents_are_exported_as_csv_that_no_spreadsheet_calculates(ctx: Context, over: Call) -> None:
    agree(ctx)
    agree(ctx, "eva@voorbeeld.test", first_name="=1+1")
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


def test_consents_are_exported_for_spreadsheets_that_split_cells_at_semicolons(ctx: Context, over: Call) -> None:
    agree(ctx, first_name="Zoë;=1")

    text = over("consents", "--purpose", "offers_mail", "--excel").stdout

    assert text.startswith("\ufeffemail;controller;form;")
    (row,) = csv.DictReader(text.removeprefix("\ufeff").splitlines(), delimiter=";")
    assert row["field_first_name"] == "Zoë;'=1"


def test_consents_are_exported_as_json_with_the_values_as_they_are(ctx: Context, over: Call) -> None:
    agree(ctx, first_name="=1+1")
    rows = json.loads(over("consents", "--json").stdout)
    assert {row["purpose"]: row["fields"] for row in rows} == {"keep_cv": {}, "offers_mail": {"first_name": "=1+1"}}
    assert list(rows[0]) == [*COLUMNS.split(","), "fields"]
    assert json.loads(over("consents", "--controller", "metaalnet", "--json").stdout) == []
    assert json.loads(over("consents", "--form", "events", "--json").stdout) == []


def test_no_export_has_a_link_that_leads_nowhere(ctx: Context, call: Call) -> None:
    agree(ctx)
    settings = {"DATA_DIR": str(ctx.settings.DATA_DIR), "SECRET_KEY": KEY}

    for output in ("--csv", "--json"):
        done = call("consents", output, **settings)

        assert (done.exit_code, done.stdout) == (1, "")
        assert done.stderr.startswith("Error: AKKOORD_BASE_URL is needed: ")


def test_consents_that_ended_are_listed_on_request(ctx: Context, over: Call, clock: Clock) -> None:
    agree(ctx)
    assert over("withdraw", "sofie@voorbeeld.test", "--purpose", "keep_cv").exit_code == 0
    assert [row["purpose"] for row in json.loads(over("consents", "--json").stdout)] == ["offers_mail"]
    (ended,) = json.loads(over("consents", "--status", "withdrawn", "--json").stdout)
    assert (ended["purpose"], ended["status"], ended["fields"]) == ("keep_cv", "withdrawn", {})
    assert over("consents", "--status", "requested").exit_code == 2


def test_withdraw_stops_everything_on_someones_word_and_mails_the_proof(ctx: Context, over: Call) -> None:
    agree(ctx)
    done = over("withdraw", "sofie@voorbeeld.test")
    assert done.exit_code == 0
    assert sorted(done.stdout.splitlines()) == [
        "stopped: talentwerk/careers  keep_cv",
        "stopped: talentwerk/careers  offers_mail",
    ]
    again = over("withdraw", "sofie@voorbeeld.test")
    assert (again.exit_code, again.stdout) == (0, "")
    ctx.clock = lambda: Clock().now + timedelta(days=400_0)
    assert [mail["Subject"].partition(":")[0] for mail in work_off(ctx)] == ["U zei stop"]


def test_a_command_that_looks_takes_all_first_and_a_withdrawal_what_is_of_that_address(
    ctx: Context, over: Call
) -> None:
    ctx.clock = utc_now
    for email in ("sofie@voorbeeld.test", "ann@voorbeeld.test", "bob@voorbeeld.test"):
        send_form(ctx, email, is_taken=False)

    assert over("withdraw", "sofie@voorbeeld.test").exit_code == 0
    assert len(audit.rows(ctx, "intake")) == 2
    (line,) = json.loads(over("status", "ann@voorbeeld.test", "--json").stdout)

    assert line["status"] == "requested"
    assert audit.rows(ctx, "intake") == []
    assert [str(mail["To"]) for mail in work_off(ctx)] == ["ann@voorbeeld.test", "bob@voorbeeld.test"]


def test_what_cannot_be_taken_is_said_and_the_rest_is_shown(
    ctx: Context, over: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    ctx.clock = utc_now
    send_form(ctx)
    send_form(ctx, "ann@voorbeeld.test", is_taken=False)

    def refuse(_: object) -> int:
        raise OperationalError("DELETE", None, Exception("attempt to write a readonly database"))

    monkeypatch.setattr(intake, "take", refuse)
    done = over("status", "sofie@voorbeeld.test")

    assert (done.exit_code, done.stdout.count("requested")) == (0, 1)
    assert (
        done.stderr == "What was sent last is not taken yet, and not seen here: attempt to write a readonly database\n"
    )


def test_withdraw_can_be_kept_to_one_controller(ctx: Context, over: Call) -> None:
    agree(ctx)
    assert over("withdraw", "sofie@voorbeeld.test", "--controller", "metaalnet").stdout == ""
    assert json.loads(over("status", "sofie@voorbeeld.test", "--json").stdout)[0]["status"] == "granted"


def test_another_key_than_that_of_the_database_is_refused_in_one_line(ctx: Context, call: Call) -> None:
    done = call("consents", DATA_DIR=str(ctx.settings.DATA_DIR), SECRET_KEY="quite another key than before")
    assert done.exit_code == 1
    assert done.stdout == ""
    assert done.stderr.startswith("Error: AKKOORD_SECRET_KEY: ")
    assert done.stderr.count("\n") == 1


def test_a_database_that_lets_a_command_down_is_told_of_in_one_line(ctx: Context, over: Call) -> None:
    agree(ctx)
    with ctx.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE consents RENAME TO elsewhere")
    for command in ("withdraw", "status"):
        done = over(command, "sofie@voorbeeld.test")
        assert (done.exit_code, done.stdout) == (1, "")
        assert done.stderr == "Error: the database cannot do this now: no such table: consents\n"


def test_a_standby_says_that_it_only_reads(
    call: Call, empty_postgresql: str, postgresql_server: str, settings: Settings
) -> None:
    opened = Context.open(replace(settings, DATABASE_URL=empty_postgresql))
    publishing.publish(opened, paths.SAMPLES)
    agree(opened)
    opened.database.engine.dispose()
    name = opened.database.engine.url.database
    with psycopg.connect(postgresql_server, autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
    done = call("withdraw", "sofie@voorbeeld.test", DATABASE_URL=empty_postgresql, SECRET_KEY=KEY)
    assert (done.exit_code, done.stdout) == (1, "")
    assert re.fullmatch("Error: the database cannot do this now: .* read-only transaction\n", done.stderr)


def test_the_command_runs_as_a_process_and_as_a_module(ctx: Context, tmp_path: Path) -> None:
    here = {"DATA_DIR": str(ctx.settings.DATA_DIR), "SECRET_KEY": KEY, "BASE_URL": ctx.settings.BASE_URL}
    assert run(tmp_path, "--version") == (0, [f"akkoord, version {__version__}"])
    assert run(tmp_path, "status", "nobody@voorbeeld.test", "--json", **here) == (0, ["[]"])
    fields = ("field_of_work", "first_name", "full_name", "medical_history", "phone", "session", "shop")
    assert run(tmp_path, "consents", **here) == (0, [",".join([COLUMNS, *(f"field_{field}" for field in fields)])])


# Nothing is silently empty

PEOPLE: tuple[tuple[str, ...], ...] = (
    ("status", "sofie@voorbeeld.test"),
    ("status", "sofie@voorbeeld.test", "--json"),
    ("consents",),
    ("consents", "--json"),
    ("withdraw", "sofie@voorbeeld.test"),
    ("objected",),
    ("objected", "--json"),
    ("outbox", "list"),
    ("outbox", "retry"),
)
"""Every command that works with a database that is there."""


def refused(done: Result) -> str:
    """The one line of a command that printed nothing else."""
    assert (done.exit_code, done.stdout) == (1, ""), done.output
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1
    return done.stderr.removeprefix("Error: ").rstrip()


@pytest.mark.parametrize("command", PEOPLE, ids=" ".join)
def test_an_unknown_id_is_an_error_and_never_an_empty_answer(
    ctx: Context, over: Call, command: tuple[str, ...]
) -> None:
    agree(ctx)
    options = [name for parameter in cli.commands[command[0]].params for name in parameter.opts]
    for option, line in (
        ("--controller=talentwrek", "no controller 'talentwrek' is known. Did you mean talentwerk?"),
        ("--form=carers", "no form 'carers' is known. Did you mean careers?"),
        ("--purpose=keepcv", "no purpose 'keepcv' is known. Did you mean keep_cv?"),
        ("--purpose=", "no purpose '' is known. Known: bake_day, "),  # of a variable that is not set
    ):
        done = over(*command, option)
        if option.partition("=")[0] in options:
            assert refused(done).startswith(line)
        else:
            assert done.exit_code == 2
    assert [row["status"] for row in json.loads(over("consents", "--json").stdout)] == ["granted"] * 2


@pytest.mark.parametrize(
    "options",
    [
        ("--controller", "demolen", "--form", "careers"),
        ("--controller", "demolen", "--purpose", "keep_cv"),
        ("--form", "newsletter", "--purpose", "keep_cv"),
        ("--controller", "talentwerk", "--form", "careers", "--purpose", "news"),
    ],
)
def test_an_id_that_is_known_elsewhere_alone_is_unknown_too(ctx: Context, over: Call, options: tuple[str, ...]) -> None:
    agree(ctx)
    assert " is known at " in refused(over("consents", *options))
    if "--form" not in options:
        assert " is known at " in refused(over("withdraw", "sofie@voorbeeld.test", *options))


def test_what_is_known_and_not_agreed_to_is_the_header_alone(ctx: Context, over: Call) -> None:
    agree(ctx)
    for options, fields in (
        (("--purpose", "recipes"), ""),
        (("--controller", "demolen", "--form", "newsletter"), ",field_first_name,field_shop"),
    ):
        done = over("consents", *options)
        assert (done.exit_code, done.stdout, done.stderr) == (0, f"{COLUMNS}{fields}\n", "")
        assert json.loads(over("consents", "--json", *options).stdout) == []
    done = over("withdraw", "sofie@voorbeeld.test", "--purpose", "recipes")
    assert (done.exit_code, done.stderr) == (0, "There was nothing to stop.\n")
    assert over("withdraw", "nobody@voorbeeld.test").exit_code == 0


def test_a_form_that_was_retired_still_exports(ctx: Context, over: Call, tmp_path: Path) -> None:
    agree(ctx)
    (tmp_path / "rest").mkdir()
    shutil.copytree(paths.SAMPLES / "demolen", tmp_path / "rest" / "demolen")
    publishing.publish(ctx, tmp_path / "rest")
    done = over("consents", "--controller", "talentwerk", "--form", "careers", "--purpose", "keep_cv", "--json")
    assert [row["email"] for row in json.loads(done.stdout)] == ["sofie@voorbeeld.test"]


def test_where_nothing_was_ever_served_only_what_names_no_id_is_answered(call: Call, settings: Settings) -> None:
    Context.open(settings).database.engine.dispose()
    here = {"DATA_DIR": str(settings.DATA_DIR), "SECRET_KEY": KEY}
    line = f"no form was ever served from {settings.DATA_DIR / 'akkoord.db'}"
    for command in (*PEOPLE[:2], PEOPLE[4]):
        assert call(*command, **here).exit_code == 0
        assert refused(call(*command, "--controller", "talentwerk", **here)) == line
    for command in PEOPLE[2:4]:
        assert refused(call(*command, **here)) == line
        assert refused(call(*command, "--purpose", "keep_cv", **here)) == line


@pytest.mark.parametrize("command", PEOPLE, ids=" ".join)
@pytest.mark.parametrize("options", [(), ("--controller", "talentwerk")])
def test_without_a_database_a_command_says_where_it_looked_and_makes_nothing(
    call: Call, tmp_path: Path, command: tuple[str, ...], options: tuple[str, ...]
) -> None:
    options = () if command[0] == "outbox" else options  # which names no controller
    line = refused(call(*command, *options))
    assert line == (
        f"AKKOORD_DATA_DIR: there is no database at {tmp_path}/instance/akkoord.db; "
        "set AKKOORD_DATA_DIR or AKKOORD_DATABASE_URL to what the server has"
    )
    assert str(tmp_path / "other") in refused(call(*command, *options, DATA_DIR=str(tmp_path / "other")))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [("forms",), ("check",), ("schema",)], ids=" ".join)
def test_what_reads_definitions_alone_makes_nothing_either(
    call: Call, tmp_path: Path, command: tuple[str, ...]
) -> None:
    assert call(*command, FORMS_DIR=str(paths.SAMPLES)).exit_code == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", PEOPLE, ids=" ".join)
@pytest.mark.parametrize(("version", "which"), [("0001", "older"), ("9999", "newer")])
def test_a_database_of_another_version_is_told_of_in_one_line(
    ctx: Context, over: Call, command: tuple[str, ...], version: str, which: str
) -> None:
    audit.run(ctx, f"UPDATE alembic_version SET version_num = '{version}'")
    assert f" is of an {which} version of Akkoord" in refused(over(*command)).replace("a newer", "an newer")
    assert ctx.database.version() == version


def test_a_typo_in_the_crontab_leaves_the_old_list_standing(ctx: Context, tmp_path: Path) -> None:
    agree(ctx)
    manual = (Path(__file__).parents[2] / "docs" / "consents.md").read_text(encoding="utf-8")
    (rest,) = re.findall(r"&& \S*akkoord (consents --purpose newsletter > .*)$", manual, re.MULTILINE)
    assert rest.endswith(" && mv newsletter.new newsletter.csv")
    line = f"{sys.executable} -P -m app {rest}"
    here = {"DATA_DIR": str(ctx.settings.DATA_DIR), "SECRET_KEY": KEY, "BASE_URL": ctx.settings.BASE_URL}
    listed = tmp_path / "newsletter.csv"

    def cron(line: str, **settings: str) -> int:
        return subprocess.run(["/bin/sh", "-c", line], cwd=tmp_path, env=environment(tmp_path, **settings)).returncode

    assert cron(line.replace("newsletter ", "keep_cv ", 1), **here) == 0
    before = listed.read_text(encoding="utf-8")
    assert "sofie@voorbeeld.test" in before
    for wrong, settings in (
        (line.replace("newsletter ", "keepcv ", 1), here),
        (line.replace("newsletter ", "keep_cv ", 1), {}),
        (line.replace("newsletter ", "keep_cv ", 1), here | {"DATA_DIR": str(tmp_path / "instances")}),
        (line.replace("newsletter ", "keep_cv ", 1), here | {"BASE_URL": ""}),
    ):
        assert cron(wrong, **settings) == 1
        assert listed.read_text(encoding="utf-8") == before


def test_what_a_user_of_postgresql_may_not_see_is_told_of_in_one_line(
    tmp_path: Path, empty_postgresql: str, settings: Settings
) -> None:
    opened = Context.open(replace(settings, DATABASE_URL=empty_postgresql))
    role = f"r{opened.database.engine.url.database}"
    audit.run(opened, f"CREATE ROLE {role} LOGIN")
    audit.run(opened, f"GRANT SELECT ON alembic_version, meta TO {role}")
    try:
        address = opened.database.engine.url.set(drivername="postgresql", username=role)
        url = address.render_as_string(hide_password=False)
        done = run(tmp_path, "status", "sofie@voorbeeld.test", DATABASE_URL=url, SECRET_KEY=KEY)
        assert done == (1, ["Error: the database cannot do this now: permission denied for table intake"])
    finally:
        audit.run(opened, f"DROP OWNED BY {role}")
        audit.run(opened, f"DROP ROLE {role}")
        opened.database.engine.dispose()


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_folder_without_a_form_that_is_served_is_an_error(
    call: Call, tmp_path: Path, options: tuple[str, ...]
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "faulty" / "bakery").mkdir(parents=True)
    (tmp_path / "faulty" / "bakery" / "news.yaml").write_text("languages: [nl]\n", encoding="utf-8")
    (tmp_path / "alone" / "demolen").mkdir(parents=True)
    shutil.copy(paths.SAMPLES / "demolen" / "controller.yaml", tmp_path / "alone" / "demolen")
    for name in ("empty", "faulty", "alone"):
        line = refused(call("forms", *options, FORMS_DIR=name))
        assert line == f"no form is served from {name}: `akkoord check {name}` says why"
        assert call("check", name).stdout != ""


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_forms_that_are_left_out_are_named_beside_those_that_are_served(
    call: Call, tmp_path: Path, options: tuple[str, ...]
) -> None:
    shutil.copytree(paths.SAMPLES, tmp_path / "forms")
    (tmp_path / "forms" / "demolen" / "newsletter.yaml").write_text("languages: [nl]\n", encoding="utf-8")
    (tmp_path / "forms" / "metaalnet" / "controller.yaml").write_text("country: NL\n", encoding="utf-8")
    done = call("forms", *options, FORMS_DIR="forms")
    assert done.exit_code == 0
    assert "belcentrum" in done.stdout
    assert "metaalnet" not in done.stdout
    assert done.stderr == (
        "Left out, to be mended or answered: forms/demolen/newsletter.yaml, forms/metaalnet/controller.yaml. "
        "Run: akkoord check forms\n"
    )


@pytest.mark.parametrize("name", ["news.yml", "news.txt", "news"])
def test_check_of_a_file_that_nobody_reads_is_an_error(call: Call, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("languages: [nl]\n", encoding="utf-8")
    done = call("check", name)
    assert done.exit_code == 1
    assert done.stdout == f"{name}:1:1 AK101 this is not read: the name of a definition ends in .yaml\n"


def test_check_of_a_folder_without_a_definition_is_an_error(call: Call, tmp_path: Path) -> None:
    (tmp_path / "notes" / "deep").mkdir(parents=True)
    (tmp_path / "notes" / "news.txt").write_text("languages: [nl]\n", encoding="utf-8")
    for name, code in (("notes", "AK117"), ("notes/deep", "AK118")):
        done = call("check", name)
        assert done.exit_code == 1
        assert done.stderr.startswith(f"What a code means, and an example: akkoord explain {code}\n1 error, ")
        assert call("check", FORMS_DIR=name).exit_code == 1
