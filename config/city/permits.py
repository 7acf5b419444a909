"""What an external line needs, and when a written promise is enough, per city."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from config.city.fields import Name, Text
from config.city.parts import Part

Measure = Annotated[Decimal, Field(ge=0, le=100_000)]


class Trigger(StrEnum):
    """A finding of the survey that makes a permit necessary (domain §6)."""

    ROAD = "road"
    TRAFFIC = "traffic"
    GREEN = "green"
    PLANNING_CHANGE = "planning_change"
    NEW_CORRIDOR = "new_corridor"
    MAJOR_CROSSING = "major_crossing"
    NEW_BUILDING = "new_building"
    EXTERNAL_LINE = "external_line"
    ANY = "any"
    """Always when any other permit is needed."""


class RoadClass(StrEnum):
    """道路等级."""

    EXPRESSWAY = "expressway"
    ARTERIAL = "arterial"
    SECONDARY = "secondary"
    BRANCH = "branch"
    HIGHWAY = "highway"


class PermitKind(Part):
    """One permit: what triggers it, who decides; roads may have their own department by class."""

    code: Name
    label: Text
    triggers: Annotated[tuple[Trigger, ...], Field(min_length=1)]
    department: Name
    by_road_class: Mapping[RoadClass, Name] = {}


class CommitmentRule(Part):
    """告知承诺: every condition that is set must hold; sums are per utility and case.

    Lengths in metres, areas in m². ``line_below`` is strict (小于), the others allow the bound.
    """

    clause: Text
    line_below: Measure | None = None
    line_at_most: Measure | None = None
    crossing_at_most: Measure | None = None
    green_at_most: Measure | None = None
    excluded_roads: frozenset[RoadClass] = frozenset()
    years_after_opening: Annotated[int, Field(ge=1, le=50)] | None = None
    years_after_overhaul: Annotated[int, Field(ge=1, le=50)] | None = None
    only_for: Annotated[tuple[Trigger, ...], Field(min_length=1)]
    """At least one of these must be among the findings."""

    @model_validator(mode="after")
    def _one_line_bound(self) -> Self:
        if (self.line_below is None) == (self.line_at_most is None):
            raise ValueError("set exactly one of line_below and line_at_most")
        return self


class JointRule(Part):
    """联合审批: ``triggers`` lead there whatever the lengths."""

    clause: Text
    triggers: tuple[Trigger, ...] = ()


class Permits(Part):
    """Permits of a city, its commitment and its joint approval."""

    kinds: Annotated[Mapping[Name, PermitKind], Field(min_length=1)]
    commitment: CommitmentRule
    joint: JointRule
    clause: Text
