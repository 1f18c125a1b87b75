"""The shape of form definitions: what a form file may hold, under exactly these names, and what both files share.

`none`, where the file says it, is None here (for recipients an empty tuple). There is no key for a ticked
box, for a compulsory purpose or for two purposes in one box: such a consent cannot be written down.
"""

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import pydantic
from pydantic import AfterValidator, BeforeValidator, PlainValidator, StringConstraints

from ...domain.age import Service
from ...domain.basis import Basis
from ...domain.field_values import FILLS, LONGEST
from ...languages import LANGUAGES
from ...period import UNITS, Period
from . import validators
from .bounds import MOST_ENTRIES, NUMBERS
from .vocabulary import CONTROLLER_COUNTRIES, SPECIAL_KINDS

ID = r"^[a-z][a-z0-9_]{0,39}$"
_PERIOD = rf"^[1-9][0-9]{{0,4}} ({'|'.join(UNITS[3:])})s?$"
_AGE = NUMBERS["age"]
FILL_TOKENS = ("none", *(token for tokens in FILLS.values() for token in tokens))
EACH_LANGUAGE = pydantic.Field(
    json_schema_extra={"propertyNames": {"enum": list(LANGUAGES)}, "minProperties": 1},
)

Id: TypeAlias = Annotated[str, StringConstraints(pattern=ID)]
Line: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Paragraph: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
Address: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Reason: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
Lines: TypeAlias = Annotated[dict[str, Line], EACH_LANGUAGE]
Paragraphs: TypeAlias = Annotated[dict[str, Paragraph], EACH_LANGUAGE]
Statements: TypeAlias = Annotated[
    dict[str, Annotated[str, StringConstraints(min_length=1, max_length=500)]], EACH_LANGUAGE
]
PerLanguage: TypeAlias = Annotated[
    dict[str, Line],
    BeforeValidator(validators.in_every_language, json_schema_input_type=Line | Lines),
]
AddressPerLanguage: TypeAlias = Annotated[
    dict[str, Address],
    BeforeValidator(
        validators.in_every_language,
        json_schema_input_type=Address | Annotated[dict[str, Address], EACH_LANGUAGE],
    ),
]
Uses: TypeAlias = Annotated[dict[str, Annotated[str, StringConstraints(min_length=1, max_length=200)]], EACH_LANGUAGE]
WebAddress: TypeAlias = Annotated[
    str, AfterValidator(validators.web_address), pydantic.Field(json_schema_extra={"format": "uri"})
]
Email: TypeAlias = Annotated[
    str, AfterValidator(validators.email), pydantic.Field(json_schema_extra={"format": "email"})
]
Country: TypeAlias = Annotated[
    str, AfterValidator(validators.country), pydantic.Field(json_schema_extra={"pattern": "^[A-Z]{2}$"})
]
ControllerCountry: TypeAlias = Annotated[
    str,
    AfterValidator(validators.controller_country),
    pydantic.Field(json_schema_extra={"enum": list(CONTROLLER_COUNTRIES)}),
]
AWrittenPeriod: TypeAlias = Annotated[str, pydantic.Field(pattern=_PERIOD)]
APeriod: TypeAlias = Annotated[Period, PlainValidator(validators.period, json_schema_input_type=AWrittenPeriod)]
Keep: TypeAlias = Annotated[
    Period | Literal["until_withdrawn"],
    PlainValidator(validators.keep, json_schema_input_type=AWrittenPeriod | Literal["until_withdrawn"]),
]

if TYPE_CHECKING:
    LawfulBasis: TypeAlias = Basis
else:  # a Literal takes the word as it stands in the file; an enum, read strictly, takes its members alone
    LawfulBasis = Literal[tuple(Basis)]


