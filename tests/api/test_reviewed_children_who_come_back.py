"""A child who comes back brings along what the review of the step down came to."""

from dataclasses import replace
from typing import Any

import pytest
from api.seeding import DOWN, seed
from builders import child
from service import Api

from app.api.examples import STEP_UP
from app.domain.pathway import Stage
from app.domain.review import Review
from app.domain.transfer import Transfer

pytestmark = pytest.mark.long
COMES_BACK = STEP_UP["children"][0]["child_id"]


def _reviewed(*outcomes: str | None) -> Any:
    """A step down with a review of each of these outcomes."""

    def reviewed(transfer: Transfer) -> Transfer:
        at = transfer.milestones[-1].at
        held = [Review("R", x, "Steady", None, at, "chair", at) for x in outcomes]
        return replace(transfer, reviews=tuple(held))

    return reviewed


@pytest.mark.parametrize(
    ("outcomes", "shown"),
    [
        (("as_hoped",), "as_hoped"),
        (("as_hoped", "step_up_needed"), "step_up_needed"),
        (("as_hoped", None), None),
        ((), None),
    ],
    ids=["one review", "the latest of two", "one without an outcome", "no review"],
)
async def test_is_15_a_step_up_shows_what_the_latest_review_of_the_step_down_came_to(
    api: Api, outcomes: tuple[str | None, ...], shown: str | None
) -> None:
    down = await seed(
        api, Stage.COMPLETED, DOWN, then=_reviewed(*outcomes), children=(child(COMES_BACK),)
    )
    worker = api.as_("op.worker")

    opened = await worker.post("/v1/transfers", STEP_UP)

    assert opened.status_code == 201, opened.text
    read = await worker.get(f"/v1/transfers/{opened.json()['id']}")
    for view in (opened.json(), read.json()):
        assert view["re_referral"]["of"] == down.id
        assert view["re_referral"]["review_outcome"] == shown
