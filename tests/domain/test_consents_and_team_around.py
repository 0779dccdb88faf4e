"""Recording the family's consent, and who steps in and out of the team around the family."""

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOW, TODAY, actor, somebody, transfer_at
from domain.recording_council import recording

from app.domain.consent import Consent, How
from app.domain.errors import NotPermitted, NotVisible, RulesBroken, StaleVersion
from app.domain.pathway import Stage
from app.domain.people import Role
from app.domain.record_consent import record_consent
from app.domain.step_in import MOST_MEMBERS, step_in, step_out
from app.domain.team_around import Member

SENT, WHERE = transfer_at(Stage.DISPATCHED), recording()
WORKER, RECEIVER = actor("op.worker"), actor("ff.socialworker")
STRANGER, AUDITOR = actor("ff.chester.manager"), somebody("an auditor", Role.AUDITOR)
GIVEN = Consent(
    "c-1", "share", "A parent", TODAY, How.WRITTEN, informed=True, explicit=True,
    recorded_by="op.worker", recorded_at=NOW,
)  # fmt: skip
NURSE = Member("1", "A. Nurse", "0-19 service", "Sleep", NOW)
LATER = replace(WHERE, now=NOW + timedelta(days=7))
IN = replace(SENT, team_around=(NURSE,))


def test_a_consent_is_kept_with_its_scope_in_the_audit_and_the_parent_s_name_is_not() -> None:
    decision = record_consent(SENT, GIVEN, WORKER, WHERE)

    (event,) = decision.events
    assert decision.after.consents == (GIVEN,)
    assert decision.after.version == SENT.version + 1
    assert (event.action, event.codes) == ("consent_recorded", ("share",))
    assert "parent" not in repr(event)


def test_consents_stand_beside_one_another() -> None:
    oral = replace(GIVEN, scope="service", how=How.ORAL)

    both = record_consent(record_consent(SENT, GIVEN, WORKER, WHERE).after, oral, RECEIVER, WHERE)

    assert both.after.consents == (GIVEN, oral)


def test_a_consent_to_an_unknown_scope_or_on_a_day_to_come_is_refused_with_both_faults() -> None:
    wrong = replace(GIVEN, scope="everything", given_on=TODAY + timedelta(days=1))

    with pytest.raises(RulesBroken) as refusal:
        record_consent(SENT, wrong, WORKER, WHERE)

    assert [(b.code, b.says) for b in refusal.value.breaches] == [
        ("consent-scope", "Choose a scope: service, share"),
        ("consent-day", "Record it once it was given"),
    ]


def test_a_protocol_without_scopes_takes_no_consent() -> None:
    with pytest.raises(RulesBroken) as refusal:
        record_consent(SENT, GIVEN, WORKER, recording(consents={}))

    assert [b.says for b in refusal.value.breaches] == ["This protocol knows none"]


def test_the_day_of_a_consent_is_london_s() -> None:
    midnight = replace(WHERE, now=NOW.replace(month=7, day=1, hour=23, minute=30))
    tomorrow_in_london = midnight.now.date() + timedelta(days=1)

    decision = record_consent(SENT, replace(GIVEN, given_on=tomorrow_in_london), WORKER, midnight)

    assert decision.after.consents[0].given_on == tomorrow_in_london


def test_either_team_records_and_nobody_else_and_never_on_an_old_version() -> None:
    with pytest.raises(NotVisible):
        record_consent(SENT, GIVEN, STRANGER, WHERE, expected_version=0)
    with pytest.raises(NotPermitted):
        record_consent(SENT, GIVEN, AUDITOR, WHERE, expected_version=0)
    with pytest.raises(StaleVersion):
        record_consent(SENT, GIVEN, WORKER, WHERE, expected_version=0)
    with pytest.raises(NotVisible):
        step_in(SENT, NURSE, STRANGER, WHERE, expected_version=0)
    with pytest.raises(NotPermitted):
        step_in(SENT, NURSE, AUDITOR, WHERE, expected_version=0)
    with pytest.raises(StaleVersion):
        step_in(SENT, NURSE, WORKER, WHERE, expected_version=0)
    with pytest.raises(NotPermitted):
        step_out(IN, "1", NOW, AUDITOR, WHERE, expected_version=0)
    with pytest.raises(StaleVersion):
        step_out(IN, "1", NOW, WORKER, WHERE, expected_version=0)


def test_a_professional_steps_in_for_a_need_and_out_again() -> None:
    stepped_in = step_in(SENT, NURSE, WORKER, WHERE)

    stepped_out = step_out(stepped_in.after, "1", LATER.now, RECEIVER, LATER)

    assert stepped_in.after.team_around == (NURSE,)
    assert stepped_out.after.team_around == (replace(NURSE, stepped_out_at=LATER.now),)
    assert [member.in_it for member in stepped_out.after.team_around] == [False]
    assert [d.events[0].action for d in (stepped_in, stepped_out)] == ["stepped_in", "stepped_out"]
    assert "Nurse" not in repr(stepped_in.events + stepped_out.events)


def test_nobody_steps_in_before_it_has_happened_or_once_the_team_is_full() -> None:
    full = replace(SENT, team_around=(NURSE,) * MOST_MEMBERS)
    soon = replace(NURSE, stepped_in_at=NOW + timedelta(minutes=1))

    with pytest.raises(RulesBroken) as refusal:
        step_in(full, soon, WORKER, WHERE)

    codes = [breach.code for breach in refusal.value.breaches]
    assert codes == ["step-in-time", "step-in-members"]


def test_who_is_not_in_the_team_does_not_step_out_of_it() -> None:
    out = step_out(IN, "1", NOW, WORKER, WHERE).after

    with pytest.raises(NotVisible):
        step_out(SENT, "1", NOW, WORKER, WHERE)
    with pytest.raises(RulesBroken, match=r"^step-out$"):
        step_out(out, "1", NOW, WORKER, WHERE)


@pytest.mark.parametrize("minutes", [-1, 1], ids=["before stepping in", "to come"])
def test_stepping_out_lies_between_stepping_in_and_now(minutes: int) -> None:
    with pytest.raises(RulesBroken, match=r"^step-out-time$"):
        step_out(IN, "1", NOW + timedelta(minutes=minutes), WORKER, WHERE)


def test_who_steps_out_leaves_the_others_in_the_team() -> None:
    both = replace(SENT, team_around=(NURSE, replace(NURSE, id="2", name="B. Teacher")))

    after = step_out(both, "1", NOW, WORKER, WHERE).after

    assert [(m.id, m.stepped_out_at) for m in after.team_around] == [("1", NOW), ("2", None)]


def test_is_07_a_consent_from_before_the_family_withdrew_it_cites_the_clause() -> None:
    withdrawn = replace(GIVEN, withdrawn_at=NOW, withdrawn_by="op.worker")
    before = replace(GIVEN, id="c-2", given_on=TODAY - timedelta(days=1))

    with pytest.raises(RulesBroken) as refusal:
        record_consent(replace(SENT, consents=(withdrawn,)), before, WORKER, WHERE)

    assert [(b.code, b.source, b.found) for b in refusal.value.breaches] == [
        ("consent-day", "IS 7", "a day before it was withdrawn")
    ]


def test_a_consent_may_stand_for_the_day_alone_on_which_it_is_given() -> None:
    day = replace(GIVEN, expires_on=TODAY)

    assert record_consent(SENT, day, WORKER, WHERE).after.consents == (day,)
