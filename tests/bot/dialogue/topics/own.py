"""One's own cases as the read models tell them: made-up rows, the product's own encoding."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import orjson

from config.cities import City, CityBook
from config.texts import words
from models.queries.progress import Found
from rules.calendar import SHANGHAI
from rules.states import ENDED_STAGES
from workflow.encoding import shown
from workflow.reading.mine import _item
from workflow.reading.progress import _Progress

SPACE = UUID("00000000-0000-0000-0000-0000000000bb")
PROVIDERS = {
    "water": "清润水务集团",
    "electricity": "国家电网大冶公司",
    "gas": "华润燃气公司",
    "heat": "周口样例热力公司",
    "network": "中国电信",
}
Clock = tuple[str, str]
"""Step and holder."""


@dataclass(frozen=True)
class Shape:
    """What a stage looks like below: state of its requests, permit, plan, clocks that run."""

    request: str = "pending"
    clocks: tuple[Clock, ...] = ()
    permit: str | None = None
    plan: str = "drafting"
    started: bool = False
    segment_open: bool = False


SHAPES: Mapping[str, Shape] = {
    "draft": Shape(),
    "submitted": Shape(clocks=(("acceptance", "window_clerk"),)),
    "returned": Shape(clocks=(("correction", "applicant"),)),
    "surveying": Shape(clocks=(("survey", "window_clerk"),)),
    "planning": Shape("surveyed", (("plan", "utility_clerk"),), segment_open=True),
    "offered": Shape("surveyed", (("offer_lapse", "applicant"),), plan="offered"),
    "permitting": Shape("planned", (("joint_approval", "approver"),), "deciding", "agreed"),
    "constructing": Shape("permitted", (), "granted", "agreed", started=True),
    "connecting": Shape("inspected", (("connection", "utility_clerk"),), "granted", "agreed"),
    "connected": Shape("connected", (("rating_close", "applicant"),), "granted", "agreed"),
    "closed": Shape("connected", (), "granted", "agreed"),
    "withdrawn": Shape("withdrawn"),
}
_REQUESTS_FROM = "surveying"


@dataclass
class Own:
    """One application or registration of the person who talks."""

    city: str
    stage: str
    sequence: int
    name: str
    utilities: tuple[str, ...]
    kind: str = "application"
    survey_at: datetime | None = None
    due_in: timedelta = timedelta(days=3)
    paused: str = ""
    unsure: bool = False
    rated: bool = False
    states: dict[str, str] = field(default_factory=dict)
    """Utility → its request's state, where that is not the stage's."""
    connection: dict[str, datetime] = field(default_factory=dict)
    carriers: tuple[str, ...] = ()
    ident: UUID | None = None
    """Of the draft it is about, where it has one in the world."""

    @property
    def id(self) -> UUID:
        """Stable."""
        return self.ident or uuid5(SPACE, f"{self.city}{self.kind}{self.sequence}")

    @property
    def shape(self) -> Shape:
        """What hangs below."""
        return SHAPES.get(self.stage, Shape())

    @property
    def stored(self) -> str:
        """The stage as it is stored: an offer belongs to planning."""
        return "planning" if self.stage == "offered" else self.stage

    @property
    def open(self) -> bool:
        """As ``mine`` groups it."""
        if self.kind == "registration":
            return self.stage in ("received", "visited", "ready", "parked")
        return self.stage not in (*ENDED_STAGES, "draft")

    def number(self, city: City) -> str | None:
        """Given at first submit."""
        numbered = self.kind == "application" and self.stage != "draft"
        return city.numbering.format(2026, self.sequence) if numbered else None

    def request(self, utility: str) -> UUID:
        """Id of one utility's request."""
        return uuid5(self.id, utility)

    def _requests(self) -> list[list[Any]]:
        if list(SHAPES).index(self.stage) < list(SHAPES).index(_REQUESTS_FROM):
            return []
        made = [self._one_request(utility) for utility in self.utilities]
        return [[*e[:2], each, *e[3:]] for e in made for each in self.carriers] or made

    def _one_request(self, utility: str) -> list[Any]:
        shape = self.shape
        state = self.states.get(utility, shape.request)
        at = self.connection.get(utility)
        ended = datetime(2026, 11, 18, 16, 30, tzinfo=SHANGHAI) if state == "connected" else None
        return [
            str(self.request(utility)), utility, PROVIDERS[utility], "new", "full", state,
            shape.permit, shape.segment_open, shape.started, _local(at), _local(ended), 1, None,
        ]  # fmt: skip

    def _clocks(self, now: datetime) -> list[list[Any]]:
        due = _at_five(now + self.due_in)
        paused = (now - timedelta(hours=2)).timestamp() if self.paused else None
        yellow = (due - timedelta(hours=3)).timestamp()
        return [
            [
                step, None, holder, None, due.timestamp(), yellow, paused, self.paused or None,
                None, _local(due), self.unsure,
            ]
            for step, holder in self.shape.clocks
        ]  # fmt: skip

    def progress(self, book: CityBook, now: datetime) -> dict[str, Any]:
        """As ``GET …/progress`` tells it."""
        city = book.on(self.city, now.date())
        done = [e for e in ("connected", "closed") if self.stored in (e, "closed")]
        numbered = self.number(city) is not None
        row: dict[str, Any] = {
            "own": True,
            "city": self.city,
            "year": 2026 if numbered else None,
            "sequence": self.sequence if numbered else None,
            "stage": self.stored,
            "plan_state": self.shape.plan,
            "enterprise_name": self.name,
            "version": 4,
            "judged_on": None,
            "rated": self.rated,
            "road_unchecked": False,
            "submitted_at": now - timedelta(days=4),
            "accepted_at": now - timedelta(days=3),
            "connected_at": now - timedelta(days=1) if done else None,
            "closed_at": now if self.stored in ENDED_STAGES else None,
            "survey_at": self.survey_at,
        }
        events: list[list[Any]] = [
            ["application", "submit", "draft", None, "applicant", None,
             _local(now - timedelta(days=4)), _local(now - timedelta(days=4)), {}],
        ]  # fmt: skip
        found = Found(row, self._requests(), self._clocks(now), events if numbered else [])
        return {"kind": "application", **_Progress(city, found, now).body(self.id)}

    def registration(self, book: CityBook, now: datetime) -> dict[str, Any]:
        """As ``GET /registrations/…`` tells it."""
        at = now - timedelta(hours=3)
        visited = self.stage in ("visited", "ready")
        due = _at_five(now + self.due_in)
        return {
            "kind": "registration",
            "id": str(self.id),
            "city": self.city,
            "state": self.stage,
            "version": 2,
            "due_at": shown(due),
            "visits_owed": 0 if visited else len(self.utilities),
            "agreed_connection_at": None,
            "planning_permit_on": None,
            "allowed": ["withdraw"],
            "state_label": words.state("registration", self.stage),
            "channel": "miniprogram",
            "received_at": shown(at),
            "values": {},
            "visits": [
                {
                    "organization": PROVIDERS[each],
                    "utility": each,
                    "visited_at": shown(now) if visited else None,
                    "note": "",
                }
                for each in self.utilities
            ],
            "deadlines": []
            if visited
            else [
                {
                    "step": "first_visit",
                    "label": "上门对接",
                    "holder": PROVIDERS[each],
                    "utility": each,
                    "due_at": shown(due),
                    "provisional": False,
                    "light": "normal",
                }
                for each in self.utilities
            ],
            "timeline": [],
            "applications": [],
        }

    def item(self, book: CityBook, now: datetime) -> dict[str, Any]:
        """As ``GET /cases`` lists it."""
        city = book.on(self.city, now.date())
        numbered = self.number(city) is not None
        clocks = [[c[0], c[4], c[5], c[6], c[7], c[10], c[2], c[3]] for c in self._clocks(now)]
        row = {
            "kind": self.kind,
            "id": self.id,
            "created_at": now - timedelta(days=5),
            "city": self.city,
            "year": 2026 if numbered else None,
            "sequence": self.sequence if numbered else None,
            "state": self.stored,
            "enterprise_name": self.name,
            "utilities": list(self.utilities),
            "town": None,
            "version": 4,
            "judged_on": None,
            "submitted_at": now - timedelta(days=4) if numbered else None,
            "registration_id": None,
            "entered": True,
            "clocks": orjson.dumps(clocks),
        }
        return _item(_Book(book), row, now)  # type: ignore[arg-type]


@dataclass(frozen=True)
class _Book:
    """All that the list reads of the services."""

    cities: CityBook


def _local(at: datetime | None) -> str | None:
    """A time as the read models get it: Shanghai, without its zone."""
    if at is None:
        return None
    return at.astimezone(SHANGHAI).replace(tzinfo=None).isoformat(timespec="seconds")


def _at_five(at: datetime) -> datetime:
    return at.astimezone(SHANGHAI).replace(hour=17, minute=30, second=0, microsecond=0)
