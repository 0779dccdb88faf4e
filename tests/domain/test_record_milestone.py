"""Recording that something happened, and what the record refuses."""

from datetime import UTC, datetime, timedelta

import pytest
from builders import NOW, PEOPLE, actor, durham, situation, somebody, transfer_at

from app.domain.breach import Breach, Severity
from app.domain.errors import NotPermitted, NotVisible, RulesBroken, StaleVersion
from app.domain.pathway import Pathway, Stage
from app.domain.people import Role
from app.domain.record_milestone import Happened, record_milestone
from app.domain.transfer import Milestone

SENT = transfer_at(Stage.DISPATCHED)
WORKER = actor("op.worker")


def test_a_milestone_keeps_when_it_happened_and_when_it_was_recorded() -> None:
    then = NOW - timedelta(hours=2)

    decision = record_milestone(
        SENT, Happened("origin_closing_begun", then, note="Rang the school"), WORKER, situation()
    )

    assert decision.after.milestones[-1] == Milestone(
        "origin_closing_begun", then, "op.worker", NOW, note="Rang the school"
    )
    assert (decision.after.stage, decision.after.version) == (Stage.DISPATCHED, SENT.version + 1)
    assert decision.messages == ()


def test_the_audit_s_line_of_a_milestone_carries_no_note() -> None:
    decision = record_milestone(
        SENT, Happened("origin_closing_begun", NOW, note="Rang the school"), WORKER, situation()
    )

    (event,) = decision.events
    assert event.action == "milestone:origin_closing_begun"
    assert "school" not in repr(event)


@pytest.mark.parametrize(
    "name", ["allocated", "completed", "origin_closed", "picked_up", "custody", ""]
)
def test_h01_what_only_a_decision_reaches_is_not_recorded_by_hand(name: str) -> None:
    with pytest.raises(RulesBroken) as refusal:
        record_milestone(SENT, Happened(name, NOW), WORKER, situation())

    known = ", ".join(durham().pathways[Pathway.STEP_UP].milestones)
    assert refusal.value.breaches == (
        Breach(
            "milestone",
            f"Choose one of: {known}",
            "protocol",
            Severity.MUST,
            "no such milestone",
        ),
    )


def test_every_fault_of_a_milestone_is_told_at_once() -> None:
    too_early = Happened("origin_closing_begun", NOW + timedelta(seconds=1))
    draft = transfer_at(Stage.DRAFT)

    with pytest.raises(RulesBroken) as refusal:
        record_milestone(draft, too_early, WORKER, situation())

    found = [(breach.code, breach.source, breach.found) for breach in refusal.value.breaches]
    assert found == [
        ("milestone-time", "DL 7", "a time in the future"),
        ("milestone-order", "DL 7", "not reached"),
    ]


def test_this_very_instant_is_not_the_future_in_whatever_zone_it_is_told() -> None:
    same_instant = datetime(2026, 11, 20, 10, 0, tzinfo=UTC).astimezone()

    decision = record_milestone(
        SENT, Happened("origin_closing_begun", same_instant), WORKER, situation()
    )

    assert decision.after.reached("origin_closing_begun") is not None


def test_refusals_come_in_the_order_of_their_answers() -> None:
    nonsense = Happened("nonsense", NOW + timedelta(days=1))
    auditor = somebody("an auditor", Role.AUDITOR)

    with pytest.raises(NotVisible):
        record_milestone(
            SENT, nonsense, actor("ff.chester.manager"), situation(), expected_version=0
        )
    with pytest.raises(NotPermitted):
        record_milestone(SENT, nonsense, auditor, situation(), expected_version=0)
    with pytest.raises(StaleVersion):
        record_milestone(SENT, nonsense, WORKER, situation(), expected_version=0)
    with pytest.raises(RulesBroken):
        record_milestone(SENT, nonsense, WORKER, situation(), expected_version=SENT.version)


@pytest.mark.parametrize("pathway", Pathway)
def test_the_receiving_side_does_not_say_that_the_origin_has_begun_to_close(
    pathway: Pathway,
) -> None:
    allocated = transfer_at(Stage.ALLOCATED, pathway)
    receiver = actor(PEOPLE[pathway]["receiving manager"])

    with pytest.raises(NotPermitted, match=r"is for origin practitioner, origin manager$"):
        record_milestone(allocated, Happened("origin_closing_begun", NOW), receiver, situation())


def test_a_milestone_may_be_recorded_again_and_the_latest_counts() -> None:
    first = record_milestone(
        SENT, Happened("origin_closing_begun", NOW - timedelta(days=1)), WORKER, situation()
    ).after

    second = record_milestone(
        first, Happened("origin_closing_begun", NOW), WORKER, situation()
    ).after

    mark = second.reached("origin_closing_begun")
    assert mark is not None
    assert mark.at == NOW
    assert len(second.milestones) == len(SENT.milestones) + 2


def test_nothing_of_a_draft_counts_as_reached_since_its_dispatch() -> None:
    assert SENT.reached("opened") is not None
    assert SENT.reached_since_dispatch("opened") is None
    assert SENT.reached_since_dispatch("dispatched") is not None
