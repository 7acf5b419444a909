"""A city's policy as data: ``cities/*.toml`` → typed, frozen values, by day.

``fields.toml`` and ``forms.toml`` are shared by all cities; every other file is one city. A file
is a base with ``since`` and any number of ``[[changes]]``, each with its own ``since``, laid over
it in order (tables merged, other values replaced; ``remove = [["a", "b"]]`` takes a key away).
Every resulting snapshot is validated as a whole. A city may add fields, sections and utilities of
its own, so a further city is a new file and no code.
"""

from pathlib import Path

from config.city.fields import ColumnSpec, FieldSpec, FieldType
from config.city.hours import Hours, Limit, Season
from config.city.layout import CellSpec, FormSpec, SectionSpec
from config.city.load import CityBook, CityProblems, Problem, check_cities
from config.city.model import City, FormCode, Step, Topic
from config.city.parts import (
    Box,
    Coded,
    DeadlineRule,
    Department,
    Document,
    GuideText,
    Hotline,
    Kind,
    Numbering,
    Organiser,
    Sanctions,
    SanctionStep,
    SurveyRules,
    Town,
    Utility,
)
from config.city.permits import CommitmentRule, PermitKind, Permits, RoadClass, Trigger
from config.city.words import UNSTATED, fill, limit_words, plain

CITIES = Path(__file__).parent / "cities"
"""The folder of the cities that come with the product."""

__all__ = [
    "CITIES",
    "UNSTATED",
    "Box",
    "CellSpec",
    "City",
    "CityBook",
    "CityProblems",
    "Coded",
    "ColumnSpec",
    "CommitmentRule",
    "DeadlineRule",
    "Department",
    "Document",
    "FieldSpec",
    "FieldType",
    "FormCode",
    "FormSpec",
    "GuideText",
    "Hotline",
    "Hours",
    "Kind",
    "Limit",
    "Numbering",
    "Organiser",
    "PermitKind",
    "Permits",
    "Problem",
    "RoadClass",
    "SanctionStep",
    "Sanctions",
    "Season",
    "SectionSpec",
    "Step",
    "SurveyRules",
    "Topic",
    "Town",
    "Trigger",
    "Utility",
    "check_cities",
    "fill",
    "limit_words",
    "plain",
]
