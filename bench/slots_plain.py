"""The search for joint times in plain Python, as one would write it without arrays.

Every lane has its visits in order, found by bisection; the ways are reckoned where they are needed.
It stops as soon as it has found enough.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.crew_days import World
from rules.slots import DAY, Coming, Slot, Visit
from rules.travel import EARTH_M, Travel

Place = tuple[float, float]


@dataclass(slots=True)
class Lane:
    """One lane: where its day begins, when it works, what it has to do, each in order."""

    base: Place
    opens: list[int] = field(default_factory=list)
    closes: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)


def lanes_of(world: World) -> list[list[Lane]]:
    """The same world, lane by lane."""
    found = []
    for party in world.parties:
        bases = zip(party.base_lon.tolist(), party.base_lat.tolist(), strict=True)
        lanes = [Lane(base) for base in bases]
        columns = (party.work_crew, party.work_from, party.work_until)
        for crew, opens, closes in sorted(zip(*(c.tolist() for c in columns), strict=True)):
            lanes[crew].opens.append(opens)
            lanes[crew].closes.append(closes)
        booked = (party.lane, party.starts, party.ends, party.lon, party.lat)
        for lane, starts, ends, *place in sorted(zip(*(c.tolist() for c in booked), strict=True)):
            lanes[lane].starts.append(starts)
            lanes[lane].ends.append(ends)
            lanes[lane].places.append((place[0], place[1]))
        found.append(lanes)
    return found


def find(
    parties: Sequence[Sequence[Lane]], visit: Visit, times: Sequence[int], *, most: int
) -> list[Slot]:
    """The earliest times that suit everybody, each with its nearest crews."""
    found: list[Slot] = []
    for at in times:
        coming = []
        for code, lanes in enumerate(parties):
            able = [
                (way, number)
                for number, lane in enumerate(lanes)
                if (way := _suits(lane, at, visit)) is not None
            ]
            if not able:
                break
            way, number = min(able)
            coming.append(Coming(str(code), number, way))
        else:
            found.append(Slot(at, tuple(coming)))
            if len(found) == most:
                break
    return found


def _suits(lane: Lane, at: int, visit: Visit) -> int | None:
    """Minutes on the way to a visit that the lane can begin then, else None."""
    end = at + visit.minutes
    stretch = bisect_right(lane.opens, at) - 1
    if stretch < 0 or lane.closes[stretch] < end:
        return None
    after = bisect_right(lane.starts, at)
    way = None
    if after:
        ended = lane.ends[after - 1]
        if ended > at:
            return None
        way = minutes(lane.places[after - 1], visit.place, visit.travel)
        if ended + way > at:
            return None
        if ended // DAY != at // DAY:
            way = None
    if after < len(lane.starts):
        starts = lane.starts[after]
        if starts < end + visit.travel.least_minutes:
            return None
        if starts // DAY == at // DAY:
            there = minutes(lane.places[after], visit.place, visit.travel)
            if end + there > starts:
                return None
    return minutes(lane.base, visit.place, visit.travel) if way is None else way


def minutes(place: Place, to: Place, travel: Travel) -> int:
    """Whole minutes between two places, as ``Travel.minutes``."""
    from_lat, to_lat = math.radians(place[1]), math.radians(to[1])
    half_lat, half_lon = (from_lat - to_lat) / 2, math.radians(place[0] - to[0]) / 2
    h = math.sin(half_lat) ** 2 + math.cos(from_lat) * math.cos(to_lat) * math.sin(half_lon) ** 2
    metres = 2 * EARTH_M * math.asin(math.sqrt(min(h, 1.0)))
    return max(math.ceil(metres / (travel.kmh * 1000 / 60) - 1e-9), travel.least_minutes)
