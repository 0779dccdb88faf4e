"""Consents that are withdrawn or expire, what stops travelling, and what a manager decides."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from builders import NOW, PEOPLE, TODAY, actor, situation, somebody, transfer_at
from domain.recording_council import recording

from app.domain import commands as c
from app.domain.authority import may_see
from app.domain.breach import Severity
from app.domain.consent import Consent, How, WithdrawalDecision, standing
from app.domain.decide import decide
from app.domain.decide_withdrawal import decide_withdrawal
from app.domain.decision import Alert, Decision, Event, Situation
from app.domain.duty_task import DutyTask, SharingLimit
from app.domain.errors import NotPermitted, NotVisible, RulesBroken, StaleVersion
from app.domain.form import AttachedForm, FormReference
from app.domain.messages import MessageKind
from app.domain.milestone_kind import MilestoneKind, Side
from app.domain.pathway import Pathway, Stage
from app.domain.people import Actor, Role
from app.domain.protocol import Gate, Rule
from app.domain.record_basis import record_basis
from app.domain.record_consent import record_consent
from app.domain.record_milestone import Happened, record_milestone
from app.domain.rules.family import ConsentGiven, FormWithConsent
from app.domain.shared_forms import shared_without
from app.domain.sharing_basis import BASES, Basis, SharingBasis
from app.domain.transfer import Milestone, Transfer
from app.domain.withdraw_consent import Withdrawal, withdraw_consent

AT_DISPATCH = (Gate.FINALISE, Gate.DISPATCH)
SHARE_RULE = Rule(
    "share", AT_DISPATCH, Severity.MUST, FormWithConsent("ehm_contact_record", "share"), "?", "X 1"
)
SERVICE_RULE = Rule("service", AT_DISPATCH, Severity.MUST, ConsentGiven("service"), "?", "X 2")
VISIT = MilestoneKind(
    "visit", "They visited", Side.EITHER, "X 3", needs=ConsentGiven("share", explicit=True)
)
WORKER, MANAGER = actor("op.worker"), actor("op.manager")
RECEIVER, RECEIVING_MANAGER = actor("ff.socialworker"), actor("ff.manager")
GIVEN = Consent(
    "c-1", "share", "A parent", TODAY - timedelta(days=9), How.WRITTEN, informed=True,
    explicit=True, recorded_by="op.worker", recorded_at=NOW - timedelta(days=9),
)  # fmt: skip
SERVICE = replace(GIVEN, id="c-2", scope="service")
OUT = Withdrawal(NOW, "They rang")
BASIS = SharingBasis("b-1", "share", Basis.SECTION_47, "Enquiries", "op.manager", NOW)
OPEN_AND_SENT = (
    *(Stage.DISPATCHED, Stage.PICKED_UP, Stage.DECLINED, Stage.STARTED, Stage.ALLOCATED),
)


def council(now: Any = NOW) -> Situation:
    """Durham, where the contact record travels with consent, and the step up needs consent."""
    durham = recording()
    rules = durham.protocol.pathways[Pathway.STEP_UP]
    found = recording(
        rules=(*rules.rules, SHARE_RULE, SERVICE_RULE),
        milestones={**rules.milestones, "visit": VISIT},
    )
    return replace(found, now=now)


WHERE = council()


def at(stage: Stage, *consents: Consent, **more: Any) -> Transfer:
    """A transfer at that stage with these consents; both of them unless some are named."""
    return replace(transfer_at(stage), consents=consents or (GIVEN, SERVICE), **more)


def withdrawn(transfer: Transfer, consent: str = "c-1", where: Situation = WHERE) -> Decision:
    return withdraw_consent(transfer, consent, OUT, WORKER, where)


def blocked(transfer: Transfer, command: c.Command, who: Actor, where: Situation = WHERE) -> Any:
    """The codes of the rules that block."""
    with pytest.raises(RulesBroken) as refusal:
        decide(transfer, command, who, where)
    return [breach.code for breach in refusal.value.breaches if breach.blocks]


def codes(work: Callable[[], Decision]) -> list[str]:
    with pytest.raises(RulesBroken) as refusal:
        work()
    return [breach.code for breach in refusal.value.breaches]


def test_h11_a_consent_stands_through_its_last_day_and_not_the_day_after() -> None:
    until = replace(GIVEN, expires_on=TODAY)

    assert standing((until,), "share", TODAY) == (until,)
    assert standing((until,), "share", TODAY + timedelta(days=1)) == ()
    assert standing((until,), "service", TODAY) == ()


def test_h11_the_last_day_is_london_s() -> None:
    before_midnight = NOW.replace(month=7, day=1, hour=22, minute=59)
    until = replace(GIVEN, given_on=date(2026, 6, 1), expires_on=date(2026, 7, 1))
    draft = at(Stage.DRAFT, until, replace(SERVICE, given_on=date(2026, 6, 1)))
    after = council(before_midnight + timedelta(minutes=1))

    sent = decide(draft, c.Finalise(), WORKER, council(before_midnight))

    assert sent.after.stage is Stage.DISPATCHED
    assert blocked(draft, c.Finalise(), WORKER, after) == ["share"]


def test_is_07_no_earlier_consent_revives_once_a_later_one_has_ended() -> None:
    later = replace(GIVEN, id="c-3", given_on=TODAY)
    gone = replace(later, withdrawn_at=NOW)
    expired = replace(later, expires_on=TODAY)
    again = replace(later, id="c-4")

    assert standing((GIVEN, later), "share", TODAY) == (later, GIVEN)
    assert standing((GIVEN, gone), "share", TODAY) == ()
    assert standing((GIVEN, expired), "share", TODAY + timedelta(days=1)) == ()
    assert standing((GIVEN, gone, again), "share", TODAY) == (again,)
    assert standing((replace(GIVEN, withdrawn_at=NOW), later), "share", TODAY) == (later,)


def test_is_07_a_withdrawal_keeps_who_when_and_why_and_nothing_of_it_is_in_the_audit() -> None:
    decision = withdrawn(at(Stage.DRAFT))

    (event,) = decision.events
    gone = decision.after.consents[0]
    assert (gone.withdrawn_at, gone.withdrawn_by, gone.withdrawn_comment) == (
        *(NOW, "op.worker", "They rang"),
    )
    assert (event.action, event.codes) == ("consent_withdrawn", ("share",))
    assert "rang" not in repr((event, decision.alerts))
    mark = decision.after.milestones[-1]
    assert (mark.name, mark.outcome, mark.note) == ("consent_withdrawn", "share", None)


def test_h12_both_teams_are_told_once_which_consent_is_withdrawn_in_the_protocol_s_words() -> None:
    decision = withdrawn(at(Stage.PICKED_UP))

    says = "The family has withdrawn consent: To share"
    assert decision.alerts == (
        Alert("consent_withdrawn", "consent_withdrawn:c-1:op-bishop", "op-bishop", says),
        Alert("consent_withdrawn", "consent_withdrawn:c-1:ff-bishop", "ff-bishop", says),
    )


def test_h12_a_consent_that_the_protocol_has_no_words_for_is_named_by_its_code() -> None:
    decision = withdrawn(at(Stage.PICKED_UP, replace(GIVEN, scope="share_photos")))

    says = "The family has withdrawn consent: share_photos"
    assert [alert.says for alert in decision.alerts] == [says, says]


def test_is_07_a_family_may_withdraw_on_the_day_that_it_consented() -> None:
    draft = at(Stage.DRAFT, replace(GIVEN, given_on=TODAY))

    assert withdrawn(draft).after.consents[0].withdrawn_at == NOW


def test_h11_before_the_first_dispatch_the_rules_ask_again_and_the_form_stays() -> None:
    draft = at(Stage.DRAFT)

    decision = withdrawn(draft)

    assert decision.messages == ()
    assert decision.after.form == draft.form
    assert [alert.team for alert in decision.alerts] == ["op-bishop"]
    assert blocked(decision.after, c.Finalise(), WORKER) == ["share"]


@pytest.mark.parametrize("expires", [None, TODAY])
def test_h11_a_consent_that_ends_between_dispatch_and_redirect_stops_the_redirect(
    expires: date | None,
) -> None:
    sent = at(Stage.DISPATCHED, GIVEN, replace(SERVICE, expires_on=expires))
    tomorrow = council(NOW + timedelta(days=1))
    ended = sent if expires else withdrawn(sent, "c-2").after
    move = c.Redirect("ff-chester", "Wrong tray")

    assert blocked(ended, move, MANAGER, tomorrow) == ["service"]


def test_h11_a_form_whose_consent_has_expired_is_redirected_once_it_is_withdrawn() -> None:
    sent = at(Stage.DISPATCHED, replace(GIVEN, expires_on=TODAY), SERVICE)
    tomorrow = council(NOW + timedelta(days=1))
    move = c.Redirect("ff-chester", "Wrong tray")
    refused = blocked(sent, move, MANAGER, tomorrow)

    told = withdrawn(sent, where=tomorrow)
    moved = decide(told.after, move, MANAGER, tomorrow)

    assert refused == ["share"]
    (task,) = [m.payload for m in moved.messages if m.kind is MessageKind.DELIVER_TASK]
    assert isinstance(task, DutyTask)
    assert task.forms == ()


@pytest.mark.parametrize("stage", [*OPEN_AND_SENT, Stage.COMPLETED])
def test_h12_at_every_later_stage_the_receiver_is_told_and_the_answers_are_dropped(
    stage: Stage,
) -> None:
    sent = at(stage)
    record = sent.form.forms[0].record_id

    decision = withdrawn(sent)

    (message,) = decision.messages
    after = decision.after
    assert message.kind is MessageKind.LIMIT_SHARING
    assert message.payload == SharingLimit(sent.reference, ("share",), (record,))
    assert after.form.forms == ()
    assert after.form.references == (FormReference("ehm_contact_record", record),)
    assert after.stage is stage
    assert after.version == sent.version + 1
    assert {(a.kind, a.team) for a in decision.alerts} == {
        ("consent_withdrawn", "op-bishop"),
        ("consent_withdrawn", "ff-bishop"),
    }


def test_h12_a_cancelled_transfer_has_nothing_in_any_tray_to_limit_and_drops_the_answers() -> None:
    error = c.Cancel("entered_in_error", "Another child")
    sent = decide(at(Stage.DISPATCHED), error, MANAGER, WHERE).after
    assert (sent.stage, may_see(RECEIVER, sent)) == (Stage.CANCELLED, True)

    decision = withdrawn(sent)

    assert decision.messages == ()
    assert decision.after.form.forms == ()
    assert len(decision.after.form.references) == 1


def test_h12_a_task_that_was_declined_before_is_limited_as_well_and_a_withdrawn_one_is_gone() -> (
    None
):
    declined = at(Stage.DECLINED)
    second = decide(declined, c.Redirect("ff-chester", "Theirs"), MANAGER, WHERE).after
    third = decide(second, c.Redirect("ff-east", "Or theirs"), MANAGER, WHERE).after

    messages = withdrawn(third).messages

    told = [m.payload.reference for m in messages if isinstance(m.payload, SharingLimit)]
    assert told == [f"{declined.id}.3", f"{declined.id}.1"]
    version = third.version + 1
    assert [message.revision for message in messages] == [f"{version}", f"{version}.1"]


def test_h12_each_of_several_declined_tasks_is_limited_and_none_that_was_withdrawn() -> None:
    second = decide(at(Stage.DECLINED), c.Redirect("ff-chester", "Theirs"), MANAGER, WHERE).after
    third = decide(second, c.Redirect("ff-bishop", "Ours"), MANAGER, WHERE).after
    refused = c.Decline("given", "Not yet", NOW)
    declined = decide(third, refused, RECEIVING_MANAGER, WHERE).after
    fourth = decide(declined, c.Redirect("ff-east", "Or theirs"), MANAGER, WHERE).after

    messages = withdrawn(fourth).messages

    told = [m.payload.reference for m in messages if isinstance(m.payload, SharingLimit)]
    assert told == [f"{fourth.id}.{number}" for number in (4, 3, 1)]


def test_h12_what_went_on_a_basis_stays_behind_once_basis_and_consent_have_ended() -> None:
    ends = replace(BASIS, ends_on=TODAY)
    sent = at(Stage.DISPATCHED, sharing_bases=(ends,))
    tomorrow = council(NOW + timedelta(days=1))
    kept = withdrawn(sent).after

    moved = decide(kept, c.Redirect("ff-chester", "Wrong tray"), MANAGER, tomorrow)

    assert kept.form == sent.form
    (task,) = [m.payload for m in moved.messages if m.kind is MessageKind.DELIVER_TASK]
    assert isinstance(task, DutyTask)
    assert task.forms == ()


def test_is_07_a_consent_that_was_given_before_the_withdrawal_does_not_undo_it() -> None:
    gone = withdrawn(at(Stage.STARTED)).after
    before = replace(GIVEN, id="c-9", given_on=TODAY - timedelta(days=1))
    on_the_day = replace(before, given_on=TODAY)
    other = replace(before, scope="service")

    assert codes(lambda: record_consent(gone, before, WORKER, WHERE)) == ["consent-day"]
    assert record_consent(gone, on_the_day, WORKER, WHERE).after.consents[-1] == on_the_day
    assert record_consent(gone, other, WORKER, WHERE).after.consents[-1] == other


def test_h12_a_form_that_needs_no_consent_goes_on_travelling() -> None:
    other = AttachedForm("evidence_tool", "EVT-1")
    sent = at(Stage.DISPATCHED)
    sent = replace(sent, form=replace(sent.form, forms=(*sent.form.forms, other)))

    assert withdrawn(sent).after.form.forms == (other,)


def test_h12_consent_to_the_service_concerns_no_form_and_the_receiver_is_told_all_the_same() -> (
    None
):
    sent = at(Stage.PICKED_UP)

    decision = withdrawn(sent, "c-2")

    assert [m.payload for m in decision.messages] == [
        SharingLimit(sent.reference, ("service",), ())
    ]
    assert decision.after.form == sent.form


def test_h12_what_another_consent_still_covers_goes_on_being_shared() -> None:
    later = replace(GIVEN, id="c-3")
    sent = at(Stage.STARTED, GIVEN, later, SERVICE)

    decision = withdrawn(sent, "c-1")

    assert (decision.messages, decision.after.form) == ((), sent.form)
    assert len(decision.alerts) == 2


@pytest.mark.parametrize("basis", Basis)
def test_h12_a_statutory_basis_lets_a_form_travel_and_is_never_consent(basis: Basis) -> None:
    bases = tuple(replace(BASIS, basis=basis, scope=scope) for scope in ("share", "service"))
    draft = replace(transfer_at(Stage.DRAFT), sharing_bases=bases)
    sent = at(Stage.DISPATCHED, sharing_bases=bases)

    assert blocked(draft, c.Finalise(), WORKER) == ["service"]
    decision = withdrawn(sent)
    assert (decision.messages, decision.after.form) == ((), sent.form)
    assert [alert.kind for alert in decision.alerts] == ["consent_withdrawn"] * 2
    assert all(BASES[basis])


def test_h12_a_basis_of_another_scope_or_one_that_has_ended_lets_nothing_travel() -> None:
    elsewhere = replace(BASIS, scope="service")
    ended = replace(BASIS, ends_on=TODAY - timedelta(days=1))
    draft = at(Stage.DRAFT, SERVICE, sharing_bases=(elsewhere, ended))

    assert blocked(draft, c.Finalise(), WORKER) == ["share"]


@pytest.mark.parametrize("days", [-10, 1])
def test_a_withdrawal_lies_between_the_giving_and_now(days: int) -> None:
    when = Withdrawal(NOW + timedelta(days=days))

    with pytest.raises(RulesBroken, match=r"^consent-withdrawn-time$"):
        withdraw_consent(at(Stage.DRAFT), "c-1", when, WORKER, WHERE)


def test_a_consent_is_withdrawn_once_and_one_that_is_not_there_never() -> None:
    once = withdrawn(at(Stage.DRAFT)).after

    assert codes(lambda: withdrawn(once)) == ["consent-withdrawn"]
    with pytest.raises(NotVisible, match=r"^c-9$"):
        withdrawn(once, "c-9")


def test_a_consent_that_would_expire_before_it_was_given_is_refused() -> None:
    wrong = replace(GIVEN, expires_on=GIVEN.given_on - timedelta(days=1))

    refused = codes(lambda: record_consent(at(Stage.DRAFT), wrong, WORKER, WHERE))

    assert refused == ["consent-expiry"]


def test_df_10_a_visit_needs_a_consent_that_stood_on_its_day() -> None:
    sent = at(Stage.DISPATCHED, replace(GIVEN, withdrawn_at=NOW - timedelta(days=2)))

    def visit(days: int) -> Callable[[], Decision]:
        happened = Happened("visit", NOW - timedelta(days=days))
        return lambda: record_milestone(sent, happened, WORKER, WHERE)

    assert visit(3)().after.reached("visit") is not None
    assert codes(visit(2)) == ["milestone-needs"]
    assert codes(visit(0)) == ["milestone-needs"]
    assert codes(visit(10)) == ["milestone-needs"], "it was not given yet"


DECIDE = {
    "op.worker": NotPermitted,
    "ff.socialworker": NotPermitted,
    "ff.chester.manager": NotVisible,
}


@pytest.mark.parametrize(("person", "error"), DECIDE.items())
def test_h06_nobody_but_a_manager_decides_or_records_a_basis(
    person: str, error: type[Exception]
) -> None:
    gone = withdrawn(at(Stage.PICKED_UP)).after
    goes_on = WithdrawalDecision.CONTINUE

    with pytest.raises(error):
        decide_withdrawal(gone, "c-1", goes_on, "Yes", actor(person), WHERE, expected_version=0)
    with pytest.raises(error):
        record_basis(gone, BASIS, actor(person), WHERE, expected_version=0)


def test_h06_practitioners_withdraw_and_nobody_changes_an_old_version() -> None:
    sent, auditor = at(Stage.PICKED_UP), somebody("an auditor", Role.AUDITOR)
    goes_on = WithdrawalDecision.CONTINUE

    assert withdraw_consent(sent, "c-1", OUT, RECEIVER, WHERE).after.version == sent.version + 1
    with pytest.raises(NotPermitted):
        withdraw_consent(sent, "c-1", OUT, auditor, WHERE)
    with pytest.raises(StaleVersion):
        withdraw_consent(sent, "c-1", OUT, WORKER, WHERE, expected_version=0)
    with pytest.raises(StaleVersion):
        decide_withdrawal(sent, "c-1", goes_on, "Yes", MANAGER, WHERE, expected_version=0)
    with pytest.raises(StaleVersion):
        record_basis(sent, BASIS, MANAGER, WHERE, expected_version=0)


@pytest.mark.parametrize("person", ["op.manager", "ff.manager", "operations.manager"])
def test_h12_a_manager_of_either_side_lets_it_go_on_without_the_forms(person: str) -> None:
    gone = withdrawn(at(Stage.PICKED_UP)).after

    decision = decide_withdrawal(
        gone, "c-1", WithdrawalDecision.CONTINUE, "Without it", actor(person), WHERE
    )

    consent, (event,) = decision.after.consents[0], decision.events
    assert (consent.decision, consent.decided_by, consent.decided_at) == ("continue", person, NOW)
    assert (event.action, event.codes) == ("withdrawal_decided", ("share", "continue"))
    assert decision.after.reached("withdrawal_decided") is not None
    assert "Without" not in repr(event)


@pytest.mark.parametrize("decision", WithdrawalDecision)
@pytest.mark.parametrize("stage", [Stage.DISPATCHED, Stage.PICKED_UP])
def test_is_07_what_a_manager_decides_keeps_who_when_and_why_and_the_audit_says_only_codes(
    stage: Stage, decision: WithdrawalDecision
) -> None:
    gone = withdrawn(at(stage)).after

    made = decide_withdrawal(gone, "c-1", decision, "They asked us to", MANAGER, WHERE)

    assert made.after.consents[0] == replace(
        gone.consents[0],
        decision=decision,
        decided_at=NOW,
        decided_by="op.manager",
        decided_comment="They asked us to",
    )
    mark = Milestone("withdrawal_decided", NOW, "op.manager", NOW, outcome=decision.value)
    assert made.after.milestones[len(gone.milestones)] == mark
    version, codes = gone.version + 1, ("share", decision.value)
    assert made.events[0] == Event(
        "withdrawal_decided", "op.manager", NOW, stage, stage, version, codes
    )


def test_h12_nobody_is_told_of_a_recall_where_the_transfer_continues() -> None:
    gone = withdrawn(at(Stage.PICKED_UP)).after

    goes_on = decide_withdrawal(gone, "c-1", WithdrawalDecision.CONTINUE, "On", MANAGER, WHERE)

    assert goes_on.alerts == ()


@pytest.mark.parametrize(("days", "refused"), [(0, False), (-1, True)])
def test_h12_a_transfer_continues_on_a_basis_through_its_last_day(
    days: int, *, refused: bool
) -> None:
    basis = replace(BASIS, scope="service", ends_on=TODAY + timedelta(days=days))
    gone = replace(withdrawn(at(Stage.STARTED), "c-2").after, sharing_bases=(basis,))

    def goes_on() -> Decision:
        goes_on = WithdrawalDecision.CONTINUE
        return decide_withdrawal(gone, "c-2", goes_on, "Enquiries", MANAGER, WHERE)

    if refused:
        assert codes(goes_on) == ["withdrawal-basis"]
    else:
        assert goes_on().after.consents[1].decision is WithdrawalDecision.CONTINUE


def test_h12_what_needs_consent_itself_goes_on_with_another_basis_alone() -> None:
    gone = withdrawn(at(Stage.STARTED), "c-2").after
    basis = replace(BASIS, scope="service")
    with_basis = record_basis(gone, basis, RECEIVING_MANAGER, WHERE).after

    def goes_on(transfer: Transfer) -> Decision:
        goes_on = WithdrawalDecision.CONTINUE
        return decide_withdrawal(transfer, "c-2", goes_on, "Enquiries", MANAGER, WHERE)

    assert codes(lambda: goes_on(gone)) == ["withdrawal-basis"]
    assert goes_on(with_basis).after.consents[1].decision is WithdrawalDecision.CONTINUE


def test_is_07_a_manager_continues_where_the_family_has_consented_again() -> None:
    gone = withdrawn(at(Stage.STARTED), "c-2").after
    again = replace(SERVICE, id="c-9", given_on=TODAY)
    agreed = record_consent(gone, again, WORKER, WHERE).after

    goes_on = WithdrawalDecision.CONTINUE
    decided = decide_withdrawal(agreed, "c-2", goes_on, "They agreed again", MANAGER, WHERE)

    assert decided.after.consents[1].decision is goes_on


def test_h12_a_task_that_waits_is_recalled_by_cancelling_it() -> None:
    gone = withdrawn(at(Stage.DISPATCHED)).after

    recall = decide_withdrawal(gone, "c-1", WithdrawalDecision.RECALL, "Stop", MANAGER, WHERE)

    cancelled = recall.after.reached("cancelled")
    assert recall.after.stage is Stage.CANCELLED
    assert recall.after.version == gone.version + 1
    assert recall.before == gone
    assert cancelled is not None
    assert cancelled.reason == "consent_withdrawn"
    assert [m.kind for m in recall.messages] == [MessageKind.WITHDRAW_TASK]
    assert [e.action for e in recall.events] == ["withdrawal_decided", "cancel"]


@pytest.mark.parametrize("person", ["ff.manager", "operations.manager"])
def test_h06_who_may_not_cancel_does_not_recall_what_can_be_cancelled(person: str) -> None:
    gone = withdrawn(at(Stage.DISPATCHED)).after

    with pytest.raises(NotPermitted):
        decide_withdrawal(gone, "c-1", WithdrawalDecision.RECALL, "Stop", actor(person), WHERE)


@pytest.mark.parametrize("stage", [stage for stage in OPEN_AND_SENT if stage != "dispatched"])
def test_h12_later_a_recall_is_recorded_and_the_receiving_team_is_told(stage: Stage) -> None:
    gone = withdrawn(at(stage)).after

    recall = decide_withdrawal(gone, "c-1", WithdrawalDecision.RECALL, "Stop", MANAGER, WHERE)

    assert recall.after.stage is stage
    assert recall.after.consents[0].decision is WithdrawalDecision.RECALL
    assert [(a.kind, a.team) for a in recall.alerts] == [("consent_recall", "ff-bishop")]


@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.CANCELLED])
def test_before_a_transfer_is_sent_and_once_it_is_cancelled_there_is_nothing_to_decide(
    stage: Stage,
) -> None:
    gone, goes_on = withdrawn(at(stage)).after, WithdrawalDecision.CONTINUE

    refused = codes(lambda: decide_withdrawal(gone, "c-1", goes_on, "Yes", MANAGER, WHERE))

    assert refused == ["withdrawal-decision"]


def test_a_decision_is_made_once_and_of_a_withdrawal_alone() -> None:
    sent, goes_on = at(Stage.PICKED_UP), WithdrawalDecision.CONTINUE
    once = decide_withdrawal(withdrawn(sent).after, "c-1", goes_on, "Yes", MANAGER, WHERE).after

    def again(transfer: Transfer) -> Callable[[], Decision]:
        return lambda: decide_withdrawal(transfer, "c-1", goes_on, "Yes", MANAGER, WHERE)

    assert codes(again(once)) == ["withdrawal-decided"]
    assert codes(again(sent)) == ["withdrawal-decision"]


def test_a_basis_names_a_scope_and_a_last_day_that_is_not_past() -> None:
    wrong = replace(BASIS, scope="everything", ends_on=TODAY - timedelta(days=1))
    draft = at(Stage.DRAFT)

    kept = record_basis(draft, replace(BASIS, ends_on=TODAY), MANAGER, WHERE)
    assert kept.after.version == draft.version + 1

    refused = codes(lambda: record_basis(draft, wrong, MANAGER, WHERE))
    assert refused == ["consent-scope", "basis-end"]
    assert [basis.ends_on for basis in kept.after.sharing_bases] == [TODAY]
    assert kept.events[0].codes == ("share", "section_47")
    assert "Enquiries" not in repr(kept.events)


def test_a_step_down_s_manager_records_a_basis_on_either_side() -> None:
    sent = transfer_at(Stage.DISPATCHED, Pathway.STEP_DOWN)
    basis, where = replace(BASIS, scope="joint_visit"), situation()

    for side in ("origin manager", "receiving manager"):
        who = actor(PEOPLE[Pathway.STEP_DOWN][side])
        assert record_basis(sent, basis, who, where).after.sharing_bases == (basis,)


def test_h11_a_rule_that_only_warns_or_does_not_count_takes_no_form_away() -> None:
    warns = replace(SHARE_RULE, severity=Severity.SHOULD)
    rules = WHERE.protocol.pathways[Pathway.STEP_UP].rules
    others = tuple(x for x in rules if x is not SHARE_RULE)
    without = at(Stage.DRAFT, SERVICE)

    assert shared_without("share", without, WHERE)
    assert shared_without("share", without, recording(rules=(*others, warns))) == ()
