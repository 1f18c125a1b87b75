"""A form as it is served: which notices it shows to whom, who may frame it, and how it looks."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Theme:
    """What a controller may set of the looks; nothing here can hide or weaken a choice."""

    accent: str = "#1d4f91"
    radius: int = 10
    font: str = "system"
    scheme: str = "auto"

    @property
    def accent_in_dark(self) -> str:
        """The accent for mails in the dark, whose styles know no OKLCH: so much lighter that it keeps 4.5:1 there."""
        channels = (int(self.accent[at : at + 2], 16) for at in (1, 3, 5))
        return "#" + "".join(f"{round(0.45 * channel + 0.55 * 255):02x}" for channel in channels)


@dataclass(frozen=True)
class ServedForm:
    """One form of one controller. `notices` maps `language/audience` to the hash of the notice that is current.

    `audience` is who meets the form, as the definition says it; `threshold` is the age (years) from which children
    decide for themselves, 0 where no age is asked.
    """

    controller: str
    form: str
    languages: tuple[str, ...]
    origins: tuple[str, ...]
    theme: Theme
    definition: str
    notices: dict[str, str]
    in_order: bool = True
    audience: str = "adults"
    threshold: int = 0

    def notice_hash(self, language: str, audience: str) -> str | None:
        """The hash of the current notice, or None where the form has none for them."""
        return self.notices.get(f"{language}/{audience}")

    def to_plain(self) -> dict[str, Any]:
        """The form as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> "ServedForm":
        """The form that `to_plain` wrote."""
        return cls(
            **plain
            | {
                "languages": tuple(plain["languages"]),
                "origins": tuple(plain["origins"]),
                "theme": Theme(**plain["theme"]),
            }
        )
