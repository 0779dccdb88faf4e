"""What the people of the fortnight can do, and the clock that goes on between."""

from dataclasses import dataclass
from datetime import datetime

from app.cli.demo.processes import Running
from app.cli.demo.stage_hands import Json, Person, Say, expected, person
from app.domain.london import LONDON

LEAD, WORKER, MANAGER = "ce.lead", "ce.socialworker", "ce.area.manager"
ADMIN, CHAIR, OPERATIONS = "ce.admin.north", "ce.chair", "ce.operations"


@dataclass(frozen=True, slots=True)
class Scene:
    """Where the fortnight is played. Nobody keeps a token over a move of the clock."""

    running: Running
    say: Say

    def as_(self, name: str) -> Person:
        """Somebody, signed in now."""
        return person(self.running, name)

    def let_it_be(self, at: datetime) -> None:
        """Move on to then, and print the time."""
        self.running.let_it_be(at)
        self.say(f"\n   [{spoken(at)}]")

    def act(self, name: str, transfer: Json, action: str, body: Json = None) -> Json:
        """Somebody takes an action on a transfer as it is by now."""
        who = self.as_(name)
        return who.act(who.get(f"/v1/transfers/{transfer['id']}"), action, body)

    def mark(self, name: str, transfer: Json, milestone: str, **more: str) -> Json:
        """Somebody records that something has happened."""
        at = {"name": milestone, "at": self.running.now.isoformat()}
        return self.act(name, transfer, "milestones", at | more)

    def in_meeting(self, name: str, meeting: Json, act: str, body: Json = None) -> Json:
        """Somebody does something in the meeting as it is by now."""
        who = self.as_(name)
        path = f"/v1/meetings/{meeting['id']}"
        return expected(who.post_on(f"{path}/{act}", who.get(path), body), 200)


def spoken(at: datetime) -> str:
    """A time as people in London say it."""
    local = at.astimezone(LONDON)
    return f"{local:%A} {local.day} {local:%B %Y at %H:%M}"
