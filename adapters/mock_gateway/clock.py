"""The mock's own time, which a test may stop, and the day it is in London."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


class Clock:
    """Tells the time; frozen, it tells the same time for ever."""

    def __init__(self) -> None:
        self.frozen: datetime | None = None

    def now(self) -> datetime:
        """Tell the instant, in UTC."""
        return self.frozen.astimezone(UTC) if self.frozen else datetime.now(UTC)

    def today(self) -> date:
        """Tell the local day: 00:30 in British Summer Time is not yesterday."""
        return self.now().astimezone(LONDON).date()
