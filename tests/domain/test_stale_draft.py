"""Drafts that nobody touches: warned of, then cancelled by the service."""

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOW, situation, transfer_at

from app.domain.consent import Consent, How
from app.domain.disagreement import Disagreement
from app.domain.disposal import Standing
from app.domain.pathway import Pathway, Stage
from app.domain.retention import RecordKind, Retention, kind_of
from app.domain.stale_draft import cancel_stale, warning
from app.domain.transfer import BookedMeeting

KEPT = Retention()
DRAFT = transfer_at(Stage.DRAFT)
WITHDRAWN = Consent(
    "c", "joint_visit", "A parent", NOW.date(), How.ORAL, informed=True, explicit=True,
    recorded_by="op.worker", recorded_at=NOW, withdrawn_at=NOW, withdrawn_by="op.worker",
)  # fmt: skip
IN_TIME, LATE = NOW + timedelta(days=90) - timedelta(microseconds=1), NOW + timedelta(days=90)


def test_a_draft_that_nobody_touched_for_ninety_days_is_cancelled_as_stale() -> None:
    standing = Standing(DRAFT, NOW)

    decision = cancel_stale(standing, KEPT, situation(LATE))

    assert cancel_stale(standing, KEPT, situation(IN_TIME)) is None
    assert decision is not None
    assert decision.after.stage is Stage.CANCELLED
    assert decision.after.version == DRAFT.version + 1
    (event,) = decision.events
    assert (event.action, event.actor, event.from_stage) == ("cancel", "retention", Stage.DRAFT)
    assert kind_of(decision.after) is RecordKind.STALE_DRAFT
    assert decision.messages == ()


def test_the_authors_team_is_warned_a_week_before_once_a_version() -> None:
    standing = Standing(DRAFT, NOW)

    early = warning(standing, KEPT, NOW + timedelta(days=82, hours=23))
    told = warning(standing, KEPT, NOW + timedelta(days=83))
    again = warning(standing, KEPT, NOW + timedelta(days=84))

    assert early is None
    assert told == again
    assert told is not None
    assert (told.kind, told.team) == ("draft_stale", DRAFT.origin_team)
    assert "Alex" not in told.says


@pytest.mark.parametrize(
    "kept",
    [
        Standing(DRAFT, NOW, held=True),
        Standing(DRAFT, NOW, requested=True),
        Standing(replace(DRAFT, dispatch=1), NOW),
        Standing(replace(DRAFT, consents=(WITHDRAWN,)), NOW),
        Standing(replace(DRAFT, meeting=BookedMeeting("weekly", LATE + timedelta(days=1))), NOW),
        Standing(
            replace(DRAFT, disagreements=(Disagreement("d", (), "Risk", "op.worker", NOW),)), NOW
        ),
        *(
            Standing(transfer_at(stage, Pathway.STEP_DOWN), NOW)
            for stage in Stage
            if stage is not Stage.DRAFT
        ),
    ],
)
def test_what_waits_for_somebody_is_not_stale(kept: Standing) -> None:
    assert cancel_stale(kept, KEPT, situation(LATE)) is None
    assert warning(kept, KEPT, LATE) is None


def test_a_meeting_that_is_past_keeps_no_draft() -> None:
    past = replace(DRAFT, meeting=BookedMeeting("weekly", NOW))

    assert cancel_stale(Standing(past, NOW), KEPT, situation(LATE)) is not None


def test_a_draft_waits_for_its_meeting_until_that_begins() -> None:
    booked = Standing(replace(DRAFT, meeting=BookedMeeting("weekly", LATE)), NOW)

    assert cancel_stale(booked, KEPT, situation(LATE - timedelta(seconds=1))) is None
    assert cancel_stale(booked, KEPT, situation(LATE)) is not None


def test_a_withdrawal_that_is_decided_keeps_no_draft() -> None:
    decided = replace(WITHDRAWN, decided_at=NOW)

    assert cancel_stale(Standing(replace(DRAFT, consents=(decided,)), NOW), KEPT, situation(LATE))


def test_a_stale_draft_is_cancelled_in_the_service_s_name_with_how_long_nobody_touched_it() -> None:
    decision = cancel_stale(Standing(DRAFT, NOW), KEPT, situation(LATE))

    assert decision is not None
    mark = decision.after.milestones[-1]
    assert (mark.name, mark.by, mark.reason) == ("cancelled", "retention", "stale")
    assert mark.note == "Nobody touched this draft for 90 days"
