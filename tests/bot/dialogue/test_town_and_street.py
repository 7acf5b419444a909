"""A whole address at the question for the town answers both; a corrected one is taken whole."""

import pytest

from bot.understanding.understander import Understander
from config.cities import CityBook
from tests.bot.dialogue.stage import NOW, Stage

UP_TO_THE_TOWN = (
    "我们厂要报装水和电，在大冶",
    "大冶某某机械有限公司",
    "91420281MA4900001H",
    "李甲",
    "13800001234",
)


@pytest.fixture(scope="module")
def mind(book: CityBook) -> Understander:
    return Understander.load([book.on(code, NOW.date()) for code in book.codes()])


@pytest.mark.parametrize(
    "text", ["金湖街道样例大道8号", "在金湖街道样例大道8号", "金湖样例大道8号那里"]
)
def test_town_with_its_street(text: str, book: CityBook, mind: Understander) -> None:
    stage = Stage.of(book, mind=mind)
    for each in (*UP_TO_THE_TOWN, text):
        stage.say(each)
    assert stage.values["site.town"] == "jinhu"
    assert "样例大道8号" in stage.values["site.address"]


def test_a_town_alone_leaves_the_street_to_be_asked(book: CityBook, mind: Understander) -> None:
    stage = Stage.of(book, mind=mind)
    for each in (*UP_TO_THE_TOWN, "金湖街道"):
        stage.say(each)
    assert stage.values["site.town"] == "jinhu"
    assert "site.address" not in stage.values


def test_a_corrected_address_is_whole(book: CityBook, mind: Understander) -> None:
    stage = Stage.of(book, mind=mind)
    for each in (*UP_TO_THE_TOWN, "大箕铺镇", "大道西6号", "地址不对，改成大箕铺镇大道东8号"):
        stage.say(each)
    assert stage.values["site.address"] == "大箕铺镇大道东8号"
