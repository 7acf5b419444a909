"""Which utilities are wanted, and no longer wanted, in a message about nothing else."""

import pytest

from bot.dialogue.filling.ticking import ticking
from config.cities import CityBook
from rules.forms import Form, form_of
from tests.bot.dialogue.stage import NOW

ON_AND_OFF = {
    "气也一起办了": ("gas", ""),
    "天然气也给我加上": ("gas", ""),
    "水顺便也报上": ("water", ""),
    "刚才忘了报网络，加上": ("network", ""),
    "别漏了电": ("electricity", ""),
    "再来一个宽带": ("network", ""),
    "电先不弄了": ("", "electricity"),
    "水和电都不要了": ("", "electricity water"),
    "网络不搞了，删掉吧": ("", "network"),
    "把电换成气": ("gas", "electricity"),
    "宽带不弄了，换成气": ("gas", "network"),
    "暖气也弄上": ("heat", ""),
}
ANYTHING_ELSE = [
    "电也停了",
    "水已经通了",
    "网也太慢了",
    "再加一台燃气锅炉",
    "水也要双路",
    "用水要不要也报",
    "电也能一起办吗",
    "还没用水",
    "水电气",
    "联系电话也换了",
    "再加200千瓦",
    "不用水泵",
]


@pytest.fixture(scope="module")
def form(book: CityBook) -> Form:
    return form_of(book.on("daye", NOW.date()), "B")


@pytest.mark.parametrize("text", ON_AND_OFF)
def test_taken_on_and_off(text: str, form: Form) -> None:
    told = ticking(form, text)
    assert told is not None
    assert (" ".join(sorted(told.on)), " ".join(sorted(told.off))) == ON_AND_OFF[text]
    assert not told.only


@pytest.mark.parametrize("text", ["只要电", "水和气不要了，只要电", "我们只装电就行", "光办电"])
def test_one_and_no_other(text: str, form: Form) -> None:
    told = ticking(form, text)
    assert told is not None
    assert (told.on, told.only) == ({"electricity"}, True)


@pytest.mark.parametrize("text", ANYTHING_ELSE)
def test_anything_else(text: str, form: Form) -> None:
    assert ticking(form, text) is None
