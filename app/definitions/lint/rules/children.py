"""What no child may read: to press its parents or keep a secret from them, or two things that cannot both be true."""

from .record import PROSE, Kind, Rule

_READS: tuple[Kind, ...] = (*PROSE, "told")

RULES = (
    Rule(
        "AK391",
        "parents to be pressed",
        "parent nags",
        within="neighbours",
        who="children",
        reads=_READS,
        wrong={
            "nl": ("Vraag lief aan mama of papa. Blijf vragen!", "Zeur bij je ouders tot ze ja zeggen."),
            "fr": ("Demande gentiment à papa ou maman.", "Insiste auprès de tes parents."),
            "en": ("Ask mum or dad nicely.", "Beg your parents. Keep asking!"),
        },
        right={
            "nl": ("Vertel het aan je ouder of voogd.", "Zeur niet bij je ouders."),
            "fr": ("Demande de l’aide à un adulte pour scier.", "Pas besoin d’insister : parles-en à tes parents."),
            "en": ("Let a grown-up use the oven.", "You need not beg your parents."),
        },
    ),
    Rule(
        "AK359",
        "a gift for a yes",
        "says_yes child_gift",
        within="neighbours",
        who="children",
        reads=_READS,
        wrong={
            "nl": ("Zeg je ja? Dan krijg je een sticker.",),
            "fr": ("Tu dis oui ? Tu reçois un autocollant.", "Dis oui et gagne une surprise."),
            "en": ("Say yes and get a sticker.",),
        },
        right={
            "nl": ("Er zit een sticker bij het boek.", "Zeg je ja? Je krijgt geen cadeau."),
            "fr": ("Il y a un autocollant dans le livre.", "Tu dis oui ? Pas de cadeau."),
            "en": ("There is a sticker in the book.", "Say yes: there is no prize."),
        },
    ),
    Rule(
        "AK392",
        "a secret from parents",
        "?secret ?parent",
        within="neighbours",
        who="children",
        reads=_READS,
        unless="!secret",
        wrong={
            "nl": ("De ridder schrijft je stiekem. Zeg niets aan je ouders.",),
            "fr": ("La sorcière t’écrit en secret. Ne montre rien à tes parents.",),
            "en": ("Keep his letters hidden from your parents.", "Don’t tell your mum."),
        },
        right={
            "nl": ("Vertel het gerust aan je ouder.", "Voor je ouders is dit nooit ons geheim."),
            "fr": ("Dis-le à tes parents.", "Pour tes parents, ce n’est pas notre secret."),
            "en": ("Tell your parents.", "This is not our secret: your parents may read it."),
        },
    ),
    Rule(
        "AK392",
        "a secret from everybody",
        "?hush",
        who="children",
        reads=_READS,
        wrong={
            "nl": ("Vertel het aan niemand.", "Dit is ons geheimpje."),
            "fr": ("N’en parle à personne.", "C’est notre petit secret."),
            "en": ("Tell nobody about it.", "This is our little secret."),
        },
        right={
            "nl": ("De film gaat over een geheim.",),
            "fr": ("Le film parle d’un secret.",),
            "en": ("The film is about a secret.",),
        },
    ),
    Rule(
        "AK393",
        "seen by nobody, and public",
        "!sees public|all_see",
        within="text",
        who="children",
        reads=_READS,
        wrong={
            "nl": ("We zetten je foto op internet. Niemand ziet hem.",),
            "fr": ("Ta photo est sur internet. Personne ne la voit.",),
            "en": ("Nobody can see your drawing. It is on our website.",),
        },
        right={
            "nl": ("Je tekening staat op internet. Iedereen ziet ze.",),
            "fr": ("Ton dessin est sur internet. Tout le monde le voit.",),
            "en": ("Your drawing is on our website. All people can see it.",),
        },
    ),
    Rule(
        "AK393",
        "between us, and seen by all",
        "between_us all_see|public",
        within="text",
        who="children",
        reads=_READS,
        wrong={
            "nl": ("Je stem blijft onder ons. Alle spelers horen ze.",),
            "fr": ("Ta voix reste entre nous. Tous les joueurs peuvent l’écouter.",),
            "en": ("Your voice stays between us. All players can hear it.",),
        },
        right={
            "nl": ("Je stem blijft onder ons.",),
            "fr": ("Ta voix reste entre nous.",),
            "en": ("Your voice stays between us.",),
        },
    ),
    Rule(
        "AK393",
        "nothing is earned, and something can be bought",
        "!earns|advertises buys",
        within="text",
        who="children",
        reads=_READS,
        wrong={
            "nl": ("Wij verdienen er niets aan. In elke brief staat een zwaard dat je kunt kopen.",),
            "fr": ("Ce n’est pas de la pub. Tu peux acheter une épée dans la lettre.",),
            "en": ("These are no ads. There is a sword to buy in each letter.",),
        },
        right={
            "nl": ("Het is reclame: je kunt het hier kopen.",),
            "fr": ("C’est de la pub : tu peux acheter ces livres.",),
            "en": ("It is advertising: you can buy them here.",),
        },
    ),
    Rule(
        "AK393",
        "an end that nobody knows",
        "some_day ends",
        who="children",
        reads=_READS,
        wrong={
            "nl": ("Op een dag stopt het.",),
            "fr": ("Après un certain temps, ça s’arrête.", "Un jour ça s’arrête."),
            "en": ("One day it stops.",),
        },
        right={
            "nl": ("Na 2 jaar stopt het.",),
            "fr": ("Après 2 ans, ça s’arrête.",),
            "en": ("After 2 years it stops.",),
        },
    ),
)
