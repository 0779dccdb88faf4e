"""What is sent where and when: trays, keys, payloads. Hazards 2, 5, 14 and DL 17."""

from collections.abc import Callable
from dataclasses import asdict, fields, replace
from datetime import date, timedelta

import pytest
from builders import (
    BEGAN,
    NOW,
    PEOPLE,
    TODAY,
    TRANSFER_ID,
    actor,
    child,
    new_records,
    opening,
    sample_directory,
    situation,
    somebody,
    step_down_form,
    step_up_form,
    transfer_at,
)

from app.domain import commands as c
from app.domain.decide import decide
from app.domain.decision import Decision, Situation
from app.domain.dispatch import dispatch, duty_task
from app.domain.duty_task import (
    CaseSystem,
    DutyTask,
    SharingLimit,
    TaskChild,
    TaskForm,
    TaskMeeting,
    TaskMember,
    TaskNotice,
)
from app.domain.duty_task import title as task_title
from app.domain.errors import RulesBroken
from app.domain.form import AttachedForm, Form, FormReference, Meeting
from app.domain.messages import PAYLOADS, Message, MessageKind
from app.domain.open_transfer import open_transfer
from app.domain.pathway import Pathway, Stage
from app.domain.people import Actor, Role, Team, system_actor
from app.domain.team_around import Member
from app.domain.transfer import Milestone

BOTH = pytest.mark.parametrize("pathway", Pathway)
TEAMS = sample_directory().teams
ACCEPTED = {
    Pathway.STEP_UP: {"ff-bishop", "ff-chester", "ff-east", "aset", "cwd"},
    Pathway.STEP_DOWN: {"op-bishop", "op-chester", "op-east"},
}
RECEIVERS = {Pathway.STEP_UP: CaseSystem.LCS, Pathway.STEP_DOWN: CaseSystem.EHM}


def form_for(pathway: Pathway, **changes: object) -> Form:
    """A complete form of that pathway."""
    return (step_up_form if pathway is Pathway.STEP_UP else step_down_form)(**changes)


def with_referral_source(source: str | None, pathway: Pathway = Pathway.STEP_UP) -> Situation:
    """Durham's situation, with that referral source on that pathway."""
    where = situation()
    rules = replace(where.protocol.pathways[pathway], referral_source=source)
    pathways = {**where.protocol.pathways, pathway: rules}
    return replace(where, protocol=replace(where.protocol, pathways=pathways))


def key_of(message: Message) -> str:
    """Its key without the transfer's id."""
    assert message.key.startswith(f"{TRANSFER_ID}:")
    return message.key.removeprefix(f"{TRANSFER_ID}:")


@BOTH
@pytest.mark.parametrize("team", TEAMS, ids=lambda team: team.id)
def test_h02_only_the_teams_of_the_receiving_kind_are_accepted_anywhere(
    pathway: Pathway, team: Team
) -> None:
    recipient = team.id
    origin = "op-east" if pathway is Pathway.STEP_UP else "ff-east"
    a, m = somebody("a", Role.PRACTITIONER, origin), somebody("m", Role.TEAM_MANAGER, origin)
    form, where = form_for(pathway, recipient=recipient), situation()
    empty = open_transfer(opening(pathway, origin_team=origin, form=Form()), a, where).after
    sent = replace(transfer_at(Stage.DISPATCHED, pathway), origin_team=origin)
    has_it = "aset" if pathway is Pathway.STEP_UP else "op-chester"
    elsewhere = replace(sent, form=replace(sent.form, recipient=has_it))
    ways: dict[str, Callable[[], Decision]] = {
        "open": lambda: open_transfer(opening(pathway, origin_team=origin, form=form), a, where),
        "edit": lambda: decide(empty, c.Edit(form), a, where),
        "finalise": lambda: decide(replace(empty, form=form), c.Finalise(), a, where),
        "redirect": lambda: decide(elsewhere, c.Redirect(recipient, "The right tray"), m, where),
    }

    accepted: set[str] = set()
    for way, go in ways.items():
        try:
            go()
            accepted.add(way)
        except RulesBroken:
            continue

    own = {"redirect"} if recipient == has_it else set()
    assert accepted == (set(ways) - own if recipient in ACCEPTED[pathway] else set())


