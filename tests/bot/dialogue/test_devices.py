"""Devices as people tell them: which measure is of which."""

import pytest

from bot.dialogue.filling import rows
from bot.understanding.normalise import tidy
from config.cities import CITIES, CityBook
from rules.forms import form_of
from tests.bot.dialogue.stage import NOW

DEVICES = form_of(CityBook.load(CITIES).on("daye", NOW.date()), "B").by_key["gas.devices"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("灶台6个，热水锅炉1台，锅炉DN40 每小时30方", "灶台 6 | 热水锅炉 1 DN40 30"),
        ("蒸汽锅炉1台、烤箱两台、燃气灶4个", "蒸汽锅炉 1 | 烤箱 2 | 燃气灶 4"),
        ("锅炉两台 灶台三个", "锅炉 2 | 灶台 3"),
        ("两台锅炉和三个灶台", "锅炉 2 | 灶台 3"),
        ("一个锅炉还有两个灶", "锅炉 1 | 灶 2"),
        ("热水器3台，灶2个，热水器DN20", "热水器 3 DN20 | 灶 2"),
        ("猛火灶4个、蒸柜2台，蒸柜每小时8方", "猛火灶 4 | 蒸柜 2 8"),
        ("烘干机1台每小时20方，锅炉一台每小时60方", "烘干机 1 20 | 锅炉 1 60"),
        ("锅炉，2台", "锅炉 2"),
        ("食堂灶具3台，每台2方/小时", "食堂灶具 3 2"),
        ("壁挂炉两台24千瓦", "24千瓦壁挂炉 2"),
        ("一台2吨的蒸汽锅炉", "2吨的蒸汽锅炉 1"),
        ("2台4吨燃气锅炉，口径DN80；炒菜灶8个", "4吨燃气锅炉 2 DN80 | 炒菜灶 8"),
        ("我们食堂，灶台6个", "灶台 6"),
        ("窑炉一座，DN100，压力20千帕", "窑炉 1 DN100 20"),
    ],
)
def test_each_device_has_its_own(text: str, told: str) -> None:
    made = rows.read(DEVICES, tidy(text), NOW)
    assert " | ".join(" ".join(map(str, row.values())) for row in made) == told
