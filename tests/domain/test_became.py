"""What became of what was sent is read from the milestones of the process."""

from datetime import timedelta

import pytest
from builders import NOW
from domain.cells import STANDINGS, UNREACHED, transfer_of

from app.domain.became import TOLD, Became, Mark, became
from app.domain.milestone_names import MADE_BY_DECISIONS
from app.domain.pathway import Pathway, Stage

HOUR = timedelta(hours=1)


def marks(*names: str) -> list[Mark]:
    """Marks an hour apart, each of a person and with a reason of its own."""
    return [
        Mark(name, NOW + n * HOUR, f"person {n}", f"reason {n}") for n, name in enumerate(names)
    ]


@pytest.mark.parametrize("pathway", Pathway)
def test_a_transfer_at_any_stage_says_since_when(pathway: Pathway) -> None:
    standings = [s for s in STANDINGS if pathway not in UNREACHED.get(s, ())]

    for transfer in (transfer_of(pathway, standing) for standing in standings):
        told = [Mark(m.name, m.at, m.person, m.reason) for m in transfer.milestones]
        found = became(transfer.stage, [mark for mark in told if mark.name in TOLD])

        assert found.since == told[-1].at, transfer.stage
        assert (found.declined_reason is not None) == (transfer.reached("declined") is not None)


def test_a_task_that_was_released_is_picked_up_by_nobody() -> None:
    found = became(Stage.DISPATCHED, marks("dispatched", "picked_up", "released"))

    assert (found.since, found.dispatched_at) == (NOW + 2 * HOUR, NOW)
    assert (found.picked_up_at, found.picked_up_by) == (None, None)


def test_what_was_declined_and_sent_again_is_not_declined_any_more() -> None:
    sent_again = became(
        Stage.PICKED_UP, marks("dispatched", "declined", "redirected", "dispatched", "picked_up")
    )
    returned = became(Stage.DRAFT, marks("dispatched", "declined", "returned"))

    assert (sent_again.declined_at, sent_again.declined_reason) == (None, None)
    assert (sent_again.picked_up_by, sent_again.since) == ("person 4", NOW + 4 * HOUR)
    assert (returned.declined_reason, returned.since) == ("reason 1", NOW + 2 * HOUR)


def test_only_milestones_of_the_process_are_told() -> None:
    assert TOLD < MADE_BY_DECISIONS
    assert became(Stage.DRAFT, []) == Became(*[None] * 10)


def test_every_time_of_the_latest_dispatch_is_told_with_who_picked_it_up() -> None:
    names = ("dispatched", "picked_up", "declined", "started", "allocated", "completed")

    found = became(Stage.COMPLETED, marks(*names, "cancelled"))

    assert found == Became(
        since=NOW + 5 * HOUR,
        dispatched_at=NOW,
        picked_up_at=NOW + HOUR,
        picked_up_by="person 1",
        declined_at=NOW + 2 * HOUR,
        declined_reason="reason 2",
        started_at=NOW + 3 * HOUR,
        allocated_at=NOW + 4 * HOUR,
        completed_at=NOW + 5 * HOUR,
        cancelled_at=NOW + 6 * HOUR,
    )


def test_a_release_that_no_picking_up_came_before_takes_nothing_back() -> None:
    assert became(Stage.DISPATCHED, marks("dispatched", "released")).dispatched_at == NOW
