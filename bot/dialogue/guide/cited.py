"""One sentence of an answer with the clause it rests on; what nobody states says so."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.understanding.types import Slots
from config.cities import UNSTATED, City, GuideText
from config.city.words import hours_words
from config.texts.chat import chat
from rules.calendar import WorkCalendar


@dataclass(frozen=True, slots=True)
class Cited:
    """A sentence. ``clause``: the policy's; ``ours``: decided where the policy is silent."""

    text: str
    clause: str | None = None
    ours: bool = False

    @property
    def shown(self) -> str:
        """The sentence followed by its source."""
        if self.clause:
            return chat("guide.by_clause", text=self.text, clause=self.clause)
        return chat("guide.by_city", text=self.text) if self.ours else self.text


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about a city: its normalised text, what it states, and the time it is asked."""

    city: City
    text: str
    slots: Slots
    now: datetime
    calendar: WorkCalendar | None = None


class Sourced(Protocol):
    """Anything of a city file that says where it comes from."""

    @property
    def clause(self) -> str | None: ...
    @property
    def ours(self) -> bool: ...


def cited(text: str, source: Sourced) -> Cited:
    """A sentence with the source of a value of the city file."""
    return Cited(text, source.clause, source.ours)


def of_guide(texts: Iterable[GuideText]) -> tuple[Cited, ...]:
    """The guide's own sentences."""
    return tuple(
        Cited(each.text) if each.text.startswith(UNSTATED) else cited(each.text, each)
        for each in texts
    )


def unstated(city: City, about: str = "") -> tuple[Cited, ...]:
    """方案未写明，请咨询专窗, and how to reach it."""
    said = chat("guide.unstated_about", about=about) if about else f"{UNSTATED}。"
    return (Cited(said), whom_to_ask(city))


def whom_to_ask(city: City) -> Cited:
    """The window with its hours, and the city's general hotline."""
    general = [h for h in city.hotlines if h.utility is None and not h.emergency]
    numbers = "、".join(f"{each.label}{each.number}" for each in general)
    code = "guide.ask_there_or" if numbers else "guide.ask_there"
    data = {"window": city.window.name, "place": city.window.place, "numbers": numbers}
    return Cited(chat(code, hours=hours_words(city.hours), **data))
