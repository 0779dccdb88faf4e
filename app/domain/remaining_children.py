"""Children who were not taken: what is done for each when the origin closes its record.

The origin leads a child who was not taken, until another transfer takes them up. What it closes for
their siblings is not closed over that child's head (hazard 1).
"""

from collections.abc import Collection, Iterator, Sequence

from app.domain.breach import Breach, must
from app.domain.closing import Remaining, RemainingOutcome
from app.domain.transfer import ChildOutcome, Transfer

ELSEWHERE = RemainingOutcome.ANOTHER_TRANSFER


def not_taken(transfer: Transfer) -> tuple[str, ...]:
    """The ids of the children who were not taken, in their order."""
    left = (x for x in transfer.children if x.outcome is ChildOutcome.NOT_TAKEN)
    return tuple(child.child_id for child in left)


def to_be_told_of(transfer: Transfer, elsewhere: Collection[str]) -> tuple[str, ...]:
    """Those whom no other transfer has taken up: the closing says what is done for each.

    `elsewhere`: ids of children whom a later transfer carries.
    """
    return tuple(child for child in not_taken(transfer) if child not in elsewhere)


def remaining_breaches(
    transfer: Transfer, given: Sequence[Remaining], elsewhere: Collection[str]
) -> Iterator[Breach]:
    """Why what is said of them does not do: each once, nobody else, and nothing untrue."""
    told, left = [x.child_id for x in given], not_taken(transfer)
    missing = set(to_be_told_of(transfer, elsewhere)) - set(told)
    if missing:
        says = (
            "Say in remaining what is done for each child who was not taken and is in no other "
            f"transfer: {', '.join(RemainingOutcome)}"
        )
        yield must("closing-remaining", says, f"{len(missing)} not told of", "HZ 1")
    if len(set(told)) < len(told) or set(told) - set(left):
        says = "Tell once of a child who was not taken, and of nobody else"
        yield must("closing-remaining-child", says, f"{len(told)} told of", "HZ 1")
    if any(x.outcome is ELSEWHERE and x.child_id not in elsewhere for x in given):
        says = "Open the other transfer first: until one takes the child up, the origin leads"
        yield must("closing-remaining-transfer", says, "no other transfer", "HZ 1")
    ended = [x for x in given if x.outcome is RemainingOutcome.NO_FURTHER_HELP]
    if any(x.comment is None for x in ended):
        says = "Say why nothing further is done for a child who was not taken"
        yield must("closing-remaining-comment", says, "no comment", "HZ 1")


def remaining(
    transfer: Transfer, given: Sequence[Remaining], elsewhere: Collection[str]
) -> tuple[Remaining, ...]:
    """Each child who was not taken, once: as it was told, or by the transfer that has them."""
    told = {x.child_id: x for x in given}
    left = (x for x in not_taken(transfer) if x in told or x in elsewhere)
    return tuple(told.get(x) or Remaining(x, ELSEWHERE) for x in left)
