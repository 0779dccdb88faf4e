"""What a council does with a case: the next step of its process, or anything at all."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from builders import new_records
from domain.council_at_work import AtWork, commanded
from domain.disagreeing import settle
from domain.getting_ready import close, consent, get_ready, happen, happened

from app.domain import commands as c
from app.domain.close_at_source import Closed, close_at_source, proposed_reason
from app.domain.closing import Remaining, RemainingOutcome
from app.domain.hear import hear
from app.domain.london import local_date
from app.domain.milestone_names import Named
from app.domain.pathway import Action, Stage
from app.domain.pause_clock import pause_clock, resume_clock
from app.domain.pauses import Why
from app.domain.people import Actor
from app.domain.record_milestone import record_milestone
from app.domain.remaining_children import not_taken
from app.domain.step_in import step_in, step_out
from app.domain.team_around import Member
from app.domain.transfer import Transfer
from app.domain.tray_reports import (
    ChildLeftOut,
    RecordAllocated,
    RecordsCreated,
    RecordUpdated,
    Report,
    TaskDeclined,
    TaskPickedUp,
    TaskReceived,
    TaskReleased,
    TaskWaiting,
    not_later_than,
)

WHY = Why("other", "Other")


def go_on(work: AtWork, chance: Random) -> None:
    """Take the next step of the process, whatever that takes."""
    match work.transfer.stage:
        case Stage.DRAFT:
            get_ready(work, Action.FINALISE)
            work.act(c.Finalise())
        case Stage.AWAITING_AUTHORISATION:
            get_ready(work, Action.AUTHORISE)
            work.act(c.Authorise())
        case Stage.DISPATCHED:
            work.by_anyone(lambda t, x, where: commanded(c.PickUp(x.id, work.now))(t, x, where))
        case Stage.PICKED_UP:
            get_ready(work, Action.START)
            work.act(_start(work.transfer, work.now, chance.choice(("some", "all"))))
        case Stage.STARTED:
            get_ready(work, Action.ALLOCATE)
            work.act(c.Allocate("a.worker", work.now))
        case Stage.ALLOCATED:
            settle(work)
            for name in work.rules.completes_on:
                if not work.transfer.reached(name):
                    happen(work, Named(name))
            get_ready(work, Action.COMPLETE)
            work.act(c.Complete("All is done"))
        case Stage.DECLINED:
            work.act(c.Return("Look again"))
        case _:
            pass


def withdraw(work: AtWork) -> None:
    """The origin's manager takes it back, where that can still be."""
    work.act(c.Cancel("entered_in_error", "A mistake"))


def decline(work: AtWork) -> None:
    """The receiving team will not have it, where that can still be."""
    work.act(c.Decline(next(iter(work.rules.decline_reasons), "other"), "Not ours", work.now))


def anybody_acts(work: AtWork, chance: Random) -> None:
    """Somebody, whoever it is, tries any action."""
    transfer, now = work.transfer, work.now - _ago(chance)
    series = chance.choice([*work.protocol.meetings, "none"])
    teams, reasons = sorted(work.teams), [*work.rules.decline_reasons, "threshold_not_met"]
    form = replace(
        transfer.form,
        recipient=chance.choice([None, *teams]),
        comments=chance.choice(["Again.", None]),
    )
    commands: tuple[c.Command, ...] = (
        c.Edit(form),
        c.SubmitToMeeting(series, work.now + timedelta(days=7)),
        c.Finalise(),
        c.Authorise(),
        c.Return("Say more"),
        c.Redirect(chance.choice(teams), "The wrong tray"),
        c.PickUp("a.worker", now),
        c.Release(now),
        c.Decline(chance.choice(reasons), "Not yet", now),
        _start(transfer, now, chance.choice(("some", "all"))),
        c.Allocate("b.worker", now),
        c.Complete("Closed on paper"),
        c.Cancel("entered_in_error", "A mistake"),
    )
    work.by_anyone(commanded(chance.choice(commands)), _some(work, chance))


def anything_is_recorded(work: AtWork, chance: Random) -> None:
    """Somebody records any milestone of the protocol, as of some time ago."""
    kind = chance.choice(list(work.rules.milestones.values()))
    told = happened(work, kind, chance.choice([*kind.outcomes, None]))
    told = replace(told, at=told.at - _ago(chance))
    people = _some(work, chance)
    work.by_anyone(lambda t, x, where: record_milestone(t, told, x, where), people)


