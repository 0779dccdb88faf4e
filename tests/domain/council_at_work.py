"""A council at work on one case: its people, its time, and each step held to what must be true."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from random import Random

from builders import DIRECTORIES, calendar, child
from domain.one_lead import (
    is_one_change,
    is_told_of_a_closed_tray,
    nothing_is_amiss,
    the_past_stands,
)

from app.cli.directory_file import read_directory
from app.domain import commands as c
from app.domain.breach import Breach
from app.domain.decide import decide, gates_of
from app.domain.decision import Decision, Situation
from app.domain.errors import RulesBroken, TransferError
from app.domain.form import Form
from app.domain.open_transfer import open_transfer
from app.domain.pathway import Action, Pathway, Stage, transition
from app.domain.people import Actor, Membership, Role, Team, system_actor
from app.domain.protocol import CouncilProtocol, Route
from app.domain.transfer import Origin, OriginRecord, Transfer
from app.protocols.shelf import load_protocols

Doing = Callable[[Transfer, Actor, Situation], Decision | None]
"""One of the domain's functions, with all that it needs but these."""
COUNCILS = ("durham", "cheshire_east", "islington", "rochdale")


@cache
def council(code: str) -> CouncilProtocol:
    """The protocol of that council, as it ships."""
    found = load_protocols(None).in_force(code, date(2026, 11, 22))
    assert found is not None
    return found


@cache
def teams_of(code: str) -> dict[str, Team]:
    """The teams of its sample directory."""
    return {x.id: x for x in read_directory(DIRECTORIES / f"{code}.toml").teams}


@cache
def people_of(code: str) -> tuple[Actor, ...]:
    """Everybody of its sample directory, and somebody of another council."""
    directory = read_directory(DIRECTORIES / f"{code}.toml")
    found = tuple(
        Actor(
            person.id,
            code,
            frozenset(
                Membership(m.role, m.team, m.meeting)
                for m in directory.memberships
                if m.person == person.id
            ),
        )
        for person in directory.people
    )
    team = directory.teams[0].id
    return (*found, Actor("a.stranger", "elsewhere", frozenset({Membership(Role.CHAIR, team)})))


HALVES = [(code, pathway) for code in COUNCILS for pathway in council(code).pathways]


class AtWork:
    """One case of a pathway. `transfer` is what it has come to; `stages` all that it was at.

    `done`: what the audit tells of, by the stage at which it was done.
    `route` None: any of the protocol's.
    """

    def __init__(
        self, code: str, pathway: Pathway, now: datetime, chance: Random, route: str | None = None
    ) -> None:
        self.protocol, self.now = council(code), now
        self.code, self.pathway = code, pathway
        self.rules = self.protocol.pathways[pathway]
        self.teams, self.people = dict(teams_of(code)), people_of(code)
        self.system = system_actor(self.rules.to_system, code)
        self.stages = {Stage.DRAFT}
        self.done: set[tuple[Stage, str]] = set()
        routes = [x for x in self.rules.routes.values() if route in (None, x.name)]
        self.transfer = self._opened(chance, routes)

    @property
    def where(self) -> Situation:
        """What is decided against now."""
        return Situation(self.protocol, self.teams, calendar(), self.now)

    def _opened(self, chance: Random, routes: list[Route]) -> Transfer:
        route = chance.choice(routes)
        kind = chance.choice(route.origins)
        began = self.now.date() - timedelta(days=200)
        command = c.Open(
            id="0b0f3d9e-52c7-4d6e-9f7a-4a4f2a6f1c55",
            pathway=self.pathway,
            route=route.name,
            origin=Origin(kind, None if kind == "manual" else "STAGE-1"),
            origin_record=OriginRecord("REC-0", began, active=True),
            origin_team="",
            children=tuple(child(f"CHILD{n}") for n in range(chance.choice((1, 1, 3)))),
            form=Form(),
            origin_lead=chance.choice((None, "a.lead", "a.lead by name")),
        )
        openers = [
            (actor, replace(command, origin_team=team.id))
            for team in self.teams.values()
            for actor in self.people
            if team.case_system is self.rules.from_system
            and team.kind != "front_door"
            and actor.is_(Role.PRACTITIONER, team.id)
            and any(x.is_(Role.TEAM_MANAGER, team.id) for x in self.people)
        ]
        actor, opens = chance.choice(openers)
        decision = open_transfer(opens, actor, self.where)
        is_one_change(decision, None)
        nothing_is_amiss(decision.after, self.where)
        return decision.after

    def wait(self, time: timedelta) -> None:
        """Let time pass, and look at the case again."""
        self.now += time
        nothing_is_amiss(self.transfer, self.where)

    # ---- one step

    def attempt(self, doing: Doing, actor: Actor) -> tuple[Breach, ...] | None:
        """None where it was done, else the rules that are broken: nothing else is changed then."""
        before, as_it_was = self.transfer, repr(self.transfer)
        try:
            decision = doing(before, actor, self.where)
        except TransferError as refusal:
            assert repr(before) == as_it_was
            return refusal.breaches if isinstance(refusal, RulesBroken) else ()
        if decision is None:
            return ()
        assert repr(before) == as_it_was
        is_one_change(decision, before)
        is_told_of_a_closed_tray(decision)
        the_past_stands(before, decision.after, self.where)
        nothing_is_amiss(decision.after, self.where)
        self.transfer = decision.after
        self.stages.add(decision.after.stage)
        told = (x for event in decision.events for x in (event.action, *event.codes))
        self.done |= {(before.stage, x) for x in told}
        return None

    def by_anyone(self, doing: Doing, people: Iterable[Actor] | None = None) -> bool:
        """Whether the first who may has done it."""
        everybody = people if people is not None else self.people
        return any(self.attempt(doing, actor) is None for actor in everybody)

    def act(self, command: c.Command) -> bool:
        """Whether somebody took the action."""
        return self.by_anyone(commanded(command))

    def missing(self, action: Action) -> list[str]:
        """The codes of the rules that keep the action from being taken."""
        row = transition(action, self.transfer.stage, gated=self.rules.gated)
        if row is None:
            return []
        breaches = self.rules.breaches(gates_of(row), self.where.facts(self.transfer))
        return [breach.code for breach in breaches if breach.blocks]


def commanded(command: c.Command) -> Doing:
    """That command, by whoever it is."""
    return lambda transfer, actor, where: decide(transfer, command, actor, where)
