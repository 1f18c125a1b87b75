"""Silence and doing nothing taken for a yes (GDPR recital 32), and what is told where it would have to be asked."""

from .record import Rule

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
        "?silence assume|consent",
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
        in_order=True,
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
        "it goes on for as long as nobody objects",
        "receive ?silence",
        within="clause",
        in_order=True,
        unless="harmless",
        wrong={
            "nl": ("We mailen u elke maand zolang u geen bezwaar maakt.",),
            "fr": ("Vous recevez un mail par mois tant que vous ne vous y opposez pas.",),
            "en": ("We email you each month as long as you do not object.",),
        },
        right={
            "nl": ("We sturen één herinnering zolang u niets laat weten.",),
            "fr": ("Nous envoyons un rappel tant que vous n’avez rien dit.",),
            "en": ("We send one reminder as long as you do not tell us.",),
        },
    ),
    Rule(
        "AK332",
        "a yes without a word",
        "tacit consent",
        unless="by_ticking harmless !tacit",
        wrong={
            "nl": ("Bij een bestelling gaat de klant stilzwijgend akkoord met reclame.",),
            "fr": ("Le client accepte tacitement de recevoir de la publicité.",),
            "en": ("The customer tacitly agrees to get advertising.",),
        },
        right={
            "nl": ("Uw toestemming vervalt automatisch na twee jaar.",),
            "fr": ("Votre accord prend fin automatiquement après deux ans.",),
            "en": ("Your consent lapses automatically after two years.",),
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
        "silence that means yes",
        "?silence imply",
        in_order=True,
        unless="?a_no !imply",
        wrong={
            "nl": ("Stilte betekent voor ons dat u meedoet.",),
            "fr": ("Votre silence signifie que vous participez.",),
            "en": ("Your silence means yes to us.",),
        },
        right={
            "nl": ("Stilte betekent nee.",),
            "fr": ("Votre silence signifie non.",),
            "en": ("Your silence means no.",),
        },
    ),
    Rule(
        "AK332",
        "whoever has not acted gets it",
        "or_else receive",
        within="clause",
        in_order=True,
        unless="harmless",
        wrong={
            "nl": ("Bel ons op tijd, anders mailen wij u elke week.",),
            "fr": ("Prévenez-nous à temps, sinon vous recevez un mail par semaine.",),
            "en": ("Call us in time, otherwise we email you each week.",),
        },
        right={
            "nl": ("Vink het aan, anders krijgt u niets.",),
            "fr": ("Cochez la case, sinon vous ne recevez rien.",),
            "en": ("Tick the box, otherwise you get nothing.",),
        },
    ),
    Rule(
        "AK332",
        "somebody who counts as one who agreed",
        "assume subscribed",
        wrong={
            "nl": ("Na die datum wordt u beschouwd als abonnee.",),
            "fr": ("Passé ce délai, vous serez considéré comme abonné.",),
            "en": ("After that date you will be treated as a subscriber.",),
        },
        right={
            "nl": ("U wordt niet beschouwd als abonnee.",),
            "fr": ("Vous n’êtes jamais considéré comme abonné.",),
            "en": ("You are never treated as a subscriber.",),
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
        "AK360",
        "advertising that is told and not asked",
        "advertising by_email|by_phone|by_text|receive",
        unless="by_post",
        reads=("told",),
        wrong={
            "nl": ("We mailen u onze aanbiedingen, tenzij u bezwaar maakt.",),
            "fr": ("Vous recevez nos offres, sauf opposition.",),
            "en": ("We email you our offers unless you object.",),
        },
        right={
            "nl": ("We mailen u de factuur. Reclame staat er niet in.", "We sturen onze aanbiedingen met de post."),
            "fr": ("Nous envoyons la facture par e-mail, sans publicité.", "Vous recevez nos offres par la poste."),
            "en": ("We email the invoice. No advertising is in it.", "We send our offers by post."),
        },
    ),
    Rule(
        "AK360",
        "data that is sold without being asked",
        "sell data_word|class_of_companies|class_of_trades",
        reads=("told",),
        wrong={
            "nl": ("We verkopen uw gegevens aan verzekeraars.",),
            "fr": ("Nous vendons vos données à des assureurs.",),
            "en": ("We sell your details to insurers.",),
        },
        right={
            "nl": ("We verkopen uw gegevens niet.",),
            "fr": ("Nous ne vendons pas vos données.",),
            "en": ("We never sell your details.",),
        },
    ),
)
