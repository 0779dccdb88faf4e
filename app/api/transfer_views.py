"""What a transfer looks like over the API: the documented shape, and how it is filled."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from app.api.afterwards_views import ReviewView
from app.api.around_views import (
    BookedMeetingView,
    CensusView,
    MilestoneView,
    PauseView,
    TeamMemberView,
)
from app.api.clock_views import ClockView, clock_views
from app.api.closing_views import ClosedView
from app.api.consent_views import ConsentView, SharingBasisView, basis_view, consent_view
from app.api.disagreement_views import DisagreementView, disagreement_views
from app.api.form_views import FormView
from app.api.problems import BreachView, breach_view
from app.api.re_referral_views import ReReferralView
from app.domain.breach import Breach
from app.domain.custody import custody_at
from app.domain.decision import Situation
from app.domain.london import local_date
from app.domain.pathway import ENDED, Pathway, Stage
from app.domain.protocol import PathwayRules
from app.domain.re_referral import ReReferral, watched_until
from app.domain.referral_date import DateStanding
from app.domain.transfer import ChildOutcome, Transfer


class RecordView(BaseModel):
    """The referral or episode that was created for a child, with its date then and now."""

    record_id: str
    created_at: datetime
    dated: date = Field(description="The date the case system gave it at first")
    dated_now: date = Field(description="The date it bears as far as we know")
    standing: DateStanding
    corrections: int
    manual: bool = Field(description="Entered by a person, not reported by the system")
    allocated_to: str | None


class ChildView(BaseModel):
    """A child of the transfer."""

    child_id: str
    name: str
    date_of_birth: date
    nhs_number: str | None
    upn: str | None
    upn_unknown: str | None = Field(description="The census code of why there is no UPN")
    record: RecordView | None
    outcome: ChildOutcome | None = Field(description="Null until the receiving team starts")
    outcome_reason: str | None = Field(description="Where they are not taken: its code")
    outcome_at: datetime | None


class OriginView(BaseModel):
    """What started the stage."""

    kind: str
    stage_record_id: str | None


class OriginRecordView(BaseModel):
    """What the case is open under at the origin."""

    record_id: str
    started_on: date
    active: bool


class CustodyView(BaseModel):
    """Which team holds lead responsibility now; `since` null: from before the transfer."""

    team: str
    since: datetime | None
    lead_professional: str | None = Field(description="Where anybody was named to lead in it")


class TransferView(BaseModel):
    """A transfer."""

    id: str
    authority: str
    pathway: Pathway
    route: str
    protocol: str
    protocol_version: str
    stage: Stage
    version: int = Field(description="Also the ETag; give it as If-Match with a change")
    origin: OriginView
    origin_record: OriginRecordView
    origin_team: str
    children: list[ChildView]
    form: FormView
    author: str
    last_editor: str
    worker: str = Field(description="Who has the work on it at the origin; first the author")
    submitter: str | None
    authorised_by: str | None
    holder: str | None
    lead_professional: str | None
    origin_lead: str | None = Field(description="The lead professional at the origin")
    re_referral: ReReferralView | None = Field(
        description="Where a child comes back within 12 months of a completed step down"
    )
    reference: str | None = Field(description="What its present duty task goes by in the tray")
    custody: CustodyView
    meeting: BookedMeetingView | None
    consents: list[ConsentView]
    sharing_bases: list[SharingBasisView]
    team_around_the_family: list[TeamMemberView]
    census: CensusView
    reviews: list[ReviewView]
    watched_until: date | None = Field(
        description="Of a completed step down: a step up until this London day is a re-referral"
    )
    closing: ClosedView | None = Field(description="Null: the origin has not closed its record")
    clocks: list[ClockView] = Field(description="As they stand now, in the protocol's order")
    pauses: list[PauseView]
    disagreements: list[DisagreementView]
    milestones: list[MilestoneView]
    warnings: list[BreachView] = Field(
        description="`should` rules that did not hold when this change was made"
    )


def transfer_view(
    transfer: Transfer,
    situation: Situation,
    warnings: tuple[Breach, ...] = (),
    re_referral: ReReferral | None = None,
) -> dict[str, Any]:
    """A transfer in the shape of TransferView, of values that orjson takes."""
    rules, now = situation.rules(transfer), situation.now
    leads, clocks = custody_at(transfer, rules, now), situation.clocks(transfer)
    today = local_date(now)
    return {
        "id": transfer.id,
        "authority": transfer.authority,
        "pathway": transfer.pathway,
        "route": transfer.route,
        "protocol": transfer.protocol,
        "protocol_version": transfer.protocol_version,
        "stage": transfer.stage,
        "version": transfer.version,
        "origin": transfer.origin,
        "origin_record": transfer.origin_record,
        "origin_team": transfer.origin_team,
        "children": transfer.children,
        "form": transfer.form,
        "author": transfer.author,
        "last_editor": transfer.last_editor,
        "worker": transfer.worker,
        "submitter": transfer.submitter,
        "authorised_by": transfer.authorised_by,
        "holder": transfer.holder,
        "lead_professional": transfer.lead_professional,
        "origin_lead": transfer.origin_lead,
        "re_referral": re_referral,
        "reference": transfer.reference if transfer.dispatch else None,
        "custody": {name: getattr(leads, name) for name in CustodyView.model_fields},
        "meeting": transfer.meeting,
        "consents": [consent_view(c, transfer.consents, today) for c in transfer.consents],
        "sharing_bases": [basis_view(basis, today) for basis in transfer.sharing_bases],
        "team_around_the_family": transfer.team_around,
        "reviews": transfer.reviews,
        "watched_until": watched_until(transfer),
        "closing": transfer.closing,
        "census": _census(transfer, rules),
        "clocks": clock_views(clocks, transfer, now),
        "pauses": transfer.pauses,
        "disagreements": disagreement_views(
            transfer.disagreements, rules.escalation, clocks, ended=transfer.stage in ENDED
        ),
        "milestones": transfer.milestones,
        "warnings": [breach_view(warning) for warning in warnings],
    }


def _census(transfer: Transfer, rules: PathwayRules) -> dict[str, str | None]:
    return {
        "referral_source": rules.referral_source,
        "closure_reason": rules.routes[transfer.route].closure_reasons.get(transfer.origin.kind),
        "primary_need": transfer.form.primary_need,
    }
