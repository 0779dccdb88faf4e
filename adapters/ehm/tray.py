"""EHM: duty tasks, and episodes whose start date is read and never amended (DL 19, 20)."""

from datetime import date
from urllib.parse import quote

from adapters.duty_tasks import DutyTaskCalls
from adapters.ehm.messages import Episode
from adapters.records import read_as
from app.outbox.tray import RecordDate, TrayRefused, TrayUnavailable


class EhmTray(DutyTaskCalls):
    """The port, for EHM."""

    async def read_record(self, record_id: str) -> RecordDate:
        """GET /episodes/{id}."""
        answer = await self.client.call("GET", f"/episodes/{quote(record_id)}")
        episode = read_as(Episode, answer)
        if episode.episode_id != record_id:
            raise TrayUnavailable("an answer about another episode")
        return episode.record_date(answer.etag)

    async def amend_date(self, record_id: str, read: RecordDate, right: date, key: str) -> None:
        """Never: the Start Date of Episode does not need to be amended (DL 20).

        Raises:
            TrayRefused: always.
        """
        del read, right, key
        raise TrayRefused(f"the start date of {record_id} is not ours to amend")
