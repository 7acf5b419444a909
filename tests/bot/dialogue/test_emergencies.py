"""Danger comes first, whatever is being talked about, and leaves the talk as it was."""

from dataclasses import replace

import pytest

from bot.dialogue import emergencies
from bot.dialogue.heard import Heard, Kind
from bot.dialogue.state import CUT_SHORT, Question
from bot.dialogue.turn import State, step
from bot.understanding.types import Intent, Pending, Slots, Understood
from config.cities import CityBook
from tests.bot.dialogue.stage import Stage, facts_of

GAS = [
    "煤气味好大",
    "厨房闻到煤气味了",
    "燃气泄漏了快来人",
    "有股臭鸡蛋味",
    "天然气管子漏了",
    "好像漏气了",
    "楼道里一股煤气",
    "挖机把燃气管挖漏了",
    "闻着像天然气漏了怎么办",
]
SPARK = ["变压器炸了", "电线杆倒了压着车", "有人触电了", "电表箱冒烟", "高压线断了掉在路上"]
NOT_NOW = [
    "燃气泄漏报警器要不要装",
    "怎么预防煤气泄漏",
    "要是煤气漏了怎么办理保险",
    "换煤气罐",
    "天然气多少钱一方",
    "去年煤气漏过一次",
    "我生气了",
    "今天天气真好",
    "气管炎",
]


def _said(text: str, intent: Intent = Intent.OUT_OF_SCOPE, slots: Slots | None = None) -> Heard:
    return Heard(Kind.TEXT, Understood(text, intent, 0.9, slots or Slots()))


@pytest.mark.parametrize("text", GAS)
@pytest.mark.parametrize("intent", [Intent.REPORT_FAULT, Intent.OUT_OF_SCOPE, Intent.APPLY])
def test_gas_at_once(text: str, intent: Intent, book: CityBook) -> None:
    made = step(State(), _said(text, intent), facts_of(book))
    assert made.act is None
    assert made.state == State()
    said = made.replies[0].text
    for number in ("119", "110", "12345"):
        assert number in said
    assert "开窗" in said
    assert "？" not in said


@pytest.mark.parametrize("text", SPARK)
def test_danger_by_electricity_at_once(text: str, book: CityBook) -> None:
    made = step(State(city="daye"), _said(text), facts_of(book))
    said = made.replies[0].text
    assert "119" in said
    assert "95598" in said


@pytest.mark.parametrize("text", NOT_NOW)
def test_what_is_no_danger_now(text: str, book: CityBook) -> None:
    made = step(State(city="daye"), _said(text, Intent.ASK_PROCESS), facts_of(book))
    assert not made.replies or "开窗" not in made.replies[0].text


@pytest.mark.parametrize(
    ("utilities", "stated", "silent"),
    [
        (("electricity",), "95598", ""),
        (("water",), "12345", "用水的抢修电话方案未写明"),
        ((), "95598", ""),
    ],
)
def test_an_outage_gets_the_numbers_the_city_states(
    utilities: tuple[str, ...], stated: str, silent: str, book: CityBook
) -> None:
    heard = _said("停了一上午了", Intent.REPORT_FAULT, Slots(utilities=utilities))
    made = step(State(city="daye"), heard, facts_of(book))
    assert stated in made.replies[0].text
    assert silent in made.replies[0].text


@pytest.mark.parametrize(
    "so_far",
    [
        [],
        ["大冶某某机械有限公司"],
        ["提交"],
        ["重来"],
        ["取消"],
        ["改电话"],
        ["嘎嘎", "嘎嘎"],
        ["暂停"],
    ],
)
def test_the_talk_stays_as_it_was(so_far: list[str], book: CityBook) -> None:
    stage = Stage.of(book)
    stage.say("大冶，申请用水", "apply u:water")
    for text in so_far:
        stage.say(text)
    before, done = stage.state, len(stage.world.done)
    stage.say("煤气味好大")
    assert "119" in stage.text
    stage.state = replace(stage.state, asked=_as_if_not_cut_short(stage.state.asked))
    assert stage.state == before
    assert len(stage.world.done) == done


def _as_if_not_cut_short(asked: Question | None) -> Question | None:
    """A yes said before no longer counts; else the question is the same."""
    if asked is None:
        return None
    return replace(asked, data={k: v for k, v in asked.data.items() if k != CUT_SHORT})


HEATING = Pending("multi", ("用热方式", "散热器", "暖气片", "散热片", "地面辐射", "地暖"))


@pytest.mark.parametrize(
    "text", ["暖气片", "散热片", "用暖气片吧", "暖气片和地暖", "地暖、散热片都要"]
)
def test_the_questions_own_words_are_an_answer_and_no_fault(text: str, book: CityBook) -> None:
    heard, facts = _said(text, Intent.REPORT_FAULT), facts_of(book)
    assert emergencies.of(heard, facts, "zhoukou") is not None
    assert emergencies.of(heard, facts, "zhoukou", HEATING) is None


@pytest.mark.parametrize("text", ["暖气片不热", "暖气片漏水了", "地暖坏了", "停电了"])
def test_a_fault_stays_one_whatever_is_asked(text: str, book: CityBook) -> None:
    heard = _said(text, Intent.REPORT_FAULT)
    assert emergencies.of(heard, facts_of(book), "zhoukou", HEATING) is not None


def test_danger_goes_before_any_question(book: CityBook) -> None:
    words = Pending("multi", ("煤气味好大",))
    assert emergencies.of(_said("煤气味好大"), facts_of(book), "zhoukou", words) is not None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("我们厂生产变压器和电线杆", False),
        ("公司主要经营配电箱", False),
        ("我们是加工水管的", False),
        ("换水表要申请吗", False),
        ("安装报警器要不要报备吗", False),
        ("生产线停电了", True),
        ("停电了要报修吗", True),
        ("我们加工厂停水了", True),
    ],
)
def test_works_and_trades_are_no_faults(text: str, fault: bool, book: CityBook) -> None:
    told = emergencies.of(_said(text, Intent.REPORT_FAULT), facts_of(book), "zhoukou")
    assert (told is not None) is fault
