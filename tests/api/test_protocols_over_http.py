"""Protocols over HTTP: the version in force, every other one, and all that they say."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from builders import durham
from service import Api

from app.domain.protocol import PathwayRules
from app.protocols.shelf import SHIPPED, keep
from app.store.protocol_versions import keep_version

one_store = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PATH = "/v1/protocols/durham"


@one_store
async def test_a_protocol_is_shown_whole(api: Api) -> None:
    shown = (await api.as_("op.worker").get(PATH)).json()

    assert set(shown["clauses"]) == set(durham().clauses)
    assert shown["clauses"]["DL 3"]["says"] == durham().clauses["DL 3"].says
    assert shown["meetings"]["weekly"]["when"] == "weekly"
    for pathway, half in durham().pathways.items():
        assert _codes(shown["pathways"][pathway]) == _expected(half)
    up = shown["pathways"]["step_up"]
    sent = next(clock for clock in up["clocks"] if clock["code"] == "DF-14-sent")
    agreed = next(kind for kind in up["milestones"] if kind["name"] == "timescale_agreed")
    assert (sent["from"], sent["to"]) == (["meeting_decided:agreed"], ["dispatched"])
    assert (sent["timescale"], sent["falls_to"]) == ("24 hours", "origin")
    assert (sent["routes"], sent["or_agreed"]) == (["meeting"], "timescale_agreed")
    assert agreed["gives_time"]
    assert agreed["names_receiving_manager"]
    assert agreed["after"] == ["meeting_decided:agreed"]
    quality = next(rule for rule in up["rules"] if rule["code"] == "DF-7-quality")
    assert quality["when"] == "the transfer is submitted to a meeting"
    assert quality["unless"] is None
    assert "checked the quality" in quality["checked"]
    visit = next(kind for kind in up["milestones"] if kind["name"] == "joint_visit_made")
    assert visit["needs"].startswith("explicit consent is recorded")


def _codes(shown: dict[str, Any]) -> dict[str, Any]:
    return {
        "routes": [route["name"] for route in shown["routes"]],
        "milestones": [kind["name"] for kind in shown["milestones"]],
        "rules": [(rule["code"], rule["source"], rule["gates"]) for rule in shown["rules"]],
        "clocks": [(clock["code"], clock["source"]) for clock in shown["clocks"]],
        "consents": shown["consents"],
    }


def _expected(half: PathwayRules) -> dict[str, Any]:
    return {
        "routes": list(half.routes),
        "milestones": list(half.milestones),
        "rules": [(rule.code, rule.source, [*rule.gates]) for rule in half.rules],
        "clocks": [(clock.code, clock.source) for clock in half.clocks],
        "consents": dict(half.consents),
    }


@one_store
async def test_the_version_in_force_is_shown_and_by_its_name_any_other(api: Api) -> None:
    worker = api.as_("op.worker")
    text = (SHIPPED / "durham.toml").read_text("utf-8")
    coming = text.replace('version = "2026-11"', 'version = "2027-04"', 1).replace(
        "in_force_from = 2026-11-01", "in_force_from = 2027-04-01", 1
    )
    kept = keep(coming, "durham.toml")
    async with api.store.write() as tx:
        await keep_version(
            tx, "durham", "2027-04", digest=kept.digest, text=kept.text, now=api.clock.now
        )

    in_force = await worker.get(PATH)
    other = await worker.get(f"{PATH}/versions/2027-04")

    assert in_force.json()["version"] == "2026-11"
    assert (await worker.get(f"{PATH}/versions/2026-11")).json() == in_force.json()
    assert other.json()["in_force_from"] == date(2027, 4, 1).isoformat()


@one_store
async def test_a_protocol_that_is_not_in_force_yet_is_found_by_its_version_alone(api: Api) -> None:
    api.clock.now = datetime(2026, 10, 31, 12, tzinfo=UTC)
    worker = api.as_("op.worker")

    found = [
        (await worker.get(path)).status_code
        for path in (PATH, f"{PATH}/versions/2026-11", f"{PATH}/versions/2020-01")
    ]

    assert found == [404, 200, 404]


@one_store
async def test_who_remains_involved_and_what_was_sought_are_shown(api: Api) -> None:
    found = [
        (await api.as_("op.worker").get(f"/v1/protocols/{code}")).json()["pathways"]
        for code in ("cheshire_east", "islington")
    ]

    assert found[0]["step_up"]["origin_remains"]["until"] == "intervention_decided"
    assert found[0]["step_down"]["origin_remains"] is None
    assert found[1]["step_down"]["outcomes_statement"] == "outcomes_sought"
