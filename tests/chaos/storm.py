"""A storm: people work, processes die at random moments and start again, then all falls quiet."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from chaos import processes
from chaos.asking import http
from chaos.crowd import crowd
from chaos.evidence import Evidence, collect, open_deliveries, unheard
from chaos.forked import ended, fork, kill
from chaos.plan import Plan
from chaos.processes import SYSTEMS, Place
from chaos.weather import still, stir
from serving import address

ASKS_AFTER, NEVER = 3.0, 86_400.0
Saboteur = Callable[[], str | None]
"""Breaks something else each time it is asked, and says what, or None."""


class StormError(AssertionError):
    """The storm itself went wrong: a process died of itself, or would not fall quiet."""


@dataclass(slots=True)
class Storm:
    """The processes of one storm; `killed` counts those that were ended, by kind."""

    place: Place
    plan: Plan
    killed: Counter[str] = field(default_factory=Counter)
    quiet_after: float = 0.0
    _living: dict[int, str] = field(default_factory=dict)
    _starting: list[tuple[float, str]] = field(default_factory=list)
    _crowd: int | None = None

    def begin(self) -> None:
        """Start every process and send the people to work."""
        for system in SYSTEMS:
            work = partial(processes.mock, self.place, self.plan, system)
            self._living[fork(work, self.place.folder / f"{system}.log")] = system
        for kind in [*["web"] * self.plan.webs, *["relay"] * self.plan.relays]:
            self._start(kind)
        self._answering()
        stir(self.place, self.plan)
        self._crowd = fork(lambda: crowd(self.place, self.plan), self.place.folder / "crowd.log")

    def rage(self, saboteur: Saboteur | None = None) -> None:
        """Kill web and relay processes at random moments, or ask the saboteur to break more."""
        chance = random.Random(self.plan.seed)  # noqa: S311 - a storm is not a secret
        end = time.monotonic() + self.plan.seconds
        while time.monotonic() < end and self._strikes() < self.plan.kills:
            time.sleep(chance.uniform(*self.plan.between))
            if saboteur is not None and (broken := saboteur()):
                self.killed[broken] += 1
            else:
                self._strike(chance)
            self._check()

    def fall_quiet(self) -> None:
        """Let the people end their work, and the relays theirs, with nothing in the way.

        First the relays ask the trays about every quiet task, until each report that was lost is
        made good; then they are told to stop, and others finish what these gave back.

        Raises:
            StormError: it did not, in the time of the plan.
        """
        begun = time.monotonic()
        still(self.place)
        self._raise_the_dead(everyone=True)
        assert self._crowd is not None
        os.kill(self._crowd, signal.SIGTERM)
        self._until(self._left, "the people never ended")
        self._relieve(ASKS_AFTER)
        self._until(lambda: not unheard(self.place), "what the trays know was never heard")
        self._relieve(NEVER)
        self._until(lambda: open_deliveries(self.place.database_url) == 0, "it never fell quiet")
        self.quiet_after = time.monotonic() - begun

    def _relieve(self, asks_after: float) -> None:
        """Tell every relay to stop, wait until it has, and start others."""
        relays = [child for child, kind in self._living.items() if kind == "relay"]
        for child in relays:
            del self._living[child]
            os.kill(child, signal.SIGTERM)
        for child in relays:
            _, status = os.waitpid(child, 0)
            if status not in (0, signal.SIGTERM):  # the latter where it had not even begun
                raise StormError(f"a relay that was told to stop ended with {status}")
            self._start("relay", asks_after)

    def evidence(self) -> Evidence:
        """What our tables, the mocks' logs and the people's journal say."""
        return collect(self.place)

    def restart(self, kind: str) -> None:
        """Kill every process of a kind, and start as many."""
        for child in [child for child, of in self._living.items() if of == kind]:
            del self._living[child]
            kill(child)
            self.killed[kind] += 1
            self._start(kind)

    def wait(self, condition: Callable[[], bool], otherwise: str) -> float:
        """Wait for something; the seconds that it took.

        Raises:
            StormError: it did not come to be, in the time of the plan.
        """
        begun = time.monotonic()
        self._until(condition, otherwise)
        return time.monotonic() - begun

    def serving(self) -> list[int]:
        """The processes that have our database open."""
        return [child for child, kind in self._living.items() if kind not in SYSTEMS]

    def end(self) -> None:
        """End every process."""
        for child in [*self._living, *([self._crowd] if self._crowd else [])]:
            kill(child)
        self._living.clear()
        self._crowd = None

    def _start(self, kind: str, asks_after: float = NEVER) -> None:
        works = {
            "web": lambda: processes.web(self.place, self.plan),
            "relay": lambda: processes.relay(self.place, self.plan, asks_after),
        }
        child = fork(works[kind], self.place.folder / f"{kind}.log")
        self._living[child] = kind

    def _strikes(self) -> int:
        return sum(self.killed.values())

    def _strike(self, chance: random.Random) -> None:
        if victims := self.serving():
            victim = chance.choice(victims)
            kind = self._living.pop(victim)
            kill(victim)
            self.killed[kind] += 1
            down = chance.choice((0.0, 0.0, chance.uniform(0, self.plan.down)))
            self._starting.append((time.monotonic() + down, kind))
        self._raise_the_dead()

    def _raise_the_dead(self, *, everyone: bool = False) -> None:
        now = time.monotonic()
        for due in [due for due in self._starting if everyone or due[0] <= now]:
            self._starting.remove(due)
            self._start(due[1])

    def _check(self) -> None:
        for child, kind in list(self._living.items()):
            if (status := ended(child)) is not None:
                del self._living[child]
                log = (self.place.folder / f"{kind}.log").read_text(errors="replace")[-1500:]
                raise StormError(f"a {kind} ended by itself with {status}:\n{log}")

    def _left(self) -> bool:
        assert self._crowd is not None
        if (status := ended(self._crowd)) is None:
            return False
        self._crowd = None
        if status:
            log = (self.place.folder / "crowd.log").read_text(errors="replace")[-1500:]
            raise StormError(f"the people ended with {status}:\n{log}")
        return True

    def _answering(self) -> None:
        urls = [f"{self.place.api}/health/ready"]
        urls += [f"{address(each)}/admin/faults" for each in self.place.mocks.values()]
        for url in urls:
            self._until(partial(_answers, url), url)

    def _until(self, condition: Callable[[], bool], otherwise: str) -> None:
        end = time.monotonic() + self.plan.quiet
        while not condition():
            self._check()
            if time.monotonic() > end:
                raise StormError(otherwise)
            time.sleep(0.05)


def _answers(url: str) -> bool:
    return http().get(url).is_success


def move(place: Place, who: str, seconds: int) -> None:
    """Move the clock of `web`, `relay` or `crowd` to be so far ahead, or behind."""
    file = processes.ahead_file(place, who)
    new = file.with_suffix(".new")
    new.write_text(str(seconds))
    new.replace(file)  # nobody ever reads half of it


@contextmanager
def storm(place: Place, plan: Plan) -> Iterator[Storm]:
    """A storm that has begun; none of its processes is left behind."""
    for who in ("web", "relay", "crowd"):
        move(place, who, plan.ahead)
    made = Storm(place, plan)
    try:
        made.begin()
        yield made
    finally:
        made.end()
