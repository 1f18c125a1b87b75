"""Where an employer, a school or a landlord asks, a yes is seldom free (GDPR recital 43; EDPB 05/2020 §16-24)."""

from .record import PROSE, Rule

RULES = (
    Rule(
        "AK351",
        "those who depend are watched",
        "dependent|powerful watched",
        unless="?unharmed",
        reads=PROSE,
        wrong={
            "nl": ("Uw baas ziet op een kaart waar u rijdt.", "De huisbaas wil uw bankafschriften bekijken."),
            "fr": ("Votre patron voit sur une carte où vous roulez.", "Le bailleur souhaite lire vos fiches de paie."),
            "en": ("Your boss sees on a map where you drive.", "The landlord would like to see your bank statements."),
        },
        right={
            "nl": ("De leerlingen spelen op zondag.", "Werknemers zonder badge komen even goed binnen."),
            "fr": ("Les élèves jouent dimanche.", "Les employés sans badge entrent de la même manière."),
            "en": ("The pupils play on Sunday.", "Employees without a badge come in just as well."),
        },
    ),
    Rule(
        "AK351",
        "a no that costs those who depend",
        "dependent|powerful ?saying_no worse_off|you_cannot|shut_out",
        within="neighbours",
        unless="?unharmed",
        reads=PROSE,
        wrong={
            "nl": ("Beste leerling, ga je niet akkoord, dan lever je je laptop in.",),
            "fr": ("Les agents qui refusent ne peuvent prétendre à la prime.",),
            "en": ("Students who would rather not agree are marked absent.",),
        },
        right={
            "nl": ("Werknemers die weigeren, houden hetzelfde loon, en niemand wordt uitgesloten.",),
            "fr": ("Les agents qui refusent ne paient pas plus cher : rien ne change.",),
            "en": ("Students who refuse do not pay more, and nothing changes.",),
        },
    ),
    Rule(
        "AK351",
        "a no that takes something from those who depend",
        "dependent|powerful ?saying_no unable ?stake",
        within="neighbours",
        unless="?unharmed",
        reads=PROSE,
        wrong={
            "nl": ("Beste leerling, mag het? Wie nee zegt, krijgt geen stageplaats.",),
            "fr": ("Les élèves qui refusent n’ont pas de stage.",),
            "en": ("Pupils who say no get no placement.",),
        },
        right={
            "nl": ("Leerlingen die nee zeggen, krijgen toch een stageplaats. Een stage is nooit onmogelijk.",),
            "fr": ("Les élèves qui refusent ont toujours un stage : rien n’est impossible.",),
            "en": ("Pupils who say no still get a placement: nothing is impossible.",),
        },
    ),
    Rule(
        "AK351",
        "a no that those with power hear of",
        "powerful|dependent no_is_noted to_superior",
        within="neighbours",
        reads=PROSE,
        wrong={
            "nl": ("De directie krijgt een lijst van wie weigert.",),
            "fr": ("Le bailleur note un refus au dossier.",),
            "en": ("Line managers receive a list of those who refused.",),
        },
        right={
            "nl": ("De directie krijgt geen lijst van wie weigert.",),
            "fr": ("La direction ne reçoit aucune liste des refus.",),
            "en": ("Line managers get no list of those who refused.",),
        },
    ),
    Rule(
        "AK351",
        "those who depend are asked to agree",
        "dependent asked_to_agree",
        within="clause",
        unless="?unharmed",
        reads=PROSE,
        wrong={
            "nl": ("Chauffeurs stemmen in met onze regels.",),
            "fr": ("Les chauffeurs acceptent nos règles.",),
            "en": ("Drivers agree to our rules.",),
        },
        right={
            "nl": (
                "Chauffeurs stemmen niet in met onze regels.",
                "Of een werknemer akkoord geeft maakt niets uit.",
            ),
            "fr": ("Que les employés acceptent ne change rien.",),
            "en": ("Employees who agree get the same pay.",),
        },
    ),
    Rule(
        "AK351",
        "those who depend are asked",
        "we_ask_them",
        within="text",
        unless="?unharmed",
        reads=PROSE,
        wrong={
            "nl": ("Dit vragen we ons personeel.",),
            "fr": ("Nous le demandons à notre personnel.",),
            "en": ("We ask our employees whether they want to be in a picture.",),
        },
        right={
            "nl": ("Dit vragen we ons personeel. Zegt u nee, dan verandert er niets.",),
            "fr": ("Nous le demandons à notre personnel. Un non ne change rien.",),
            "en": ("We ask our employees whether they want to be in a picture. A no has no effect on work.",),
        },
    ),
)
