"""Where people complain about a controller: the supervisory authority of each country (GDPR art. 13(2)(d), 77).

The EEA, the United Kingdom and Switzerland. Names are the official ones, in the language of the page where the
authority has one in it. Where an authority moves, change its line; stored notices keep the words they were made of.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

CHECKED = date(2026, 11, 30)
"""When the table was last gone through, with public directories of authorities. Before you rely on a postal address,
compare it with the site in the same line: sites stay, offices move."""


@dataclass(frozen=True, slots=True)
class Authority:
    """One supervisory authority. Each text is per language; the one under no language (`""`) stands for all others."""

    country: str
    names: Mapping[str, str]
    posts: Mapping[str, str]
    sites: Mapping[str, str]
    notes: Mapping[str, str]

    def name(self, language: str) -> str:
        """What it is called."""
        return _in(self.names, language)

    def address(self, language: str) -> str:
        """Its postal address and its site, with what else people should know, as one line."""
        parts = (_in(self.posts, language), _in(self.sites, language), _in(self.notes, language))
        return ", ".join(part for part in parts if part)


def _in(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or texts.get("", "")


def _one(country: str, name: str, post: str, site: str, **notes: str) -> Authority:
    """An authority that says the same in every language of the kit."""
    return Authority(country, {"": name}, {"": post}, {"": site}, notes)


AUTHORITIES = {
    "at-dsb": _one("AT", "Datenschutzbehörde", "Barichgasse 40-42, 1030 Wien", "dsb.gv.at"),
    "be-gba": Authority(
        "BE",
        {
            "nl": "Gegevensbeschermingsautoriteit",
            "fr": "Autorité de protection des données",
            "": "Belgian Data Protection Authority",
        },
        {"nl": "Drukpersstraat 35, 1000 Brussel", "fr": "rue de la Presse 35, 1000 Bruxelles",
         "": "Rue de la Presse 35, 1000 Brussels"},
        {"nl": "gegevensbeschermingsautoriteit.be", "fr": "autoriteprotectiondonnees.be",
         "": "dataprotectionauthority.be"},
        {},
    ),
    "bg-cpdp": _one(
        "BG", "Комисия за защита на личните данни (CPDP)", "Prof. Tsvetan Lazarov 2, 1592 Sofia", "cpdp.bg"
    ),
    "ch-edoeb": Authority(
        "CH",
        {
            "fr": "Préposé fédéral à la protection des données et à la transparence (PFPDT)",
            "en": "Federal Data Protection and Information Commissioner (FDPIC)",
            "": "Eidgenössischer Datenschutz- und Öffentlichkeitsbeauftragter (EDÖB)",
        },
        {"fr": "Feldeggweg 1, 3003 Berne", "": "Feldeggweg 1, 3003 Bern"},
        {"": "edoeb.admin.ch"},
        {},
    ),
    "cy-dpc": _one(
        "CY", "Commissioner for Personal Data Protection", "Kypranoros 15, 1061 Nicosia", "dataprotection.gov.cy"
    ),
    "cz-uoou": _one("CZ", "Úřad pro ochranu osobních údajů", "Pplk. Sochora 27, 170 00 Praha 7", "uoou.gov.cz"),
    "de-bfdi": _one(
        "DE",
        "Bundesbeauftragte für den Datenschutz und die Informationsfreiheit (BfDI)",
        "Graurheindorfer Straße 153, 53117 Bonn",
        "bfdi.bund.de",
        nl="of de toezichthouder van de Duitse deelstaat",
        fr="ou l’autorité du Land allemand",
        en="or the authority of the German federal state (Land)",
    ),
    "dk-datatilsynet": _one("DK", "Datatilsynet", "Carl Jacobsens Vej 35, 2500 Valby", "datatilsynet.dk"),
    "ee-aki": _one("EE", "Andmekaitse Inspektsioon", "Tatari 39, 10134 Tallinn", "aki.ee"),
    "es-aepd": _one("ES", "Agencia Española de Protección de Datos", "Calle Jorge Juan 6, 28001 Madrid", "aepd.es"),
    "fi-tietosuoja": _one("FI", "Tietosuojavaltuutetun toimisto", "PL 800, 00531 Helsinki", "tietosuoja.fi"),
    "fr-cnil": _one(
        "FR",
        "Commission nationale de l’informatique et des libertés (CNIL)",
        "3 place de Fontenoy, TSA 80715, 75334 Paris Cedex 07",
        "cnil.fr",
    ),
    "gb-ico": _one(
        "GB", "Information Commissioner’s Office (ICO)", "Wycliffe House, Water Lane, Wilmslow SK9 5AF", "ico.org.uk"
    ),
    "gr-hdpa": _one(
        "GR",
        "Αρχή Προστασίας Δεδομένων Προσωπικού Χαρακτήρα (HDPA)",
        "Leoforos Kifisias 1-3, 115 23 Athina",
        "dpa.gr",
    ),
    "hr-azop": _one("HR", "Agencija za zaštitu osobnih podataka", "Selska cesta 136, 10000 Zagreb", "azop.hr"),
    "hu-naih": _one(
        "HU",
        "Nemzeti Adatvédelmi és Információszabadság Hatóság",
        "Falk Miksa utca 9-11, 1055 Budapest",
        "naih.hu",
    ),
    "ie-dpc": _one("IE", "Data Protection Commission", "6 Pembroke Row, Dublin 2, D02 X963", "dataprotection.ie"),
    "is-personuvernd": _one("IS", "Persónuvernd", "Laugavegur 166, 105 Reykjavík", "personuvernd.is"),
    "it-garante": _one(
        "IT", "Garante per la protezione dei dati personali", "Piazza Venezia 11, 00187 Roma", "garanteprivacy.it"
    ),
    "li-dss": _one("LI", "Datenschutzstelle", "Städtle 38, 9490 Vaduz", "datenschutzstelle.li"),
    "lt-vdai": _one(
        "LT", "Valstybinė duomenų apsaugos inspekcija", "L. Sapiegos g. 17, 10312 Vilnius", "vdai.lrv.lt"
    ),
    "lu-cnpd": _one(
        "LU",
        "Commission nationale pour la protection des données (CNPD)",
        "15 boulevard du Jazz, 4370 Belvaux",
        "cnpd.public.lu",
    ),
    "lv-dvi": _one("LV", "Datu valsts inspekcija", "Elijas iela 17, Rīga, LV-1050", "dvi.gov.lv"),
    "mt-idpc": _one(
        "MT",
        "Office of the Information and Data Protection Commissioner",
        "Airways House, High Street, Sliema SLM 1549",
        "idpc.org.mt",
    ),
    "nl-ap": Authority(
        "NL",
        {
            "fr": "Autorité néerlandaise de protection des données (Autoriteit Persoonsgegevens)",
            "en": "Dutch Data Protection Authority (Autoriteit Persoonsgegevens)",
            "": "Autoriteit Persoonsgegevens",
        },
        {
            "fr": "boîte postale 93374, 2509 AJ La Haye",
            "en": "PO Box 93374, 2509 AJ The Hague",
            "": "Postbus 93374, 2509 AJ Den Haag",
        },
        {"": "autoriteitpersoonsgegevens.nl"},
        {},
    ),
    "no-datatilsynet": _one("NO", "Datatilsynet", "Postboks 458 Sentrum, 0105 Oslo", "datatilsynet.no"),
    "pl-uodo": _one(
        "PL", "Urząd Ochrony Danych Osobowych", "ul. Stanisława Moniuszki 1A, 00-014 Warszawa", "uodo.gov.pl"
    ),
    "pt-cnpd": _one(
        "PT",
        "Comissão Nacional de Proteção de Dados",
        "Avenida D. Carlos I 134, 1.º, 1200-651 Lisboa",
        "cnpd.pt",
    ),
    "ro-anspdcp": _one(
        "RO",
        "Autoritatea Națională de Supraveghere a Prelucrării Datelor cu Caracter Personal",
        "B-dul G-ral. Gheorghe Magheru 28-30, 010336 București",
        "dataprotection.ro",
    ),
    "se-imy": _one("SE", "Integritetsskyddsmyndigheten", "Box 8114, 104 20 Stockholm", "imy.se"),
    "si-ip": _one("SI", "Informacijski pooblaščenec", "Dunajska cesta 22, 1000 Ljubljana", "ip-rs.si"),
    "sk-uoou": _one(
        "SK",
        "Úrad na ochranu osobných údajov Slovenskej republiky",
        "Námestie 1. mája 18, 811 06 Bratislava",
        "dataprotection.gov.sk",
    ),
}  # fmt: skip
"""Each authority by its code in a definition. In Germany most companies answer to the authority of their Land."""


def of_country(country: str) -> str:
    """The code of the authority in a country where a controller may be."""
    return next(code for code, authority in AUTHORITIES.items() if authority.country == country)
