"""The supervisory authorities: one for each country where a controller may be, with what people need to reach it."""

import re

import pytest

from app.domain.authorities import AUTHORITIES, of_country
from app.domain.countries import TIME_ZONES
from app.languages import LANGUAGES


def test_each_country_where_a_controller_may_be_has_one_authority() -> None:
    assert sorted(authority.country for authority in AUTHORITIES.values()) == sorted(TIME_ZONES)
    assert [code for code, one in AUTHORITIES.items() if code[:2].upper() != one.country] == []
    assert all(AUTHORITIES[of_country(country)].country == country for country in TIME_ZONES)


@pytest.mark.parametrize("code", AUTHORITIES)
def test_an_authority_has_a_name_a_place_and_a_site_in_each_language(code: str) -> None:
    for language in LANGUAGES:
        post, *_ = AUTHORITIES[code].address(language).split(", ")
        assert len(AUTHORITIES[code].name(language)) > 5
        assert post
        assert re.search(r", [a-z][a-z.-]+\.[a-z]{2}(?:$|, )", AUTHORITIES[code].address(language)), language


@pytest.mark.parametrize(
    ("language", "name", "address"),
    [
        ("nl", "Gegevensbeschermingsautoriteit", "Drukpersstraat 35, 1000 Brussel, gegevensbeschermingsautoriteit.be"),
        (
            "fr",
            "Autorité de protection des données",
            "rue de la Presse 35, 1000 Bruxelles, autoriteprotectiondonnees.be",
        ),
        ("en", "Belgian Data Protection Authority", "Rue de la Presse 35, 1000 Brussels, dataprotectionauthority.be"),
    ],
)
def test_the_belgian_authority_is_reached_at_its_site_in_the_language(language: str, name: str, address: str) -> None:
    """Complaints go to it by its site or by post; its mail address is for questions."""
    assert (AUTHORITIES["be-gba"].name(language), AUTHORITIES["be-gba"].address(language)) == (name, address)


@pytest.mark.parametrize(("language", "words"), [("nl", "deelstaat"), ("fr", "Land"), ("en", "federal state")])
def test_in_germany_people_are_told_that_the_land_may_be_competent(language: str, words: str) -> None:
    assert words in AUTHORITIES["de-bfdi"].address(language)
