"""Data that the law protects, and questions that nothing needs (GDPR art. 5(1)(c), 9, 10)."""

from .record import Rule

RULES = (
    Rule(
        "AK305",
        "what a person is, believes, votes or loves",
        "special_data yours",
        reads=("purpose", "told"),
        unless="!asks about_it",
        wrong={
            "nl": ("We bewaren uw allergieën.", "Vertel ons op wie u valt, mannen of vrouwen."),
            "fr": ("Nous gardons vos allergies.", "Précisez si vous êtes enceinte ou sous traitement."),
            "en": ("We keep your allergies.", "Have you been diagnosed with an eating disorder?"),
        },
        right={
            "nl": (
                "Een cursus voor zwangere vrouwen.",
                "We mailen u nieuws over diabetes.",
                "Een dokter krijgt uw naam als u gewond raakt.",
            ),
            "fr": (
                "Un cours pour femmes enceintes.",
                "Nous vous envoyons des conseils sur le diabète.",
                "Un médecin reçoit votre nom en cas de blessure.",
            ),
            "en": (
                "A course on asthma in dogs.",
                "We email you news about diabetes.",
                "We never ask about your illness.",
                "A doctor gets your name if you are injured.",
            ),
        },
    ),
    Rule(
        "AK305",
        "a person's health or faith",
        "your_special",
        reads=("purpose", "told"),
        unless="!asks",
        wrong={
            "nl": ("We lezen wat u over uw gezondheid schrijft.",),
            "fr": ("Nous lisons ce que vous écrivez sur votre santé.",),
            "en": ("We read what you write about your health.",),
        },
        right={
            "nl": ("Workshops over gezondheid.", "Wat u vindt van uw gezondheid, vragen we niet."),
            "fr": ("La maison de la santé vous invite.", "Nous ne demandons rien sur votre santé."),
            "en": ("Workshops about health and safety at work.", "We don’t ask about your health."),
        },
    ),
    Rule(
        "AK305",
        "a question about it",
        "special_data|special_topic",
        reads=("label",),
        wrong={
            "nl": ("Ziekten en operaties",),
            "fr": ("Maladies et allergies",),
            "en": ("Illnesses and operations",),
        },
        right={
            "nl": ("Voornaam",),
            "fr": ("Prénom",),
            "en": ("First name",),
        },
    ),
    Rule(
        "AK305",
        "an answer that tells it",
        "special_data",
        reads=("option",),
        wrong={
            "nl": ("Halal",),
            "fr": ("Je suis enceinte",),
            "en": ("I am diabetic",),
        },
        right={
            "nl": ("Zorg en welzijn",),
            "fr": ("Santé et social",),
            "en": ("Health and social care",),
        },
    ),
    Rule(
        "AK394",
        "convictions and offences of a person",
        "criminal_data yours|stores",
        reads=("purpose", "told"),
        unless="!asks",
        wrong={
            "nl": ("We bewaren of u ooit bent veroordeeld.",),
            "fr": ("Nous gardons les condamnations que vous déclarez.",),
            "en": ("We store any criminal charges that you tell us about.",),
        },
        right={
            "nl": ("Een boek over een misdrijf in 1850.", "We vragen nooit naar uw strafblad."),
            "fr": ("Un roman sur une condamnation.", "Nous ne demandons jamais votre casier judiciaire."),
            "en": ("A novel about a prison sentence.", "We never ask for your criminal record."),
        },
    ),
    Rule(
        "AK394",
        "a question about convictions",
        "criminal_data",
        reads=("label", "option"),
        wrong={
            "nl": ("Hebt u een strafblad?",),
            "fr": ("Casier judiciaire",),
            "en": ("Criminal record",),
        },
        right={
            "nl": ("Favoriete misdaadroman",),
            "fr": ("Polar préféré",),
            "en": ("Favourite crime novel",),
        },
    ),
    Rule(
        "AK395",
        "a fact that nothing needs",
        "private_fact gives",
        reads=("form", "purpose"),
        unless="?needed_for !gives",
        wrong={
            "nl": ("Om u in te schrijven, vult u uw nettoloon en uw burgerlijke staat in.",),
            "fr": ("Pour recevoir l’agenda, indiquez votre situation de famille et votre revenu.",),
            "en": ("To join the list, give your marital status and your degree.",),
        },
        right={
            "nl": (
                "Vul uw diploma in, dan mailen we vacatures.",
                "U hoeft uw inkomen niet in te vullen.",
                "Vul de naam van uw werkgever in.",
            ),
            "fr": (
                "Indiquez votre diplôme pour recevoir nos offres d’emploi.",
                "Indiquez le nom de votre employeur.",
            ),
            "en": (
                "Tell us your degree and we email jobs.",
                "You need not give your income.",
                "Fill in the name of your employer.",
            ),
        },
    ),
)
