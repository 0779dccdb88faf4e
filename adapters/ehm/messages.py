"""EHM episodes in the port's words."""

from datetime import date

from pydantic import BaseModel

from app.outbox.tray import RecordDate, RecordIdentity


class Child(BaseModel):
    """The child whose episode it is."""

    child_id: str
    name: str
    date_of_birth: date


class Episode(BaseModel):
    """The part of GET /episodes/{id} that the check of the start date needs."""

    episode_id: str
    child: Child
    start_date: date
    closed_on: date | None


def as_record_date(episode: Episode, etag: str) -> RecordDate:
    """The episode as the rule looks at it."""
    child = episode.child
    return RecordDate(
        dated=episode.start_date,
        child=RecordIdentity(child.child_id, child.name, child.date_of_birth),
        version=etag,
        closed_on=episode.closed_on,
    )
