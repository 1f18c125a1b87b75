"""Shame: a no that speaks ill of whoever says it (GDPR art. 4(11); EDPB 03/2022, emotional steering)."""

from .record import PROSE, Rule

RULES = (
    Rule(
        "AK341",
        "blame for whoever says no",
        "?says_no|leave_empty blame",
        reads=PROSE,
        wrong={
            "nl": ("Alleen egoïsten zeggen nee.", "Wie om geen dier geeft en harteloos is, slaat dit vakje over."),
            "fr": ("Seuls les égoïstes disent non.",),
            "en": ("Only selfish people say no.", "Skip this box if you can live with yourself."),
        },
        right={
            "nl": ("Niemand is boos als u nee zegt.", "Weigeren mag altijd."),
            "fr": ("Personne n’est triste si vous dites non.", "Vous pouvez refuser."),
            "en": ("Nobody is angry when you say no.", "You can say no."),
        },
    ),
    Rule(
        "AK341",
        "a no, and who suffers from it",
        "?says_no|leave_empty blame",
        within="neighbours",
        in_order=True,
        reads=PROSE,
        wrong={
            "nl": ("Zegt u nee? Dan is onze beer verdrietig.",),
            "fr": ("Vous refusez ? Alors notre ours pleure.",),
            "en": ("You say no? Then our bear cries.",),
        },
        right={
            "nl": ("Sommige films zijn droevig. U kunt altijd nee zeggen.", "Zegt u nee? Niemand is boos."),
            "fr": ("Certains films sont tristes. Vous pouvez dire non.", "Vous dites non ? Personne n’est déçu."),
            "en": ("Some films are sad. You can say no.", "You say no? Nobody is upset."),
        },
    ),
    Rule(
        "AK341",
        "a name for whoever does not join in",
        "bad_name",
        wrong={
            "nl": ("Een eenzaat, hm?",),
            "fr": ("Alors, on joue les loups solitaires ?",),
            "en": ("So you are a lone wolf?",),
        },
        right={
            "nl": ("Wie nee zegt, is geen spelbreker.",),
            "fr": ("Dire non, ce n’est pas être rabat-joie.",),
            "en": ("Nobody is a spoilsport for saying no.",),
        },
    ),
    Rule(
        "AK341",
        "somebody who counts on a child",
        "guilt_trip",
        who="children",
        reads=PROSE,
        wrong={
            "nl": ("Laat jij de knuffels in de kou staan?", "Dat is dan jouw schuld."),
            "fr": ("Ce sera ta faute.",),
            "en": ("Hattie the hedgehog is counting on you.",),
        },
        right={
            "nl": ("De beer slaapt in de sneeuw.",),
            "fr": ("L’ours dort dans la neige.",),
            "en": ("The bear sleeps in the snow.",),
        },
    ),
    Rule(
        "AK341",
        "a no that is a loss",
        "answers_no ?worse",
        within="text",
        reads=("option",),
        wrong={
            "nl": ("Nee bedankt, ik betaal de volle prijs", "Nee, ik wil niets missen"),
            "fr": ("Non merci, je paie plein tarif",),
            "en": ("No thanks, I’ll pay full price", "No, I am missing out"),
        },
        right={
            "nl": ("Nee, ik kijk alleen even rond", "Volle prijs"),
            "fr": ("Non merci, je continue sans", "Plein tarif"),
            "en": ("No thanks, I’m just looking", "Full price"),
        },
    ),
    Rule(
        "AK341",
        "a no that is no to something good",
        "answers_no !good_thing",
        within="text",
        reads=("option",),
        wrong={
            "nl": ("Nee, ik wil geen voordeel",),
            "fr": ("Non, je ne veux pas économiser",),
            "en": ("No, I don’t want to save money",),
        },
        right={
            "nl": ("Nee, liever niet", "Nee, gratis is genoeg"),
            "fr": ("Non, pas pour moi", "Non, un e-mail gratuit"),
            "en": ("No, not for me", "No, the free plan"),
        },
    ),
    Rule(
        "AK341",
        "an answer that prefers the worse",
        "prefers_worse",
        reads=("option", "label"),
        wrong={
            "nl": ("Ik blijf liever onwetend", "De natuur kan me niet schelen"),
            "fr": ("Je préfère rester dans l’ignorance", "Je m’en moque"),
            "en": ("I’d rather stay clueless", "I hate saving money"),
        },
        right={
            "nl": ("Ik blijf liever thuis",),
            "fr": ("Je préfère rester à la maison",),
            "en": ("I’d rather stay at home",),
        },
    ),
)
