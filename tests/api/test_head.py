"""HEAD is answered wherever GET is, with the same headers and nothing behind them (RFC 9110)."""

import pytest
from api.contract import operations
from api.hostile import path_of
from api.seeding import seed
from service import Api

from app.domain.pathway import Stage

READ = [
    name
    for name, found in operations().items()
    if found["method"] == "GET" and found.get("security") == [{"bearer": []}]
]
VARY = {"x-request-id", "retry-after"}


@pytest.mark.parametrize("name", READ)
async def test_head_without_a_token_is_refused_where_get_is(storeless: Api, name: str) -> None:
    path = path_of(name)

    get = await storeless.client.get(path)
    head = await storeless.client.head(path)

    assert (head.status_code, head.content) == (get.status_code, b"")
    assert get.status_code == 401


async def test_head_of_a_transfer_tells_its_version_without_its_content(api: Api) -> None:
    transfer = await seed(api, Stage.DRAFT)
    path, bearer = f"/v1/transfers/{transfer.id}", api.as_("op.worker").bearer

    get = await api.client.get(path, headers=bearer)
    head = await api.client.head(path, headers=bearer)

    shown = [{k: v for k, v in x.headers.items() if k not in VARY} for x in (get, head)]
    assert shown[0] == shown[1]
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["Content-Length"]) == len(get.content)


async def test_head_of_an_action_is_no_way_in(storeless: Api) -> None:
    answer = await storeless.client.head(
        path_of("finaliseTransfer"), headers=storeless.as_("op.worker").bearer
    )

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"
