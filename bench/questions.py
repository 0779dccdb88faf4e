"""What is asked of a crowd: every board, list, count and tick, by the code that asks it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from store.kept import BOOK

from app.domain.pathway import Stage
from app.domain.people import Actor, Membership, Role
from app.domain.review_standing import Standing
from app.store.clock_alerts import clocks_to_alert
from app.store.deliveries import count_unsettled, late_deliveries
from app.store.delivery_rows import DeliveryState
from app.store.engine import Transaction
from app.store.idempotency import forget_old_answers
from app.store.leases import claim
from app.store.quiet import quiet_transfers
from app.store.re_referrals import SoughtReReferrals, find_re_referrals
from app.store.sought_clocks import ClockFilter
from app.usecases.call import Call
from app.usecases.find_clocks import find_clocks
from app.usecases.find_meetings import find_meetings
from app.usecases.find_outgoing import find_outgoing
from app.usecases.find_reviews import ReviewFilters, find_reviews
from app.usecases.find_transfers import Direction, Filters, count_transfers, find_transfers
from app.usecases.watch_deliveries import find_alerts, find_deliveries
from bench.crowd import LARGE, NOW, teams

PAGE = 50
MONTH = timedelta(days=28)
Question = Callable[[Transaction], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody of a council who asks; `team` is one of theirs, or that they look at."""

    actor: Actor
    team: str


def askers() -> dict[str, Asker]:
    """A manager and an auditor of the large council, a manager of a small one."""
    return {
        "a manager": _manager("council-000"),
        "a manager of the large council": _manager(LARGE),
        "an auditor of the large council": Asker(
            Actor("auditor", LARGE, frozenset({Membership(Role.AUDITOR, None)})), teams(LARGE)[0]
        ),
    }


def _manager(council: str) -> Asker:
    team = teams(council)[0]
    held = frozenset({Membership(Role.TEAM_MANAGER, team), Membership(Role.PRACTITIONER, team)})
    return Asker(Actor(f"{council}-worker-0", council, held), team)


def questions(asker: Asker) -> Mapping[str, Question]:
    """What somebody asks over HTTP, by its name."""
    boards = {
        "transfers": Filters(),
        "waiting for me": Filters(waiting_for_me=True),
        "mine": Filters(mine=True),
        "late": Filters(late=True),
        "disputed": Filters(disputed=True),
        "incoming": Filters(direction=Direction.INCOMING, team=asker.team),
        "outgoing": Filters(direction=Direction.OUTGOING, team=asker.team),
        "of a team": Filters(team=asker.team),
        "meant for a team": Filters(recipient=asker.team),
        "at a stage": Filters(stage=Stage.DISPATCHED),
        "that are over": Filters(stage=Stage.CANCELLED),
        "of a child": Filters(child_id="nobody"),
        "opened in a month": Filters(
            opened_from=(NOW - 3 * MONTH).date(), opened_to=(NOW - 2 * MONTH).date()
        ),
        "changed this week": Filters(changed_from=(NOW - MONTH / 4).date()),
    }
    asked: dict[str, Callable[[Call], Awaitable[object]]] = {
        f"{kind} {name}": _board(filters, verb)
        for name, filters in boards.items()
        for kind, verb in (("find", find_transfers), ("count", count_transfers))
    }
    asked |= {
        f"clocks {which.value}": _clocks(which, None)
        for which in (ClockFilter.LATE, ClockFilter.OPEN, ClockFilter.PAUSED)
    }
    asked |= {
        "clocks late in a team": _clocks(ClockFilter.LATE, asker.team),
        "what became of what a team sent": lambda call: find_outgoing(call, asker.team, None, PAGE),
        "meetings of a month": lambda call: find_meetings(
            call, (NOW - MONTH).date(), NOW.date(), None
        ),
        "alerts": lambda call: find_alerts(call, 0, PAGE),
        "deliveries": lambda call: find_deliveries(call, None, 0, PAGE),
        "deliveries parked": lambda call: find_deliveries(call, DeliveryState.PARKED, 0, PAGE),
    }
    for standing in (None, *Standing):
        name = f"reviews {standing.value if standing else 'open'}"
        asked[name] = _reviews(standing)
    return {name: _by(asker.actor, question) for name, question in asked.items()}


def ticks() -> Mapping[str, Question]:
    """What the relay, Prometheus and the register of who came back ask of the whole service."""
    lease = timedelta(minutes=1)
    return {
        "claim": lambda tx: claim(tx, "bench", NOW, lease=lease, limits={"lcs": 16, "ehm": 16}),
        "late deliveries": lambda tx: late_deliveries(
            tx, since=NOW - lease, immediate_risk_since=NOW, limit=100
        ),
        "quiet tasks": lambda tx: quiet_transfers(tx, since=NOW - lease, limit=100),
        "clocks to alert": lambda tx: clocks_to_alert(tx, NOW, 100),
        "answers to forget": lambda tx: forget_old_answers(tx, NOW),
        "deliveries by state": count_unsettled,
        "children who came back": lambda tx: find_re_referrals(tx, SoughtReReferrals(LARGE, None)),
    }


def _by(actor: Actor, asked: Callable[[Call], Awaitable[object]]) -> Question:
    return lambda tx: asked(Call(tx, actor, BOOK, NOW))


def _board(
    filters: Filters, verb: Callable[[Call, Filters], Awaitable[object]]
) -> Callable[[Call], Awaitable[object]]:
    return lambda call: verb(call, filters)


def _clocks(which: ClockFilter, team: str | None) -> Callable[[Call], Awaitable[object]]:
    return lambda call: find_clocks(call, team, which, None, PAGE)


def _reviews(standing: Standing | None) -> Callable[[Call], Awaitable[object]]:
    return lambda call: find_reviews(call, ReviewFilters(standing=standing), None, PAGE)
