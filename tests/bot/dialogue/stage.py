"""The stage a conversation is played on: one person, a world, turn by turn."""

import json
import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, get_args

from bot.dialogue import acts
from bot.dialogue.heard import Event, Facts, Heard, Kind
from bot.dialogue.lengths import BYTES, CHARACTERS
from bot.dialogue.replies import Choice, HandOver, Reply, Say
from bot.dialogue.turn import State, pending_of, step
from bot.understanding.normalise import tidy
from bot.understanding.types import Amount, Guess, Intent, Slots, Understood
from bot.understanding.understander import Understander
from config.cities import CityBook, FieldType
from config.cities import Step as Step_
from rules.actors import Role
from rules.calendar import SHANGHAI, WorkCalendar
from rules.states import RequestState
from rules.states import Stage as Stage_
from tests.bot.dialogue.world import Case, World

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=SHANGHAI)
"""A Friday morning."""
MOST_ACTS = 8
_UNFILLED = re.compile(r"\{[a-z_]+\}")
_LATIN = re.compile("(?<![A-Za-z0-9_])[a-z_]{3,}(?![A-Za-z0-9_])")
_NAMES = {
    "d": "datetime", "p": "phone", "c": "credit_code", "co": "company", "pe": "person",
    "ad": "address", "no": "application_no", "k": "kind",
}  # fmt: skip


def facts_of(book: CityBook, now: datetime = NOW, **more: Any) -> Facts:
    """Facts about some cities at a time."""
    calendars = {}
    for code in book.codes():
        city = book.on(code, now.date())
        calendars[code] = WorkCalendar(city.hours, city.same_day_cutoff)
    return Facts(now=now, cities=book, calendars=calendars, mini_program="wx-test", **more)


@cache
def codes_of(book: CityBook) -> frozenset[str]:
    """Codes that nobody is ever to read."""
    found = {*Intent, *Stage_, *RequestState, *Role, *FieldType, *get_args(Step_), "steam", "field"}
    for code in book.codes():
        city = book.on(code, NOW.date())
        found |= {*city.utilities, *city.departments, *city.town_codes, *city.permits.kinds, code}
        found |= {kind for each in city.utilities.values() for kind in each.kinds}
        found |= {part for key in city.fields for part in re.findall("[a-z_]+", key)}
    return frozenset(map(str, found))


def understood(text: str, meant: str | None) -> Understood:
    """An utterance as the transcript says it is understood."""
    name, _, rest = (meant or "").strip().partition(" ")
    name, _, sure = name.partition("/")
    intent = Intent(name) if name else Intent.OUT_OF_SCOPE
    confidence = float(sure) if sure else (0.95 if name else 0.5)
    return Understood(tidy(text), intent, confidence, slots_of(rest), (Guess(Intent.APPLY, 0.2),))


def slots_of(compact: str) -> Slots:
    """Slots in the compact way."""
    values: dict[str, Any] = {}
    for part in filter(None, compact.split("|")):
        name, _, value = part.strip().partition(":")
        if name == "u":
            values["utilities"] = tuple(value.split(","))
        elif name == "a":
            values["amount"] = tuple(_amount(each) for each in value.split(";"))
        else:
            values[_NAMES[name]] = value
    return Slots(**values)


def _amount(text: str) -> Amount:
    utility, value, unit = text.split()
    return Amount(utility, Decimal(value), unit)


@dataclass
class Stage:
    """One person's talk in a world, turn by turn. ``mind``: texts are understood for real."""

    world: World
    facts: Facts
    mind: Understander | None = None
    state: State = field(default_factory=State)
    replies: tuple[Reply, ...] = ()
    acted: list[acts.Act] = field(default_factory=list)
    said: str = ""
    """What was typed last: it may be said back."""

    @classmethod
    def of(cls, book: CityBook, now: datetime = NOW, **more: Any) -> "Stage":
        """A stage with an empty world."""
        facts = facts_of(book, now)
        return cls(World(book, facts.calendars, now), facts, **more)

    def hear(self, heard: Heard) -> None:
        """One turn: every act is carried out, the state goes through its dump and back."""
        before = {case.id: dict(case.values) for case in self.world.cases}
        self.said = heard.text or self.said
        event: Event = heard
        replies: list[Reply] = []
        self.acted = []
        for _ in range(MOST_ACTS):
            made = step(self.state, event, self.facts)
            self.state = made.state
            replies += made.replies
            if made.act is None:
                break
            self.acted.append(made.act)
            event = self.world.carry_out(made.act)
        else:
            raise AssertionError(f"acts without end: {self.acted}")
        self.replies = tuple(replies)
        self._hold(before)

    def _hold(self, before: dict[Any, dict[str, Any]]) -> None:
        """What holds after every turn."""
        assert self.replies, "nothing was said"
        for reply in self.replies:
            assert isinstance(reply, Say | HandOver)
            assert isinstance(reply, HandOver) or reply.text.strip()
            shown = [reply.text]
            if isinstance(reply, Say):
                shown += [choice.label for choice in reply.choices]
                assert len(reply.choices) <= 10
            whole = "\n".join(shown)
            assert len(whole) <= CHARACTERS, whole
            assert len(whole.encode()) <= BYTES, whole
            assert not _UNFILLED.search(whole), whole
            codes = set(_LATIN.findall(whole.replace(self.said, ""))) & codes_of(self.facts.cities)
            assert not codes, (codes, whole)
        changed = [c for c in self.world.cases if before.get(c.id, {}) != c.values]
        saving = acts.SaveFields | acts.OpenDraft | acts.Submit | acts.Register
        assert not changed or any(isinstance(act, saving) for act in self.acted)
        assert self.state.after is None
        dumped = json.loads(json.dumps(self.state.dump()))
        assert len(json.dumps(dumped, ensure_ascii=False)) < 8000
        assert State.load(dumped) == self.state
        self.state = State.load(dumped)

    def say(self, text: str, meant: str | None = None) -> None:
        """The person types."""
        if self.mind is not None and meant is None:
            pending = pending_of(self.state, self.facts)
            said = self.mind.understand(text, city=self.state.city, pending=pending)
        else:
            said = understood(text, meant)
        self.hear(Heard(Kind.TEXT, said))

    def tap(self, label: str) -> None:
        """The person taps a line: one said last, else one that was asked earlier."""
        self.hear(Heard(Kind.CHOICE, choice=self.choice(label).id))

    def choice(self, label: str) -> Choice:
        """A line that can be tapped, by part of its label."""
        lines = [c for reply in self.replies if isinstance(reply, Say) for c in reply.choices]
        found = [c for c in lines if label == c.label.partition(". ")[2] or label == c.label]
        found = found or [c for c in lines if label in c.label]
        assert found, f"{label!r} is not among {[c.label for c in lines]}"
        return found[0]

    def later(self, **ahead: float) -> None:
        """Time passes."""
        now = self.facts.now + timedelta(**ahead)
        self.facts = replace(self.facts, now=now)
        self.world.now = now

    @property
    def text(self) -> str:
        """All that was said in the last turn."""
        return "\n".join(reply.text for reply in self.replies)

    @property
    def case(self) -> Case | None:
        """The case worked on last."""
        sheet = self.state.sheet
        if sheet is not None and sheet.case is not None:
            return self.world.case(sheet.case)
        return self.world.cases[-1] if self.world.cases else None

    @property
    def values(self) -> dict[str, Any]:
        """The form's values, wherever they are kept."""
        sheet = self.state.sheet
        if sheet is not None and sheet.form == "A":
            return dict(sheet.values)
        return self.case.values if self.case else {}
