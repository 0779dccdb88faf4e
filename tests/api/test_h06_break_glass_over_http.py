"""Breaking the glass over HTTP: what opens, what stays shut, and who hears of it."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from api.contract import operations
from api.seeding import seed
from builders import TRANSFER_ID
from service import Api

from app.domain.pathway import Stage
from app.domain.transfer import Transfer

one_store = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
long = pytest.mark.long
STRANGER = "op.chester.manager"
CALL: dict[str, Any] = {
    "reason": "immediate_risk_of_harm",
    "note": "Zebedee Quetzalcoatl of the police called tonight",
}
FOR_MANAGERS = {"readRestrictions", "readOpenings"}
READS = sorted(
    name
    for name, found in operations().items()
    if found["method"] == "GET" and "{transfer_id}" in found["path"] and name not in FOR_MANAGERS
)


async def _break(api: Api, transfer: Transfer, person: str = STRANGER) -> httpx.Response:
    return await api.as_(person).post(f"/v1/transfers/{transfer.id}/break-glass", CALL)


async def _read(api: Api, name: str, transfer: Transfer, person: str = STRANGER) -> int:
    path = operations()[name]["path"].format(transfer_id=transfer.id)
    return (await api.as_(person).get(path)).status_code


@one_store
async def test_h06_a_quarter_of_an_hour_of_reading_for_a_reason_and_the_managers_hear_of_it(
    api: Api,
) -> None:
    sent = await seed(api, Stage.DISPATCHED)
    path = f"/v1/transfers/{sent.id}"
    assert (await api.as_(STRANGER).get(path)).status_code == 404

    opened = await _break(api, sent)

    assert opened.status_code == 201, opened.text
    assert (await api.as_(STRANGER).get(path)).status_code == 200
    assert (await api.as_(STRANGER).get("/v1/transfers")).json()["items"] == []
    cancel = {"reason": "entered_in_error", "comment": "No"}
    acted = await api.as_(STRANGER).post(f"{path}/cancel", cancel, version=sent.version)
    assert acted.status_code == 403
    for manager in ("op.manager", "ff.manager"):
        (alert,) = (await api.as_(manager).get("/v1/alerts")).json()["items"]
        assert (alert["kind"], alert["transfer"]) == ("glass_broken", sent.id)
        assert "Zebedee" not in alert["says"]
        (opening,) = (await api.as_(manager).get(f"{path}/openings")).json()["items"]
        assert (opening["person"], opening["note"]) == (STRANGER, CALL["note"])
    api.clock.move(minutes=14, seconds=59)
    assert (await api.as_(STRANGER).get(path)).status_code == 200
    api.clock.move(seconds=1)
    assert (await api.as_(STRANGER).get(path)).status_code == 404


@long
@one_store
@pytest.mark.parametrize("name", READS)
async def test_h06_every_reading_of_the_record_is_open(api: Api, name: str) -> None:
    sent = await seed(api, Stage.DISPATCHED)
    assert await _read(api, name, sent) == 404

    await _break(api, sent)

    assert await _read(api, name, sent) == (403 if name == "readFeedback" else 200)


@long
@one_store
async def test_h06_openings_and_restrictions_are_not_the_reader_s_to_see(api: Api) -> None:
    sent = await seed(api, Stage.DISPATCHED)
    await _break(api, sent)

    assert {await _read(api, name, sent) for name in FOR_MANAGERS} == {403}
    assert await _read(api, "readOpenings", sent, "op.worker") == 403
    assert await _read(api, "readOpenings", sent, "op.manager") == 200


@long
@one_store
async def test_h06_it_is_no_change_and_keeps_nobody_s_version_from_counting(api: Api) -> None:
    sent = await seed(api, Stage.DISPATCHED)
    await _break(api, sent)

    read = await api.as_("op.worker").get(f"/v1/transfers/{sent.id}")

    assert read.headers["ETag"] == f'"{sent.version}"'
    history = (await api.as_("op.worker").get(f"/v1/transfers/{sent.id}/history")).json()
    assert [x["action"] for x in history] == ["glass_broken"]
    assert "Zebedee" not in str(history)


@long
@one_store
async def test_h06_each_breaking_alerts_again_and_a_repeated_request_does_not(api: Api) -> None:
    sent = await seed(api, Stage.DISPATCHED)
    path, key = f"/v1/transfers/{sent.id}/break-glass", str(uuid4())

    first = await api.as_(STRANGER).post(path, CALL, key=key)
    again = await api.as_(STRANGER).post(path, CALL, key=key)
    second = await api.as_(STRANGER).post(path, CALL)

    assert first.json() == again.json()
    assert second.json()["id"] != first.json()["id"]
    alerts = (await api.as_("op.manager").get("/v1/alerts")).json()["items"]
    assert len(alerts) == 2


@long
@one_store
async def test_h06_what_is_not_there_and_what_is_one_s_own_opens_to_nobody(api: Api) -> None:
    sent = await seed(api, Stage.DISPATCHED)
    unknown = await api.as_(STRANGER).post(f"/v1/transfers/{TRANSFER_ID}/break-glass", CALL)

    own = await _break(api, sent, "op.worker")
    chair = await _break(api, sent, "meeting.chair")
    administrator = await _break(api, sent, "systems.team")

    assert unknown.status_code == chair.status_code == 404
    assert administrator.status_code == 403
    assert [x["code"] for x in own.json()["breaches"]] == ["break-glass-needless"]


@long
@one_store
async def test_h06_a_denial_shuts_what_was_opened_before(api: Api) -> None:
    sent = await seed(api, Stage.DISPATCHED)
    key = str(uuid4())
    path = f"/v1/transfers/{sent.id}/break-glass"
    await api.as_(STRANGER).post(path, CALL, key=key)
    denial = {
        "kind": "conflict_of_interest",
        "people": [STRANGER],
        "reason": "party_to_the_matter",
        "note": "A party",
    }

    denied = await api.as_("op.manager").post(
        f"/v1/transfers/{sent.id}/restrict", denial, version=sent.version
    )

    assert denied.status_code == 200, denied.text
    assert {await _read(api, name, sent) for name in READS} == {404}
    assert (await api.as_(STRANGER).post(path, CALL, key=key)).status_code == 404
