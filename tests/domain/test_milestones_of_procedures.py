"""What a protocol may ask of a milestone: whose it is, after what, what came of it, until when."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from builders import NOW, actor, sample_directory, somebody, transfer_at
from domain.recording_council import recording
from domain.restricting import standing_in

from app.domain import commands as c
from app.domain.authority import may_see
from app.domain.custody import Custody, ledger
from app.domain.decide import decide
from app.domain.errors import NotPermitted, RulesBroken, TransferError
from app.domain.pathway import Stage
from app.domain.people import Actor, Membership, Role
from app.domain.record_milestone import Happened, record_milestone
from app.domain.transfer import Milestone, Transfer

SENT, DRAFT, STARTED = (
    transfer_at(stage) for stage in (Stage.DISPATCHED, Stage.DRAFT, Stage.STARTED)
)
WHERE = recording()
WORKER, MANAGER = actor("op.worker"), actor("op.manager")
TEAMS = {team.id: team for team in sample_directory().teams}
CHESTER_MANAGER = somebody("chester.manager", Role.TEAM_MANAGER, "ff-chester")


def record(transfer: Transfer, happened: Happened, by: Actor = WORKER) -> Transfer:
    """The transfer after it was recorded."""
    return record_milestone(transfer, happened, by, WHERE).after


def last(transfer: Transfer) -> Milestone:
    return transfer.milestones[-1]


def refused(transfer: Transfer, happened: Happened, by: Actor = WORKER) -> list[tuple[str, str]]:
    """Every breach: its code and what was found."""
    with pytest.raises(RulesBroken) as refusal:
        record(transfer, happened, by)
    return [(breach.code, breach.found) for breach in refusal.value.breaches]


def said(transfer: Transfer, happened: Happened, by: Actor = WORKER) -> list[str]:
    """What each breach asks for."""
    with pytest.raises(RulesBroken) as refusal:
        record(transfer, happened, by)
    return [breach.says for breach in refusal.value.breaches]


@pytest.mark.parametrize(
    ("name", "more", "words"),
    [
        ("decided", {}, "Say what came of it: yes, no"),
        ("told", {"outcome": "yes"}, "It has no outcomes"),
        ("time_agreed", {}, "Say until when"),
        ("told", {"until": NOW + timedelta(days=1)}, "It agrees no time"),
        ("time_agreed", {"until": NOW}, "Agree a time after it"),
        ("told", {"team": TEAMS["ff-chester"]}, "Name no team"),
        ("after_yes", {}, "It is done: only after decided:yes or told"),
    ],
)
def test_a_milestone_s_refusal_says_what_its_kind_asks_for(
    name: str, more: dict[str, Any], words: str
) -> None:
    assert said(SENT, Happened(name, NOW, **more)) == [words]


def test_a_case_that_is_passed_on_to_nobody_is_asked_for_a_team_of_the_kind() -> None:
    words = ["Name an active team of kind social_care"]

    assert said(STARTED, Happened("passed_on", NOW), actor("ff.manager")) == words


@pytest.mark.parametrize(
    ("name", "who", "answer"),
    [
        ("told", somebody("a", Role.PRACTITIONER, "op-bishop"), "recorded"),
        ("told", somebody("a", Role.TEAM_MANAGER, "ff-bishop"), "recorded"),
        ("told", somebody("a", Role.TEAM_COORDINATOR, "op-bishop"), "NotPermitted"),
        ("told", somebody("a", Role.PRACTITIONER, "ff-chester"), "NotVisible"),
        ("agenda", somebody("a", Role.TEAM_COORDINATOR, "op-bishop"), "recorded"),
        ("agenda", somebody("a", Role.TEAM_COORDINATOR, "ff-bishop"), "recorded"),
        ("agenda", somebody("a", Role.TEAM_MANAGER, "op-bishop"), "NotPermitted"),
        ("accepted", somebody("a", Role.CHAIR, "ff-bishop"), "recorded"),
        ("accepted", somebody("a", Role.CHAIR, "op-bishop"), "NotPermitted"),
        ("accepted", somebody("a", Role.PRACTITIONER, "ff-bishop"), "NotPermitted"),
        ("told", somebody("a", Role.AUDITOR), "NotPermitted"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(
        f"{m.role} of {m.team}" for m in value.memberships
    ),
)  # fmt: skip
def test_a_milestone_is_for_the_roles_of_the_side_that_the_protocol_names(
    name: str, who: Actor, answer: str
) -> None:
    try:
        record(SENT, Happened(name, NOW), who)
        found = "recorded"
    except TransferError as refusal:
        found = type(refusal).__name__

    assert found == answer


def test_the_receiving_side_s_milestone_is_nobody_s_before_something_is_sent() -> None:
    chair = somebody("a", Role.CHAIR, "op-bishop")

    with pytest.raises(NotPermitted, match="is for receiving"):
        record(DRAFT, Happened("accepted", NOW), chair)


def test_quality_is_checked_by_somebody_who_neither_wrote_nor_last_edited_the_form() -> None:
    edited = replace(DRAFT, last_editor="op.manager")
    colleague = somebody("a.colleague", Role.PRACTITIONER, "op-bishop")
    breach = [("milestone-author", "the author or last editor")]

    assert refused(edited, Happened("checked", NOW), WORKER) == breach
    assert refused(edited, Happened("checked", NOW), MANAGER) == breach
    assert last(record(edited, Happened("checked", NOW), colleague)).by == "a.colleague"


def test_h06_who_prepared_the_form_has_nobody_check_it_on_their_behalf() -> None:
    deputy = standing_in("kim", "op.worker", Role.PRACTITIONER, "op-bishop")
    of_the_manager = standing_in("kim", "op.manager", Role.TEAM_MANAGER, "op-bishop")

    assert refused(DRAFT, Happened("checked", NOW), deputy) == [
        ("milestone-author", "the author or last editor")
    ]
    decision = record_milestone(DRAFT, Happened("checked", NOW), of_the_manager, WHERE)
    assert [event.codes for event in decision.events] == [("for:op.manager",)]


def test_h06_who_works_there_themselves_checks_what_their_delegator_prepared() -> None:
    own = Membership(Role.PRACTITIONER, "op-bishop")
    both = standing_in("kim", "op.manager", Role.TEAM_MANAGER, "op-bishop", own)
    theirs = replace(DRAFT, author="op.manager", last_editor="op.manager")

    (event,) = record_milestone(theirs, Happened("checked", NOW), both, WHERE).events

    assert (event.actor, event.codes) == ("kim", ())


def test_h06_who_also_works_there_records_on_behalf_what_only_the_role_lent_them_may() -> None:
    own = Membership(Role.PRACTITIONER, "op-bishop")
    both = standing_in("kim", "op.manager", Role.TEAM_COORDINATOR, "op-bishop", own)

    (agenda,) = record_milestone(SENT, Happened("agenda", NOW), both, WHERE).events
    (told,) = record_milestone(SENT, Happened("told", NOW), both, WHERE).events

    assert (agenda.codes, told.codes) == (("for:op.manager",), ())


def test_what_came_of_it_is_one_of_the_protocol_s_outcomes() -> None:
    unknown = [("milestone-outcome", "no such outcome")]

    decided = record(SENT, Happened("decided", NOW, outcome="yes"))

    assert last(decided).outcome == "yes"
    assert refused(SENT, Happened("decided", NOW)) == unknown
    assert refused(SENT, Happened("decided", NOW, outcome="maybe")) == unknown
    assert refused(SENT, Happened("told", NOW, outcome="yes")) == unknown


def test_nobody_voids_a_milestone_by_hand() -> None:
    assert refused(SENT, Happened("told", NOW, outcome="voided")) == [
        ("milestone-outcome", "no such outcome")
    ]


def test_the_outcome_is_in_the_audit_and_the_note_is_not() -> None:
    happened = Happened("decided", NOW, note="Rang the school", outcome="no")

    (event,) = record_milestone(SENT, happened, WORKER, WHERE).events

    assert (event.action, event.codes) == ("milestone:decided", ("no",))
    assert "school" not in repr(event)


def test_one_of_what_it_follows_must_stand() -> None:
    happened = Happened("after_yes", NOW)
    refusal = [("milestone-order", "not reached")]
    yes = record(SENT, Happened("decided", NOW, outcome="yes"))
    taken_back = record(yes, Happened("decided", NOW, outcome="no"))
    told = record(taken_back, Happened("told", NOW))

    assert refused(SENT, happened) == refusal
    assert last(record(yes, happened)).name == "after_yes"
    assert refused(taken_back, happened) == refusal
    assert last(record(told, happened)).name == "after_yes"


def test_an_agreed_time_is_given_where_the_protocol_asks_and_lies_after_the_agreement() -> None:
    until = NOW + timedelta(days=3)

    agreed = record(SENT, Happened("time_agreed", NOW, until=until))

    assert last(agreed).until == until
    assert refused(SENT, Happened("time_agreed", NOW)) == [("milestone-until", "no time")]
    assert refused(SENT, Happened("time_agreed", NOW, until=NOW)) == [
        ("milestone-until", "a time before")
    ]
    assert refused(SENT, Happened("told", NOW, until=until)) == [("milestone-until", "a time")]


def test_what_is_about_the_recipient_waits_for_one_and_keeps_which_it_was() -> None:
    undecided = replace(DRAFT, form=replace(DRAFT.form, recipient=None))

    called = record(DRAFT, Happened("called", NOW))

    assert last(called).team == "ff-bishop"
    assert refused(undecided, Happened("called", NOW)) == [("milestone-recipient", "no recipient")]


def test_what_it_needs_must_hold() -> None:
    form = replace(DRAFT.form, statements={"worries": "Out at night"})

    explained = record(replace(DRAFT, form=form), Happened("explained", NOW))

    assert last(explained).name == "explained"
    assert refused(DRAFT, Happened("explained", NOW)) == [("milestone-needs", "nothing")]


def test_an_edit_makes_void_what_was_true_of_the_form_before() -> None:
    proofread = record(DRAFT, Happened("proofread", NOW))
    reworded = replace(DRAFT.form, comments="In other words")
    reworded_again = replace(DRAFT.form, comments="In plainer words")

    edited = decide(proofread, c.Edit(reworded), WORKER, WHERE).after
    edited_again = decide(edited, c.Edit(reworded_again), WORKER, WHERE).after

    assert last(edited).outcome == "voided"
    assert len(edited_again.milestones) == len(edited.milestones)


def test_what_the_meeting_decided_is_filled_in_without_making_a_check_void() -> None:
    proofread = record(DRAFT, Happened("proofread", NOW))
    decided = replace(DRAFT.form, meeting=replace(DRAFT.form.meeting, decision="not agreed"))

    edited = decide(proofread, c.Edit(decided), WORKER, WHERE).after

    assert last(edited) == last(proofread)


def test_every_breach_of_a_milestone_is_told_at_once() -> None:
    happened = Happened(
        "passed_on", NOW + timedelta(minutes=1), outcome="yes", until=NOW, team=TEAMS["op-bishop"]
    )

    codes = [code for code, _ in refused(SENT, happened, actor("ff.manager"))]

    assert codes == ["milestone-time", "milestone-outcome", "milestone-until", "milestone-team"]


# --- passing the case on to another team


@pytest.mark.parametrize(
    "team",
    [
        None,
        TEAMS["op-east"],
        replace(TEAMS["ff-chester"], active=False),
        replace(TEAMS["ff-chester"], authority="islington"),
    ],
    ids=["none", "another kind", "closed", "another council's"],
)
def test_h02_a_case_is_passed_on_to_an_active_team_of_the_kind_and_no_other(team: object) -> None:
    happened = replace(Happened("passed_on", NOW), team=team)  # type: ignore[arg-type]

    assert refused(STARTED, happened, actor("ff.manager")) == [
        ("milestone-team", "another, or none")
    ]


def test_a_milestone_that_passes_nothing_on_names_no_team() -> None:
    happened = Happened("told", NOW, team=TEAMS["ff-chester"])

    assert refused(SENT, happened) == [("milestone-team", "another, or none")]


def passed_on(transfer: Transfer = STARTED, at: datetime = NOW) -> Transfer:
    """The transfer after it was passed on to Chester-le-Street."""
    happened = Happened("passed_on", at, team=TEAMS["ff-chester"])
    return record_milestone(transfer, happened, actor("ff.manager"), replace(WHERE, now=at)).after


def test_the_team_it_is_passed_on_to_is_the_receiving_team_from_then_on() -> None:
    passed = passed_on()

    allocated = decide(passed, c.Allocate("a.worker", NOW), CHESTER_MANAGER, WHERE).after

    assert (passed.sent_to, allocated.stage) == ("ff-chester", Stage.ALLOCATED)
    assert not may_see(actor("ff.manager"), passed)
    assert may_see(actor("op.worker"), passed)


def test_h01_custody_goes_to_the_team_that_the_case_was_passed_on_to() -> None:
    rules = WHERE.rules(STARTED)
    allocated = decide(passed_on(), c.Allocate("a.worker", NOW), CHESTER_MANAGER, WHERE).after

    assert ledger(passed_on(), rules) == (Custody("op-bishop", None),)
    assert ledger(allocated, rules) == (
        Custody("op-bishop", None, until=NOW),
        Custody("ff-chester", NOW, "a.worker"),
    )


def test_h01_a_case_that_is_passed_on_after_its_allocation_takes_custody_with_it() -> None:
    rules = WHERE.rules(STARTED)
    allocated = decide(STARTED, c.Allocate("a.worker", NOW), actor("ff.manager"), WHERE).after

    at_once, later = passed_on(allocated), passed_on(allocated, NOW + timedelta(hours=1))

    assert [hold.team for hold in ledger(at_once, rules)] == ["op-bishop", "ff-chester"]
    assert ledger(later, rules)[1:] == (
        Custody("ff-bishop", NOW, "a.worker", NOW + timedelta(hours=1)),
        Custody("ff-chester", NOW + timedelta(hours=1)),
    )


# --- codes of the form, reasons to decline


def test_a_form_carries_the_statements_and_factors_that_the_protocol_knows_and_no_others() -> None:
    known = replace(DRAFT.form, statements={"worries": "Words"}, factors=("violence",))
    misspelt = replace(
        DRAFT.form, statements={"worrys": "x", "wories": "x"}, factors=("violence", "voilence")
    )

    edited = decide(DRAFT, c.Edit(known), WORKER, WHERE).after
    with pytest.raises(RulesBroken) as refusal:
        decide(DRAFT, c.Edit(misspelt), WORKER, WHERE)

    assert edited.form == known
    assert [(b.code, b.says, b.found) for b in refusal.value.breaches] == [
        ("statement", "Choose from: worries", "2 not known"),
        ("factor", "Choose from: violence", "1 not known"),
    ]


def test_a_misspelt_code_is_answered_with_every_code_that_there_is() -> None:
    where = recording(statements={"worries": "Worries", "strengths": "Strengths"})
    misspelt = replace(DRAFT.form, statements={"worrys": "x"}, factors=())

    with pytest.raises(RulesBroken) as refusal:
        decide(DRAFT, c.Edit(misspelt), WORKER, where)

    assert [b.says for b in refusal.value.breaches] == ["Choose from: worries, strengths"]


def test_a_protocol_without_statements_takes_none() -> None:
    form = replace(DRAFT.form, statements={"worries": "Words"})

    with pytest.raises(RulesBroken) as refusal:
        decide(DRAFT, c.Edit(form), WORKER, recording(statements={}))

    assert [b.says for b in refusal.value.breaches] == ["This protocol knows none"]


def test_a_protocol_s_reasons_to_decline_are_the_only_ones_and_without_any_all_are_taken() -> None:
    manager, other = actor("ff.manager"), c.Decline("other", "No", NOW)

    given = decide(SENT, c.Decline("given", "No", NOW), manager, WHERE).after
    free = decide(SENT, other, manager, recording(decline_reasons={})).after

    assert given.stage is free.stage is Stage.DECLINED
    with pytest.raises(RulesBroken, match=r"^decline-reason$"):
        decide(SENT, other, manager, WHERE)
