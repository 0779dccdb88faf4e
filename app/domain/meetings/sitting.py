"""A meeting as somebody acts in it: with its series, its cases' transfers, and what they are under.

Whoever holds a role in the series sees all of it; a team with a case in it sees that case.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.authority import may, may_see, require_right
from app.domain.breach import must
from app.domain.decision import Decision, Event, Situation
from app.domain.errors import NotVisible, RulesBroken, StaleVersion
from app.domain.meeting_series import MeetingSeries
from app.domain.meetings.bookings import Standing, standing
from app.domain.meetings.meeting import Meeting
from app.domain.party import TEAMS, Parties
from app.domain.people import Actor
from app.domain.protocol import CouncilProtocol
from app.domain.relations import in_council, in_series, relations
from app.domain.rights import Act
from app.domain.transfer import BookedMeeting, Transfer
from app.domain.withheld import withheld


@dataclass(frozen=True, slots=True)
class Sitting:
    """`transfers` and `situations` are by the transfer's id, one for each case.

    `protocol` is the version that the meeting was made under.
    """

    meeting: Meeting
    protocol: CouncilProtocol
    transfers: Mapping[str, Transfer]
    situations: Mapping[str, Situation]

    @property
    def series(self) -> MeetingSeries:
        """The series that it is of."""
        return self.protocol.meetings[self.meeting.series]

    @property
    def standings(self) -> dict[str, Standing]:
        """How each case stands, by its transfer's id."""
        return {
            case.transfer: standing(self.transfers[case.transfer], self.meeting.starts_at, case)
            for case in self.meeting.cases
        }

    def seen_by(self, actor: Actor) -> frozenset[str]:
        """The transfers of the cases that the actor may see."""
        every = sees_all_of(actor, self.meeting)
        return frozenset(
            x
            for x, case in self.transfers.items()
            if (every and not withheld(actor, case)) or may_see(actor, case)
        )

    def at_meeting(self, actor: Actor) -> Parties:
        """What the actor is to the meeting itself; a team is something to its cases alone."""
        return in_series(actor, self.meeting.series)

    def at_case(self, actor: Actor, transfer: Transfer) -> Parties:
        """What the actor is to a case: of its meeting, or of its teams.

        Not what serving another series makes of them, to which it may have moved on since.
        """
        return self.at_meeting(actor) | (relations(actor, transfer) & TEAMS)

    def has_before_it(self, transfer: Transfer) -> bool:
        """Whether the transfer was submitted to this meeting, and to no other since."""
        return transfer.meeting == BookedMeeting(self.meeting.series, self.meeting.starts_at)

    def listed(self) -> Iterator[tuple[Transfer, Situation]]:
        """The transfers that are before this meeting, decided or not, each once."""
        for transfer_id, stands in self.standings.items():
            if stands in (Standing.LISTED, Standing.DECIDED):
                yield self.transfers[transfer_id], self.situations[transfer_id]


@dataclass(frozen=True, slots=True)
class MeetingChange:
    """A meeting as it will be, the line of the audit, and the decisions on its transfers."""

    before: Meeting
    after: Meeting
    event: Event
    decisions: tuple[tuple[Decision, Situation], ...] = ()


def sees_all_of(actor: Actor, meeting: Meeting) -> bool:
    """Whether every case of the meeting is the actor's to see that is not withheld from them."""
    who = in_series(actor, meeting.series) | in_council(actor)
    return actor.authority == meeting.authority and may(Act.READ_MEETING, who)


def require_seen(sitting: Sitting, actor: Actor) -> None:
    """Pass for whoever sees the meeting.

    Raises:
        NotVisible: nobody of the series, and of no team with a case in it.
    """
    meeting = sitting.meeting
    if not sees_all_of(actor, meeting) and not sitting.seen_by(actor):
        raise NotVisible(meeting.id)


def require_run_by(act: Act, sitting: Sitting, actor: Actor, expected_version: int | None) -> None:
    """Pass where the act in the meeting is the actor's, as it stands in the version they saw.

    Raises:
        NotVisible: as require_seen.
        NotPermitted: they see it, and the act is not theirs.
        StaleVersion: it has changed since.
    """
    require_seen(sitting, actor)
    require_right(act, sitting.at_meeting(actor))
    require_meeting_version(sitting.meeting, expected_version)


def require_held(meeting: Meeting) -> None:
    """Pass, unless the meeting is called off.

    Raises:
        RulesBroken: it is.
    """
    if meeting.called_off:
        says = "Do it in a meeting that is held"
        raise RulesBroken((must("meeting-called-off", says, "a meeting that is called off"),))


def require_meeting_version(meeting: Meeting, expected: int | None) -> None:
    """Pass when it is the version that the change is made against.

    Raises:
        StaleVersion: it is not.
    """
    if expected is not None and expected != meeting.version:
        raise StaleVersion(meeting.id)


def changed(  # noqa: PLR0913 - a line of the audit has as many parts
    before: Meeting,
    after: Meeting,
    action: str,
    actor: Actor,
    now: datetime,
    decisions: tuple[tuple[Decision, Situation], ...] = (),
    codes: tuple[str, ...] = (),
) -> MeetingChange:
    """The meeting's next version, with its line of the audit."""
    after = replace(after, version=before.version + 1)
    event = Event(action, actor.id, now, None, None, after.version, (before.id, *codes))
    return MeetingChange(before, after, event, decisions)
