"""Addresses in the rows of a notice are links, and nothing else is."""

import pytest
from flask.testing import FlaskClient

from app.web.linked import linked
from tests.web.ways import CAREERS


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("Mail naar privacy@demolen.example. Het is gratis.", ["mailto:privacy@demolen.example"]),
        ("An Peeters, dpo@waterland.example: 2300 Turnhout", ["mailto:dpo@waterland.example"]),
        ("35, 1000 Brussel, gegevensbeschermingsautoriteit.be.", ["https://gegevensbeschermingsautoriteit.be"]),
        ("De Kaap BV, www.dekaap.example, https://evil.example", []),
        ("Framework staat (dataprivacyframework.gov).", ["https://dataprivacyframework.gov"]),
        ("d.w.z. een cv.pdf van St.John, node.js en notgegevensbeschermingsautoriteit.be", []),
        ("http://www.demolen.example javascript:alert(1) a@b", []),
    ],
)
def test_mail_addresses_and_known_sites_become_links_and_nothing_else_does(text: str, targets: list[str]) -> None:
    html = linked(text)

    assert [piece.partition('"')[0] for piece in html.split('<a href="')[1:]] == targets
    assert html.striptags() == text


def test_what_a_definition_says_is_escaped_around_a_link_and_in_it() -> None:
    html = linked('<b title="x">&</b> mail@a.example"><script>alert(1)</script> "<i>"@x.example')

    assert "<b" not in html
    assert "<script" not in html
    assert html.count("<a ") == 1


def test_the_fold_of_a_form_leads_to_the_company_and_to_the_authority(client: FlaskClient) -> None:
    links = CAREERS.open(client, "en").links

    assert links["privacy@talentwerk.example"] == "mailto:privacy@talentwerk.example"
    assert links["autoriteitpersoonsgegevens.nl"] == "https://autoriteitpersoonsgegevens.nl"
