"""What a no costs, where a yes is not free (GDPR art. 7(4), recitals 42 and 43; EDPB 05/2020 §13-41)."""

from .record import PROSE, Rule

RULES = (
    Rule(
        "AK339",
        "a no that shuts somebody out",
        "?saying_no you_cannot|shut_out",
        unless="?unharmed ?to_get ?nothing_to_do",
        reads=PROSE,
        wrong={
            "nl": ("Weigert u, dan kunt u geen afspraak meer maken.", "Wie weigert, komt niet in aanmerking."),
            "fr": ("Si vous refusez, vous ne pourrez plus prendre rendez-vous.", "Qui refuse est exclu du stage."),
            "en": ("If you decline, you cannot make an appointment.", "Players who do not agree are not selected."),
        },
        right={
            "nl": (
                "Wie nee zegt, kan gewoon deelnemen.",
                "Zegt u nee, dan kunt u van ons geen mail krijgen.",
                "Doet u liever niet mee, dan hoeft u niets in te vullen.",
            ),
            "fr": (
                "Si vous refusez, rien ne change : vous ne pouvez pas vous tromper.",
                "Si vous dites non, vous ne pouvez pas recevoir nos e-mails.",
                "Si tu préfères ne pas participer, tu n’as rien à remplir.",
            ),
            "en": (
                "If you refuse, you can still order.",
                "If you say no, you cannot receive our emails.",
                "If you would rather not take part, you do not have to fill in anything.",
            ),
        },
    ),
    Rule(
        "AK339",
        "a no that shuts something",
        "?saying_no unable ?stake|to_take_part",
        unless="?unharmed ?we_use !worse_off",
        reads=PROSE,
        wrong={
            "nl": ("Zonder uw akkoord kunnen we uw bestelling niet afhandelen.",),
            "fr": ("Sans votre accord, nous ne pouvons pas traiter votre commande.",),
            "en": ("Without your agreement we are unable to complete your booking.",),
        },
        right={
            "nl": (
                "Ook zonder uw akkoord kan uw bestelling niet mislopen.",
                "Zonder uw nummer kunnen we u niet bellen.",
            ),
            "fr": (
                "Même si vous refusez, votre commande ne sera pas annulée.",
                "Sans votre numéro, nous ne pouvons pas vous appeler.",
            ),
            "en": ("Even if you refuse, your order cannot go wrong.", "Without your number we cannot call you."),
        },
    ),
    Rule(
        "AK339",
        "a no that costs something",
        "?saying_no worse_off",
        unless="?unharmed ?no_longer",
        reads=PROSE,
        wrong={
            "nl": ("Klanten die dit weigeren, betalen de volle prijs.", "Zonder toestemming blijft de film verborgen."),
            "fr": ("Les clients qui refusent paient le plein tarif.", "Sans votre accord, la vidéo reste masquée."),
            "en": ("Customers who refuse pay the full price.", "Without your consent the film stays hidden."),
        },
        right={
            "nl": ("Wie nee zegt, betaalt niet meer.", "Zegt u nee, dan heeft dat geen gevolgen voor uw contract."),
            "fr": ("Qui dit non ne paie pas plus.", "Un refus est sans conséquence pour votre contrat."),
            "en": ("If you say no, you wait no longer.", "If you say no, there are no consequences for your contract."),
        },
    ),
    Rule(
        "AK339",
        "a no, and then it is shut",
        "?saying_no ?then you_cannot|shut_out|worse_off",
        within="neighbours",
        in_order=True,
        unless="?unharmed ?to_get",
        reads=PROSE,
        wrong={
            "nl": ("Zeg je nee? Dan kun je niet meedoen.",),
            "fr": ("Tu dis non ? Alors tu ne peux pas venir.",),
            "en": ("Do you say no? Then you cannot join in.",),
        },
        right={
            "nl": ("Zeg je nee? Dan verandert er niets, en je kunt je niet vergissen.",),
            "fr": ("Tu dis non ? Alors rien ne change, tu ne peux pas te tromper.",),
            "en": ("Do you say no? Then nothing changes, and you cannot be wrong.",),
        },
    ),
    Rule(
        "AK339",
        "something for those who agree alone",
        "only_then a_yes to_take_part",
        unless="?unharmed ?we_use",
        reads=PROSE,
        wrong={
            "nl": ("Alleen wie ja zegt, krijgt toegang tot de ledenzone.",),
            "fr": ("Seules les personnes qui disent oui ont accès à l’espace des membres.",),
            "en": ("You can only continue if you agree.",),
        },
        right={
            "nl": ("Alleen met uw toestemming mailen we u.", "Niet alleen wie ja zegt, krijgt toegang."),
            "fr": (
                "Nous publions un accès à votre photo seulement si vous dites oui.",
                "Nous écrivons seulement avec votre accord.",
            ),
            "en": ("Only if you say yes do we use your access code for this.", "We email you only if you agree."),
        },
    ),
    Rule(
        "AK339",
        "what one may do after a yes alone",
        "you_may only_then a_yes",
        in_order=True,
        unless="?unharmed ?we_use to_leave of_age",
        reads=PROSE,
        wrong={
            "nl": ("Uw kind mag alleen mee als u de foto’s toelaat.",),
            "fr": ("Votre enfant ne vient en sortie que si vous autorisez les photos.",),
            "en": ("Your child can come only if you allow photos.",),
        },
        right={
            "nl": ("U kunt alleen ja zeggen als u 18 bent.",),
            "fr": ("Vous ne pouvez dire oui que si vous avez 18 ans.",),
            "en": ("You can only say yes if you are 18.",),
        },
    ),
    Rule(
        "AK339",
        "a yes that is needed to take part",
        "a_yes|agreed|tick needed to_take_part",
        unless="?unharmed ?we_use parental",
        reads=PROSE,
        wrong={
            "nl": ("Uw toestemming is nodig om deel te nemen.",),
            "fr": ("Votre accord est nécessaire pour participer au stage.",),
            "en": ("Your consent is needed before you can take part.",),
        },
        right={
            "nl": ("Uw toestemming is niet nodig om te bestellen.", "We hebben uw toestemming nodig om u te bellen."),
            "fr": (
                "Votre accord n’est pas nécessaire pour participer.",
                "Il nous faut votre accord : c’est une condition.",
            ),
            "en": ("Your consent is not needed to take part.", "We need your consent to call you."),
        },
    ),
    Rule(
        "AK339",
        "a yes to keep what one has",
        "so_as_to_keep stake a_yes|tick|must_agree",
        reads=PROSE,
        wrong={
            "nl": ("Om uw account te behouden, vinkt u dit aan.",),
            "fr": ("Pour garder votre compte, cochez cette case.",),
            "en": ("To keep your account, tick the box.",),
        },
        right={
            "nl": ("Om uw account te behouden, hoeft u hier niets te doen.",),
            "fr": ("Pour garder votre compte, vous ne devez rien faire ici.",),
            "en": ("To keep your account you do not have to do anything here.",),
        },
    ),
    Rule(
        "AK339",
        "a yes, or else money",
        "a_yes|agreed|tick or_pay",
        in_order=True,
        reads=PROSE,
        wrong={
            "nl": ("Ga akkoord met onze advertenties, of betaal 5 euro per maand.",),
            "fr": ("Acceptez nos publicités, ou payez 5 euros par mois.",),
            "en": ("Agree to our ads, or pay £5 a month.",),
        },
        right={
            "nl": ("Ga akkoord of niet, u betaalt evenveel.",),
            "fr": ("Acceptez ou refusez, le prix reste le même.",),
            "en": ("Agree or refuse, the price is the same.",),
        },
    ),
    Rule(
        "AK339",
        "a yes that one must give",
        "must_agree",
        wrong={
            "nl": ("U moet akkoord gaan met onze mails.", "Uw toestemming is verplicht."),
            "fr": ("Vous devez accepter nos e-mails.", "Votre accord est obligatoire."),
            "en": ("You must agree to our emails.", "Consent is mandatory."),
        },
        right={
            "nl": ("U moet niet akkoord gaan.", "U moet 18 zijn om ja te zeggen."),
            "fr": ("Vous ne devez pas accepter.", "Vous devez avoir 18 ans pour dire oui."),
            "en": ("You do not have to agree.", "You must be 18 to say yes."),
        },
    ),
)
