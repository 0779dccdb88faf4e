"""Every kind of rule says itself in words that can stand after "when"."""

import pytest

from app.domain.ages import parse_age
from app.domain.duty_task import CaseSystem
from app.domain.milestone_names import MADE_BY_DECISIONS, Named, named
from app.domain.rules import family, form, milestone, origin, recipient
from app.domain.rules.facts import Need
from app.domain.rules.wording import BY_DECISION, Wording

WORDS = Wording(
    milestones={"met": "The team has met", "met:agreed": "Step up"},
    statements={"voice": "What the child says"},
    factors={"violence": "Violence at home"},
    consents={"share": "To share the plan"},
)


@pytest.mark.parametrize(
    ("need", "says"),
    [
        (form.FieldGiven("meeting.held_on"), "“meeting, held on” is filled in"),
        (
            form.AnyFormAttached(("ehm_contact_record", "plan")),
            "“EHM contact record” or “plan” is attached",
        ),
        (form.FormNamed("chronology"), "“chronology” is attached or referred to"),
        (form.FormRefused("chronology"), "“chronology” is not attached"),
        (
            form.FormNotOlderThan("plan", parse_age("6 months")),
            "“plan”, where attached, was completed within 6 months",
        ),
        (form.StatementGiven("voice"), "the form states “What the child says”"),
        (form.FactorNamed("violence"), "the form names the factor “Violence at home”"),
        (form.LeadProfessionalIdentified(), "the next lead professional is identified"),
        (family.ConsentGiven("share"), "consent is recorded: “To share the plan”"),
        (
            family.ConsentGiven("share", informed=True),
            "informed consent is recorded: “To share the plan”",
        ),
        (
            family.ConsentGiven("share", explicit=True),
            "explicit consent is recorded: “To share the plan”",
        ),
        (
            family.FormWithConsent("plan", "share"),
            (
                "“plan”, where attached, has the consent, or another basis for sharing: "
                "“To share the plan”"
            ),
        ),
        (
            family.FormWithConsent("plan", "share", informed=True),
            (
                "“plan”, where attached, has the informed consent, or another basis for sharing: "
                "“To share the plan”"
            ),
        ),
        (family.TeamAroundNamed(), "the team around the family has a member named"),
        (
            milestone.AnyMilestone((named("met:agreed"), named("dispatched"))),
            "“The team has met” is recorded as “Step up” or the task is dispatched",
        ),
        (
            milestone.AnyMilestone((named("met:agreed"), named("met:not_agreed"))),
            "“The team has met” is recorded as “Step up” or “not_agreed”",
        ),
        (
            milestone.AnyMilestone((named("met:agreed"), named("met"))),
            "“The team has met” is recorded",
        ),
        (
            milestone.MilestoneWithRecipient("met"),
            "“The team has met” is recorded with the team that is chosen",
        ),
        (
            milestone.MeetingDecided("agreed"),
            "“meeting_decided” is recorded as “agreed” since it was last submitted to a meeting",
        ),
        (
            recipient.RecipientOfService(("IFIT", "One Point")),
            "the receiving team is of “IFIT” or “One Point”",
        ),
        (
            milestone.Settled(Named("declined"), Named("met")),
            "after the receiving team declines, “The team has met” is recorded",
        ),
        (milestone.Authorised(), "the form is authorised by a manager of the origin team"),
        (milestone.MeetingBooked(), "the transfer is submitted to a meeting"),
        (origin.OriginAllowed(), "the route may be started by what started it"),
        (
            origin.OriginNamesItsStage(),
            "the record of the stage that led to it is named, unless it is started by hand",
        ),
        (origin.OriginRecordActive(), "the episode or referral is active"),
        (recipient.RecipientActive(), "the receiving team is active"),
        (recipient.RecipientInAuthority(), "the receiving team is of the same council"),
        (recipient.RecipientIsAnother(), "the receiving team is not the origin team"),
        (
            recipient.RecipientRecordsIn(CaseSystem.LCS),
            "the receiving team works in LCS",
        ),
        (
            origin.OriginRecordOpenAtLeast(parse_age("3 months")),
            "the episode or referral began 3 months ago or earlier",
        ),
        (
            recipient.RecipientKind("social_care"),
            "the receiving team is of the kind “social care”",
        ),
        (
            recipient.RecipientNotNamed(("Referral to Progress", "Inbox")),
            "the receiving team is not called “Referral to Progress” or “Inbox”",
        ),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else "",
)
def test_a_kind_of_rule_says_itself_in_the_protocol_s_words(need: Need, says: str) -> None:
    assert need.says(WORDS) == says


def test_a_code_without_words_is_quoted_as_it_is() -> None:
    assert milestone.AnyMilestone((named("met:agreed"),)).says(Wording()) == (
        "“met” is recorded as “agreed”"
    )


def test_what_every_decision_reaches_has_words() -> None:
    assert BY_DECISION.keys() == MADE_BY_DECISIONS


def test_a_statement_a_circumstance_or_a_consent_without_words_is_quoted_by_its_code() -> None:
    words = Wording(
        statements={"voice": "What they say"},
        factors={"known": "They are known"},
        consents={"share": "To share it"},
    )

    assert (words.statement("voice"), words.statement("else")) == ("“What they say”", "“else”")
    assert (words.factor("known"), words.factor("else")) == ("“They are known”", "“else”")
    assert (words.consent("share"), words.consent("else")) == ("“To share it”", "“else”")
