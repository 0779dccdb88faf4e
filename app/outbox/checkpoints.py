"""Writing checkpoints that are due, and reading them back: no transaction is open meanwhile."""

import asyncio
import base64
from collections.abc import Iterator
from datetime import datetime

import structlog

from app.domain.audit_walk import Fault, Wrong
from app.domain.checkpoint import Checkpoint, Pace, digest_of, read_checkpoint
from app.domain.decision import Alert
from app.outbox.checkpoint_keys import BadSignature, CheckingKeys, SigningKey
from app.outbox.checkpoint_place import CheckpointPlace, PlaceUnavailable
from app.store.alerts import raise_alert
from app.store.audit_streams import StreamHead, mark_failing, mark_written, stream_heads
from app.store.engine import Store

log = structlog.get_logger()
TEAM = "audit"
"""Whose alerts on the audit are: no team's, so that auditors and administrators see them."""
FAILED, UNSIGNED = "audit_checkpoint_failed", "audit_unsigned"


class Checkpoints:
    """Writes the checkpoints of every stream to one place."""

    def __init__(self, store: Store, place: CheckpointPlace, key: SigningKey, pace: Pace) -> None:
        self._store = store
        self._place = place
        self._key = key
        self._pace = pace

    async def write_due(self, now: datetime, *, all_of_them: bool = False) -> int:
        """Write those that are due, or of every chain that has gone on; how many.

        What cannot be written is told once in an alert, and tried again at the next call: the chain
        is there still, and a later checkpoint holds all of it.
        """
        async with self._store.read() as tx:
            heads = await stream_heads(tx)
        written = 0
        for head in heads:
            since = head.sequence - head.checkpoint_sequence
            due = self._pace.is_due(since, head.checkpoint_at, now)
            if due or (all_of_them and since > 0):
                written += await self._write(head, now)
        return written

    async def _write(self, head: StreamHead, now: datetime) -> int:
        try:
            await asyncio.to_thread(self._append, head, now)
        except PlaceUnavailable as error:
            await self._tell(head, now, str(error))
            return 0
        async with self._store.write() as tx:
            await mark_written(tx, head.authority, head.sequence, now)
        return 1

    def _append(self, head: StreamHead, now: datetime) -> None:
        def make(last: str | None) -> str | None:
            if last is not None and _sequence(last) >= head.sequence:
                return None  # another relay was here, or this one before it could say so
            previous = None if last is None else digest_of(last)
            return self._key.sign(
                Checkpoint(head.authority, head.sequence, head.hash, now, previous)
            )

        self._place.append(head.authority, make)

    async def _tell(self, head: StreamHead, now: datetime, why: str) -> None:
        log.error("a checkpoint cannot be written", stream=head.authority, why=why)
        async with self._store.write() as tx:
            if await mark_failing(tx, head.authority, now):
                says = f"The audit's checkpoint {head.sequence} cannot be written"
                alert = Alert(FAILED, f"{FAILED}:{head.authority}:{now.isoformat()}", TEAM, says)
                await raise_alert(tx, alert, authority=head.authority, transfer=None, now=now)


class NoCheckpoints:
    """In their place where production has no folder or no key: an alert for each chain, once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._told: set[str] = set()

    async def write_due(self, now: datetime) -> int:
        """Write none, and tell of each chain that there is none of it."""
        async with self._store.read() as tx:
            chains = {head.authority for head in await stream_heads(tx)} - self._told
        for authority in sorted(chains):
            says = "No checkpoints of the audit are written: no folder or no key is set"
            alert = Alert(UNSIGNED, f"{UNSIGNED}:{authority}", TEAM, says)
            async with self._store.write() as tx:
                await raise_alert(tx, alert, authority=authority, transfer=None, now=now)
        self._told |= chains
        return 0


def read_checkpoints(
    place: CheckpointPlace, keys: CheckingKeys, stream: str
) -> Iterator[Checkpoint | Fault]:
    """A stream's checkpoints in order; a fault in the place of one that does not hold.

    Raises:
        PlaceUnavailable: they cannot be read.
    """
    before, sequence = None, 0
    for number, kept in enumerate(place.kept(stream), 1):
        try:
            found = keys.check(kept)
        except BadSignature:
            says = f"the signature of checkpoint {number} does not hold"
            yield Fault(stream, sequence, None, Wrong.SIGNATURE, says)
            return
        if (found.stream, found.previous) != (stream, before) or found.sequence <= sequence:
            says = f"checkpoint {number} does not follow the one before it"
            yield Fault(stream, sequence, None, Wrong.SIGNATURE, says)
            return
        yield found
        before, sequence = digest_of(kept), found.sequence


def _sequence(kept: str) -> int:
    """How far a kept checkpoint says that it goes; whether it may say so is for the check."""
    try:
        said = kept.split(".")[1]
        return read_checkpoint(base64.urlsafe_b64decode(said + "=" * (-len(said) % 4))).sequence
    except (ValueError, IndexError, OverflowError):
        return 0
