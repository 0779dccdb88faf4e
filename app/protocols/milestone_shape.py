"""A milestone that people record, in a protocol file."""

from typing import Annotated

from pydantic import Field

from app.domain.milestone_kind import RECORDERS, Side
from app.domain.people import Role
from app.protocols.needs_shape import NeedsShape
from app.protocols.shape import Cited, Code, Coded, MilestoneNames, YesOrNo


class MilestoneShape(Cited):
    """Who may record it, after what, and what must be said of it."""

    by: Side
    roles: Annotated[tuple[Role, ...], Field(min_length=1)] = RECORDERS
    after: MilestoneNames | None = None
    outcomes: Coded = Field(default_factory=dict)
    about_recipient: YesOrNo = False
    names_receiving_manager: YesOrNo = False
    not_by_author: YesOrNo = False
    gives_time: YesOrNo = False
    passes_to_kind: Code | None = None
    voided_by_edit: YesOrNo = False
    needs: NeedsShape | None = None
