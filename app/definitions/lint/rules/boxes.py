"""Boxes that are upside down or ticked beforehand (GDPR art. 4(11), recital 32; C-673/17 Planet49)."""

from .record import PROSE, Rule

RULES = (
    Rule(
        "AK334",
        "a tick for those who do not want it",
        "tick !want",
        unless="?leave_empty ?no_longer ?not_to_forget",
        wrong={
            "nl": ("Wenst u dit niet, kruis dan dit hokje aan.",),
            "fr": ("Cochez la case si vous ne souhaitez pas de mails.",),
            "en": ("If you do not want this, tick here.",),
        },
        right={
            "nl": (
                "Wilt u dit niet, laat het vakje dan leeg.",
                "Vinkt u niets aan, dan krijgt u niets.",
                "Wilt u dit niet vergeten, vink dan aan.",
            ),
            "fr": (
                "Si vous ne voulez pas, laissez la case vide.",
                "Si vous ne voulez pas l’oublier, cochez la case.",
            ),
            "en": (
                "If you do not want this, leave the box empty.",
                "If you do not tick it, you get no email.",
                "If you do not want to forget this, tick the box.",
            ),
        },
        reads=PROSE,
    ),
    Rule(
        "AK334",
        "a tick to refuse",
        "tick refuse|stop|so_as_not",
        unless="?leave_empty ?no_longer ?stops_in_settings",
        wrong={
            "nl": ("Vink dit aan om bezwaar te maken.",),
            "fr": ("Cochez cette case pour refuser.",),
            "en": ("Tick the box to opt out.",),
        },
        right={
            "nl": ("Vink niets aan om te weigeren.", "Stop met een kruisje in de app, zonder te bellen."),
            "fr": ("Ne cochez rien pour refuser.", "Arrêtez d’une croix dans l’application, sans appeler."),
            "en": ("Tick nothing to refuse.", "Stop with a tick in the app, without a call."),
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
        "!want ?tell|switch_off|untick|refuse",
        within="neighbours",
        unless="?leave_empty ?no_longer ?way_out ?nothing_to_do",
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
            "en": (
                "If you do not want it, just say no.",
                "Do you not want it? You can unsubscribe at any time.",
                "If you would rather not, you do not have to fill in anything.",
            ),
        },
        reads=PROSE,
    ),
    Rule(
        "AK334",
        "who minds must do something",
        "?mind tell|switch_off|untick|stop",
        within="neighbours",
        unless="?leave_empty ?no_longer ?way_out",
        wrong={
            "nl": ("U staat op onze lijst; hebt u er iets tegen, zeg het dan aan de kassa.",),
            "fr": ("Vous êtes dans notre fichier : si cela vous dérange, dites-le à l’accueil.",),
            "en": ("You are on our list; tell the till if you mind.",),
        },
        right={
            "nl": ("Hebt u er iets tegen, zeg dan gewoon nee.", "Hebt u er iets tegen, meld u af in elke mail."),
            "fr": ("Si cela vous dérange, désinscrivez-vous dans chaque mail.",),
            "en": ("If you mind, just say no.", "If you mind, unsubscribe in any email."),
        },
        reads=PROSE,
    ),
    Rule(
        "AK334",
        "only who does not want it must act",
        "?only_who !want|consent",
        in_order=True,
        unless="?leave_empty ?no_longer",
        wrong={
            "nl": ("Alleen wie het niet wil, hoeft hier iets in te vullen.",),
            "fr": ("Seuls ceux qui ne sont pas d’accord doivent remplir ceci.",),
            "en": ("Fill this in only if you do not agree.",),
        },
        right={
            "nl": ("Alleen wie het wil, hoeft hier iets in te vullen.",),
            "fr": ("Seuls ceux qui sont d’accord remplissent ceci.",),
            "en": ("Fill this in only if you agree.",),
        },
        reads=PROSE,
    ),
    Rule(
        "AK334",
        "whoever refuses must say so",
        "who_refuses tell",
        in_order=True,
        unless="?leave_empty ?no_longer ?way_out",
        wrong={
            "nl": ("Ouders die bezwaar hebben, melden dat aan de monitor.",),
            "fr": ("Les parents qui s’y opposent préviennent le moniteur.",),
            "en": ("Parents who object should tell the leader.",),
        },
        right={
            "nl": ("Wie bezwaar heeft, meldt zich af in elke mail.",),
            "fr": ("Ceux qui refusent cliquent dans chaque mail, ou préviennent à tout moment.",),
            "en": ("Those who object can tell us in any email.",),
        },
        reads=PROSE,
    ),
    Rule(
        "AK334",
        "a yes that does not object",
        "?i_person !refuse",
        within="clause",
        in_order=True,
        wrong={
            "nl": ("Ik heb geen bezwaar tegen mails.",),
            "fr": ("Je ne m’oppose pas à vos mails.",),
            "en": ("I do not object to your emails.",),
        },
        right={
            "nl": ("Ik ga akkoord, en kan altijd bezwaar maken.",),
            "fr": ("J’accepte, et je peux m’opposer à tout moment.",),
            "en": ("I agree, and can object at any time.",),
        },
        reads=PROSE,
    ),
    Rule(
        "AK334",
        "a box left empty by those who want it",
        "!tick|untick clause_start want",
        in_order=True,
        unless="!want by_ticking",
        wrong={
            "nl": ("Vink dit niet aan als u onze mails wilt.",),
            "fr": ("Ne cochez pas cette case si vous souhaitez nos mails.",),
            "en": ("Do not tick this if you want our emails.",),
        },
        right={
            "nl": ("Vink dit niet aan als u onze mails niet wilt.",),
            "fr": ("Ne cochez pas cette case si vous ne souhaitez pas nos mails.",),
            "en": ("Do not tick this if you do not want our emails.",),
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
        "an option that is on",
        "option_word is_on",
        wrong={
            "nl": ("De optie is bij elke nieuwe klant ingeschakeld.",),
            "fr": ("L’option est activée pour tout nouveau client.",),
            "en": ("The option is on for every new customer.",),
        },
        right={
            "nl": ("Geen enkele optie staat aan.",),
            "fr": ("Aucune option n’est activée.",),
            "en": ("No option is on.",),
        },
    ),
    Rule(
        "AK335",
        "a box filled in beforehand",
        "tick already filled",
        wrong={
            "nl": ("Dit hokje is al voor u ingevuld.",),
            "fr": ("Pour vous faciliter la vie, cette case est déjà remplie.",),
            "en": ("For your convenience this box has been filled in.",),
        },
        right={
            "nl": ("Geen enkel hokje is al ingevuld.",),
            "fr": ("Aucune case n’est déjà remplie.",),
            "en": ("No box has been filled in for you.",),
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
        "default receive|ticked|our_list",
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
