import re
from typing import Any

import httpx
import pytest

from adapters.mock_gateway.case_system import CaseSystem

KEY = {"Idempotency-Key": "deliver-1"}


def buttons(page: str) -> list[str]:
    return re.findall(r"<button[^>]*>([^<]+)</button>", page)


@pytest.fixture
async def tray(mock: httpx.AsyncClient, task: dict[str, Any]) -> str:
    await mock.put("/admin/clock", json={"now": "2026-11-20T09:30:00Z"})
    await mock.post("/duty-tasks", json=task | {"immediate_risk": True}, headers=KEY)
    return f"/trays/{task['tray']}"


async def test_the_first_page_counts_what_lies_in_each_tray(
    mock: httpx.AsyncClient, tray: str, system: CaseSystem
) -> None:
    page = await mock.get("/")

    assert page.status_code == 200
    assert all(team in page.text for team in system.trays.values())
    assert f'href="{tray}"' in page.text
    assert re.findall(r"<td>(\d+)</td>", page.text)[:2] == ["1", "0"]


async def test_a_team_picks_up_and_starts_with_the_words_of_liquidlogic(
    mock: httpx.AsyncClient, tray: str, task: dict[str, Any], system: CaseSystem
) -> None:
    form = {"reference": task["reference"], "worker": "tm-1"}
    waiting = (await mock.get(tray)).text
    picked_up = await mock.post(f"{tray}/pick-up", data=form, follow_redirects=True)
    started = await mock.post(f"{tray}/start", data=form, follow_redirects=True)

    for words in (task["title"], "Jordan Example", "20 November 2026, 09:30", "Immediate risk"):
        assert words in waiting
    assert buttons(waiting) == ["Pickup"]
    assert buttons(picked_up.text) == [system.start.label]
    assert "picked up by tm-1" in picked_up.text
    assert started.url.path.startswith(f"/pages/{system.records}/")
    assert buttons(started.text) == ["Save", "Finalise", "Close"]
    types = [one["type"] for one in (await mock.get("/admin/callbacks")).json()["items"]]
    assert types == ["duty_task.received", "duty_task.picked_up", f"{system.record}.created"]


@pytest.mark.parametrize("started", [False, True])
async def test_h12_the_pages_show_a_form_as_restricted_and_none_of_its_answers(
    mock: httpx.AsyncClient, tray: str, task: dict[str, Any], *, started: bool
) -> None:
    address, by = f"/duty-tasks/{task['reference']}", {"worker": "tm-1"}
    (form,) = task["forms"]
    limit = {"scopes": ["share_assessment"], "forms": [form["record_id"]]}
    form_data = {"reference": task["reference"], "worker": "tm-1"}
    await mock.post(f"{address}/pick-up", json=by)
    if started:
        await mock.post(f"{tray}/start", data=form_data)

    await mock.post(f"{address}/limit-sharing", json=limit)
    record = await mock.post(f"{tray}/start", data=form_data, follow_redirects=True)

    shown = (await mock.get(tray)).text
    assert f"{form['record_id']}, restricted: the family has withdrawn consent" in shown
    answers = list(form["fields"].values())
    assert answers
    assert not any(answer in shown + record.text for answer in answers)


async def test_a_tray_shows_what_the_task_says_of_the_need_the_statements_and_the_team(
    mock: httpx.AsyncClient, tray: str, task: dict[str, Any]
) -> None:
    waiting = (await mock.get(tray)).text

    (statement,) = task["statements"].values()
    shown = ["Primary need", "N1", "Worry statements", statement]
    shown += ["Team around the family", "A. Nurse, 0-19 service: Sleep and routines"]
    shown += ["Referral source", "5D"] if task["referral_source"] else []
    shown += ["Next lead professional"] if task["next_lead_professional"] else []
    assert all(words in waiting for words in shown)


async def test_a_tray_does_not_name_what_a_task_does_not_say(
    mock: httpx.AsyncClient, task: dict[str, Any]
) -> None:
    later = (
        "referral_source", "primary_need", "statements", "next_lead_professional",
        "team_around_the_family",
    )  # fmt: skip
    bare = {name: value for name, value in task.items() if name not in later}
    delivered = await mock.post("/duty-tasks", json=bare, headers=KEY)

    page = (await mock.get(f"/trays/{task['tray']}")).text

    assert delivered.status_code == 201
    for words in ("Referral source", "Primary need", "Next lead professional", "Team around"):
        assert words not in page


