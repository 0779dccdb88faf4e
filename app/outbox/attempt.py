"""One attempt at one delivery, from push to settlement."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.duty_task import DutyTask
from app.domain.learned import Learned
from app.outbox.backoff import Park, next_step
from app.outbox.push import Pushed, looked_up, push
from app.outbox.tray import Capability, DutyTray, TrayRefused, TrayUnavailable
from app.store.delivery_rows import (
    DELIVERED,
    PARKED,
    PENDING,
    UNCERTAIN,
    UNSEEN,
    Delivery,
    Settlement,
)

DEADLINE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a destination is borne with.

    `steps`: seconds before each attempt. `deadline` bounds one whole push, however many calls it
    takes: it ends before the lease does.
    """

    steps: Sequence[float]
    deadline: timedelta = DEADLINE


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of an attempt.

    `answered`: the system spoke, whatever it said. `gone`: the address at which a subscriber is
    no more.
    """

    settlement: Settlement
    learned: Learned | None = None
    answered: bool = True
    gone: str | None = None


async def attempt(
    delivery: Delivery,
    tray: DutyTray,
    now: datetime,
    patience: Patience,
) -> Attempt:
    """Push once, and decide what the row says next. Raises nothing a tray may do."""
    steps = patience.steps
    try:
        pushed = await _arrived_before(delivery, tray)
        if pushed is None:
            if _must_not_resend(delivery, tray):
                return Attempt(Settlement(UNCERTAIN, "may have been processed", ambiguous=True))
            if _may_still_arrive(delivery, tray):
                later = now + LONGEST_PROCESSING
                return Attempt(Settlement(PENDING, "not there yet", later, ambiguous=True))
            async with asyncio.timeout(patience.deadline.total_seconds()):
                pushed = await push(delivery, tray, now)
    except TimeoutError:
        late = TrayUnavailable("the push took too long", ambiguous=True)
        return Attempt(after_failure(delivery, tray.capability, late, now, steps), answered=False)
    except TrayRefused as refusal:
        refused = Settlement(PARKED, f"refused: {refusal}", ambiguous=delivery.ambiguous)
        return Attempt(refused)
    except TrayUnavailable as failure:
        return Attempt(
            after_failure(delivery, tray.capability, failure, now, steps), answered=False
        )
    return Attempt(Settlement(DELIVERED, pushed.says), pushed.learned)


async def _arrived_before(delivery: Delivery, tray: DutyTray) -> Pushed | None:
    """Whether an earlier, ambiguous push did arrive, where only a look-up can tell."""
    payload = delivery.payload
    looks_up = tray.capability is Capability.LOOKUP_BY_REFERENCE
    if not (delivery.ambiguous and looks_up and isinstance(payload, DutyTask)):
        return None
    reports = await tray.look_up(payload.reference)
    if reports is None:
        return None
    return looked_up(payload.reference, reports)


def _must_not_resend(delivery: Delivery, tray: DutyTray) -> bool:
    """Only a task can be doubled; every other message sets a state and may be said twice."""
    creates = isinstance(delivery.payload, DutyTask)
    return delivery.ambiguous and creates and tray.capability is Capability.NONE


def _may_still_arrive(delivery: Delivery, tray: DutyTray) -> bool:
    """Whether a look-up that found nothing came too soon: the push before it began just now."""
    looks_up = tray.capability is Capability.LOOKUP_BY_REFERENCE
    creates = isinstance(delivery.payload, DutyTask)
    return delivery.ambiguous and creates and looks_up and delivery.outcome in UNSEEN


def after_failure(
    delivery: Delivery,
    capability: Capability,
    failure: TrayUnavailable,
    now: datetime,
    steps: Sequence[float],
) -> Settlement:
    """What the row says next where nobody answered: when it is tried again, or that it is not."""
    ambiguous = delivery.ambiguous or failure.ambiguous
    creates = isinstance(delivery.payload, DutyTask)
    if ambiguous and creates and capability is Capability.NONE:
        return Settlement(UNCERTAIN, f"may have been processed: {failure}", ambiguous=True)
    chance = random.random()  # noqa: S311 - spreads load, guards nothing
    wait = next_step(delivery.attempts, steps, chance=chance, retry_after=failure.retry_after)
    if isinstance(wait, Park):
        return Settlement(PARKED, f"gave up: {failure}", ambiguous=ambiguous)
    if ambiguous and capability is Capability.LOOKUP_BY_REFERENCE:
        wait = max(wait, LONGEST_PROCESSING)
    return Settlement(PENDING, str(failure), now + wait, ambiguous)


LONGEST_PROCESSING = timedelta(minutes=2)
"""A look-up before this is over could miss a call that is still being worked on."""
