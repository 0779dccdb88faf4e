"""Hazard 1 as what must be true after every step: one team leads, at every instant."""

from datetime import datetime, timedelta
from itertools import pairwise

from app.domain.custody import Custody, custody_at, ledger
from app.domain.decision import Decision, Situation
from app.domain.milestone_kind import Side
from app.domain.milestone_names import (
    DISAGREEMENT_RAISED,
    DISAGREEMENT_RESOLVED,
    LEAD_CHANGED,
    ORIGIN_CLOSED,
    TEAM_SUCCEEDED,
)
from app.domain.pathway import Stage
from app.domain.protocol import PathwayRules
from app.domain.timescales import Within
from app.domain.transfer import ChildOutcome, Transfer

INSTANT, AGES = timedelta(microseconds=1), timedelta(days=4000)
NEVER_TAKEN = (Stage.DRAFT, Stage.AWAITING_AUTHORISATION, Stage.DECLINED, Stage.CANCELLED)
TAKEN = (Stage.STARTED, Stage.ALLOCATED, Stage.COMPLETED)


def nothing_is_amiss(transfer: Transfer, where: Situation) -> None:
    """Everything that holds of a transfer, whatever was done to it and whenever one looks."""
    rules = where.rules(transfer)
    holds = ledger(transfer, rules)
    for child in (None, *transfer.children):
        of_child = ledger(transfer, rules, child)
        _follow_one_another(of_child, transfer)
        for instant in _instants(transfer, of_child, where.now):
            on = [hold for hold in of_child if hold.is_at(instant)]
            assert on == [custody_at(transfer, rules, instant, child)]
        if child and child.outcome is ChildOutcome.NOT_TAKEN:
            assert {hold.team for hold in of_child} <= _origins(transfer)
        else:
            assert of_child == holds
    _passes_when_it_is_taken(transfer, rules, holds, where.now)
    _is_closed_only_once_taken(transfer, rules)
    _clocks_count_forward(transfer, where)


def is_one_change(decision: Decision, before: Transfer | None) -> None:
    """A version a change: each with its line in the audit, and no other."""
    versions = sorted({event.version or 0 for event in decision.events})
    known = before.version if before else 0
    assert decision.before == before
    assert versions == list(range(known + 1, decision.after.version + 1))
    assert versions
    if before is not None:
        assert decision.after.milestones[: len(before.milestones)] == before.milestones or any(
            mark.outcome == "voided" for mark in decision.after.milestones
        )


def _follow_one_another(holds: tuple[Custody, ...], transfer: Transfer) -> None:
    changes = [mark.name for mark in transfer.milestones if mark.name == LEAD_CHANGED]
    assert holds[0].since is None
    assert holds[-1].until is None
    for one, following in pairwise(holds):
        assert one.until == following.since
        assert one.team != following.team or changes
        assert one.since is None or one.until is None or one.since < one.until


def _instants(transfer: Transfer, holds: tuple[Custody, ...], now: datetime) -> frozenset[datetime]:
    """Before, at and after everything that happened, now, and long before and after all."""
    borders = {mark.at for mark in transfer.milestones} | {hold.since for hold in holds} | {now}
    around = {x + nudge for x in borders if x for nudge in (-INSTANT, timedelta(), INSTANT)}
    return frozenset(around | {now - AGES, now + AGES})


def _passes_when_it_is_taken(
    transfer: Transfer, rules: PathwayRules, holds: tuple[Custody, ...], now: datetime
) -> None:
    origins, needed = _origins(transfer), ("started", rules.custody_passes_on)
    times = [_first(transfer, name) for name in needed]
    now_led_by = custody_at(transfer, rules, now).team
    assert holds[0].team in origins
    reached = [at for at in times if at is not None]
    if not _has_passed(transfer, set(needed)):
        assert {hold.team for hold in holds} <= origins
    else:
        received = [hold for hold in holds if hold.team not in origins]
        assert all(hold.since and max(reached) <= hold.since <= now for hold in received)
        assert now_led_by == transfer.sent_to
    if transfer.stage in NEVER_TAKEN:
        assert now_led_by == transfer.origin_team
    assert (transfer.stage in TAKEN) == (times[0] is not None)
    if transfer.stage is Stage.COMPLETED:
        assert now_led_by not in origins


def _has_passed(transfer: Transfer, needed: set[str]) -> bool:
    """Whether all that is needed was known at a time when no disagreement was open."""
    disputed = False
    for mark in transfer.milestones:
        disputed = mark.name == DISAGREEMENT_RAISED or (
            disputed and mark.name != DISAGREEMENT_RESOLVED
        )
        needed = needed - {mark.name}
        if not needed and not disputed:
            return True
    return False


def _origins(transfer: Transfer) -> set[str | None]:
    """The team at the origin, and any that it came after."""
    succeeded = {
        mark.team
        for mark in transfer.milestones
        if mark.name == "opened"
        or (mark.name == TEAM_SUCCEEDED and mark.outcome == Side.ORIGIN.value)
    }
    return {transfer.origin_team, *(succeeded - {None})}


def _is_closed_only_once_taken(transfer: Transfer, rules: PathwayRules) -> None:
    """The steps at the origin may begin, and are not complete, before the case is accepted."""
    names = [mark.name for mark in transfer.milestones]
    assert (ORIGIN_CLOSED in names) == (transfer.closing is not None)
    if transfer.closing is not None:
        before = names[: names.index(ORIGIN_CLOSED)]
        assert {"started", rules.custody_passes_on} <= set(before)
        told = [child.child_id for child in transfer.closing.remaining]
        left = [x.child_id for x in transfer.children if x.outcome is ChildOutcome.NOT_TAKEN]
        assert told == left, "each child who is the origin's still is told of"


def _clocks_count_forward(transfer: Transfer, where: Situation) -> None:
    for clock in where.clocks(transfer):
        left, late = clock.left(where.now), clock.late_by(where.now)
        assert left is None or left >= timedelta()
        assert late is None or late > timedelta()
        assert clock.given_back >= timedelta()
        if clock.started_at and clock.due_at and isinstance(clock.kind.timescale, Within):
            assert clock.started_at <= clock.due_at


def _first(transfer: Transfer, name: str) -> datetime | None:
    return next((mark.at for mark in transfer.milestones if mark.name == name), None)
