"""What became of a transfer that was sent, read from the milestones of its process."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain.pathway import Stage

ENTERED_BY: Mapping[Stage, frozenset[str]] = {
    Stage.DRAFT: frozenset({"opened", "returned"}),
    Stage.AWAITING_AUTHORISATION: frozenset({"finalised"}),
    Stage.DISPATCHED: frozenset({"dispatched", "released"}),
    Stage.PICKED_UP: frozenset({"picked_up"}),
    Stage.DECLINED: frozenset({"declined"}),
    Stage.STARTED: frozenset({"started"}),
    Stage.ALLOCATED: frozenset({"allocated"}),
    Stage.COMPLETED: frozenset({"completed"}),
    Stage.CANCELLED: frozenset({"cancelled"}),
}
"""The milestones that bring a transfer to each stage."""
TOLD = frozenset().union(*ENTERED_BY.values())
"""The milestones that the sender is told of here: no note of theirs, and none of another kind."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One of these milestones: when, whom it concerned, and its coded reason."""

    name: str
    at: datetime
    person: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Became:
    """What became of the latest dispatch. `since`: when the stage was reached."""

    since: datetime | None
    dispatched_at: datetime | None
    picked_up_at: datetime | None
    picked_up_by: str | None
    declined_at: datetime | None
    declined_reason: str | None
    started_at: datetime | None
    allocated_at: datetime | None
    completed_at: datetime | None
    cancelled_at: datetime | None


def became(stage: Stage, marks: Iterable[Mark]) -> Became:
    """From the marks in their order; a task that was released is picked up by nobody."""
    since = None
    latest: dict[str, Mark] = {}
    for mark in marks:
        if mark.name == "dispatched":
            latest = {}
        if mark.name == "released":
            latest.pop("picked_up", None)
        if mark.name in ENTERED_BY[stage]:
            since = mark.at
        latest[mark.name] = mark

    def at(name: str) -> datetime | None:
        return latest[name].at if name in latest else None

    picked_up, declined = latest.get("picked_up"), latest.get("declined")
    return Became(
        since=since,
        dispatched_at=at("dispatched"),
        picked_up_at=at("picked_up"),
        picked_up_by=picked_up.person if picked_up else None,
        declined_at=at("declined"),
        declined_reason=declined.reason if declined else None,
        started_at=at("started"),
        allocated_at=at("allocated"),
        completed_at=at("completed"),
        cancelled_at=at("cancelled"),
    )
