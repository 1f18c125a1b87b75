"""What the tests of the pages share: a kit that serves the sample forms and forms of the tests' own."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest
from flask import Flask

from app import paths
from app.config import Settings
from app.factory import create_app
from app.services import publishing
from app.services.context import Context
from app.web.app_state import AppState
from tests.conftest import BASE_URL, KEY
from tests.factories import Clock
from tests.web import ways


@pytest.fixture(scope="session")
def forms_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample forms, and beside them those of the tests."""
    folder = tmp_path_factory.mktemp("web") / "forms"
    shutil.copytree(paths.SAMPLES, folder)
    shutil.copytree(ways.OWN_FORMS, folder, dirs_exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def sqlite_with_samples(tmp_path_factory: pytest.TempPathFactory, forms_folder: Path) -> Path:
    """Like the fixture of the whole pack, with the forms of the tests besides."""
    folder = tmp_path_factory.mktemp("web")
    ctx = Context.open(Settings(DATA_DIR=folder, BASE_URL=BASE_URL, SECRET_KEY=KEY), Clock())
    published = publishing.publish(ctx, forms_folder)
    assert not published.faults, published.faults
    ctx.database.engine.dispose()
    return folder / "akkoord.db"


@pytest.fixture
def publish(app: Flask, ctx: Context, forms_folder: Path, tmp_path: Path) -> Callable[..., None]:
    """Publishes the forms anew, with texts changed, and lets the app take them up.

    It is called with the name of a form, or of nothing, and what to replace in its file by what.
    """

    def publish_again(name: str = "", changes: Mapping[str, str] = MappingProxyType({})) -> None:
        folder = tmp_path / "forms"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(forms_folder, folder)
        for old, new in changes.items():
            path = folder / f"{name}.yaml"
            text = path.read_text(encoding="utf-8")
            assert old in text
            path.write_text(text.replace(old, new), encoding="utf-8")
        publishing.publish(ctx, folder)
        app.extensions["akkoord"].reload()

    return publish_again


@pytest.fixture(scope="session")
def one_app(sqlite_with_samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application whose templates are compiled once for all tests."""
    folder = tmp_path_factory.mktemp("app")
    shutil.copy(sqlite_with_samples, folder / "akkoord.db")
    app = create_app(Settings(DATA_DIR=folder, BASE_URL=BASE_URL, SECRET_KEY=KEY))
    app.extensions["akkoord"].ctx.database.engine.dispose()  # each test brings its own
    app.config.update(SERVER_NAME="forms.example", PREFERRED_URL_SCHEME="https")
    return app


@pytest.fixture
def app(one_app: Flask, ctx: Context) -> Flask:
    """The application over `ctx`."""
    state = AppState(ctx)
    state.reload()
    one_app.extensions["akkoord"] = state
    return one_app
