"""The application for a WSGI server that is not ours."""

import runpy
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import QueuePool

from app import paths
from app.config import BadSetting
from tests.conftest import BASE_URL, KEY


def test_it_needs_a_forms_folder_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AKKOORD_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("AKKOORD_FORMS_DIR", raising=False)
    with pytest.raises(BadSetting, match=r"^AKKOORD_FORMS_DIR: is needed: "):
        runpy.run_module("app.wsgi")
    assert list(tmp_path.iterdir()) == []


def test_another_wsgi_server_serves_the_forms_over_a_fresh_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AKKOORD_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("AKKOORD_BASE_URL", BASE_URL)
    monkeypatch.setenv("AKKOORD_SECRET_KEY", KEY)
    monkeypatch.setenv("AKKOORD_FORMS_DIR", str(paths.SAMPLES))
    app = runpy.run_module("app.wsgi")["app"]
    assert isinstance(app, Flask)
    pool = app.extensions["akkoord"].ctx.database.engine.pool
    assert isinstance(pool, QueuePool)
    assert pool.checkedin() == 0, "a server that forks now would share a connection"
    answer = app.test_client(use_cookies=False).get("/f/talentwerk/careers?lang=nl", base_url=BASE_URL)
    assert answer.status_code == 200
    app.extensions["akkoord"].ctx.database.engine.dispose()
