"""Signed tokens: the form token in a page, and the link in a confirmation mail. No personal data inside.

Signed means itsdangerous with SHA-256 under a key list, oldest to newest: every key verifies, only the newest signs.
"""

import hmac
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import Any

from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer
from itsdangerous.encoding import base64_decode, base64_encode
from itsdangerous.url_safe import URLSafeSerializerMixin

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


class BadToken(Exception):
    """A token is forged, of another kind, signed by a key that is not known, or written in another way than ours."""


def fingerprint(key: str) -> str:
    """What a database remembers of the key it was made under: enough to recognise it, useless to sign with."""
    return hmac.new(key.encode(), b"akkoord key fingerprint", sha256).hexdigest()


class _Serializer(URLSafeTimedSerializer):
    """Keeps the signer, which itsdangerous makes anew for every token, and the keys that it derives from ours."""

    @cached_property
    def _signer(self) -> Any:
        signer = super().make_signer()
        vars(signer)["derive_key"] = lru_cache(signer.derive_key)
        return signer

    def make_signer(self, salt: str | bytes | None = None) -> Any:
        return self._signer


class _Uncompressed(_Serializer):
    """Compressed text begins with a dot, and servers that stand in front often hide a path with `/.` in it.

    And an id is no shorter compressed: to try took two fifths of signing a link.
    """

    def dump_payload(self, obj: Any) -> bytes:
        return base64_encode(super(URLSafeSerializerMixin, self).dump_payload(obj))


class Tokens:
    """Makes and reads the tokens of one kind.

    Args:
        keys: the keys, oldest to newest.
        kind: keeps the kinds apart, so that one never passes for another.
        clock: tells the time that is put in a token.
        resolution: seconds to which that time is rounded down: within it a page is the same for all.
        in_path: whether they stand in the path of an address.
    """

    def __init__(
        self, keys: Sequence[str], kind: str, clock: Clock = utc_now, resolution: int = 1, in_path: bool = False
    ) -> None:
        class Signer(TimestampSigner):
            def get_timestamp(self) -> int:
                now = int(clock().timestamp())
                return now - now % resolution

        # A form token is the same for all who open the page within a minute; what it says is read once. Nobody changes
        # what `read` returns: others get it too.
        self._loaded = lru_cache(maxsize=500)(self._load)
        self._serializer = (_Uncompressed if in_path else _Serializer)(
            list(keys),
            salt=f"akkoord {kind}",
            signer=Signer,
            signer_kwargs={"digest_method": sha256, "key_derivation": "hmac"},
        )

    def make(self, payload: Any) -> str:
        """Sign a JSON value."""
        return str(self._serializer.dumps(payload))

    def read(self, token: str) -> tuple[Any, datetime]:
        """The value in a token, and when it was signed (UTC). Whether that is too long ago is the caller's rule.

        Raises:
            BadToken: for anything but the very text that `make` returned.
        """
        return self._loaded(token)

    def _load(self, token: str) -> tuple[Any, datetime]:
        # The last character of a signature has spare bits, and padding is ignored when decoding: without this
        # check several texts would pass for one token.
        signature = token.rpartition(".")[2]
        try:
            if base64_encode(base64_decode(signature)).decode() != signature:
                raise BadToken
            payload, signed = self._serializer.loads(token, return_timestamp=True)
        except (BadData, UnicodeError, ValueError) as error:
            raise BadToken from error
        return payload, signed


class Signing:
    """The kinds of signed token that the kit knows."""

    def __init__(self, keys: Sequence[str], clock: Clock = utc_now) -> None:
        self.form = Tokens(keys, "form", clock, resolution=60)
        self.step = Tokens(keys, "step", clock)
        self.confirm = Tokens(keys, "confirm", clock, in_path=True)
        self.guardian = Tokens(keys, "guardian", clock, in_path=True)
        self.lift = Tokens(keys, "lift", clock, in_path=True)