def anything_around(work: AtWork, chance: Random) -> None:
    """A consent, somebody stepping in or out, a clock paused or resumed."""
    going = [clock.kind.code for clock in work.where.clocks(work.transfer) if clock.going]
    held = [clock.kind.code for clock in work.where.clocks(work.transfer) if clock.paused_at]
    scope = chance.choice([*work.rules.consents, "none"])
    member = Member(str(len(work.transfer.team_around)), "B. Nurse", "Health", "Sleep", work.now)
    doing: list[Callable[[], object]] = [
        lambda: consent(work, scope),
        lambda: work.by_anyone(lambda t, x, where: step_in(t, member, x, where)),
        lambda: work.by_anyone(lambda t, x, where: step_out(t, "0", work.now, x, where)),
        lambda: close(work, local_date(work.now - _ago(chance))),
        *(
            lambda code=code: work.by_anyone(
                lambda t, x, where: pause_clock(t, code, WHY, x, where)
            )
            for code in going
        ),
        *(
            lambda code=code: work.by_anyone(
                lambda t, x, where: resume_clock(t, code, WHY, x, where)
            )
            for code in held
        ),
    ]
    chance.choice(doing)()


def close_for_some(work: AtWork, chance: Random) -> None:
    """The origin closes, and tells of those who remain: of all, some, none, or of somebody else."""
    children, left = [x.child_id for x in work.transfer.children], not_taken(work.transfer)
    elsewhere = frozenset(chance.sample(left, chance.randint(0, len(left))))
    told = chance.choice((left, left, left[1:], (), (*left, chance.choice(children))))
    remaining = tuple(
        Remaining(x, chance.choice(list(RemainingOutcome)), chance.choice((None, "Why.")))
        for x in told
    )
    reason = proposed_reason(work.transfer, work.rules) or "RC1"
    on = local_date(work.now - _ago(chance))
    closed = Closed(on, reason, "Why.", remaining=remaining, elsewhere=elsewhere)
    work.by_anyone(lambda t, x, where: close_at_source(t, closed, x, where), _some(work, chance))


def a_tray_reports(work: AtWork, chance: Random) -> None:
    """The receiving system reports, late and in any order, now and then of a task that was."""
    transfer, at = work.transfer, work.now - _ago(chance)
    old = f"{transfer.id}.{transfer.dispatch - 1}"
    reference = chance.choice([transfer.reference] * 5 + [old])
    told = not_later_than(work.now, chance.choice(_reports(work, at, chance.choice("ab"))))
    work.attempt(lambda t, x, where: hear(t, reference, told, x, where), work.system)


def _reports(work: AtWork, at: datetime, worker: str) -> list[Report]:
    children = work.transfer.children
    return [
        TaskReceived(at),
        TaskWaiting(at),
        TaskPickedUp(at, worker),
        TaskReleased(at),
        TaskDeclined(at, "Not ours"),
        RecordsCreated(at, worker, new_records(children, at)),
        RecordsCreated(
            at,
            worker,
            new_records(children[:1], at),
            tuple(ChildLeftOut(x.child_id, "Not ours") for x in children[1:]),
        ),
        *(RecordUpdated(at, f"REC-{x.child_id}", at.date()) for x in children),
        *(RecordAllocated(at, f"REC-{x.child_id}", worker) for x in children),
    ]


def _start(transfer: Transfer, at: datetime, whom: str) -> c.Start:
    children = transfer.children[: 1 if whom == "some" else None]
    left = tuple(
        c.NotTaken(x.child_id, "family_not_engaged") for x in transfer.children[len(children) :]
    )
    return c.Start(new_records(children, at), left)


def _some(work: AtWork, chance: Random) -> list[Actor]:
    """A few people, who mostly may not, or everybody, of whom somebody may."""
    everybody = len(work.people)
    return chance.sample(work.people, chance.choice((3, everybody, everybody)))


def _ago(chance: Random) -> timedelta:
    return chance.choice([timedelta(), timedelta(), timedelta(minutes=90), timedelta(days=3)])
