"""In Rochdale what the origin recorded travels, and nobody asks the family for it again."""

from datetime import date

import pytest
from procedures.case import on_one_store
from procedures.rochdale_forms import (
    NURSE,
    STATEMENTS,
    RochdaleCase,
    Sides,
    both_ways,
)
from procedures.seen import tasks
from service import Api

pytestmark = [on_one_store, pytest.mark.long]


@both_ways
async def test_ro_01_all_that_was_recorded_at_the_origin_travels_with_the_task(
    rochdale: Api, sides: Sides
) -> None:
    case = await RochdaleCase.dispatched(rochdale, sides)
    (child,) = case.view["children"]

    (task,) = await tasks(case)

    assert task.tray == sides.tray
    assert task.statements == STATEMENTS
    assert [(f.form, f.record_id, dict(f.fields)) for f in task.forms] == [
        (f["form"], f["record_id"], f.get("fields", {})) for f in sides.form()["forms"]
    ]
    assert [(m.name, m.agency, m.purpose) for m in task.team_around_the_family] == [
        (NURSE["name"], NURSE["agency"], NURSE["purpose"])
    ]
    assert (task.date_of_transfer, task.comments) == (
        date(2026, 11, 13),
        "The team around the family agrees.",
    )
    assert [(c.child_id, c.name) for c in task.children] == [(child["child_id"], child["name"])]
    assert task.next_lead_professional == case.view["form"]["next_lead_professional"]


@both_ways
async def test_ro_01_a_start_and_an_allocation_without_a_word_of_the_story_are_taken(
    rochdale: Api, sides: Sides
) -> None:
    case = await RochdaleCase.started(rochdale, sides)
    assert case.warnings == []
    told = case.view["form"]

    await case.hand_over()

    assert (case.stage, case.warnings) == ("allocated", ["RO-14-roles"])
    assert case.view["form"] == told


@both_ways
async def test_ro_01_a_family_whose_task_is_moved_to_another_tray_tells_nothing_twice(
    rochdale: Api, sides: Sides
) -> None:
    case = await RochdaleCase.dispatched(rochdale, sides)
    other = {"recipient": f"{sides.receiving}-heywood", "comment": "They have moved."}

    await case.act(sides.manager, "redirect", other)

    first, second = await tasks(case)
    assert second.statements == first.statements
    assert second.forms == first.forms
    assert second.team_around_the_family == first.team_around_the_family
