"""Crews as ``rules.slots`` wants them: columns for each party, one lane after the other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import numpy as np

from config.cities import City
from models.crews import LANES
from models.queries import lanes
from rules.calendar import WorkCalendar
from rules.rosters import Shift, Stretch, stretches
from rules.slots import Party
from rules.travel import Minutes

Place = tuple[float, float]
"""Longitude and latitude, GCJ-02."""


@dataclass(frozen=True, slots=True)
class Crews:
    """The parties of a search, and which crew and lane of the database their lanes are."""

    parties: list[Party] = field(default_factory=list)
    lanes: dict[str, list[tuple[UUID, int]]] = field(default_factory=dict)
    """Of each party its lanes: (crew, number of the lane)."""

    def covers(self, organization: UUID) -> bool:
        """Whether an organisation comes with a crew of ours."""
        return str(organization) in self.lanes


def crews_of(row: lanes.Row, city: City, calendar: WorkCalendar, first: date, days: int) -> Crews:
    """The rows of ``lanes.read`` as parties, with what they work on some days."""
    shifts = _shifts(row)
    absences = _absences(row)
    booked = _Booked.of(row)
    by_party: dict[UUID, list[int]] = {}
    for index, organization in enumerate(row["organizations"]):
        by_party.setdefault(organization, []).append(index)
    found = Crews()
    for organization, members in by_party.items():
        code = str(organization)
        found.lanes[code] = [
            (row["crews"][index], row["numbers"][index] * LANES + lane)
            for index in members
            for lane in range(row["lanes"][index])
        ]
        bases = [
            _base(city, row["lons"][index], row["lats"][index], row["towns"][index])
            for index in members
            for _ in range(row["lanes"][index])
        ]
        worked = list(_worked(found.lanes[code], shifts, absences, calendar, first, days))
        found.parties.append(_party(code, found.lanes[code], bases, worked, booked))
    return found


def _party(
    code: str,
    lanes_: Sequence[tuple[UUID, int]],
    bases: Sequence[Place],
    worked: Sequence[tuple[int, int, int]],
    booked: "_Booked",
) -> Party:
    """Every lane as a crew of its own, since one lane may be absent alone."""
    numbers = np.array([lane for _, lane in lanes_], np.int64)
    place = np.searchsorted(numbers, booked.lane)
    mine = numbers[np.minimum(place, len(numbers) - 1)] == booked.lane
    stretch = np.array(worked, np.int64).reshape(-1, 3)
    return Party(
        code=code,
        lane_crew=np.arange(len(numbers), dtype=np.int64),
        base_lon=np.array([lon for lon, _ in bases], np.float64),
        base_lat=np.array([lat for _, lat in bases], np.float64),
        work_crew=stretch[:, 0],
        work_from=stretch[:, 1],
        work_until=stretch[:, 2],
        lane=place[mine],
        starts=booked.starts[mine],
        ends=booked.ends[mine],
        lon=booked.lon[mine],
        lat=booked.lat[mine],
    )


@dataclass(frozen=True, slots=True)
class _Booked:
    """What lanes have to do, in columns."""

    lane: Minutes
    starts: Minutes
    ends: Minutes
    lon: Any
    lat: Any

    @classmethod
    def of(cls, row: lanes.Row) -> "_Booked":
        return cls(
            *(
                np.array(row[name] or [], np.int64)
                for name in ("booked_lanes", "booked_starts", "booked_ends")
            ),
            *(
                np.array(row[name] or [], np.float64)  # an unknown place is NaN
                for name in ("booked_lons", "booked_lats")
            ),
        )


Absent = Mapping[int, Sequence[tuple[int | None, int, int]]]


def _shifts(row: lanes.Row) -> dict[int, tuple[Shift, ...]]:
    """Crew's number → its shifts, in an order of their own."""
    found: dict[int, list[tuple[int, int, int]]] = {}
    columns = (row[name] or () for name in ("weekdays", "shift_starts", "shift_ends"))
    for number, *shift in zip(row["shift_crews"] or (), *columns, strict=True):
        found.setdefault(number, []).append((shift[0], shift[1], shift[2]))
    return {
        number: tuple(Shift(*shift) for shift in sorted(shifts)) for number, shifts in found.items()
    }


def _absences(row: lanes.Row) -> Absent:
    """Crew's number → (lane or all, from, until)."""
    found: dict[int, list[tuple[int | None, int, int]]] = {}
    columns = (row[name] or () for name in ("absent_lanes", "absent_starts", "absent_ends"))
    for number, lane, starts, ends in zip(row["absent_crews"] or (), *columns, strict=True):
        found.setdefault(number, []).append((lane, starts, ends))
    return found


def _worked(
    lanes_: Sequence[tuple[UUID, int]],
    shifts: Mapping[int, tuple[Shift, ...]],
    absences: Absent,
    calendar: WorkCalendar,
    first: date,
    days: int,
) -> Iterator[tuple[int, int, int]]:
    """(place of the lane, from, until) of every stretch it works."""
    for place, (_, number) in enumerate(lanes_):
        crew, lane = divmod(number, LANES)
        if crew not in shifts:
            continue
        away = [(s, e) for which, s, e in absences.get(crew, ()) if which in (None, lane)]
        for starts, ends in _less(_rostered(shifts[crew], calendar, first, days), away):
            yield place, starts, ends


@lru_cache(maxsize=512)
def _rostered(
    shifts: tuple[Shift, ...], calendar: WorkCalendar, first: date, days: int
) -> tuple[Stretch, ...]:
    """Stretches of equal shifts over some days: made once for all crews that share them."""
    return tuple(
        stretch
        for offset in range(days)
        for stretch in stretches(shifts, calendar, first + timedelta(days=offset))
    )


def _less(worked: Sequence[Stretch], away: Sequence[Stretch]) -> Iterator[Stretch]:
    """What is left of stretches without others."""
    if not away:
        yield from worked
        return
    for since, until in worked:
        begin = since
        for gone, back in sorted(away):
            if back <= begin or gone >= until:
                continue
            if begin < gone:
                yield begin, gone
            begin = max(begin, back)
        if begin < until:
            yield begin, until


def _base(city: City, lon: float | None, lat: float | None, town: str | None) -> Place:
    """Where a crew's day begins: its own point, or the middle of its town."""
    return (lon, lat) if lon is not None and lat is not None else centre(city, town)


def centre(city: City, town: str | None) -> Place:
    """The middle of a town; of an unknown one the first's."""
    return next((each.centre for each in city.towns if each.code == town), city.towns[0].centre)
