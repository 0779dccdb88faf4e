"""The checklist over the API: what each coming gate asks, and what the reader can do now."""

from typing import Any

from pydantic import BaseModel, Field

from app.api.problems import BreachView, breach_view
from app.domain.available import Available, available_actions
from app.domain.breach import Severity
from app.domain.checklist import GateList, Item, checklist
from app.domain.decision import Situation
from app.domain.pathway import Action, Stage
from app.domain.people import Actor
from app.domain.protocol import Gate
from app.domain.transfer import Transfer


class CheckedRuleView(BaseModel):
    """A rule and its answer."""

    code: str
    says: str = Field(description="What to do, in plain words")
    source: str = Field(description="The clause that it is from")
    severity: Severity
    holds: bool
    found: str | None = Field(description="What stands there instead, in general words")


class GateView(BaseModel):
    """A gate that lies ahead; `open`: no `must` rule of it is broken."""

    gate: Gate
    open: bool
    rules: list[CheckedRuleView]


class AvailableView(BaseModel):
    """An action, and whether you can take it now."""

    action: Action
    available: bool
    why_not: str | None = Field(description="The kind of problem that it would answer with")
    breaches: list[BreachView] = Field(description="Where rules stand in the way")


class ChecklistView(BaseModel):
    """What stands between the transfer and its next steps."""

    transfer: str
    version: int = Field(description="The transfer's version, also the ETag")
    stage: Stage
    gates: list[GateView]
    available_actions: list[AvailableView]


def checklist_view(transfer: Transfer, actor: Actor, situation: Situation) -> dict[str, Any]:
    """The checklist in the shape of ChecklistView."""
    actions = available_actions(transfer, actor, situation)
    return {
        "transfer": transfer.id,
        "version": transfer.version,
        "stage": transfer.stage,
        "gates": [_gate(found) for found in checklist(transfer, situation)],
        "available_actions": [_action(found) for found in actions],
    }


def _gate(found: GateList) -> dict[str, Any]:
    return {
        "gate": found.gate,
        "open": found.open,
        "rules": [_rule(item) for item in found.items],
    }


def _rule(item: Item) -> dict[str, Any]:
    return {
        "code": item.rule.code,
        "says": item.rule.says,
        "source": item.rule.source,
        "severity": item.rule.severity,
        "holds": item.breach is None,
        "found": item.breach.found if item.breach else None,
    }


def _action(found: Available) -> dict[str, Any]:
    return {
        "action": found.action,
        "available": found.why_not is None,
        "why_not": found.why_not,
        "breaches": [breach_view(breach) for breach in found.breaches],
    }
