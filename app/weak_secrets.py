"""Whether a secret could be guessed: too short, of one pattern, or a placeholder."""

import base64
import binascii
import string
from math import log2

CALLBACK_BYTES = range(24, 65)
"""As Standard Webhooks asks of a secret."""
SEALING_BYTES = 32
_BITS = 80
"""What a guesser at a million a second needs longer than a career for."""
_DISTINCT = 8
_PLACEHOLDERS = (
    "change", "default", "development", "example", "password", "placeholder", "qwerty", "secret",
    "123456",
)  # fmt: skip
_ALPHABETS = (
    frozenset(string.digits),
    frozenset(string.ascii_lowercase),
    frozenset(string.ascii_uppercase),
    frozenset(string.punctuation),
)


def weakness_of_text(secret: str) -> str | None:
    """What is wrong with a client secret, in words that do not tell it; None where nothing is."""
    return _pattern(secret.encode()) or (
        "is too short for its characters" if _bits(secret) < _BITS else None
    )


def weakness_of_callback(secret: str) -> str | None:
    """The same of a callback secret: `whsec_` and 24 to 64 bytes in base64."""
    raw = _decoded(secret.removeprefix("whsec_"))
    if not secret.startswith("whsec_") or len(raw) not in CALLBACK_BYTES:
        return (
            f"is not whsec_ and {CALLBACK_BYTES.start} to {CALLBACK_BYTES.stop - 1} bytes in base64"
        )
    return _pattern(raw)


def weakness_of_sealing(key: str) -> str | None:
    """The same of a sealing key: 32 bytes in base64."""
    raw = _decoded(key)
    if len(raw) != SEALING_BYTES:
        return f"is not {SEALING_BYTES} bytes in base64"
    return _pattern(raw)


def _pattern(raw: bytes) -> str | None:
    words = raw.decode("latin-1").lower()
    if any(word in words for word in _PLACEHOLDERS):
        return "is a placeholder"
    if len(set(raw)) < _DISTINCT or _period(raw) <= len(raw) // 2:
        return "repeats itself"
    return None


def _period(raw: bytes) -> int:
    """After how many bytes it begins anew; its length where it never does."""
    return next(
        (step for step in range(1, len(raw)) if raw[step:] == raw[: len(raw) - step]), len(raw)
    )


def _bits(secret: str) -> float:
    size = sum(len(alphabet) for alphabet in _ALPHABETS if alphabet & set(secret))
    size += 32 if set(secret).difference(*_ALPHABETS) else 0
    if set(secret) <= set(string.hexdigits):
        size = min(size, 16)
    return len(secret) * log2(size or 1)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
