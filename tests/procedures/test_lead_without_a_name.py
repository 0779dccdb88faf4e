"""A record that nobody is named for: told nearly late and late, to both teams, once each."""

from datetime import UTC, datetime, timedelta

import pytest
from procedures.case import on_one_store
from procedures.rochdale_forms import CREATED, RochdaleCase, Sides, both_ways, end_of
from service import Api

pytestmark = [on_one_store, pytest.mark.long]
NAMED = "HZ-1-allocated"
LATE = end_of(2026, 11, 13) + timedelta(microseconds=1)
"""The record was opened on a Thursday."""


@both_ways
async def test_h01_both_teams_hear_once_each_that_nobody_is_named_to_lead(
    rochdale: Api, sides: Sides
) -> None:
    case = await RochdaleCase.started(rochdale, sides)
    before = datetime(2026, 11, 13, 20, tzinfo=UTC)

    alerts = await case.alerted(NAMED, CREATED, before, LATE, LATE + timedelta(days=3))

    both = sorted((sides.origin, sides.receiving))
    assert alerts == [(kind, team) for kind in ("clock_nearly_late", "clock_late") for team in both]
    assert (await case.reads(NAMED))["source"] == "HZ 1"
    assert case.view["custody"]["team"] == sides.origin


@both_ways
async def test_h01_a_name_in_time_alerts_nobody(rochdale: Api, sides: Sides) -> None:
    case = await RochdaleCase.started(rochdale, sides)
    await case.hand_over()

    alerts = await case.alerted(NAMED, LATE)

    assert (alerts, await case.state(NAMED)) == ([], "met")
