"""An urgent child is never delayed by a rule that is not about the urgency (DL 1). Hazard 7."""

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOW, actor, durham, opening, situation, step_up_form, transfer_at

from app.domain import commands as c
from app.domain.breach import Severity
from app.domain.decide import decide
from app.domain.duty_task import DutyTask
from app.domain.errors import NotPermitted, RulesBroken
from app.domain.form import Form, Meeting
from app.domain.open_transfer import open_transfer
from app.domain.pathway import Pathway, Stage
from app.domain.people import Actor
from app.domain.protocol import Gate, Rule
from app.domain.record_milestone import Happened, record_milestone
from app.domain.rules.form import FieldGiven
from app.domain.transfer import Transfer

FINALISE_RULES = [
    rule for rule in durham().pathways[Pathway.STEP_UP].rules if Gate.FINALISE in rule.gates
]
BY_MEETING_ALONE = ("meeting",)
NO_MEETING = step_up_form(meeting=Meeting())
BROKEN = {
    "DL-3-date": replace(NO_MEETING, date_of_transfer=None),
    "DL-3-comments": replace(NO_MEETING, comments=None),
    "DL-3-recipient": replace(NO_MEETING, recipient=None),
    "DL-3-recipient-kind": replace(NO_MEETING, recipient="op-chester"),
    "DL-3-recipient-system": replace(NO_MEETING, recipient="op-chester"),
    "DL-3-referral-to-progress": replace(NO_MEETING, recipient="referral-to-progress"),
    "DL-3-recipient-active": replace(NO_MEETING, recipient="closed-team"),
    "DL-3-recipient-authority": replace(NO_MEETING, recipient="islington-team"),
    "DL-3-recipient-other": replace(NO_MEETING, recipient="op-bishop"),
    "DL-5-contact-record": replace(NO_MEETING, forms=()),
}
SITUATION = situation()
MORE_TEAMS = {
    **SITUATION.teams,
    "closed-team": replace(SITUATION.teams["ff-east"], id="closed-team", active=False),
    "islington-team": replace(
        SITUATION.teams["ff-east"], id="islington-team", authority="islington"
    ),
}
WHERE = replace(SITUATION, teams=MORE_TEAMS)
CONTACT = Happened("receiving_manager_contacted", NOW - timedelta(minutes=5), actor("ff.manager"))
WORKER = actor("op.worker")


def urgent(*, contacted: bool, form: Form = NO_MEETING) -> Transfer:
    """A draft on the immediate-risk route, whatever its form says."""
    drafted = transfer_at(Stage.DRAFT, route="immediate_risk", form=NO_MEETING)
    if contacted:
        drafted = record_milestone(drafted, CONTACT, actor("op.manager"), WHERE).after
    return replace(drafted, form=form)


def refused(transfer: Transfer) -> list[str]:
    """The codes of every breach at finalise."""
    with pytest.raises(RulesBroken) as refusal:
        decide(transfer, c.Finalise(), WORKER, WHERE)
    return [breach.code for breach in refusal.value.breaches]


def test_h07_an_urgent_step_up_goes_at_once_without_a_meeting_and_without_a_warning() -> None:
    decision = decide(urgent(contacted=True), c.Finalise(), WORKER, WHERE)

    (message,) = decision.messages
    assert (decision.after.stage, decision.warnings) == (Stage.DISPATCHED, ())
    assert isinstance(message.payload, DutyTask)
    assert message.payload.immediate_risk
    assert message.payload.route == "immediate_risk"


def test_h07_the_managers_contact_stands_in_for_the_meeting() -> None:
    without = urgent(contacted=False)

    assert refused(without) == ["DL-1-contact"]


@pytest.mark.parametrize("rule", FINALISE_RULES, ids=lambda rule: rule.code)
def test_h07_every_rule_of_finalise_holds_for_an_urgent_child_or_is_about_the_meeting_alone(
    rule: Rule,
) -> None:
    code = rule.code
    ready = urgent(contacted=True)

    if rule.condition.routes == BY_MEETING_ALONE or code == "DF-11-joint-visit":
        facts = WHERE.facts(ready)
        assert not rule.condition.holds(facts)
        assert code not in [w.code for w in decide(ready, c.Finalise(), WORKER, WHERE).warnings]
    elif code == "DL-1-contact":
        assert code in refused(urgent(contacted=False))
    else:
        assert code in refused(urgent(contacted=True, form=BROKEN[code]))


def test_h07_the_contact_is_not_asked_for_where_the_meeting_decides() -> None:
    by_meeting = transfer_at(Stage.DRAFT)

    assert decide(by_meeting, c.Finalise(), WORKER, WHERE).after.stage is Stage.DISPATCHED


def test_h07_no_rule_that_an_urgent_child_must_keep_is_about_a_meeting() -> None:
    rules = durham().pathways[Pathway.STEP_UP]

    asked = [rule for rule in rules.rules if rule.condition.routes != BY_MEETING_ALONE]

    assert [
        rule.code
        for rule in asked
        if isinstance(rule.needs, FieldGiven) and rule.needs.field.startswith("meeting.")
    ] == []
    urgent_alone = [x for x in rules.rules if x.condition.routes == ("immediate_risk",)]
    assert {rule.severity for rule in urgent_alone} == {Severity.MUST}


@pytest.mark.parametrize(
    "person",
    [None, actor("ff.socialworker"), actor("ff.chester.manager"), actor("op.manager")],
    ids=["nobody", "no manager", "another team's manager", "the origin's own manager"],
)
def test_h07_the_contact_names_a_manager_of_the_very_team_that_receives(
    person: Actor | None,
) -> None:
    happened = replace(CONTACT, person=person)

    with pytest.raises(RulesBroken, match=r"^milestone-person$"):
        record_milestone(urgent(contacted=False), happened, actor("op.manager"), WHERE)


def test_h07_the_contact_waits_for_the_choice_of_the_team_and_keeps_who_and_when() -> None:
    undecided = urgent(contacted=False, form=replace(NO_MEETING, recipient=None))

    with pytest.raises(RulesBroken, match=r"^milestone-person$"):
        record_milestone(undecided, CONTACT, actor("op.manager"), WHERE)
    mark = urgent(contacted=True).reached("receiving_manager_contacted")
    assert mark is not None
    assert (mark.person, mark.at, mark.by) == ("ff.manager", CONTACT.at, "op.manager")


def test_h02_a_contact_with_another_team_is_none_once_the_recipient_changes() -> None:
    contacted = urgent(contacted=True)
    elsewhere = replace(contacted.form, recipient="ff-chester")

    moved = decide(contacted, c.Edit(elsewhere), WORKER, WHERE).after

    assert refused(moved) == ["DL-1-contact"]


def test_the_contact_is_the_origin_s_to_record() -> None:
    declined = transfer_at(Stage.DECLINED)

    with pytest.raises(NotPermitted):
        record_milestone(declined, CONTACT, actor("ff.manager"), WHERE)


def test_h07_an_urgent_step_up_may_start_by_hand_and_by_the_worker_alone() -> None:
    command = opening(route="immediate_risk", form=Form())

    opened = open_transfer(command, WORKER, WHERE)

    assert opened.after.route == "immediate_risk"
