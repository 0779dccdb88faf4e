"""A decision: the order of its refusals, all breaches at once, the version, the completion."""

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import (
    NOW,
    PEOPLE,
    actor,
    new_records,
    opening,
    situation,
    somebody,
    step_down_form,
    step_up_form,
    transfer_at,
)

from app.domain import commands as c
from app.domain.authority import may_see
from app.domain.breach import Breach, Severity
from app.domain.close_at_source import Closed, close_at_source
from app.domain.decide import decide
from app.domain.errors import (
    IllegalTransition,
    NotPermitted,
    NotVisible,
    RulesBroken,
    SeparationOfDuties,
    StaleVersion,
)
from app.domain.form import AttachedForm, Form, FormReference, Meeting
from app.domain.open_transfer import open_transfer
from app.domain.pathway import Action, Pathway, Stage
from app.domain.people import Role
from app.domain.transfer import Milestone, Origin, Transfer

EMPTY = Form()
BOTH = pytest.mark.parametrize("pathway", Pathway)
OLD_VERSION = 0


def refused(transfer: Transfer, command: c.Command, person: str) -> tuple[Breach, ...]:
    """Every breach that the command meets."""
    with pytest.raises(RulesBroken) as refusal:
        decide(transfer, command, actor(person), situation())
    return refusal.value.breaches


def test_an_unseen_transfer_is_refused_before_everything_else() -> None:
    drafted = replace(transfer_at(Stage.DRAFT), form=EMPTY)

    with pytest.raises(NotVisible):
        decide(
            drafted, c.Authorise(), actor("ff.manager"), situation(), expected_version=OLD_VERSION
        )


def test_a_person_without_the_action_is_refused_before_the_stage_is_looked_at() -> None:
    completed = transfer_at(Stage.COMPLETED)

    with pytest.raises(NotPermitted):
        decide(
            completed, c.Cancel("other", "No"), actor("op.worker"), situation(),
            expected_version=OLD_VERSION,
        )  # fmt: skip


def test_an_impossible_action_is_refused_before_the_version_is_looked_at() -> None:
    completed = transfer_at(Stage.COMPLETED)

    with pytest.raises(IllegalTransition):
        decide(
            completed, c.Cancel("other", "No"), actor("op.manager"), situation(),
            expected_version=OLD_VERSION,
        )  # fmt: skip


def test_the_form_s_own_author_is_refused_before_the_version_is_looked_at() -> None:
    deputy = actor("ff.deputy")
    waiting = open_transfer(opening(Pathway.STEP_DOWN), deputy, situation()).after
    waiting = decide(waiting, c.Finalise(), deputy, situation()).after

    with pytest.raises(SeparationOfDuties):
        decide(waiting, c.Authorise(), deputy, situation(), expected_version=OLD_VERSION)


def test_a_stale_version_is_refused_before_the_rules_are_asked() -> None:
    drafted = replace(transfer_at(Stage.DRAFT), form=EMPTY)

    with pytest.raises(StaleVersion):
        decide(drafted, c.Finalise(), actor("op.worker"), situation(), expected_version=OLD_VERSION)


def test_the_version_that_was_read_is_accepted_and_none_is_not_asked_for() -> None:
    drafted = transfer_at(Stage.DRAFT)

    given = decide(
        drafted, c.Finalise(), actor("op.worker"), situation(), expected_version=drafted.version
    )
    not_given = decide(drafted, c.Finalise(), actor("op.worker"), situation())

    assert given == not_given


def test_a_version_of_the_future_is_as_stale_as_one_of_the_past() -> None:
    drafted = transfer_at(Stage.DRAFT)

    with pytest.raises(StaleVersion):
        decide(
            drafted, c.Finalise(), actor("op.worker"), situation(),
            expected_version=drafted.version + 1,
        )  # fmt: skip


@BOTH
def test_the_version_counts_every_decision(pathway: Pathway) -> None:
    people = PEOPLE[pathway]

    opened = transfer_at(Stage.DRAFT, pathway)
    edited = decide(opened, c.Edit(opened.form), actor(people["author"]), situation()).after
    finalised = decide(edited, c.Finalise(), actor(people["author"]), situation()).after

    assert (opened.version, edited.version, finalised.version) == (1, 2, 3)


