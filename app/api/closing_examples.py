"""Request examples of closing at source. Tests replay them as the others."""

from typing import Any

EPISODE: dict[str, Any] = {"closed_on": "2026-11-20"}
REFERRAL: dict[str, Any] = {
    "closed_on": "2026-11-20",
    "reason": "RC7",
    "activities": {
        "assessments": [{"started_on": "2026-09-07", "completed_on": "2026-10-16"}],
        "child_in_need_plan_on": "2026-10-16",
        "latest_on": "2026-11-13",
    },
}
CLOSED = {
    "episode": {"summary": "An early help episode, which a step up ends", "value": EPISODE},
    "referral": {"summary": "A referral, after a child in need plan", "value": REFERRAL},
}
