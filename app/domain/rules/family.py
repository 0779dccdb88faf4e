"""Rules about the family: their consent, and the team around them."""

from dataclasses import dataclass

from app.domain.consent import standing
from app.domain.rules.facts import NOT_RECORDED, Facts
from app.domain.rules.form import travelling
from app.domain.rules.wording import Wording, quoted, spelt
from app.domain.sharing_basis import has_basis


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """`consent`, `informed_consent`, `explicit_consent`: the family consents to that scope so.

    Only a consent that stands today counts (hazard 11); no other basis for sharing is consent.
    """

    scope: str
    informed: bool = False
    explicit: bool = False

    def says(self, words: Wording) -> str:
        """What is asked, in words."""
        quality = "informed " * self.informed + "explicit " * self.explicit
        return f"{quality}consent is recorded: {words.consent(self.scope)}"

    def missing(self, facts: Facts) -> str | None:
        """That no consent to it stands, or none of that quality."""
        consents = facts.transfer.consents
        given = standing(consents, self.scope, facts.today)
        good = (
            consent.informed >= self.informed and consent.explicit >= self.explicit
            for consent in given
        )
        if any(good):
            return None
        if given:
            return "not informed, or not explicit"
        ever = any(consent.scope == self.scope for consent in consents)
        return "withdrawn or expired" if ever else NOT_RECORDED


@dataclass(frozen=True, slots=True)
class FormWithConsent:
    """`form_with_consent`: where a form of that kind travels, the family consents to it.

    A basis for sharing what belongs to the scope stands in for that consent (hazard 12).
    """

    form: str
    scope: str
    informed: bool = False

    def says(self, words: Wording) -> str:
        """What is asked, in words."""
        form, quality = quoted(spelt(self.form)), "informed " * self.informed
        return (
            f"{form}, where attached, has the {quality}consent, or another basis for sharing: "
            f"{words.consent(self.scope)}"
        )

    def missing(self, facts: Facts) -> str | None:
        """That the form travels without their consent, and without another basis."""
        if not travelling(facts.transfer.form, self.form):
            return None
        if has_basis(facts.transfer.sharing_bases, self.scope, facts.today):
            return None
        return ConsentGiven(self.scope, self.informed).missing(facts)


@dataclass(frozen=True, slots=True)
class TeamAroundNamed:
    """`team_around_the_family = "named"`: one professional at least is named."""

    def says(self, _: Wording) -> str:
        """What is asked, in words."""
        return "the team around the family has a member named"

    def missing(self, facts: Facts) -> str | None:
        """That nobody is named."""
        return None if facts.transfer.team_around else "nobody"
