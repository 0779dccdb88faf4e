"""Stepping in and out of the team around the family, for a purpose (RO)."""

from dataclasses import replace
from datetime import datetime

from app.domain.authority import require, require_version
from app.domain.breach import must
from app.domain.decision import Decision, Situation
from app.domain.errors import NotVisible, RulesBroken
from app.domain.people import Actor
from app.domain.recording import recorded
from app.domain.rights import Act
from app.domain.team_around import Member
from app.domain.transfer import Transfer

MOST_MEMBERS = 50


def step_in(
    transfer: Transfer,
    member: Member,
    actor: Actor,
    situation: Situation,
    *,
    expected_version: int | None = None,
) -> Decision:
    """The transfer with one more member of the team around the family.

    Raises:
        NotVisible, NotPermitted, StaleVersion: as in decide.
        RulesBroken: they step in later than now, or there are too many.
    """
    require(Act.STEP_IN, actor, transfer)
    require_version(transfer, expected_version)
    breaches = []
    if member.stepped_in_at > situation.now:
        says = "Record it once they have stepped in"
        breaches.append(must("step-in-time", says, "a time in the future"))
    if len(transfer.team_around) >= MOST_MEMBERS:
        says = f"A team around the family has at most {MOST_MEMBERS} members"
        breaches.append(must("step-in-members", says, "too many"))
    if breaches:
        raise RulesBroken(tuple(breaches))
    return _with(transfer, (*transfer.team_around, member), "stepped_in", actor, situation)


def step_out(  # noqa: PLR0913 - who, when, by whom
    transfer: Transfer,
    member_id: str,
    at: datetime,
    actor: Actor,
    situation: Situation,
    *,
    expected_version: int | None = None,
) -> Decision:
    """The transfer with a member who has stepped out at that time.

    Raises:
        NotVisible: no such member, or as in decide. NotPermitted, StaleVersion: as in decide.
        RulesBroken: they are out already, or the time is before they stepped in or to come.
    """
    require(Act.STEP_OUT, actor, transfer)
    require_version(transfer, expected_version)
    found = next((m for m in transfer.team_around if m.id == member_id), None)
    if found is None:
        raise NotVisible(member_id)
    if not found.in_it:
        raise RulesBroken((must("step-out", "They have stepped out already", "not in it"),))
    if not found.stepped_in_at <= at <= situation.now:
        says = "Give a time between stepping in and now"
        raise RulesBroken((must("step-out-time", says, "another time"),))
    out = replace(found, stepped_out_at=at)
    team = tuple(out if m is found else m for m in transfer.team_around)
    return _with(transfer, team, "stepped_out", actor, situation)


def _with(
    transfer: Transfer, team: tuple[Member, ...], what: str, actor: Actor, situation: Situation
) -> Decision:
    after = replace(transfer, team_around=team, version=transfer.version + 1)
    return recorded(transfer, after, what, actor, situation)
