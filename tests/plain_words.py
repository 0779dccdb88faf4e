"""What people read of a refusal or an alert is in plain words, whichever test brings it about.

Every breach, alert, refusal, milestone and line of the audit that is made while tests run is looked
at: codes are codes, sentences are sentences, and nothing is left out.
"""

import os
import re
from collections.abc import Callable
from functools import wraps

from app.domain.audit_walk import Fault
from app.domain.breach import Breach, Severity
from app.domain.census import CensusBreach
from app.domain.decision import Alert, Event
from app.domain.errors import NotVisible, RulesBroken, TransferError
from app.domain.pathway import Action
from app.domain.rights import Act
from app.domain.transfer import Milestone

CODE = re.compile(r"([A-Z]{1,4}-)?[A-Z]?[a-z0-9_-]+|\d+Q?")
CLAUSES = re.compile(r"protocol|docs/\S+\.md|TRANSFERS_[A-Z_]+|[A-Z][A-Za-z]* \S.*")
OF_THE_PROCESS = frozenset(
    """
    break-glass-needless close-too-many closing closing-activities closing-comment closing-day
    closing-reason closing-start consent-day consent-expiry consent-scope decline-reason
    delegation-days delegation-ended delegation-role delegation-to disagreement-kind factor
    feedback-child feedback-day meeting-action meeting-called-off meeting-case meeting-decided
    meeting-series milestone milestone-stage not-taken-reason origin-active origin-system pathway
    reassign-to reassign-too-many restriction restriction-last-manager restriction-people
    restriction-person restriction-reassign restriction-system review route statement
    step-in-members step-in-time step-out step-out-time successor team-active
    """.split()  # noqa: SIM905 - fifty lines say no more
)
"""What may be asked without a clause: no procedure speaks of it. Everything else cites one."""
ACTS = frozenset([*Act, *Action])
"""With which a refusal may begin, that names what was tried."""
FIRST = 1
"""The version of a new transfer, which comes from no stage."""
MADE_UP = 4
"""Shorter ones are a case system's name, or a test's own."""
SHOUTED = re.compile(r"XX|\b[A-Z']{2,} [A-Z']+ [A-Z']{2,}\b")
NAME = re.compile(r"[a-z]+(_[a-z0-9]+)*(:\S+)?")


def is_sentence(text: object) -> bool:
    """Whether it is neither shouted nor without a capital, as what a sentence begins with."""
    if not isinstance(text, str) or not text or SHOUTED.search(text) or text.endswith("."):
        return False
    return len(text) < MADE_UP or text not in (text.upper(), text.lower())


DOMAIN = "tests/domain/"
"""Whose tests look: those of other rooms make up alerts and events as they need them."""


def is_found(text: object) -> bool:
    """Whether it says in passing what stood there: a few words, an amount, a day, a code."""
    if not isinstance(text, str) or not text or SHOUTED.search(text):
        return False
    return len(text) < MADE_UP or text != text.upper() or text == text.lower()


def _breach(made: Breach) -> None:
    assert CODE.fullmatch(made.code), made
    assert is_sentence(made.says), made
    assert CLAUSES.fullmatch(made.source), made
    assert not SHOUTED.search(made.source), made
    assert made.source != "protocol" or made.code in OF_THE_PROCESS, made
    assert is_found(made.found), made
    assert isinstance(made.severity, Severity), made


def _alert(made: Alert) -> None:
    assert NAME.fullmatch(made.kind), made
    assert f"{made.kind}:" in made.key, made
    assert is_sentence(made.says), made
    assert made.team, made


def _event(made: Event) -> None:
    assert NAME.fullmatch(made.action), made
    assert made.actor, made
    assert made.at.tzinfo, made
    assert made.from_stage or not made.to_stage or made.version == FIRST, made
    assert all(isinstance(code, str) and not code.startswith("XX") for code in made.codes), made


def _milestone(made: Milestone) -> None:
    assert NAME.fullmatch(made.name), made
    assert made.at.tzinfo, made
    assert made.recorded_at.tzinfo, made
    assert made.by, made


def _fault(made: Fault) -> None:
    assert is_found(made.says), made
    assert made.sequence >= FIRST, made


def _of_the_census(made: CensusBreach) -> None:
    assert made.rule.isalnum(), made
    assert is_sentence(made.says), made


def _refusal(made: TransferError) -> None:
    said = made.args[0]
    if isinstance(made, RulesBroken):
        assert not SHOUTED.search(said), made
        return  # whose breaches are looked at one by one
    if isinstance(made, NotVisible):
        assert isinstance(said, str), made  # what was not seen, by its id
        return
    assert isinstance(said, str), made
    assert not SHOUTED.search(said), made
    first = said.split(" ")[0]
    assert first[:1] == first[:1].upper() or first == said or first in ACTS, made
    assert said != said.upper() or said == said.lower() or " " not in said, made


def _looked_at(look: Callable[..., None], kind: type) -> None:
    made = vars(kind).get("__init__", Exception.__init__)

    @wraps(made)
    def looked_at(self: object, *args: object, **kwargs: object) -> None:
        made(self, *args, **kwargs)
        of_domain = DOMAIN in os.environ.get("PYTEST_CURRENT_TEST", "")
        if of_domain and (type(self) is kind or kind is TransferError):
            look(self)

    setattr(kind, "__init__", looked_at)  # noqa: B010 - mypy takes no assignment


def look_at_words() -> None:
    """From here on, look at everything of that kind when it is made."""
    _looked_at(_breach, Breach)
    _looked_at(_alert, Alert)
    _looked_at(_event, Event)
    _looked_at(_milestone, Milestone)
    _looked_at(_fault, Fault)
    _looked_at(_of_the_census, CensusBreach)
    _looked_at(_refusal, TransferError)
