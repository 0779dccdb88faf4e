"""Walking a chain from link to link, to the first that does not hold (hazard 17)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.domain.audit_chain import link
from app.domain.audit_handles import Handle, Recorded, digest, erased, handles
from app.domain.checkpoint import Checkpoint

HANDLE_ERASED = "handle_erased"
"""The action of the event that says that somebody was erased: their kind, and their digest."""
DIGEST = "digest:"


class Wrong(StrEnum):
    """What can be wrong with a chain."""

    ALTERED = "altered"
    MISSING = "missing"
    OUT_OF_ORDER = "out of order"
    INSERTED = "inserted"
    TRUNCATED = "truncated"
    REWRITTEN = "rewritten"
    SIGNATURE = "signature"
    HANDLE = "handle"
    SALT = "salt"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that does not hold: in which stream, at which link, of which event."""

    stream: str
    sequence: int
    event: int | None
    wrong: Wrong
    says: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link as it is kept; `event` is None where its event is not there.

    `at` is None where what is kept of the link or of its event cannot be read.
    """

    sequence: int
    event_id: int
    at: datetime | None
    hash: str
    event: Recorded | None


@dataclass(frozen=True, slots=True)
class Salted:
    """What is kept of a handle: its salt, and the digest made with it."""

    salt: bytes
    digest: str


@dataclass(slots=True)
class Walk:
    """Where a walk has come to: the last link that held.

    It remembers whom it met erased, until it meets the event that says so; nothing else.
    """

    stream: str
    hash: str
    sequence: int = 0
    _gone: dict[str, Link] = field(default_factory=dict)
    _said_gone: set[str] = field(default_factory=set)

    def step(
        self, found: Link, salts: Mapping[Handle, Salted], around: Iterable[Link] = ()
    ) -> Fault | None:
        """Go on to the next link, or say what is wrong with it.

        `around` are links that are kept near it, to recognise an event that stands elsewhere.
        """
        if found.sequence != self.sequence + 1:
            says = f"after link {self.sequence} comes link {found.sequence}"
            return Fault(self.stream, self.sequence + 1, None, Wrong.MISSING, says)
        event = found.event
        if found.at is None or event is None:
            return self._unread(found)
        digests = {}
        for handle in sorted(handles(event), key=lambda x: (x.kind, x.subject)):
            salted = salts.get(handle)
            if salted is None:
                says = f"a {handle.kind} in it has no salt, though nobody was erased there"
                return self._fault(found, Wrong.SALT, says)
            digests[handle] = digest(salted.salt, handle)
            if digests[handle] != salted.digest:
                says = f"a {handle.kind} in it does not match its digest"
                return self._fault(found, Wrong.HANDLE, says)
        fits = link(self.stream, found.sequence, self.hash, event, digests) == found.hash
        if not fits or found.at != event.at:
            return self._does_not_fit(found, salts, around)
        self._note_erasures(found, event)
        self.sequence, self.hash = found.sequence, found.hash
        return None

    def compare(self, checkpoint: Checkpoint) -> Fault | None:
        """Hold the link that was reached against the checkpoint of its sequence."""
        if self.hash == checkpoint.hash:
            return None
        says = (
            f"the checkpoint of {checkpoint.at.isoformat()} has another hash: the chain up to here "
            "was rewritten since"
        )
        return Fault(self.stream, self.sequence, None, Wrong.REWRITTEN, says)

    def end(self, checkpoint: Checkpoint | None, head: tuple[int, str] | None) -> Fault | None:
        """What is wrong with where the chain ends.

        `checkpoint`: one that was not reached; `head`: the sequence and hash kept as its last.
        """
        after = self.sequence + 1
        if checkpoint is not None:
            says = f"a checkpoint says that there were {checkpoint.sequence} links"
            return Fault(self.stream, after, None, Wrong.TRUNCATED, says)
        if head is None and self.sequence:
            return Fault(self.stream, after, None, Wrong.TRUNCATED, "the chain's head is not there")
        if head is not None and head != (self.sequence, self.hash):
            wrong = Wrong.TRUNCATED if head[0] > self.sequence else Wrong.INSERTED
            says = f"the head says that there are {head[0]} links, of which the last is another"
            return Fault(self.stream, after, None, wrong, says)
        for gone in self._gone.values():
            says = "somebody was erased in it, and no later event says so"
            return self._fault(gone, Wrong.ERASED, says)
        return None

    def _does_not_fit(
        self, found: Link, salts: Mapping[Handle, Salted], around: Iterable[Link]
    ) -> Fault:
        for other in around:
            event = other.event
            if event is None or event == found.event or not handles(event) <= salts.keys():
                continue
            digests = {handle: salts[handle].digest for handle in handles(event)}
            if link(self.stream, found.sequence, self.hash, event, digests) == found.hash:
                says = f"it stands in the place of event {event.id}"
                return self._fault(found, Wrong.OUT_OF_ORDER, says)
        return self._fault(found, Wrong.ALTERED, "the event or its link was altered")

    def _note_erasures(self, found: Link, event: Recorded) -> None:
        if event.action == HANDLE_ERASED:
            said = {code[len(DIGEST) :] for code in event.codes if code.startswith(DIGEST)}
            self._said_gone |= said
            for one in said:
                self._gone.pop(one, None)
        for one in erased(event) - self._said_gone:
            self._gone.setdefault(one, found)

    def _unread(self, found: Link) -> Fault:
        if found.at is None:
            return self._fault(found, Wrong.ALTERED, "the event or its link cannot be read")
        return self._fault(found, Wrong.MISSING, "the event is not there")

    def _fault(self, found: Link, wrong: Wrong, says: str) -> Fault:
        return Fault(self.stream, found.sequence, found.event_id, wrong, says)
