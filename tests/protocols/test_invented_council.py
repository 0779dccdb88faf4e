"""A council that nobody thought of: its file is all that it needs, and no code.

Borset has family help teams that record in LCS and hubs that record in EHM, schools that raise
a concern, a management gate on the step up and none on the step down, and a lead that passes as
soon as the work has started.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from builders import calendar

from app.domain import commands as c
from app.domain.custody import Custody, ledger
from app.domain.decide import decide
from app.domain.decision import Decision, Situation
from app.domain.duty_task import CaseSystem, DutyTask
from app.domain.errors import NotPermitted, RulesBroken, SeparationOfDuties
from app.domain.form import Form
from app.domain.hear import hear
from app.domain.messages import MessageKind, RecordDateCheck
from app.domain.open_transfer import open_transfer
from app.domain.pathway import Pathway, Stage
from app.domain.people import Actor, Membership, Role, Team, system_actor
from app.domain.protocol import CouncilProtocol
from app.domain.record_milestone import Happened, record_milestone
from app.domain.transfer import Child, Origin, OriginRecord, Transfer
from app.domain.tray_reports import NewRecord, RecordsCreated
from app.protocols.reader import read_protocol

BORSET = (
    """
code = "borset"
version = "3"
in_force_from = 2026-01-01
authority = "Borset County Council"
short_name = "Borset"

[sources]
BH = "Borset's Family Help Handbook"

[clauses."BH 1"]
says = "Where it starts"
[clauses."BH 2"]
says = "The school is heard"
[clauses."BH 3"]
says = "Who chaired"
[clauses."BH 4"]
says = "What is filled in"
[clauses."BH 5"]
says = "Where it goes"
[clauses."BH 6"]
says = "The handbook is read every year"
because = "No rule: not about a transfer"
[clauses."BH 8"]
says = "The family is told"
[clauses."BH 9"]
says = "The day of the referral"

[step_up]
form = "Asking for Family Help"
from_system = "ehm"
to_system = "lcs"
authorised_by = ["team_manager", "operations_manager"]
custody_passes_on = "started"
completes_on = ["allocated", "family_told"]

[step_up.record_date]
called = "referral_date"
should_be = "date_of_transfer"
amend = false
says = "The referral bears the date on the form"
source = "BH 9"

[step_up.routes.school_concern]
says = "A school is worried"
origins = ["school_record"]
source = "BH 1"

[step_up.milestones.school_heard]
says = "The school has been heard"
by = "origin"
source = "BH 2"

[step_up.milestones.family_told]
says = "The family knows who works with them now"
by = "either"
after = "started"
source = "BH 8"

[[step_up.rules]]
code = "B-1-origin"
gates = ["open"]
severity = "must"
needs = { origin = "allowed_by_route" }
says = "Start from the school's record"
source = "BH 1"

[[step_up.rules]]
code = "B-2-school"
gates = ["authorise"]
severity = "must"
needs = { milestone = "school_heard" }
says = "Hear the school before you authorise"
source = "BH 2"

[[step_up.rules]]
code = "B-3-chair"
gates = ["finalise"]
severity = "should"
needs = { field = "meeting.chair" }
says = "Say who chaired"
source = "BH 3"
"""
    + "".join(
        f"""
[[step_up.rules]]
code = "B-4-{field}"
gates = ["finalise"]
severity = "must"
needs = {{ field = "{field}" }}
says = "Fill in {field}"
source = "BH 4"
"""
        for field in ("date_of_transfer", "comments", "recipient")
    )
    + """
[[step_up.rules]]
code = "B-5-kind"
gates = ["edit", "finalise", "dispatch"]
severity = "must"
needs = { recipient_kind = "family_help" }
says = "Choose a family help team"
source = "BH 5"

[[step_up.rules]]
code = "B-5-active"
gates = ["dispatch"]
severity = "must"
needs = { recipient = "active" }
says = "Choose a team that is active"
source = "BH 5"

