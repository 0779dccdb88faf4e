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
from app.domain.pathway import ENDED, Stage
from app.domain.protocol import PathwayRules
from app.domain.reassign import WORKER_CHANGED
from app.domain.timescales import Within
from app.domain.transfer import Child, ChildOutcome, Transfer

INSTANT, AGES = timedelta(microseconds=1), timedelta(days=4000)
NAMES = ("allocated", "child_allocated")
NEVER_TAKEN = (Stage.DRAFT, Stage.AWAITING_AUTHORISATION, Stage.DECLINED, Stage.CANCELLED)
TAKEN = (Stage.STARTED, Stage.ALLOCATED, Stage.COMPLETED)


def nothing_is_amiss(transfer: Transfer, where: Situation) -> None:
    """Everything that holds of a transfer, whatever was done to it and whenever one looks."""
    rules = where.rules(transfer)
    holds = ledger(transfer, rules)
    for child in (None, *transfer.children):
        of_child = ledger(transfer, rules, child)
        _follow_one_another(of_child, transfer)
        _succeed_when_a_team_is_closed(of_child, transfer)
        for instant in _instants(transfer, of_child, where.now):
            assert sum(hold.is_at(instant) for hold in of_child) == 1
        for hold in of_child:
            assert custody_at(transfer, rules, hold.since or where.now - AGES, child) == hold
        if child and child.outcome is ChildOutcome.NOT_TAKEN:
            assert {hold.team for hold in of_child} <= _origins(transfer)
        else:
            assert of_child == holds
    _passes_when_it_is_taken(transfer, rules, holds, where.now)
    _is_active(transfer, holds, where)
    _names_who_leads(transfer, holds[-1])
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


def the_past_stands(before: Transfer, after: Transfer, where: Situation) -> None:
    """Who led stays who led: a late report may change it from the time that it tells of, alone.

    Of a team the last name given stands for all of its hold (docs/custody.md), so that a name may
    change as one is given, and of no hold that another has begun since.
    """
    rules, known = where.rules(before), len(before.milestones)
    new = after.milestones[known:]
    since = min([where.now, *(mark.at for mark in new)])
    late = since < where.now
    given = {mark.at for mark in after.milestones if mark.name in NAMES}
    named = late or where.now in given
    for child, same in ((None, None), *zip(before.children, after.children, strict=True)):
        was, stands = ledger(before, rules, child), ledger(after, rules, same)
        assert _until(was, since) == _until(stands, since)
        if not named:
            assert _until(was, since, names=True) == _until(stands, since, names=True)


def is_told_of_a_closed_tray(decision: Decision) -> None:
    """What comes back into a tray that nobody looks at is told of."""
    before, after = decision.before, decision.after
    comes_back = before is not None and before.stage is Stage.PICKED_UP
    if comes_back and after.stage is Stage.DISPATCHED:
        told = "task_in_closed_tray" in {alert.kind for alert in decision.alerts}
        assert told == in_a_closed_tray(after)


def in_a_closed_tray(transfer: Transfer) -> bool:
    """Whether its task was delivered to another team's tray than the team that answers for it."""
    sent = transfer.reached("dispatched")
    return sent is not None and transfer.sent_to not in (None, sent.team)


def leads(
    transfer: Transfer, rules: PathwayRules, at: datetime, child: Child | None = None
) -> Custody:
    """Who leads that child then; `child` as they were known at any time, or None for all."""
    return custody_at(transfer, rules, at, transfer.child(child.child_id) if child else None)


def _until(
    holds: tuple[Custody, ...], at: datetime, *, names: bool = False
) -> list[tuple[str, datetime | None, str | None]]:
    """The holds that began before that instant; one of the same team and lead goes on."""
    found: list[tuple[str, datetime | None, str | None]] = []
    for hold in holds:
        led = (hold.team, hold.lead_professional if names else None)
        if (hold.since is None or hold.since < at) and (
            not found or (found[-1][0], found[-1][2]) != led
        ):
            found.append((led[0], hold.since, led[1]))
    return found


def _succeed_when_a_team_is_closed(holds: tuple[Custody, ...], transfer: Transfer) -> None:
    """No successor leads before the team was closed, however late it is told who had accepted."""
    for hold in holds:
        came = [x for x in transfer.milestones if x.team == hold.team and x.name != WORKER_CHANGED]
        if came and all(mark.name == TEAM_SUCCEEDED for mark in came):
            assert hold.since is not None
            assert hold.since >= came[0].at
            assert hold.until is None or hold.until > came[0].at


def _is_active(transfer: Transfer, holds: tuple[Custody, ...], where: Situation) -> None:
    """No closed team has what is open; what has ended stays where it was (docs/operating.md)."""
    if transfer.stage not in ENDED:
        answer = {transfer.origin_team, transfer.sent_to, *(x.team for x in holds[-1:])}
        assert all(where.teams[team].active for team in answer - {None} if team)
    if transfer.stage is Stage.DISPATCHED:
        assert transfer.lies_in_closed_tray == in_a_closed_tray(transfer)


def _names_who_leads(transfer: Transfer, held: Custody) -> None:
    """The ledger's last name and the transfer's are one, once the ledger has one."""
    if held.team == transfer.origin_team:
        assert held.lead_professional == transfer.origin_lead
    else:
        assert held.lead_professional in (None, transfer.lead_professional)


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
