"""The kinds of rule of origins, forms and recipients: met, and what was found instead."""

from dataclasses import replace

import pytest
from builders import NOW, TODAY, sample_directory, step_up_form, transfer_at

from app.domain.breach import Breach, Satisfied, Severity
from app.domain.duty_task import CaseSystem
from app.domain.form import AttachedForm, Form, FormReference, Meeting
from app.domain.milestone_names import Named
from app.domain.pathway import Stage
from app.domain.people import Team
from app.domain.protocol import Gate, Rule
from app.domain.rules.facts import Facts, Need
from app.domain.rules.form import (
    FORM_FIELDS,
    AnyFormAttached,
    FieldGiven,
    FormRefused,
)
from app.domain.rules.milestone import AnyMilestone
from app.domain.rules.origin import OriginAllowed, OriginNamesItsStage, OriginRecordActive
from app.domain.rules.recipient import (
    RecipientActive,
    RecipientInAuthority,
    RecipientIsAnother,
    RecipientKind,
    RecipientNotNamed,
    RecipientOfService,
    RecipientRecordsIn,
    folded,
)
from app.domain.transfer import Milestone, Origin, OriginRecord, Transfer

DRAFT = transfer_at(Stage.DRAFT)
FULL = Form(
    TODAY,
    "Words",
    "ff-bishop",
    Meeting(TODAY, "A chair", "agreed", "Notes"),
    primary_need="N1",
)
TEAMS = {team.id: team for team in sample_directory().teams}
BISHOP = TEAMS["ff-bishop"]


def facts(transfer: Transfer = DRAFT, recipient: Team | None = BISHOP, **changes: object) -> Facts:
    """Facts about a step up to Families First; `changes` replace fields of the transfer."""
    changed = replace(transfer, **changes)  # type: ignore[arg-type]
    return Facts(changed, ("manual", "early_help_assessment"), recipient, TODAY)


def with_form(**changes: object) -> Facts:
    """Facts with another form."""
    return facts(form=step_up_form(**changes))


REACHED = DRAFT.with_milestone(Milestone("visited", NOW, "op.worker", NOW))
CHRONOLOGY = (AttachedForm("chronology", "CHR-1"),)


@pytest.mark.parametrize(
    ("need", "met", "broken", "found"),
    [
        (OriginAllowed(), facts(), facts(origin=Origin("a_whim", "W-1")), "a_whim"),
        (
            OriginNamesItsStage(),
            facts(origin=Origin("early_help_assessment", "EHA-1")),
            facts(origin=Origin("early_help_assessment")),
            "early_help_assessment without its record",
        ),
        (OriginNamesItsStage(), facts(origin=Origin("manual")), None, None),
        (
            OriginRecordActive(),
            facts(),
            facts(origin_record=OriginRecord("EHE-1", TODAY, active=False)),
            "not active",
        ),
        (AnyFormAttached(("ehm_contact_record",)), facts(), with_form(forms=()), "nothing"),
        (
            AnyFormAttached(("chronology",)),
            with_form(forms=CHRONOLOGY),
            with_form(references=(FormReference("chronology", "CHR-1"),)),
            "nothing",
        ),
        (
            FormRefused("chronology"),
            with_form(references=(FormReference("chronology", "CHR-1"),)),
            with_form(forms=CHRONOLOGY),
            "chronology",
        ),
        (
            RecipientActive(),
            facts(),
            facts(recipient=replace(BISHOP, active=False)),
            "a closed team",
        ),
        (
            RecipientInAuthority(),
            facts(),
            facts(recipient=replace(BISHOP, authority="islington")),
            "another authority",
        ),
        (RecipientInAuthority(), facts(), facts(recipient=None), "no such team"),
        (RecipientIsAnother(), facts(), facts(recipient=TEAMS["op-bishop"]), "the origin team"),
        (
            RecipientKind("social_care"),
            facts(),
            facts(recipient=TEAMS["op-east"]),
            "kind early_help",
        ),
        (RecipientRecordsIn(CaseSystem.LCS), facts(), facts(recipient=TEAMS["op-east"]), "EHM"),
        (
            RecipientOfService(("families  first",)),
            facts(),
            facts(recipient=TEAMS["op-east"]),
            "One Point",
        ),
        (
            RecipientNotNamed(("Referral to Progress",)),
            facts(),
            facts(recipient=TEAMS["referral-to-progress"]),
            "Referral to Progress",
        ),
        (AnyMilestone((Named("visited"),)), facts(REACHED), facts(), "not recorded"),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str | Facts) else "",
)
def test_a_rule_is_met_or_says_what_it_found(
    need: Need, met: Facts, broken: Facts | None, found: str | None
) -> None:
    assert need.missing(met) is None
    assert broken is None or need.missing(broken) == found


@pytest.mark.parametrize("field", FORM_FIELDS)
def test_every_field_of_the_form_may_be_asked_for(field: str) -> None:
    rule = FieldGiven(field)

    assert rule.missing(facts(form=FULL)) is None
    assert rule.missing(facts(form=Form())) == "nothing"


@pytest.mark.parametrize(
    "need",
    [
        RecipientActive(),
        RecipientInAuthority(),
        RecipientIsAnother(),
        RecipientKind("social_care"),
        RecipientRecordsIn(CaseSystem.LCS),
        RecipientOfService(("Families First",)),
        RecipientNotNamed(("Referral to Progress",)),
    ],
    ids=lambda need: type(need).__name__,
)
def test_a_recipient_that_is_still_to_be_chosen_breaks_only_the_rule_that_asks_for_one(
    need: Need,
) -> None:
    nobody_yet = facts(recipient=None, form=Form())

    assert need.missing(nobody_yet) is None
    assert FieldGiven("recipient").missing(nobody_yet) == "nothing"


def test_a_rule_answers_satisfied_or_a_breach_with_its_clause() -> None:
    rule = Rule(
        "DL-2-active-episode",
        (Gate.OPEN,),
        Severity.MUST,
        OriginRecordActive(),
        "Step up from an active early help episode",
        "DL 2",
    )

    assert rule.check(facts()) == Satisfied()
    assert rule.check(facts(origin_record=OriginRecord("E", TODAY, active=False))) == Breach(
        "DL-2-active-episode",
        "Step up from an active early help episode",
        "DL 2",
        Severity.MUST,
        "not active",
    )


def test_names_are_told_apart_without_case_spacing_and_what_cannot_be_seen() -> None:
    assert folded(" Referral  TO\tPro\N{ZERO WIDTH SPACE}gress ") == "referral to progress"


def test_a_kind_of_team_is_never_read_from_its_name() -> None:
    islington_s = replace(BISHOP, kind="early_help", name="Families First")

    assert RecipientKind("social_care").missing(facts(recipient=islington_s)) == "kind early_help"
