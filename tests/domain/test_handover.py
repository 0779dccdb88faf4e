"""The handover as its parts, which nothing of a transfer waits for before it is complete."""

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOW, durham, situation, transfer_at

from app.domain.clocks import ClockState
from app.domain.handover import Part, handover
from app.domain.pathway import Pathway, Stage
from app.domain.transfer import Milestone

TAF = NOW + timedelta(days=12)


@pytest.mark.parametrize("pathway", Pathway)
def test_df_16_17_18_19_the_parts_stand_in_order_with_the_clocks_that_they_meet(
    pathway: Pathway,
) -> None:
    transfer = transfer_at(Stage.DISPATCHED, pathway)
    passed = Milestone("next_taf_passed_over", NOW, "op.worker", NOW, until=TAF)

    parts = handover(transfer.with_milestone(passed), situation())

    assert [x.part for x in parts] == [
        Part.ARRANGED,
        Part.VISITED,
        Part.NEXT_TAF,
        Part.HANDOVER_TAF,
    ]
    assert [x.done for x in parts] == [None, None, passed, None]
    assert all(x.clocks for x in parts[:2])
    assert not any(x.clocks for x in parts[2:])
    states = {clock.state(NOW) for x in parts for clock in x.clocks}
    assert states <= {ClockState.WAITING, ClockState.RUNNING}


def test_a_part_that_is_recorded_again_shows_its_latest_record() -> None:
    transfer = transfer_at(Stage.DISPATCHED)
    first = Milestone("handover_visit_arranged", NOW, "op.worker", NOW)
    again = replace(first, by="ff.socialworker")

    parts = handover(transfer.with_milestone(first).with_milestone(again), situation())

    assert parts[0].done == again


def test_a_protocol_without_a_handover_shows_no_parts() -> None:
    rules = replace(durham().pathways[Pathway.STEP_UP], handover={})
    without = replace(durham(), pathways={**durham().pathways, Pathway.STEP_UP: rules})

    assert handover(transfer_at(Stage.ALLOCATED), situation(protocol=without)) == ()


@pytest.mark.parametrize("pathway", Pathway)
def test_df_19_a_transfer_without_any_part_of_the_handover_is_allocated_all_the_same(
    pathway: Pathway,
) -> None:
    transfer = transfer_at(Stage.ALLOCATED, pathway)

    assert all(x.done is None for x in handover(transfer, situation()))
    assert transfer.stage is Stage.ALLOCATED