def test_a_step_up_s_empty_form_gets_every_breach_at_once_with_words_and_source() -> None:
    drafted = replace(transfer_at(Stage.DRAFT), form=EMPTY)

    breaches = refused(drafted, c.Finalise(), "op.worker")

    must, should = Severity.MUST, Severity.SHOULD
    assert breaches == (
        Breach("DL-3-date", "Give the Date of Transfer", "DL 3", must, "nothing"),
        Breach("DL-3-comments", "Give the Comments", "DL 3", must, "nothing"),
        Breach("DL-3-recipient", "Choose the Transfer Recipient", "DL 3", must, "nothing"),
        Breach(
            "DL-4-meeting-date",
            "Record the date of the step-up/step-down meeting",
            "DL 4",
            should,
            "nothing",
        ),
        Breach(
            "DL-4-meeting-decision",
            "Record what the step-up/step-down meeting decided",
            "DL 4",
            should,
            "nothing",
        ),
        Breach(
            "DL-5-contact-record",
            "Attach the EHM Contact Record: its fields copy forward into the LCS Referral",
            "DL 5",
            must,
            "nothing",
        ),
    )


def test_a_step_down_s_empty_form_gets_every_breach_at_once() -> None:
    drafted = replace(transfer_at(Stage.DRAFT, Pathway.STEP_DOWN), form=EMPTY)

    breaches = refused(drafted, c.Finalise(), "ff.socialworker")

    assert {breach.code: (breach.source, breach.severity.value) for breach in breaches} == {
        "DL-13-date": ("DL 13", "must"),
        "DL-13-comments": ("DL 13", "must"),
        "DL-14-recipient": ("DL 14", "must"),
        "DL-15-meeting-date": ("DL 15", "should"),
        "DL-15-meeting-decision": ("DL 15", "should"),
        "DL-16-assessment": ("DL 16", "should"),
        "DL-16-plan": ("DL 16", "should"),
    }


@pytest.mark.parametrize("blank", ["", " ", "\t\n", "\u00a0"])
def test_blank_comments_are_no_comments(blank: str) -> None:
    drafted = transfer_at(Stage.DRAFT, form=step_up_form(comments=blank))

    breaches = refused(drafted, c.Finalise(), "op.worker")

    assert [breach.code for breach in breaches] == ["DL-3-comments"]


@BOTH
def test_a_form_without_meeting_details_is_warned_about_and_goes_its_way(pathway: Pathway) -> None:
    form = (step_up_form if pathway is Pathway.STEP_UP else step_down_form)(meeting=Meeting())
    drafted = transfer_at(Stage.DRAFT, pathway, form=form)
    clause = "DL-4" if pathway is Pathway.STEP_UP else "DL-15"

    decision = decide(drafted, c.Finalise(), actor(PEOPLE[pathway]["author"]), situation())

    warned = [f"{clause}-meeting-date", f"{clause}-meeting-decision"]
    assert decision.after.stage is not Stage.DRAFT
    assert [warning.code for warning in decision.warnings] == warned
    assert decision.events[0].codes == tuple(f"warned:{code}" for code in warned)


def test_a_step_down_without_forms_is_warned_about_and_with_a_chronology_refused() -> None:
    bare = transfer_at(Stage.DRAFT, Pathway.STEP_DOWN, form=step_down_form(forms=()))
    chronology = step_down_form(forms=(AttachedForm("chronology", "CHR-1"),))

    warned = decide(bare, c.Finalise(), actor("ff.socialworker"), situation()).warnings
    breaches = refused(bare, c.Edit(chronology), "ff.socialworker")

    assert [warning.code for warning in warned] == ["DL-16-assessment", "DL-16-plan"]
    assert [(breach.code, breach.found) for breach in breaches] == [
        ("DL-16-chronology", "chronology")
    ]


def test_a_chronology_may_be_referred_to_in_a_step_down_and_travel_in_a_step_up() -> None:
    down = transfer_at(Stage.DRAFT, Pathway.STEP_DOWN)
    up = transfer_at(Stage.DRAFT)
    reference = step_down_form(references=(FormReference("chronology", "CHR-1"),))
    attached = step_up_form(forms=(*up.form.forms, AttachedForm("chronology", "CHR-1")))

    referred = decide(down, c.Edit(reference), actor("ff.socialworker"), situation()).after
    carried = decide(up, c.Edit(attached), actor("op.worker"), situation()).after

    assert referred.form.references == reference.references
    assert carried.form.forms == attached.forms


def test_a_draft_may_be_saved_half_filled() -> None:
    drafted = transfer_at(Stage.DRAFT)

    edited = decide(drafted, c.Edit(EMPTY), actor("op.keyworker"), situation()).after

    assert (edited.form, edited.stage, edited.last_editor) == (EMPTY, Stage.DRAFT, "op.keyworker")


