"""One message talked through: what was heard, what the dialogue makes of it, act by act."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.dialogue.acts import Act
from bot.dialogue.heard import Done, Event, Facts, Heard, Kind, Place, Refused
from bot.dialogue.replies import Reply
from bot.dialogue.turn import State, pending_of, step
from bot.remembering import Understands
from config.cities import CityBook
from rules.actors import Role
from rules.calendar import WorkCalendar
from wechat.messages import Pushed
from workflow.chat.turns import Talk
from workflow.encoding import SHANGHAI
from workflow.ports import Calendars, Services

MOST_ACTS = 8
"""A dialogue that asks for more acts in one turn goes in circles."""

CHECKED_WITHIN = timedelta(seconds=30)
"""So long after somebody's first message the platform may still be telling who that is."""

Carry = Callable[[Act], Awaitable[Done | Refused]]


class _Calendars(Mapping[str, WorkCalendar]):
    """Each city's working calendar, made when it is asked for."""

    def __init__(self, cities: CityBook, calendars: Calendars, now: datetime) -> None:
        self._cities = cities
        self._calendars = calendars
        self._now = now

    def __getitem__(self, code: str) -> WorkCalendar:
        if code not in self._cities.codes():
            raise KeyError(code)
        return self._calendars.of(self._cities.on(code, self._now.astimezone(SHANGHAI).date()))

    def __iter__(self) -> Iterator[str]:
        return iter(self._cities.codes())

    def __len__(self) -> int:
        return len(self._cities.codes())


def facts_of(services: Services, talk: Talk | None, now: datetime, mini_program: str) -> Facts:
    """What the dialogue may know without asking."""
    crew: tuple[str, ...] = ()
    inspects = False
    if talk is not None and talk.memberships:
        crew = tuple(
            dict.fromkeys(each.city for each in talk.memberships if each.role is Role.CREW)
        )
        inspects = any(each.role is Role.APPROVER for each in talk.memberships)
    return Facts(
        now=now,
        cities=services.cities,
        calendars=_Calendars(services.cities, services.calendars, now),
        linked=talk is not None and talk.linked,
        checking=talk is not None and not talk.linked and _checking(talk, now),
        crew_cities=crew,
        inspects=inspects,
        mini_program=mini_program,
        public_url=services.public_url,
    )


def _checking(talk: Talk, now: datetime) -> bool:
    """Whether the platform is just being asked who this is in the mini-program."""
    since = talk.asked_since
    return talk.state is None or (since is not None and now - since < CHECKED_WITHIN)


def hear(pushed: Pushed, mind: Understands, state: State, facts: Facts) -> Heard:
    """A message of the platform as the dialogue hears it."""
    if pushed.type == "event":
        return _heard_event(pushed)
    text = pushed.text if pushed.type == "text" else pushed.recognition
    if text:
        understood = mind.understand(text, city=state.city, pending=pending_of(state, facts))
        if pushed.choice:
            return Heard(Kind.CHOICE, understood, choice=pushed.choice)
        return Heard(Kind.TEXT, understood)
    if pushed.type == "location" and pushed.latitude is not None and pushed.longitude is not None:
        place = Place(pushed.latitude, pushed.longitude, pushed.label)
        return Heard(Kind.LOCATION, place=place)
    if pushed.type == "image":
        return Heard(Kind.IMAGE, media_id=pushed.media_id)
    return Heard(Kind.VOICE if pushed.type == "voice" else Kind.OTHER)


def _heard_event(pushed: Pushed) -> Heard:
    if pushed.event == "subscribe":
        return Heard(Kind.FOLLOWED, choice=pushed.event_key or None)
    if pushed.event == "scan":
        return Heard(Kind.FOLLOWED, choice=f"qrscene_{pushed.event_key}")
    return Heard(Kind.CHOICE, choice=pushed.event_key)


@dataclass(frozen=True, slots=True)
class Said:
    """What a turn came to."""

    state: State
    replies: tuple[Reply, ...]


async def talk_through(state: State, heard: Heard, facts: Facts, carry: Carry) -> Said:
    """Step by step until no act is left. What ``carry`` raises goes on to the caller."""
    event: Event = heard
    replies: list[Reply] = []
    for _ in range(MOST_ACTS):
        now = step(state, event, facts)
        state = now.state
        replies += now.replies
        if now.act is None:
            return Said(state, tuple(replies))
        event = await carry(now.act)
    raise RuntimeError("the dialogue asks for one act after another")