class Definition(pydantic.BaseModel):
    """What all parts share: no unknown key, no change after reading, no value turned into another type."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True, strict=True, str_strip_whitespace=True)


class AgeGate(Definition):
    """Whose rules count for the age from which children decide for themselves."""

    countries: tuple[ControllerCountry, ...] = pydantic.Field(
        min_length=1, description="The strictest of these counts."
    )
    age: Annotated[int, pydantic.Field(ge=_AGE[0], le=_AGE[1])] | None = pydantic.Field(
        default=None, description="A higher age than the countries ask."
    )


class ChildFormTexts(Definition):
    """The words of the form itself where a child or teenager reads."""

    title: Lines = pydantic.Field(description="The title, per language, in a child's words.")
    intro: Paragraphs = pydantic.Field(description="The introduction, per language, in a child's words.")


class ChildFieldTexts(Definition):
    """The words of a field where a child or teenager reads."""

    label: Lines = pydantic.Field(description="The label, per language, in a child's words.")


class ChildPurposeTexts(Definition):
    """The words of a purpose where a child or teenager reads."""

    title: Lines = pydantic.Field(description="The title, per language, in a child's words.")
    text: Paragraphs = pydantic.Field(description="The same facts as the text for adults, in a child's words.")
    also: Uses | None = pydantic.Field(default=None, description="The same as `also`, in a child's words.")


class Option(Definition):
    """One answer of a choice."""

    id: Id = pydantic.Field(description="What is stored.")
    label: Lines = pydantic.Field(description="What is read, per language.")


class Field(Definition):
    """A question beside the purposes."""

    id: Id = pydantic.Field(description="The name under which the answer is sent and stored.")
    type: Literal[tuple(LONGEST)] = pydantic.Field(  # type: ignore[valid-type]
        description="What kind of answer it takes."
    )
    label: Lines = pydantic.Field(description="The question, per language.")
    child: ChildFieldTexts | None = pydantic.Field(
        default=None, description="The label where a child or teenager reads."
    )
    required: bool = pydantic.Field(
        default=False,
        description="true: a ticked purpose that uses it cannot do without it, as calls, text messages and post.",
    )
    fill: Literal[FILL_TOKENS] | None = pydantic.Field(  # type: ignore[valid-type]
        default=None,
        description="Which of the person’s own data a browser may fill in (an autofill token of HTML); `none` where it"
        " asks about somebody else. Without it a `tel` and a `postal_address` are the person’s own.",
    )
    options: tuple[Option, ...] = pydantic.Field(
        default=(), description="The answers of a choice.", json_schema_extra={"maxItems": MOST_ENTRIES["options"]}
    )


class Recipient(Definition):
    """Someone who receives the data (GDPR art. 13(1)(e))."""

    name: Line = pydantic.Field(description="The name; never a group such as “our partners”.")
    role: Literal["controller", "processor"] = pydantic.Field(
        description="controller: decides itself how it uses the data. processor: works for the controller."
    )
    country: Country = pydantic.Field(description="Two-letter code of the country that the data goes to.")
    use: Uses = pydantic.Field(
        description="What the recipient does with the data, per language; of a processor as what follows its name."
    )
    contact: Email | None = pydantic.Field(
        default=None, description="Where people reach a controller, which keeps the data until they ask it."
    )


class Transfers(Definition):
    """Data that leaves the European Economic Area (GDPR chapter V)."""

    countries: tuple[Country, ...] = pydantic.Field(min_length=1, description="Two-letter codes of the countries.")
    safeguard: Literal["adequacy", "scc", "dpf", "none"] = pydantic.Field(
        description="adequacy: a decision of the Commission. scc: its standard contract. dpf: the recipients in the US"
        " are on the list of the Data Privacy Framework. none: only the person's yes."
    )
    risk: Paragraphs | None = pydantic.Field(
        default=None,
        description="What may happen to the data there, per language; needed where the safeguard is none.",
    )


class AutomatedDecisions(Definition):
    """A decision that a computer takes alone (GDPR art. 22)."""

    logic: Paragraphs = pydantic.Field(description="How the computer decides, per language.")
    consequences: Paragraphs = pydantic.Field(description="What it means for the person, per language.")


class SpecialCategory(Definition):
    """Data of GDPR art. 9, which needs explicit consent."""

    kind: Literal[SPECIAL_KINDS] = pydantic.Field(  # type: ignore[valid-type]
        description="Which special category."
    )
    statement: Statements = pydantic.Field(
        description="What the person says, in the first person, per language; it labels the box on the form"
        " and again on the confirmation page."
    )


class Purpose(Definition):
    """One reason to use data."""

    id: Id = pydantic.Field(
        description="The name of the purpose in data and addresses; never reuse it for something else."
    )
    basis: LawfulBasis = pydantic.Field(
        default=Basis.CONSENT, description="consent is asked, with a box of its own; the others are told."
    )
    weighing: Reason | None = pydantic.Field(
        default=None,
        description="Why the legitimate interest weighs more than those of the people; for the register, not shown.",
    )
    title: Lines = pydantic.Field(description="One line beside the box, per language.")
    text: Paragraphs = pydantic.Field(description="What is done with the data, for an adult, per language.")
    child: ChildPurposeTexts | None = pydantic.Field(
        default=None, description="The words where a child or teenager reads."
    )
    data: tuple[Id, ...] = pydantic.Field(min_length=1, description="The fields that it uses; `email` is always there.")
    also: Annotated[
        Uses | None,
        BeforeValidator(validators.none_or("words per language"), json_schema_input_type=Uses | Literal["none"]),
    ] = pydantic.Field(
        default=None,
        description="`none`, or data that comes another way, per language, such as `a photo of the child`.",
    )
    recipients: Annotated[
        tuple[Recipient, ...],
        BeforeValidator(
            validators.none_or_list,
            json_schema_input_type=Annotated[list[Recipient], pydantic.Field(min_length=1)] | Literal["none"],
        ),
    ] = pydantic.Field(description="`none`, or everyone who receives the data.")
    transfers: Annotated[
        Transfers | None,
        BeforeValidator(
            validators.none_or("countries and a safeguard"), json_schema_input_type=Transfers | Literal["none"]
        ),
    ] = pydantic.Field(
        description="`none`, or the countries outside the European Economic Area and what protects the data."
    )
    automated_decisions: Annotated[
        AutomatedDecisions | None,
        BeforeValidator(
            validators.none_or("logic and consequences"),
            json_schema_input_type=AutomatedDecisions | Literal["none"],
        ),
    ] = pydantic.Field(description="`none`, or how a computer decides and what that means.")
    keep: Keep = pydantic.Field(
        description="How long the data is kept, such as `2 years`; `until_withdrawn` needs `because`."
    )
    because: Paragraphs | None = pydantic.Field(
        default=None, description="Why the data is kept until the person says stop, per language."
    )
    valid_for: APeriod | None = pydantic.Field(default=None, description="The consent is asked anew after this period.")
    channel: Literal["email", "phone", "sms", "post", "none"] = pydantic.Field(
        description="How people are reached for this."
    )
    proof: Literal["mail", "call_back", "recorded_call", "letter"] = pydantic.Field(
        default="mail", description="How a yes is proved; phone and sms cannot be proved by mail."
    )
    direct_marketing: bool = pydantic.Field(default=False, description="Whether this is advertising (GDPR art. 21(2)).")
    special_category: Annotated[
        SpecialCategory | None,
        BeforeValidator(
            validators.none_or("a kind and a statement"), json_schema_input_type=SpecialCategory | Literal["none"]
        ),
    ] = pydantic.Field(
        default=None, description="`none`, or the kind of sensitive data and the statement that is agreed to."
    )


class Acceptance(Definition):
    """A finding of the linter that the file answers."""

    code: Annotated[str, StringConstraints(pattern=r"^AK[0-9]{3}$")] = pydantic.Field(
        description="The code of the finding."
    )
    at: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = pydantic.Field(
        default=None,
        description="Where, such as `purposes.news.text.nl`; `purposes.news` covers what is below. Without it the whole"
        " file.",
    )
    because: Annotated[str, StringConstraints(min_length=1, max_length=500)] = pydantic.Field(
        description="Why it is in order here; for those who review the file."
    )


class Form(Definition):
    """One form: `<form>.yaml`."""

    languages: tuple[Literal[LANGUAGES], ...] = pydantic.Field(  # type: ignore[valid-type]
        min_length=1, description="The languages of the form; every text is there in each of them."
    )
    audience: Literal["adults", "children", "everyone"] = pydantic.Field(
        description="Who meets the form. adults needs `because`; the others need an age gate."
    )
    because: Annotated[str, StringConstraints(min_length=1, max_length=500)] | None = pydantic.Field(
        default=None, description="Why only adults meet this form; for those who review the file."
    )
    service: Service = pydantic.Field(
        default="online",
        description="online: an information-society service, with the age of GDPR art. 8. offline: anything else, such"
        " as a photo on a wall, with the age that national law has for that.",
    )
    age_gate: AgeGate | None = pydantic.Field(default=None, description="Needed where children may meet the form.")
    title: Lines = pydantic.Field(description="The title of the form, per language.")
    intro: Paragraphs = pydantic.Field(description="What it is about, per language.")
    child: ChildFormTexts | None = pydantic.Field(
        default=None, description="Title and intro where a child or teenager reads."
    )
    fields: tuple[Field, ...] = pydantic.Field(
        default=(),
        description="Questions beside the purposes; the email address is always asked.",
        json_schema_extra={"maxItems": MOST_ENTRIES["fields"]},
    )
    purposes: tuple[Purpose, ...] = pydantic.Field(
        min_length=1,
        description="What is asked and told, in this order.",
        json_schema_extra={"maxItems": MOST_ENTRIES["purposes"]},
    )
    accept: tuple[Acceptance, ...] = pydantic.Field(
        default=(), description="Findings of the linter that this file answers."
    )
