"""Papers that come after they were due: flagged by some councils, refused by others."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from builders import NOW, actor, calendar, situation
from domain.test_meeting_clocks import ready
from protocols.test_invented_procedure import PANEL, PROTOCOL, WORKER, at, opening

from app.domain import commands as c
from app.domain.before_meeting import parse_before
from app.domain.breach import Breach, Severity
from app.domain.decide import decide
from app.domain.errors import RulesBroken
from app.domain.meeting_series import LatePapers
from app.domain.meetings.cut_offs import due_before, papers_breach, spoken
from app.domain.open_transfer import open_transfer
from app.domain.pathway import Pathway
from app.domain.transfer import Milestone, Transfer

NOON_ON_MONDAY = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PAPERS = "MH-3-papers"


def drafted() -> Transfer:
    """A draft for Marlshire's panel."""
    return open_transfer(opening(), WORKER, at(datetime(2026, 11, 16, 9, tzinfo=UTC))).after


def test_papers_on_the_very_last_instant_are_in_time() -> None:
    submit = c.SubmitToMeeting("panel", PANEL)

    assert decide(drafted(), submit, WORKER, at(NOON_ON_MONDAY)).warnings == ()


def test_where_the_protocol_refuses_late_papers_the_next_meeting_is_named() -> None:
    with pytest.raises(RulesBroken) as refusal:
        decide(drafted(), c.SubmitToMeeting("panel", PANEL), WORKER, at(NOON_ON_MONDAY + SECOND))

    assert refusal.value.breaches == (
        Breach(
            "meeting-papers",
            "Bring the papers in time, or to the next meeting: 17 December 2026 at 09:30",
            "MH 3",
            Severity.MUST,
            "due by 23 November 2026 at 12:00",
        ),
    )


def test_a_form_whose_papers_were_in_time_is_corrected_after_they_were_due() -> None:
    submit = c.SubmitToMeeting("panel", PANEL)
    submitted = decide(drafted(), submit, WORKER, at(NOON_ON_MONDAY - SECOND)).after

    edited = decide(submitted, c.Edit(submitted.form), WORKER, at(NOON_ON_MONDAY + SECOND))

    assert [b.code for b in edited.warnings if b.code == "meeting-papers"] == []


def test_the_next_meeting_takes_them() -> None:
    following = datetime(2026, 12, 17, 9, 30, tzinfo=UTC)

    after = decide(
        drafted(), c.SubmitToMeeting("panel", following), WORKER, at(NOON_ON_MONDAY + SECOND)
    ).after

    assert after.meeting is not None
    assert after.meeting.starts_at == following


def test_where_the_protocol_flags_late_papers_they_are_taken_with_a_warning() -> None:
    panel = replace(PROTOCOL.meetings["panel"], late_papers=LatePapers.FLAGGED)
    flagging = replace(PROTOCOL, meetings={"panel": panel})
    where = replace(at(NOON_ON_MONDAY + SECOND), protocol=flagging)

    decision = decide(drafted(), c.SubmitToMeeting("panel", PANEL), WORKER, where)

    assert [(b.code, b.severity, b.source) for b in decision.warnings] == [
        ("meeting-papers", Severity.SHOULD, "MH 3")
    ]
    assert decision.events[0].codes == ("warned:meeting-papers",)


@pytest.mark.parametrize(("hours", "warned"), [(48, []), (47, ["DF 3"])])
def test_df_03_a_form_less_than_48_hours_before_the_meeting_is_flagged(
    hours: int, warned: list[str]
) -> None:
    meeting = NOW + timedelta(hours=hours)

    decision = decide(
        ready(), c.SubmitToMeeting("weekly", meeting), actor("op.worker"), situation()
    )

    assert [b.source for b in decision.warnings if b.code == "meeting-papers"] == warned


def test_what_is_due_before_a_meeting_is_counted_back_from_it_by_the_series_own_clock() -> None:
    series = PROTOCOL.meetings["panel"]

    assert due_before(series.papers, PROTOCOL, PANEL, calendar()) == NOON_ON_MONDAY
    assert due_before("no-such-clock", PROTOCOL, PANEL, calendar()) is None
    assert due_before(None, PROTOCOL, PANEL, calendar()) is None


def test_what_is_due_working_days_before_a_meeting_is_counted_without_bank_holidays() -> None:
    half = PROTOCOL.pathways[Pathway.STEP_UP]
    clocks = tuple(
        replace(x, timescale=parse_before("2 working days before")) if x.code == PAPERS else x
        for x in half.clocks
    )
    protocol = replace(PROTOCOL, pathways={Pathway.STEP_UP: replace(half, clocks=clocks)})
    after_easter = datetime(2027, 3, 31, 8, 30, tzinfo=UTC)

    due = due_before(PAPERS, protocol, after_easter, calendar())

    assert due is not None
    assert spoken(due) == "25 March 2027 at 23:59"


def test_papers_that_came_by_the_very_last_instant_are_in_time_whenever_that_is_asked() -> None:
    submit = c.SubmitToMeeting("panel", PANEL)
    booked = decide(drafted(), submit, WORKER, at(NOON_ON_MONDAY - SECOND)).after
    asked = at(NOON_ON_MONDAY + 2 * SECOND)

    for late, code in ((0 * SECOND, None), (SECOND, "meeting-papers")):
        came = NOON_ON_MONDAY + late
        sent = booked.with_milestone(Milestone("papers_sent", came, WORKER.id, came))
        breach = papers_breach(sent, asked)
        assert (breach and breach.code) == code


@pytest.mark.parametrize(
    ("month", "hour", "said"),
    [(7, 23, "2 July 2026 at 00:30"), (12, 23, "1 December 2026 at 23:30")],
    ids=["summer", "winter"],
)
def test_a_time_is_said_as_london_s_clocks_show_it(month: int, hour: int, said: str) -> None:
    assert spoken(datetime(2026, month, 1, hour, 30, tzinfo=UTC)) == said


def test_what_is_due_before_a_meeting_past_the_calendar_is_not_known() -> None:
    beyond = datetime(9950, 12, 3, 9, 30, tzinfo=UTC)

    assert due_before(PROTOCOL.meetings["panel"].papers, PROTOCOL, beyond, calendar()) is None
