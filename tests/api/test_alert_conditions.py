"""docs/operating.md's conditions for a person, held against what /metrics prints."""

import re
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from service import Api

from app.store.delivery_rows import OPEN, STUCK

PAGE = (Path(__file__).parents[2] / "docs" / "operating.md").read_text(encoding="utf-8")
CONDITIONS = re.findall(r"^\| `(.*transfers_.*)` \| \d+ [mh] \|", PAGE, re.MULTILINE)
SAMPLE = re.compile(r"transfers_[a-z_]+")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_each_of_our_metrics_has_a_condition_and_each_condition_a_metric(api: Api) -> None:
    await api.client.get("/health/live")
    printed = (await api.client.get("/metrics")).text

    families = {
        family.name: {sample.name for sample in family.samples}
        for family in text_string_to_metric_families(printed)
        if family.name.startswith("transfers_") and not family.name.endswith("_created")
    }
    watched = {name for condition in CONDITIONS for name in SAMPLE.findall(condition)}
    assert len(CONDITIONS) == 9
    assert watched <= {name for names in families.values() for name in names}
    assert [name for name, samples in families.items() if not samples & watched] == []


def test_a_condition_asks_for_a_state_that_deliveries_have() -> None:
    asked = {state for condition in CONDITIONS for state in re.findall(r'state="(\w+)"', condition)}

    assert asked == {*OPEN, *STUCK} - {"leased"}
