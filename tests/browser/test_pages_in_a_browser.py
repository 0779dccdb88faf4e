"""What a person sees: the trays and records of the mocks, and the API's documentation."""

from pathlib import Path

import pytest
from browser.window import HOST, Window
from journeys.forms import dispatched_step_down, dispatched_step_up
from journeys.world import World

pytestmark = pytest.mark.browser


def picture(window: Window, folder: Path | None, name: str) -> None:
    if folder is not None:
        window.page.screenshot(path=folder / f"{name}.png")


def test_h08_a_person_sees_the_copied_date_out_of_timescale_and_then_the_right_one(
    window: Window, world: World, pictures: Path | None
) -> None:
    page = window.page
    sent = dispatched_step_up(world)
    world.settle()

    page.goto(world.lcs.url)
    picture(window, pictures, "1-trays")
    page.get_by_role("link", name="Families First Bishop Auckland").click()
    title = page.get_by_role("heading", level=2).inner_text()
    picture(window, pictures, "2-tray")
    page.get_by_label("Worker id").fill("ff.manager")
    page.get_by_role("button", name="Pickup").click()
    page.get_by_label("Worker id").fill("ff.manager")
    picture(window, pictures, "3-picked-up")
    page.get_by_role("button", name="Start New Referral").click()
    copied, late = page.get_by_label("Date of Referral").input_value(), flagged(window)
    picture(window, pictures, "4-copied")
    world.settle()
    page.reload()
    picture(window, pictures, "5-corrected")

    assert title == "Transfer from Durham EHM"
    assert (copied, late) == (sent["origin_record"]["started_on"], True)
    assert page.get_by_label("Date of Referral").input_value() == str(world.today)
    assert flagged(window) is False
    assert (window.complaints, window.hosts) == ([], {HOST})


def test_a_person_sees_the_start_date_of_the_episode_right_at_once_and_unchanged(
    window: Window, world: World, pictures: Path | None
) -> None:
    page = window.page
    dispatched_step_down(world)
    world.settle()

    page.goto(f"{world.ehm.url}/trays/OP-BISHOP")
    title = page.get_by_role("heading", level=2).inner_text()
    page.get_by_label("Worker id").fill("op.manager")
    page.get_by_role("button", name="Pickup").click()
    page.get_by_label("Worker id").fill("op.manager")
    page.get_by_role("button", name="Start Early Help Episode").click()
    at_once = page.get_by_label("Start Date of Episode").input_value()
    world.settle()
    page.reload()
    picture(window, pictures, "1-episode")

    assert title == "Transfer from Durham LCS"
    assert at_once == str(world.today)
    assert page.get_by_label("Start Date of Episode").input_value() == at_once
    assert (window.complaints, window.hosts) == ([], {HOST})


def test_a_person_reads_why_something_was_refused(
    window: Window, world: World, pictures: Path | None
) -> None:
    page = window.page
    sent = dispatched_step_up(world)
    world.settle()
    page.goto(f"{world.lcs.url}/trays/FF-BISHOP")
    world.lcs.press(f"/duty-tasks/{sent['reference']}/pick-up", {"worker": "ff.socialworker"})

    task = page.get_by_role("article").filter(has_text=sent["reference"])
    task.get_by_label("Worker id").fill("ff.manager")
    task.get_by_role("button", name="Pickup").click()
    picture(window, pictures, "1-refused")

    alert = page.get_by_role("alert").inner_text()
    assert "Someone else holds the task" in alert
    assert "ff.socialworker" in alert
    assert page.title().startswith("Error: ")
    assert window.hosts == {HOST}


def test_the_documentation_works_under_its_policy_and_fetches_nothing_from_elsewhere(
    window: Window, world: World, pictures: Path | None
) -> None:
    page = window.page

    page.goto(f"{world.api}/docs")
    page.locator(".opblock").first.wait_for()
    shown = page.locator(".opblock").count()
    picture(window, pictures, "1-docs")
    page.get_by_role("button", name="post /v1/transfers", exact=True).click()
    page.locator(".opblock-body").first.wait_for()
    picture(window, pictures, "2-operation")
    page.get_by_role("button", name="get /health/live", exact=True).click()
    page.get_by_role("button", name="Execute").last.click()
    page.locator(".live-responses-table").get_by_text('"live"').wait_for()
    picture(window, pictures, "3-answer")
    document = page.evaluate("fetch('openapi.json').then(answer => answer.json())")
    operations = (*document["paths"].values(), *document["webhooks"].values())
    assert shown == sum(len(path) for path in operations)
    assert (window.complaints, window.hosts) == ([], {HOST})


def flagged(window: Window) -> bool:
    return bool(window.page.get_by_text("OUT OF TIMESCALE").count())
