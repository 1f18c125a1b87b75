"""What is opened before anything works: the folder, the database, the keys."""

import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.config import BadSetting, Settings
from app.services import confirmation, withdrawal
from app.services.kit import Kit, UnknownLink
from tests import audit
from tests.factories import Clock, send_form, token_in, work_off
from tests.services.person import Person

OLD, NEW, OTHER = "the old key of this test", "the new key of this test", "another key altogether"


@pytest.fixture
def opened() -> Iterator[list[Kit]]:
    """Kits that a test opens by itself; they are closed after it."""
    kits: list[Kit] = []
    yield kits
    for kit in kits:
        kit.database.engine.dispose()


def refusal(settings: Settings) -> str:
    with pytest.raises(BadSetting) as caught:
        Kit.open(settings)
    assert str(caught.value).isprintable()
    return str(caught.value)


def key_file(settings: Settings) -> Path:
    return settings.DATA_DIR / "secret_key"


def test_the_first_run_makes_the_folder_the_database_and_a_key_that_nobody_else_can_read(
    tmp_path: Path, opened: list[Kit]
) -> None:
    settings = Settings(DATA_DIR=tmp_path / "a" / "b")

    opened.append(Kit.open(settings))

    assert opened[0].keys == (key_file(settings).read_text(),)
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", opened[0].keys[0])
    assert stat.S_IMODE(key_file(settings).stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.DATA_DIR.stat().st_mode) == 0o700
    assert sorted(path.name for path in settings.DATA_DIR.iterdir() if not path.name.startswith("akkoord.db")) == [
        "secret_key"
    ]


def test_the_second_run_takes_the_same_key(tmp_path: Path, opened: list[Kit]) -> None:
    settings = Settings(DATA_DIR=tmp_path)

    opened += [Kit.open(settings), Kit.open(settings)]

    assert opened[0].keys == opened[1].keys


def test_a_key_of_ones_own_needs_no_file(tmp_path: Path, opened: list[Kit]) -> None:
    settings = Settings(DATA_DIR=tmp_path / "new", SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=(OLD,))

    opened.append(Kit.open(settings))

    assert opened[0].keys == (OLD, NEW)
    assert not key_file(settings).exists()


def test_processes_that_start_for_the_first_time_at_once_share_one_key(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib\n"
        "from app.config import Settings\n"
        "from app.services.kit import Kit\n"
        "import alembic.command\n"
        "sys.stdout.write('ready\\n'); sys.stdout.flush(); sys.stdin.readline()\n"
        "sys.stdout.write(Kit.open(Settings(DATA_DIR=pathlib.Path(sys.argv[1]))).keys[-1])\n"
    )
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path / "new")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    said = [racer.communicate() for racer in racers]

    assert [error for _, error in said] == ["", "", ""]
    assert {key for key, _ in said} == {(tmp_path / "new" / "secret_key").read_text()}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o777])
def test_a_key_that_others_can_read_stops_the_start(tmp_path: Path, opened: list[Kit], mode: int) -> None:
    settings = Settings(DATA_DIR=tmp_path)
    opened.append(Kit.open(settings))
    key_file(settings).chmod(mode)

    assert "others can read" in refusal(settings)


@pytest.mark.parametrize("content", [b"", b"\n", b"short", b"\xff\xfe" * 20, b"a key with a \0 in it, long enough"])
def test_a_key_file_without_a_key_in_it_stops_the_start(tmp_path: Path, content: bytes) -> None:
    settings = Settings(DATA_DIR=tmp_path)
    key_file(settings).write_bytes(content)
    key_file(settings).chmod(0o600)

    assert refusal(settings).startswith("AKKOORD_DATA_DIR: ")


def test_another_key_stops_the_start_and_changes_nothing(settings: Settings, kit: Kit) -> None:
    before = audit.everything(kit)

    line = refusal(replace(settings, SECRET_KEY=OTHER))

    assert line.startswith("AKKOORD_SECRET_KEY: ")
    assert "AKKOORD_SECRET_KEY_FALLBACKS" in line
    assert OTHER not in line
    assert audit.everything(kit) == before


def test_a_new_key_with_the_old_one_behind_it_is_accepted_and_remembered(tmp_path: Path, opened: list[Kit]) -> None:
    with_old = Settings(DATA_DIR=tmp_path, SECRET_KEY=OLD)
    with_both = replace(with_old, SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=(OLD,))
    with_new = replace(with_old, SECRET_KEY=NEW)
    opened.append(Kit.open(with_old))

    assert refusal(with_new).startswith("AKKOORD_SECRET_KEY: ")
    opened += [Kit.open(with_both), Kit.open(with_new)]
    assert refusal(with_old).startswith("AKKOORD_SECRET_KEY: ")


def test_a_link_survives_the_change_of_the_key_until_its_key_is_dropped(
    settings: Settings, kit: Kit, clock: Clock, opened: list[Kit]
) -> None:
    send_form(kit)
    (mail,) = work_off(kit)
    token = token_in(mail, "confirm")
    rotated = replace(settings, SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=(settings.SECRET_KEY,))
    opened.append(Kit.open(rotated, clock))

    confirmation.confirm(opened[0], token, ())
    (receipt,) = work_off(opened[0])
    opened.append(Kit.open(replace(settings, SECRET_KEY=NEW), clock))
    with pytest.raises(UnknownLink):
        confirmation.view(opened[1], token)

    assert withdrawal.withdraw(opened[1], token_in(receipt, "withdraw"))[1] != ()


def test_the_link_to_withdraw_survives_the_change_and_the_loss_of_the_key(
    settings: Settings, kit: Kit, clock: Clock, opened: list[Kit]
) -> None:
    sofie = Person(kit)
    sofie.says_yes(sofie.asks("keep_cv"))
    link = token_in(sofie.mail(), "withdraw")
    for keys in ((NEW, settings.SECRET_KEY), (OTHER, NEW), (OTHER,)):
        opened.append(Kit.open(replace(settings, SECRET_KEY=keys[0], SECRET_KEY_FALLBACKS=keys[1:]), clock))
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


def test_a_notice_is_read_once_and_an_unknown_one_is_none(any_kit: Kit) -> None:
    (first, *_) = audit.rows(any_kit, "notices")
    stored = any_kit.stored_notice(first["hash"])

    assert any_kit.stored_notice(first["hash"]) is stored
    with any_kit.database.read() as connection:
        assert any_kit.fresh_notice(connection, first["hash"]) is not stored
    with pytest.raises(KeyError):
        any_kit.stored_notice("f" * 64)
