"""When a rule or a clock of a protocol counts at all."""

from dataclasses import dataclass

from app.domain.rules.facts import Facts, Need


@dataclass(frozen=True, slots=True)
class Condition:
    """An empty `routes` means every route; `when` must be met, and `unless` must not be."""

    routes: tuple[str, ...] = ()
    when: Need | None = None
    unless: Need | None = None

    def holds(self, facts: Facts) -> bool:
        """Whether it counts for these facts."""
        if self.routes and facts.transfer.route not in self.routes:
            return False
        if self.when is not None and self.when.missing(facts) is not None:
            return False
        return self.unless is None or self.unless.missing(facts) is not None


ALWAYS = Condition()
