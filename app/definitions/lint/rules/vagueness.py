"""What is not said: uses and periods left open, and promises in place of facts (GDPR art. 5(1)(b), 12(1), 13)."""

from .record import TOLD_TOO, Rule

RULES = (
    Rule(
        "AK348",
        "a list of uses left open",
        "open_list we_do",
        unless="read_in",
        reads=TOLD_TOO,
        wrong={
            "nl": ("We mailen u onder andere recepten.",),
            "fr": ("Nous utilisons votre adresse notamment pour des recettes.",),
            "en": ("We email you, among other things, our recipes.",),
        },
        right={
            "nl": ("Elke maand mailen we wat er nieuw is, en u leest er onder meer de openingsuren.",),
            "fr": ("Nous envoyons une lettre où vous lisez notamment les heures d’ouverture.",),
            "en": ("We email a letter, in which you read, among other things, our opening hours.",),
        },
    ),
    Rule(
        "AK348",
        "uses that are not said",
        "other_uses handled|may_do",
        unless="open_list",
        reads=TOLD_TOO,
        wrong={
            "nl": (
                "Later kunnen wij het ook voor iets anders gebruiken.",
                "Uw gegevens dienen voor diverse doeleinden.",
            ),
            "fr": ("Plus tard, nous pourrons nous en servir autrement.", "Vos données servent à d’autres fins."),
            "en": ("Later we may use it for other things.", "Your data is used for various purposes."),
        },
        right={
            "nl": ("We gebruiken uw gegevens niet voor iets anders.",),
            "fr": ("Nous n’utilisons pas vos données à d’autres fins.",),
            "en": ("We do not use your data for anything else.",),
        },
    ),
    Rule(
        "AK348",
        "a purpose in one broad word",
        "broad_purpose",
        reads=TOLD_TOO,
        wrong={
            "nl": ("Uw gegevens dienen voor commerciële doeleinden.", "Om onze dienstverlening te verbeteren."),
            "fr": ("Vos données servent à des fins commerciales.", "Pour améliorer nos services."),
            "en": ("Your data are used for marketing purposes.", "We use it to improve our services."),
        },
        right={
            "nl": ("We gebruiken niets voor commerciële doeleinden.",),
            "fr": ("Nous n’utilisons rien à des fins commerciales.",),
            "en": ("We use nothing for marketing purposes.",),
        },
    ),
    Rule(
        "AK348",
        "a period that nobody can count",
        "vague_time",
        unless="a_period",
        reads=TOLD_TOO,
        wrong={
            "nl": ("We bewaren het zolang dat nuttig is.",),
            "fr": ("Nous les gardons aussi longtemps que nécessaire.",),
            "en": ("We keep it for as long as it is useful.",),
        },
        right={
            "nl": ("We bewaren het nooit langer dan nodig, en na een jaar wissen we het.",),
            "fr": ("Nous ne les gardons pas indéfiniment.",),
            "en": ("We do not keep it indefinitely.",),
        },
    ),
    Rule(
        "AK348",
        "something that may be done, or may not",
        "may_do handled",
        within="clause",
        reads=("form", "purpose", "told", "because"),
        wrong={
            "nl": ("Uw gegevens kunnen worden gebruikt.",),
            "fr": ("Vos données pourraient être utilisées.",),
            "en": ("Your data may be used.",),
        },
        right={
            "nl": ("Uw gegevens kunnen nooit worden gedeeld.",),
            "fr": ("Vos données ne peuvent pas être utilisées.",),
            "en": ("Your data may not be used.",),
        },
    ),
    Rule(
        "AK347",
        "a promise in place of facts",
        "care_for privacy_word",
        unless="a_fact",
        reads=TOLD_TOO,
        wrong={
            "nl": ("We respecteren uw privacy.", "Bij ons zijn uw gegevens in goede handen."),
            "fr": ("Chez nous, vos données sont entre de bonnes mains.",),
            "en": ("With us your data are in good hands.", "We take your privacy seriously."),
        },
        right={
            "nl": ("We respecteren uw keuze.", "Uw gegevens staan versleuteld op een server in goede handen."),
            "fr": ("Nous respectons votre choix, et vos données en sécurité chez nous sont chiffrées.",),
            "en": ("We respect your choice.", "Your data is in good hands, encrypted on one server."),
        },
    ),
)
