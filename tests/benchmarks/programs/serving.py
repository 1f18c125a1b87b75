"""Serves a WSGI application with the gunicorn settings that it is handed as JSON: `serving.py MODULE:NAME SETTINGS`.

It runs in the peer's environment too, so it imports nothing of the kit.
"""

import importlib
import json
import sys
from typing import Any

from gunicorn.app.base import BaseApplication


class Serving(BaseApplication):
    """Gunicorn over an application that each web process imports by itself, as `akkoord serve` has it."""

    def __init__(self, application: str, options: dict[str, Any]) -> None:
        self._application = application
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        module, _, name = self._application.partition(":")
        return getattr(importlib.import_module(module), name)


if __name__ == "__main__":
    Serving(sys.argv[1], json.loads(sys.argv[2])).run()