@BOTH
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"active": False}, "recipient-active"),
        ({"authority": "islington"}, "recipient-authority"),
        ({"name": "  referral   TO progress "}, "referral-to-progress"),
        ({"kind": "family_help"}, "recipient-kind"),
    ],
)
def test_h02_a_team_that_changes_while_the_form_waits_gets_no_task(
    pathway: Pathway, changes: dict[str, object], code: str
) -> None:
    before = Stage.DRAFT if pathway is Pathway.STEP_UP else Stage.AWAITING_AUTHORISATION
    waiting, where = transfer_at(before, pathway), situation()
    recipient = waiting.form.recipient
    assert recipient is not None
    changed = replace(where.teams[recipient], **changes)  # type: ignore[arg-type]
    later = replace(where, teams={**where.teams, recipient: changed})
    send: c.Command = c.Finalise() if pathway is Pathway.STEP_UP else c.Authorise()

    with pytest.raises(RulesBroken) as refusal:
        decide(waiting, send, actor(PEOPLE[pathway]["authoriser"]), later)

    assert [breach.code.split("-", 2)[2] for breach in refusal.value.breaches] == [code]


def test_h02_a_recipient_that_nobody_knows_is_refused() -> None:
    drafted = replace(transfer_at(Stage.DRAFT), form=step_up_form(recipient="no-such-team"))

    with pytest.raises(RulesBroken, match=r"^DL-3-recipient-authority$"):
        decide(drafted, c.Finalise(), actor("op.worker"), situation())


def test_h02_nothing_is_sent_to_any_tray_before_a_step_down_is_authorised() -> None:
    worker, manager, where = actor("ff.socialworker"), actor("ff.manager"), situation()
    opened = open_transfer(opening(Pathway.STEP_DOWN), worker, where)
    edited = decide(opened.after, c.Edit(step_down_form()), worker, where)
    finalised = decide(edited.after, c.Finalise(), worker, where)
    returned = decide(finalised.after, c.Return("Say more"), manager, where)
    again = decide(returned.after, c.Finalise(), worker, where)
    cancelled = decide(again.after, c.Cancel("other", "No"), manager, where)

    authorised = decide(again.after, c.Authorise(), manager, where)

    before = (opened, edited, finalised, returned, again, cancelled)
    assert [decision.messages for decision in before] == [()] * 6
    assert [decision.after.dispatch for decision in before] == [0] * 6
    assert [message.kind for message in authorised.messages] == [MessageKind.DELIVER_TASK]


@BOTH
def test_a_dispatch_is_one_task_for_the_receiving_system_under_a_key_of_its_own(
    pathway: Pathway,
) -> None:
    before = Stage.DRAFT if pathway is Pathway.STEP_UP else Stage.AWAITING_AUTHORISATION
    send: c.Command = c.Finalise() if pathway is Pathway.STEP_UP else c.Authorise()

    decision = decide(
        transfer_at(before, pathway), send, actor(PEOPLE[pathway]["authoriser"]), situation()
    )

    (message,) = decision.messages
    system = RECEIVERS[pathway]
    assert (message.destination, key_of(message)) == (system, f"{system}:deliver_task:1")
    assert isinstance(message.payload, DutyTask)
    assert message.payload.reference == decision.after.reference == f"{TRANSFER_ID}.1"
    assert message.payload.title == (
        "Transfer from Durham EHM" if pathway is Pathway.STEP_UP else "Transfer from Durham LCS"
    )


def test_a_new_task_is_held_by_nobody() -> None:
    sent, _ = dispatch(replace(transfer_at(Stage.DRAFT), holder="x"), "op.worker", situation())

    assert (sent.holder, sent.sent_to, sent.dispatch) == (None, "ff-bishop", 1)


