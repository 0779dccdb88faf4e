"""A meeting of Durham's with cases, for the tests of what is done in it."""

from dataclasses import replace
from datetime import datetime, timedelta

from builders import NOW, child, durham, situation, somebody
from domain.test_meeting_clocks import ready

from app.domain import commands as c
from app.domain.decide import decide
from app.domain.decision import Situation
from app.domain.meetings.meeting import Meeting
from app.domain.meetings.sitting import Sitting
from app.domain.meetings.submission import joined
from app.domain.people import Actor, Membership, Role
from app.domain.transfer import Transfer

STARTS = NOW + timedelta(days=5)
NEXT = STARTS + timedelta(days=7)
NAMES = ("first", "second", "third")
SERIES = durham().meetings["weekly"]
EMPTY = Meeting("m-1", "durham", "durham", "2026-11", "weekly", STARTS)


def serving(role: Role, series: str = "weekly") -> Actor:
    """Somebody who serves a series."""
    return Actor(f"the.{role}", "durham", frozenset({Membership(role, meeting=series)}))


CHAIR, DEPUTY, COORDINATOR, MEMBER = map(
    serving, (Role.CHAIR, Role.DEPUTY_CHAIR, Role.TEAM_COORDINATOR, Role.MEMBER)
)
WORKER = somebody("op.worker", Role.PRACTITIONER, "op-bishop")


def submitted(
    name: str, starts_at: datetime = STARTS, now: datetime = NOW, before: Transfer | None = None
) -> Transfer:
    """A transfer that is submitted to the meeting that starts then."""
    draft = before or replace(ready(), id=name, children=(child(name),))
    return decide(draft, c.SubmitToMeeting("weekly", starts_at), WORKER, situation(now)).after


def joining(meeting: Meeting, transfer: Transfer, now: datetime = NOW) -> Meeting:
    """The meeting with one more case."""
    where = situation(now)
    was = transfer.version - 1
    draft = replace(transfer, meeting=None, milestones=transfer.milestones[:-1], version=was)
    command = c.SubmitToMeeting("weekly", meeting.starts_at)
    decision = decide(draft, command, WORKER, where)
    return joined(meeting, replace(decision, after=transfer), SERIES, where)


def sitting(
    meeting: Meeting, *transfers: Transfer, now: datetime = STARTS + timedelta(minutes=10)
) -> Sitting:
    """That meeting with its transfers, at a time."""
    where: Situation = situation(now)
    found = {transfer.id: transfer for transfer in transfers}
    return Sitting(meeting, durham(), found, dict.fromkeys(found, where))


def with_three(now: datetime = STARTS + timedelta(minutes=10)) -> Sitting:
    """A meeting with three cases, a minute apart."""
    meeting, found = EMPTY, []
    for minute, name in enumerate(NAMES):
        at = NOW + timedelta(minutes=minute)
        found.append(submitted(name, now=at))
        meeting = joining(meeting, found[-1], at)
    return sitting(meeting, *found, now=now)
