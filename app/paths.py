"""Where the files that are no Python stand: beside `app/` in a checkout, inside the package in an installed wheel."""

from pathlib import Path

_package = Path(__file__).resolve().parent


def _find(name: str) -> Path:
    inside = _package / name
    return inside if inside.is_dir() else _package.parent / name


TEMPLATES = _find("templates")
TRANSLATIONS = _find("translations")
STATIC = _find("static")
SAMPLES = _package / "definitions" / "samples"
MIGRATIONS = _package / "storage" / "migrations"