@BOTH
def test_a_redirect_withdraws_there_and_delivers_here_under_a_new_reference(
    pathway: Pathway,
) -> None:
    sent, manager = transfer_at(Stage.DISPATCHED, pathway), PEOPLE[pathway]["origin manager"]
    right = "ff-east" if pathway is Pathway.STEP_UP else "op-east"
    later = situation(NOW + timedelta(hours=1))

    decision = decide(sent, c.Redirect(right, "The right tray"), actor(manager), later)

    withdrawal, delivery = decision.messages
    system = RECEIVERS[pathway]
    assert withdrawal.payload == TaskNotice(f"{TRANSFER_ID}.1", manager, "redirected")
    assert key_of(withdrawal) == f"{system}:withdraw_task:{sent.version + 1}"
    assert key_of(delivery) == f"{system}:deliver_task:2"
    assert isinstance(delivery.payload, DutyTask)
    assert delivery.payload.tray == later.teams[right].tray
    assert delivery.payload.reference == f"{TRANSFER_ID}.2"


def test_a_redirect_leaves_the_original_times_as_they_were() -> None:
    sent = transfer_at(Stage.DISPATCHED)
    later = situation(NOW + timedelta(hours=1))

    moved = decide(sent, c.Redirect("ff-east", "Wrong tray"), actor("ff.manager"), later).after

    assert moved.milestones[: len(sent.milestones)] == sent.milestones
    assert [mark.name for mark in moved.milestones[len(sent.milestones) :]] == [
        "redirected",
        "dispatched",
    ]


def test_h02_a_redirect_to_the_tray_that_has_the_task_is_refused() -> None:
    sent = transfer_at(Stage.DISPATCHED)

    with pytest.raises(RulesBroken, match=r"^redirect-elsewhere$"):
        decide(sent, c.Redirect("ff-bishop", "Again"), actor("op.manager"), situation())


def test_what_was_declined_is_redirected_without_a_withdrawal_even_to_the_same_team() -> None:
    declined = transfer_at(Stage.DECLINED)

    decision = decide(declined, c.Redirect("ff-bishop", "Agreed"), actor("op.manager"), situation())

    assert [key_of(message) for message in decision.messages] == ["lcs:deliver_task:2"]
    assert decision.after.stage is Stage.DISPATCHED


@BOTH
def test_a_cancel_withdraws_the_task_where_there_is_one(pathway: Pathway) -> None:
    manager = PEOPLE[pathway]["origin manager"]
    cancel = c.Cancel("entered_in_error", "A mistake")
    sent = transfer_at(Stage.DISPATCHED, pathway)

    in_tray = decide(sent, cancel, actor(manager), situation())
    draft = decide(transfer_at(Stage.DRAFT, pathway), cancel, actor(manager), situation())

    (withdrawal,) = in_tray.messages
    assert withdrawal.payload == TaskNotice(f"{TRANSFER_ID}.1", manager, "entered_in_error")
    assert key_of(withdrawal) == f"{RECEIVERS[pathway]}:withdraw_task:{sent.version + 1}"
    assert draft.messages == ()


@BOTH
def test_the_tray_is_told_of_what_people_do_with_us_and_not_of_what_it_did_itself(
    pathway: Pathway,
) -> None:
    people = PEOPLE[pathway]
    receiver, manager = actor(people["receiver"]), actor(people["receiving manager"])
    system = system_actor(RECEIVERS[pathway], "durham")
    sent, held = transfer_at(Stage.DISPATCHED, pathway), transfer_at(Stage.PICKED_UP, pathway)
    pick_up, release = c.PickUp(receiver.id, NOW), c.Release(NOW)
    decline = c.Decline("threshold_not_met", "Not yet", NOW)

    told = [
        decide(sent, pick_up, receiver, situation()).messages,
        decide(held, release, manager, situation()).messages,
        decide(held, decline, manager, situation()).messages,
    ]
    heard = [
        decide(sent, pick_up, system, situation()).messages,
        decide(held, release, system, situation()).messages,
        decide(held, decline, system, situation()).messages,
    ]

    assert [message.payload for (message,) in told] == [
        TaskNotice(f"{TRANSFER_ID}.1", receiver.id),
        TaskNotice(f"{TRANSFER_ID}.1", "receiver"),
        TaskNotice(f"{TRANSFER_ID}.1", manager.id, "threshold_not_met"),
    ]
    assert [key_of(message).split(":")[1] for (message,) in told] == [
        "pick_up_task",
        "release_task",
        "decline_task",
    ]
    assert heard == [(), (), ()]


