"""A city that is only a file, with a utility nobody knew: asked for, taken, shown, submitted."""

import pytest

from config.cities import CityBook
from tests.bot.dialogue.stage import Stage
from tests.config.third_city import folder_with_third


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> CityBook:
    return CityBook.load(folder_with_third(tmp_path_factory.mktemp("third")))


def test_where_there_is_one_city_it_is_not_asked_for(every: CityBook) -> None:
    stage = Stage.of(every.only(("moumou",)))
    stage.say("我要报装", "apply")
    assert stage.case is not None
    assert stage.case.city == "moumou"
    stage.say("改报装内容")
    stage.say("用汽报装")
    assert stage.values["utilities"] == ["steam"]


def test_a_whole_application_for_steam(every: CityBook) -> None:
    stage = Stage.of(every.only(("moumou",)))
    stage.say("我们要用汽报装，用汽量：5吨/小时，压力后面再说", "apply")
    assert stage.values["utilities"] == ["steam"]
    assert stage.values["steam.flow"] == "5"
    for text in (
        "某某机械有限公司",
        "91420281MA4900001H",
        "李甲",
        "13800001234",
        "金湖街道",
        "建材路8号",
    ):
        stage.say(text)
    stage.say("没有")
    assert stage.state.asked is not None
    assert stage.state.asked.data["key"] == "steam.kind"
    stage.tap("临时用汽")
    assert stage.values["steam.kind"] == "temporary"
    stage.tap("中压")
    assert stage.values["steam.pressure"] == "middle"
    stage.say("用到2027年6月1日")
    assert stage.values["steam.temporary_until"] == "2027-06-01"
    stage.say("改用汽量")
    stage.say("三点五")
    assert stage.values["steam.flow"] == "3.5"
    stage.say("2026年11月24日9点")
    stage.say("没有")
    assert "用汽量：3.5吨/小时" in stage.text
    assert "用汽压力：中压" in stage.text
    stage.say("提交")
    assert stage.case is not None
    assert stage.case.stage == "submitted"
