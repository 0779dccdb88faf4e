"""In every council and by every route, a transfer goes on without its handover (DF 19)."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from domain.council_at_work import HALVES, AtWork, council
from domain.going_on import go_on

from app.domain.custody import ledger
from app.domain.pathway import Pathway, Stage

FRIDAY = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
ROUTES = [
    (code, pathway, route)
    for code, pathway in HALVES
    for route in council(code).pathways[pathway].routes
]
STEPS = 12


@pytest.mark.parametrize(("code", "pathway", "route"), ROUTES)
@pytest.mark.parametrize("seed", range(3))
def test_df_19_a_transfer_without_any_part_of_its_handover_is_allocated_all_the_same(
    code: str, pathway: Pathway, route: str, seed: int
) -> None:
    chance = Random(seed)  # noqa: S311 - the same every time
    work = AtWork(code, pathway, FRIDAY, chance, route)

    for _ in range(STEPS):
        if work.transfer.stage is Stage.ALLOCATED:
            break
        go_on(work, chance)
        work.wait(timedelta(hours=1))

    recorded = {mark.name for mark in work.transfer.milestones}
    assert work.transfer.stage is Stage.ALLOCATED
    assert recorded.isdisjoint(work.rules.handover.values())
    assert ledger(work.transfer, work.rules)[-1].team == work.transfer.sent_to
