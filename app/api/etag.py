"""The version of what is shown, in `ETag`; it comes back in `If-Match`."""

from typing import Any, Protocol

ETAG: dict[str, Any] = {
    "headers": {"ETag": {"description": "Its version", "schema": {"type": "string"}}}
}


class Versioned(Protocol):
    """Anything that has a version."""

    @property
    def version(self) -> int:
        """One more with each change."""


def etag(shown: Versioned) -> dict[str, str]:
    """The header that carries the version."""
    return {"ETag": f'"{shown.version}"'}
