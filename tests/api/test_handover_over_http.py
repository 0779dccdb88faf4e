"""The handover over HTTP."""

from datetime import timedelta

import pytest
from api.seeding import seed
from service import Api

from app.domain.pathway import Stage


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_df_18_the_next_taf_is_passed_over_with_its_time_and_both_sides_see_it(
    api: Api,
) -> None:
    transfer = await seed(api, Stage.DISPATCHED)
    path, now = f"/v1/transfers/{transfer.id}", api.clock.now
    body = {"name": "next_taf_passed_over", "at": now.isoformat()}
    worker = api.as_("op.worker")

    timeless = await worker.post(f"{path}/milestones", body, version=transfer.version)
    taf = (now + timedelta(days=9)).isoformat()
    passed = await worker.post(
        f"{path}/milestones", body | {"until": taf}, version=transfer.version
    )
    shown = await api.as_("ff.socialworker").get(f"{path}/handover")
    elsewhere = await api.as_("ff.chester.manager").get(f"{path}/handover")

    parts = {part["part"]: part for part in shown.json()["parts"]}
    assert [breach["code"] for breach in timeless.json()["breaches"]] == ["milestone-until"]
    assert (passed.status_code, shown.status_code, elsewhere.status_code) == (200, 200, 404)
    assert list(parts) == ["arranged", "visited", "next_taf", "handover_taf"]
    assert (parts["next_taf"]["by"], parts["next_taf"]["until"]) == ("op.worker", taf)
    assert parts["visited"]["at"] is None
    assert {clock["code"] for clock in parts["visited"]["clocks"]} >= {"DF-17-visited"}
