"""The timeline of a case: its events as sentences, oldest first."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from config.cities import City
from config.texts import words
from rules.actors import Role
from workflow.encoding import shown_local
from workflow.reading.wording import in_words, use_of

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
        use = use_of(city, utility)
        key = AGAIN.get((name, source), name)
        text = (
            words.event(subject, key, {**in_words(city, data), "utility": use, "who": who})
            if data
            else _plain(subject, key, use, who)
        )
        told.append(
            {
                "subject": subject,
                "event": name,
                "text": text,
                "by": who,
                "utility": utility,
                "at": shown_local(happened),
                "entered_at": shown_local(entered),
            }
        )
    return told


@lru_cache(maxsize=4096)
def _plain(subject: str, key: str, use: str, who: str) -> str:
    """The sentence of an event that carries no data: most do, and say the same in every case."""
    return words.event(subject, key, {"utility": use, "who": who})


def _who(city: City, role: str) -> str:
    return city.window.name if role == Role.WINDOW_CLERK else words.role(role)
