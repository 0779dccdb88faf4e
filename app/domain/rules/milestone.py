"""Rules about what has happened."""

from dataclasses import dataclass

from app.domain.london import local_date
from app.domain.milestone_names import MEETING_DECIDED, SUBMITTED_TO_MEETING, Named
from app.domain.rules.facts import NOT_RECORDED, Facts
from app.domain.rules.wording import Wording


@dataclass(frozen=True, slots=True)
class AnyMilestone:
    """`milestone`, `any_milestone`: one of these has happened, and stands as named."""

    milestones: tuple[Named, ...]

    def says(self, words: Wording) -> str:
        """What is asked, in words."""
        return words.any_milestone(self.milestones)

    def missing(self, facts: Facts) -> str | None:
        """That none was recorded, or the outcomes that stand instead."""
        if any(facts.transfer.stands(name) for name in self.milestones):
            return None
        latest = [facts.transfer.reached(name.name) for name in self.milestones]
        outcomes = [mark.outcome for mark in latest if mark and mark.outcome]
        return ", ".join(outcomes) or NOT_RECORDED


@dataclass(frozen=True, slots=True)
class MeetingDecided:
    """`meeting_decided`: the meeting it was last submitted to has decided, and so.

    What was decided before that meeting's day was decided by another.
    """

    outcome: str

    def says(self, words: Wording) -> str:
        """What is asked, in words."""
        decided = words.milestone(Named(MEETING_DECIDED, self.outcome))
        return f"{decided} since it was last submitted to a meeting"

    def missing(self, facts: Facts) -> str | None:
        """That it has not decided since then, or what it decided instead."""
        meeting = facts.transfer.meeting
        for mark in reversed(facts.transfer.milestones):
            if mark.name == SUBMITTED_TO_MEETING:
                return NOT_RECORDED
            if mark.name == MEETING_DECIDED:
                if meeting and local_date(mark.at) < local_date(meeting.starts_at):
                    return NOT_RECORDED
                as_asked = mark.is_(Named(MEETING_DECIDED, self.outcome))
                return None if as_asked else mark.outcome or NOT_RECORDED
        return NOT_RECORDED


@dataclass(frozen=True, slots=True)
class MilestoneWithRecipient:
    """`milestone_with_recipient`: it has happened with the team that is chosen now."""

    name: str

    def says(self, words: Wording) -> str:
        """What is asked, in words."""
        return f"{words.milestone(Named(self.name))} with the team that is chosen"

    def missing(self, facts: Facts) -> str | None:
        """That it was not recorded, or with another team."""
        reached = facts.transfer.reached(self.name)
        if reached is None:
            return NOT_RECORDED
        with_recipient = reached.team == facts.transfer.form.recipient
        return None if with_recipient else "recorded with another team"


@dataclass(frozen=True, slots=True)
class Settled:
    """`settled`: what was last `raised`, if it ever was, is `resolved` since."""

    raised: Named
    resolved: Named

    def says(self, words: Wording) -> str:
        """What is asked, in words."""
        return f"after {words.milestone(self.raised)}, {words.milestone(self.resolved)}"

    def missing(self, facts: Facts) -> str | None:
        """That it is open."""
        for mark in reversed(facts.transfer.milestones):
            if mark.is_(self.resolved):
                return None
            if mark.is_(self.raised):
                return "not resolved"
        return None


@dataclass(frozen=True, slots=True)
class Authorised:
    """`authorised = "by_origin_manager"`: the form that is sent was authorised."""

    def says(self, _: Wording) -> str:
        """What is asked, in words."""
        return "the form is authorised by a manager of the origin team"

    def missing(self, facts: Facts) -> str | None:
        """That nobody authorised it."""
        return None if facts.transfer.authorised_by else NOT_RECORDED


@dataclass(frozen=True, slots=True)
class MeetingBooked:
    """`meeting = "booked"`: the transfer is submitted to a meeting."""

    def says(self, _: Wording) -> str:
        """What is asked, in words."""
        return "the transfer is submitted to a meeting"

    def missing(self, facts: Facts) -> str | None:
        """That it is not."""
        return None if facts.transfer.meeting else "not submitted to a meeting"
