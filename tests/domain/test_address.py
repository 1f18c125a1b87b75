"""Mail addresses: one, of good form, and the same for every way of writing it."""

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app import i18n
from app.delivery.headers import safe_address
from app.domain.address import LONGEST, Address, AddressProblem, as_meant, mailbox, read_address, read_any_address
from tests.domain.hostile import HOSTILE


def problem(text: str) -> str:
    with pytest.raises(AddressProblem) as caught:
        read_address(text)
    return caught.value.key


@pytest.mark.parametrize(
    ("typed", "email", "key"),
    [
        ("sofie@voorbeeld.be", "sofie@voorbeeld.be", "sofie@voorbeeld.be"),
        ("  sofie@voorbeeld.be\t\n", "sofie@voorbeeld.be", "sofie@voorbeeld.be"),
        ("Sofie.Peeters@Voorbeeld.BE", "Sofie.Peeters@voorbeeld.be", "sofie.peeters@voorbeeld.be"),
        ("sofie@bücher.example", "sofie@xn--bcher-kva.example", "sofie@xn--bcher-kva.example"),
        ("sofie@XN--BCHER-KVA.example", "sofie@xn--bcher-kva.example", "sofie@xn--bcher-kva.example"),
        ("sofie@bu\u0308cher.example", "sofie@xn--bcher-kva.example", "sofie@xn--bcher-kva.example"),
        ("josé@voorbeeld.be", "josé@voorbeeld.be", "josé@voorbeeld.be"),
        ("JOSE\u0301@voorbeeld.be", "JOSÉ@voorbeeld.be", "josé@voorbeeld.be"),
        ("o'neill+news=be@voorbeeld.be", "o'neill+news=be@voorbeeld.be", "o'neill+news=be@voorbeeld.be"),
        ("sofie@voorbeeld。be", "sofie@voorbeeld.be", "sofie@voorbeeld.be"),
        ("a@b.example", "a@b.example", "a@b.example"),
    ],
)
def test_an_address_is_kept_as_typed_and_compared_by_its_key(typed: str, email: str, key: str) -> None:
    assert read_address(typed) == Address(email, key)


@pytest.mark.parametrize(
    "typed",
    [
        *("Sofie <sofie@voorbeeld.be>", '"Peeters, Sofie" <sofie@voorbeeld.be>;', "<sofie@voorbeeld.be>"),
        *("mailto:sofie@voorbeeld.be", "MAILTO: sofie@voorbeeld.be?subject=Hallo", "(sofie@voorbeeld.be)"),
        *(
            "sofie@voorbeeld.be.",
            "sofie@voorbeeld.be,",
            "sofie@voorbeeld.be;",
            "“sofie@voorbeeld.be”",
            "'sofie@voorbeeld.be'",
        ),
        *(
            "sofie@voorbeeld,be",
            "sofie@voorbeeld..be",
            "sofie @ voorbeeld.be",
            "sofie@voorbeeld .be",
            "sofie@voorbeeld. be",
        ),
        *(
            "sofie@voorbeeld\u00a0.be",
            "sofie\u200b@voorbeeld.be",
            "\ufeffsofie@voorbeeld.be",
            "\u202asofie@voorbeeld.be\u202c",
        ),
        *("sofie\uff20voorbeeld\uff0ebe", "\uff53\uff4f\uff46\uff49\uff45@voorbeeld.be", "so\u00adfie@voorbeeld.be"),
    ],
)
def test_what_stands_around_an_address_or_can_only_mean_one_is_read_as_it_was_meant(typed: str) -> None:
    assert read_address(typed) == Address("sofie@voorbeeld.be", "sofie@voorbeeld.be")


