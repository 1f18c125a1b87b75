"""What surrounds a yes: a call that is recorded, a picture that everybody can see (GDPR art. 7(3), 13)."""

from .record import Rule

RULES = (
    Rule(
        "AK352",
        "a recorded call that nobody is told of",
        "recorded_call",
        within="text",
        reads=("purpose", "told"),
        unless="told_before get_in_touch",
        wrong={
            "nl": ("We nemen het telefoongesprek op.", "Vooraf tekent u. Elk gesprek wordt opgenomen."),
            "fr": ("Nous enregistrons l’appel.",),
            "en": ("We record the call.", "Before it you sign. We tape each conversation."),
        },
        right={
            "nl": (
                "We nemen het gesprek op. Dat zeggen we vóór het begint.",
                "We nemen gesprekken nooit op.",
                "We nemen contact met u op om een gesprek te plannen, op dinsdag.",
            ),
            "fr": (
                "Nous enregistrons l’appel, et nous vous prévenons avant.",
                "Nous n’enregistrons pas l’appel.",
                "Nous enregistrons votre numéro pour vous rappeler.",
            ),
            "en": (
                "We record the call. We tell you before we record.",
                "We never record calls.",
                "We keep a record of your order, and call you.",
            ),
        },
    ),
    Rule(
        "AK354",
        "a picture that everybody can see",
        "your_picture public",
        within="text",
        reads=("purpose",),
        unless="?lasting",
        wrong={
            "nl": ("De foto komt op Facebook.",),
            "fr": ("La photo est sur Facebook.",),
            "en": ("The photo goes on Facebook.",),
        },
        right={
            "nl": (
                "De foto komt op Facebook. Kopieën van anderen blijven.",
                "De foto komt op Facebook. Kopieën kunnen we niet weghalen.",
                "De foto komt nooit op Facebook.",
                "We zetten foto’s van brood op onze site.",
            ),
            "fr": (
                "La photo est sur Facebook. Des copies peuvent rester.",
                "La photo est sur Facebook. Nous ne pouvons pas effacer les copies.",
                "La photo n’est jamais sur Facebook.",
                "Nous montrons des photos de pain sur notre site.",
            ),
            "en": (
                "The photo goes on Facebook. Copies may stay.",
                "The photo goes on Facebook. We cannot delete copies.",
                "The photo never goes on Facebook.",
                "We put photos of bread on our site.",
            ),
        },
    ),
    Rule(
        "AK354",
        "a picture for ever and everywhere",
        "pictures for_ever",
        within="text",
        reads=("purpose",),
        wrong={
            "nl": ("Uw foto blijft voor altijd staan.",),
            "fr": ("Les photos sont diffusées dans le monde entier.",),
            "en": ("Your pictures may turn up anywhere.",),
        },
        right={
            "nl": ("Uw foto blijft niet voor altijd staan.",),
            "fr": ("Les photos ne restent pas pour toujours.",),
            "en": ("Your picture is not kept for ever.",),
        },
    ),
)
