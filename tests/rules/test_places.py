"""GCJ-02 and WGS-84: the published points, there and back again, distances."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.places import Place, System, in_china, metres, to_gcj02, to_wgs84

W = System.WGS84
PUBLISHED = (
    # eviltransform's own test points: Shanghai, Shenzhen, Beijing
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    # coordtransform's README
    ((116.404, 39.915), (116.41024449916938, 39.91640428150164)),
)


@pytest.mark.parametrize(("wgs", "gcj"), PUBLISHED)
def test_published_points(wgs: tuple[float, float], gcj: tuple[float, float]) -> None:
    moved = to_gcj02(Place(*wgs, W))
    assert (moved.lon, moved.lat) == pytest.approx(gcj, abs=1e-9)
    assert moved.system is System.GCJ02
    back = to_wgs84(Place(*gcj))
    assert (back.lon, back.lat) == pytest.approx(wgs, abs=1e-8)
    assert back.system is W


@given(st.floats(73.5, 135), st.floats(3.9, 53.5))
def test_there_and_back_is_within_a_centimetre(lon: float, lat: float) -> None:
    start = Place(lon, lat)
    again = to_gcj02(to_wgs84(start))
    assert metres(start, again) < 0.01
    shift = metres(Place(lon, lat), Place(to_wgs84(start).lon, to_wgs84(start).lat))
    assert shift < 1500


@pytest.mark.parametrize("place", [Place(-104.9903, 39.7392, W), Place(151.2, -33.87, W)])
def test_outside_of_china_nothing_is_moved(place: Place) -> None:
    assert not in_china(place)
    assert to_gcj02(place) == Place(place.lon, place.lat)
    assert to_wgs84(to_gcj02(place)) == place


def test_a_place_already_in_the_system_stays() -> None:
    daye = Place(114.98, 30.1)
    assert in_china(daye)
    assert to_gcj02(daye) is daye
    assert to_wgs84(Place(114.98, 30.1, W)) == Place(114.98, 30.1, W)


def test_distances_do_not_care_for_the_system() -> None:
    shanghai, beijing = Place(121.531541859215, 31.17530398364597), Place(116.384047, 39.913345)
    assert metres(shanghai, beijing) == pytest.approx(1_067_000, rel=0.01)
    wgs = Place(121.5272106, 31.1774276, W)
    assert metres(wgs, shanghai) < 0.01
    assert 400 < metres(Place(wgs.lon, wgs.lat), shanghai) < 700
    assert metres(Place(114, 30), Place(114, 31)) == pytest.approx(111_195, abs=5)
