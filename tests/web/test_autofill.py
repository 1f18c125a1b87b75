"""What browsers may fill in: the person's own data where the definition says so, and nothing of anybody else."""

import pytest
from flask.testing import FlaskClient

from app.services.context import Context
from tests.page import Page
from tests.web.ways import ADULT, BAKECLUB, CAREERS, GRADUATES, NEWSLETTER, TEEN, child_asked

NOTHING = "off"


def fill(page: Page, name: str) -> str:
    return page.one(id=name).attrib["autocomplete"]


def test_an_adults_own_data_is_filled_in_as_the_definition_says(client: FlaskClient) -> None:
    careers, graduates = CAREERS.open(client), GRADUATES.open(client)
    assert (fill(careers, "first_name"), fill(careers, "email"), fill(careers, "phone")) == (
        "given-name",
        "email",
        "tel",
    )
    assert (fill(graduates, "full_name"), fill(graduates, "phone")) == ("name", "tel")


def test_on_a_form_for_everybody_an_adults_name_is_filled_in_and_that_of_a_teenager_is_not(client: FlaskClient) -> None:
    assert fill(NEWSLETTER.after(client, ADULT), "first_name") == "given-name"
    assert fill(NEWSLETTER.after(client, TEEN), "first_name") == NOTHING


@pytest.mark.parametrize("name", ["child_name", "first_name", "child_birth_month", "child_birth_year"])
def test_where_an_adult_decides_for_a_child_nothing_about_the_child_is_filled_in(
    client: FlaskClient, name: str
) -> None:
    assert fill(BAKECLUB.after(client, ADULT), name) == NOTHING


def test_nothing_is_filled_in_on_the_page_of_a_child_and_behind_the_link_of_its_parent(
    client: FlaskClient, ctx: Context
) -> None:
    pages = [BAKECLUB.after(client), Page(client.get(child_asked(client, ctx).guardian))]
    for page in pages:
        tokens = {field.attrib["autocomplete"] for field in page.all("input") if "autocomplete" in field.attrib}
        assert tokens == {NOTHING}
