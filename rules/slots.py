"""Times of the joint survey that every party can keep (domain §7): one crew of each, travel kept.

A party is an organisation that must come; it has crews, a crew has lanes (how many visits it can
make at once), a lane makes one visit after the other. A time suits a lane when the whole visit lies
in one of its crew's stretches of work and the crew gets there from the visit before, and from here
to the next one, in time. It suits a party when it suits a lane of it, and everybody when it suits
every party. Times are whole minutes on one line (``rules.worktime``); places are degrees.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rules.travel import Floats, Minutes, Travel

Flags = NDArray[np.bool_]

_NEVER = np.int64(1) << 40
DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Party:
    """One organisation's crews in columns. ``starts`` … of bookings are in any order."""

    code: str
    lane_crew: Minutes
    """Of each lane the number of its crew; a crew's lanes follow one another."""
    base_lon: Floats
    """Of each crew: where its day begins."""
    base_lat: Floats
    work_crew: Minutes
    """Of each stretch of work its crew."""
    work_from: Minutes
    work_until: Minutes
    lane: Minutes
    """Of each booking its lane."""
    starts: Minutes
    ends: Minutes
    lon: Floats
    lat: Floats


@dataclass(frozen=True, slots=True)
class Visit:
    """What is to be planned: where, how long, and how far apart visits must lie."""

    place: tuple[float, float]
    minutes: int
    travel: Travel


@dataclass(frozen=True, slots=True)
class Coming:
    """Who of a party would come, and how long the way there is."""

    party: str
    lane: int
    travel_minutes: int


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that suits everybody."""

    at: int
    coming: tuple[Coming, ...]

    @property
    def travel_minutes(self) -> int:
        """The ways of all crews together."""
        return sum(each.travel_minutes for each in self.coming)


def find(parties: Sequence[Party], visit: Visit, times: Minutes, *, most: int) -> list[Slot]:
    """The earliest of ``times`` (ascending) that suit everybody, each with its nearest crews."""
    ways = [visit.travel.minutes(each.lon, each.lat, visit.place) for each in parties]
    free = [_free(*each, visit, times) for each in zip(parties, ways, strict=True)]
    suits = np.ones(len(times), bool)
    for each in free:
        suits &= each.any(axis=0)
    at = np.flatnonzero(suits)[:most]
    chosen = [
        _nearest(party, _ways(party, way, visit, times[at]), some[:, at])
        for party, way, some in zip(parties, ways, free, strict=True)
    ]
    return [
        Slot(int(times[when]), tuple(some[place] for some in chosen))
        for place, when in enumerate(at)
    ]


def _free(party: Party, ways: Minutes, visit: Visit, times: Minutes) -> Flags:
    """lane × time: whether the lane can begin the visit then. A booking keeps its lane from it from
    the last moment to come from here in time until the first moment to have come from there."""
    last = party.work_until - visit.minutes
    works = _covered(party.work_crew, party.work_from, last, times, len(party.base_lon))
    first = party.starts - ways - visit.minutes + 1
    blocked = _covered(party.lane, first, party.ends + ways - 1, times, len(party.lane_crew))
    free: Flags = works[party.lane_crew] & ~blocked
    return free


def _covered(row: Minutes, first: Minutes, last: Minutes, times: Minutes, rows: int) -> Flags:
    """row × time: whether one of the row's ranges (both ends included) covers the time."""
    width = len(times) + 1
    begin, end = np.searchsorted(times, first), np.searchsorted(times, last, side="right")
    some = begin < end
    steps = np.bincount(row[some] * width + begin[some], minlength=rows * width)
    steps -= np.bincount(row[some] * width + end[some], minlength=rows * width)
    covered: Flags = steps.reshape(rows, width).cumsum(axis=1)[:, :-1] > 0
    return covered


def _nearest(party: Party, ways: Minutes, free: Flags) -> list[Coming]:
    """Of each time the free lane with the shortest way there; of equals the first."""
    if not free.shape[1]:
        return []
    ways[~free] = _NEVER
    best = ways.argmin(axis=0)
    return [
        Coming(party.code, int(lane), int(ways[lane, place])) for place, lane in enumerate(best)
    ]


def _ways(party: Party, ways: Minutes, visit: Visit, times: Minutes) -> Minutes:
    """lane × time: minutes from where the lane is then: its last visit of that day, or its base."""
    lanes = np.arange(len(party.lane_crew))[:, None]
    from_base = visit.travel.minutes(party.base_lon, party.base_lat, visit.place)
    told = np.repeat(from_base[party.lane_crew][:, None], len(times), axis=1)
    that_day = np.flatnonzero(np.isin(party.ends // DAY, np.unique(times // DAY)))
    if not len(that_day):
        return told
    order = that_day[np.lexsort((party.ends[that_day], party.lane[that_day]))]
    lane, ends, way = party.lane[order], party.ends[order], ways[order]
    before = np.searchsorted(lane * _NEVER + ends, lanes * _NEVER + times[None, :], side="right")
    before = np.maximum(before - 1, 0)
    same = (lane[before] == lanes) & (ends[before] <= times) & (ends[before] // DAY == times // DAY)
    return np.where(same, way[before], told)
