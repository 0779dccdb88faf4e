"""Closing at source: the origin's own episode or referral, once the receiving side has accepted.

The census's rules on a referral's closure are in census_closure.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from app.domain.authority import require, require_version
from app.domain.breach import Breach, must
from app.domain.census_closure import Activities, Closure, closure_breaches, unchecked
from app.domain.closing import REASONS, Closing, Remaining
from app.domain.closing_kind import ClosingKind
from app.domain.custody import passed_at
from app.domain.decision import Decision, Situation
from app.domain.duty_task import CaseSystem
from app.domain.errors import RulesBroken
from app.domain.instants import end_of_day
from app.domain.london import local_date
from app.domain.milestone_kind import RECORDERS, Side
from app.domain.milestone_names import ORIGIN_CLOSED
from app.domain.people import Actor
from app.domain.protocol import PathwayRules
from app.domain.recording import recorded
from app.domain.relations import recorders
from app.domain.remaining_children import remaining, remaining_breaches
from app.domain.rights import Act
from app.domain.transfer import Milestone, Transfer

CENSUS = "Children in Need census"


@dataclass(frozen=True, slots=True)
class Closed:
    """What the origin says: `reason` None takes the proposed one, `activities` None is not known.

    Activities are those under a referral; an episode of early help has none that the census asks.
    `remaining` says what is done for each child who was not taken; `elsewhere` are the ids of
    those whom a later transfer carries, which the store knows.
    """

    closed_on: date
    reason: str | None = None
    comment: str | None = None
    activities: Activities | None = None
    remaining: tuple[Remaining, ...] = ()
    elsewhere: frozenset[str] = frozenset()


def proposed_reason(transfer: Transfer, rules: PathwayRules) -> str | None:
    """Why the origin's record should be said to have closed, as the protocol reads it."""
    if rules.from_system is CaseSystem.EHM:
        return transfer.pathway.value
    return rules.routes[transfer.route].closure_reasons.get(transfer.origin.kind)


def in_the_way(transfer: Transfer, situation: Situation) -> tuple[Breach, ...]:
    """Why the origin's record cannot be said to be closed now, whatever is said of it."""
    rules = situation.rules(transfer)
    kind = rules.closing
    if kind is None:
        return (must("closing", "This protocol knows no closing at source", "none"),)
    return tuple(_in_the_way(transfer, rules, kind))


def close_at_source(
    transfer: Transfer,
    closed: Closed,
    actor: Actor,
    situation: Situation,
    *,
    expected_version: int | None = None,
) -> Decision:
    """The transfer with its origin's record closed; completes it where that was all it lacked.

    Raises:
        NotVisible, NotPermitted, StaleVersion: as in decide.
        RulesBroken: the receiving side has not accepted, it is closed already, the day, the reason
            or the activities do not fit, or a child who was not taken is not told of; every
            breach at once, the census's by number.
    """
    rules = situation.rules(transfer)
    kind = rules.closing
    named = recorders(Side.ORIGIN, kind.roles if kind else RECORDERS)
    require(Act.CLOSE_AT_SOURCE, actor, transfer, named)
    require_version(transfer, expected_version)
    proposed = proposed_reason(transfer, rules)
    reason = closed.reason or proposed
    closure = Closure(
        transfer.origin_record.started_on, closed.closed_on, reason, closed.activities
    )
    breaches = (
        *in_the_way(transfer, situation),
        *_of_the_day(closed.closed_on, transfer, situation),
        *_of_the_reason(closed, proposed, rules),
        *_of_the_record(closure, rules),
        *remaining_breaches(transfer, closed.remaining, closed.elsewhere),
    )
    if breaches or reason is None:
        raise RulesBroken(breaches)
    is_referral = rules.from_system is CaseSystem.LCS
    closing = Closing(
        closed.closed_on,
        reason,
        proposed,
        closed.comment,
        actor.id,
        situation.now,
        unchecked(closure) if is_referral else (),
        remaining(transfer, closed.remaining, closed.elsewhere),
    )
    at = min(situation.now, end_of_day(closed.closed_on))
    mark = Milestone(ORIGIN_CLOSED, at, actor.id, situation.now, reason=reason)
    after = replace(transfer.with_milestone(mark), closing=closing, version=transfer.version + 1)
    codes = (
        reason,
        *(f"unchecked:{rule}" for rule in closing.unchecked),
        *(f"remaining:{child.outcome}" for child in closing.remaining),
    )
    return recorded(transfer, after, ORIGIN_CLOSED, actor, situation, codes)


def _in_the_way(transfer: Transfer, rules: PathwayRules, kind: ClosingKind) -> Iterator[Breach]:
    if transfer.closing is not None:
        says = "It is closed once: nothing is left to close"
        yield must("closing-once", says, "closed already", kind.source)
    if passed_at(transfer, rules) is None:
        says = "Close it once the receiving side has accepted: the origin leads until then"
        yield must("closing-acceptance", says, f"the stage {transfer.stage}", kind.source)
    elif kind.after and not any(transfer.stands(name) for name in kind.after):
        before = " or ".join(map(str, kind.after))
        yield must("closing-order", f"{kind.says}: only after {before}", "not reached", kind.source)


def _of_the_day(closed_on: date, transfer: Transfer, situation: Situation) -> Iterator[Breach]:
    if closed_on > local_date(situation.now):
        yield must("closing-day", "Record it once it is closed", "a day in the future")
    accepted_at = passed_at(transfer, situation.rules(transfer))
    if accepted_at is not None and closed_on < local_date(accepted_at):
        says = "Close it on the day of the acceptance or later: no child is without a lead"
        yield must("closing-day", says, "a day before the acceptance", "HZ 1")


def _of_the_reason(closed: Closed, proposed: str | None, rules: PathwayRules) -> Iterator[Breach]:
    known = REASONS[rules.from_system]
    if closed.reason is None:
        return
    if closed.reason not in known:
        yield must("closing-reason", f"Choose one of: {', '.join(known)}", "no such reason")
    elif proposed not in (None, closed.reason) and closed.comment is None:
        says = f"Say why it is not {proposed}, which the protocol proposes"
        yield must("closing-comment", says, "no comment")


def _of_the_record(closure: Closure, rules: PathwayRules) -> Iterator[Breach]:
    if rules.from_system is CaseSystem.LCS:
        for broken in closure_breaches(closure):
            yield must(broken.rule, broken.says, "as it was given", CENSUS)
        return
    if closure.closed_on is not None and closure.closed_on < closure.referred_on:
        says = "The episode cannot end before it starts"
        yield must("closing-start", says, "a day before its start")
    if closure.activities is not None:
        says = "Leave the activities out: an early help episode has none of the census's"
        yield must("closing-activities", says, "activities")
