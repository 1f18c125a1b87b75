"""A form as it is served: which notices it shows to whom, who may frame it, and how it looks."""

from dataclasses import asdict, dataclass
from typing import Any

from .contrast import scheme_on

TRANSPARENT = "transparent"
FONTS = ("system", "serif", "rounded")
GENERIC_FAMILIES = frozenset(
    "serif sans-serif monospace cursive system-ui ui-serif ui-sans-serif ui-monospace ui-rounded".split()  # noqa: SIM905
)
"""Families that every device has one of (CSS Fonts 4); in a style sheet they stand without quotes."""


@dataclass(frozen=True)
class Theme:
    """What a controller may set of the looks; nothing here can hide or weaken a choice.

    `font` is a name of the kit's or families with commas between. `scheme` is `light`, `dark`, `auto` (as the visitor's
    device) or `host` (as the page that a form is framed by). `background` is the ground of a form in a frame, `frame`
    whether it stands on a card there. `logo` is the name of a stored file, or nothing.
    """

    accent: str = "#1d4f91"
    radius: int = 10
    font: str = "system"
    scheme: str = "host"
    background: str = TRANSPARENT
    frame: str = "flush"
    density: str = "comfortable"
    logo: str = ""

    @property
    def is_painted(self) -> bool:
        """Whether a form in a frame has a ground of its own."""
        return self.background != TRANSPARENT

    @property
    def follows_host(self) -> bool:
        """Whether a framed form is as light or dark as the page around it: what stands on a ground goes by that."""
        return self.scheme == "host" and not self.is_painted

    def framed_scheme(self, host: str) -> str:
        """The scheme of a form page where the page around it is `light` or `dark`."""
        if self.scheme != "host":
            return self.scheme
        return scheme_on(self.background) or "light" if self.is_painted else host

    @property
    def own_scheme(self) -> str:
        """The scheme of a page that nothing frames, and whose ground is the kit's."""
        return "auto" if self.scheme == "host" else self.scheme

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
