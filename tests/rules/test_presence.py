"""A check-in and a photo are judged: what is doubtful is said, nothing is refused."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from rules.places import Place, System
from rules.presence import Doubt, Fix, Presence, Shot, judge, judge_photo

AT = datetime(2026, 3, 18, 2, 0, tzinfo=UTC)
SITE = Place(114.98, 30.10)
HERE = Place(114.9805, 30.1003)
"""About sixty metres away."""


def judged(
    place: Place = HERE, *, site: Place | None = SITE, radius_m: int = 300, **told: Any
) -> Presence:
    given: dict[str, Any] = {"accuracy_m": 20.0, "fixed_at": AT} | told
    return judge(Fix(place, **given), site, radius_m=radius_m, at=AT)


def test_on_site_there_is_no_doubt() -> None:
    found = judged()
    assert found.doubts == ()
    assert found.metres is not None
    assert 50 < found.metres < 70
    assert not found.asks


@pytest.mark.parametrize(
    ("told", "doubt"),
    [
        ({"place": Place(114.99, 30.10)}, Doubt.FAR),
        ({"accuracy_m": 301.0}, Doubt.INACCURATE),
        ({"accuracy_m": None}, Doubt.INACCURATE),
        ({"fixed_at": AT - timedelta(minutes=6)}, Doubt.STALE),
        ({"fixed_at": AT + timedelta(minutes=3)}, Doubt.STALE),
        ({"fixed_at": None}, Doubt.STALE),
        ({"mock": True}, Doubt.MOCK),
    ],
)
def test_each_doubt(told: dict[str, Any], doubt: Doubt) -> None:
    found = judged(**told)
    assert found.doubts == (doubt,)
    assert found.asks


def test_the_bounds_themselves_are_no_doubt() -> None:
    away = judged().metres
    assert away is not None
    assert judged(radius_m=away).doubts == ()
    assert judged(radius_m=away - 1).doubts == (Doubt.FAR,)
    assert judged(accuracy_m=300.0, fixed_at=AT - timedelta(minutes=5)).doubts == ()
    assert judged(fixed_at=AT + timedelta(minutes=2)).doubts == ()


def test_a_site_that_is_not_on_the_map_is_nobodys_fault() -> None:
    found = judged(site=None)
    assert found == Presence(None, (Doubt.UNKNOWN_SITE,))
    assert not found.asks


@pytest.mark.parametrize("fix", [None, Fix(Place(0, 0), 5.0, AT)])
def test_without_a_position(fix: Fix | None) -> None:
    assert judge(fix, SITE, radius_m=300, at=AT) == Presence(None, (Doubt.NO_POSITION,))


def test_the_system_counts() -> None:
    """A satellite's position taken for a map's is half a kilometre off."""
    wgs = Place(121.5272106, 31.1774276, System.WGS84)
    site = Place(121.531541859215, 31.17530398364597)
    assert judged(wgs, site=site).metres == 0
    assert Doubt.FAR in judged(Place(wgs.lon, wgs.lat), site=site).doubts


@drawn(st.floats(-180, 180), st.floats(-90, 90), st.none() | st.floats(0, 1e7), st.booleans())
def test_nothing_is_ever_refused(
    lon: float, lat: float, accuracy: float | None, mock: bool
) -> None:
    found = judged(Place(lon, lat), accuracy_m=accuracy, mock=mock)
    assert found.metres is None or 0 <= found.metres < 20_100_000
    assert (Doubt.MOCK in found.doubts) == (mock and (lon, lat) != (0, 0))


DAY = date(2026, 3, 18)


def shot(taken_at: datetime | None = AT, place: Place | None = HERE, **told: Any) -> Presence:
    return judge_photo(
        Shot(taken_at, place, **told),
        SITE,
        radius_m=500,
        day=DAY,
        received_at=AT + timedelta(hours=3),
    )


def test_a_photo_of_the_day_and_the_place() -> None:
    assert shot().doubts == ()
    assert shot().metres is not None


@pytest.mark.parametrize(
    ("found", "doubts"),
    [
        (shot(taken_at=None), (Doubt.NO_TIME,)),
        (shot(place=None), (Doubt.NO_POSITION,)),
        (shot(place=Place(115.2, 30.1)), (Doubt.FAR,)),
        (shot(taken_at=AT - timedelta(days=1)), (Doubt.OTHER_DAY,)),
        (shot(taken_at=AT + timedelta(hours=4)), (Doubt.FUTURE,)),
        (shot(taken_at=AT + timedelta(days=1)), (Doubt.OTHER_DAY, Doubt.FUTURE)),
        (shot(used_before=True), (Doubt.USED_BEFORE,)),
    ],
)
def test_each_doubt_of_a_photo(found: Presence, doubts: tuple[Doubt, ...]) -> None:
    assert found.doubts == doubts


def test_midnight_is_shanghais_and_a_minute_off_is_the_clocks() -> None:
    midnight = datetime(2026, 3, 17, 16, 0, tzinfo=UTC)
    assert shot(taken_at=midnight).doubts == ()
    assert shot(taken_at=midnight - timedelta(minutes=1)).doubts == ()
    assert shot(taken_at=midnight - timedelta(minutes=3)).doubts == (Doubt.OTHER_DAY,)


def test_a_photo_of_a_site_that_is_not_on_the_map() -> None:
    found = judge_photo(Shot(AT, HERE), None, radius_m=500, day=DAY, received_at=AT)
    assert found == Presence(None, (Doubt.UNKNOWN_SITE,))


def test_another_day_than_agreed_is_doubtful_with_and_without_a_position() -> None:
    fix = Fix(HERE, 5.0, AT)
    assert judge(fix, SITE, radius_m=300, at=AT, day=DAY).doubts == ()
    later = DAY + timedelta(days=1)
    assert judge(fix, SITE, radius_m=300, at=AT, day=later).doubts == (Doubt.OTHER_DAY,)
    found = judge(None, SITE, radius_m=300, at=AT, day=later)
    assert found.doubts == (Doubt.NO_POSITION, Doubt.OTHER_DAY)
