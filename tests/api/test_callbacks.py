"""What LCS and EHM report: heard once, in any order, and only of their own tasks."""

import asyncio
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from api.seeding import DOWN, UP, call_back, callback, connected, seed
from builders import BEGAN, TRANSFER_ID
from service import Api

from app.domain.pathway import Pathway, Stage
from app.domain.transfer import Transfer

one_store = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SYSTEMS = {UP: "lcs", DOWN: "ehm"}
RECORDS = {UP: "referral", DOWN: "episode"}
WATCHER = "systems.team"


def _reports(api: Api, transfer: Transfer) -> dict[str, dict[str, Any]]:
    """A transfer's life in its tray, a minute a report."""
    api.clock.move(minutes=10)
    now, record = api.clock.now - timedelta(minutes=5), RECORDS[transfer.pathway]
    reference = transfer.reference
    created = {
        "child_id": transfer.children[0].child_id,
        "record_id": "REC-1",
        "created_at": now.isoformat(),
        "dated": BEGAN.isoformat(),
    }

    def at(minute: int) -> Any:
        return now + timedelta(minutes=minute)

    return {
        "received": callback("duty_task.received", at(1), reference=reference),
        "picked up": callback("duty_task.picked_up", at(2), reference=reference, worker="a.worker"),
        "created": callback(
            f"{record}.created", at(3), reference=reference, worker="a.worker", records=[created]
        ),
        "allocated": callback(
            f"{record}.allocated", at(4), reference=reference, worker="b.worker", record_id="REC-1"
        ),
    }


async def _read(api: Api, transfer: Transfer) -> dict[str, Any]:
    answer = await api.as_(WATCHER).get(f"/v1/transfers/{transfer.id}")
    body: dict[str, Any] = answer.json()
    return body


async def _alerts(api: Api) -> list[str]:
    answer = await api.as_(WATCHER).get("/v1/alerts")
    return [alert["kind"] for alert in answer.json()["items"]]


@pytest.mark.parametrize("pathway", Pathway)
async def test_callbacks_alone_carry_a_transfer_from_the_tray_to_its_worker(
    api: Api, pathway: Pathway
) -> None:
    transfer = await seed(api, Stage.DISPATCHED, pathway)

    stages = []
    for report in _reports(api, transfer).values():
        answer = await call_back(api, SYSTEMS[pathway], report)
        assert answer.json() == {"noted": True}
        stages.append((await _read(api, transfer))["stage"])

    after = await _read(api, transfer)
    assert stages == ["dispatched", "picked_up", "started", "allocated"]
    assert (after["holder"], after["lead_professional"]) == ("a.worker", "b.worker")
    assert after["children"][0]["record"]["record_id"] == "REC-1"
    assert after["custody"]["team"] == transfer.form.recipient


@one_store
@pytest.mark.parametrize("order", [*permutations(["picked up", "created", "allocated"])])
async def test_h15_callbacks_may_come_in_any_order(api: Api, order: tuple[str, ...]) -> None:
    transfer = await seed(api, Stage.DISPATCHED)
    reports = _reports(api, transfer)

    answers = [await call_back(api, "lcs", reports[name]) for name in order]

    after = await _read(api, transfer)
    heard_too_soon = order.index("allocated") < order.index("created")
    asked = await api.as_(WATCHER).get(f"/v1/transfers/{transfer.id}/deliveries")
    assert {answer.status_code for answer in answers} == {200}
    assert after["stage"] == ("started" if heard_too_soon else "allocated")
    assert after["holder"] == "a.worker"
    assert ("look_up_task" in [x["kind"] for x in asked.json()]) == heard_too_soon


async def test_a_repeated_callback_gets_the_first_answer_and_changes_nothing(api: Api) -> None:
    transfer = await seed(api, Stage.DISPATCHED)
    report = _reports(api, transfer)["picked up"]

    first = await call_back(api, "lcs", report, "msg_1")
    after = await _read(api, transfer)
    again = await call_back(api, "lcs", report, "msg_1")

    assert first.json() == again.json() == {"noted": True}
    assert await _read(api, transfer) == after


