"""The chain of consent events: every part of an entry counts, and every entry holds the one before."""

import hmac
import json
from dataclasses import fields, replace
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.canonical import canonical
from app.domain.evidence import START, ConsentEvent, DecidedBy, Kind, chained, commitment

EVENT = ConsentEvent(
    kind=Kind.GRANTED,
    subject="s1",
    form="careers",
    purpose="offers_mail",
    notice="n1",
    language="nl",
    audience="adult",
    site="www.talentwerk.example",
    decided_by=DecidedBy.SELF,
    commitment="c1",
)
AT = "2026-11-21T13:32:05.000000Z"


def test_the_hash_of_an_entry_is_fixed_for_ever() -> None:
    written = (
        '{"at":"2026-11-21T13:32:05.000000Z","audience":"adult","commitment":"c1","controller":"talentwerk",'
        '"decided_by":"self","form":"careers","kind":"granted","language":"nl","notice":"n1","previous":"'
        + "0"
        * 64
        + '",'
        '"purpose":"offers_mail","seq":1,"site":"www.talentwerk.example","subject":"s1"}'
    )

    assert (
        chained(EVENT, "talentwerk", 1, AT, START) == sha256(f"akkoord consent event 1\n{written}".encode()).hexdigest()
    )


@pytest.mark.parametrize("site", ["", "é–😀", "a 'b' %s", 'a"b', "a\\b", "a\nb", "a\u2028b", "a\x7fb", '","site":"'])
def test_an_entry_is_hashed_as_canonical_json_whatever_stands_in_it(site: str) -> None:
    event = replace(EVENT, site=site)
    entry = vars(event) | {"controller": "c", "seq": 1, "at": AT, "previous": START}

    assert chained(event, "c", 1, AT, START) == sha256(b"akkoord consent event 1\n" + canonical(entry)).hexdigest()


@pytest.mark.parametrize("part", [field.name for field in fields(ConsentEvent)])
def test_every_part_of_an_event_changes_its_hash(part: str) -> None:
    others: dict[str, Any] = {"kind": Kind.REFUSED, "decided_by": DecidedBy.STAFF}
    other = replace(EVENT, **{part: others.get(part, "other")})

    assert chained(other, "c", 1, AT, START) != chained(EVENT, "c", 1, AT, START)


def test_the_place_in_the_chain_changes_the_hash() -> None:
    hashes = {
        chained(EVENT, "c", 1, AT, START),
        chained(EVENT, "other", 1, AT, START),
        chained(EVENT, "c", 2, AT, START),
        chained(EVENT, "c", 1, AT.replace("05", "06"), START),
        chained(EVENT, "c", 1, AT, "1" * 64),
    }

    assert len(hashes) == 5


def test_text_cannot_move_from_one_part_to_the_next() -> None:
    one = replace(EVENT, form='a","purpose":"b', purpose="c")
    other = replace(EVENT, form="a", purpose='b","purpose":"c')

    assert chained(one, "c", 1, AT, START) != chained(other, "c", 1, AT, START)


def test_a_commitment_is_a_keyed_hash_under_the_salt() -> None:
    written = json.dumps({"email": "sofie@voorbeeld.test"}).replace(" ", "").encode()

    assert commitment(b"salt", {"email": "sofie@voorbeeld.test"}) == hmac.new(b"salt", written, sha256).hexdigest()


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32), st.emails())
def test_without_the_salt_nobody_can_tell_whose_commitment_it_is(salt: bytes, other: bytes, email: str) -> None:
    same = commitment(salt, {"email": email}) == commitment(other, {"email": email})

    assert same is (salt == other)
    assert commitment(salt, {"email": email}) != sha256(email.encode()).hexdigest()


def test_the_kinds_of_event_are_those_of_the_contract() -> None:
    assert {kind.value for kind in Kind} == {
        "requested", "mailed", "mail_failed", "confirmed", "guardian_asked", "granted", "refused", "withdrawn",
        "objected", "stopped", "lapsed", "expired", "corrected", "erased",
    }  # fmt: skip
