"""Secrets at rest: sealed with a key that is not in the database (JWE, A256GCM)."""

import base64
import binascii
from collections.abc import Sequence

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

KEY_BYTES = 32
_HEADER = {"alg": "dir", "enc": "A256GCM"}


class NotSealedByUs(Exception):
    """None of the keys opens it: the key of that time is no longer set."""


class Seal:
    """Seals with the first of its keys and opens with any of them, so that they can be changed."""

    def __init__(self, keys: Sequence[str]) -> None:
        """`keys`: 32 bytes each, in base64; without any, nothing can be sealed.

        Raises:
            ValueError: one is not of that length.
        """
        self._keys = [_key(text) for text in keys]

    def close(self, secret: str) -> str:
        """The secret as it is kept.

        Raises:
            NotSealedByUs: there is no key.
        """
        if not self._keys:
            raise NotSealedByUs
        return jwe.encrypt_compact(_HEADER, secret.encode(), self._keys[0])

    def open(self, kept: str) -> str:
        """The secret again.

        Raises:
            NotSealedByUs: it was sealed with another key.
        """
        for key in self._keys:
            try:
                return (jwe.decrypt_compact(kept, key).plaintext or b"").decode()
            except (JoseError, ValueError):
                continue
        raise NotSealedByUs


def _key(text: str) -> OctKey:
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error:
        raw = b""
    if len(raw) != KEY_BYTES:
        raise ValueError(f"a sealing key is {KEY_BYTES} bytes in base64")
    return OctKey.import_key(raw)
