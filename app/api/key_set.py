"""Which keys of a published key set tokens may be checked with."""

from typing import Any

import orjson
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, KeySet, OKPKey, RSAKey

PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
SMALLEST_RSA = 2048
"""Bits. ASVS 5.0, 11.2.3 asks for 112 bits of security, which these are."""
CURVES = frozenset({"P-256", "P-384", "P-521"})


def public_keys(document: bytes) -> KeySet:
    """The public keys of a JWK set that are for signatures; private parts in it are dropped.

    A key for something else, of a kind that we do not know or too weak is passed over.

    Raises:
        ValueError: it is no JWK set, holds a symmetric key, or no key that we can use.
    """
    try:
        listed = [_public(key) for key in orjson.loads(document)["keys"]]
        usable = [key for one in listed for key in _imported(one) if _strong(key)]
    except (KeyError, TypeError, AttributeError, JoseError) as error:
        raise ValueError("no JWK set") from error
    if not usable:
        raise ValueError("no key that we can use")
    return KeySet(usable)


def _public(key: dict[str, Any]) -> dict[str, Any]:
    if key.get("kty") == "oct":
        raise ValueError("a symmetric key does not belong into a public key set")
    return {name: value for name, value in key.items() if name not in PRIVATE}


def _imported(key: dict[str, Any]) -> list[Key]:
    """The key, or nothing where it is of a kind or a curve that we do not know."""
    if key.get("use", "sig") != "sig" or "verify" not in key.get("key_ops", ("verify",)):
        return []
    try:
        return list(KeySet.import_key_set({"keys": [key]}).keys)
    except (JoseError, ValueError, KeyError, TypeError):
        return []


def _strong(key: Key) -> bool:
    match key:
        case RSAKey():
            return key.public_key.key_size >= SMALLEST_RSA
        case ECKey():
            return key.curve_name in CURVES
        case OKPKey():
            return key.curve_name == "Ed25519"
    return False
