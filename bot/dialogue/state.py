"""What is remembered of a talk between two messages: small, frozen, JSON in and out.

It may hold what the person typed (form A until it is registered, an answer that waits for a yes):
whoever keeps it, keeps it sealed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, TypeAdapter, ValidationError

from bot.dialogue.replies import Choice, Reply
from bot.understanding.types import Understood

SHAPE = 1
"""Raised when what questions keep changes: a question of another shape is not asked again."""
TRAIL = 40
"""Answers one can step back over."""
CUT_SHORT = "cut_short"
"""In a question's data: danger or a fault was told after it (``bot.dialogue.interrupted``)."""


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked last and waits for an answer: by which topic, under which of its names.

    Choices carry ids ``<serial>.<key>``: a tap on an older question's choice is told apart.
    ``numbered``: a bare number picks a choice; where a number is itself an answer it is False.
    """

    topic: str
    name: str
    text: str
    choices: tuple[Choice, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    numbered: bool = True
    serial: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """The form being filled in: B lives in its draft ``case``, A in ``values`` until registered.

    ``version``: the draft as last seen, the base of what is saved next. ``skipped``: asked and
    passed over; ``trail``: answered or passed over here, oldest first; ``kind``: a 业务类型
    named before the utilities were; ``todo``: asked for next, because it was returned for them;
    ``at``: when the person was last heard.
    """

    form: Literal["A", "B"]
    city: str
    case: UUID | None = None
    version: int = 0
    values: Mapping[str, Any] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()
    trail: tuple[str, ...] = ()
    kind: str | None = None
    todo: tuple[str, ...] = ()
    returned: bool = False
    paused: bool = False
    at: datetime | None = None

    def passing(self, key: str) -> "Sheet":
        """With a question passed over."""
        skipped = (*(k for k in self.skipped if k != key), key)
        trail = (*(k for k in self.trail if k != key), key)[-TRAIL:]
        todo = tuple(k for k in self.todo if k != key)
        return replace(self, skipped=skipped, trail=trail, todo=todo)

    def answered(self, *keys: str) -> "Sheet":
        """With questions answered just now."""
        earlier = tuple(k for k in self.trail if k not in keys)
        left = tuple(k for k in self.skipped if k not in keys)
        todo = tuple(k for k in self.todo if k not in keys)
        return replace(self, trail=(*earlier, *keys)[-TRAIL:], skipped=left, todo=todo)


@dataclass(frozen=True, slots=True)
class After:
    """Who goes on when an act is done, and what is to be said with what comes of it: within one
    turn only, never kept.
    """

    topic: str
    name: str
    data: Mapping[str, Any] = field(default_factory=dict)
    replies: tuple[Reply, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """Where a talk stands. ``held``: a question set aside while another matter is settled;
    ``memo``: notes of topics, by topic, JSON.
    """

    city: str | None = None
    sheet: Sheet | None = None
    asked: Question | None = None
    held: Question | None = None
    misses: int = 0
    serial: int = 0
    memo: Mapping[str, Any] = field(default_factory=dict)
    after: Annotated[After | None, Field(exclude=True)] = None

    def dump(self) -> dict[str, Any]:
        """As JSON, without what goes without saying."""
        dumped: dict[str, Any] = _STATE.dump_python(self, mode="json", exclude_defaults=True)
        return {**dumped, "shape": SHAPE} if dumped else {}

    @staticmethod
    def load(dumped: object) -> "State":
        """From a dump, of an older version too: its questions are not asked again. One that cannot
        be read is a fresh state; the city and the draft it names are kept.
        """
        try:
            return _STATE.validate_python(_known(dumped))
        except ValidationError:
            return _salvaged(dumped if isinstance(dumped, Mapping) else {})


def dump_said(said: Understood) -> dict[str, Any]:
    """An utterance to come back to later, as JSON; without its alternatives."""
    dumped: dict[str, Any] = _SAID.dump_python(
        replace(said, alternatives=()), mode="json", exclude_defaults=True
    )
    return dumped


def load_said(dumped: Any) -> Understood | None:
    """Back again; None when it cannot be read."""
    try:
        return _SAID.validate_python(dumped)
    except ValidationError:
        return None


def _known(dumped: object) -> object:
    if not isinstance(dumped, Mapping):
        return {}
    lost = {"after", "shape"} if dumped.get("shape") == SHAPE else {"after", "shape", *_QUESTIONS}
    return {key: value for key, value in dumped.items() if key not in lost}


def _salvaged(dumped: Mapping[Any, Any]) -> State:
    city = dumped.get("city")
    sheet = dumped.get("sheet")
    state = State(city=city if isinstance(city, str) else None)
    if not isinstance(sheet, Mapping) or sheet.get("case") is None:
        return state
    try:
        kept = _SHEET.validate_python({k: sheet.get(k) for k in ("form", "city", "case")})
    except ValidationError:
        return state
    return replace(state, sheet=replace(kept, paused=True))


_QUESTIONS = ("asked", "held", "memo")
_STATE = TypeAdapter(State)
_SHEET = TypeAdapter(Sheet)
_SAID = TypeAdapter(Understood)
