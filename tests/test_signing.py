"""Signed tokens: who made them, of which kind, and in exactly one way of writing."""

import json
import string
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.context import Context
from app.signing import BadToken, Signing, Tokens, fingerprint
from tests.factories import START, Clock, send_form, token_in, work_off

OLD, NEW, STRANGE = "the first key of this test", "the second key of this test", "a key of somebody else"
URL_SAFE = string.ascii_letters + string.digits + "-_"


def _reads(tokens: Tokens, token: str) -> bool:
    try:
        tokens.read(token)
    except BadToken:
        return False
    return True


def test_a_token_gives_back_what_was_put_in_and_when() -> None:
    tokens = Tokens(["0123456789abcdef"], "confirm", lambda: START)

    assert tokens.read(tokens.make(["a", 1, None])) == (["a", 1, None], START.replace(microsecond=0))


def test_an_older_key_still_verifies() -> None:
    token = Signing([OLD], lambda: START).confirm.make("request")

    assert Signing([OLD, NEW]).confirm.read(token)[0] == "request"
    assert Signing(["an even older key", OLD, NEW]).confirm.read(token)[0] == "request"


def test_only_the_newest_key_signs() -> None:
    token = Signing([OLD, NEW]).confirm.make("request")

    assert _reads(Signing([NEW]).confirm, token)
    assert not _reads(Signing([OLD]).confirm, token)


def test_a_key_that_was_dropped_or_never_known_verifies_nothing() -> None:
    assert not _reads(Signing([NEW]).confirm, Signing([OLD]).confirm.make("request"))
    assert not _reads(Signing([OLD, NEW]).confirm, Signing([STRANGE]).confirm.make("request"))


def test_no_kind_of_token_passes_for_another() -> None:
    signing = Signing([OLD])
    kinds: dict[str, Tokens] = {name: kind for name, kind in vars(signing).items() if isinstance(kind, Tokens)}
    assert {"form", "confirm"} <= kinds.keys()

    read = {(made, asked) for made in kinds for asked in kinds if _reads(kinds[asked], kinds[made].make("x"))}

    assert read == {(kind, kind) for kind in kinds}


def test_no_other_text_than_the_one_that_was_made_is_taken() -> None:
    """Every character changed into every other one, dropped or doubled, and every token with something added."""
    tokens = Signing([OLD], lambda: START).confirm
    token = tokens.make("0123456789abcdef")
    foreign = "=+/ .%~é\0\n\u00a0\u0410"
    others = {
        token[:place] + new + token[place + 1 :]
        for place in range(len(token))
        for new in (*URL_SAFE, *foreign, "", token[place] * 2)
    }
    added = [".", "=", "==", "===", " ", "\n", "\r\n", "\t", "\0", "a", "A", "AA", "%00", "#", "?", "/", "\ufeff", "é"]
    others |= {token + more for more in added} | {more + token for more in added}
    others |= {token[:cut] for cut in range(len(token))} | {token[cut:] for cut in range(1, len(token))}
    others |= {
        token.upper(),
        token.lower(),
        token.swapcase(),
        token[::-1],
        f"{token}.{token}",
        token.replace(".", "=."),
    }
    others.discard(token)
    assert len(others) > 4000

    assert [text for text in others if _reads(tokens, text)] == []
    assert _reads(tokens, token)


@given(st.one_of(st.text(), st.text(URL_SAFE + ".=", max_size=200), st.from_regex(r"[\w.=-]*\.[\w=-]*\.[\w=-]*")))
def test_any_other_text_is_told_apart_without_a_crash(text: str) -> None:
    assert not _reads(Signing([OLD], lambda: START).confirm, text)


@pytest.mark.parametrize(
    "text", ["", ".", "..", "c", "a.b.c", "x.y.zzzzz", "a.b.=", "\ud800", "a.b.\ud800", "A" * 100_000]
)
def test_a_text_that_is_not_even_base64_is_refused_like_any_forgery(text: str) -> None:
    assert not _reads(Signing([OLD]).confirm, text)


def test_a_token_signed_without_our_salt_is_refused() -> None:
    from itsdangerous import URLSafeSerializer, URLSafeTimedSerializer

    for salt in ("itsdangerous", "cookie-session", "akkoord", "akkoord form", ""):
        assert not _reads(Signing([OLD]).confirm, str(URLSafeTimedSerializer(OLD, salt=salt).dumps("request")))
        assert not _reads(Signing([OLD]).confirm, str(URLSafeSerializer(OLD, salt=salt).dumps("request")))


def test_form_tokens_are_one_text_for_everybody_within_a_minute() -> None:
    clock = Clock()
    clock.now = datetime(2026, 11, 21, 13, 32, 0, tzinfo=UTC)
    form = Signing([OLD], clock).form
    first = form.make(["x"])

    clock.forward(seconds=59.9)
    assert form.make(["x"]) == first
    clock.forward(seconds=0.1)
    assert form.make(["x"]) != first
    assert form.read(form.make(["x"]))[1] - form.read(first)[1] == timedelta(minutes=1)


def test_a_mailed_link_holds_nothing_about_the_person(ctx: Context) -> None:
    send_form(ctx, "sofie@voorbeeld.test", fields={"first_name": "Sofie", "phone": "06 12 34 56 78"})
    (mail,) = work_off(ctx)

    payload, _ = ctx.signing.confirm.read(token_in(mail, "confirm"))

    assert isinstance(payload, str)
    assert len(payload) == 32
    assert set(payload) <= set(string.hexdigits)
    with ctx.database.read() as connection:
        (row,) = connection.exec_driver_sql("SELECT id, subject FROM requests").all()
    assert (payload, payload != row.subject) == (row.id, True)


def test_a_fingerprint_tells_keys_apart_and_signs_nothing() -> None:
    assert fingerprint(OLD) == fingerprint(OLD)
    assert fingerprint(OLD) != fingerprint(NEW)
    assert OLD not in json.dumps(fingerprint(OLD))
    assert not _reads(Signing([OLD]).confirm, Signing([fingerprint(OLD)]).confirm.make("request"))
