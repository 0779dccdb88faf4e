"""A parameter of the query that an operation does not know, or that comes twice, is refused."""

import pytest
from api.contract import operations
from builders import TRANSFER_ID
from service import Api

CLOSED = {
    name: found["path"].replace("{transfer_id}", TRANSFER_ID)
    for name, found in operations().items()
    if found.get("security") == [{"bearer": []}]
    and found["method"] == "GET"
    and "{" not in found["path"].replace("{transfer_id}", "")
}
WITH_LIMIT = [
    path
    for name, path in CLOSED.items()
    if any(p["name"] == "limit" for p in operations()[name].get("parameters", ()))
]


@pytest.mark.parametrize("path", CLOSED.values(), ids=CLOSED)
async def test_a_parameter_that_nobody_knows_is_refused_and_not_named(
    storeless: Api, path: str
) -> None:
    answer = await storeless.as_("op.worker").get(path, Zebedee="Quetzalcoatl")

    assert answer.status_code == 422
    assert [x["where"] for x in answer.json()["breaches"]] in (["/query"], ["/query/"])
    assert "Zebedee" not in answer.text


@pytest.mark.parametrize("path", WITH_LIMIT)
async def test_of_a_parameter_that_comes_twice_none_is_taken(storeless: Api, path: str) -> None:
    bearer = storeless.as_("op.worker").bearer

    answer = await storeless.client.get(f"{path}?limit=1&limit=2", headers=bearer)
    with_more = await storeless.client.get(f"{path}?limit=0&limit=0&Zebedee=1", headers=bearer)

    assert [x["where"] for x in answer.json()["breaches"]] == ["/query/limit"]
    assert [answer.status_code, with_more.status_code] == [422, 422]
    assert sorted({x["where"] for x in with_more.json()["breaches"]}) == ["/query", "/query/limit"]


async def test_a_parameter_on_an_action_is_refused_before_anything_happens(
    storeless: Api,
) -> None:
    path = f"/v1/transfers/{TRANSFER_ID}/finalise?version=1"

    answer = await storeless.as_("op.worker").post(path, version=1)

    assert answer.status_code == 422
