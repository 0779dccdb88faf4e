"""One campaign: schemathesis asks one service as one person, and everything is counted."""

import math
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import schemathesis
from api.contract import document
from fuzz.formats import know_formats
from fuzz.journey import Journey
from fuzz.people import AUTHORISED, Asker
from fuzz.policy import CHECKS, legitimate
from fuzz.stand import Stand
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder
from schemathesis.hooks import GLOBAL_HOOK_DISPATCHER

PHASES = ("examples", "coverage", "fuzzing", "stateful")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check objects to, once for an operation, with a request that shows it."""

    check: str
    operation: str
    title: str
    says: str
    request: str


@dataclass(slots=True)
class Counts:
    """What was asked and answered."""

    by_phase: Counter[str] = field(default_factory=Counter)
    by_status: Counter[int] = field(default_factory=Counter)
    by_operation: Counter[str] = field(default_factory=Counter)
    accepted: Counter[str] = field(default_factory=Counter)
    checks: Counter[str] = field(default_factory=Counter)
    findings: dict[tuple[str, ...], Finding] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    @property
    def cases(self) -> int:
        """Requests that were sent."""
        return self.by_phase.total()

    def said(self) -> str:
        """Every finding in words; empty where there is none."""
        return "\n\n".join(
            f"{found.check}, {found.operation}: {found.title}\n{found.says}\n{found.request}"
            for found in self.findings.values()
        )

    def add(self, phase: str, recorder: ScenarioRecorder) -> None:
        """Count a scenario."""
        for case_id, exchange in recorder.interactions.items():
            node = recorder.cases.get(case_id)
            if node is None:
                continue
            self.by_phase[phase] += 1
            self.by_operation[node.value.operation.label] += 1
            status = exchange.response.status_code if exchange.response else 0
            self.by_status[status] += 1
            if 200 <= status < 300:
                self.accepted[node.value.operation.label] += 1
        for nodes in recorder.checks.values():
            for check in nodes:
                self.checks[check.name] += 1
                if check.status is Status.FAILURE and check.failure_info is not None:
                    failure = check.failure_info.failure
                    found = Finding(
                        check.name,
                        str(failure.operation),
                        failure.title,
                        failure.message,
                        check.failure_info.code_sample,
                    )
                    self.findings.setdefault((found.check, found.operation, found.says[:80]), found)


@dataclass(frozen=True, slots=True)
class Campaign:
    """Who asks how much of whom."""

    stand: Stand
    asker: Asker
    seed: int
    most: int
    """Cases of each operation while fuzzing, and journeys."""

    phases: tuple[str, ...] = PHASES
    until: float = math.inf
    """When to stop, done or not, by the monotonic clock."""

    only: tuple[str, ...] = ()
    """Operations; all where none is named."""

    def run(self, counts: Counts) -> None:
        """Ask, and count into `counts`."""
        know_formats()
        whole = schemathesis.openapi.from_dict(document(), config=self._config())
        schema = whole.include(operation_id=list(self.only)) if self.only else whole
        schema.config.base_url = self.stand.url
        with self._insider() as insider, _hooked(Journey(self.seed, insider)):
            asked = from_schema(schema).execute()
            for event in asked:
                if isinstance(event, events.ScenarioFinished):
                    counts.add(event.phase.value, event.recorder)
                elif isinstance(event, events.NonFatalError):
                    counts.errors.append(f"{event.phase} {event.label}: {event.info.format()}")
                elif isinstance(event, events.FatalError):
                    raise event.exception
                if time.monotonic() > self.until:
                    asked.stop()

    def again(self) -> "Campaign":
        """The same with another seed, of the phases that never ask the same twice."""
        return replace(self, seed=self.seed + 1, phases=("fuzzing", "stateful"))

    def _insider(self) -> httpx.Client:
        token = self.stand.token(str(AUTHORISED.subject))
        return httpx.Client(
            base_url=self.stand.url, headers={"Authorization": f"Bearer {token}"}, timeout=30
        )

    def _config(self) -> SchemathesisConfig:
        values: dict[str, Any] = {
            "seed": self.seed,
            "cache": {"enabled": False},
            "continue-on-failure": True,
            # How fast requests are made, and how many are thrown away for it, is no finding.
            "suppress-health-check": ["all"],
            "request-timeout": 30,
            "max-redirects": 0,
            "generation": {
                "max-examples": self.most,
                "database": "none",
                "no-shrink": True,
                "with-security-parameters": self.asker.subject is not None,
            },
            "checks": CHECKS,
            "phases": {
                "enabled": False,
                **{phase: {"enabled": True} for phase in self.phases},
            },
        }
        if self.asker.subject is not None:
            values["headers"] = {"Authorization": f"Bearer {self.stand.token(self.asker.subject)}"}
        return SchemathesisConfig.from_dict(values)


@contextmanager
def _hooked(journey: Journey) -> Iterator[None]:
    hooks = (
        (journey.before_call, "before_call"),
        (journey.after_call, "after_call"),
        (legitimate, "filter_failure"),
    )
    for hook, name in hooks:
        GLOBAL_HOOK_DISPATCHER.register_hook_with_name(hook, name)
    try:
        yield
    finally:
        for hook, _ in hooks:
            GLOBAL_HOOK_DISPATCHER.unregister(hook)
