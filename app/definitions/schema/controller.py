"""The shape of `controller.yaml`: who decides why data is used, and who else is behind every form."""

from typing import Annotated, Literal

import pydantic
from pydantic import AfterValidator, BeforeValidator, StringConstraints, WithJsonSchema

from ...domain.form import FONTS, TRANSPARENT, Theme
from . import validators
from .bounds import MOST_ENTRIES, NUMBERS
from .models import (
    EACH_LANGUAGE,
    Acceptance,
    Address,
    AddressPerLanguage,
    APeriod,
    ControllerCountry,
    Country,
    Definition,
    Email,
    Line,
    Paragraphs,
    PerLanguage,
    Uses,
    WebAddress,
)
from .vocabulary import AUTHORITIES

_RADIUS = NUMBERS["radius"]
_STACK = "^[A-Za-z0-9, \"'-]+$"


class Dpo(Definition):
    """The data protection officer (GDPR art. 37)."""

    name: Line = pydantic.Field(description="Name of the data protection officer.")
    email: Email = pydantic.Field(description="Email address of the data protection officer.")


class Processor(Definition):
    """Someone who works for the controller on every form, such as the host and who sends the mail (GDPR art. 28)."""

    name: Line = pydantic.Field(description="The name.")
    country: Country = pydantic.Field(description="Two-letter code of the country where it uses the data.")
    task: Uses = pydantic.Field(
        description="What it does with the data, per language, as what follows its name: `sends the mail`."
    )
    safeguard: Literal["adequacy", "scc", "dpf"] | None = pydantic.Field(
        default=None, description="What protects the data there; needed outside the European Economic Area."
    )
    since: (
        Annotated[str, AfterValidator(validators.day), pydantic.Field(json_schema_extra={"format": "date"})] | None
    ) = pydantic.Field(default=None, description="When its contract began (art. 28(3)); for the register.")


class Representative(Definition):
    """Who speaks in the Union for a controller that is not established there (GDPR art. 27)."""

    name: Line = pydantic.Field(description="The name.")
    address: Address = pydantic.Field(description="Street, number, postcode and town.")
    contact: Email = pydantic.Field(description="Where people reach it.")


class JointController(Definition):
    """Someone who decides together with the controller why and how the data is used (GDPR art. 26)."""

    name: Line = pydantic.Field(description="The name.")
    contact: Email = pydantic.Field(description="Where people reach it; they may turn to either.")
    arrangement: Paragraphs = pydantic.Field(description="Who does what, per language, in whole sentences.")


class ThemeSettings(Definition):
    """What a controller may set of the looks."""

    accent: Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")] = pydantic.Field(
        default=Theme.accent,
        description="The one colour, as `#rrggbb` in quotes; at least 4.5:1 against white.",
    )
    radius: Annotated[int, pydantic.Field(ge=_RADIUS[0], le=_RADIUS[1])] = pydantic.Field(
        default=Theme.radius, description=f"How round corners are, in pixels from {_RADIUS[0]} to {_RADIUS[1]}."
    )
    font: Annotated[
        str,
        AfterValidator(validators.font),
        WithJsonSchema({"anyOf": [{"enum": list(FONTS)}, {"type": "string", "maxLength": 200, "pattern": _STACK}]}),
    ] = pydantic.Field(
        default="system",
        description="A font that is already on the device: one of the kit's, or families with commas between.",
    )
    scheme: Literal["host", "light", "dark", "auto"] = pydantic.Field(
        default="host",
        description="As light or dark as the page around the form (`host`), always one, or as the device is (`auto`).",
    )
    background: Annotated[str, StringConstraints(pattern=r"^(transparent|#[0-9a-fA-F]{6})$")] = pydantic.Field(
        default=TRANSPARENT,
        description="The ground of a form in a frame: that of the page around it (`transparent`), or a colour.",
    )
    frame: Literal["flush", "card"] = pydantic.Field(
        default="flush", description="Whether a form in a frame begins at its edge, or stands on a card with a border."
    )
    density: Literal["comfortable", "compact"] = pydantic.Field(
        default="comfortable", description="How much space stands between the parts of a page."
    )
    logo: Annotated[str, AfterValidator(validators.logo)] | None = pydantic.Field(
        default=None,
        description="The name of a file beside controller.yaml (.svg, .png or .webp, 64 kB at most).",
        json_schema_extra={"pattern": validators.LOGO},
    )


class Controller(Definition):
    """The company that decides why data is used: `controller.yaml`."""

    name: PerLanguage = pydantic.Field(description="The legal name, as it is or per language.")
    address: AddressPerLanguage = pydantic.Field(
        description="Street, number, postcode and town, as they are or per language."
    )
    registration: Annotated[str, StringConstraints(min_length=1, max_length=60)] | None = pydantic.Field(
        default=None, description="The number in the register of companies, such as `BE 0123.456.789`."
    )
    phone: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = pydantic.Field(
        default=None, description="A telephone number for people, in quotes where it begins with a digit."
    )
    website: WebAddress | None = pydantic.Field(
        default=None, description="The company's own site: who doubts a mail can look there without its link."
    )
    country: ControllerCountry = pydantic.Field(description="Two-letter code; its clock decides what today is.")
    contact: Annotated[Email, AfterValidator(validators.contact)] = pydantic.Field(
        description="Where questions about data go; mails name it as their reply address."
    )
    dpo: Annotated[
        Dpo | None,
        BeforeValidator(validators.none_or("a name and an email"), json_schema_input_type=Dpo | Literal["none"]),
    ] = pydantic.Field(description="`none`, or name and email of the data protection officer.")
    representative: Annotated[
        Representative | None,
        BeforeValidator(
            validators.none_or("name, address and contact"), json_schema_input_type=Representative | Literal["none"]
        ),
    ] = pydantic.Field(
        default=None, description="`none`, or the representative; asked of a controller in Switzerland or the UK."
    )
    joint_controllers: tuple[JointController, ...] = pydantic.Field(
        default=(),
        description="Those who decide together with this controller.",
        json_schema_extra={"maxItems": MOST_ENTRIES["joint_controllers"]},
    )
    processors: Annotated[
        tuple[Processor, ...] | None,
        BeforeValidator(
            validators.none_or_list,
            json_schema_input_type=Annotated[list[Processor], pydantic.Field(min_length=1)] | Literal["none"],
        ),
    ] = pydantic.Field(
        default=None,
        description="`none`, or everyone who works for the controller on all forms: the host, who sends the mail.",
        json_schema_extra={"maxItems": MOST_ENTRIES["processors"]},
    )
    authority: Literal[AUTHORITIES] = pydantic.Field(  # type: ignore[valid-type]
        description="The supervisory authority where people can complain."
    )
    privacy_statement: Annotated[dict[str, WebAddress], EACH_LANGUAGE] = pydantic.Field(
        description="The https address of the privacy statement, per language."
    )
    origins: tuple[Annotated[str, AfterValidator(validators.origin)], ...] = pydantic.Field(
        description="The sites that may frame the forms, such as https://www.company.example.",
        json_schema_extra={"maxItems": MOST_ENTRIES["origins"]},
    )
    theme: ThemeSettings = pydantic.Field(default=ThemeSettings(), description="The looks.")
    evidence_for: APeriod = pydantic.Field(
        description="How long the proof is kept after a consent has ended, such as `5 years`."
    )
    accept: tuple[Acceptance, ...] = pydantic.Field(
        default=(), description="Findings of the linter that this file answers."
    )
