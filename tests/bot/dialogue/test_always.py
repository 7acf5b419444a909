"""What holds of any talk: never an exception, never silence, never a word too long, and a draft
changes by acts alone. The stage checks the last three after every turn.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.dialogue.heard import Heard, Kind, Place
from bot.dialogue.replies import Say
from bot.dialogue.turn import pending_of
from bot.understanding.types import Amount, Intent, Pending, Slots, Understood
from config.cities import CITIES, CityBook
from tests.bot.dialogue.stage import Stage

BOOK = CityBook.load(CITIES)
PHRASES = (
    "大冶",
    "周口",
    "水",
    "水电气",
    "都要",
    "李甲",
    "王工",
    "13800001234",
    "1380000",
    "91420281MA4900001H",
    "大冶某某机械有限公司",
    "还地桥镇工业路1号",
    "金湖",
    "川汇区",
    "1",
    "2",
    "9",
    "第三个",
    "20吨",
    "二十",
    "-5",
    "1e9",
    "是",
    "不是",
    "好的",
    "没有",
    "跳过",
    "上一步",
    "暂停",
    "继续",
    "重来",
    "取消",
    "提交",
    "修改",
    "预览",
    "帮助",
    "人工",
    "改电话",
    "改地址",
    "改设备",
    "锅炉2台DN50 3kPa 80方/小时",
    "明天上午9点",
    "2026年11月24日9点",
    "下周三",
    "三点",
    "2027年6月1日",
    "今天天气真好",
    "煤气味好大",
    "？",
    " ",
    "🙏",
    "联系人：张三，电话：13911112222",
    "气不要了",
    "再加一项宽带",
    "约2026年11月25日10点踏勘",
    "x" * 700,
    "\u202e",
    "新装",
    "过户",
    "电信、移动",
    "不清楚",
)
SLOTS = st.builds(
    Slots,
    utilities=st.lists(
        st.sampled_from(["water", "electricity", "gas", "heat", "network", "steam"]), max_size=3
    ).map(tuple),
    kind=st.sampled_from([None, "new", "increase", "temporary", "transfer", "rename"]),
    amount=st.lists(
        st.sampled_from(
            [
                Amount("water", Decimal(20), "t/d"),
                Amount("electricity", Decimal(315), "kVA"),
                Amount("electricity", Decimal("0.001"), "kW"),
                Amount("gas", Decimal(80), "m3/h"),
                Amount("network", Decimal(200), "Mbps"),
                Amount("nothing", Decimal(1), "furlongs"),
            ]
        ),
        max_size=2,
    ).map(tuple),
    datetime=st.sampled_from([None, "明天下午", "2026年11月24日9点"]),
    phone=st.sampled_from([None, "13800001234", "138"]),
    credit_code=st.sampled_from([None, "91420281MA4900001H", "91"]),
    company=st.sampled_from([None, "大冶某某机械有限公司"]),
    person=st.sampled_from([None, "李甲"]),
    address=st.sampled_from([None, "金湖街道建材路8号", "保安镇", "老地方"]),
    application_no=st.sampled_from([None, "2026（000001）号"]),
)
SAID = st.builds(
    Understood,
    text=st.one_of(st.sampled_from(PHRASES), st.text(max_size=30)),
    intent=st.sampled_from(Intent),
    confidence=st.sampled_from([0.1, 0.5, 0.95]),
    slots=st.one_of(st.just(Slots()), SLOTS),
)
EVENTS = st.one_of(
    SAID,
    SAID,
    SAID,
    st.integers(0, 9),
    st.integers(0, 9),
    st.sampled_from(
        ["do:apply", "do:register_intent:zhoukou", "do:x", "menu:apply", "1.yes", "", "."]
    ),
    st.sampled_from([(30.1, 114.9, "金湖街道"), (33.6, 114.65, ""), (0.0, 0.0, "x" * 300)]),
    st.sampled_from([Kind.IMAGE, Kind.VOICE, Kind.OTHER, Kind.FOLLOWED, Kind.LOCATION]),
    st.sampled_from(["later", "elsewhere", "submitted", "gone"]),
)


def _tapped(stage: Stage, at: int) -> Heard:
    """A line said last, else one that is not there."""
    lines = [c for reply in stage.replies if isinstance(reply, Say) for c in reply.choices]
    return Heard(Kind.CHOICE, choice=lines[at % len(lines)].id if lines else "0.none")


def _meanwhile(stage: Stage, what: str) -> None:
    """Something happens outside of the talk."""
    case = stage.case
    if what == "later":
        stage.later(days=2)
    elif case is not None and case.kind == "application":
        if what == "elsewhere":
            fields = {"contact.phone": ("13911112222", case.version), "survey.time": ("bad", 9**9)}
            stage.world.save(case, fields, mine=False)
        elif what == "submitted":
            case.stage = "submitted"
        else:
            stage.world.cases.remove(case)


def _play(stage: Stage, event: Any) -> None:
    match event:
        case Understood():
            stage.hear(Heard(Kind.TEXT, event))
        case int():
            stage.hear(_tapped(stage, event))
        case tuple():
            stage.hear(Heard(Kind.LOCATION, place=Place(*event)))
        case Kind():
            stage.hear(Heard(event, media_id="media" if event is Kind.IMAGE else None))
        case "later" | "elsewhere" | "submitted" | "gone":
            _meanwhile(stage, event)
        case _:
            stage.hear(Heard(Kind.CHOICE, choice=event))


def _talk(events: list[Any], start: Callable[[Stage], None]) -> None:
    stage = Stage.of(BOOK)
    start(stage)
    for event in events:
        _play(stage, event)
        pending = pending_of(stage.state, stage.facts)
        assert pending is None or isinstance(pending, Pending)


def _apply(city: str) -> Callable[[Stage], None]:
    def start(stage: Stage) -> None:
        stage.hear(Heard(Kind.CHOICE, choice=f"do:apply:{city}"))

    return start


def _register(stage: Stage) -> None:
    stage.hear(Heard(Kind.CHOICE, choice="do:register_intent:daye"))


QUIET = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)


@QUIET
@given(st.lists(EVENTS, max_size=14))
def test_any_talk(events: list[Any]) -> None:
    _talk(events, lambda _: None)


@QUIET
@given(st.lists(EVENTS, max_size=14), st.sampled_from(["daye", "zhoukou"]))
def test_any_talk_about_an_application(events: list[Any], city: str) -> None:
    _talk(events, _apply(city))


@QUIET
@given(st.lists(EVENTS, max_size=14))
def test_any_talk_about_a_registration(events: list[Any]) -> None:
    _talk(events, _register)
