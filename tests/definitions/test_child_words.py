"""For how long, as a child reads it once: the longest period of what is asked, or until somebody says stop."""

import re

import pytest

from app import i18n
from app.definitions.compile_notices import compile_form
from app.domain.consent import Audience
from app.domain.notice import Notice
from app.paths import SAMPLES
from tests.definitions.folder import TODAY, FormsFolder, load

OPEN = "until_withdrawn"
CLUB = (SAMPLES / "demolen" / "bakeclub.yaml").read_text(encoding="utf-8")
BAKERY = (SAMPLES / "demolen" / "controller.yaml").read_text(encoding="utf-8")


def child_notice(forms: FormsFolder, language: str, *keeps: str) -> Notice:
    given = iter(keeps)
    because = '    because: {nl: "Zo.", fr: "Zo.", en: "Zo."}\n'

    def keep(_: re.Match[str]) -> str:
        text = next(given)
        return f"    keep: {text}\n{because if text == OPEN else ''}"

    (good,) = load(forms.write(form=re.sub(r"    keep: .*\n", keep, CLUB), controller=BAKERY).path).forms
    notices = compile_form(good, TODAY).notices
    return next(one for one in notices if (one.language, one.audience) == (language, Audience.CHILD))


@pytest.mark.parametrize(
    ("keeps", "key", "longest"),
    [
        (
            ("1 year", "18 months", "30 days"),
            "child.keep.period",
            {"nl": "18 maanden", "fr": "18 mois", "en": "18 months"},
        ),
        (
            ("12 months", "11 months", "53 weeks"),
            "child.keep.period",
            {"nl": "53 weken", "fr": "53 semaines", "en": "53 weeks"},
        ),
        ((OPEN, "2 years", "1 year"), "child.keep.mixed", {"nl": "2 jaar", "fr": "2 ans", "en": "2 years"}),
        ((OPEN, OPEN, OPEN), "child.keep.until_stop", {}),
    ],
)
def test_the_longest_period_counts_and_what_has_no_end_is_said(
    forms: FormsFolder, keeps: tuple[str, ...], key: str, longest: dict[str, str]
) -> None:
    for language in i18n.LANGUAGES:
        notice = child_notice(forms, language, *keeps)

        period = {"period": longest[language]} if longest else {}
        told = notice.words["child.keep.period"].replace("\u00a0", " ")
        assert told == i18n.say(language, key, True, **period).replace("\u00a0", " ")
        assert {"nl": "5 jaar", "fr": "5 ans", "en": "5 years"}[language] in notice.words["child.keep.then"].replace(
            "\u00a0", " "
        )


def test_the_rows_of_a_wish_say_how_long_it_goes_on_itself(forms: FormsFolder) -> None:
    notice = child_notice(forms, "nl", "2 years", "1 year", "6 months")

    said = [dict(purpose.rows)[i18n.say("nl", "child.notice.keep", True)][0] for purpose in notice.purposes]
    assert [re.search(r"\d \w+", line)[0] for line in said] == ["2 jaar", "1 jaar", "6 maanden"]  # type: ignore[index]
