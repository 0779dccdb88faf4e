"""What reviews found, for a page of them."""

from collections.abc import Collection

from sqlalchemy import select

from app.domain.review import Review
from app.store.engine import Transaction
from app.store.tables import reviews


async def latest_reviews(tx: Transaction, ids: Collection[str]) -> dict[tuple[str, str], Review]:
    """The latest review of each kind of these transfers, by transfer and code."""
    if not ids:
        return {}
    query = select(reviews).where(reviews.c.transfer.in_(ids))
    found = await tx.connection.execute(query.order_by(reviews.c.transfer, reviews.c.position))
    latest = {}
    for row in found.mappings():
        held = dict(row)
        transfer, _ = held.pop("transfer"), held.pop("position")
        latest[transfer, held["review"]] = Review(**held)
    return latest
