"""What is shown of an answer behind a mailed link: a mistake can be found, and a stranger learns little."""

import re
from dataclasses import replace

import pytest

from app.domain.field_values import LONGEST
from app.domain.glimpses import glimpse
from app.domain.notice import NoticeField
from tests.domain.notices import NOTICE

SHOWN = [
    ("name", "Sofie Claes", "S…"),
    ("name", "Éloïse", "É…"),
    ("text", "Klantnummer 12345", "K…"),
    ("tel", "0470 12 34 56", "… 456"),
    ("tel", "+32 (0)470/12.34.56", "… 456"),
    ("date", "1987-03-05", "5 … 1987"),
    ("choice", "care", "Zorg"),
    ("postal_address", "Korenmarkt 7\n9000 Gent", "… 9000 …"),
    ("postal_address", "Damrak 1234\n1012 LG Amsterdam", "… 1012 LG …"),
    ("postal_address", "12, rue de la Paix\n75002 Paris", "… 75002 …"),
    ("postal_address", "Achter de molen", ""),
    ("long_text", "Een gebroken been", ""),
]


def field(kind: str) -> NoticeField:
    return NoticeField("asked", kind, "Gevraagd", "", False, (("care", "Zorg"),) if kind == "choice" else ())


@pytest.mark.parametrize(("kind", "answer", "shown"), SHOWN)
def test_of_each_type_only_so_much_is_shown(kind: str, answer: str, shown: str) -> None:
    assert glimpse(field(kind), answer, NOTICE) == shown


def test_every_type_of_field_is_decided_about() -> None:
    assert {kind for kind, _, _ in SHOWN} == set(LONGEST)


@pytest.mark.parametrize(("kind", "answer"), [(kind, answer) for kind, answer, shown in SHOWN if shown])
def test_of_what_a_special_category_uses_nothing_is_shown(kind: str, answer: str) -> None:
    (purpose, *others) = NOTICE.purposes
    sensitive = replace(purpose, data=(*purpose.data, "asked"), statement="Ik ga akkoord")
    notice = replace(NOTICE, purposes=(sensitive, *others))
    assert glimpse(field(kind), answer, notice) == ""


@pytest.mark.parametrize(("kind", "answer"), [(kind, answer) for kind, answer, _ in SHOWN if kind != "choice"])
def test_no_word_of_an_answer_but_a_postcode_is_shown_whole(kind: str, answer: str) -> None:
    shown = glimpse(field(kind), answer, NOTICE)
    words = [word for word in re.findall(r"\w{4,}", answer) if not re.fullmatch(r"[0-9]{4,5}", word)]
    assert [word for word in words if word in shown] == []
