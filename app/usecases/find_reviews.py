"""Find the reviews of the transfers that the actor may see (IS 15)."""

from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.instants import start_of_day
from app.domain.review import Review
from app.domain.review_standing import Standing
from app.store.found_reviews import latest_reviews
from app.store.sought import Between
from app.store.sought_clocks import Key, Reviews
from app.usecases.call import Call
from app.usecases.find_clocks import ShownClock, find_clocks


@dataclass(frozen=True, slots=True)
class ReviewFilters:
    """Which reviews: of the transfers from or to `team`, due from one London day to another.

    Both days are included. `standing` None: those that are due or late.
    """

    team: str | None = None
    standing: Standing | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ShownReview:
    """A review's clock, and what the review found where it was held."""

    shown: ShownClock
    held: Review | None


async def find_reviews(
    call: Call, filters: ReviewFilters, after: Key | None, limit: int
) -> list[ShownReview]:
    """One page, the first due first."""
    due = Between(
        start_of_day(filters.since) if filters.since else None,
        start_of_day(filters.until + timedelta(days=1)) if filters.until else None,
    )
    which = Reviews(filters.standing)
    page = await find_clocks(call, filters.team, which, after, limit, due)
    done = [x.found.transfer for x in page if x.found.met_at is not None]
    held = await latest_reviews(call.tx, done)
    return [
        ShownReview(
            x, held.get((x.found.transfer, x.found.code)) if x.found.met_at is not None else None
        )
        for x in page
    ]
