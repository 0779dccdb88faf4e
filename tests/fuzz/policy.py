"""What the checks take for an answer, and which refusal of a valid request is no finding.

Every check of schemathesis is on. `legitimate` drops one kind of failure alone, that a request
which fits the schema was refused, and only for what no schema can say.
"""

from typing import Any

from schemathesis import Case, HookContext, Response
from schemathesis.core.failures import Failure
from schemathesis.openapi.checks import RejectedPositiveData

CHECKS: dict[str, Any] = {
    # An If-Match that can be no version of ours is refused as a stale one: 412.
    "negative_data_rejection": {
        "expected-statuses": [
            *("400", "401", "403", "404", "405", "409", "412", "413", "415", "422", "428"),
        ]
    },
    # Which ids there are and what stands in the way is not the schema's to say.
    "positive_data_acceptance": {"expected-statuses": ["2xx", "401", "403", "404", "409"]},
    # A missing If-Match is 428 (delivery.md).
    "missing_required_header": {"expected-statuses": ["400", "401", "403", "415", "422", "428"]},
}
BY_WHAT_STANDS = {(412, "stale-version"), (422, "rules-broken"), (422, "key-reused")}
"""The version is the store's, a rule the protocol's, a key's first use the caller's."""
BETWEEN_FIELDS = (
    "the cursor is none of ours",
    "from is after to",
    "opened_from is after opened_to",
    "changed_from is after changed_to",
    "completed_on is before started_on",
    "give a UPN or the reason why there is none, not both",
    "name each child once",
    "name each part once",
)
"""Refusals that depend on two fields, or on a page before."""
CHECK_DIGITS = (
    "an NHS number is not one digit ten times",
    "the NHS number's check digit does not fit",
    "the UPN's check letter does not fit",
)
"""A pattern says how such a number looks, and its format that a sum is behind it."""


def legitimate(
    _context: HookContext, failure: Failure, _case: Case[Any], response: Response
) -> bool:
    """False where a valid request was refused for what no schema can say."""
    if not isinstance(failure, RejectedPositiveData):
        return True
    problem = response.json()
    kind = problem["type"].removeprefix("/problems/")
    if (response.status_code, kind) in BY_WHAT_STANDS:
        return False
    said = [breach["says"] for breach in problem.get("breaches", ())] or [problem.get("detail", "")]
    return kind != "invalid" or not all(
        words.startswith(BETWEEN_FIELDS + CHECK_DIGITS) for words in said
    )
