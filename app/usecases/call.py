"""What every use case is handed: the open transaction, who acts, the rulebook and the time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.domain.decision import Decision, Situation
from app.domain.errors import NotVisible
from app.domain.london import local_date
from app.domain.people import Actor
from app.domain.protocol import CouncilProtocol, PathwayRules
from app.domain.transfer import Transfer
from app.domain.working_days import Calendar
from app.protocols.shelf import Protocols
from app.store.directory import authority_of, load_teams
from app.store.engine import Transaction
from app.store.transfers import load_transfer
from app.store.unit_of_work import record
from app.usecases.protocol_of import protocol_of

Decided = tuple[Decision, Situation]
"""What was decided, and against what: an answer shows the transfer's clocks from both."""

Deciding = Callable[[Transfer, Situation], Decision]
"""A rule of the domain, with all that it needs besides."""


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Every council's protocol, and England's working days."""

    protocols: Protocols
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Call:
    """One call in one transaction."""

    tx: Transaction
    actor: Actor
    book: Rulebook
    now: datetime

    async def transfer(self, transfer_id: str, *, to_change: bool = True) -> Transfer:
        """The transfer, kept for this transaction to change.

        Raises:
            NotVisible: there is none.
        """
        found = await load_transfer(self.tx, transfer_id, to_change=to_change)
        if found is None:
            raise NotVisible(transfer_id)
        return found

    async def rules(self, transfer: Transfer) -> PathwayRules:
        """What its own version of the protocol says of its pathway."""
        protocol = await self.protocol(transfer.protocol, transfer.protocol_version)
        return protocol.pathways[transfer.pathway]

    async def situation(self, transfer: Transfer, *teams: str | None) -> Situation:
        """What the transfer's decisions are made against; `teams` besides its own."""
        protocol = await self.protocol(transfer.protocol, transfer.protocol_version)
        own = (transfer.origin_team, transfer.form.recipient)
        return await self.situation_under(protocol, *own, *teams)

    async def situation_under(self, protocol: CouncilProtocol, *teams: str | None) -> Situation:
        """What decisions under that protocol are made against, of those teams that there are."""
        wanted = {team for team in teams if team is not None}
        found = await load_teams(self.tx, wanted, relied_on=True)
        return Situation(protocol, found, self.book.calendar, self.now)

    async def require_team(self, team: str) -> None:
        """Pass for a team of the actor's authority.

        Raises:
            NotVisible: the authority has no such team.
        """
        found = (await load_teams(self.tx, {team})).get(team)
        if found is None or found.authority != self.actor.authority:
            raise NotVisible(team)

    async def protocol(self, code: str, version: str) -> CouncilProtocol:
        """That version of a protocol. Raises NoSuchVersion as protocol_of does."""
        return await protocol_of(self.tx, self.book.protocols, code, version)

    async def protocol_in_force(self) -> CouncilProtocol:
        """The version of the protocol of the actor's authority that is in force today.

        Raises:
            NotVisible: the authority has none.
        """
        authority = await authority_of(self.tx, self.actor.authority)
        return self.in_force(authority.protocol if authority else "")

    def in_force(self, code: str) -> CouncilProtocol:
        """The version of that protocol that is in force today.

        Raises:
            NotVisible: there is none.
        """
        protocol = self.book.protocols.in_force(code, local_date(self.now))
        if protocol is None:
            raise NotVisible(code)
        return protocol

    async def decide(self, transfer_id: str, deciding: Deciding, *teams: str | None) -> Decided:
        """Load a transfer, decide, record: what every change of one transfer is.

        Raises:
            NotVisible: there is none; and whatever `deciding` raises.
        """
        transfer = await self.transfer(transfer_id)
        situation = await self.situation(transfer, *teams)
        return await self.record(deciding(transfer, situation), situation)

    async def record(self, decision: Decision, situation: Situation) -> Decided:
        """Keep a decision and all that follows from it."""
        await record(self.tx, decision, situation)
        return decision, situation
