"""The date of a created record, with everything that can go wrong with it (DL 9, DL 20)."""

import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from journeys.forms import (
    allocated_step_up,
    child,
    dispatched_step_up,
    started_step_down,
    started_step_up,
)
from journeys.world import World

pytestmark = pytest.mark.long


def record_of(world: World, sent: dict[str, Any]) -> dict[str, Any]:
    held: dict[str, Any] = world.as_("systems.team").read(sent)["children"][0]["record"]
    return held


def date_there(world: World, referral: str) -> str:
    return str(world.lcs.read(f"/referrals/{referral}")["date_of_referral"])


def date_checks(world: World, sent: dict[str, Any]) -> list[dict[str, Any]]:
    found = world.as_("systems.team").deliveries(sent)
    return [delivery for delivery in found if delivery["kind"] == "check_record_date"]


def test_h08_an_amendment_that_lcs_ignores_is_tried_again_until_it_holds(world: World) -> None:
    world.lcs.script("ignore_amendment", "saveReferral", times=2)
    sent, referral = started_step_up(world)

    world.settle()
    (ignored,) = date_checks(world, sent)
    for _ in range(2):
        world.clock.move(minutes=2)
        world.settle()

    (check,) = date_checks(world, sent)
    assert (ignored["state"], ignored["outcome"]) == ("pending", "the amendment did not hold")
    assert (check["state"], check["attempts"]) == ("delivered", 3)
    assert record_of(world, sent)["standing"] == "corrected"
    assert date_there(world, referral) == str(world.today)
    assert world.alerts(sent) == []


def test_h08_an_amendment_that_lcs_never_takes_ends_with_a_person(world: World) -> None:
    world.lcs.script("ignore_amendment", "saveReferral", times=100)
    sent, referral = started_step_up(world)

    for _ in world.settings.relay_backoff:
        world.settle()
        world.clock.move(hours=10)

    (check,) = date_checks(world, sent)
    assert check["state"] == "parked"
    assert world.alerts(sent)[-1] == "delivery_parked"
    assert date_there(world, referral) == sent["origin_record"]["started_on"]
    assert record_of(world, sent)["standing"] == "unchecked"


def test_h08_an_amendment_that_lcs_refuses_is_parked_with_an_alert(world: World) -> None:
    world.lcs.script("refuse_amendment", "saveReferral", times=100)
    sent, referral = started_step_up(world)

    world.settle()

    (check,) = date_checks(world, sent)
    assert (check["state"], check["outcome"]) == (
        "parked",
        "refused: status 422: amendment_refused",
    )
    assert world.alerts(sent) == ["delivery_parked"]
    assert date_there(world, referral) == sent["origin_record"]["started_on"]


def test_h08_a_date_that_the_census_would_refuse_is_left_to_a_person_and_not_sent(
    world: World,
) -> None:
    sent, referral = started_step_up(world)
    yesterday = str(world.today - timedelta(days=1))
    world.lcs.press(f"/referrals/{referral}/close", {"reason": "RC8", "closed_on": yesterday})

    world.settle()

    assert record_of(world, sent)["standing"] == "refused"
    assert "referral_date_refused" in world.alerts(sent)
    assert date_there(world, referral) == sent["origin_record"]["started_on"]
    assert world.lcs.log("saveReferral") == []


def test_h08_a_date_that_lcs_copies_again_is_corrected_once_more_and_then_left_to_a_person(
    world: World,
) -> None:
    world.lcs.script("recopy_date", "saveReferral", times=2, seconds=0.3)
    sent, referral = started_step_up(world)

    world.settle()
    first = record_of(world, sent)
    wait_for_updates(world, 2)
    world.settle()
    second = record_of(world, sent)
    wait_for_updates(world, 4)
    world.settle()

    assert (first["standing"], first["corrections"]) == ("corrected", 1)
    assert (second["standing"], second["corrections"]) == ("corrected", 2)
    assert record_of(world, sent)["standing"] == "discrepancy"
    assert world.alerts(sent) == ["referral_date_discrepancy"]
    assert date_there(world, referral) == sent["origin_record"]["started_on"]
    assert len(world.lcs.log("saveReferral")) == 2


