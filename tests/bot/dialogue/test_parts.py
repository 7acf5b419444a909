"""The small parts: lengths, choices, cities, amounts, labels, names of fields, times."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue import cities, menus
from bot.dialogue.filling import amounts, editing, labelled, names, times
from bot.dialogue.heard import Heard, Kind
from bot.dialogue.lengths import BYTES, CHARACTERS, fits, fitting
from bot.dialogue.replies import Choice, HandOver, PageLink, Reply, Say
from bot.dialogue.state import Question
from bot.dialogue.turn import State, pending_of
from bot.dialogue.yes_no import yes_or_no
from bot.understanding.types import Amount, Pending
from config.cities import CITIES, CityBook
from rules.forms import form_of
from tests.bot.dialogue.stage import NOW, Stage, facts_of, understood

BOOK = CityBook.load(CITIES)
FACTS = facts_of(BOOK)
DAYE = form_of(BOOK.on("daye", NOW.date()), "B")
ZHOUKOU = form_of(BOOK.on("zhoukou", NOW.date()), "B")
TEXTS = st.text(alphabet="水电气\nab😀", max_size=2500)
CHOICES = st.lists(st.builds(Choice, st.just("1.a"), st.text(max_size=30)), max_size=10).map(tuple)


@given(st.lists(st.builds(Say, TEXTS, CHOICES), min_size=1, max_size=4).map(tuple))
def test_long_texts_are_split_and_nothing_is_lost(replies: tuple[Reply, ...]) -> None:
    made = fitting(replies)
    for reply in made:
        assert isinstance(reply, Say)
        whole = "\n".join((reply.text, *(choice.label for choice in reply.choices)))
        assert len(whole) <= CHARACTERS
        assert len(whole.encode()) <= BYTES
    before = "".join(reply.text for reply in replies).replace("\n", "")
    after = "".join(reply.text for reply in made).replace("\n", "").replace("请选择：", "")
    assert before == after
    offered = [choice for reply in replies if isinstance(reply, Say) for choice in reply.choices]
    kept = [choice for reply in made if isinstance(reply, Say) for choice in reply.choices]
    assert kept == offered


def test_short_texts_go_together_and_keep_their_links() -> None:
    link, other = PageLink("甲", "a"), PageLink("乙", "b")
    made = fitting((Say("一", links=(link,)), Say("二", (Choice("1.x", "三"),), (other, link))))
    assert made == (Say("一\n\n二", (Choice("1.x", "三"),), (link, other)),)
    apart = (Say("一", (Choice("1.x", "三"),)), Say("二"), HandOver("四"))
    assert fitting(apart) == apart
    assert fits("x" * CHARACTERS)
    assert not fits("x" * (CHARACTERS + 1))


def _question(numbered: bool = True) -> Question:
    offered = (("yes", "是"), ("no", "不是"), ("o:a", "用水报装"))
    made = menus.choices(7, offered, numbered=numbered)
    return Question("form", "field", "？", made, numbered=numbered, serial=7)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("1", "yes"),
        ("2.", "no"),
        ("第三个", "o:a"),
        ("选1", "yes"),
        ("用水报装", "o:a"),
        ("4", None),
        ("用水报装。", "o:a"),
        ("水", None),
        ("", None),
        ("12", None),
        ("二", "no"),
    ],
)
def test_choices_are_picked_by_number_or_words(text: str, key: str | None) -> None:
    heard = Heard(Kind.TEXT, understood(text, None))
    assert menus.picked(_question(), heard) == key


def test_where_a_number_is_an_answer_it_picks_nothing() -> None:
    assert menus.picked(_question(numbered=False), Heard(Kind.TEXT, understood("1", None))) is None
    assert [choice.label for choice in _question(numbered=False).choices] == [
        "是",
        "不是",
        "用水报装",
    ]


def test_a_tap_on_an_older_question_is_told_apart() -> None:
    assert menus.picked(_question(), Heard(Kind.CHOICE, choice="7.no")) == "no"
    assert menus.picked(_question(), Heard(Kind.CHOICE, choice="6.no")) is None
    assert menus.picked(_question(), Heard(Kind.CHOICE, choice="7.another")) is None  # not offered
    assert menus.stale(_question(), Heard(Kind.CHOICE, choice="6.no"))


@given(st.integers(1, 40), st.integers(0, 3))
def test_pages_show_everything_once(count: int, below: int) -> None:
    lines = [(f"k{at}", f"第{at}") for at in range(count)]
    shown: list[str] = []
    for at in range(count):
        page = menus.page(lines, at, "更多", below)
        assert len(page) + below <= menus.MOST
        fresh = [key for key, _ in page if key != menus.MORE]
        if fresh[0] in shown:
            break
        shown += fresh
    assert shown == [key for key, _ in lines]


@pytest.mark.parametrize(
    ("text", "address", "code"),
    [
        ("大冶这边", "", "daye"),
        ("周口市怎么办", "", "zhoukou"),
        ("还地桥镇", "", "daye"),
        ("在还地桥", "", "daye"),
        ("找保安问问", "", None),
        ("", "保安农贸市场", "daye"),
        ("项城市的", "", "zhoukou"),
        ("大冶和周口", "", None),
        ("你好", "", None),
    ],
)
def test_the_city_spoken_of(text: str, address: str, code: str | None) -> None:
    assert cities.named(text, FACTS, address) == code


@pytest.mark.parametrize(
    ("stated", "text", "placed"),
    [
        ([Amount("water", Decimal(20), "t/d")], "一天20吨", {"water.daily_amount": "20"}),
        (
            [
                Amount("electricity", Decimal(1000), "kVA"),
                Amount("electricity", Decimal(400), "kVA"),
            ],
            "主供1000备供400",
            {"electricity.main_capacity": "1000", "electricity.backup_capacity": "400"},
        ),
        (
            [Amount("electricity", Decimal(400), "kW")],
            "备供400",
            {"electricity.backup_capacity": "400"},
        ),
        ([Amount("gas", Decimal(80), "m3/h")], "80方", {"gas.devices": [{"load": "80"}]}),
        (
            [Amount("network", Decimal(200), "Mbps"), Amount("network", Decimal(8), "lines")],
            "200兆8门",
            {"network.bandwidth": "200", "network.lines": "8"},
        ),
        ([Amount("heat", Decimal(50), "kW")], "50千瓦", {}),
        ([Amount("water", Decimal(5), "kVA")], "5", {}),
    ],
)
def test_amounts_go_where_their_unit_fits(
    stated: list[Amount], text: str, placed: dict[str, object]
) -> None:
    assert amounts.placed(DAYE, stated, text).given == placed


def test_heat_takes_kilowatts_in_zhoukou() -> None:
    found = amounts.placed(ZHOUKOU, [Amount("heat", Decimal(50), "kW")], "50千瓦")
    assert found.given == {"heat.load": "50"}
    assert amounts.by_unit(ZHOUKOU, "供暖1200平方米") == {"heat.area": "1200"}


def test_labels_and_what_follows_them() -> None:
    text = "联系人:李甲 联系电话:13800001234,地址是工业路1号;项目代码为2026-420281-44-01-123456"
    assert labelled.pairs(DAYE, text) == {
        "contact.name": "李甲",
        "contact.phone": "13800001234",
        "site.address": "工业路1号",
        "project.code": "2026-420281-44-01-123456",
    }
    assert labelled.pairs(DAYE, "联系人是谁") == {}
    assert labelled.pairs(DAYE, "联系人不在") == {}
    assert labelled.pairs(DAYE, "电话在哪查") == {}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("改电话", "contact.phone"),
        ("修改联系人", "contact.name"),
        ("把地址改一下", None),
        ("改信用代码", "enterprise.credit_code"),
        ("地址填错了", "site.address"),
        ("换个带宽", "network.bandwidth"),
        ("改天再说", None),
        ("改经办人电话", "agent.phone"),
        ("换灯泡", None),
    ],
)
def test_which_field_is_to_be_changed(text: str, key: str | None) -> None:
    what = editing.asked_for(text)
    named = names.named_fields(DAYE.fields, what) if what else []
    assert (named[0].key if named else None) == key


@pytest.mark.parametrize(
    ("text", "value", "candidates", "missing"),
    [
        ("明天上午9点", "2026-11-21T09:00+08:00", 0, ""),
        ("下周二下午三点", "2026-11-24T15:00+08:00", 0, ""),
        ("下周二上午", None, 2, "hour"),
        ("上午九点", None, 2, "day"),
        ("下周", None, 4, "day"),
        ("尽快", None, 4, "any"),
        ("工作日都可以", None, 4, "any"),
        ("后天", "2026-11-22T09:00+08:00", 0, ""),
        ("晚上8点", "2026-11-20T20:00+08:00", 0, ""),
        ("2026/11/25 3pm", "2026-11-25T15:00+08:00", 0, ""),
        ("11-25 15:00", "2026-11-25T15:00+08:00", 0, ""),
        ("11月31日", "2026-11-31", 0, ""),
        ("周三不行，周四上午10点吧", "2026-11-26T10:00+08:00", 0, ""),
        ("随便聊聊", None, -1, ""),
    ],
)
def test_times_are_read_or_asked_back(
    text: str, value: str | None, candidates: int, missing: str
) -> None:
    field, calendar = DAYE.by_key["survey.time"], FACTS.calendars["daye"]
    found = times.read(field, text, now=NOW, calendar=calendar)
    if candidates < 0:
        assert found is None
        return
    assert found is not None
    assert found.value == value
    assert len(found.candidates) == candidates
    assert found.missing == missing


def test_halves_of_a_time_are_put_together() -> None:
    assert times.completed("后天", "上午9点") == "后天 上午9点"
    assert times.completed("上午9点", "后天") == "后天 上午9点"
    assert times.completed("明年三月", "15号") == "明年三月15号"
    assert times.completed("", "15号") is None


def test_times_offered_are_working_ones() -> None:
    calendar = FACTS.calendars["daye"]
    offered = times.openings(NOW, calendar)
    assert len(offered) == 4
    assert all(at > NOW and calendar.is_working_time(at) for at in offered)
    assert times.said(offered[0], NOW) == "11月23日(周一)上午9点"


@pytest.mark.parametrize(
    ("text", "meant", "told"),
    [
        ("是", None, True),
        ("不用了", "deny", False),
        ("嗯嗯", None, True),
        ("今天天气真好", None, None),
        ("中", None, True),
        ("没错就是这个", "affirm", True),
        ("1", None, True),
        ("2", None, False),
    ],
)
def test_yes_and_no(text: str, meant: str | None, told: bool | None) -> None:
    assert yes_or_no(_question(), Heard(Kind.TEXT, understood(text, meant))) is told


def test_the_understanding_is_told_what_is_waited_for() -> None:
    assert pending_of(State(), FACTS) is None
    stage = Stage.of(BOOK)
    stage.say("大冶，申请用水", "apply u:water")
    assert pending_of(stage.state, FACTS) == Pending("text", ("申请单位",))
    for text in ("大冶某某机械有限公司", "91420281MA4900001H", "李甲", "13800001234"):
        stage.say(text)
    pending = pending_of(stage.state, FACTS)
    assert pending is not None
    assert pending.type == "town"
    assert {"还地桥镇", "还地桥"} <= set(pending.words)
    stage.say("取消")
    pending = pending_of(stage.state, FACTS)
    assert pending is not None
    assert pending.type == "confirm"
