"""What a use case records: the transfer as it will be, and all that follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.domain.breach import Breach
from app.domain.clocks import Clock, clocks
from app.domain.london import local_date
from app.domain.messages import Message
from app.domain.pathway import Stage
from app.domain.people import Team
from app.domain.protocol import CouncilProtocol, PathwayRules
from app.domain.rules.facts import Facts
from app.domain.transfer import Transfer
from app.domain.working_days import Calendar


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the audit: coded, without free text and without a child's data.

    What is done to no one transfer has no stages. A code that names somebody says so, and
    the chain keeps its digest alone (audit_handles.py): `person:…`, `child:…`, or a record's UUID.
    """

    action: str
    actor: str
    at: datetime
    from_stage: Stage | None
    to_stage: Stage | None
    version: int | None
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alert:
    """Something a person must look at. `key` keeps it from being raised twice."""

    kind: str
    key: str
    team: str
    says: str


@dataclass(frozen=True, slots=True)
class Decision:
    """`before` is None for a new transfer. `warnings` are the `should` rules that do not hold."""

    before: Transfer | None
    after: Transfer
    events: tuple[Event, ...]
    messages: tuple[Message, ...] = ()
    alerts: tuple[Alert, ...] = ()
    warnings: tuple[Breach, ...] = ()

    def then(self, following: "Decision") -> "Decision":
        """This decision and the one that was made on its outcome, as one."""
        return replace(
            following,
            before=self.before,
            events=self.events + following.events,
            messages=self.messages + following.messages,
            alerts=self.alerts + following.alerts,
            warnings=self.warnings + following.warnings,
        )


@dataclass(frozen=True, slots=True)
class Situation:
    """What a decision is made against: the protocol, the teams it may concern, calendar, time."""

    protocol: CouncilProtocol
    teams: Mapping[str, Team]
    calendar: Calendar
    now: datetime
    _wound: dict[int, tuple[Transfer, tuple[Clock, ...]]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    """Clocks that were counted, by their transfer's identity: what is decided is also shown."""

    def rules(self, transfer: Transfer) -> PathwayRules:
        """The half of the protocol for the transfer's pathway."""
        return self.protocol.pathways[transfer.pathway]

    def facts(self, transfer: Transfer) -> Facts:
        """What the rules look at."""
        route = self.rules(transfer).routes[transfer.route]
        recipient = transfer.form.recipient
        team = self.teams.get(recipient) if recipient is not None else None
        return Facts(transfer, route.origins, team, local_date(self.now))

    def clocks(self, transfer: Transfer) -> tuple[Clock, ...]:
        """The transfer's clocks, counted once for each transfer."""
        known = self._wound.get(id(transfer))
        if known is None:
            wound = clocks(self.facts(transfer), self.rules(transfer), self.calendar)
            known = self._wound[id(transfer)] = (transfer, wound)
        return known[1]
