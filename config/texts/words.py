"""Names of states, steps and roles, sentences of the timeline, and notices, by code."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, NamedTuple

from config.texts import render, table

Reader = Literal["applicant", "staff"]
"""Who reads a notice."""


class Words(NamedTuple):
    """A notice as it is read."""

    title: str
    text: str


class StepWords(NamedTuple):
    """A step's name, and what comes after it."""

    label: str
    next: str


@cache
def state(kind: str, code: str) -> str:
    """The name of a state: ``state("application", "surveying")``. KeyError for an unknown one."""
    return str(table("stages")[kind][code])


@cache
def subject(code: str) -> str:
    """What a notice is about where it is no application."""
    return str(table("stages")["subject"][code])


@cache
def message(code: str) -> str:
    """A message sent to a chat by itself, its ``{names}`` still to be filled."""
    return str(table("messages")["messages"][code])


@cache
def role(code: str) -> str:
    """The name of a role."""
    return str(table("roles")["roles"][code])


@cache
def topic(code: str) -> str:
    """The heading of a topic of the guide."""
    return str(table("topics")["topics"][code])


@cache
def step(code: str) -> StepWords:
    """The words of a step; one a city made up is named by its code."""
    found = table("steps").get(code)
    return StepWords(found["label"], found["next"]) if found else StepWords(code, "")


@cache
def result(code: str) -> str:
    """The outcome of a check: ``passed``, ``restored`` …; other words stay as they are."""
    return str(table("events")["results"].get(code, code))


def event(subject: str, name: str, data: Mapping[str, Any]) -> str:
    """One sentence of the timeline. KeyError for an event without one (a test forbids it)."""
    return render(table("events")[subject][name], data)


@cache
def is_inside(subject: str, name: str) -> bool:
    """Whether an event is kept from the applicant's timeline."""
    return f"{subject}.{name}" in table("events")["inside"]


@cache
def inside() -> str:
    """Every event kept from the applicant's timeline, as ``subject.name``, with blanks between."""
    return " ".join(table("events")["inside"])


def notice(subject: str, code: str, reader: Reader, data: Mapping[str, Any]) -> Words:
    """Title and text of a notice; a code without words for its reader says there is news."""
    words = table("notices")
    found = words.get(subject, {}).get(code, {}).get(reader) or words["other"][reader]
    return Words(render(found["title"], data), render(found["text"], data))


def notices(subject: str) -> Mapping[str, Mapping[str, Any]]:
    """Every notice about a subject: code → reader → words."""
    found: Mapping[str, Mapping[str, Any]] = table("notices").get(subject, {})
    return found