def test_h05_every_message_of_a_long_history_has_a_key_of_its_own() -> None:
    where, manager, receiver = situation(), actor("op.manager"), actor("ff.manager")
    transfer = transfer_at(Stage.DRAFT)
    messages: list[Message] = []
    steps: list[tuple[c.Command, Actor]] = [
        (c.Finalise(), manager),
        (c.PickUp(receiver.id, NOW), receiver),
        (c.Release(NOW), receiver),
        (c.PickUp(receiver.id, NOW), receiver),
        (c.Release(NOW), receiver),
        (c.Redirect("ff-chester", "Wrong"), manager),
        (c.Redirect("ff-bishop", "Right after all"), manager),
        (c.Decline("other", "No", NOW), receiver),
        (c.Return("Say more"), manager),
        (c.Finalise(), manager),
        (c.PickUp(receiver.id, NOW), receiver),
        (c.Start(new_records(transfer.children)), receiver),
    ]

    for step, person in steps:
        decision = decide(transfer, step, person, where)
        transfer = decision.after
        messages += decision.messages

    keys = [message.key for message in messages]
    assert len(keys) == 13
    assert len(set(keys)) == len(keys)
    assert transfer.reference == f"{TRANSFER_ID}.4"


def test_h14_the_fields_that_travel_are_these_and_no_others() -> None:
    allowed = {
        DutyTask: (
            "reference title tray pathway route immediate_risk date_of_transfer comments "
            "from_team from_worker meeting record_id record_started_on children forms "
            "referral_source primary_need statements next_lead_professional team_around_the_family"
        ),
        TaskChild: "child_id name date_of_birth nhs_number upn upn_unknown",
        TaskForm: "form record_id completed_on fields",
        TaskMeeting: "held_on chair decision notes",
        TaskMember: "name agency purpose",
        TaskNotice: "reference worker reason",
        SharingLimit: "reference scopes forms",
    }

    travelling = {kind: " ".join(field.name for field in fields(kind)) for kind in allowed}

    assert travelling == allowed


def test_h14_a_task_carries_the_form_the_children_and_nothing_else_of_the_transfer() -> None:
    sibling = replace(child("DUR1002", "Billie Example"), upn="A950000178301")
    form = step_up_form(
        meeting=Meeting(TODAY, "A chair", "agreed", "A note"),
        references=(FormReference("chronology", "SECRET-CHRONOLOGY"),),
        factors=("SECRET-FACTOR",),
        statements={"worry_statements": "Out at night"},
        next_lead_professional="A. Head",
        primary_need="N1",
    )
    abroad = replace(child(), upn_unknown="UN3")
    transfer = replace(transfer_at(Stage.DRAFT, children=(abroad, sibling)), form=form)
    private = Milestone("returned", NOW, "SECRET-PERSON", NOW, note="SECRET-NOTE")
    marked = replace(
        transfer.with_milestone(private),
        lead_professional="SECRET-LEAD",
        team_around=(
            Member("SECRET-ID", "A. Nurse", "0-19 service", "Sleep", NOW),
            Member("SECRET-ID", "SECRET-GONE", "A school", "Attendance", NOW, NOW),
        ),
    )

    (message,) = decide(
        marked, c.Finalise(), actor("op.worker"), with_referral_source("5D")
    ).messages

    assert isinstance(message.payload, DutyTask)
    assert asdict(message.payload) == {
        "reference": f"{TRANSFER_ID}.1",
        "title": "Transfer from Durham EHM",
        "tray": "FF-BISHOP",
        "pathway": "step_up",
        "route": "meeting",
        "immediate_risk": False,
        "date_of_transfer": TODAY,
        "comments": "Agreed at the meeting to step up.",
        "from_team": "One Point Bishop Auckland",
        "from_worker": "op.worker",
        "meeting": {
            "held_on": TODAY,
            "chair": "A chair",
            "decision": "agreed",
            "notes": "A note",
        },
        "record_id": "EHE-1001",
        "record_started_on": BEGAN,
        "children": (
            {
                "child_id": "DUR1001",
                "name": "Alex Example",
                "date_of_birth": date(2017, 3, 9),
                "nhs_number": "9434765919",
                "upn": None,
                "upn_unknown": "UN3",
            },
            {
                "child_id": "DUR1002",
                "name": "Billie Example",
                "date_of_birth": date(2017, 3, 9),
                "nhs_number": "9434765919",
                "upn": "A950000178301",
                "upn_unknown": None,
            },
        ),
        "forms": (
            {
                "form": "ehm_contact_record",
                "record_id": "ECR-2041",
                "completed_on": TODAY,
                "fields": {"reason": "Neglect"},
            },
        ),
        "referral_source": "5D",
        "primary_need": "N1",
        "statements": {"worry_statements": "Out at night"},
        "next_lead_professional": "A. Head",
        "team_around_the_family": (
            {"name": "A. Nurse", "agency": "0-19 service", "purpose": "Sleep"},
        ),
    }
    assert "SECRET" not in repr(message)


