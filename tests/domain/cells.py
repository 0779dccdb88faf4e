"""Everybody, at every stage, with every action: what the sweeps over all of them go through."""

from dataclasses import replace
from datetime import timedelta
from functools import cache

from builders import NOW, PEOPLE, actor, new_records, situation, somebody, transfer_at

from app.domain import commands as c
from app.domain.decide import decide
from app.domain.form import AttachedForm
from app.domain.pathway import Action, Pathway, Stage
from app.domain.people import Actor, Membership, Role
from app.domain.transfer import Milestone, Transfer

TEAMS = {
    Pathway.STEP_UP: ("op-bishop", "ff-bishop", "ff-chester", "op-chester"),
    Pathway.STEP_DOWN: ("ff-bishop", "op-bishop", "op-chester", "ff-chester"),
}
TEAM_ROLES = {
    "practitioner": Role.PRACTITIONER,
    "manager": Role.TEAM_MANAGER,
    "co-ordinator": Role.TEAM_COORDINATOR,
    "chair": Role.CHAIR,
    "operations manager": Role.OPERATIONS_MANAGER,
}
SYSTEMS = {
    Pathway.STEP_UP: (Role.SYSTEM_LCS, Role.SYSTEM_EHM),
    Pathway.STEP_DOWN: (Role.SYSTEM_EHM, Role.SYSTEM_LCS),
}
UNREACHED = {
    "awaiting_authorisation": {Pathway.STEP_UP},
    "waiting again": {Pathway.STEP_UP},
}

STANDINGS = [
    *(stage.value for stage in Stage),
    "draft again",
    "waiting again",
    "cancelled in the tray",
]


SERVING = {
    "chair": somebody("a chair", Role.CHAIR, meeting="weekly"),
    "deputy chair": somebody("a deputy", Role.DEPUTY_CHAIR, meeting="weekly"),
    "co-ordinator": somebody("a co-ordinator", Role.TEAM_COORDINATOR, meeting="weekly"),
    "member": somebody("a member", Role.MEMBER, meeting="weekly"),
}
"""Who serves the meetings that the transfers of Durham are submitted to."""


@cache
def people_of(pathway: Pathway) -> dict[str, Actor]:
    """Everybody who might try: of both teams, of look-alike teams, of no team, of elsewhere."""
    origin, recipient, look_alike, other = TEAMS[pathway]
    receiving_system, other_system = SYSTEMS[pathway]
    sides = {
        "origin": origin,
        "receiving": recipient,
        "look-alike": look_alike,
        "third team's": other,
    }
    people = {
        f"{side} {name}": somebody(f"{side} {name}", role, team)
        for side, team in sides.items()
        for name, role in TEAM_ROLES.items()
    }
    elsewhere = frozenset(
        Membership(role, team)
        for role in (Role.PRACTITIONER, Role.TEAM_MANAGER)
        for team in (origin, recipient)
    ) | {Membership(Role.ADMINISTRATOR)}
    return people | {
        "holder": somebody("receiver", Role.PRACTITIONER, recipient),
        "receiving system": somebody("a system", receiving_system),
        "other system": somebody("a system", other_system),
        "auditor": somebody("an auditor", Role.AUDITOR),
        "administrator": somebody("an administrator", Role.ADMINISTRATOR),
        "former member": Actor("receiver", "durham"),
        "another council's": Actor("receiver", "islington", elsewhere),
    }


@cache
def transfer_of(pathway: Pathway, standing: str) -> Transfer:
    """A transfer at a stage; "again" and "in the tray" are reached after a dispatch."""
    if standing == "draft again":
        declined, manager = transfer_at(Stage.DECLINED, pathway), PEOPLE[pathway]["origin manager"]
        return decide(declined, c.Return("Not yet"), actor(manager), situation()).after
    if standing == "waiting again":
        draft, author = transfer_of(pathway, "draft again"), PEOPLE[pathway]["author"]
        return decide(draft, c.Finalise(), actor(author), situation()).after
    if standing == "cancelled in the tray":
        sent, manager = transfer_at(Stage.DISPATCHED, pathway), PEOPLE[pathway]["origin manager"]
        cancel = c.Cancel("entered_in_error", "A mistake")
        return decide(sent, cancel, actor(manager), situation()).after
    return transfer_at(Stage(standing), pathway)


def command_for(action: Action, transfer: Transfer, look_alike: str) -> c.Command:
    """A command of that action; for `ready_for_it` no rule of the protocol stands against it."""
    made: dict[Action, c.Command] = {
        Action.EDIT: c.Edit(transfer.form),
        Action.SUBMIT_TO_MEETING: c.SubmitToMeeting("weekly", NOW + timedelta(days=5)),
        Action.FINALISE: c.Finalise(),
        Action.AUTHORISE: c.Authorise(),
        Action.RETURN: c.Return("Please complete"),
        Action.REDIRECT: c.Redirect(look_alike, "The wrong tray"),
        Action.PICK_UP: c.PickUp("receiver", NOW),
        Action.RELEASE: c.Release(NOW),
        Action.DECLINE: c.Decline("threshold_not_met", "Not yet", NOW),
        Action.START: c.Start(new_records(transfer.children)),
        Action.ALLOCATE: c.Allocate("a.worker", NOW),
        Action.COMPLETE: c.Complete("Closed on paper"),
        Action.CANCEL: c.Cancel("entered_in_error", "A mistake"),
    }
    return made[action]


def ready_for_it(action: Action, transfer: Transfer) -> Transfer:
    """The transfer with what a meeting asks for, where it is to be submitted to one."""
    if action is not Action.SUBMIT_TO_MEETING:
        return transfer
    evidence = AttachedForm("evidence_tool", "EVT-1")
    form = replace(transfer.form, forms=(*transfer.form.forms, evidence))
    ready = replace(transfer, form=form)
    for name in ("discussed_with_manager", "manager_agreed"):
        ready = ready.with_milestone(Milestone(name, NOW, "op.manager", NOW))
    return ready
