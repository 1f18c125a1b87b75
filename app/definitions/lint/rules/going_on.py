"""A yes by doing something else (GDPR art. 4(11); C-673/17 Planet49)."""

from .record import Rule

RULES = (
    Rule(
        "AK333",
        "a yes by doing something else",
        "doing consent",
        in_order=True,
        unless="by_ticking stop",
        wrong={
            "nl": (
                "Door verder te gaan, ga je akkoord met onze mails.",
                "Met de inschrijving geeft u toelating om foto's te gebruiken.",
            ),
            "fr": ("En vous abonnant, vous acceptez de recevoir nos mails.",),
            "en": ("By sending in this form you agree to our emails.",),
        },
        right={
            "nl": ("Door dit vakje aan te vinken, geeft u toestemming.", "U trekt uw toestemming in door te klikken."),
            "fr": ("En cochant cette case, vous acceptez de recevoir nos mails.",),
            "en": ("By ticking this box you agree to our emails.", "By using this form you choose for yourself."),
        },
    ),
    Rule(
        "AK333",
        "a yes that is part of something else",
        "going_on imply consent",
        in_order=True,
        unless="by_ticking stop",
        wrong={
            "nl": ("Het lidmaatschap houdt de toestemming in om foto's te gebruiken.",),
            "fr": ("L’inscription implique l’autorisation d’utiliser l’image du membre.",),
            "en": ("Membership includes permission to use photos of members.",),
        },
        right={
            "nl": ("Uw inschrijving houdt geen toestemming in.",),
            "fr": ("L’inscription n’implique aucune autorisation.",),
            "en": ("Membership does not include permission to use your photo.",),
        },
    ),
    Rule(
        "AK333",
        "a yes of those who go on",
        "going_on you_agree",
        in_order=True,
        unless="by_ticking",
        wrong={
            "nl": ("Blijf je de app gebruiken, dan ga je akkoord met onze mails.",),
            "fr": ("Si vous continuez, vous acceptez nos mails.",),
            "en": ("When you register, you agree to our emails.",),
        },
        right={
            "nl": ("Blijf je de app gebruiken, dan ga je daarmee niet akkoord met onze mails.",),
            "fr": ("Si vous cochez cette case et continuez, vous acceptez nos mails.",),
            "en": ("When you register, you do not agree to anything.",),
        },
    ),
    Rule(
        "AK333",
        "who goes on knows it",
        "keep_going|going_on|doing you_know",
        in_order=True,
        unless="by_ticking",
        wrong={
            "nl": ("Ga je door naar de betaling, dan weet je dat we je aankopen bijhouden.",),
            "fr": ("En passant au paiement, vous savez que nous suivons vos achats.",),
            "en": ("By going on to the payment you understand that we follow your purchases.",),
        },
        right={
            "nl": ("Ga je door naar de betaling, dan weet je dat niet.",),
            "fr": ("En cochant cette case et en continuant, vous savez que nous écrivons.",),
            "en": ("By ticking this you understand that we email you.",),
        },
    ),
    Rule(
        "AK333",
        "a yes of those who browse on",
        "keep_going consent|assume|does_track",
        in_order=True,
        unless="by_ticking",
        wrong={
            "nl": ("Surft u verder, dan volgen we uw klikgedrag.",),
            "fr": ("Poursuivre votre navigation nous autorise à suivre vos clics.",),
            "en": ("Keep browsing and we take it you are fine with cookies.",),
        },
        right={
            "nl": ("Surft u verder, dan volgen we uw klikgedrag niet.",),
            "fr": ("Poursuivre votre navigation ne nous autorise à rien.",),
            "en": ("Keep browsing and we track nothing.",),
        },
    ),
)
