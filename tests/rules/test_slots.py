"""Joint times against a search that tries every lane by the words of the rule."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.slots import Coming, Party, Slot, Visit, find
from rules.travel import EARTH_M, Floats, Minutes, Travel, distance

TOWNS = ((114.98, 30.10), (114.63, 30.01), (114.90, 30.28), (114.98, 30.11))
TRAVEL = Travel(kmh=30, least_minutes=10)


@dataclass
class Lane:
    """One lane of the oracle's world."""

    base: tuple[float, float]
    work: list[tuple[int, int]]
    booked: list[tuple[int, int, tuple[float, float]]] = field(default_factory=list)
    crew: int = 0


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great circle by the spherical law of cosines: another formula than the code's."""
    (a_lon, a_lat), (b_lon, b_lat) = (tuple(map(math.radians, p)) for p in (a, b))
    cosine = math.sin(a_lat) * math.sin(b_lat)
    cosine += math.cos(a_lat) * math.cos(b_lat) * math.cos(a_lon - b_lon)
    return EARTH_M * math.acos(min(1.0, cosine))


def way(a: tuple[float, float], b: tuple[float, float], travel: Travel = TRAVEL) -> int:
    """Minutes between two places."""
    return max(travel.least_minutes, math.ceil(metres(a, b) / 1000 / travel.kmh * 60 - 1e-6))


def suits(lane: Lane, at: int, visit: Visit) -> bool:
    """The rule word by word."""
    end = at + visit.minutes
    if not any(start <= at and end <= until for start, until in lane.work):
        return False
    return all(
        at >= until + way(place, visit.place) or end + way(visit.place, place) <= start
        for start, until, place in lane.booked
    )


def way_there(lane: Lane, at: int, visit: Visit) -> int:
    """From the last visit of that day, or from the base."""
    earlier = [b for b in lane.booked if b[1] <= at and b[1] // 1440 == at // 1440]
    place = max(earlier, key=lambda b: b[1])[2] if earlier else lane.base
    return way(place, visit.place)


def oracle(parties: list[list[Lane]], visit: Visit, times: list[int], most: int) -> list[Slot]:
    """Every time, every party, every lane."""
    found = []
    for at in times:
        coming = []
        for number, lanes in enumerate(parties):
            able = [
                (way_there(lane, at, visit), n)
                for n, lane in enumerate(lanes)
                if suits(lane, at, visit)
            ]
            if able:
                travel, lane = min(able)
                coming.append(Coming(str(number), lane, travel))
        if len(coming) == len(parties):
            found.append(Slot(at, tuple(coming)))
    return found[:most]


def ints(values: Iterable[int]) -> Minutes:
    return np.array(list(values), np.int64)


def floats(values: Iterable[float]) -> Floats:
    return np.array(list(values), np.float64)


def columns(code: str, lanes: list[Lane]) -> Party:
    """The same world in columns."""
    crews = sorted({lane.crew for lane in lanes})
    first = {crew: next(lane for lane in lanes if lane.crew == crew) for crew in crews}
    work = [(crew, *stretch) for crew in crews for stretch in first[crew].work]
    booked = [(n, *each) for n, lane in enumerate(lanes) for each in lane.booked]
    return Party(
        code=code,
        lane_crew=ints(lane.crew for lane in lanes),
        base_lon=floats(first[crew].base[0] for crew in crews),
        base_lat=floats(first[crew].base[1] for crew in crews),
        work_crew=ints(w[0] for w in work),
        work_from=ints(w[1] for w in work),
        work_until=ints(w[2] for w in work),
        lane=ints(b[0] for b in booked),
        starts=ints(b[1] for b in booked),
        ends=ints(b[2] for b in booked),
        lon=floats(b[3][0] for b in booked),
        lat=floats(b[3][1] for b in booked),
    )


@st.composite
def parties_of(draw: st.DrawFn) -> list[list[Lane]]:
    """A few organisations over two days, lanes booked one visit after another."""
    parties = []
    for _ in range(draw(st.integers(1, 3))):
        lanes: list[Lane] = []
        for crew in range(draw(st.integers(1, 3))):
            base = draw(st.sampled_from(TOWNS))
            opening = draw(st.integers(480, 600))
            work = [(opening, 720), (840, draw(st.integers(900, 1080)))]
            work += [(a + 1440, b + 1440) for a, b in work] if draw(st.booleans()) else []
            for _ in range(draw(st.integers(1, 2))):
                lane = Lane(base, work, crew=crew)
                at = draw(st.integers(480, 700))
                for _ in range(draw(st.integers(0, 4))):
                    long = draw(st.integers(20, 90))
                    lane.booked.append((at, at + long, draw(st.sampled_from(TOWNS))))
                    at += long + draw(st.integers(0, 400))
                draw(st.randoms(use_true_random=False)).shuffle(lane.booked)
                lanes.append(lane)
        parties.append(lanes)
    return parties


@settings(max_examples=400, deadline=None)
@given(
    parties_of(),
    st.sampled_from(TOWNS),
    st.integers(15, 120),
    st.integers(5, 40),
    st.integers(1, 200),
)
def test_the_search_finds_what_the_rule_says(
    parties: list[list[Lane]], place: tuple[float, float], long: int, step: int, most: int
) -> None:
    visit = Visit(place, long, TRAVEL)
    times = list(range(470, 2880, step))
    world = [columns(str(n), lanes) for n, lanes in enumerate(parties)]
    found = find(world, visit, np.array(times, np.int64), most=most)
    assert found == oracle(parties, visit, times, most)


def lane_of(*booked: tuple[int, int, tuple[float, float]]) -> Lane:
    return Lane(TOWNS[0], [(480, 720), (840, 1080)], list(booked))


def ats(lane: Lane, place: tuple[float, float], times: range, minutes: int = 60) -> list[int]:
    found = find(
        [columns("water", [lane])], Visit(place, minutes, TRAVEL), np.array(times), most=10**6
    )
    return [slot.at for slot in found]


def test_the_edges_of_work_and_of_travel() -> None:
    """A visit may end when work ends; the way between sites is kept to the minute."""
    here, there = TOWNS[0], TOWNS[2]
    minutes = way(there, here)
    assert minutes > TRAVEL.least_minutes
    assert ats(lane_of(), here, range(470, 1100))[0] == 480
    assert ats(lane_of(), here, range(470, 841))[-2:] == [660, 840]
    lane = lane_of((480, 540, there), (690, 720, there))
    assert ats(lane, here, range(470, 720), 30) == list(range(540 + minutes, 690 - minutes - 29))
    near = lane_of((480, 540, here))
    assert ats(near, here, range(470, 720))[0] == 540 + TRAVEL.least_minutes


def test_nobody_wanted_or_nobody_there() -> None:
    """Without parties every time will do; a party without crews never can."""
    times = np.array([500, 600])
    assert [s.at for s in find([], Visit(TOWNS[0], 60, TRAVEL), times, most=9)] == [500, 600]
    assert find([columns("gas", [])], Visit(TOWNS[0], 60, TRAVEL), times, most=9) == []


def test_distance() -> None:
    """A degree of the meridian, and the far side of the earth."""
    lon, lat = np.array([114.0, -65.0]), np.array([31.0, -30.0])
    found = distance(lon, lat, (114.0, 30.0))
    assert math.isclose(found[0], math.radians(1) * EARTH_M, rel_tol=1e-9)
    assert found[1] > math.radians(179) * EARTH_M
    unknown = TRAVEL.minutes(np.array([math.nan]), np.array([math.nan]), (114.0, 30.0))
    assert unknown.tolist() == [TRAVEL.least_minutes]
