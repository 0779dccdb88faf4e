"""Why the domain refuses.

TransferError
├── NotVisible            nothing there, as far as this actor may know
├── NotPermitted          visible, but not theirs to do
│   └── SeparationOfDuties    nobody authorises what they wrote, edited or submitted
├── IllegalTransition     the table has no such row from this stage
├── StaleReport           a case system speaks of a task that no longer counts
├── StaleVersion          someone else changed it first
├── ChildInTransfer       the child already has an open transfer, up or down
├── AgendaCirculated      the agenda of a meeting has gone round already
├── CalledOff             the meeting is called off already
└── RulesBroken           the protocol's rules do not hold: carries every breach
"""

from app.domain.breach import Breach
from app.domain.pathway import Action, Stage


class TransferError(Exception):
    """The root of all refusals."""


class NotVisible(TransferError):
    """There is no such thing for this actor."""


class NotPermitted(TransferError):
    """The actor sees it and may not do this."""


class SeparationOfDuties(NotPermitted):
    """The author, last editor or submitter of a form cannot authorise or return it."""


class IllegalTransition(TransferError):
    """The action does not lead anywhere from the stage."""

    def __init__(self, action: Action, stage: Stage) -> None:
        super().__init__(f"{action} is not possible in the stage {stage}")
        self.action = action
        self.stage = stage


class StaleReport(TransferError):
    """A case system reports on a task that was withdrawn, declined or replaced."""


class StaleVersion(TransferError):
    """The transfer has moved on since the version that the change was made against."""


class ChildInTransfer(TransferError):
    """One open transfer a child, whichever its direction."""


class AgendaCirculated(TransferError):
    """The agenda of a meeting has gone round already, and stands."""


class CalledOff(TransferError):
    """The meeting is called off already."""


class RulesBroken(TransferError):
    """Rules of the protocol do not hold; `breaches` has all of them, warnings included."""

    def __init__(self, breaches: tuple[Breach, ...]) -> None:
        super().__init__(", ".join(breach.code for breach in breaches))
        self.breaches = breaches
