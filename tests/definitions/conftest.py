"""The forms folder that the tests of the definitions change."""

from pathlib import Path

import pytest

from tests.definitions.folder import FormsFolder


@pytest.fixture
def forms(tmp_path: Path) -> FormsFolder:
    """A forms folder that is in order."""
    return FormsFolder(tmp_path / "forms").write()
