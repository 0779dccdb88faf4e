"""Rules about the team that is to receive the task."""

import unicodedata
from dataclasses import dataclass

from app.domain.duty_task import CaseSystem
from app.domain.rules.facts import Facts
from app.domain.rules.wording import Wording, either, quoted, spelt


@dataclass(frozen=True, slots=True)
class RecipientActive:
    """`recipient = "active"`: the receiving team still works."""

    def says(self, _: Wording) -> str:
        """What is asked, in words."""
        return "the receiving team is active"

    def missing(self, facts: Facts) -> str | None:
        """That the team is closed."""
        return "a closed team" if facts.recipient and not facts.recipient.active else None


@dataclass(frozen=True, slots=True)
class RecipientInAuthority:
    """`recipient = "same_authority"`: the receiving team is the same council's."""

    def says(self, _: Wording) -> str:
        """What is asked, in words."""
        return "the receiving team is of the same council"

    def missing(self, facts: Facts) -> str | None:
        """That the team is another council's, or nobody's."""
        if facts.recipient is None:
            return "no such team" if facts.transfer.form.recipient else None
        same = facts.recipient.authority == facts.transfer.authority
        return None if same else "another authority"


@dataclass(frozen=True, slots=True)
class RecipientIsAnother:
    """`recipient = "another_team"`: nobody transfers to their own team."""

    def says(self, _: Wording) -> str:
        """What is asked, in words."""
        return "the receiving team is not the origin team"

    def missing(self, facts: Facts) -> str | None:
        """That the team is the origin's own."""
        team = facts.recipient
        return "the origin team" if team and team.id == facts.transfer.origin_team else None


@dataclass(frozen=True, slots=True)
class RecipientKind:
    """`recipient_kind`: the receiving team is of that kind."""

    kind: str

    def says(self, _: Wording) -> str:
        """What is asked, in words."""
        return f"the receiving team is of the kind {quoted(spelt(self.kind))}"

    def missing(self, facts: Facts) -> str | None:
        """The kind that the team is of."""
        team = facts.recipient
        return f"kind {team.kind}" if team and team.kind != self.kind else None


@dataclass(frozen=True, slots=True)
class RecipientRecordsIn:
    """`recipient_records_in`: the receiving team works in that case system."""

    system: CaseSystem

    def says(self, _: Wording) -> str:
        """What is asked, in words."""
        return f"the receiving team works in {self.system.upper()}"

    def missing(self, facts: Facts) -> str | None:
        """The case system that the team works in."""
        team = facts.recipient
        return team.case_system.upper() if team and team.case_system != self.system else None


@dataclass(frozen=True, slots=True)
class RecipientOfService:
    """`recipient_service`: the receiving team is of one of these services."""

    services: tuple[str, ...]

    def says(self, _: Wording) -> str:
        """What is asked, in words."""
        return f"the receiving team is of {either(map(quoted, self.services))}"

    def missing(self, facts: Facts) -> str | None:
        """The service that it is of instead."""
        team = facts.recipient
        known = {folded(service) for service in self.services}
        return team.service if team and folded(team.service) not in known else None


@dataclass(frozen=True, slots=True)
class RecipientNotNamed:
    """`recipient_not`: a tray that is not for transfers, by its name in the list."""

    names: tuple[str, ...]

    def says(self, _: Wording) -> str:
        """What is asked, in words."""
        return f"the receiving team is not called {either(map(quoted, self.names))}"

    def missing(self, facts: Facts) -> str | None:
        """The name that was chosen all the same."""
        team = facts.recipient
        refused = {folded(name) for name in self.names}
        return team.name if team and folded(team.name) in refused else None


def folded(name: str) -> str:
    """The name as people tell names apart: without case, spacing and what cannot be seen."""
    plain = unicodedata.normalize("NFKC", name)
    seen = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")
    return " ".join(seen.casefold().split())
