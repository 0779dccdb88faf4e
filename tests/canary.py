"""Words that must not come back out, and every form in which they might."""

import base64
import json
from collections.abc import Iterable, Iterator
from urllib.parse import quote

CANARIES = (
    "Quetzalcoatl",
    "Zebedee",
    "9434765919",
    "A950000178301",
    "DURCANARY7",
    "Zebedee was hit",
)


def found_in(*places: str, of: Iterable[str] = CANARIES) -> list[str]:
    """The canaries that are in any of these texts, as they are or in another form."""
    lowered = [place.lower() for place in places]
    return sorted(
        {
            canary
            for canary in of
            for form in _folded(canary)
            if any(form in place for place in lowered)
        }
        | {canary for canary in of for form in _base64(canary) if any(form in x for x in places)}
    )


def _folded(canary: str) -> Iterator[str]:
    """Forms in which case says nothing."""
    yield canary.lower()
    yield quote(canary).lower()
    yield canary.encode().hex()
    yield canary.encode("utf-16-le").hex()
    yield "".join(f"\\u{ord(letter):04x}" for letter in canary)
    yield "".join(f"\\x{ord(letter):02x}" for letter in canary)
    yield json.dumps(canary)[1:-1].lower()
    yield canary[::-1].lower()


def _base64(canary: str) -> Iterator[str]:
    """What is sure to stand in the base64 of any text with the canary in it, wherever it begins."""
    for before in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            whole = encode(b"\0" * before + canary.encode()).decode().rstrip("=")
            yield whole[(before * 8 + 5) // 6 : -1]
