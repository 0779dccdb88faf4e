"""The chain over an authority's audit: each link's hash is over its event and the link before.

A hash says where it stands: product, version and kind, the stream and the sequence are in it, so
that no link fits anywhere else. What is hashed is canonical JSON: sorted keys, UTF-8, no floats.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC

from app.domain.audit_handles import Handle, Recorded, without

LINK = b"transfer-pathways/audit/1/link\n"
START = b"transfer-pathways/audit/1/start\n"
_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def start_of(stream: str) -> str:
    """What the first link of a stream comes after."""
    return hashlib.sha256(START + stream.encode()).hexdigest()


def link(
    stream: str, sequence: int, previous: str, event: Recorded, digests: Mapping[Handle, str]
) -> str:
    """The hash of the event as that link of the stream, with the digests of all its handles."""
    said = without(event, digests)
    content = {
        "stream": stream,
        "sequence": sequence,
        "previous": previous,
        "event": said.id,
        "action": said.action,
        "actor": said.actor,
        "at": said.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "from_stage": said.from_stage,
        "to_stage": said.to_stage,
        "version": said.version,
        "transfer": said.transfer,
        "codes": said.codes,
    }
    return hashlib.sha256(LINK + _canonical(content).encode()).hexdigest()
