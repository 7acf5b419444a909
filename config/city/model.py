"""A city: one frozen snapshot of everything that may differ between cities, on a day."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from config.city.fields import FieldKey, FieldSpec, Name, Text
from config.city.hours import Clock, Hours
from config.city.layout import FormSpec, SectionSpec
from config.city.parts import (
    Box,
    Closing,
    Coded,
    DeadlineRule,
    Department,
    Document,
    GuideText,
    Hotline,
    Lead,
    Numbering,
    Organisers,
    Part,
    Sanctions,
    Source,
    SurveyRules,
    Town,
    Utility,
    Window,
)
from config.city.permits import Permits

Step = Literal[
    "first_visit",
    "acceptance",
    "survey",
    "document_list",
    "plan",
    "permit_papers",
    "commitment",
    "joint_approval",
    "connection",
    "offer_lapse",
    "rating_close",
    "correction",
    "complaint",
]
"""Steps with a deadline."""

OPTIONAL_STEPS = frozenset({"permit_papers", "correction"})

Topic = Literal[
    "materials",
    "process",
    "time_limits",
    "fees",
    "eligibility",
    "commitment",
    "permits",
    "contacts",
]
"""What the guide answers."""

FormCode = Literal["A", "B", "C", "D"]


class City(Part):
    """One city's policy in force on a day; see ``docs`` in each part. Never changed, only replaced.

    Texts name the clause they come from; ``ours`` marks what the policy leaves open.
    """

    code: Name
    name: Text
    short_name: Text
    """How clauses are cited: 大冶."""
    province: Text
    policy: Text
    since: date
    """First day this snapshot is in force."""
    lead: Lead
    window: Window
    source: Source
    organisers: Organisers
    joint_home_visit: bool
    utilities: Annotated[Mapping[Name, Utility], Field(min_length=1)]
    departments: Annotated[Mapping[Name, Department], Field(min_length=1)]
    towns: Annotated[tuple[Town, ...], Field(min_length=1)]
    box: Box
    hours: Hours
    same_day_cutoff: Clock
    deadlines: Mapping[Step, DeadlineRule]
    permits: Permits
    opinions: Annotated[tuple[Name, ...], Field(min_length=1)]
    """Departments of form C, in printed order."""
    documents: tuple[Document, ...] = ()
    gaps_allowed: bool
    """Whether an application may be accepted with documents missing."""
    permit_gaps_allowed: bool
    """容缺受理 of permit papers."""
    auto_accept: bool
    """Whether a complete form is accepted without a clerk."""
    commitment_form: Literal["annual", "case"]
    commitment_by_builder: bool
    """Whether the builder a utility entrusts may promise in its place."""
    restoration_promise: bool
    restoration_clause: Text | None = None
    numbering: Numbering
    survey_rules: SurveyRules
    sanctions: Sanctions
    pause_reasons: Annotated[tuple[Coded, ...], Field(min_length=1)]
    decline_reasons: Annotated[tuple[Coded, ...], Field(min_length=1)]
    return_reasons: Annotated[tuple[Coded, ...], Field(min_length=1)]
    reject_reasons: Annotated[tuple[Coded, ...], Field(min_length=1)]
    objection_reasons: Annotated[tuple[Coded, ...], Field(min_length=1)]
    opinion_conditions: Annotated[tuple[Coded, ...], Field(min_length=1)]
    hotlines: tuple[Hotline, ...] = ()
    texts: Mapping[FormCode, Text]
    """Titles of the forms."""
    guide: Mapping[Topic, tuple[GuideText, ...]]
    """Answers by topic; once loaded, every topic is there and every figure filled in."""
    fields: Mapping[FieldKey, FieldSpec]
    sections: Mapping[Name, SectionSpec]
    forms: Mapping[FormCode, FormSpec]

    @cached_property
    def town_codes(self) -> frozenset[str]:
        """Codes of all towns."""
        return frozenset(town.code for town in self.towns)

    @cached_property
    def closing(self) -> Closing:
        """Working days after which a connected case closes unrated."""
        days = self.deadlines["rating_close"].limit.working_days
        return Closing(days=int(days) if days is not None else 0)

    def town(self, code: str) -> Town:
        """The town of a code; LookupError when the city has none such."""
        for town in self.towns:
            if town.code == code:
                return town
        raise LookupError(code)
