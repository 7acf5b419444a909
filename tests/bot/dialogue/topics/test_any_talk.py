"""What holds of any talk about cases, surveys, visits, complaints, ratings and linking.

Never an exception, never silence, never a word too long (the stage looks after every turn); and no
act ever names a case that the person was not told of.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.dialogue import acts
from bot.dialogue.heard import Done, Heard, Kind, Refused
from bot.dialogue.replies import Say
from bot.dialogue.turn import pending_of
from bot.understanding.types import Intent, Slots, Understood
from config.cities import CITIES, CityBook
from rules.calendar import SHANGHAI
from rules.errors import Code, Fault
from tests.bot.dialogue.stage import Stage
from tests.bot.dialogue.topics.own import SHAPES, Own
from tests.bot.dialogue.topics.playing import stage_of, town_of
from tests.bot.dialogue.topics.town import Town, visit

BOOK = CityBook.load(CITIES)
TEXTS = (
    "电的呢", "那周口呢", "踏勘呢", "水", "1", "2", "5", "是", "不是", "好的", "算了", "先不约了",
    "换个时间", "2026年11月24日 上午9点", "2026-11-22 09:00", "明天下午三点", "几点都行",
    "五星好评⭐⭐⭐⭐⭐", "一星", "打9分", "太慢了", "12345678", "1234 5678", "绑定码12345678",
    "13800001234", "91411681MA9FLN2U34", "2026（000012）号", "2026（000777）号", "12号那个",
    "到了", "看完了", "到了，看完了", "我要投诉", "踏勘约了三次都没来，{没人}管",
    "管线180米能走承诺不", "占绿地二十五平方", "9999999999999999999999米", "穿铁路",
    "新修的路不到五年", "主干道", "过户要多久", "周六开门吗", "意见单", "采集单", "回执",
    "燃气公司电话", "今天天气怎么样", "人工", "看后面的", "x" * 700, "\u202e", "？", "⭐" * 30,
    "零分", "负一分", "100分", "两颗星",
)  # fmt: skip
INTENTS = (
    Intent.QUERY_STATUS, Intent.QUERY_DEADLINE, Intent.BOOK_SURVEY, Intent.RESCHEDULE_SURVEY,
    Intent.CANCEL_SURVEY, Intent.CONFIRM_VISIT, Intent.ASK_MATERIALS, Intent.ASK_TIME_LIMIT,
    Intent.ASK_COMMITMENT, Intent.ASK_PERMIT, Intent.ASK_CONTACT, Intent.ASK_DOCUMENT,
    Intent.COMPLAIN, Intent.EVALUATE, Intent.BILL_PAYMENT, Intent.OUT_OF_SCOPE, Intent.AFFIRM,
    Intent.DENY, Intent.APPLY, Intent.HUMAN_AGENT,
)  # fmt: skip
SLOTS = st.builds(
    Slots,
    utilities=st.lists(st.sampled_from(["water", "gas", "heat", "steam"]), max_size=2).map(tuple),
    kind=st.sampled_from([None, "transfer", "new"]),
    datetime=st.sampled_from([None, "2026年11月24日 上午9点", "昨天", "国庆前"]),
    phone=st.sampled_from([None, "13800001234"]),
    company=st.sampled_from([None, "样例铸造", "某"]),
    application_no=st.sampled_from([None, "2026（000012）号", "2026-777", "号"]),
)
SAID = st.builds(
    Understood,
    text=st.one_of(st.sampled_from(TEXTS), st.text(max_size=20)),
    intent=st.sampled_from(INTENTS),
    confidence=st.sampled_from([0.2, 0.9]),
    slots=st.one_of(st.just(Slots()), SLOTS),
)
KEYS = tuple(
    f"menu:{each}" for each in ("status", "survey", "guide", "contacts", "complain", "rate")
)
EVENTS = st.one_of(SAID, SAID, st.integers(0, 9), st.integers(0, 9), st.sampled_from(KEYS))
OWN = st.builds(
    Own,
    city=st.sampled_from(["daye", "zhoukou"]),
    stage=st.sampled_from(sorted(SHAPES)),
    sequence=st.integers(1, 15),
    name=st.sampled_from(["大冶样例铸造有限公司", "周口样例酒店", ""]),
    utilities=st.sampled_from([("water",), ("water", "gas"), ("electricity", "network")]),
    survey_at=st.sampled_from([None, datetime(2026, 11, 24, 9, tzinfo=SHANGHAI)]),
    due_in=st.sampled_from([timedelta(days=-1), timedelta(days=3), timedelta(days=60)]),
    paused=st.sampled_from(["", "heavy_pollution", "unknown_reason"]),
    unsure=st.booleans(),
)
REFUSED = st.sampled_from(
    [
        Refused(Code.NOT_FOUND),
        Refused(Code.MOVE_NOT_ALLOWED),
        Refused(Code.GUARD_FAILED, data={"guard": "survey_open"}),
        Refused(Code.INVALID, (Fault("at", "time_past", "时间"),)),
        Refused(Code.CHAT_CODE_WRONG),
        Refused(Code.TOO_MANY, data={"retry_after": 60}),
        Refused(Code.UNAVAILABLE),
    ]
)
ODD = st.sampled_from(
    [
        {},
        {"items": None},
        {"items": [{}, {"kind": "application"}, {"id": "x", "city": "y", "kind": 1, "state": 2}]},
        {"items": "nothing"},
        {"id": "x", "city": "nowhere", "stage": "accepted"},
        {"number": None, "due_at": "soon", "at": 7},
    ]
)
QUIET = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)


def _hear(stage: Stage, event: Any) -> None:
    match event:
        case Understood():
            stage.hear(Heard(Kind.TEXT, event))
        case int():
            lines = [c for r in stage.replies if isinstance(r, Say) for c in r.choices]
            key = lines[event % len(lines)].id if lines else "0.none"
            stage.hear(Heard(Kind.CHOICE, choice=key))
        case _:
            stage.hear(Heard(Kind.CHOICE, choice=event))
    pending_of(stage.state, stage.facts)


def _known(town: Town) -> set[object]:
    return {each.id for each in town.own} | {each.id for each in town.cases}


def _asked_for(act: acts.Act) -> object:
    return getattr(act, "case", None)


@QUIET
@given(st.lists(OWN, max_size=3), st.lists(EVENTS, max_size=12), st.booleans())
def test_any_talk(own: list[Own], events: list[Any], linked: bool) -> None:
    stage = _stage(own, linked)
    known = _known(town_of(stage))
    for event in events:
        _hear(stage, event)
        known |= _known(town_of(stage))
        assert all(_asked_for(act) in known | {None} for act in stage.acted)


@QUIET
@given(
    st.lists(OWN, min_size=1, max_size=2),
    st.lists(st.tuples(EVENTS, st.one_of(REFUSED, ODD)), max_size=8),
)
def test_whatever_comes_of_an_act(own: list[Own], events: list[Any]) -> None:
    stage = _stage(own, linked=True)
    for event, outcome in events:
        answer = outcome if isinstance(outcome, Refused) else Done(outcome)
        town_of(stage).refusals = dict.fromkeys(_TOPICS_ACTS, answer)
        _hear(stage, event)


_TOPICS_ACTS = (
    "ReadStatus", "ReadCases", "BookSurvey", "CancelSurvey", "ReadVisits", "ConfirmVisit", "Rate",
    "Complain", "Link",
)  # fmt: skip


def _stage(own: list[Own], linked: bool) -> Stage:
    stage = stage_of(BOOK)
    town = town_of(stage)
    town.own = list({each.id: each for each in own}.values())
    town.code = "12345678"
    town.visits = [visit(each, each.utilities[0], "survey", town) for each in town.own]
    crew = ("daye", "zhoukou") if linked else ()
    stage.facts = replace(
        stage.facts, linked=linked, crew_cities=crew, mini_program="wx-test" if linked else ""
    )
    return stage
