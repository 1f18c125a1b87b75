"""Hurdles before one can stop, and what stopping costs (GDPR art. 7(3); EDPB 05/2020 §112-118, example 21)."""

from .record import PROSE, Rule

RULES = (
    Rule(
        "AK340",
        "a hurdle before stopping",
        "?to_leave hard_way",
        unless="easy_way",
        reads=PROSE,
        wrong={
            "nl": ("Stoppen kost 10 euro.", "Bel of stuur een mail met de reden waarom u stopt."),
            "fr": ("Arrêter coûte 10 euros de frais.", "Pour arrêter, appelez ou écrivez un mail motivé."),
            "en": ("To unsubscribe, log in.", "Stopping costs a fee.", "Call us or email us why you stop."),
        },
        right={
            "nl": ("U hoeft geen reden te geven om te stoppen.", "U stopt met één klik, om welke reden ook."),
            "fr": ("Vous arrêtez sans donner de raison.", "Vous arrêtez d’un clic, quelle que soit la raison."),
            "en": ("You need no reason to stop.", "You stop with one click, for whatever reason."),
        },
    ),
    Rule(
        "AK340",
        "a letter or a walk before stopping",
        "?to_leave far_way",
        unless="easy_way or_by_mail",
        reads=PROSE,
        wrong={
            "nl": ("Om te stoppen stuurt u een brief.",),
            "fr": ("Pour vous désinscrire, envoyez un courrier recommandé.",),
            "en": ("Write us a letter to stop.",),
        },
        right={
            "nl": ("Bel de balie of stuur ons een mail als u van gedachten verandert.",),
            "fr": ("Appelez l’accueil ou écrivez-nous un mail si vous changez d’avis.",),
            "en": ("Call the desk or drop us an email if you change your mind.",),
        },
    ),
    Rule(
        "AK340",
        "one way to stop and no other",
        "?to_leave can_only",
        within="clause",
        unless="easy_way or_by_mail",
        reads=PROSE,
        wrong={
            "nl": ("Uitschrijven kan alleen in januari.",),
            "fr": ("Vous ne pouvez vous désinscrire qu’en janvier.",),
            "en": ("You can only unsubscribe in January.",),
        },
        right={
            "nl": ("Uitschrijven kan niet alleen met een klik, maar ook per sms.",),
            "fr": ("Vous ne pouvez arrêter que d’un clic.",),
            "en": ("You can stop only by clicking the link.",),
        },
    ),
    Rule(
        "AK340",
        "a call to stop",
        "?to_leave ringing_up",
        unless="easy_way or_by_mail a_question",
        reads=PROSE,
        wrong={
            "nl": ("Om te stoppen, bel ons.",),
            "fr": ("Pour arrêter, appelez-nous.",),
            "en": ("To stop, call us.",),
        },
        right={
            "nl": (
                "Om te stoppen klikt u op de link of bel ons.",
                "Om te stoppen belt u ons of stuurt u een mail.",
                "Vragen over stoppen? Bel ons.",
            ),
            "fr": (
                "Pour arrêter, cliquez sur le lien ou appelez-nous.",
                "Pour arrêter, appelez-nous ou envoyez un mail.",
                "Des questions sur l’arrêt ? Appelez-nous.",
            ),
            "en": (
                "To stop, click the link or call us.",
                "To stop, call us or send us an email.",
                "Questions about stopping? Call us.",
            ),
        },
    ),
    Rule(
        "AK340",
        "who wants to stop, and then a hurdle",
        "?wish_to_leave hard_way|far_way|ringing_up",
        within="neighbours",
        in_order=True,
        unless="easy_way or_by_mail a_question",
        reads=PROSE,
        wrong={
            "nl": ("Wilt u dit niet meer? Bel dan op werkdagen naar onze klantendienst.",),
            "fr": ("Vous n’en voulez plus ? Appelez notre guichet.",),
            "en": ("Do you no longer want this? Call our desk.",),
        },
        right={
            "nl": ("Wilt u dit niet meer? Klik op de link, of bel.", "Wilt u dit niet meer? Dan stopt het."),
            "fr": ("Vous n’en voulez plus ? Un clic suffit, ou appelez.",),
            "en": ("Do you no longer want this? Click the link, or call us.",),
        },
    ),
    Rule(
        "AK340",
        "stopping that is not possible",
        "?to_leave not_possible",
        within="clause",
        unless="?copies_stay",
        reads=PROSE,
        wrong={
            "nl": ("Eerder stopzetten is niet mogelijk.",),
            "fr": ("Arrêter plus tôt est impossible.",),
            "en": ("Stopping earlier is not possible.",),
        },
        right={
            "nl": (
                "Stoppen met wat gedrukt is, is niet mogelijk.",
                "Stoppen met een gedrukt boek is niet mogelijk.",
            ),
            "fr": ("Arrêter ce qui est imprimé est impossible.",),
            "en": ("Stopping what is printed is not possible.",),
        },
    ),
    Rule(
        "AK340",
        "a yes that cannot be taken back",
        "cannot_undo ?a_yes|agreed",
        unless="?copies_stay",
        reads=PROSE,
        wrong={
            "nl": ("Na uw ja kunt u niet meer terug.",),
            "fr": ("Votre accord ne pourra plus être retiré.",),
            "en": ("Once given, your consent cannot be taken back.",),
        },
        right={
            "nl": (
                "Na uw ja kunnen we kopieën die anderen maken niet meer terughalen.",
                "Na uw ja kan wat gedrukt is niet ongedaan.",
            ),
            "fr": ("Après votre accord, ce qui est imprimé ne pourra plus être retiré.",),
            "en": ("After your consent, copies that others made cannot be taken back.",),
        },
    ),
    Rule(
        "AK340",
        "a yes for ever",
        "cannot_leave|final",
        reads=PROSE,
        wrong={
            "nl": ("U kunt zich tijdens het jaar niet uitschrijven.", "Deze keuze is definitief."),
            "fr": ("Vous ne pouvez pas vous désinscrire pendant l’année.", "Ce choix est définitif."),
            "en": ("You cannot unsubscribe during the year.", "This choice is final."),
        },
        right={
            "nl": ("U kunt zich altijd uitschrijven.", "Deze keuze is niet definitief."),
            "fr": ("Vous pouvez toujours vous désinscrire.", "Ce choix n’est pas définitif."),
            "en": ("You can always unsubscribe.", "This choice is not final."),
        },
    ),
    Rule(
        "AK340",
        "a yes that binds for a time",
        "bound",
        reads=PROSE,
        wrong={
            "nl": ("U verbindt zich voor minstens twaalf maanden.",),
            "fr": ("Vous vous engagez pour douze mois au moins.",),
            "en": ("You sign up for at least a year.",),
        },
        right={
            "nl": ("U verbindt zich tot niets.", "We bewaren uw adres twaalf maanden."),
            "fr": ("Vous ne vous engagez à rien.",),
            "en": ("You do not commit to anything.",),
        },
    ),
    Rule(
        "AK340",
        "stopping that ends something else",
        "?to_leave account_goes",
        in_order=True,
        reads=PROSE,
        wrong={
            "nl": ("Trekt u uw toestemming in, dan sluiten we uw account.",),
            "fr": ("Si vous retirez votre accord, nous fermons votre compte.",),
            "en": ("If you withdraw, we close your account.",),
        },
        right={
            "nl": ("Trekt u uw toestemming in, dan sluiten we uw account niet.",),
            "fr": ("Si vous retirez votre accord, nous ne fermons pas votre compte.",),
            "en": ("If you withdraw, we do not close your account.",),
        },
    ),
)
