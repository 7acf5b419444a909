"""What the dialogue is told: a message of the person, or what came of an act it asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.understanding.types import Understood
from config.cities import City, CityBook
from rules.calendar import WorkCalendar
from rules.errors import Code, Fault


class Kind(StrEnum):
    """How something was said."""

    TEXT = "text"
    CHOICE = "choice"
    """A tapped line of a menu message, or a key of the custom menu; ``choice`` is its id."""
    LOCATION = "location"
    IMAGE = "image"
    VOICE = "voice"
    """Without recognition; a voice that carries it is heard as ``TEXT``."""
    OTHER = "other"
    """A video, a link, a file …: nothing we can use."""
    FOLLOWED = "followed"


@dataclass(frozen=True, slots=True)
class Place:
    """A location message, degrees GCJ-02, with the platform's label (an address, maybe empty)."""

    latitude: float
    longitude: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """One message. ``understood`` is there for TEXT (also where a choice came with its words)."""

    kind: Kind
    understood: Understood | None = None
    choice: str | None = None
    place: Place | None = None
    media_id: str | None = None

    @property
    def text(self) -> str:
        """The normalised text, empty where there is none."""
        return self.understood.text if self.understood else ""

    @property
    def typed(self) -> str:
        """The text as it was typed, empty where there is none."""
        return self.understood.typed if self.understood else ""


@dataclass(frozen=True, slots=True)
class Done:
    """An act was carried out; ``told`` is its answer as ``bot.dialogue.acts`` describes it."""

    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refused:
    """An act was refused; nothing of it remains."""

    code: Code
    faults: tuple[Fault, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)


Event = Heard | Done | Refused


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known before a turn: everything else is asked for by acts.

    ``calendar_of`` gives a city's working calendar; ``crew_cities`` are cities in which the person
    works in a field crew. ``linked``: whether the person is known from the mini-program, by
    unionid or phone, and not from this chat alone; ``checking``: the platform is just being asked.
    """

    now: datetime
    cities: CityBook
    calendars: Mapping[str, WorkCalendar]
    linked: bool = False
    checking: bool = False
    crew_cities: tuple[str, ...] = ()
    inspects: bool = False
    """Whether the person goes out to surveys for a department."""
    mini_program: str = ""
    """App id of the linked mini-program; empty: no links."""
    public_url: str = ""

    def city(self, code: str) -> City:
        """The city's policy in force now."""
        from zoneinfo import ZoneInfo

        return self.cities.on(code, self.now.astimezone(ZoneInfo("Asia/Shanghai")).date())
