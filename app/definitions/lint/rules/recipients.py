"""Recipients as a class: a consent covers those whom people can read about (GDPR art. 13(1)(e), EDPB 05/2020 §65)."""

from .record import PROSE, Rule

RULES = (
    Rule(
        "AK338",
        "recipients that nobody can look up",
        "class_of_companies",
        within="clause",
        unless="company_form",
        reads=PROSE,
        wrong={
            "nl": ("Onze mediapartners mailen u.", "Aanbiedingen van andere bedrijven uit onze groep."),
            "fr": ("Les sociétés de notre groupe vous écrivent.", "Vos données vont à des tiers."),
            "en": ("Offers from our trusted business partners.", "Other companies in our group email you."),
        },
        right={
            "nl": ("Onze partners krijgen niets.", "Andere bedrijven zoals Postduif BV krijgen uw adres."),
            "fr": ("Nos partenaires ne reçoivent rien.", "Nos partenaires Facteur SRL et Lettre SA l’envoient."),
            "en": ("Our partners get nothing.", "Our partners Lime Tree Ltd and Oak Ltd email you."),
        },
    ),
    Rule(
        "AK338",
        "recipients by their trade, to whom data is passed on",
        "pass_on class_of_trades|other_kind",
        within="clause",
        unless="company_form",
        reads=PROSE,
        wrong={
            "nl": ("We verkopen uw gegevens aan autodealers.", "Wij kunnen die delen met adviseurs."),
            "fr": ("Nous partageons vos données avec nos sous-traitants.",),
            "en": ("We share your details with insurers near you.",),
        },
        right={
            "nl": ("We verkopen niets aan winkels.", "We verkopen uw adres niet aan bedrijven."),
            "fr": ("Nous ne partageons rien avec des assureurs.",),
            "en": ("We never share it with shops.",),
        },
    ),
    Rule(
        "AK338",
        "recipients by their trade, to whom data goes",
        "data_word give class_of_trades|other_kind",
        within="clause",
        unless="company_form",
        reads=PROSE,
        wrong={
            "nl": ("Uw adres gaat naar verzekeraars in uw buurt.", "Leveranciers krijgen uw naam."),
            "fr": ("Votre adresse va aux concessionnaires de votre région.",),
            "en": ("Your address goes to car dealers near you.",),
        },
        right={
            "nl": ("Uw adres gaat niet naar verzekeraars.",),
            "fr": ("Votre adresse ne va pas à des assureurs.",),
            "en": ("Your address does not go to car dealers.",),
        },
    ),
    Rule(
        "AK338",
        "others by their trade, who may turn to people",
        "class_of_trades contact_you",
        within="clause",
        in_order=True,
        unless="company_form own_places",
        reads=PROSE,
        wrong={
            "nl": ("Ook winkels in de straat mogen u mailen.",),
            "fr": ("Les commerçants du quartier pourront aussi vous écrire.",),
            "en": ("Local shops may also write to you.",),
        },
        right={
            "nl": ("Geen andere winkels mogen u mailen.", "Onze winkels kunnen u mailen."),
            "fr": ("Nos magasins peuvent vous écrire.",),
            "en": ("Our shops may write to you.",),
        },
    ),
    Rule(
        "AK338",
        "various others, to whom data is passed on",
        "various class_of_trades",
        within="clause",
        in_order=True,
        unless="company_form own_places",
        reads=PROSE,
        wrong={
            "nl": ("Aanbiedingen van diverse winkels.",),
            "fr": ("Les offres de divers commerces.",),
            "en": ("Offers from various shops.",),
        },
        right={
            "nl": ("Geen aanbiedingen van diverse winkels.",),
            "fr": ("Aucune offre de divers commerces.",),
            "en": ("No offers from various shops.",),
        },
    ),
    Rule(
        "AK338",
        "recipients praised in place of named",
        "chosen class_of_trades",
        within="clause",
        unless="company_form",
        reads=PROSE,
        wrong={
            "nl": ("Nieuws van zorgvuldig gekozen winkels.",),
            "fr": ("Les offres de commerces sélectionnés.",),
            "en": ("News from carefully chosen shops.",),
        },
        right={
            "nl": ("Geen nieuws van zorgvuldig gekozen winkels.",),
            "fr": ("Aucune offre de commerces sélectionnés.",),
            "en": ("No news from carefully chosen shops.",),
        },
    ),
)
