"""A case changes hands: its team is closed, somebody leaves, its closed tray is emptied."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from domain.council_at_work import AtWork, commanded
from domain.one_lead import AGES, in_a_closed_tray, leads

from app.domain import commands as c
from app.domain.authority import require_of_team, require_right
from app.domain.decision import Decision, Situation
from app.domain.errors import RulesBroken
from app.domain.milestone_kind import RECORDERS
from app.domain.pathway import ENDED, Stage
from app.domain.people import Actor, Membership, Team
from app.domain.reassign import Part, Reassignment, Worker, breaches, reassign
from app.domain.relations import in_council
from app.domain.rights import Act
from app.domain.succession import Succession, succeed
from app.domain.transfer import Transfer

BY_NAME = " by name"


def close_teams(work: AtWork, chance: Random) -> None:
    """One team is closed or two, mostly the case's; its people go to the successor."""
    for _ in range(chance.choice((1, 2))):
        _close(work, chance)


def _close(work: AtWork, chance: Random) -> None:
    ours = (work.transfer.origin_team, work.transfer.sent_to, work.transfer.form.recipient)
    old = work.teams[chance.choice([*(x for x in ours if x), *ours[:1], *work.teams])]
    others = [x for x in work.teams.values() if x.kind == old.kind]
    asked = Succession(old, chance.choice([*others, _made_anew(work, old)]), "Two become one")
    if list(asked.breaches(1)):
        return
    before, teams = work.transfer, work.teams
    closed = replace(old, active=False)
    work.teams = {**teams, asked.successor.id: asked.successor, old.id: closed}
    if not asked.what(before):
        _people_follow(work, old, asked.successor)
    elif work.by_anyone(lambda t, x, where: _succeeds(t, asked, x, where)):
        _people_follow(work, old, asked.successor)
        is_led_by_the_successor(work, before, asked)
    else:  # all or nothing: it stays open
        work.teams = teams


def is_led_by_the_successor(work: AtWork, before: Transfer, asked: Succession) -> None:
    """From this instant the successor leads what the closed team led, and nothing else moves."""
    after, rules, new = work.transfer, work.rules, asked.successor.id
    assert asked.closed.id not in (after.origin_team, after.sent_to, after.form.recipient)
    assert after.stage is before.stage or after.stage is Stage.COMPLETED
    for child in (None, *before.children):
        for at in (work.now, work.now + timedelta(microseconds=1), work.now + AGES):
            led = leads(before, rules, at, child).team
            expected = new if led == asked.closed.id else led
            assert leads(after, rules, at, child).team == expected


def hand_work_over(work: AtWork, chance: Random) -> None:
    """Somebody who works on the case leaves, and a colleague of the team takes it on."""
    before = work.transfer
    if before.stage in ENDED:
        return  # open transfers alone are asked for
    team = chance.choice([x for x in (before.origin_team, before.sent_to) if x])
    theirs = [getattr(before, part) for part in Part if getattr(before, part)]
    colleagues = [x for x in work.people if any(x.is_(role, team) for role in RECORDERS)]
    if not colleagues:
        return
    to = chance.choice(colleagues)
    asked = Reassignment(team, _worker(chance.choice(theirs)), _worker(to.id))
    parts = asked.parts(before)
    if work.by_anyone(lambda t, x, where: _hands_over(t, asked, to, x, where)):
        is_led_by_the_colleague(work, before, asked, parts)


def is_led_by_the_colleague(
    work: AtWork, before: Transfer, asked: Reassignment, parts: tuple[Part, ...]
) -> None:
    """The same team leads as before at every instant; who led for it does so no more."""
    after, rules = work.transfer, work.rules
    assert parts
    assert not asked.parts(after), "nothing of it is the leaver's"
    for at in (work.now - AGES, work.now, work.now + AGES):
        assert leads(after, rules, at).team == leads(before, rules, at).team
    held = leads(after, rules, work.now)
    part = Part.ORIGIN_LEAD if held.team == after.origin_team else Part.LEAD_PROFESSIONAL
    if held.team == asked.team and part in parts:
        assert held.lead_professional in asked.to.names


def empty_a_closed_tray(work: AtWork, chance: Random) -> None:
    """What lies in a closed team's tray goes to the successor's, or to any other that may be."""
    lies, to = in_a_closed_tray(work.transfer), work.transfer.sent_to
    if work.transfer.stage is Stage.PICKED_UP and lies:
        work.act(c.Release(work.now))
    if work.transfer.stage is not Stage.DISPATCHED or to is None or not lies:
        return
    there = chance.choice((to, to, *work.teams))
    before, command = work.transfer, c.Redirect(there, "The tray is closed")
    for actor in work.people:
        broken = work.attempt(commanded(command), actor)
        if broken is None:
            assert work.transfer.dispatch == before.dispatch + 1
            assert not in_a_closed_tray(work.transfer)
            work.done.add((before.stage, "a closed tray emptied"))
            return
        assert "redirect-elsewhere" not in {breach.code for breach in broken}, "it lies elsewhere"


def _succeeds(
    transfer: Transfer, asked: Succession, actor: Actor, situation: Situation
) -> Decision:
    require_right(Act.CLOSE_TEAM, in_council(actor))
    return succeed(transfer, asked, actor, situation)


def _hands_over(
    transfer: Transfer, asked: Reassignment, to: Actor, actor: Actor, situation: Situation
) -> Decision | None:
    require_of_team(Act.REASSIGN_WORK, actor, asked.team)
    broken = tuple(breaches(asked, to, 1))
    if broken:
        raise RulesBroken(broken)
    return reassign(transfer, asked, actor, situation)


def _worker(known_as: str) -> Worker:
    """Somebody whom a transfer knows by their id, or by their name."""
    known = known_as.removesuffix(BY_NAME)
    return Worker(known, known + BY_NAME)


def _made_anew(work: AtWork, old: Team) -> Team:
    name = f"{old.id}-{len(work.teams)}"
    return replace(old, id=name, name=name, tray=name)


def _people_follow(work: AtWork, old: Team, new: Team) -> None:
    work.people = tuple(
        replace(
            x,
            memberships=x.memberships
            | {Membership(m.role, new.id) for m in x.memberships if m.team == old.id},
        )
        for x in work.people
    )
