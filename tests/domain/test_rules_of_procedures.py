"""The kinds of rule that councils' procedures ask for, and the conditions that they count under."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from builders import NOW, TODAY, transfer_at
from domain.histories import mark

from app.domain.ages import parse_age
from app.domain.condition import ALWAYS, Condition
from app.domain.consent import Consent, How
from app.domain.form import AttachedForm, FormReference
from app.domain.milestone_names import VOIDED, Named
from app.domain.pathway import Stage
from app.domain.rules.facts import Facts, Need
from app.domain.rules.family import ConsentGiven, FormWithConsent, TeamAroundNamed
from app.domain.rules.form import (
    AnyFormAttached,
    FactorNamed,
    FieldGiven,
    FormNamed,
    FormNotOlderThan,
    LeadProfessionalIdentified,
    StatementGiven,
)
from app.domain.rules.milestone import (
    AnyMilestone,
    Authorised,
    MeetingBooked,
    MeetingDecided,
    MilestoneWithRecipient,
    Settled,
)
from app.domain.rules.origin import OriginRecordOpenAtLeast
from app.domain.team_around import Member
from app.domain.transfer import BookedMeeting, Milestone, OriginRecord, Transfer

DRAFT = transfer_at(Stage.DRAFT)


def facts(transfer: Transfer = DRAFT, **changes: object) -> Facts:
    """Facts of today; `changes` replace fields of the transfer."""
    return Facts(replace(transfer, **changes), (), None, TODAY)  # type: ignore[arg-type]


def with_form(**changes: object) -> Facts:
    """Facts with fields of the form replaced."""
    return facts(form=replace(DRAFT.form, **changes))  # type: ignore[arg-type]


def with_form_of(completed_on: date | None) -> Facts:
    """Facts with one assessment that was completed on that day."""
    return with_form(forms=(AttachedForm("assessment", "A-1", completed_on),))


def open_since(day: date) -> Facts:
    """Facts with an origin record that began on that day."""
    return facts(origin_record=OriginRecord("R-1", day, active=True))


def with_history(*marks: Milestone) -> Facts:
    """Facts with more milestones."""
    return facts(milestones=(*DRAFT.milestones, *marks))


def consent(scope: str = "share", **more: object) -> Consent:
    """A consent that is neither informed nor explicit."""
    given = Consent(
        "c-1", scope, "A parent", TODAY, How.ORAL, informed=False, explicit=False,
        recorded_by="op.worker", recorded_at=NOW,
    )  # fmt: skip
    return replace(given, **more)  # type: ignore[arg-type]


AGREED = mark("meeting_decided:agreed", NOW)
DEFERRED = mark("meeting_decided:deferred", NOW)
RAISED, RESOLVED = mark("disagreement_raised", NOW), mark("disagreement_resolved", NOW)
SETTLED = Settled(Named("disagreement_raised"), Named("disagreement_resolved"))
DECIDED = AnyMilestone((Named("meeting_decided", "agreed"),))
BY_MEETING = MeetingDecided("agreed")
SUBMITTED = mark("submitted_to_meeting", NOW)
SIX_MONTHS = FormNotOlderThan("assessment", parse_age("6 months"))
THREE_MONTHS = OriginRecordOpenAtLeast(parse_age("3 months"))
CALLED = MilestoneWithRecipient("called")
DECIDED_TOO_SOON = facts(
    meeting=BookedMeeting("weekly", NOW + timedelta(days=1)),
    milestones=(SUBMITTED, AGREED),
)


@pytest.mark.parametrize(
    ("need", "met"),
    [
        (THREE_MONTHS, open_since(date(2026, 8, 20))),
        (AnyFormAttached(("plan", "review")), with_form(forms=(AttachedForm("review", "1"),))),
        (FormNamed("plan"), with_form(forms=(AttachedForm("plan", "1"),))),
        (FormNamed("plan"), with_form(references=(FormReference("plan", "1"),))),
        (SIX_MONTHS, with_form_of(date(2026, 5, 20))),
        (SIX_MONTHS, with_form(forms=())),
        (StatementGiven("worries"), with_form(statements={"worries": "Out at night"})),
        (FactorNamed("violence"), with_form(factors=("drugs", "violence"))),
        (FieldGiven("primary_need"), with_form(primary_need="N1")),
        (LeadProfessionalIdentified(), with_form(next_lead_professional="A. Head")),
        (TeamAroundNamed(), facts(team_around=(Member("1", "A", "School", "Sleep", NOW),))),
        (ConsentGiven("share"), facts(consents=(consent(),))),
        (ConsentGiven("share", informed=True), facts(consents=(consent(informed=True),))),
        (ConsentGiven("share", explicit=True), facts(consents=(consent(explicit=True),))),
        (FormWithConsent("plan", "share"), with_form(forms=())),
        (
            FormWithConsent("ehm_contact_record", "share"),
            facts(consents=(consent(),)),
        ),
        (AnyMilestone((Named("meeting_decided"),)), with_history(DEFERRED)),
        (DECIDED, with_history(AGREED)),
        (AnyMilestone((Named("called"), Named("opened"))), facts()),
        (CALLED, with_history(mark("called", NOW, team="ff-bishop"))),
        (BY_MEETING, with_history(SUBMITTED, AGREED)),
        (BY_MEETING, with_history(AGREED)),
        (SETTLED, facts()),
        (SETTLED, with_history(RAISED, RESOLVED)),
        (SETTLED, with_history(RESOLVED, AGREED)),
        (Authorised(), facts(authorised_by="op.manager")),
        (MeetingBooked(), facts(meeting=BookedMeeting("weekly", NOW))),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, Facts) else "",
)
def test_a_rule_is_met(need: Need, met: Facts) -> None:
    assert need.missing(met) is None


@pytest.mark.parametrize(
    ("need", "broken", "found"),
    [
        (THREE_MONTHS, open_since(date(2026, 8, 21)), "open since 2026-08-21"),
        (THREE_MONTHS, open_since(TODAY + timedelta(days=1)), "open since 2026-11-21"),
        (AnyFormAttached(("plan", "review")), facts(), "nothing"),
        (FormNamed("plan"), facts(), "nothing"),
        (SIX_MONTHS, with_form_of(date(2026, 5, 19)), "older than 6 months"),
        (SIX_MONTHS, with_form_of(None), "a form without the day of its completion"),
        (StatementGiven("worries"), facts(), "nothing"),
        (StatementGiven("worries"), with_form(statements={"worries": " \n"}), "nothing"),
        (FactorNamed("violence"), facts(), "not named"),
        (FieldGiven("primary_need"), facts(), "nothing"),
        (LeadProfessionalIdentified(), facts(), "nobody"),
        (TeamAroundNamed(), facts(), "nobody"),
        (ConsentGiven("share"), facts(consents=(consent("service"),)), "not recorded"),
        (
            ConsentGiven("share", informed=True, explicit=True),
            facts(consents=(consent(informed=True), consent(explicit=True))),
            "not informed, or not explicit",
        ),
        (
            ConsentGiven("share"),
            facts(consents=(consent(withdrawn_at=NOW),)),
            "withdrawn or expired",
        ),
        (
            ConsentGiven("share"),
            facts(consents=(consent(expires_on=TODAY - timedelta(days=1)),)),
            "withdrawn or expired",
        ),
        (FormWithConsent("ehm_contact_record", "share"), facts(), "not recorded"),
        (
            FormWithConsent("ehm_contact_record", "share", informed=True),
            facts(consents=(consent(),)),
            "not informed, or not explicit",
        ),
        (
            AnyMilestone((Named("meeting_decided", "agreed"), Named("called", "reached"))),
            with_history(DEFERRED, mark("called:in_vain", NOW)),
            "deferred, in_vain",
        ),
        (DECIDED, facts(), "not recorded"),
        (DECIDED, with_history(AGREED, DEFERRED), "deferred"),
        (BY_MEETING, facts(), "not recorded"),
        (BY_MEETING, with_history(SUBMITTED, DEFERRED), "deferred"),
        (BY_MEETING, with_history(SUBMITTED, AGREED, SUBMITTED), "not recorded"),
        (BY_MEETING, DECIDED_TOO_SOON, "not recorded"),
        (CALLED, facts(), "not recorded"),
        (CALLED, with_history(mark("called", NOW, team="ff-east")), "recorded with another team"),
        (SETTLED, with_history(RAISED), "not resolved"),
        (SETTLED, with_history(RAISED, RESOLVED, RAISED), "not resolved"),
        (Authorised(), facts(), "not recorded"),
        (MeetingBooked(), facts(), "not submitted to a meeting"),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, Facts) else "",
)
def test_a_rule_that_is_broken_says_what_it_found(need: Need, broken: Facts, found: str) -> None:
    assert need.missing(broken) == found


def test_what_an_edit_made_void_has_not_happened() -> None:
    checked = AnyMilestone((Named("form_quality_assured"),))
    history = mark("form_quality_assured", NOW), mark(f"form_quality_assured:{VOIDED}", NOW)

    assert checked.missing(with_history(history[0])) is None
    assert checked.missing(with_history(*history)) is not None
    assert checked.missing(with_history(*history, history[0])) is None


def test_no_form_that_travels_may_be_too_old() -> None:
    new = AttachedForm("assessment", "A-1", TODAY)
    old = AttachedForm("assessment", "A-2", date(2025, 1, 1))

    assert SIX_MONTHS.missing(with_form(forms=(new, old))) == "older than 6 months"


# --- conditions

BOOKED = facts(meeting=BookedMeeting("weekly", NOW))


@pytest.mark.parametrize(
    ("condition", "of", "holds"),
    [
        (ALWAYS, facts(), True),
        (Condition(routes=("meeting", "other")), facts(), True),
        (Condition(routes=("immediate_risk",)), facts(), False),
        (Condition(when=MeetingBooked()), BOOKED, True),
        (Condition(when=MeetingBooked()), facts(), False),
        (Condition(unless=MeetingBooked()), facts(), True),
        (Condition(unless=MeetingBooked()), BOOKED, False),
        (Condition(when=MeetingBooked(), unless=FactorNamed("violence")), BOOKED, True),
        (Condition(when=MeetingBooked(), unless=FieldGiven("comments")), BOOKED, False),
        (Condition(("immediate_risk",), when=MeetingBooked()), BOOKED, False),
    ],
)
def test_a_condition_holds_on_its_routes_when_and_unless(
    condition: Condition, of: Facts, *, holds: bool
) -> None:
    assert condition.holds(of) is holds
