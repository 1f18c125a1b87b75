"""What is opened before anything works: the folder, the database, the keys."""

import os
import re
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import inspect

from app import __version__
from app.config import BadSetting, Settings
from app.services import confirmation, withdrawal
from app.services.context import Context, UnknownLink
from app.storage.database import Database, versions
from tests import audit
from tests.factories import Clock, send_form, token_in, work_off
from tests.racing import race
from tests.services.person import Person

OLD, NEW, OTHER = "the old key of this test", "the new key of this test", "another key altogether"


@pytest.fixture
def opened() -> Iterator[list[Context]]:
    """Kits that a test opens by itself; they are closed after it."""
    kits: list[Context] = []
    yield kits
    for ctx in kits:
        ctx.database.engine.dispose()


def refusal(settings: Settings) -> str:
    with pytest.raises(BadSetting) as caught:
        Context.open(settings)
    assert str(caught.value).isprintable()
    return str(caught.value)


def key_file(settings: Settings) -> Path:
    return settings.DATA_DIR / "secret_key"


def test_the_first_run_makes_the_folder_the_database_and_a_key_that_nobody_else_can_read(
    tmp_path: Path, opened: list[Context]
) -> None:
    settings = Settings(DATA_DIR=tmp_path / "a" / "b")

    opened.append(Context.open(settings))

    assert opened[0].keys == (key_file(settings).read_text(),)
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", opened[0].keys[0])
    assert stat.S_IMODE(key_file(settings).stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.DATA_DIR.stat().st_mode) == 0o700
    assert sorted(path.name for path in settings.DATA_DIR.iterdir() if not path.name.startswith("akkoord.db")) == [
        "secret_key"
    ]


def test_the_second_run_takes_the_same_key(tmp_path: Path, opened: list[Context]) -> None:
    settings = Settings(DATA_DIR=tmp_path)

    opened += [Context.open(settings), Context.open(settings)]

    assert opened[0].keys == opened[1].keys


def test_a_key_of_ones_own_needs_no_file(tmp_path: Path, opened: list[Context]) -> None:
    settings = Settings(DATA_DIR=tmp_path / "new", SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=(OLD,))

    opened.append(Context.open(settings))

    assert opened[0].keys == (OLD, NEW)
    assert not key_file(settings).exists()


def test_processes_that_start_for_the_first_time_at_once_share_one_key(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib\n"
        "from app.config import Settings\n"
        "from app.services.context import Context\n"
        "import alembic.command\n"
        "sys.stdout.write('ready\\n'); sys.stdout.flush(); sys.stdin.readline()\n"
        "sys.stdout.write(Context.open(Settings(DATA_DIR=pathlib.Path(sys.argv[1]))).keys[-1])\n"
    )
    said = race(program, str(tmp_path / "new"))

    assert [racer.complaint for racer in said] == ["", "", ""]
    assert {racer.said for racer in said} == {(tmp_path / "new" / "secret_key").read_text()}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o777])
def test_a_key_that_others_can_read_stops_the_start(tmp_path: Path, opened: list[Context], mode: int) -> None:
    settings = Settings(DATA_DIR=tmp_path)
    opened.append(Context.open(settings))
    key_file(settings).chmod(mode)

    assert "others can read" in refusal(settings)


@pytest.mark.parametrize("content", [b"", b"\n", b"short", b"\xff\xfe" * 20, b"a key with a \0 in it, long enough"])
def test_a_key_file_without_a_key_in_it_stops_the_start(tmp_path: Path, content: bytes) -> None:
    settings = Settings(DATA_DIR=tmp_path)
    key_file(settings).write_bytes(content)
    key_file(settings).chmod(0o600)

    assert refusal(settings).startswith("AKKOORD_DATA_DIR: ")


def test_another_key_stops_the_start_and_changes_nothing(settings: Settings, ctx: Context) -> None:
    before = audit.everything(ctx)

    line = refusal(replace(settings, SECRET_KEY=OTHER))

    assert line.startswith("AKKOORD_SECRET_KEY: ")
    assert "AKKOORD_SECRET_KEY_FALLBACKS" in line
    assert OTHER not in line
    assert audit.everything(ctx) == before


