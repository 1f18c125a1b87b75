"""The table of the settings, from app/config.py."""

from dataclasses import fields

from app.config import PREFIX, Rate, Settings


def table() -> str:
    """Each setting with its default and its meaning."""
    lines = ["| setting | default | meaning |", "|---|---|---|"]
    lines += [
        f"| `{PREFIX}{setting.name}` | {_shown(setting.default)} | {setting.metadata['meaning']} |"
        for setting in fields(Settings)
    ]
    return "\n".join(lines)


def _shown(default: object) -> str:
    """A default as one writes it in the environment; empty where there is none."""
    if default in ("", None):
        return ""
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, Rate):
        return f"`{default.count} per {default.per}`"
    return "`[]`" if default == () else f"`{default}`"