def test_a_step_down_never_starts_by_hand() -> None:
    by_hand = opening(Pathway.STEP_DOWN, origin=Origin("manual"))

    with pytest.raises(RulesBroken) as refusal:
        open_transfer(by_hand, actor("ff.socialworker"), situation())

    (breach,) = refusal.value.breaches
    assert (breach.code, breach.source, breach.found) == ("DL-11-origin", "DL 11", "manual")


@pytest.mark.parametrize(
    ("pathway", "kind", "allowed"),
    [
        (Pathway.STEP_UP, "early_help_assessment", True),
        (Pathway.STEP_UP, "team_around_the_family", True),
        (Pathway.STEP_UP, "child_and_family_assessment", False),
        (Pathway.STEP_UP, "child_in_need_plan_finalised", False),
        (Pathway.STEP_DOWN, "child_and_family_assessment", True),
        (Pathway.STEP_DOWN, "child_in_need_plan_finalised", True),
        (Pathway.STEP_DOWN, "early_help_assessment", False),
        (Pathway.STEP_DOWN, "team_around_the_family", False),
    ],
)
def test_only_the_stages_that_the_route_names_start_it(
    pathway: Pathway, kind: str, *, allowed: bool
) -> None:
    command = opening(pathway, origin=Origin(kind, "REC-1"))
    author = actor(PEOPLE[pathway]["author"])

    if allowed:
        assert open_transfer(command, author, situation()).after.stage is Stage.DRAFT
    else:
        with pytest.raises(RulesBroken, match=r"^DL-(2|11)-origin$"):
            open_transfer(command, author, situation())


@BOTH
def test_the_outcome_of_another_stage_names_its_record(pathway: Pathway) -> None:
    kinds = {
        Pathway.STEP_UP: "early_help_assessment",
        Pathway.STEP_DOWN: "child_and_family_assessment",
    }
    command = opening(pathway, origin=Origin(kinds[pathway]))

    with pytest.raises(RulesBroken, match=r"^DL-(2|11)-stage$"):
        open_transfer(command, actor(PEOPLE[pathway]["author"]), situation())


def test_a_step_up_starts_from_an_active_episode_with_every_fault_told() -> None:
    closed = replace(opening().origin_record, active=False)
    command = opening(
        origin_record=closed,
        origin=Origin("child_and_family_assessment"),
        form=step_up_form(recipient="op-chester"),
    )

    with pytest.raises(RulesBroken) as refusal:
        open_transfer(command, actor("op.worker"), situation())

    assert [breach.code for breach in refusal.value.breaches] == [
        "DL-2-origin",
        "DL-2-stage",
        "DL-2-active-episode",
        "DL-3-recipient-kind",
        "DL-3-recipient-system",
    ]


def test_a_route_of_another_pathway_is_refused_with_the_routes_there_are() -> None:
    command = opening(Pathway.STEP_DOWN, route="immediate_risk")

    with pytest.raises(RulesBroken) as refusal:
        open_transfer(command, actor("ff.socialworker"), situation())

    (breach,) = refusal.value.breaches
    assert (breach.code, breach.says) == ("route", "Choose a route of this pathway: meeting")


def test_a_step_down_is_not_opened_by_a_team_that_records_in_ehm() -> None:
    command = opening(Pathway.STEP_DOWN, origin_team="op-bishop")

    with pytest.raises(RulesBroken) as refusal:
        open_transfer(command, actor("op.worker"), situation())

    (breach,) = refusal.value.breaches
    assert (breach.code, breach.found) == ("origin-system", "a team that records in EHM")


@BOTH
def test_what_is_opened_is_a_draft_of_its_author_with_its_protocol_s_version(
    pathway: Pathway,
) -> None:
    decision = open_transfer(opening(pathway), actor(PEOPLE[pathway]["author"]), situation())

    opened = decision.after
    assert (decision.before, decision.messages) == (None, ())
    assert (opened.stage, opened.version, opened.dispatch) == (Stage.DRAFT, 1, 0)
    assert opened.author == opened.last_editor == PEOPLE[pathway]["author"]
    assert (opened.protocol, opened.protocol_version) == ("durham", "2026-11")
    assert [milestone.name for milestone in opened.milestones] == ["opened"]
    assert [(event.action, event.to_stage) for event in decision.events] == [
        (Action.OPEN, Stage.DRAFT)
    ]


