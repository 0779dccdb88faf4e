"""Children who come back: what a reader may know of a transfer's earlier step down, and a list."""

from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.authority import may_see, visible_to
from app.domain.instants import start_of_day
from app.domain.london import local_date
from app.domain.re_referral import ReReferral, days_between, who_came_back
from app.domain.transfer import Transfer
from app.domain.withheld import withheld
from app.store.re_referrals import (
    FoundReReferral,
    FoundStepUp,
    Key,
    SoughtReReferrals,
)
from app.store.re_referrals import find_re_referrals as search
from app.store.transfers import load_transfer
from app.usecases.call import Call


@dataclass(frozen=True, slots=True)
class ShownReReferral:
    """A step up with what its reader may know of the step down before."""

    step_up: FoundStepUp
    re_referral: ReReferral


async def re_referral(call: Call, transfer: Transfer) -> ReReferral | None:
    """The step down that the transfer comes after, as far as the actor may see it.

    None: there is none, or none that is not withheld from them.
    """
    if transfer.re_referral_of is None:
        return None
    earlier = await load_transfer(call.tx, transfer.re_referral_of)
    if earlier is not None and withheld(call.actor, earlier):
        return None
    completed = earlier and earlier.reached("completed")
    opened = transfer.reached("opened")
    if not (earlier and completed and opened and may_see(call.actor, earlier)):
        return ReReferral(transfer.re_referral_of)
    rules = await call.rules(earlier)
    before = {child.child_id for child in earlier.carried}
    return ReReferral(
        of=earlier.id,
        route=earlier.route,
        completed_on=local_date(completed.at),
        days=days_between(completed.at, opened.at),
        children=who_came_back((child.child_id for child in transfer.children), before),
        review_outcome=earlier.reviews[-1].outcome if earlier.reviews else None,
        outcomes_sought=earlier.form.statements.get(rules.outcomes_statement or ""),
    )


async def find_re_referrals(
    call: Call, since: date | None, until: date | None, before: Key | None, limit: int
) -> list[ShownReReferral]:
    """One page of the step ups that the actor may see, the newest first.

    Those opened from the London day `since` to the day `until`, that day included.
    """
    sought = SoughtReReferrals(
        authority=call.actor.authority,
        visible_to=visible_to(call.actor),
        since=start_of_day(since) if since else None,
        until=start_of_day(until + timedelta(days=1)) if until else None,
        before=before,
        limit=limit,
    )
    return [
        ShownReReferral(found.step_up, _known(found)) for found in await search(call.tx, sought)
    ]


def _known(found: FoundReReferral) -> ReReferral:
    up, down = found.step_up, found.step_down
    if down is None:
        return ReReferral(up.re_referral_of)
    return ReReferral(
        of=down.id,
        route=down.route,
        completed_on=local_date(down.completed_at),
        days=days_between(down.completed_at, up.opened_at),
        children=found.children,
    )
