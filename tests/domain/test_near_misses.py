"""Domains that are nearly those of a provider are asked about; those of other people and providers are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.near_misses import differ_by_one, probably_meant
from app.domain.providers import PUBLIC, REAL, WELL_KNOWN


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *((slip, "gmail.com") for slip in ("gmial.com", "gmai.com", "gmal.com", "gmil.com", "gamil.com", "gnail.com")),
        *(
            (slip, "gmail.com")
            for slip in ("gmail.con", "gmail.co", "gmail.cm", "gmail.comm", "gmail.be", "gmaill.com")
        ),
        *((slip, "gmail.com") for slip in ("gmial.con", "gmail.cok", "gmail.fr", "gmail.nl")),
        *((slip, "hotmail.com") for slip in ("hotmal.com", "hotmial.com", "hotmai.com", "otmail.com", "hotmail.con")),
        *(("hotmail.b", "hotmail.be"), ("hotmil.be", "hotmail.be"), ("hotmail.ff", "hotmail.fr")),
        *(("telenet.b", "telenet.be"), ("telent.be", "telenet.be"), ("teleent.be", "telenet.be")),
        *(("outlok.be", "outlook.be"), ("outloo.com", "outlook.com"), ("skynet.bee", "skynet.be")),
        *(("yahoo.f", "yahoo.fr"), ("yaho.com", "yahoo.com"), ("iclod.com", "icloud.com"), ("icloud.be", "icloud.com")),
        *(("live.bee", "live.be"), ("ziggo.n", "ziggo.nl"), ("zigo.nl", "ziggo.nl"), ("free.ff", "free.fr")),
        *(("laposte.ne", "laposte.net"), ("orang.fr", "orange.fr"), ("wanado.fr", "wanadoo.fr"), ("pt.l", "pt.lu")),
    ],
)
def test_a_slip_in_the_domain_of_a_provider_is_found(typed: str, meant: str) -> None:
    assert probably_meant(f"Sofie.Peeters@{typed}") == f"Sofie.Peeters@{meant}"


@pytest.mark.parametrize(
    "domain",
    [
        *sorted(REAL),
        *("gmx.be", "ymail.com", "mail.com", "email.com", "laposte.net", "free.fr", "live.nl", "hey.com", "me.com"),
        *(
            "love.be",
            "five.nl",
            "rome.nl",
            "hope.nl",
            "tree.fr",
            "planet.fr",
            "range.fr",
            "grange.fr",
            "zoo.be",
            "vub.be",
        ),
        *("telenet.com", "skynet.com", "orange.lu", "orange.com", "proximus.com", "home.com", "ugent.be", "online.nl"),
        *("voorbeeld.be", "example.com", "localhost", "live.no", "hotmail.se", "outlook.de", "outlook.org", "yahoo.ca"),
    ],
)
def test_a_domain_that_may_be_right_is_not_asked_about(domain: str) -> None:
    assert probably_meant(f"sofie@{domain}") == ""


def test_only_what_a_provider_has_is_proposed() -> None:
    assert set(WELL_KNOWN) <= PUBLIC | {"proton.me", "protonmail.com"}


LETTERS = st.text("abcd", max_size=6)


@given(LETTERS, LETTERS)
def test_two_words_differ_by_one_slip_where_one_slip_makes_one_the_other(one: str, other: str) -> None:
    slips = {one[:at] + letter + one[at + cut :] for at in range(len(one) + 1) for cut in (0, 1) for letter in "abcd"}
    slips |= {one[:at] + one[at + 1 :] for at in range(len(one))}
    slips |= {one[:at] + one[at + 1] + one[at] + one[at + 2 :] for at in range(len(one) - 1)}

    assert differ_by_one(one, other) == (other in slips - {one})


@given(st.text(max_size=30), st.text(max_size=30))
def test_whatever_is_asked_about_there_is_an_answer_that_is_not_asked_about_again(local: str, domain: str) -> None:
    meant = probably_meant(f"{local}@{domain}")

    assert not meant or probably_meant(meant) == ""
