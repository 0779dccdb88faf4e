"""Whom an event of the audit names, and the salted digests that stand for them in the chain.

The chain is made over digests alone, so that somebody can be erased from the audit without breaking
it: their salt and their name are destroyed, and where they stood their digest stands.
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

DOMAIN = b"transfer-pathways/audit/1/handle\n"
SALT_BYTES = 32
MARK = "#"
"""Stands before a digest, in the place of whom it stands for; no id begins so."""
HANDED_OVER = frozenset({"worker_changed", "work_reassigned", "delegated", "delegation_ended"})
"""Actions whose codes `from:` and `to:` name people; in any other they name teams."""
_RECORD = re.compile(r"([a-z_]+:)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_ERASED = re.compile(r"([a-z_]+:)?(#[0-9a-f]{64})")


class HandleKind(StrEnum):
    """What a handle stands for. A record is a transfer, a meeting, a subscription: all by UUID."""

    PERSON = "person"
    CHILD = "child"
    RECORD = "record"


_SAID = (
    ("person:", HandleKind.PERSON),
    ("for:", HandleKind.PERSON),
    ("child:", HandleKind.CHILD),
)


def child_subject(authority: str, child_id: str) -> str:
    """A child's subject: their id is their council's own, and another's child may have the same."""
    return f"{authority}:{child_id}"


def child_code(authority: str, child_id: str) -> str:
    """The code by which an event names a child."""
    return f"child:{child_subject(authority, child_id)}"


@dataclass(frozen=True, slots=True)
class Handle:
    """Somebody or something that an event names."""

    kind: HandleKind
    subject: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event as it stands in the audit: with its handles, or where one was erased its digest."""

    id: int
    action: str
    actor: str
    at: datetime
    from_stage: str | None
    to_stage: str | None
    version: int | None
    transfer: str | None
    codes: tuple[str, ...]


def digest(salt: bytes, handle: Handle) -> str:
    """What stands for a handle: HMAC-SHA-256 under its own salt, in hexadecimal."""
    said = DOMAIN + handle.kind.encode() + b"\0" + handle.subject.encode()
    return hmac.digest(salt, said, "sha256").hex()


def handles(event: Recorded) -> frozenset[Handle]:
    """Everybody and everything that the event still names."""
    found = [Handle(HandleKind.PERSON, event.actor)]
    if event.transfer is not None:
        found.append(Handle(HandleKind.RECORD, event.transfer))
    named = (_named(event.action, code) for code in event.codes)
    found += [handle for _, handle in named if handle is not None]
    return frozenset(handle for handle in found if not handle.subject.startswith(MARK))


def erased(event: Recorded) -> frozenset[str]:
    """The digests of whom the event names no more."""
    named = (_named(event.action, code)[1] for code in event.codes)
    places = [event.actor, event.transfer or "", *(h.subject for h in named if h is not None)]
    return frozenset(place[len(MARK) :] for place in places if place.startswith(MARK))


def without(event: Recorded, digests: Mapping[Handle, str]) -> Recorded:
    """The event with digests in the place of these handles; others stay."""

    def instead(kind: HandleKind, subject: str) -> str:
        found = digests.get(Handle(kind, subject))
        return subject if found is None else MARK + found

    def code_instead(code: str) -> str:
        prefix, handle = _named(event.action, code)
        return code if handle is None else prefix + instead(handle.kind, handle.subject)

    transfer = event.transfer
    return replace(
        event,
        actor=instead(HandleKind.PERSON, event.actor),
        transfer=None if transfer is None else instead(HandleKind.RECORD, transfer),
        codes=tuple(code_instead(code) for code in event.codes),
    )


def _named(action: str, code: str) -> tuple[str, Handle | None]:
    """The part of a code before the handle in it, and the handle."""
    for prefix, kind in _SAID:
        if code.startswith(prefix):
            return prefix, Handle(kind, code[len(prefix) :])
    if action in HANDED_OVER and code.startswith(("from:", "to:")):
        prefix, _, person = code.partition(":")
        return f"{prefix}:", Handle(HandleKind.PERSON, person)
    record = _RECORD.fullmatch(code)
    if record is not None:
        return record[1] or "", Handle(HandleKind.RECORD, record[2])
    gone = _ERASED.fullmatch(code)
    return (gone[1] or "", Handle(HandleKind.RECORD, gone[2])) if gone else ("", None)