def test_a_new_key_with_the_old_one_behind_it_is_accepted_and_remembered(tmp_path: Path, opened: list[Context]) -> None:
    with_old = Settings(DATA_DIR=tmp_path, SECRET_KEY=OLD)
    with_both = replace(with_old, SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=(OLD,))
    with_new = replace(with_old, SECRET_KEY=NEW)
    opened.append(Context.open(with_old))

    assert refusal(with_new).startswith("AKKOORD_SECRET_KEY: ")
    opened += [Context.open(with_both), Context.open(with_new)]
    assert refusal(with_old).startswith("AKKOORD_SECRET_KEY: ")


def test_a_link_survives_the_change_of_the_key_until_its_key_is_dropped(
    settings: Settings, ctx: Context, clock: Clock, opened: list[Context]
) -> None:
    send_form(ctx)
    (mail,) = work_off(ctx)
    token = token_in(mail, "confirm")
    rotated = replace(settings, SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=(settings.SECRET_KEY,))
    opened.append(Context.open(rotated, clock))

    confirmation.confirm(opened[0], token, ())
    (receipt,) = work_off(opened[0])
    opened.append(Context.open(replace(settings, SECRET_KEY=NEW), clock))
    with pytest.raises(UnknownLink):
        confirmation.view(opened[1], token)

    assert withdrawal.withdraw(opened[1], token_in(receipt, "withdraw"))[1] != ()


def test_the_link_to_withdraw_survives_the_change_and_the_loss_of_the_key(
    settings: Settings, ctx: Context, clock: Clock, opened: list[Context]
) -> None:
    sofie = Person(ctx)
    sofie.says_yes(sofie.asks("keep_cv"))
    link = token_in(sofie.mail(), "withdraw")
    for keys in ((NEW, settings.SECRET_KEY), (OTHER, NEW), (OTHER,)):
        opened.append(Context.open(replace(settings, SECRET_KEY=keys[0], SECRET_KEY_FALLBACKS=keys[1:]), clock))
        assert [line.purpose for line in withdrawal.view(opened[-1], link).running] == ["keep_cv"]

    assert [line.purpose for line in withdrawal.withdraw(opened[-1], link)[1]] == ["keep_cv"]


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"this is no database, but long enough to look at" * 100, "DATA_DIR"), (b"short", "DATA_DIR")],
)
def test_a_file_that_is_no_database_stops_the_start(tmp_path: Path, content: bytes, name: str) -> None:
    (tmp_path / "akkoord.db").write_bytes(content)

    assert refusal(Settings(DATA_DIR=tmp_path, SECRET_KEY=OLD)).startswith(f"AKKOORD_{name}: ")


def test_a_folder_that_is_a_file_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("x")

    assert refusal(Settings(DATA_DIR=tmp_path / "data")).startswith("AKKOORD_DATA_DIR: ")
    assert refusal(Settings(DATA_DIR=tmp_path / "data", SECRET_KEY=OLD)).startswith("AKKOORD_DATA_DIR: ")


def test_a_database_server_that_is_away_stops_the_start(tmp_path: Path) -> None:
    away = Settings(DATA_DIR=tmp_path, SECRET_KEY=OLD, DATABASE_URL="postgresql://nobody@127.0.0.1:1/akkoord")

    assert refusal(away).startswith("AKKOORD_DATABASE_URL: ")


# A kit over what is there, which makes nothing


def refusal_to_look(settings: Settings) -> str:
    with pytest.raises(BadSetting) as caught:
        Context.open_existing(settings)
    assert str(caught.value).isprintable()
    return str(caught.value)


def contents(folder: Path) -> dict[str, bytes | None]:
    return {str(path): path.read_bytes() if path.is_file() else None for path in folder.glob("**/*")}


