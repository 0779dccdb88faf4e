"""Legal holds over HTTP: placed by one person, lifted by another, seen by few."""

from typing import Any

import pytest
from api.seeding import seed
from service import Api
from sqlalchemy import select

from app.domain.pathway import Stage
from app.store.tables import audit_events

PATH = "/v1/legal-holds"
BODY: dict[str, Any] = {"reason": "public_inquiry", "child_id": "DURHELD1"}
on_one_store = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
long = pytest.mark.long


async def test_a_hold_is_lifted_by_somebody_else_than_who_placed_it(api: Api) -> None:
    placed = await api.as_("operations.manager").post(PATH, BODY)
    lift = f"{PATH}/{placed.json()['id']}/lift"
    own = await api.as_("operations.manager").post(lift, {"reason": "concluded"}, version=1)
    stale = await api.as_("systems.team").post(lift, {"reason": "concluded"}, version=2)
    lifted = await api.as_("systems.team").post(lift, {"reason": "concluded"}, version=1)
    again = await api.as_("systems.team").post(lift, {"reason": "concluded"}, version=2)

    assert (placed.status_code, placed.headers["ETag"]) == (201, '"1"')
    assert (own.status_code, own.json()["type"]) == (403, "/problems/separation-of-duties")
    assert stale.status_code == 412
    assert (lifted.status_code, lifted.json()["lifted_by"]) == (200, "systems.team")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/settled")
    async with api.store.read() as tx:
        rows = (await tx.connection.execute(select(audit_events).order_by("id"))).mappings().all()
    assert [row["action"] for row in rows] == ["legal_hold_placed", "legal_hold_lifted"]
    assert "child:durham:DURHELD1" in rows[0]["codes"]


@long
@pytest.mark.parametrize(
    ("person", "place", "read"),
    [
        ("operations.manager", 201, 200),
        ("systems.team", 201, 200),
        ("op.manager", 403, 403),
        ("op.worker", 403, 403),
        ("meeting.chair", 403, 403),
        ("lcs.service", 403, 403),
    ],
)
async def test_holds_are_for_operations_managers_and_administrators(
    api: Api, person: str, place: int, read: int
) -> None:
    there = (await api.as_("systems.team").post(PATH, BODY)).json()
    somebody = api.as_(person)

    assert (await somebody.post(PATH, BODY)).status_code == place
    assert (await somebody.get(PATH)).status_code == read
    if read == 403:
        lift = await somebody.post(f"{PATH}/{there['id']}/lift", {"reason": "concluded"}, version=1)
        assert lift.status_code == 404


@long
async def test_a_transfer_is_held_by_who_sees_it(api: Api) -> None:
    transfer = await seed(api, Stage.COMPLETED)
    body = {"reason": "litigation", "transfer": transfer.id}
    unknown = {"reason": "litigation", "transfer": "9d0c1f7e-4b0a-4c53-8f3b-6b7a0e9f2d11"}

    held = await api.as_("operations.manager").post(PATH, body)
    nothing = await api.as_("operations.manager").post(PATH, unknown)

    assert (held.status_code, held.json()["transfer"]) == (201, transfer.id)
    assert nothing.status_code == 404


@on_one_store
@pytest.mark.parametrize(
    "body",
    [
        {"reason": "public_inquiry"},
        BODY | {"transfer": "9d0c1f7e-4b0a-4c53-8f3b-6b7a0e9f2d11"},
        BODY | {"reason": "because"},
        BODY | {"child_id": "not an id"},
        {"reason": "litigation", "transfer": "x"},
        BODY | {"note": "free text"},
    ],
)
async def test_a_hold_is_on_one_child_or_one_transfer_for_a_coded_reason(
    api: Api, body: dict[str, Any]
) -> None:
    assert (await api.as_("operations.manager").post(PATH, body)).status_code == 422


@long
async def test_holds_are_listed_page_by_page(api: Api) -> None:
    ids = {(await api.as_("systems.team").post(PATH, BODY)).json()["id"] for _ in range(3)}

    first = (await api.as_("operations.manager").get(PATH, limit=2)).json()
    rest = (await api.as_("operations.manager").get(PATH, limit=2, after=first["next"])).json()

    assert {x["id"] for x in first["items"] + rest["items"]} == ids
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)
