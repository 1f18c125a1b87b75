"""The post of one company: its published forms, a server that takes its mails, and a kit that sends them there."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.config import Settings
from app.services.context import Context
from tests.delivery import post
from tests.delivery.sink import Sink
from tests.factories import Clock


@pytest.fixture(scope="session")
def published_cafe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file in which the forms of the company are published."""
    return post.publish(tmp_path_factory.mktemp("cafe"))


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A server that takes every mail."""
    with Sink() as listening:
        yield listening


@pytest.fixture
def cafe(published_cafe: Path, settings: Settings, sink: Sink, clock: Clock) -> Iterator[Context]:
    """A kit whose mails go to `sink`."""
    to_sink = replace(settings, MAIL_SERVER="127.0.0.1", MAIL_PORT=sink.port)
    with post.opened(published_cafe, settings.DATA_DIR, to_sink, clock) as ctx:
        yield ctx
