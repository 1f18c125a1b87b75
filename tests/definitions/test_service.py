"""A form says whether it is for an online service: only there do the ages and the words of GDPR art. 8 count."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from app import i18n, paths
from app.definitions.compile_notices import Compiled, compile_form
from app.definitions.loading import load
from app.domain.authorities import of_country

TODAY = date(2026, 11, 30)
ARTICLE_8 = re.compile(r"\b8 (AVG|GDPR|du RGPD)")
ONLINE, OFFLINE = "audience: children\n", "audience: children\nservice: offline\n"


def compiled(folder: Path, head: str, country: str = "BE", age: int | None = None) -> Compiled:
    """The club of the samples, with other first lines, for a company in a country."""
    shutil.copytree(paths.SAMPLES / "demolen", folder / "demolen")
    club, controller = folder / "demolen" / "bakeclub.yaml", folder / "demolen" / "controller.yaml"
    text = club.read_text(encoding="utf-8").replace("audience: children\n", head)
    own = f", age: {age}" if age else ""
    club.write_text(text.replace("countries: [BE]", f"countries: [{country}]{own}"), encoding="utf-8")
    controller.write_text(
        controller.read_text(encoding="utf-8")
        .replace("country: BE", f"country: {country}")
        .replace("authority: be-gba", f"authority: {of_country(country)}"),
        encoding="utf-8",
    )
    return compile_form(next(good for good in load(folder, TODAY).forms if good.form_id == "bakeclub"), TODAY)


@pytest.mark.parametrize(
    ("head", "country", "age"),
    [(ONLINE, "BE", 13), (OFFLINE, "BE", 18), (ONLINE, "NL", 16), (OFFLINE, "NL", 16), (OFFLINE, "FR", 18)],
)
def test_the_age_in_every_notice_is_that_of_the_service(head: str, country: str, age: int, tmp_path: Path) -> None:
    made = compiled(tmp_path, head, country)

    assert made.threshold == age
    assert {notice.threshold for notice in made.notices} == {age}


def test_offline_no_notice_names_article_8_and_the_parent_still_reads_why_the_law_allows_it(tmp_path: Path) -> None:
    notices = compiled(tmp_path, OFFLINE).notices

    assert [notice.language for notice in notices if ARTICLE_8.search(notice.document)] == []
    assert {notice.service for notice in notices} == {"offline"}
    parents = [notice for notice in notices if notice.audience == "guardian"]
    assert [bool(re.search("gezag|autorité parentale|parental", notice.document)) for notice in parents] == [True] * 3


def test_a_parent_reads_the_articles_of_both_where_the_data_of_a_child_are_sensitive() -> None:
    forms = Path(__file__).parents[1] / "web" / "forms"
    camp = next(good for good in load(forms, TODAY).forms if good.form_id == "camp")

    parents = [notice for notice in compile_form(camp, TODAY).notices if notice.audience == "guardian"]

    assert len(parents) == 3
    for notice in parents:
        (health,) = [purpose for purpose in notice.purposes if purpose.statement]
        ((_, why),) = [row for row in health.rows if row[0] == i18n.say(notice.language, "notice.basis")]
        keys = ("notice.basis.consent_guardian", "notice.basis.special")
        assert why == tuple(i18n.say(notice.language, key) for key in keys)


@pytest.mark.parametrize(("head", "is_joint"), [(ONLINE, True), (OFFLINE, False)])
def test_in_france_child_and_parent_say_yes_together_online_alone(head: str, is_joint: bool, tmp_path: Path) -> None:
    notices = compiled(tmp_path, head, "FR").notices

    assert {notice.joint for notice in notices if notice.audience in ("child", "guardian")} == {is_joint}
    assert [notice.language for notice in notices if "article 45" in notice.document] == ["fr", "en"] * is_joint


@pytest.mark.parametrize(("age", "legal"), [(16, 13), (None, 0)], ids=["higher", "none of its own"])
def test_the_age_of_the_law_stands_in_a_notice_only_where_the_form_asks_a_higher_one(
    age: int | None, legal: int, tmp_path: Path
) -> None:
    notices = compiled(tmp_path, ONLINE, age=age).notices

    assert {(notice.threshold, notice.legal_age) for notice in notices} == {(age or 13, legal)}
    for notice in (one for one in notices if one.audience == "guardian"):
        told = [line for purpose in notice.asked for label, lines in purpose.rows for line in lines]
        assert (i18n.say(notice.language, "notice.basis.own_age", legal=13) in told) == bool(legal)


def test_a_form_that_says_nothing_is_online_and_tells_parents_of_article_8(tmp_path: Path) -> None:
    notices = compiled(tmp_path, ONLINE).notices

    assert {notice.service for notice in notices} == {"online"}
    named = {notice.audience for notice in notices if ARTICLE_8.search(notice.document)}
    assert named == {"guardian"}
