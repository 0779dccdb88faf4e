"""Durham: minutes are uploaded and the case noted in both systems in time (DF 13, 22 to 24)."""

from datetime import timedelta

import pytest
from procedures.case import on_one_store
from procedures.durham_forms import (
    DECIDED,
    NEXT_MEETING,
    STEP_DOWN,
    STEP_UP,
    DurhamCase,
    Sides,
    december,
    either_way,
)
from service import Api

pytestmark = [on_one_store, pytest.mark.long]

DUE = december(4, 10, 30)
A_MINUTE = timedelta(minutes=1)
RECORDS = {
    "DF-24-minutes": "minutes_uploaded",
    "DF-23-note-lcs": "case_noted_in_lcs",
    "DF-23-note-ehm": "case_noted_in_ehm",
}
NEARLY_AND_LATE = ("clock_nearly_late", "clock_late")


@either_way
async def test_df_13_22_23_24_minutes_and_both_case_notes_are_there_within_48_hours(
    api: Api, sides: Sides
) -> None:
    case = await DurhamCase.sent(api, sides)
    due = {await case.due(code) for code in RECORDS}

    case.at(DUE)
    for name in RECORDS.values():
        await case.record("ff.coordinator", name)

    assert due == {DUE}
    assert [await case.state(code) for code in RECORDS] == ["met"] * 3


@either_way
async def test_df_22_23_24_each_is_late_on_its_own_with_families_first_and_the_other_is_told(
    api: Api, sides: Sides
) -> None:
    case = await DurhamCase.sent(api, sides)

    alerted = [await case.alerted(code, DUE, DUE + A_MINUTE) for code in RECORDS]
    whose = {(await case.reads(code))["team"] for code in RECORDS}
    await case.record("ff.coordinator", "minutes_uploaded")
    await case.record("ff.coordinator", "case_noted_in_ehm")

    told = [(kind, team) for kind in NEARLY_AND_LATE for team in ("ff-bishop", "op-bishop")]
    assert alerted == [told] * 3
    assert whose == {"ff-bishop"}
    assert await case.late_by("DF-24-minutes") == A_MINUTE
    assert await case.state("DF-23-note-ehm") == "met_late"
    assert await case.state("DF-23-note-lcs") == "late"


@either_way
async def test_df_22_23_24_what_was_not_agreed_is_written_up_too(api: Api, sides: Sides) -> None:
    case = await DurhamCase.decided(api, sides, "not_agreed")

    for name in RECORDS.values():
        await case.record(sides.minute_taker, name)

    assert [await case.state(code) for code in RECORDS] == ["met"] * 3


async def test_df_22_24_every_meeting_has_minutes_of_its_own(api: Api) -> None:
    case = await DurhamCase.decided(api, STEP_DOWN, "deferred")
    await case.record("ff.coordinator", "minutes_uploaded")
    await case.submit(NEXT_MEETING)

    case.at(NEXT_MEETING)
    await case.decide("agreed")

    assert await case.state("DF-24-minutes") == "running"
    assert await case.due("DF-24-minutes") == NEXT_MEETING + timedelta(hours=48)


async def test_df_13_22_families_first_s_co_ordinator_writes_up_a_step_down(api: Api) -> None:
    case = await DurhamCase.sent(api, STEP_DOWN)

    for name in RECORDS.values():
        await case.not_for("ff.socialworker", name)
        await case.not_for("op.manager", name)
        await case.record("ff.coordinator", name)

    assert [await case.state(code) for code in RECORDS] == ["met"] * 3


async def test_df_13_22_of_a_step_up_a_manager_may_write_up_what_the_co_ordinator_cannot_see(
    api: Api,
) -> None:
    case = await DurhamCase.decided(api, STEP_UP)
    whose = (await case.reads("DF-24-minutes"))["team"]

    unseen = await api.as_("ff.coordinator").get(case.path)
    await case.not_for("op.worker", "minutes_uploaded")
    await case.record("op.manager", "minutes_uploaded")
    await case.send()
    await case.not_for("ff.socialworker", "case_noted_in_lcs")
    await case.record("ff.coordinator", "case_noted_in_lcs")

    assert unseen.status_code == 404
    assert whose == "op-bishop"
    assert (await case.reads("DF-24-minutes"))["team"] == "ff-bishop"


@either_way
async def test_df_24_there_are_no_minutes_before_the_meeting(api: Api, sides: Sides) -> None:
    case = await DurhamCase.prepared(api, sides)

    for name in RECORDS.values():
        assert await case.not_recorded(sides.minute_taker, name) == ["milestone-order"]

    case.at(DECIDED)
    await case.decide("agreed")
    await case.record(sides.minute_taker, "minutes_uploaded")
