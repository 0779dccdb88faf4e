"""Builders: people, teams, transfers and situations, made up in one place."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from app.bank_holidays import england_calendar
from app.cli.directory_file import read_directory
from app.domain import commands as c
from app.domain.decide import decide
from app.domain.decision import Situation
from app.domain.form import AttachedForm, Form, Meeting
from app.domain.open_transfer import open_transfer
from app.domain.pathway import Pathway, Stage
from app.domain.people import Actor, Membership, Role, system_actor
from app.domain.protocol import CouncilProtocol
from app.domain.transfer import Child, Origin, OriginRecord, Transfer
from app.domain.tray_reports import NewRecord
from app.domain.working_days import Calendar
from app.protocols.shelf import load_protocols
from app.usecases.load_directory import Directory

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
TODAY = NOW.date()
BEGAN = date(2026, 5, 4)
TRANSFER_ID = "0b0f3d9e-52c7-4d6e-9f7a-4a4f2a6f1c55"
DIRECTORIES = Path(__file__).parents[1] / "app" / "cli" / "demo" / "directories"
DIRECTORY_FILE = DIRECTORIES / "durham.toml"


@cache
def durham() -> CouncilProtocol:
    """Durham's protocol, as it ships."""
    found = load_protocols(None).in_force("durham", TODAY)
    assert found is not None
    return found


@cache
def calendar() -> Calendar:
    """England's working days, as the service knows them."""
    return england_calendar(last_year=2035)


@cache
def sample_directory() -> Directory:
    """The sample directory, as the demo loads it."""
    return read_directory(DIRECTORY_FILE)


def actor(person: str) -> Actor:
    """Somebody of the sample directory, with their memberships."""
    held = [m for m in sample_directory().memberships if m.person == person]
    assert held, f"nobody is called {person}"
    return Actor(person, "durham", frozenset(Membership(m.role, m.team, m.meeting) for m in held))


def somebody(name: str, role: Role, team: str | None = None, meeting: str | None = None) -> Actor:
    """Somebody of Durham with one role, whom the sample directory need not know."""
    return Actor(name, "durham", frozenset({Membership(role, team, meeting)}))


def situation(now: datetime = NOW, protocol: CouncilProtocol | None = None) -> Situation:
    """Durham's protocol and every team of the sample directory, at a time."""
    teams = {team.id: team for team in sample_directory().teams}
    return Situation(protocol or durham(), teams, calendar(), now)


def child(child_id: str = "DUR1001", name: str = "Alex Example") -> Child:
    return Child(child_id, name, date(2017, 3, 9), "9434765919")


def step_up_form(**changes: object) -> Form:
    """A complete form of a step up; `changes` replace fields."""
    form = Form(
        date_of_transfer=TODAY,
        comments="Agreed at the meeting to step up.",
        recipient="ff-bishop",
        meeting=Meeting(TODAY, "A chair", "agreed", None),
        forms=(AttachedForm("ehm_contact_record", "ECR-2041", TODAY, {"reason": "Neglect"}),),
    )
    return replace(form, **changes)  # type: ignore[arg-type]


def step_down_form(**changes: object) -> Form:
    """A complete form of a step down; `changes` replace fields."""
    form = Form(
        date_of_transfer=TODAY,
        comments="Risks have reduced.",
        recipient="op-bishop",
        meeting=Meeting(TODAY, "A chair", "agreed", None),
        forms=(
            AttachedForm("child_and_family_assessment", "CFA-310"),
            AttachedForm("child_and_family_plan", "CFP-311"),
        ),
    )
    return replace(form, **changes)  # type: ignore[arg-type]


def opening(pathway: Pathway = Pathway.STEP_UP, **changes: object) -> c.Open:
    """How a transfer of that pathway is opened; `changes` replace fields."""
    up = pathway is Pathway.STEP_UP
    command = c.Open(
        id=TRANSFER_ID,
        pathway=pathway,
        route="meeting",
        origin=Origin("manual") if up else Origin("child_in_need_plan_finalised", "CIN-88"),
        origin_record=OriginRecord("EHE-1001" if up else "REF-2002", BEGAN, active=True),
        origin_team="op-bishop" if up else "ff-bishop",
        children=(child(),),
        form=step_up_form() if up else step_down_form(),
    )
    return replace(command, **changes)  # type: ignore[arg-type]


PEOPLE = {
    Pathway.STEP_UP: {
        "author": "op.worker",
        "authoriser": "op.manager",
        "origin manager": "op.manager",
        "receiver": "ff.socialworker",
        "receiving manager": "ff.manager",
        "worker": "ff.socialworker",
    },
    Pathway.STEP_DOWN: {
        "author": "ff.socialworker",
        "authoriser": "ff.manager",
        "origin manager": "ff.manager",
        "receiver": "op.worker",
        "receiving manager": "op.manager",
        "worker": "op.keyworker",
    },
}


def transfer_at(
    stage: Stage, pathway: Pathway = Pathway.STEP_UP, now: datetime = NOW, **changes: object
) -> Transfer:
    """A transfer brought to a stage by the very decisions that lead there.

    `changes` replace fields of its opening. A step up cannot await authorisation in Durham.
    """
    where, people = situation(now), PEOPLE[pathway]
    command = opening(pathway, **changes)
    transfer = open_transfer(command, actor(people["author"]), where).after
    for person, step in _way_to(stage, pathway, command, now):
        who = system_actor(where.rules(transfer).to_system, "durham") if person == "system" else (
            actor(people[person])
        )  # fmt: skip
        transfer = decide(transfer, step, who, where).after
    assert transfer.stage is stage
    return transfer


def new_records(children: tuple[Child, ...], now: datetime = NOW) -> tuple[NewRecord, ...]:
    """What the receiving system creates: dated as LCS copies it."""
    return tuple(NewRecord(x.child_id, f"REC-{x.child_id}", now, BEGAN) for x in children)


def _way_to(
    stage: Stage, pathway: Pathway, command: c.Open, now: datetime
) -> list[tuple[str, c.Command]]:
    finalise: list[tuple[str, c.Command]] = [("author", c.Finalise())]
    dispatched = finalise + (
        [("authoriser", c.Authorise())] if pathway is Pathway.STEP_DOWN else []
    )
    picked_up = [*dispatched, ("receiver", c.PickUp("receiver", now))]
    started = [*picked_up, ("system", c.Start(new_records(command.children, now)))]
    allocated = [*started, ("receiving manager", c.Allocate("a.worker", now))]
    cancel = ("origin manager", c.Cancel("entered_in_error", "A mistake"))
    decline = ("receiving manager", c.Decline("threshold_not_met", "Not yet", now))
    ways: dict[Stage, list[tuple[str, c.Command]]] = {
        Stage.DRAFT: [],
        Stage.AWAITING_AUTHORISATION: finalise,
        Stage.DISPATCHED: dispatched,
        Stage.PICKED_UP: picked_up,
        Stage.DECLINED: [*dispatched, decline],
        Stage.STARTED: started,
        Stage.ALLOCATED: allocated,
        Stage.COMPLETED: [*allocated, ("origin manager", c.Complete("Closed on paper"))],
        Stage.CANCELLED: [cancel],
    }
    return ways[stage]
