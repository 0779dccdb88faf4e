"""docs/webhooks.md, held against the code."""

import re
from pathlib import Path

from api.contract import document

from app.domain.event_types import PREFIX, EventType

PAGE = (Path(__file__).parents[1] / "docs" / "webhooks.md").read_text(encoding="utf-8")


def test_the_page_lists_every_event_once_and_no_others() -> None:
    listed = re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \|", PAGE, re.MULTILINE)

    assert listed == [kind.value for kind in EventType]
    assert f"`{PREFIX}`" in PAGE


def test_the_page_names_every_act_on_a_subscription() -> None:
    paths = [name for name in document()["paths"] if name.startswith("/v1/subscriptions")]
    acts = [path.rpartition("}")[2] or path.removesuffix("/{subscription_id}") for path in paths]

    assert len(acts) == 6
    assert [act for act in acts if act not in PAGE] == []