[[step_up.rules]]
code = "B-5-authority"
gates = ["dispatch"]
severity = "must"
needs = { recipient = "same_authority" }
says = "Choose a team of Borset"
source = "BH 5"
"""
)
HALVES = BORSET.split("[step_up]", 1)
STEP_DOWN = (
    ("[step_up]" + HALVES[1])
    .replace("step_up", "step_down")
    .replace('from_system = "ehm"\nto_system = "lcs"', 'from_system = "lcs"\nto_system = "ehm"')
    .replace('["team_manager", "operations_manager"]', "[]")
    .replace('gates = ["authorise"]', 'gates = ["finalise"]')
    .replace('recipient_kind = "family_help"', 'recipient_kind = "hub"')
    .replace("school_concern", "plan_ended")
    .replace("school_record", "plan")
    .replace(
        'should_be = "date_of_transfer"\namend = false', 'should_be = "day_created"\namend = true'
    )
)
"""The step down mirrors the step up, but for the gate, the route, the team and the date."""

NOW = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def team(team_id: str, kind: str, system: CaseSystem) -> Team:
    """A team of Borset."""
    return Team(team_id, "borset", team_id.title(), kind, "Borset", "All", system, team_id.upper())


TEAMS = {
    one.id: one
    for one in (
        team("hub", "hub", CaseSystem.EHM),
        team("help", "family_help", CaseSystem.LCS),
        team("statutory", "social_care", CaseSystem.LCS),
    )
}


def person(name: str, role: Role, works_in: str) -> Actor:
    """Somebody of Borset."""
    return Actor(name, "borset", frozenset({Membership(role, works_in)}))


HUB_WORKER = person("hub.worker", Role.PRACTITIONER, "hub")
HUB_MANAGER = person("hub.manager", Role.TEAM_MANAGER, "hub")
HUB_OPERATIONS = person("hub.operations", Role.OPERATIONS_MANAGER, "hub")
HELPER = person("helper", Role.PRACTITIONER, "help")
HELP_MANAGER = person("help.manager", Role.TEAM_MANAGER, "help")


@pytest.fixture
def borset(tmp_path: Path) -> CouncilProtocol:
    """The invented council's protocol, through the reader."""
    path = tmp_path / "borset.toml"
    path.write_text(BORSET + STEP_DOWN, encoding="utf-8")
    return read_protocol(path)


@pytest.fixture
def where(borset: CouncilProtocol) -> Situation:
    return Situation(borset, TEAMS, calendar(), NOW)


Opens = Callable[[Pathway], Transfer]


@pytest.fixture
def opened(where: Situation) -> Opens:
    """A draft of either pathway, complete but for what the school has to say."""

    def open_it(pathway: Pathway) -> Transfer:
        up = pathway is Pathway.STEP_UP
        command = c.Open(
            id="0b0f3d9e-52c7-4d6e-9f7a-4a4f2a6f1c55",
            pathway=pathway,
            route="school_concern" if up else "plan_ended",
            origin=Origin("school_record" if up else "plan", "S-1"),
            origin_record=OriginRecord("R-1", date(2026, 1, 5), active=True),
            origin_team="hub" if up else "help",
            children=(Child("BOR1", "Casey Example", date(2018, 2, 3)),),
            form=Form(date(2026, 7, 1), "Worried", "help" if up else "hub"),
        )
        return open_transfer(command, HUB_WORKER if up else HELPER, where).after

    return open_it


def school_heard(transfer: Transfer, by: Actor, where: Situation) -> Transfer:
    """The transfer after the school was heard."""
    return record_milestone(transfer, Happened("school_heard", NOW), by, where).after


def test_a_step_up_waits_at_the_gate_that_the_file_sets(opened: Opens, where: Situation) -> None:
    finalised = decide(opened(Pathway.STEP_UP), c.Finalise(), HUB_WORKER, where)

    assert finalised.after.stage is Stage.AWAITING_AUTHORISATION
    assert finalised.messages == ()
    assert [(w.code, w.source) for w in finalised.warnings] == [("B-3-chair", "BH 3")]
    with pytest.raises(NotPermitted):
        decide(finalised.after, c.Authorise(), HUB_WORKER, where)


@pytest.mark.parametrize("authoriser", [HUB_MANAGER, HUB_OPERATIONS], ids=lambda who: who.id)
def test_either_role_of_the_file_authorises_once_its_rule_holds(
    authoriser: Actor, opened: Opens, where: Situation
) -> None:
    waiting = decide(opened(Pathway.STEP_UP), c.Finalise(), HUB_WORKER, where).after

    with pytest.raises(RulesBroken, match=r"^B-2-school$"):
        decide(waiting, c.Authorise(), authoriser, where)
    heard = school_heard(waiting, HUB_WORKER, where)
    authorised = decide(heard, c.Authorise(), authoriser, where)

    (message,) = authorised.messages
    assert authorised.after.authorised_by == authoriser.id
    assert isinstance(message.payload, DutyTask)
    assert (message.destination, message.payload.tray) == (CaseSystem.LCS, "HELP")
    assert message.payload.title == "Transfer from Borset EHM"
    assert (message.payload.route, message.payload.immediate_risk) == ("school_concern", False)


def test_h06_four_eyes_hold_at_an_invented_gate_too(opened: Opens, where: Situation) -> None:
    heard = school_heard(opened(Pathway.STEP_UP), HUB_WORKER, where)
    waiting = decide(heard, c.Finalise(), HUB_MANAGER, where).after

    with pytest.raises(SeparationOfDuties):
        decide(waiting, c.Authorise(), HUB_MANAGER, where)