@BOTH
def test_the_last_completion_milestone_ends_the_transfer_by_itself(pathway: Pathway) -> None:
    allocated, origin = transfer_at(Stage.ALLOCATED, pathway), PEOPLE[pathway]["author"]
    later = situation(NOW + timedelta(days=3))

    decision = close_at_source(allocated, Closed(later.now.date()), actor(origin), later)

    assert decision.after.stage is Stage.COMPLETED
    assert decision.after.version == allocated.version + 1
    assert decision.after.milestones[-1] == Milestone("completed", later.now, "protocol", later.now)
    assert [event.action for event in decision.events] == [
        "origin_closed",
        Action.COMPLETE,
    ]


@BOTH
def test_an_allocation_ends_the_transfer_where_it_was_the_last_milestone_missing(
    pathway: Pathway,
) -> None:
    started = transfer_at(Stage.STARTED, pathway)
    closed = started.with_milestone(Milestone("origin_closed", NOW, "op.worker", NOW))
    manager = actor(PEOPLE[pathway]["receiving manager"])

    decision = decide(closed, c.Allocate("a.worker", NOW), manager, situation())

    assert decision.after.stage is Stage.COMPLETED
    assert [event.to_stage for event in decision.events] == [Stage.ALLOCATED, Stage.COMPLETED]
    assert [milestone.name for milestone in decision.after.milestones[-2:]] == [
        "allocated",
        "completed",
    ]


@BOTH
def test_an_allocation_alone_does_not_end_the_transfer(pathway: Pathway) -> None:
    started = transfer_at(Stage.STARTED, pathway)
    manager = actor(PEOPLE[pathway]["receiving manager"])

    decision = decide(started, c.Allocate("a.worker", NOW), manager, situation())

    assert decision.after.stage is Stage.ALLOCATED
    assert decision.after.lead_professional == "a.worker"


def test_a_manager_who_ends_it_before_the_episode_is_closed_is_warned() -> None:
    allocated = transfer_at(Stage.ALLOCATED)

    decision = decide(allocated, c.Complete("Closed on paper"), actor("ff.manager"), situation())

    assert decision.after.stage is Stage.COMPLETED
    assert [warning.code for warning in decision.warnings] == ["DL-7-close"]
    assert decision.after.milestones[-1].note == "Closed on paper"


def test_h13_a_start_without_a_record_for_every_child_and_no_other_is_refused() -> None:
    held = transfer_at(Stage.PICKED_UP)
    (right,) = new_records(held.children)
    swapped = replace(right, child_id="DUR9999")

    for records in ((), (swapped,), (right, right), (right, swapped)):
        breaches = refused(held, c.Start(records), "ff.manager")
        assert [breach.code for breach in breaches] == ["record-per-child"]


def test_a_start_that_a_manager_enters_is_marked_as_manual_and_the_system_s_own_is_not() -> None:
    held = transfer_at(Stage.PICKED_UP)
    start = c.Start(new_records(held.children))
    lcs = somebody("system:lcs", Role.SYSTEM_LCS)

    by_hand = decide(held, start, actor("ff.manager"), situation()).after.children[0].record
    by_system = decide(held, start, lcs, situation()).after.children[0].record

    assert by_hand is not None
    assert by_system is not None
    assert (by_hand.manual, by_system.manual) == (True, False)
    assert by_hand.dated == by_hand.dated_now == opening().origin_record.started_on


def test_a_decline_keeps_its_coded_reason_and_lets_go_of_the_task() -> None:
    held = transfer_at(Stage.PICKED_UP)
    decline = c.Decline("threshold_not_met", "Early help goes on", NOW)

    declined = decide(held, decline, actor("ff.manager"), situation()).after

    assert (declined.stage, declined.holder) == (Stage.DECLINED, None)
    mark = declined.reached("declined")
    assert mark is not None
    assert (mark.reason, mark.note) == ("threshold_not_met", "Early help goes on")


def test_the_audit_s_line_carries_no_free_text() -> None:
    held = transfer_at(Stage.PICKED_UP)
    decline = c.Decline("threshold_not_met", "Early help goes on", NOW)

    (event,) = decide(held, decline, actor("ff.manager"), situation()).events

    assert event.codes == ()
    assert "Early help" not in repr(event)


def test_who_was_never_sent_a_task_sees_nothing_of_a_transfer_that_was_cancelled() -> None:
    declined = transfer_at(Stage.DECLINED)
    manager, where = actor("op.manager"), situation()
    draft = decide(declined, c.Return("Once more"), manager, where).after
    moved = decide(draft, c.Edit(replace(draft.form, recipient="ff-chester")), manager, where).after

    cancelled = decide(moved, c.Cancel("entered_in_error", "A mistake"), manager, where).after

    assert not may_see(actor("ff.chester.manager"), cancelled)
    assert may_see(manager, cancelled)
