"""Statements of explicit consent that agree to nothing (GDPR art. 9(2)(a); EDPB 05/2020 §93, example 17)."""

from .record import Rule

RULES = (
    Rule(
        "AK380",
        "a statement without a yes",
        "?speaker",
        within="text",
        unless="agreed wished",
        reads=("statement",),
        wrong={
            "nl": ("Mijn gegevens over gezondheid worden gebruikt.",),
            "fr": ("Mes données de santé sont utilisées.",),
            "en": ("My health data are used.",),
        },
        right={
            "nl": ("Ja, de praktijk mag mijn bloedgroep noteren.", "Ik stem ermee in dat u mijn bloedgroep noteert."),
            "fr": ("Oui, le cabinet peut noter mon groupe sanguin.", "Je consens à ce que mon groupe soit noté."),
            "en": ("Yes, the practice may note my blood group.", "I agree that you note my blood group."),
        },
    ),
    Rule(
        "AK380",
        "knowing in place of agreeing",
        "known",
        within="text",
        unless="agreed",
        reads=("statement",),
        wrong={
            "nl": ("Het is mij duidelijk dat u mijn gegevens gebruikt.", "Ik weet dat de praktijk dit mag."),
            "fr": ("Il est clair pour moi que vous utilisez mes données.", "Je sais que le cabinet peut le faire."),
            "en": ("It is clear to me that you use my data.", "I understand that the practice may do this."),
        },
        right={
            "nl": ("Ik heb dit gelezen en stem ermee in dat u mijn bloedgroep bewaart.",),
            "fr": ("J’ai compris, et j’accepte que vous conserviez mon groupe sanguin.",),
            "en": ("I have understood this, and I agree that you keep my blood group.",),
        },
    ),
    Rule(
        "AK380",
        "a yes to a paper",
        "agreed paper",
        within="text",
        unless="use_of_it",
        reads=("statement",),
        wrong={
            "nl": ("Ik ga akkoord met de privacyverklaring.",),
            "fr": ("J’accepte la politique de confidentialité.",),
            "en": ("I agree to the privacy policy.",),
        },
        right={
            "nl": ("Ik ga ermee akkoord dat u het document over mijn allergie bewaart.",),
            "fr": ("J’accepte que vous conserviez le document sur mon allergie.",),
            "en": ("I agree that you keep the document on my allergy.",),
        },
    ),
)