def test_a_step_down_without_a_gate_goes_at_once(opened: Opens, where: Situation) -> None:
    draft = opened(Pathway.STEP_DOWN)

    with pytest.raises(RulesBroken, match="B-2-school"):
        decide(draft, c.Finalise(), HELPER, where)
    sent = decide(school_heard(draft, HELPER, where), c.Finalise(), HELPER, where)

    (message,) = sent.messages
    assert sent.after.stage is Stage.DISPATCHED
    assert isinstance(message.payload, DutyTask)
    assert (message.destination, message.payload.title) == (
        CaseSystem.EHM,
        "Transfer from Borset LCS",
    )
    with pytest.raises(NotPermitted):
        decide(sent.after, c.Authorise(), HELP_MANAGER, where)


def dispatched(opened: Opens, where: Situation, pathway: Pathway) -> Transfer:
    """A transfer of that pathway in its tray."""
    up = pathway is Pathway.STEP_UP
    worker = HUB_WORKER if up else HELPER
    heard = school_heard(opened(pathway), worker, where)
    sent = decide(heard, c.Finalise(), worker, where).after
    return decide(sent, c.Authorise(), HUB_MANAGER, where).after if up else sent


def begun(opened: Opens, where: Situation, pathway: Pathway) -> Decision:
    """What the tray's report of a created record makes of it, dated as it was copied."""
    sent = dispatched(opened, where, pathway)
    system = where.protocol.pathways[pathway].to_system
    record = NewRecord("BOR1", "REC-1", NOW, date(2026, 1, 5))
    report = RecordsCreated(NOW, "somebody", (record,))
    later = replace(where, now=LATER)
    decision = hear(sent, sent.reference, report, system_actor(system, "borset"), later)
    assert decision is not None
    return decision


@pytest.mark.parametrize("pathway", Pathway)
def test_h01_the_lead_passes_with_the_start_where_the_file_says_so(
    pathway: Pathway, opened: Opens, where: Situation
) -> None:
    rules = where.protocol.pathways[pathway]
    origin, receiver = ("hub", "help") if pathway is Pathway.STEP_UP else ("help", "hub")
    sent = dispatched(opened, where, pathway)

    started = begun(opened, where, pathway).after

    assert ledger(sent, rules) == (Custody(origin, None),)
    assert started.stage is Stage.STARTED
    assert ledger(started, rules) == (Custody(origin, None, until=NOW), Custody(receiver, NOW))


@pytest.mark.parametrize(
    ("pathway", "right", "copied"),
    [
        (Pathway.STEP_UP, date(2026, 7, 1), None),
        (Pathway.STEP_DOWN, date(2026, 7, 2), date(2026, 1, 5)),
    ],
)
def test_h08_the_date_s_rule_is_the_file_s_whichever_the_pathway(
    pathway: Pathway, right: date, copied: date | None, opened: Opens, where: Situation
) -> None:
    (message,) = begun(opened, where, pathway).messages

    assert message.kind is MessageKind.CHECK_RECORD_DATE
    assert isinstance(message.payload, RecordDateCheck)
    assert (message.payload.check.right, message.payload.check.copied) == (right, copied)


def test_the_transfer_ends_with_the_milestones_that_the_file_names(
    opened: Opens, where: Situation
) -> None:
    later = replace(where, now=LATER)
    started = begun(opened, where, Pathway.STEP_UP).after

    allocate = c.Allocate("helper", LATER)
    allocated = decide(started, allocate, HELP_MANAGER, later).after
    told = record_milestone(allocated, Happened("family_told", LATER), HELPER, later).after

    assert (allocated.stage, told.stage) == (Stage.ALLOCATED, Stage.COMPLETED)


def test_the_completion_milestones_may_come_the_other_way_round(
    opened: Opens, where: Situation
) -> None:
    later = replace(where, now=LATER)
    started = begun(opened, where, Pathway.STEP_UP).after

    told = record_milestone(started, Happened("family_told", LATER), HUB_WORKER, later).after
    allocated = decide(told, c.Allocate("helper", LATER), HELP_MANAGER, later).after

    assert (told.stage, allocated.stage) == (Stage.STARTED, Stage.COMPLETED)


@pytest.mark.parametrize("recipient", ["statutory", "hub"])
def test_h02_the_kind_of_team_is_the_file_s_too(
    recipient: str, opened: Opens, where: Situation
) -> None:
    draft = opened(Pathway.STEP_UP)
    form = replace(draft.form, recipient=recipient)

    with pytest.raises(RulesBroken, match=r"^B-5-kind$"):
        decide(draft, c.Edit(form), HUB_WORKER, where)