@BOTH
@pytest.mark.parametrize("source", [None, "5D"])
def test_the_referral_source_is_the_one_that_the_protocol_names_if_any(
    pathway: Pathway, source: str | None
) -> None:
    draft = transfer_at(Stage.DRAFT, pathway)
    sent = duty_task(replace(draft, dispatch=1), with_referral_source(source, pathway))

    assert sent.referral_source == source


def test_a_task_of_a_bare_form_says_nothing_that_the_form_does_not() -> None:
    task = duty_task(transfer_at(Stage.DRAFT), with_referral_source(None))

    assert (task.primary_need, task.next_lead_professional) == (None, None)
    assert (task.statements, task.team_around_the_family) == ({}, ())


def test_h14_the_statements_that_travel_are_a_copy_that_later_changes_do_not_reach() -> None:
    statements = {"worry_statements": "Out at night"}
    task = duty_task(
        replace(transfer_at(Stage.DRAFT), form=step_up_form(statements=statements)), situation()
    )

    statements["worry_statements"] = "changed"

    assert task.statements == {"worry_statements": "Out at night"}


def test_h14_what_is_told_of_a_task_names_no_child_and_quotes_no_free_text() -> None:
    held = transfer_at(Stage.PICKED_UP, form=step_up_form(comments="SECRET-COMMENT"))
    decline = c.Decline("threshold_not_met", "SECRET-NOTE", NOW)

    (message,) = decide(held, decline, actor("ff.manager"), situation()).messages

    assert "SECRET" not in repr(message)
    assert "Alex" not in repr(message)


def test_h14_a_travelling_form_is_a_copy_that_later_changes_do_not_reach() -> None:
    answers = {"reason": "Neglect"}
    form = step_up_form(forms=(AttachedForm("ehm_contact_record", "ECR-1", TODAY, answers),))
    transfer = transfer_at(Stage.DRAFT, form=form)

    (message,) = decide(transfer, c.Finalise(), actor("op.worker"), situation()).messages
    answers["reason"] = "changed"

    assert isinstance(message.payload, DutyTask)
    assert message.payload.forms[0].fields == {"reason": "Neglect"}


def test_a_task_without_its_mandatory_fields_is_never_made() -> None:
    for missing in ("recipient", "date_of_transfer", "comments"):
        bare = replace(transfer_at(Stage.DRAFT), form=step_up_form(**{missing: None}))
        with pytest.raises(LookupError, match="a task needs"):
            duty_task(bare, situation())


def test_every_kind_of_message_has_its_payload() -> None:
    assert set(PAYLOADS) == set(MessageKind)


def test_titles_name_the_council_and_the_system_it_comes_from() -> None:
    assert task_title("Cheshire East", CaseSystem.EHM) == "Transfer from Cheshire East EHM"
