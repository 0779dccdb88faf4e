"""An outlet: where the messages of one destination go, a case system's trays or a subscriber."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.outbox.attempt import Attempt, Patience, attempt
from app.outbox.tray import DutyTray
from app.store.delivery_rows import Delivery


class Outlet(Protocol):
    """What the drain knows of a destination."""

    async def attempt(self, delivery: Delivery, now: datetime) -> Attempt:
        """Push once, and say what the row is to say next.

        Raises nothing that the destination may do, and ends before the lease does.
        """


@dataclass(frozen=True, slots=True)
class TrayOutlet:
    """A case system, by the port to its trays."""

    tray: DutyTray
    patience: Patience

    async def attempt(self, delivery: Delivery, now: datetime) -> Attempt:
        """As the port's capability allows."""
        return await attempt(delivery, self.tray, now, self.patience)
