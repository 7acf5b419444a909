"""The timeline of a case: its events as sentences, oldest first."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from config.cities import City
from config.texts import words
from rules.actors import Role
from workflow.wording import in_words

AGAIN = {("submit", "returned"): "submit_again"}
"""A row of the table whose sentence depends on where it came from."""


def timeline(
    city: City,
    events: Sequence[Sequence[Any]],
    utilities: Mapping[str, str],
    *,
    inside: bool,
) -> list[dict[str, Any]]:
    """Events in words. ``utilities``: request id → utility. ``inside``: also what is for staff.

    An event is ``subject, name, source, request, role, organisation, happened, entered, data``.
    """
    told = []
    for subject, name, source, request, role, organisation, happened, entered, data in events:
        if not inside and words.is_inside(subject, name):
            continue
        utility = utilities.get(request) if request else None
        who = organisation or _who(city, role)
        key = AGAIN.get((name, source), name)
        told.append(
            {
                "subject": subject,
                "event": name,
                "text": words.event(subject, key, partial(_said, city, data, utility, who)),
                "by": who,
                "utility": utility,
                "at": happened,
                "entered_at": entered,
            }
        )
    return told


def _said(city: City, data: Mapping[str, Any], utility: str | None, who: str) -> dict[str, str]:
    return {**in_words(city, data, utility), "who": who}


def _who(city: City, role: str) -> str:
    return city.window.name if role == Role.WINDOW_CLERK else words.role(role)
