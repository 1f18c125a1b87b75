"""Steering: pleading, haste, the crowd, praise, a no put off or asked again (EDPB 03/2022: stirring, overloading)."""

from .record import PROSE, Rule

RULES = (
    Rule(
        "AK342",
        "pleading",
        "pleading",
        wrong={
            "nl": ("We zullen u missen.", "Weet u het echt zeker?"),
            "fr": ("Vous allez nous manquer.", "Êtes-vous vraiment sûr ?"),
            "en": ("We will miss you.", "Are you really sure?"),
        },
        right={
            "nl": ("U bent er zeker op tijd.",),
            "fr": ("C’est dommage pour la pluie.",),
            "en": ("We are sure you know the way.",),
        },
    ),
    Rule(
        "AK342",
        "a no that is dangerous",
        "?says_no danger",
        reads=PROSE,
        wrong={
            "nl": ("Zegt u nee, dan loopt u gevaar.",),
            "fr": ("Si vous dites non, vous allez le regretter.",),
            "en": ("If you say no, you will regret it.",),
        },
        right={
            "nl": ("Zegt u nee, dan loopt u geen risico.", "De brandweer mailt waar er gevaar is."),
            "fr": ("Si vous dites non, vous ne risquez rien.",),
            "en": ("If you say no, nothing is at risk.", "We email you when your house is in danger."),
        },
    ),
    Rule(
        "AK343",
        "haste",
        "urgency|scarce",
        wrong={
            "nl": ("Nog maar 3 plaatsen!", "Nu of nooit!"),
            "fr": ("Plus que 3 places !", "Dernière chance !"),
            "en": ("Only 3 places left!", "Now or never!"),
        },
        right={
            "nl": ("Haast is niet nodig.",),
            "fr": ("Pas besoin de vous dépêcher.",),
            "en": ("No need to hurry.", "Places in the workshop are limited to 12."),
        },
    ),
    Rule(
        "AK343",
        "an offer that ends in a moment",
        "offer closes soon",
        wrong={
            "nl": ("Om middernacht sluit de lijst.",),
            "fr": ("La liste ferme ce soir.",),
            "en": ("This offer ends at midnight.",),
        },
        right={
            "nl": ("De winkel sluit vanavond om 18 uur.", "De lijst sluit niet om middernacht."),
            "fr": ("Le magasin ferme ce soir à 18 heures.", "La liste ne ferme pas ce soir."),
            "en": ("The shop closes tonight at six.", "The list does not close tonight."),
        },
    ),
    Rule(
        "AK343",
        "fear of missing it",
        "?missing_out",
        unless="?no_miss",
        reads=(*PROSE, "label"),
        wrong={
            "nl": ("Mis onze aanbiedingen niet.", "Het zou zonde zijn om dit te missen."),
            "fr": ("Ne manquez rien !", "Ce serait dommage de passer à côté."),
            "en": ("Do not miss our offers.", "It would be a shame if you missed it."),
        },
        right={
            "nl": ("Zegt u nee, dan mist u niets.", "U hoeft geen afspraak te missen."),
            "fr": ("Si vous dites non, vous ne manquez rien, ne ratez pas le train.",),
            "en": (
                "If you say no, you don’t miss anything.",
                "You never miss a bus.",
            ),
        },
    ),
    Rule(
        "AK344",
        "what others do",
        "crowd joins",
        within="clause",
        unless="?is_allowed those_who",
        wrong={
            "nl": ("93 % van onze klanten zegt ja.", "Iedereen in uw straat is al ingeschreven."),
            "fr": ("93 % de nos clients disent oui.", "Tout le monde participe."),
            "en": ("93% of our customers say yes.", "Everyone on your street has signed up."),
        },
        right={
            "nl": ("Iedereen mag lid zijn.", "Niet iedereen zegt ja."),
            "fr": ("Tout le monde peut dire oui.", "Tout le monde ne participe pas."),
            "en": ("Everyone can say yes.", "Not everyone says yes."),
        },
    ),
    Rule(
        "AK344",
        "to do as others do",
        "follow_crowd",
        wrong={
            "nl": ("Doe mee met duizenden anderen.",),
            "fr": ("Rejoignez des milliers d’abonnés.",),
            "en": ("Join thousands of happy readers.",),
        },
        right={
            "nl": ("Doe mee als u dat wilt.",),
            "fr": ("Participez si vous voulez.",),
            "en": ("Join us if you like.",),
        },
    ),
    Rule(
        "AK345",
        "one answer called the better one",
        "praise",
        wrong={
            "nl": ("Onze nieuwsbrief (aanbevolen)", "Een slimme keuze."),
            "fr": ("Notre lettre (recommandé)", "Le meilleur choix."),
            "en": ("Our newsletter (recommended)", "A smart choice."),
        },
        right={
            "nl": ("Aan u is de keuze.", "Er is geen juiste keuze."),
            "fr": ("Un envoi recommandé.", "Il n’y a pas de bonne réponse."),
            "en": ("We recommend a book each month.", "There is no right answer."),
        },
    ),
    Rule(
        "AK345",
        "good people say yes",
        "good_people says_yes",
        wrong={
            "nl": ("Wie om de natuur geeft zegt ja.",),
            "fr": ("Les gens qui réfléchissent cochent cette case.",),
            "en": ("Smart people tick this box.",),
        },
        right={
            "nl": ("Slimme kinderen vertellen hoe ze leren.",),
            "fr": ("Des gens qui réfléchissent écrivent ici.",),
            "en": ("Smart people write in this magazine.",),
        },
    ),
    Rule(
        "AK345",
        "a yes that makes the world better",
        "shares good_deed",
        wrong={
            "nl": ("Door te delen maakt u de wereld mooier.",),
            "fr": ("Partager rend le monde meilleur.",),
            "en": ("Sharing makes the world a better place.",),
        },
        right={
            "nl": ("Uw ja redt de wereld niet.",),
            "fr": ("Votre oui ne rend pas le monde meilleur.",),
            "en": ("Your yes does not save the world.",),
        },
    ),
    Rule(
        "AK345",
        "a yes as a favour",
        "?favour",
        wrong={
            "nl": ("Help ons beter te worden.", "Doe ons een plezier."),
            "fr": ("Aidez-nous à progresser.",),
            "en": ("Help us improve.", "Do us a favour."),
        },
        right={
            "nl": ("Wij helpen u met vragen.",),
            "fr": ("Nous vous aidons.",),
            "en": ("We help you with questions.",),
        },
    ),
    Rule(
        "AK345",
        "a question with one answer",
        "?rhetorical",
        wrong={
            "nl": ("Wie wil er nu geen goed idee?",),
            "fr": ("Qui refuserait une bonne idée ?",),
            "en": ("Who would say no to a good idea?",),
        },
        right={
            "nl": ("Wie wil er taart?", "Wie geen mail wil, vindt de data ook aan het loket."),
            "fr": ("Qui veut du gâteau ?", "Qui ne veut pas de mail trouve aussi les dates au guichet."),
            "en": ("Who would like cake?", "Anyone who does not want email finds the dates at the desk too."),
        },
    ),
    Rule(
        "AK349",
        "an answer put off",
        "put_off",
        wrong={
            "nl": ("Misschien later.", "Herinner me later"),
            "fr": ("Peut-être plus tard.", "Rappelez-le-moi"),
            "en": ("Maybe later.", "Remind me later"),
        },
        right={
            "nl": ("We sturen later een kaart.",),
            "fr": ("Nous envoyons plus tard une carte.",),
            "en": ("We send a card later.",),
        },
    ),
    Rule(
        "AK349",
        "an answer that is not now",
        "?later",
        reads=("option",),
        wrong={
            "nl": ("Niet nu", "Later"),
            "fr": ("Pas maintenant", "Plus tard"),
            "en": ("Not now", "Later"),
        },
        right={
            "nl": ("Nee",),
            "fr": ("Non",),
            "en": ("No",),
        },
    ),
    Rule(
        "AK390",
        "the same question each time",
        "ask_again each_visit",
        reads=(*PROSE, "told"),
        wrong={
            "nl": ("We vragen het u bij elk bezoek opnieuw.",),
            "fr": ("Nous vous reposons la question à chaque visite.",),
            "en": ("We ask you again every time you log in.",),
        },
        right={
            "nl": ("Na twee jaar vragen we het u opnieuw.", "We vragen het niet bij elk bezoek opnieuw."),
            "fr": ("Dans deux ans, nous reposons la question.", "Nous ne reposons pas la question à chaque visite."),
            "en": ("After two years we ask you again.", "We do not ask again every time you log in."),
        },
    ),
    Rule(
        "AK390",
        "the same question until it is a yes",
        "ask_again|asks until_yes",
        reads=(*PROSE, "told"),
        wrong={
            "nl": ("We vragen het tot u ja zegt.",),
            "fr": ("Nous demandons jusqu’à ce que vous changiez d’avis.",),
            "en": ("We ask until you say yes.",),
        },
        right={
            "nl": ("We mailen niets tot u ja zegt.",),
            "fr": ("Nous n’écrivons rien jusqu’à ce que vous donniez votre accord.",),
            "en": ("We send nothing until you say yes.",),
        },
    ),
)
