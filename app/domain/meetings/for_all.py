"""One act for every case of a meeting: its agenda goes round, or something has happened."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from app.domain.authority import may_see
from app.domain.breach import Breach, must
from app.domain.decision import Decision, Situation
from app.domain.errors import AgendaCirculated, RulesBroken
from app.domain.meetings.agenda import in_order
from app.domain.meetings.bookings import since_booking
from app.domain.meetings.sitting import (
    MeetingChange,
    Sitting,
    changed,
    require_held,
    require_run_by,
)
from app.domain.people import Actor
from app.domain.record_milestone import Happened, record_milestone
from app.domain.rights import Act
from app.domain.transfer import Transfer

AGENDA_CIRCULATED = "agenda_circulated"


def circulate(
    sitting: Sitting, actor: Actor, now: datetime, *, expected_version: int | None = None
) -> MeetingChange:
    """The agenda goes round, once: from now on its cases keep their places.

    Each case has it recorded whose protocol knows `agenda_circulated`, and that has not yet; one
    that was decided here and waits for another meeting has it from that one. Of a case that is
    withheld from the actor, somebody else of the series records it.

    Raises:
        NotVisible, NotPermitted, StaleVersion: see require_run_by. NotPermitted also where a case's
            protocol gives the milestone to others.
        AgendaCirculated: it went round before.
        RulesBroken: a case cannot record it; every breach of every case. Or it is called off.
    """
    meeting = sitting.meeting
    require_run_by(
        Act.CIRCULATE_AGENDA, sitting, actor, None if meeting.circulated else expected_version
    )
    if meeting.circulated:
        raise AgendaCirculated(meeting.id)
    require_held(meeting)
    places = {c.transfer: n for n, c in enumerate(in_order(meeting, sitting.standings))}
    cases = tuple(replace(case, place=places.get(case.transfer)) for case in meeting.cases)
    after = replace(meeting, cases=cases, agenda_circulated_at=now, agenda_circulated_by=actor.id)
    told = [
        (transfer, situation)
        for transfer, situation in sitting.listed()
        if AGENDA_CIRCULATED in situation.rules(transfer).milestones
        and sitting.has_before_it(transfer)
        and not _has_it(sitting, transfer)
        and may_see(actor, transfer)
    ]
    decisions = _each(told, Happened(AGENDA_CIRCULATED, now), actor)
    return changed(meeting, after, "circulate_agenda", actor, now, decisions)


def record_for_all(
    sitting: Sitting,
    happened: Happened,
    actor: Actor,
    now: datetime,
    *,
    expected_version: int | None = None,
) -> MeetingChange:
    """Something has happened to every case whose protocol knows that milestone.

    A case that has gone to another series since is that series' to record, and left out.

    Raises:
        NotVisible, NotPermitted, StaleVersion: see require_run_by.
        RulesBroken: no case knows it, or one cannot record it; every breach of every case, by
            the transfer's id. Or the meeting is called off.
    """
    require_run_by(Act.RECORD_FOR_MEETING, sitting, actor, expected_version)
    meeting = sitting.meeting
    require_held(meeting)
    knowing = [
        (transfer, situation)
        for transfer, situation in sitting.listed()
        if happened.name in situation.rules(transfer).milestones and may_see(actor, transfer)
    ]
    if not knowing:
        known = {
            name for x, situation in sitting.listed() for name in situation.rules(x).milestones
        }
        says = f"Choose one of: {', '.join(sorted(known))}" if known else "It has no cases"
        raise RulesBroken((must("milestone", says, "known to no case of the meeting"),))
    decisions = _each(knowing, happened, actor)
    action = f"meeting_milestone:{happened.name}"
    return changed(meeting, meeting, action, actor, now, decisions)


def _each(
    transfers: Iterable[tuple[Transfer, Situation]], happened: Happened, actor: Actor
) -> tuple[tuple[Decision, Situation], ...]:
    decisions, breaches = [], []
    for transfer, situation in transfers:
        try:
            decisions.append((record_milestone(transfer, happened, actor, situation), situation))
        except RulesBroken as broken:
            breaches += [_of(transfer, breach) for breach in broken.breaches]
    if breaches:
        raise RulesBroken(tuple(breaches))
    return tuple(decisions)


def _of(transfer: Transfer, breach: Breach) -> Breach:
    return replace(breach, says=f"{transfer.id}: {breach.says}")


def _has_it(sitting: Sitting, transfer: Transfer) -> bool:
    case = sitting.meeting.case(transfer.id)
    starts_at = sitting.meeting.starts_at
    marks = since_booking(transfer, starts_at, case) if case else ()
    return any(mark.name == AGENDA_CIRCULATED for mark in marks)
