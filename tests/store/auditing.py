"""An audit with checkpoints, as a relay leaves it, and what `verify` says of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from builders import NOW
from sqlalchemy import text

from adapters.checkpoint_folder import CheckpointFolder
from app.domain.audit_walk import Fault
from app.domain.checkpoint import Checkpoint, Pace
from app.domain.decision import Event
from app.outbox.checkpoint_keys import CheckingKeys, SigningKey, make_key
from app.outbox.checkpoints import Checkpoints, read_checkpoints
from app.store.engine import Store
from app.store.unit_of_work import record_events
from app.usecases.seal_audit import Sealer
from app.usecases.verify_audit import Verified, verify_audit

TRANSFER = "6f1b1a52-9d3e-4b0e-8a53-0a8f5c1f2e11"
PACE = Pace(4, timedelta(hours=1))


def events(many: int, action: str = "edit") -> tuple[Event, ...]:
    """Events of seven people."""
    return tuple(
        Event(action, f"person.{n % 7}", NOW + timedelta(seconds=n), None, None, n, (f"n{n}",))
        for n in range(many)
    )


@dataclass
class Audited:
    """A store with a folder for its checkpoints."""

    store: Store
    folder: Path
    key: Path

    async def record(self, *these: Event, authority: str = "durham") -> None:
        """Record events and seal them, and write what checkpoints are due."""
        async with self.store.write() as tx:
            await record_events(tx, authority, TRANSFER, these)
        await self.seal()

    async def seal(self, at: datetime = NOW) -> None:
        """What a relay's tick does."""
        await Sealer(self.store).seal_all(at)
        await self.checkpoints().write_due(at)

    def checkpoints(self) -> Checkpoints:
        """The writer of checkpoints."""
        place = CheckpointFolder(self.folder)
        return Checkpoints(self.store, place, SigningKey(self.key), PACE)

    async def sql(self, statement: str, **values: object) -> None:
        """What the database's owner does behind the service's back."""
        async with self.store.write() as tx:
            await tx.connection.execute(text(statement), values)

    async def verify(
        self, *, checkpoints: bool = True, since: datetime | None = None, stream: str = "durham"
    ) -> Verified:
        """What verify says, with the checkpoints or without."""
        signed: Iterator[Checkpoint | Fault] | None = None
        if checkpoints:
            place = CheckpointFolder(self.folder)
            signed = read_checkpoints(place, CheckingKeys(self.key), stream)
        return await verify_audit(self.store, stream, signed, since)


def audited(store: Store, folder: Path) -> Audited:
    """The store with a folder and a key in that folder."""
    key = folder / "key.json"
    make_key(key)
    (folder / "checkpoints").mkdir()
    return Audited(store, folder / "checkpoints", key)
