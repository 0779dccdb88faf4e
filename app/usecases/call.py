"""What every use case is handed: the open transaction, who acts, the protocols and the time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain.decision import Decision, Situation
from app.domain.errors import NotVisible
from app.domain.people import Actor
from app.domain.protocol import CouncilProtocol
from app.domain.transfer import Transfer
from app.store.directory import authority_of, load_teams
from app.store.engine import Transaction
from app.store.transfers import load_transfer
from app.store.unit_of_work import record

Protocols = Mapping[str, CouncilProtocol]


@dataclass(frozen=True, slots=True)
class Call:
    """One call in one transaction."""

    tx: Transaction
    actor: Actor
    protocols: Protocols
    now: datetime

    async def transfer(self, transfer_id: str) -> Transfer:
        """The transfer, kept for this transaction to change.

        Raises:
            NotVisible: there is none.
        """
        found = await load_transfer(self.tx, transfer_id, to_change=True)
        if found is None:
            raise NotVisible(transfer_id)
        return found

    async def situation(self, transfer: Transfer, *teams: str | None) -> Situation:
        """What the transfer's decisions are made against; `teams` besides its own."""
        wanted = {transfer.origin_team, transfer.form.recipient, *teams} - {None}
        found = await load_teams(self.tx, {team for team in wanted if team is not None})
        return Situation(self.protocols[transfer.protocol], found, self.now)

    async def protocol_in_force(self) -> CouncilProtocol:
        """The protocol of the actor's authority.

        Raises:
            NotVisible: the authority has none.
        """
        authority = await authority_of(self.tx, self.actor.authority)
        if authority is None or authority.protocol not in self.protocols:
            raise NotVisible(self.actor.authority)
        return self.protocols[authority.protocol]

    async def record(self, decision: Decision, situation: Situation) -> None:
        """Keep a decision and all that follows from it."""
        await record(self.tx, decision, situation.rules(decision.after), self.now)