async def test_h08_a_referral_shows_out_of_timescale_until_its_date_is_saved(
    lcs: httpx.AsyncClient, step_up: dict[str, Any], start: Any
) -> None:
    await lcs.put("/admin/clock", json={"now": "2026-11-20T12:00:00Z"})
    started = await start(lcs, step_up)
    address = f"/pages/referrals/{started['records'][0]['record_id']}"

    late = (await lcs.get(address)).text
    form = {"version": "1", "dated": "2026-11-20"}
    saved = await lcs.post(f"{address}/save", data=form, follow_redirects=True)
    stale = await lcs.post(f"{address}/save", data=form)

    assert "OUT OF TIMESCALE" in late
    assert "2 March 2026" in late
    assert "7 May 2026" in late
    assert saved.status_code == 200
    assert "OUT OF TIMESCALE" not in saved.text
    assert "27 January 2027" in saved.text
    assert stale.status_code == 412
    assert "The record has changed since it was read" in stale.text


async def test_a_record_is_finalised_allocated_and_closed_on_its_page(
    mock: httpx.AsyncClient, task: dict[str, Any], start: Any, system: CaseSystem
) -> None:
    await mock.put("/admin/clock", json={"now": "2026-11-20T12:00:00Z"})
    started = await start(mock, task)
    address = f"/pages/{system.records}/{started['records'][0]['record_id']}"

    async def press(action: str, **form: str) -> httpx.Response:
        return await mock.post(f"{address}/{action}", data=form, follow_redirects=True)

    assert buttons((await press("finalise")).text) == ["Save", "Allocate", "Close"]
    assert "sw-104" in (await press("allocate", worker="sw-104")).text
    refused = await press("close", reason="\t", closed_on="2026-11-20")
    closed = await press("close", reason="RC9", closed_on="2026-11-20")

    assert (refused.status_code, "Enter a valid reason." in refused.text) == (422, True)
    assert buttons(closed.text) == ["Save"]
    assert "20 November 2026, RC9" in closed.text


async def test_what_goes_wrong_on_a_page_is_read_on_a_page(
    mock: httpx.AsyncClient, tray: str, task: dict[str, Any], system: CaseSystem
) -> None:
    form = {"reference": task["reference"], "worker": "tm-1"}
    records = f"/pages/{system.records}"
    multipart = {"content-type": "multipart/form-data"}
    answers = [
        (422, await mock.post(f"{tray}/pick-up", data=form | {"worker": " "})),
        (404, await mock.post(f"{tray}/pick-up", data=form | {"reference": "none"})),
        (409, await mock.post(f"{tray}/start", data=form)),
        (422, await mock.post(f"{tray}/pick-up")),
        (400, await mock.post(f"{tray}/pick-up", content=b"?", headers=multipart)),
        (422, await mock.get("/trays/none")),
        (404, await mock.get(f"{records}/none")),
        (404, await mock.post(f"{records}/none/finalise")),
        (422, await mock.post(f"{records}/none/shred")),
    ]

    for status, answer in answers:
        assert answer.status_code == status
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert 'role="alert"' in answer.text
        assert "<title>Error: " in answer.text


async def test_pages_run_no_script_and_escape_what_was_sent(
    mock: httpx.AsyncClient, task: dict[str, Any]
) -> None:
    nasty = task | {"comments": "<script>alert(1)</script>", "from_worker": '" onclick="x'}
    await mock.post("/duty-tasks", json=nasty, headers=KEY)

    page = await mock.get(f"/trays/{task['tray']}")
    style = await mock.get("/pages/style.css")
    others = [await mock.get("/nowhere"), await mock.post("/trays/FF-BISHOP/pick-up"), page, style]

    assert {x.headers["X-Content-Type-Options"] for x in others} == {"nosniff"}
    assert len({x.headers["Content-Security-Policy"] for x in others}) == 1
    assert "<script" not in page.text
    assert "&lt;script&gt;" in page.text
    assert 'onclick="x' not in page.text
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; form-action 'self'")
    assert not re.findall(r"(?:src|href)=\"(?!/|#)", page.text)
    assert "style=" not in page.text
    assert style.headers["content-type"].startswith("text/css")
