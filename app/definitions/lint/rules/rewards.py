"""Rewards for a yes (GDPR recital 42; EDPB 05/2020 §46-48)."""

from .record import PROSE, Rule

RULES = (
    Rule(
        "AK346",
        "a yes that is paid for",
        "a_yes perk",
        unless="?also_without free_mail to_leave wants_to_buy",
        wrong={
            "nl": ("Wie ja zegt, krijgt 10 % korting.", "Onder de inschrijvers verloten we vijf duotickets."),
            "fr": ("Qui dit oui reçoit une réduction.", "Parmi les inscrits, nous tirons au sort cinq entrées."),
            "en": ("Say yes and you get 10% off your next order.", "Sign up and get a free coffee."),
        },
        right={
            "nl": (
                "Schrijf u in voor onze gratis nieuwsbrief.",
                "De korting geldt ook als u niet akkoord gaat.",
                "Vink aan of u tickets voor de tombola wil kopen.",
            ),
            "fr": (
                "Inscrivez-vous à notre newsletter gratuite.",
                "La réduction vaut même si vous n’acceptez pas.",
                "Cochez si vous voulez acheter des billets de tombola.",
            ),
            "en": (
                "Sign up for our free newsletter.",
                "The discount holds even if you do not agree.",
                "Tick whether you want to buy tickets for the raffle.",
            ),
        },
    ),
    Rule(
        "AK346",
        "something in return",
        "in_return",
        wrong={
            "nl": ("In ruil voor uw adres trakteren we op taart.",),
            "fr": ("En échange de votre adresse, nous offrons une tarte.",),
            "en": ("In return for your address there is cake.",),
        },
        right={
            "nl": ("U krijgt niets in ruil voor een ja.",),
            "fr": ("Vous ne recevez rien en échange d’un oui.",),
            "en": ("You get nothing in exchange for a yes.",),
        },
    ),
    Rule(
        "AK346",
        "a gift for whoever reads this",
        "you_get perk",
        within="clause",
        unless="?also_without free_mail to_leave",
        unless_titled="perk gifts",
        reads=PROSE,
        who="adults",
        wrong={
            "nl": ("U krijgt een cadeautje.",),
            "fr": ("Vous recevez un cadeau.",),
            "en": ("You get a gift.",),
        },
        right={
            "nl": ("U krijgt dezelfde korting.", "We mailen ideeën voor een cadeau."),
            "fr": ("Vous recevez la même réduction.", "Nous montrons des idées de cadeaux."),
            "en": ("You get the same discount.", "We show ideas for gifts."),
        },
    ),
)
