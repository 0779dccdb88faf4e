"""Verify an authority's audit: every link, its events, its salts, and its checkpoints."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.domain.audit_chain import start_of
from app.domain.audit_handles import Handle, handles
from app.domain.audit_walk import Fault, Walk, Wrong
from app.domain.checkpoint import Checkpoint
from app.store.audit_links import known_streams, link_before, links_after, never_sealed, salts_of
from app.store.audit_streams import stream_heads
from app.store.engine import Store

Signed = Iterator[Checkpoint | Fault]


@dataclass(frozen=True, slots=True)
class Verified:
    """What was walked, and the first thing that does not hold, if any."""

    stream: str
    links: int
    checkpoints: int
    fault: Fault | None


async def streams_to_verify(store: Store) -> list[str]:
    """Every authority with a chain."""
    async with store.read() as tx:
        return await known_streams(tx)


async def verify_audit(
    store: Store, stream: str, signed: Signed | None, since: datetime | None = None
) -> Verified:
    """Walk a stream in order, a thousand links in memory at once.

    `signed`: its checkpoints, None where they are not at hand.
    `since`: trust the chain before that time, and the link that it ends with.
    """
    walking = _Walking(store, stream, signed)
    await walking.start(since)
    first = walking.walk.sequence
    fault = await walking.to_the_end() or await walking.beside()
    return Verified(stream, walking.walk.sequence - first, walking.compared, fault)


class _Walking:
    def __init__(self, store: Store, stream: str, signed: Signed | None) -> None:
        self.walk = Walk(stream, start_of(stream))
        self.compared = 0
        self._first_event = 0
        self._store = store
        self._signed = signed
        self._next: Checkpoint | Fault | None = None
        self._signed_to = self._written_to = 0

    async def start(self, since: datetime | None) -> None:
        """Stand before the first link to check, and before the first checkpoint."""
        if since is not None:
            async with self._store.read() as tx:
                before = await link_before(tx, self.walk.stream, since)
            if before is not None:
                self.walk.sequence, self.walk.hash = before.sequence, before.hash
                self._first_event = before.event_id
        self._written_to = await self._written()
        self._take()
        while isinstance(self._next, Checkpoint) and self._next.sequence < self.walk.sequence:
            self._take()

    async def to_the_end(self) -> Fault | None:
        """Step from link to link, and compare each checkpoint as it is reached."""
        if fault := self._compare():
            return fault
        while True:
            async with self._store.read() as tx:
                batch = await links_after(tx, self.walk.stream, self.walk.sequence)
                if not batch:
                    heads = {head.authority: head for head in await stream_heads(tx)}
                    break
                named = (handles(link.event) for link in batch if link.event is not None)
                salts = await salts_of(tx, frozenset[Handle]().union(*named))
            for link in batch:
                if fault := self.walk.step(link, salts, batch) or self._compare():
                    return fault
        if isinstance(self._next, Fault):
            return self._next
        head = heads.get(self.walk.stream)
        end = None if head is None else (head.sequence, head.hash)
        return self.walk.end(self._next, end) or self._removed()

    async def beside(self) -> Fault | None:
        """Look for events that should be links, and are none."""
        after: int | None = self._first_event
        while after is not None:
            async with self._store.read() as tx:
                found, after = await never_sealed(tx, self.walk.stream, after)
            if found is not None:
                says = "an event stands in the audit that no link holds"
                where = self.walk.sequence + 1
                return Fault(self.walk.stream, where, found, Wrong.INSERTED, says)
        return None

    def _compare(self) -> Fault | None:
        while isinstance(self._next, Checkpoint) and self._next.sequence == self.walk.sequence:
            if fault := self.walk.compare(self._next):
                return fault
            self.compared += 1
            self._take()
        return self._next if isinstance(self._next, Fault) else None

    def _take(self) -> None:
        self._next = None if self._signed is None else next(self._signed, None)
        if isinstance(self._next, Checkpoint):
            self._signed_to = self._next.sequence

    async def _written(self) -> int:
        """How far checkpoints go, as the database has it: asked before they are read."""
        async with self._store.read() as tx:
            heads = await stream_heads(tx)
        return max(
            (x.checkpoint_sequence for x in heads if x.authority == self.walk.stream), default=0
        )

    def _removed(self) -> Fault | None:
        if self._signed is None or self._signed_to >= self._written_to:
            return None
        says = f"a checkpoint of {self._written_to} links was written, and is not there"
        return Fault(self.walk.stream, self._written_to, None, Wrong.TRUNCATED, says)