async def test_a_repeated_refusal_gets_the_same_refusal(api: Api) -> None:
    transfer = await seed(api, Stage.CANCELLED)
    report = callback("duty_task.picked_up", reference=f"{transfer.id}.1", worker="a.worker")

    first, again = [await call_back(api, "lcs", report, "msg_1") for _ in range(2)]

    assert first.status_code == again.status_code == 409
    assert first.json() == again.json()
    assert await _alerts(api) == ["callback_out_of_place"]


async def test_h16_a_message_id_with_another_body_answers_409_and_raises_an_alert(api: Api) -> None:
    transfer = await seed(api, Stage.DISPATCHED)
    reports = _reports(api, transfer)

    await call_back(api, "lcs", reports["received"], "msg_1")
    answer = await call_back(api, "lcs", reports["picked up"], "msg_1")

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/report-refused"
    assert (await _read(api, transfer))["stage"] == "dispatched"
    assert await _alerts(api) == ["callback_reused"]


@one_store
async def test_the_same_message_id_from_the_other_system_is_another_message(api: Api) -> None:
    up, down = await seed(api, Stage.DISPATCHED), await seed(api, Stage.DISPATCHED, DOWN)

    answers = [
        await call_back(api, SYSTEMS[x.pathway], _reports(api, x)["received"], "msg_1")
        for x in (up, down)
    ]

    assert [answer.json() for answer in answers] == [{"noted": True}] * 2


async def test_twins_that_come_at_once_are_heard_once(api: Api) -> None:
    transfer = await seed(api, Stage.DISPATCHED)
    report = _reports(api, transfer)["picked up"]

    await connected(api)
    answers = await asyncio.gather(*(call_back(api, "lcs", report, "msg_1") for _ in range(6)))

    assert [(x.status_code, x.json()) for x in answers] == [(200, {"noted": True})] * 6
    assert (await _read(api, transfer))["version"] == transfer.version + 1


async def test_twins_about_no_task_of_ours_get_the_same_answer(api: Api) -> None:
    report = callback("duty_task.received", reference=f"{TRANSFER_ID}.1")

    await connected(api)
    answers = await asyncio.gather(*(call_back(api, "lcs", report, "msg_1") for _ in range(6)))

    assert {x.status_code for x in answers} == {404}


async def test_reports_that_come_at_once_all_count(api: Api) -> None:
    transfer = await seed(api, Stage.DISPATCHED)
    reports = _reports(api, transfer)

    await connected(api)
    answers = await asyncio.gather(
        *(call_back(api, "lcs", reports[name]) for name in ("received", "picked up", "created"))
    )

    assert {answer.status_code for answer in answers} == {200}
    assert (await _read(api, transfer))["stage"] == "started"


@one_store
@pytest.mark.parametrize("pathway", Pathway)
async def test_h16_a_system_speaks_of_its_own_tasks_alone(api: Api, pathway: Pathway) -> None:
    transfer = await seed(api, Stage.DISPATCHED, pathway)
    other = SYSTEMS[DOWN if pathway is UP else UP]

    answers = [await call_back(api, other, report) for report in _reports(api, transfer).values()]

    assert {(x.status_code, x.json()["type"]) for x in answers} == {
        (403, "/problems/not-permitted")
    }
    assert (await _read(api, transfer))["version"] == transfer.version
    assert await _alerts(api) == ["callback_of_another_system"] * 4


@one_store
@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.DECLINED, Stage.CANCELLED])
async def test_h15_a_report_on_a_task_that_no_longer_counts_answers_409_with_an_alert(
    api: Api, stage: Stage
) -> None:
    transfer = await seed(api, stage)
    report = callback("duty_task.picked_up", reference=f"{transfer.id}.1", worker="a.worker")

    answer = await call_back(api, "lcs", report)

    assert answer.status_code == 409
    assert (await _read(api, transfer))["stage"] == stage
    assert await _alerts(api) == ["callback_out_of_place"]


@one_store
async def test_h13_a_record_for_another_child_answers_409_with_an_alert(api: Api) -> None:
    transfer = await seed(api, Stage.PICKED_UP)
    report = _reports(api, transfer)["created"]
    report["data"]["records"][0]["child_id"] = "DURANOTHER"

    answer = await call_back(api, "lcs", report)

    assert answer.status_code == 409
    assert (await _read(api, transfer))["stage"] == "picked_up"
    assert await _alerts(api) == ["callback_out_of_place"]


