"""Mails as they were approved (golden files), and how they are renewed: `pytest tests/delivery --renew-texts`."""

from collections.abc import Sequence
from pathlib import Path

import pytest

RENEW = "--renew-texts"
_TEXTS = Path(__file__).with_name("texts")


def check_approved(config: pytest.Config, name: str, mails: Sequence[str]) -> None:
    """That these mails read as in `texts/<name>.txt`. Where the texts are renewed they are written there instead."""
    path = _TEXTS / f"{name}.txt"
    written = "\n".join(mails)
    if config.getoption(RENEW):
        path.write_text(written, encoding="utf-8")
        pytest.fail(f"written anew: read the difference with git diff {path.name}, then run the tests without {RENEW}")
    assert written == path.read_text(encoding="utf-8")
