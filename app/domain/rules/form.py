"""Rules about the form: its fields, the forms that travel, statements and factors."""

from dataclasses import dataclass
from typing import ClassVar

from app.domain.ages import Age
from app.domain.form import AttachedForm, Form
from app.domain.rules.facts import NOTHING, Facts
from app.domain.rules.wording import Wording, either, quoted, spelt

FORM_FIELDS = {
    "date_of_transfer": lambda form: form.date_of_transfer,
    "comments": lambda form: form.comments,
    "recipient": lambda form: form.recipient,
    "primary_need": lambda form: form.primary_need,
    "meeting.held_on": lambda form: form.meeting.held_on,
    "meeting.chair": lambda form: form.meeting.chair,
    "meeting.decision": lambda form: form.meeting.decision,
    "meeting.notes": lambda form: form.meeting.notes,
}


@dataclass(frozen=True, slots=True)
class FieldGiven:
    """`field`: a field of the form is filled in."""

    field: str
    choices: ClassVar[tuple[str, ...]] = tuple(FORM_FIELDS)

    def says(self, _: Wording) -> str:
        """What is asked, in words."""
        return f"{quoted(spelt(self.field).replace('.', ', '))} is filled in"

    def missing(self, facts: Facts) -> str | None:
        """What stands in the field instead."""
        value = FORM_FIELDS[self.field](facts.transfer.form)
        return None if value is not None and str(value).strip() else NOTHING


@dataclass(frozen=True, slots=True)
class AnyFormAttached:
    """`form_attached`, `any_form_attached`: a form of one of these kinds travels."""

    forms: tuple[str, ...]

    def says(self, _: Wording) -> str:
        """What is asked, in words."""
        return f"{either(quoted(spelt(form)) for form in self.forms)} is attached"

    def missing(self, facts: Facts) -> str | None:
        """Nothing, where the form should be."""
        return None if any(travelling(facts.transfer.form, x) for x in self.forms) else NOTHING


@dataclass(frozen=True, slots=True)
class FormNamed:
    """`form_named`: a form of that kind travels, or is referred to."""

    form: str

    def says(self, _: Wording) -> str:
        """What is asked, in words."""
        return f"{quoted(spelt(self.form))} is attached or referred to"

    def missing(self, facts: Facts) -> str | None:
        """Nothing, where the form should be."""
        form = facts.transfer.form
        named = [x.form for x in form.forms] + [x.form for x in form.references]
        return None if self.form in named else NOTHING


@dataclass(frozen=True, slots=True)
class FormRefused:
    """`form_refused`: a form of that kind does not travel; a reference to it may."""

    form: str

    def says(self, _: Wording) -> str:
        """What is asked, in words."""
        return f"{quoted(spelt(self.form))} is not attached"

    def missing(self, facts: Facts) -> str | None:
        """The form that was attached."""
        return self.form if travelling(facts.transfer.form, self.form) else None


@dataclass(frozen=True, slots=True)
class FormNotOlderThan:
    """`form_not_older_than`: where a form of that kind travels, it was completed within `age`."""

    form: str
    age: Age

    def says(self, _: Wording) -> str:
        """What is asked, in words."""
        return f"{quoted(spelt(self.form))}, where attached, was completed within {self.age}"

    def missing(self, facts: Facts) -> str | None:
        """That it has no date, or an older one."""
        attached = travelling(facts.transfer.form, self.form)
        if any(form.completed_on is None for form in attached):
            return "a form without the day of its completion"
        oldest = self.age.since(facts.today)
        found = [form.completed_on for form in attached if form.completed_on]
        return None if all(day >= oldest for day in found) else f"older than {self.age}"


@dataclass(frozen=True, slots=True)
class StatementGiven:
    """`statement`: the form states it, in whatever words."""

    statement: str

    def says(self, words: Wording) -> str:
        """What is asked, in words."""
        return f"the form states {words.statement(self.statement)}"

    def missing(self, facts: Facts) -> str | None:
        """Nothing, where the statement should be."""
        said = facts.transfer.form.statements.get(self.statement, "")
        return None if said.strip() else NOTHING


@dataclass(frozen=True, slots=True)
class FactorNamed:
    """`factor`: the form names that circumstance; made for `when` and `unless`."""

    factor: str

    def says(self, words: Wording) -> str:
        """What is asked, in words."""
        return f"the form names the factor {words.factor(self.factor)}"

    def missing(self, facts: Facts) -> str | None:
        """That the form does not name it."""
        return None if self.factor in facts.transfer.form.factors else "not named"


@dataclass(frozen=True, slots=True)
class LeadProfessionalIdentified:
    """`lead_professional = "identified"`: the form names who will lead after the transfer."""

    def says(self, _: Wording) -> str:
        """What is asked, in words."""
        return "the next lead professional is identified"

    def missing(self, facts: Facts) -> str | None:
        """That nobody is named."""
        return None if facts.transfer.form.next_lead_professional else "nobody"


def travelling(form: Form, kind: str) -> tuple[AttachedForm, ...]:
    """The attached forms of that kind."""
    return tuple(attached for attached in form.forms if attached.form == kind)