def test_h08_a_date_that_is_copied_again_behind_a_lost_callback_is_found_by_reconciliation(
    world: World,
) -> None:
    world.lcs.script("recopy_date", "saveReferral", seconds=1.0)
    sent, referral = started_step_up(world)
    world.settle()
    world.lcs.script("lose_callback", "referral.updated")
    wait_for_updates(world, 2)
    spoilt = date_there(world, referral)

    world.clock.move(minutes=16)
    world.reconcile()

    assert spoilt == sent["origin_record"]["started_on"]
    assert date_there(world, referral) == str(world.today)
    assert record_of(world, sent)["corrections"] == 2


def test_h08_a_third_date_that_a_person_set_is_never_overwritten(world: World) -> None:
    sent, referral = started_step_up(world)
    chosen = str(world.today - timedelta(days=2))
    world.lcs.save(f"/referrals/{referral}", {"date_of_referral": chosen})

    world.settle()

    assert record_of(world, sent)["standing"] == "discrepancy"
    assert set(world.alerts(sent)) == {"referral_date_discrepancy"}
    assert date_there(world, referral) == chosen
    assert len(world.lcs.log("saveReferral")) == 1


def test_h08_a_date_that_a_person_changes_after_our_correction_stays_theirs(
    world: World,
) -> None:
    sent, referral = allocated_step_up(world)
    chosen = str(world.today - timedelta(days=1))

    world.lcs.save(f"/referrals/{referral}", {"date_of_referral": chosen})
    world.settle()

    assert record_of(world, sent)["dated_now"] == chosen
    assert world.alerts(sent) == ["referral_date_discrepancy"]
    assert date_there(world, referral) == chosen


def test_h08_a_person_who_amends_the_date_first_leaves_nothing_to_amend(world: World) -> None:
    sent, referral = started_step_up(world)
    world.lcs.save(f"/referrals/{referral}", {"date_of_referral": str(world.today)})

    world.settle()

    assert record_of(world, sent)["standing"] == "already_right"
    assert len(world.lcs.log("saveReferral")) == 1


def test_h08_a_referral_created_at_half_past_midnight_in_summer_is_of_that_day(
    world: World,
) -> None:
    half_past_midnight = datetime(2027, 7, 1, 23, 30, tzinfo=UTC)
    world.clock.stop_at(half_past_midnight)
    world.lcs.stop_clock("2027-07-02T00:30:00+01:00")

    sent, referral = started_step_up(world)
    world.settle()

    assert date_there(world, referral) == "2027-07-02"
    assert record_of(world, sent)["dated_now"] == "2027-07-02"
    assert world.today == date(2027, 7, 2)


def test_h13_a_record_of_another_child_is_never_amended(world: World) -> None:
    world.lcs.script("swap_child", "readReferral")
    sent, referral = started_step_up(world)

    world.settle()

    assert record_of(world, sent)["standing"] == "wrong_child"
    assert world.alerts(sent) == ["referral_date_wrong_child"]
    assert world.lcs.log("saveReferral") == []
    assert date_there(world, referral) == sent["origin_record"]["started_on"]


def test_h13_siblings_each_get_their_own_referral_and_date(world: World) -> None:
    children = [child(), child()]
    sent = dispatched_step_up(world, children=children)
    world.settle()

    world.lcs.start(sent["reference"], "ff.manager")
    world.settle()

    held = world.as_("op.worker").read(sent)["children"]
    assert [each["record"]["standing"] for each in held] == ["corrected", "corrected"]
    for each in held:
        there = world.lcs.read(f"/referrals/{each['record']['record_id']}")
        assert there["child"]["child_id"] == each["child_id"]
        assert there["date_of_referral"] == str(world.today)


def test_a_start_date_that_differs_from_the_step_down_form_is_raised_and_never_amended(
    world: World,
) -> None:
    sent, episode = started_step_down(world)
    other = str(world.today - timedelta(days=9))
    world.ehm.save(f"/episodes/{episode}", {"start_date": other})
    people = len(world.ehm.log("saveEpisode"))

    world.settle()

    assert record_of(world, sent)["standing"] == "discrepancy"
    assert set(world.alerts(sent)) == {"episode_start_date_discrepancy"}
    assert world.ehm.read(f"/episodes/{episode}")["start_date"] == other
    assert len(world.ehm.log("saveEpisode")) == people


def wait_for_updates(world: World, number: int) -> None:
    """Wait until LCS has told of that many saves, its own doing among them."""
    end = time.monotonic() + 5
    while len(world.lcs.callbacks("referral.updated")) < number:
        assert time.monotonic() < end
        time.sleep(0.01)
    world.lcs.wait_for_callbacks()
