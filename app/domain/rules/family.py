"""Rules about the family: their consent, and the team around them."""

from dataclasses import dataclass

from app.domain.rules.facts import NOT_RECORDED, Facts
from app.domain.rules.form import travelling
from app.domain.rules.wording import Wording, quoted, spelt


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """`consent`, `informed_consent`, `explicit_consent`: the family consented to that scope so."""

    scope: str
    informed: bool = False
    explicit: bool = False

    def says(self, words: Wording) -> str:
        """What is asked, in words."""
        quality = "informed " * self.informed + "explicit " * self.explicit
        return f"{quality}consent is recorded: {words.consent(self.scope)}"

    def missing(self, facts: Facts) -> str | None:
        """That no consent to it is recorded, or none of that quality."""
        given = [consent for consent in facts.transfer.consents if consent.scope == self.scope]
        good = (
            consent.informed >= self.informed and consent.explicit >= self.explicit
            for consent in given
        )
        if any(good):
            return None
        return "not informed, or not explicit" if given else NOT_RECORDED


@dataclass(frozen=True, slots=True)
class FormWithConsent:
    """`form_with_consent`: where a form of that kind travels, the family consented to it."""

    form: str
    scope: str

    def says(self, words: Wording) -> str:
        """What is asked, in words."""
        form = quoted(spelt(self.form))
        return f"{form}, where attached, has the consent: {words.consent(self.scope)}"

    def missing(self, facts: Facts) -> str | None:
        """That the form travels without their consent."""
        if not travelling(facts.transfer.form, self.form):
            return None
        return ConsentGiven(self.scope).missing(facts)


@dataclass(frozen=True, slots=True)
class TeamAroundNamed:
    """`team_around_the_family = "named"`: one professional at least is named."""

    def says(self, _: Wording) -> str:
        """What is asked, in words."""
        return "the team around the family has a member named"

    def missing(self, facts: Facts) -> str | None:
        """That nobody is named."""
        return None if facts.transfer.team_around else "nobody"