def test_to_look_where_there_is_no_database_makes_nothing_and_says_where_it_was_looked_for(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    before = contents(tmp_path)

    for folder in (tmp_path / "a" / "b", tmp_path / "empty"):
        for settings in (Settings(DATA_DIR=folder), Settings(DATA_DIR=folder, SECRET_KEY=OLD)):
            assert refusal_to_look(settings) == (
                f"AKKOORD_DATA_DIR: there is no database at {folder / 'akkoord.db'}; "
                "set AKKOORD_DATA_DIR or AKKOORD_DATABASE_URL to what the server has"
            )
    named = Settings(DATA_DIR=tmp_path / "c", DATABASE_URL=f"sqlite:///{tmp_path}/other.db")
    assert refusal_to_look(named).startswith(f"AKKOORD_DATABASE_URL: there is no database at {tmp_path}/other.db; ")
    assert contents(tmp_path) == before


def test_the_place_is_told_in_full_where_the_folder_is_that_of_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert f" at {tmp_path}/instance/akkoord.db; " in refusal_to_look(Settings())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("address", ["sqlite:///", "sqlite:///:memory:"])
def test_a_database_that_ends_with_its_process_is_none_to_look_into(tmp_path: Path, address: str) -> None:
    assert refusal_to_look(Settings(DATA_DIR=tmp_path, DATABASE_URL=address)).startswith("AKKOORD_DATABASE_URL: ")


def test_to_look_into_a_file_of_somebody_else_leaves_it_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE recipes (name)")
    (tmp_path / "text.db").write_bytes(b"this is no database, but long enough to look at" * 100)
    before = contents(tmp_path)

    for name, problem in (
        ("empty.db", " holds no table of Akkoord; "),
        ("other.db", " holds no table of Akkoord; "),
        ("text.db", " cannot be opened: file is not a database"),
    ):
        settings = Settings(DATA_DIR=tmp_path, DATABASE_URL=f"sqlite:///{tmp_path / name}", SECRET_KEY=OLD)
        assert f"{tmp_path / name}{problem}" in refusal_to_look(settings)
    assert contents(tmp_path) == before


def test_to_look_into_an_empty_database_of_postgresql_fills_it_not(tmp_path: Path, empty_postgresql: str) -> None:
    settings = Settings(DATA_DIR=tmp_path / "none", DATABASE_URL=empty_postgresql, SECRET_KEY=OLD)

    line = refusal_to_look(settings)

    assert line.startswith("AKKOORD_DATABASE_URL: postgresql://")
    assert " holds no table of Akkoord; set AKKOORD_DATA_DIR or AKKOORD_DATABASE_URL" in line
    database = Database(settings.database_url)
    with database.read() as connection:
        assert inspect(connection).get_table_names() == []
    database.engine.dispose()
    assert list(tmp_path.iterdir()) == []


def test_no_line_holds_the_password_of_the_database(tmp_path: Path) -> None:
    for url in ("postgresql://akkoord:hush@127.0.0.1:1/kit", "postgresql://127.0.0.1:1/kit?user=akkoord&password=hush"):
        line = refusal_to_look(Settings(DATA_DIR=tmp_path, SECRET_KEY=OLD, DATABASE_URL=url))
        assert line.startswith("AKKOORD_DATABASE_URL: postgresql://127.0.0.1:1/kit cannot be opened: ")
        assert "hush" not in line


def test_to_look_makes_no_key_where_the_database_came_without_it(ctx: Context, settings: Settings) -> None:
    without = replace(settings, SECRET_KEY="")

    assert refusal_to_look(without) == (
        f"AKKOORD_DATA_DIR: {key_file(settings)} is missing; set this, or AKKOORD_SECRET_KEY, to what the server has"
    )
    assert not key_file(settings).exists()


def test_to_look_with_another_key_is_refused_and_with_a_newer_one_records_nothing(any_ctx: Context) -> None:
    before = audit.everything(any_ctx)

    assert refusal_to_look(replace(any_ctx.settings, SECRET_KEY=OTHER)).startswith("AKKOORD_SECRET_KEY: ")
    rotated = replace(any_ctx.settings, SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=(any_ctx.settings.SECRET_KEY,))
    looking = Context.open_existing(rotated)

    assert audit.everything(looking) == audit.everything(any_ctx) == before
    looking.database.engine.dispose()


def test_to_look_goes_on_beside_a_server_that_writes(any_ctx: Context) -> None:
    with any_ctx.database.write() as connection:
        connection.exec_driver_sql("UPDATE meta SET value = value")
        looking = Context.open_existing(any_ctx.settings)
        assert len(audit.rows(looking, "notices")) > 10
        looking.database.engine.dispose()


def test_to_look_leaves_no_file_behind(ctx: Context, settings: Settings) -> None:
    ctx.database.engine.dispose()
    before = contents(settings.DATA_DIR)

    looking = Context.open_existing(settings)
    audit.everything(looking)
    looking.database.engine.dispose()

    assert contents(settings.DATA_DIR) == before


def test_a_copy_without_a_log_stays_without_one(ctx: Context, settings: Settings, tmp_path: Path) -> None:
    """Such as `VACUUM INTO` makes: to switch its log on would write into the copy."""
    copy = tmp_path / "copy"
    copy.mkdir()
    with closing(sqlite3.connect(settings.DATA_DIR / "akkoord.db")) as connection:
        connection.execute("VACUUM INTO ?", (str(copy / "akkoord.db"),))
    before = contents(copy)

    looking = Context.open_existing(replace(settings, DATA_DIR=copy))
    assert audit.everything(looking) == audit.everything(ctx)
    looking.database.engine.dispose()

    assert contents(copy) == before


def test_a_name_that_an_address_would_take_for_something_else_is_opened(settings: Settings, ctx: Context) -> None:
    odd = settings.DATA_DIR / "50% of it#x"
    odd.mkdir()
    ctx.database.checkpoint_wal()
    shutil.copy(settings.DATA_DIR / "akkoord.db", odd)

    looking = Context.open_existing(replace(settings, DATA_DIR=odd))

    assert len(audit.rows(looking, "notices")) > 10
    looking.database.engine.dispose()


def test_who_may_not_read_the_file_is_told_so(
    settings: Settings, ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root, who may run this, is refused nothing

    assert refusal_to_look(settings) == (
        f"AKKOORD_DATA_DIR: {settings.DATA_DIR / 'akkoord.db'} cannot be read: permission denied"
    )


def test_who_may_not_look_into_the_tables_of_postgresql_is_told_so(
    settings: Settings, empty_postgresql: str, opened: list[Context]
) -> None:
    server = Context.open(replace(settings, DATABASE_URL=empty_postgresql))
    opened.append(server)
    name = server.database.engine.url.database
    role = f"r{name}"
    audit.run(server, f"CREATE ROLE {role} LOGIN")
    try:
        address = server.database.engine.url.set(drivername="postgresql", username=role)
        line = refusal_to_look(replace(settings, DATABASE_URL=address.render_as_string(hide_password=False)))
        assert line.startswith("AKKOORD_DATABASE_URL: postgresql://")
        assert line.endswith(" cannot be opened: permission denied for table alembic_version")
    finally:
        audit.run(server, f"DROP ROLE {role}")


@pytest.mark.parametrize("prepared", [True, False])
def test_tables_of_a_newer_version_are_left_as_they_are(any_ctx: Context, prepared: bool) -> None:
    audit.run(any_ctx, "UPDATE alembic_version SET version_num = '9999'")
    try:
        before = audit.everything(any_ctx)
        line = refusal(any_ctx.settings) if prepared else refusal_to_look(any_ctx.settings)
        assert line.endswith(f"is of a newer version of Akkoord than this one ({__version__}): use that one")
        assert audit.everything(any_ctx) == before
    finally:
        audit.run(any_ctx, f"UPDATE alembic_version SET version_num = '{versions()[-1]}'")


def test_a_notice_is_read_once_and_an_unknown_one_is_none(any_ctx: Context) -> None:
    (first, *_) = audit.rows(any_ctx, "notices")
    stored = any_ctx.stored_notice(first["hash"])

    assert any_ctx.stored_notice(first["hash"]) is stored
    with any_ctx.database.read() as connection:
        assert any_ctx.fresh_notice(connection, first["hash"]) is not stored
    with pytest.raises(KeyError):
        any_ctx.stored_notice("f" * 64)
