"""Several things or channels in one yes (GDPR recital 43, art. 7(2))."""

from .record import Kind, Rule

_PURPOSE: tuple[Kind, ...] = ("purpose", "statement")

_DOES = "does_news|does_survey|does_track|does_share|does_picture"

RULES = (
    Rule(
        "AK336",
        "one yes to everything",
        "accept_all",
        wrong={
            "nl": ("Ik ga akkoord met alles.",),
            "fr": ("Tout accepter",),
            "en": ("Accept all",),
        },
        right={
            "nl": ("U hoeft niet akkoord te gaan met alles.",),
            "fr": ("Vous ne devez pas tout accepter.",),
            "en": ("You do not agree to everything.",),
        },
    ),
    Rule(
        "AK336",
        "a yes to terms or a policy",
        "consent terms",
        wrong={
            "nl": ("Ik heb de huisregels gelezen en ga akkoord.",),
            "fr": ("J’ai lu la politique de confidentialité et je suis d’accord.",),
            "en": ("I have read the house rules and I agree.",),
        },
        right={
            "nl": ("Dat is geen akkoord met onze voorwaarden.",),
            "fr": ("Ce n’est pas un accord avec nos conditions.",),
            "en": ("This is no agreement to our terms.",),
        },
    ),
    Rule(
        "AK336",
        "several uses of the same data",
        "use_contract|use_fraud|use_research|use_marketing use_contract|use_fraud|use_research|use_marketing uses",
        distinct=True,
        reads=_PURPOSE,
        wrong={
            "nl": ("We gebruiken uw adres voor het contract en om andere producten voor te stellen.",),
            "fr": ("Vos données servent à exécuter le contrat et à établir des statistiques.",),
            "en": ("We use your data to perform the contract and to detect fraud.",),
        },
        right={
            "nl": ("We gebruiken uw adres voor statistieken, niet voor reclame.",),
            "fr": ("Vos données servent aux statistiques, jamais à la publicité.",),
            "en": ("We use your data for statistics, never for marketing.",),
        },
    ),
    Rule(
        "AK336",
        "one use, and another besides",
        f"{_DOES} besides {_DOES}",
        within="neighbours",
        distinct=True,
        unless="near_negation ?stop",
        reads=_PURPOSE,
        wrong={
            "nl": ("De school mailt u haar agenda. Ze bezorgt uw adres daarnaast aan Pianohuis Verlinden.",),
            "fr": ("Nous envoyons le sommaire. Nous croisons aussi ce que vous lisez avec vos achats.",),
            "en": ("We email you our dates. We also show you adverts on other sites.",),
        },
        right={
            "nl": ("We kijken wat u koopt en mailen kortingen. De kaart werkt ook zonder.",),
            "fr": ("Nous regardons ce que vous achetez et envoyons des offres. La carte marche aussi sans cela.",),
            "en": ("We look at what you buy and email discounts. The card also works without this.",),
        },
    ),
    Rule(
        "AK336",
        "three uses in one yes",
        f"{_DOES} {_DOES} {_DOES}",
        within="text",
        distinct=True,
        reads=_PURPOSE,
        wrong={
            "nl": ("U hoort onze tarieven, we onthouden wat u bekijkt, en u krijgt een enquête.",),
            "fr": ("Vous recevez nos promotions, votre position est suivie et vos images sont sur l’affiche.",),
            "en": ("We email offers, track what you read and put photos of you in the brochure.",),
        },
        right={
            "nl": ("We mailen aanbiedingen. We volgen niet wat u leest, en delen niets met anderen.",),
            "fr": ("Nous envoyons un questionnaire. Nous ne suivons rien, et ne donnons rien à personne.",),
            "en": ("We email offers. We do not track you, and never sell your address.",),
        },
    ),
    Rule(
        "AK336",
        "a survey and something else",
        "does_survey and_or does_share|does_track|does_picture",
        reads=_PURPOSE,
        wrong={
            "nl": ("We nemen een foto van uw keuken en mailen u een enquête.",),
            "fr": ("Nous prenons une photo et vous envoyons un sondage.",),
            "en": ("We take a photo of your kitchen and send you a survey.",),
        },
        right={
            "nl": ("We mailen een enquête en delen uw antwoorden met niemand.",),
            "fr": ("Nous envoyons un sondage et ne vendons rien.",),
            "en": ("We send a survey and never sell your answers.",),
        },
    ),
    Rule(
        "AK336",
        "one tick for two things",
        "one_tick both_for",
        in_order=True,
        reads=_PURPOSE,
        wrong={
            "nl": ("Met één vinkje schrijft u zich in voor de cursus en voor de nieuwsbrief.",),
            "fr": ("D’une seule croix, vous vous inscrivez au cours et à la lettre d’information.",),
            "en": ("With one tick you sign up for the course and for the newsletter.",),
        },
        right={
            "nl": ("Met één vinkje schrijft u zich niet in voor de cursus en voor de nieuwsbrief.",),
            "fr": ("Une croix ne vous inscrit jamais au cours et à la lettre.",),
            "en": ("One tick does not sign you up for the course and for the newsletter.",),
        },
    ),
    Rule(
        "AK337",
        "two channels in one yes",
        "by_email|by_phone|by_text|by_post and_or by_email|by_phone|by_text|by_post",
        distinct=True,
        in_order=True,
        unless="?stop ?refuse ?reach_us harmless the_text",
        reads=_PURPOSE,
        wrong={
            "nl": ("U krijgt folders, mails en sms'en.", "Nieuws per mail of telefoon."),
            "fr": ("Vous recevez nos folders, nos mails et nos SMS.", "Des nouvelles par e-mail et par téléphone."),
            "en": ("You get our leaflets, emails and text messages.", "News by email or phone."),
        },
        right={
            "nl": ("Vragen? U bereikt ons per mail of telefoon.", "Stoppen kan per mail en per brief."),
            "fr": ("Joignez-nous par e-mail ou par téléphone.", "Nous envoyons un mail et n’appelons jamais."),
            "en": ("Reach us by email or phone.", "We email you and never call."),
        },
    ),
    Rule(
        "AK337",
        "three channels in one yes",
        "by_email|by_phone|by_text|by_post by_email|by_phone|by_text|by_post by_email|by_phone|by_text|by_post",
        distinct=True,
        unless="?stop ?refuse ?reach_us",
        reads=_PURPOSE,
        wrong={
            "nl": ("Een appje in mei via WhatsApp, een telefoontje in juni, een brief in juli.",),
            "fr": ("Un message WhatsApp en mai, un coup de téléphone en juin, une carte en juillet.",),
            "en": ("A text message in May, a phone call in June, a letter in July.",),
        },
        right={
            "nl": ("U bereikt ons via mail, telefoon, sms.",),
            "fr": ("Pour nous joindre, il y a l’e-mail, le téléphone, le SMS.",),
            "en": ("To reach us there is email, phone, text.",),
        },
    ),
    Rule(
        "AK337",
        "every channel in one yes",
        "all_channels",
        unless="?stop ?refuse ?reach_us",
        reads=_PURPOSE,
        wrong={
            "nl": ("We houden u op de hoogte via alle kanalen.", "Nieuws via mail/sms."),
            "fr": ("Nous vous informons par tous les moyens.", "Des nouvelles par e-mail/SMS."),
            "en": ("We keep you informed by any means.", "News by email/SMS."),
        },
        right={
            "nl": ("Stoppen kan via alle kanalen.",),
            "fr": ("Vous pouvez arrêter par tous les moyens.",),
            "en": ("You can stop by any means.",),
        },
    ),
)
