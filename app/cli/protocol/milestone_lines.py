"""What people record, and the clocks between, as lines of a page."""

from functools import partial

from app.cli.protocol.phrases import (
    by_route,
    cites,
    conditions,
    listed,
    noted,
    people,
    sentence,
)
from app.domain.before_meeting import AmountBefore, WallClockBefore
from app.domain.clock_kind import ClockKind
from app.domain.milestone_kind import MilestoneKind, Side
from app.domain.protocol import PathwayRules
from app.domain.protocol_words import wording_of
from app.domain.rules.wording import quoted, spelt

SIDES = {
    Side.ORIGIN: "the origin team",
    Side.RECEIVING: "the receiving team",
    Side.EITHER: "either team",
}
MARKS = {
    "about_recipient": "It counts for the team that is chosen then.",
    "names_receiving_manager": "It names a manager of the team that is chosen, and counts for it.",
    "not_by_author": "Not by the form's author or last editor.",
    "gives_time": "It gives the time that was agreed.",
    "voided_by_edit": "It stands no more once the form is changed.",
}


def milestone_lines(half: PathwayRules) -> list[str]:
    """Every milestone that people record."""
    return [_milestone(kind, half) for kind in half.milestones.values()]


def clock_lines(half: PathwayRules) -> list[str]:
    """Every clock."""
    return by_route(half.clocks, half, partial(_clock, half=half))


def _milestone(kind: MilestoneKind, half: PathwayRules) -> str:
    words = wording_of(half)
    said = [f"- {sentence(kind.says)}", f"By {people(kind.roles)} of {SIDES[kind.by]}."]
    if kind.after:
        said.append(f"Only after {words.any_milestone(kind.after)}.")
    if kind.needs is not None:
        said.append(f"Only when {kind.needs.says(words)}.")
    if kind.outcomes:
        said.append(f"As {listed(quoted(outcome) for outcome in kind.outcomes.values())}.")
    said += [text for mark, text in MARKS.items() if getattr(kind, mark)]
    if kind.passes_to_kind:
        said.append(
            f"It passes the case to a team of the kind {quoted(spelt(kind.passes_to_kind))}."
        )
    return " ".join([*said, *noted(kind.note), cites(kind.source, kind.name)])


def _clock(clock: ClockKind, half: PathwayRules) -> str:
    words = wording_of(half)
    said = [f"- **{clock.severity.capitalize()}**: {sentence(clock.says)}", f"Due {_due(clock)}."]
    since = f"from when {words.any_milestone(clock.starts)} " if clock.starts else ""
    said.append(f"It runs {since}until {words.any_milestone(clock.stops)}.")
    said.append(f"It falls to {SIDES[clock.falls_to]}.")
    if clock.tells:
        said.append(f"Also told: {listed((SIDES[side] for side in clock.tells), 'and')}.")
    said += conditions(clock.condition, half)
    if clock.or_agreed:
        agreed = half.milestones[clock.or_agreed].says
        said.append(f"Or by the time agreed: {quoted(agreed)}.")
    if clock.escalates_after:
        later = clock.escalates_after
        said.append(f"The operations manager is told if it still runs {later} after it was due.")
    if clock.restarts:
        said.append("A new start begins it anew.")
    return " ".join([*said, *noted(clock.note), cites(clock.source, clock.code)])


def _due(clock: ClockKind) -> str:
    if isinstance(clock.timescale, AmountBefore | WallClockBefore):
        return f"by {clock.timescale} the meeting"
    text = str(clock.timescale)
    return "on the same day" if text == "same day" else f"within {text}"
