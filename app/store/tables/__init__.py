"""Every table of the service, by subject. Migrations are held against this page by a test."""

from app.store.tables.afterwards import closings, feedback, reviews
from app.store.tables.around import (
    clock_pauses,
    consents,
    milestones,
    sharing_bases,
    team_members,
)
from app.store.tables.audit import (
    IS_NO_READ,
    audit_chain,
    audit_events,
    audit_handles,
    audit_mentions,
    audit_streams,
    audit_sweep,
)
from app.store.tables.base import metadata
from app.store.tables.clocks import clocks
from app.store.tables.delivery import deliveries, idempotency_keys, inbox
from app.store.tables.directory import authorities, memberships, people, teams
from app.store.tables.disagreements import disagreements
from app.store.tables.meetings import (
    meeting_actions,
    meeting_attendance,
    meeting_cases,
    meetings,
)
from app.store.tables.protocols import protocol_versions
from app.store.tables.rights import (
    disposed_transfers,
    legal_holds,
    subject_access,
    subject_access_exports,
)
from app.store.tables.subscriptions import subscription_events, subscriptions
from app.store.tables.transfers import ONE_OPEN_TRANSFER, transfer_children, transfers
from app.store.tables.trust import delegations, openings, restrictions
from app.store.tables.watch import alerts

__all__ = [
    "IS_NO_READ",
    "ONE_OPEN_TRANSFER",
    "alerts",
    "audit_chain",
    "audit_events",
    "audit_handles",
    "audit_mentions",
    "audit_streams",
    "audit_sweep",
    "authorities",
    "clock_pauses",
    "clocks",
    "closings",
    "consents",
    "delegations",
    "deliveries",
    "disagreements",
    "disposed_transfers",
    "feedback",
    "idempotency_keys",
    "inbox",
    "legal_holds",
    "meeting_actions",
    "meeting_attendance",
    "meeting_cases",
    "meetings",
    "memberships",
    "metadata",
    "milestones",
    "openings",
    "people",
    "protocol_versions",
    "restrictions",
    "reviews",
    "sharing_bases",
    "subject_access",
    "subject_access_exports",
    "subscription_events",
    "subscriptions",
    "team_members",
    "teams",
    "transfer_children",
    "transfers",
]