def test_an_apostrophe_that_begins_an_address_belongs_to_it() -> None:
    assert read_address("'t.hooft@voorbeeld.be").email == "'t.hooft@voorbeeld.be"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sofie@voorbeeld.be", "sofie+news@voorbeeld.be"),
        ("sofie@voorbeeld.be", "so.fie@voorbeeld.be"),
        ("sofie@voorbeeld.be", "s\u043efie@voorbeeld.be"),
        ("sofie@voorbeeld.be", "sofie@vo\u043erbeeld.be"),
        ("sofie@voorbeeld.be", "sofie@voorbeeld.be.example"),
    ],
)
def test_addresses_that_only_look_alike_belong_to_two_people(one: str, other: str) -> None:
    assert read_address(one).key != read_address(other).key


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("", "error.email.missing"),
        (" \t\r\n\u00a0", "error.email.missing"),
        ("a@b.example, c@d.example", "error.email.several"),
        ("a@b.example;c@d.example", "error.email.several"),
        ("a@b.example c@d.example", "error.email.several"),
        ("a@b@c.example", "error.email.several"),
        ("a@b.example\r\nTo: c@d.example", "error.email.several"),
        ("sofie", "error.email.format"),
        ("sofie@", "error.email.format"),
        ("a=?b@voorbeeld.be", "error.email.format"),  # no mail header may hold it
        ("@voorbeeld.be", "error.email.format"),
        ("@", "error.email.format"),
        ("sofie peeters@voorbeeld.be", "error.email.spaces"),
        ("sofie@voorbeeld.be thuis", "error.email.spaces"),
        ("sofie,peeters@voorbeeld.be", "error.email.comma"),
        ("sofie;p@voorbeeld.be", "error.email.comma"),
        ("sofie@voorbeeld, be of zo", "error.email.comma"),
        ("sofie@voorbeeld.be of", "error.email.spaces"),
        ("sofie@voorbeeld.be\nBcc: x", "error.email.format"),
        ("sofie\n@voorbeeld.be", "error.email.format"),
        ('"sofie"@voorbeeld.be', "error.email.format"),
        ("so..fie@voorbeeld.be", "error.email.format"),
        (".sofie@voorbeeld.be", "error.email.format"),
        ("sofie(x)@voorbeeld.be", "error.email.format"),
        ("so\\fie@voorbeeld.be", "error.email.format"),
        ("sofie\u202e@voorbeeld.be", "error.email.format"),
        ("sofie\0@voorbeeld.be", "error.email.format"),
        ("\ud800@voorbeeld.be", "error.email.format"),
        ("sofie@voorbeeld", "error.email.domain"),
        ("sofie@localhost", "error.email.domain"),
        ("sofie@-voorbeeld.be", "error.email.domain"),
        ("sofie@127.0.0.1", "error.email.domain"),
        ("sofie@[127.0.0.1]", "error.email.domain"),
        ("sofie@voorbeeld.local", "error.email.domain"),
        ("sofie@voor_beeld.be", "error.email.domain"),
        ("sofie@😀.be", "error.email.domain"),
        ("sofie@xn--a.be", "error.email.domain"),
        ("s" * 250 + "@voorbeeld.be", "error.email.too_long"),
        ("sofie@" + "a." * 150 + "be", "error.email.too_long"),
        ("é" * 140 + "@voorbeeld.be", "error.email.too_long"),
        ("sofie@" + ".".join(["一濱烇疑遼诡邌鋶鍫鋶邌"] * 7) + ".be", "error.email.domain"),
    ],
)
def test_what_is_wrong_with_an_address_is_said_precisely(typed: str, key: str) -> None:
    assert problem(typed) == key


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("around", ["{}", "{}@voorbeeld.test", "sofie@{}.test", "sofie{}@voorbeeld.test", "s@v.test{}"])
def test_hostile_text_is_refused_or_made_one_harmless_address(text: str, around: str) -> None:
    _refused_or_harmless(around.replace("{}", text))


@given(
    st.one_of(
        st.text(),
        st.builds("{}@{}".format, st.text(max_size=80), st.text(max_size=80)),
        st.builds("{}@{}.{}".format, *[st.text(st.characters(categories=["L", "M", "N", "Cf"]), max_size=40)] * 3),
        st.emails(),
    )
)
@example("İ@voorbeeld.test")
@example("\u1e9e@voorbeeld.test")
def test_every_text_is_refused_or_made_one_harmless_address(text: str) -> None:
    _refused_or_harmless(text)


def _refused_or_harmless(text: str) -> None:
    address = _read(text)
    if isinstance(address, AddressProblem):
        assert all(i18n.say(language, address.key) for language in i18n.LANGUAGES)
        return
    assert address.email.count("@") == 1
    assert len(address.email.encode()) <= LONGEST
    assert len(address.key) <= 320
    assert address.email.isprintable()
    assert not set(address.email) & set(' ,;:<>()[]\\"\r\n\t\0')
    assert address.email.partition("@")[2].isascii()
    assert safe_address(address.email).addr_spec == address.email
    assert read_address(address.email) == address
    assert read_address(address.key).key == address.key


def _read(text: str) -> Address | AddressProblem:
    try:
        return read_address(text)
    except AddressProblem as problem:
        return problem


_LABELS = st.one_of(
    st.sampled_from(["voorbeeld", "Gmail", "xn--bcher-kva", "a--b", "-a", "a-", "a_b", "\u212a", "x" * 63, "x" * 64]),
    st.text("aZ09-", min_size=1, max_size=6),
)
_ENDINGS = st.sampled_from(["be", "COM", "test", "example", "arpa", "onion", "local", "Localhost", "invalid", "b"])
_PLAIN_OR_NEARLY = st.builds(
    "{}@{}.{}".format, st.text("aZ09.+_-'", max_size=70), st.lists(_LABELS, max_size=4).map(".".join), _ENDINGS
)


@given(st.one_of(_PLAIN_OR_NEARLY, st.emails(), st.text(max_size=20)))
@example("a@b.home.arpa")
@example("sofie@ab--c.be")
@example(f"{'a' * 61}@b.be")
@example(f"a@{'b' * 64}.be")
def test_a_plain_address_is_read_as_one_of_any_shape(text: str) -> None:
    def read(reader: Callable[[str], Address]) -> Address | str:
        try:
            return reader(text)
        except AddressProblem as problem:
            return problem.key

    assert read(read_address) == read(read_any_address)
    if "@" in text and not set(text) & set("<>'"):
        assert as_meant(text) == as_meant(f"<{text}>")


@given(st.emails(), st.booleans())
def test_upper_and_lower_case_are_the_same_person(email: str, upper: bool) -> None:
    address = _read(email)

    if isinstance(address, Address):
        assert read_address(email.upper() if upper else email.lower()).key == address.key


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("papa@voorbeeld.test", "papa+kind@voorbeeld.test", True),
        ("papa@voorbeeld.test", "\uff50\uff41\uff50\uff41@voorbeeld.test", True),
        ("pa.pa@gmail.com", "papa+x@googlemail.com", True),
        ("pa.pa@voorbeeld.test", "papa@voorbeeld.test", False),
        ("papa@voorbeeld.test", "noor@voorbeeld.test", False),
        ("+papa@voorbeeld.test", "+noor@voorbeeld.test", False),
    ],
)
def test_two_addresses_are_of_one_mailbox_where_only_a_spelling_is_between_them(
    one: str, other: str, same: bool
) -> None:
    assert (mailbox(one) == mailbox(other)) is same
