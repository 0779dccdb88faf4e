"""The API with one council's sample directory, on a Monday morning under its first protocol."""

from datetime import UTC, datetime

import pytest
from procedures.case import with_council
from service import Api

MONDAY = datetime(2026, 11, 9, 10, tzinfo=UTC)


@pytest.fixture
async def islington(api: Api) -> Api:
    api.clock.now = MONDAY
    return await with_council(api, "islington")


@pytest.fixture
async def rochdale(api: Api) -> Api:
    api.clock.now = MONDAY
    return await with_council(api, "rochdale")


@pytest.fixture
async def cheshire_east(api: Api) -> Api:
    return await with_council(api, "cheshire_east")
