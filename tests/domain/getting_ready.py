"""How the people of a council meet what a rule of theirs asks for, whatever kind of rule it is."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from domain.council_at_work import AtWork
from domain.disagreeing import settle

from app.domain import commands as c
from app.domain.booking import booking_fault
from app.domain.close_at_source import Closed, close_at_source, proposed_reason
from app.domain.closing import Remaining, RemainingOutcome
from app.domain.consent import Consent, How
from app.domain.form import AttachedForm, Form, FormReference, Meeting
from app.domain.london import LONDON, local_date
from app.domain.milestone_kind import MilestoneKind
from app.domain.milestone_names import ORIGIN_CLOSED, Named
from app.domain.pathway import Action, Stage
from app.domain.people import Role
from app.domain.record_consent import record_consent
from app.domain.record_milestone import Happened, record_milestone
from app.domain.remaining_children import not_taken
from app.domain.rules import family, form, milestone
from app.domain.rules.facts import Need
from app.domain.step_in import step_in
from app.domain.team_around import Member

ROUNDS, DEEP = 8, 6


def get_ready(work: AtWork, action: Action) -> None:
    """Meet what keeps the action from being taken, as far as that can be done."""
    needs = {rule.code: rule.needs for rule in work.rules.rules}
    for _ in range(ROUNDS):
        missing = work.missing(action)
        if not missing:
            return
        for code in missing:
            meet(work, needs[code])


def meet(work: AtWork, need: Need, deep: int = DEEP) -> None:  # noqa: C901, PLR0912 - one a kind
    """Do what the need asks for; what cannot be done is left."""
    now = work.transfer.form
    match need:
        case form.FieldGiven(field=field):
            fill(work, _field(work, field))
        case form.AnyFormAttached(forms=kinds):
            fill(work, replace(now, forms=(*now.forms, _attached(work, kinds[0]))))
        case form.FormNotOlderThan(form=kind):
            others = tuple(x for x in now.forms if x.form != kind)
            fill(work, replace(now, forms=(*others, _attached(work, kind))))
        case form.FormNamed(form=kind):
            fill(work, replace(now, references=(*now.references, FormReference(kind, "R-1"))))
        case form.FormRefused(form=kind):
            fill(work, replace(now, forms=tuple(x for x in now.forms if x.form != kind)))
        case form.StatementGiven(statement=code):
            fill(work, replace(now, statements={**now.statements, code: "In our words."}))
        case form.LeadProfessionalIdentified():
            fill(work, replace(now, next_lead_professional="A. Lead"))
        case family.ConsentGiven(scope=scope) | family.FormWithConsent(scope=scope):
            consent(work, scope)
        case family.TeamAroundNamed():
            member = Member("1", "A. Nurse", "0-19 service", "Sleep", work.now)
            work.by_anyone(lambda t, actor, where: step_in(t, member, actor, where))
        case milestone.AnyMilestone(milestones=names):
            happen(work, names[0], deep)
        case milestone.MilestoneWithRecipient(name=name):
            happen(work, Named(name), deep)
        case milestone.Settled():
            settle(work)
        case milestone.MeetingBooked():
            submit(work)
        case milestone.MeetingDecided(outcome=outcome):
            submit(work)
            happen(work, Named("meeting_decided", outcome), deep)
        case _:
            fill(work, replace(now, recipient=recipient(work)))


def fill(work: AtWork, filled: Form) -> None:
    """Make the form so."""
    if filled != work.transfer.form:
        work.act(c.Edit(filled))


def happen(work: AtWork, what: Named, deep: int = DEEP) -> None:
    """Let it happen, and before it what it comes after and what it needs."""
    kind = work.rules.milestones.get(what.name)
    if what.name == ORIGIN_CLOSED:
        close(work, local_date(work.now))
    if kind is None or deep == 0:
        return
    if kind.about_recipient and work.transfer.form.recipient is None:
        fill(work, replace(work.transfer.form, recipient=recipient(work)))
    if kind.after and not any(work.transfer.stands(name) for name in kind.after):
        if kind.after[0].name == "submitted_to_meeting":
            submit(work)
        happen(work, kind.after[0], deep - 1)
    if kind.needs is not None and kind.needs.missing(work.where.facts(work.transfer)):
        meet(work, kind.needs, deep - 1)
    told = happened(work, kind, what.outcome)
    work.by_anyone(lambda t, actor, where: record_milestone(t, told, actor, where))


def close(work: AtWork, on: date) -> None:
    """The origin closes its own record, for the reason that the protocol proposes.

    The record of whoever was not taken stays open.
    """
    left = (Remaining(x, RemainingOutcome.STAYS_OPEN) for x in not_taken(work.transfer))
    reason = proposed_reason(work.transfer, work.rules) or "RC1"
    closed = Closed(on, reason, "In our words.", remaining=tuple(left))
    work.by_anyone(lambda t, actor, where: close_at_source(t, closed, actor, where))


def happened(work: AtWork, kind: MilestoneKind, outcome: str | None = None) -> Happened:
    """Such a milestone, now, with what the protocol asks of it."""
    chosen = work.transfer.form.recipient
    managers = [x for x in work.people if chosen and x.is_(Role.TEAM_MANAGER, chosen)]
    others = [
        team
        for team in work.teams.values()
        if team.kind == kind.passes_to_kind and team.id != work.transfer.sent_to
    ]
    return Happened(
        kind.name,
        work.now,
        person=managers[0] if kind.names_receiving_manager and managers else None,
        note="In our words.",
        outcome=outcome or next(iter(kind.outcomes), None),
        until=work.now + timedelta(days=2) if kind.gives_time else None,
        team=others[0] if others and kind.passes_to_kind else None,
    )


def submit(work: AtWork) -> None:
    """Submit it to the next meeting of a series of the route, and wait for that meeting."""
    route = work.rules.routes[work.transfer.route]
    if work.transfer.stage is not Stage.DRAFT or not route.meetings:
        return
    for day in range(1, 60):
        on = local_date(work.now) + timedelta(days=day)
        command = c.SubmitToMeeting(route.meetings[0], _start(work, route.meetings[0], on))
        if booking_fault(command, work.transfer, work.where) is None:
            get_ready(work, Action.SUBMIT_TO_MEETING)
            if work.act(command):
                work.wait(max(command.starts_at - work.now, timedelta()) + timedelta(minutes=10))
            return


def recipient(work: AtWork) -> str | None:
    """A team that the rules take, else any of the right system."""
    known = [x for x in work.teams.values() if x.case_system is work.rules.to_system]
    for team in known:
        draft = replace(work.transfer, form=replace(work.transfer.form, recipient=team.id))
        facts = work.where.facts(draft)
        asked = [rule for rule in work.rules.rules if type(rule.needs).__name__ in _OF_RECIPIENT]
        if not any(rule.condition.holds(facts) and rule.needs.missing(facts) for rule in asked):
            return team.id
    return known[0].id


def consent(work: AtWork, scope: str) -> None:
    """The family consents to that scope."""
    given = Consent(
        f"C-{len(work.transfer.consents)}", scope, "A parent", local_date(work.now), How.ORAL,
        informed=True, explicit=True, recorded_by="", recorded_at=work.now,
    )  # fmt: skip
    work.by_anyone(
        lambda t, actor, where: record_consent(
            t, replace(given, recorded_by=actor.id), actor, where
        )
    )


_OF_RECIPIENT = (
    "RecipientActive", "RecipientInAuthority", "RecipientIsAnother", "RecipientKind",
    "RecipientRecordsIn", "RecipientOfService", "RecipientNotNamed",
)  # fmt: skip


def _start(work: AtWork, series: str, on: date) -> datetime:
    at = work.protocol.meetings[series].at or time(10)
    return datetime.combine(on, at, LONDON).astimezone(UTC)


def _attached(work: AtWork, kind: str) -> AttachedForm:
    return AttachedForm(kind, "F-1", local_date(work.now), {"reason": "Neglect"})


def _field(work: AtWork, field: str) -> Form:
    now, today = work.transfer.form, local_date(work.now)
    if field.startswith("meeting."):
        return replace(now, meeting=Meeting(today, "A chair", "agreed", "Why."))
    given = {
        "date_of_transfer": today,
        "comments": "Talked over with the family.",
        "recipient": recipient(work),
        "primary_need": "N4",
    }
    return replace(now, **{field: given[field]})  # type: ignore[arg-type]
