"""Milestones as a protocol names them: `meeting_decided`, or `meeting_decided:agreed`."""

from dataclasses import dataclass

MADE_BY_DECISIONS = frozenset(
    {"opened", "submitted_to_meeting", "finalised", "authorised", "returned", "dispatched"}
    | {"received_in_tray", "picked_up", "released", "redirected", "declined", "started"}
    | {"child_not_taken", "child_allocated", "allocated", "origin_closed", "completed", "cancelled"}
    | {"worker_changed", "lead_changed", "team_succeeded"}
    | {"disagreement_raised", "disagreement_escalated", "disagreement_resolved"}
    | {"consent_withdrawn", "withdrawal_decided", "meeting_called_off"}
)
"""The milestones that nobody records by hand."""

FEEDBACK_SOUGHT = "family_feedback_sought"
"""What a protocol calls it that the child and family were asked how the help was."""
ORIGIN_CLOSED = "origin_closed"
"""The origin has closed its own record: see close_at_source.py."""
LEAD_CHANGED = "lead_changed"
"""Another lead professional was named, at the side that is its outcome."""
TEAM_SUCCEEDED = "team_succeeded"
"""Another team took over what was a closed team's, at the side that is its outcome."""
DISAGREEMENT_RAISED = "disagreement_raised"
DISAGREEMENT_ESCALATED = "disagreement_escalated"
DISAGREEMENT_RESOLVED = "disagreement_resolved"
OF_DISAGREEMENTS = (DISAGREEMENT_RAISED, DISAGREEMENT_ESCALATED, DISAGREEMENT_RESOLVED)
"""Their outcomes are codes of the protocol's escalation: a kind, a level, an outcome."""

SUBMITTED_TO_MEETING = "submitted_to_meeting"
"""That a transfer was submitted to a meeting; `until` is when it starts."""
MEETING_DECIDED = "meeting_decided"
"""What a protocol calls the decision of the meeting that a transfer is submitted to."""
MEETING_CALLED_OFF = "meeting_called_off"
"""The meeting that it waited for is called off: see meetings/call_off.py."""
AGREED = "agreed"
"""That decision, where the meeting agreed."""
VOIDED = "voided"
"""The outcome of a milestone that an edit of the form has taken away again."""


@dataclass(frozen=True, slots=True)
class Named:
    """A milestone by its name, with one of its outcomes or with any (None)."""

    name: str
    outcome: str | None = None

    def __str__(self) -> str:
        return f"{self.name}:{self.outcome}" if self.outcome else self.name


def named(text: str) -> Named:
    """From how a protocol writes it; every text names something."""
    name, _, outcome = text.partition(":")
    return Named(name, outcome or None)
