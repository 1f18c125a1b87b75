"""Silence, going on, boxes upside down or ticked beforehand (GDPR art. 4(11), recital 32; C-673/17 Planet49)."""

from .record import PROSE, Rule

RULES = (
    Rule(
        "AK332",
        "an exception for those who refuse",
        "?exception ?refuse|untick|switch_off|stop",
        in_order=True,
        wrong={
            "nl": (
                "We mailen u elke maand, tenzij u bezwaar maakt.",
                "Behoudens verzet mailen we u.",
            ),
            "fr": ("Nous vous écrivons chaque mois, sauf avis contraire.", "Un mail par mois, à moins d’un refus."),
            "en": ("We email you each month unless you object.", "Barring an objection, we email you each month."),
        },
        right={
            "nl": ("U kunt bezwaar maken.", "We bellen op werkdagen, behalve als u ziek bent."),
            "fr": ("Vous pouvez vous y opposer.", "Nous écrivons chaque mois, sauf en août."),
            "en": ("You can object.", "We email each month, except in August, unless the post is late."),
        },
    ),
    Rule(
        "AK332",
        "an exception for those who do not want it",
        "?exception !want",
        in_order=True,
        wrong={
            "nl": ("We mailen u elke maand, tenzij u dat liever niet hebt.",),
            "fr": ("Un mail par mois, sauf si vous ne le souhaitez pas.",),
            "en": ("We email you each month unless you do not want us to.",),
        },
        right={
            "nl": ("We bellen niet, tenzij u dat wilt.",),
            "fr": ("Nous n’appelons pas, sauf si vous le souhaitez.",),
            "en": ("We do not call unless you want us to.",),
        },
    ),
    Rule(
        "AK332",
        "an exception for those who say so",
        "?exception ?tell|tick",
        in_order=True,
        unless="!receive by_ticking",
        wrong={
            "nl": ("We mailen u elke maand, tenzij u ons iets laat weten.",),
            "fr": ("Nous vous écrivons chaque mois, sauf si vous nous le signalez.",),
            "en": ("We email you each month unless you let us know.",),
        },
        right={
            "nl": ("We bellen u niet, tenzij u ons dat laat weten.",),
            "fr": ("Nous ne vous appelons pas, sauf si vous nous contactez.",),
            "en": ("We do not call you unless you contact us.",),
        },
    ),
    Rule(
        "AK332",
        "no answer taken for a yes",
        "?silence assume|consent|imply",
        unless="by_ticking !assume !consent",
        wrong={
            "nl": ("Bij uitblijven van een antwoord wordt aangenomen dat u het goed vindt.",),
            "fr": ("Faute de réponse, il est considéré que vous êtes d’accord.",),
            "en": ("Where no answer is received, it is taken that you agree.",),
        },
        right={
            "nl": ("Zwijgt u, dan zien we dat niet als akkoord.", "Horen we niets van u, dan wissen we uw adres."),
            "fr": ("Votre silence ne vaut pas accord.", "Sans réponse, nous effaçons votre adresse."),
            "en": ("If you do not reply, we delete your request.", "No answer never counts as consent."),
        },
    ),
    Rule(
        "AK332",
        "no answer, and it begins",
        "?silence receive",
        unless="harmless !receive",
        wrong={
            "nl": ("Horen we niets van u, dan mailen we u elke maand.",),
            "fr": ("Sans réponse de votre part, vous recevez un mail par mois.",),
            "en": ("If you do not reply, we email you each month.",),
        },
        right={
            "nl": ("Horen we niets van u, dan krijgt u geen mail.",),
            "fr": ("Sans réponse de votre part, vous ne recevez pas de mail.",),
            "en": ("If you do not reply, we send you one reminder.",),
        },
    ),
    Rule(
        "AK332",
        "a yes that is assumed",
        "assume consent",
        unless="by_ticking",
        wrong={
            "nl": ("Scrolt u verder, dan zien we dat als uw akkoord.", "We gaan ervan uit dat u akkoord bent."),
            "fr": ("Si vous restez ici, nous y voyons votre accord.",),
            "en": ("If you scroll on, we take that as your agreement.",),
        },
        right={
            "nl": ("We zien zwijgen nooit als akkoord.",),
            "fr": ("Nous ne considérons jamais le silence comme un accord.",),
            "en": ("We never take silence as your agreement.",),
        },
    ),
    Rule(
        "AK332",
        "a wish that is assumed",
        "assume want",
        within="clause",
        wrong={
            "nl": ("Wij gaan ervan uit dat u de folder wilt.",),
            "fr": ("Nous supposons que vous souhaitez la recevoir.",),
            "en": ("We assume that you want it.",),
        },
        right={
            "nl": ("We gaan er niet van uit dat u de folder wilt.",),
            "fr": ("Nous ne supposons jamais que vous le souhaitez.",),
            "en": ("We never assume that you want it.",),
        },
    ),
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
        "AK334",
        "a tick for those who do not want it",
        "tick !want",
        unless="?leave_empty ?no_longer",
        wrong={
            "nl": ("Wenst u dit niet, kruis dan dit hokje aan.",),
            "fr": ("Cochez la case si vous ne souhaitez pas de mails.",),
            "en": ("If you do not want this, tick here.",),
        },
        right={
            "nl": ("Wilt u dit niet, laat het vakje dan leeg.", "Vinkt u niets aan, dan krijgt u niets."),
            "fr": ("Si vous ne voulez pas, laissez la case vide.",),
            "en": ("If you do not want this, leave the box empty.", "If you do not tick it, you get no email."),
        },
        reads=PROSE,
    ),
    Rule(
        "AK334",
        "a tick to refuse",
        "tick refuse|stop|so_as_not",
        unless="?leave_empty ?no_longer",
        wrong={
            "nl": ("Vink dit aan om bezwaar te maken.",),
            "fr": ("Cochez cette case pour refuser.",),
            "en": ("Tick the box to opt out.",),
        },
        right={
            "nl": ("Vink niets aan om te weigeren.",),
            "fr": ("Ne cochez rien pour refuser.",),
            "en": ("Tick nothing to refuse.",),
        },
        reads=PROSE,
    ),
    Rule(
        "AK334",
        "a tick to take away",
        "untick",
        wrong={
            "nl": ("Haal het vinkje weg als u dit niet wilt.",),
            "fr": ("Décochez la case si vous ne voulez pas.",),
            "en": ("Untick the box if you mind.",),
        },
        right={
            "nl": ("U hoeft geen vinkje weg te halen.",),
            "fr": ("Vous ne devez rien décocher.",),
            "en": ("You do not have to untick anything.",),
        },
    ),
    Rule(
        "AK334",
        "who does not want it must do something",
        "!want ?tell|switch_off|untick|refuse|stop",
        within="neighbours",
        unless="?leave_empty ?no_longer ?way_out",
        wrong={
            "nl": ("Wilt u dit niet, laat het ons dan weten.", "Wilt u geen mail? Schrijf u dan uit."),
            "fr": ("Merci de nous avertir si vous ne souhaitez pas être dans notre fichier.",),
            "en": ("If you would rather not, please let us know.",),
        },
        right={
            "nl": (
                "Wilt u dit niet, dan hoeft u niets te doen.",
                "Wilt u geen mail? Meld u af met de link in elke mail.",
            ),
            "fr": (
                "Si vous ne voulez pas, dites simplement non.",
                "Vous ne voulez pas ? Désinscrivez-vous dans chaque mail.",
            ),
            "en": ("If you do not want it, just say no.", "Do you not want it? You can unsubscribe at any time."),
        },
        reads=PROSE,
    ),
    Rule(
        "AK334",
        "a yes that reads as a no",
        "?i_person !want",
        within="clause",
        in_order=True,
        wrong={
            "nl": ("Ik wil geen mails van u ontvangen.",),
            "fr": ("Je ne souhaite pas recevoir ces mails.",),
            "en": ("I do not want to receive these emails.",),
        },
        right={
            "nl": ("Ik wil één mail per maand.",),
            "fr": ("Je souhaite recevoir un mail par mois.",),
            "en": ("I want one email a month and no more.",),
        },
        reads=PROSE,
    ),
    Rule(
        "AK335",
        "a box ticked beforehand",
        "already ticked",
        within="clause",
        wrong={
            "nl": ("Hier staat al een vinkje.",),
            "fr": ("La case contient déjà une croix.",),
            "en": ("There is a tick here already.",),
        },
        right={
            "nl": ("Er is niets vooraf aangevinkt.",),
            "fr": ("Rien n’est coché à l’avance.",),
            "en": ("Nothing is ticked beforehand.",),
        },
    ),
    Rule(
        "AK335",
        "words for a box ticked beforehand",
        "pre_ticked",
        wrong={
            "nl": ("Dit is vooraf aangevinkt.",),
            "fr": ("La case est précochée.",),
            "en": ("The box is pre/ticked.",),
        },
        right={
            "nl": ("Niets is vooraf ingevuld.",),
            "fr": ("Aucune case n’est précochée.",),
            "en": ("No box is pre-ticked.",),
        },
    ),
    Rule(
        "AK335",
        "on by default",
        "default receive|ticked",
        unless="harmless ?no_longer",
        wrong={
            "nl": ("Standaard krijgt u al onze mails.",),
            "fr": ("Par défaut, vous recevez tous nos mails.",),
            "en": ("By default you get all our emails.",),
        },
        right={
            "nl": ("Standaard krijgt u geen mail.", "Na een jaar wissen we uw adres automatisch."),
            "fr": ("Par défaut, vous ne recevez rien.", "L’envoi s’arrête automatiquement."),
            "en": ("By default you get nothing.", "We delete your address automatically."),
        },
    ),
)