@one_store
async def test_a_report_on_a_reference_that_is_not_ours_answers_404(api: Api) -> None:
    references = [f"{TRANSFER_ID}.1", "nobody-knows", "x" * 100, f"{TRANSFER_ID}.1.1"]

    answers = [
        await call_back(api, "lcs", callback("duty_task.received", reference=reference))
        for reference in references
    ]

    assert {answer.status_code for answer in answers} == {404}


@one_store
async def test_a_report_on_an_earlier_dispatch_answers_409(api: Api) -> None:
    transfer = await seed(api, Stage.DISPATCHED)
    await api.as_("op.manager").post(
        f"/v1/transfers/{transfer.id}/redirect",
        {"recipient": "ff-chester", "comment": "Moved"},
        version=transfer.version,
    )

    answer = await call_back(api, "lcs", _reports(api, transfer)["picked up"])

    assert answer.status_code == 409


@one_store
async def test_records_that_came_from_no_task_of_ours_and_closures_say_nothing(api: Api) -> None:
    transfer = await seed(api, Stage.STARTED)
    said = [
        callback("referral.updated", reference=None, record_id="R", dated="2026-01-01"),
        callback("referral.allocated", reference=None, record_id="R", worker="w"),
        callback("referral.closed", reference=None, record_id="R"),
        callback("referral.closed", reference=transfer.reference, record_id="R"),
    ]

    answers = [await call_back(api, "lcs", report) for report in said]

    assert [answer.json() for answer in answers] == [{"noted": False}] * 4
    assert (await _read(api, transfer))["version"] == transfer.version


BAD: dict[str, dict[str, Any]] = {
    "an unknown type": {"type": "Quetzalcoatl was hit"},
    "no type": {"type": None},
    "a type that is a list": {"type": ["duty_task.picked_up"]},
    "no time": {"occurred_at": None},
    "seconds": {"occurred_at": 86400},
    "the year 9999": {"occurred_at": "9999-12-31T23:59:59Z"},
    "no offset": {"occurred_at": "2026-11-20T10:00:00"},
    "no data": {"data": None},
    "no reference": {"data": {"worker": "Quetzalcoatl"}},
    "a blank worker": {"data": {"reference": "r.1", "worker": " "}},
    "a lone surrogate": {"data": {"reference": "r.1", "worker": "Quetzalcoatl \ud83d"}},
    "a NUL": {"data": {"reference": "r.1", "worker": "Quetzalcoatl \x00"}},
    "a number": {"data": {"reference": "r.1", "worker": 2**63}},
    "NaN": {"data": {"reference": "r.1", "worker": float("nan")}},
    "a path": {"data": {"reference": "../Quetzalcoatl", "worker": "w"}},
    "an endless reference": {"data": {"reference": "Q" * 101, "worker": "w"}},
    "a decline with a NUL": {
        "type": "duty_task.declined",
        "data": {"reference": "r.1", "worker": "w", "reason": "Quetzalcoatl \x00"},
    },
    "no records": {
        "type": "referral.created",
        "data": {"reference": "r.1", "worker": "w", "records": []},
    },
}


@pytest.mark.parametrize("changes", BAD.values(), ids=BAD)
async def test_a_signed_body_that_is_none_of_the_contract_answers_422_and_repeats_nothing(
    storeless: Api,
    changes: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    body = callback("duty_task.picked_up", reference="r.1", worker="w") | changes

    answers = [await call_back(storeless, system, body) for system in ("lcs", "ehm")]

    assert {x.status_code for x in answers} == {422}
    assert all(x.json()["breaches"] for x in answers)
    for place in (*(x.text for x in answers), *capsys.readouterr(), caplog.text):
        assert "Quetzalcoatl" not in place


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("duty_task.picked_up", {"worker": "w" * 200}),
        ("duty_task.declined", {"worker": "w", "reason": "Not yet. " * 2000}),
        ("referral.allocated", {"worker": "w" * 200, "record_id": "R" * 64}),
    ],
)
async def test_the_longest_words_of_the_contract_are_kept(
    api: Api, kind: str, data: dict[str, Any]
) -> None:
    transfer = await seed(api, Stage.DISPATCHED)

    answer = await call_back(api, "lcs", callback(kind, reference=transfer.reference, **data))

    assert answer.status_code == 200
