"""Small things the topics read: levels of satisfaction, numbers of cases, codes, words."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from bot.dialogue import clock, topics
from bot.dialogue.punctuation import full_width
from bot.dialogue.topics import KEYS
from bot.dialogue.topics.cases import Own, digits, meant, numbered
from bot.dialogue.topics.crew_words import what_of
from bot.dialogue.topics.linking import code_in
from bot.dialogue.topics.rating_levels import level_of
from bot.dialogue.topics.survey_times import proposals
from bot.understanding.types import Slots
from config.cities import CITIES, CityBook
from config.texts import table
from config.texts.chat import chat
from rules.calendar import SHANGHAI, WorkCalendar

BOOK = CityBook.load(CITIES)
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=SHANGHAI)
DIALOGUE = Path(topics.__file__).parent.parent


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("五星好评⭐⭐⭐⭐⭐", 5), ("⭐⭐⭐", 3), ("整体一般般吧,给三颗星", 3), ("一星,不满意", 1),
        ("打9分", 5), ("打8分", 4), ("5分", 5), ("2分", 2), ("100分", 5), ("六十分", 3),
        ("零分", 1),
        ("评价一下:满意", 4), ("非常满意", 5), ("基本满意", 3), ("不满意", 2), ("非常不满意", 1),
        ("很不满意", 1), ("不太满意", 2), ("服务不错", 4), ("得劲!满分", 5), ("差评", 1),
        ("有点差", 2),
        ("还行", 3), ("太差了", 1), ("我要评价", None), ("在哪评价", None), ("", None),
        ("等了20分钟", None), ("七颗星", None), ("1000分", None),
    ],
)  # fmt: skip
def test_levels(text: str, level: int | None) -> None:
    assert level_of(text) == level


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("48213907", "48213907"), ("4821 3907", "48213907"), (" 4821-3907 ", "48213907"),
        ("绑定码48213907", "48213907"), ("我的关联码是 48213907", "48213907"),
        ("13800001234", None),
        ("4821390", None), ("查48213907", None), ("91411681MA9FLN2U34", None),
        ("关联码13800001234", None), ("", None),
    ],
)  # fmt: skip
def test_codes(text: str, code: str | None) -> None:
    assert code_in(text) == code


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("已到现场", "arrived"), ("到了到了,堵车晚了十分钟", "arrived"), ("现场签到", "arrived"),
        ("踏勘完成,符合接入条件", "finished"), ("燃气这边看完了,先走一步", "finished"),
        ("施工完毕 路面已恢复", "finished"), ("到了,看完了", "finished"), ("供水小刘", None),
    ],
)  # fmt: skip
def test_what_a_crew_tells(text: str, what: str | None) -> None:
    assert what_of(text) == what


def own(sequence: int, name: str, *utilities: str, city: str = "daye") -> Own:
    number = BOOK.on(city, NOW.date()).numbering.format(2026, sequence)
    uses = tuple(BOOK.on(city, NOW.date()).utilities[each].use for each in utilities)
    return Own(UUID(int=sequence), "application", city, number, "surveying", "踏勘中", name, uses)


CASES = (own(12, "大冶样例铸造有限公司", "water"), own(112, "大冶样例酒店", "gas", "water"))


@pytest.mark.parametrize(
    ("number", "found"),
    [
        ("2026（000012）号", [12]), ("2026(12)号", [12]), ("2026-0012", [12]), ("12", [12]),
        ("2025（000012）号", []), ("2026（000777）号", []), ("号", []), ("", []), ("112号", [112]),
    ],
)  # fmt: skip
def test_numbers_however_typed(number: str, found: list[int]) -> None:
    assert [int(each.id) for each in numbered(CASES, number)] == found


def test_numbers_compare_without_leading_zeros() -> None:
    assert digits("2026（000012）号") == digits("2026-12") == "2026-12"


def test_which_case_is_meant() -> None:
    def found(slots: Slots, text: str = "") -> list[int]:
        return [
            int(each.id) for each in meant(CASES, slots, lambda c: BOOK.on(c, NOW.date()), text)
        ]

    assert found(Slots()) == [12, 112]
    assert found(Slots(utilities=("gas",))) == [112]
    assert found(Slots(utilities=("heat",))) == [12, 112]
    assert found(Slots(utilities=("water",))) == [12, 112]
    assert found(Slots(company="样例铸造")) == [12]
    assert found(Slots(), "大冶样例酒店的到哪了") == [112]
    assert found(Slots(application_no="2026（000112）号")) == [112]


def test_proposals_are_working_times_of_the_coming_days() -> None:
    city = BOOK.on("daye", NOW.date())
    calendar = WorkCalendar(city.hours, city.same_day_cutoff)
    for now in (NOW, NOW + timedelta(hours=9), NOW + timedelta(days=1), NOW + timedelta(days=40)):
        found = proposals(city, calendar, now)
        assert len(found) == 4
        assert list(found) == sorted(set(found))
        assert all(at > now + timedelta(hours=3) for at in found)
        assert all(calendar.is_working_time(at) for at in found)


def test_times_are_said_with_their_day() -> None:
    assert clock.moment("2026-11-24T09:00:00+08:00", NOW) == "11月24日（周二）09:00"
    assert clock.moment("2027-01-04T01:30:00+00:00", NOW) == "2027年1月4日（周一）09:30"
    assert clock.moment("2026-11-24T09:00:00", NOW) == ""
    assert clock.moment("soon", NOW) == clock.moment(7, NOW) == clock.moment(None, NOW) == ""


def test_signs_are_written_as_chinese_is() -> None:
    assert full_width("踏勘约了三次,都没来!(13:40)") == "踏勘约了三次，都没来！(13:40)"
    assert full_width("315kVA,20t") == "315kVA,20t"


def test_the_custom_menus_keys_all_begin_something() -> None:
    assert {"menu:status", "menu:survey", "menu:guide", "menu:contacts", "menu:person"} <= set(KEYS)
    assert {"menu:complain", "menu:rate", "menu:apply", "menu:register"} <= set(KEYS)


def _codes() -> dict[str, set[str]]:
    """Codes of texts as the dialogue names them, by file; those made up of parts are patterns."""
    found: dict[str, set[str]] = {}
    for path in DIALOGUE.rglob("*.py"):
        text = path.read_text("utf-8")
        named = set(re.findall(r'"([a-z]+\.[a-z_{}\[\]\'.=!<> ]+)"', text))
        found[path.name] = {re.sub(r"\{[^}]*\}", "*", each) for each in named}
    return found


def test_every_text_of_the_topics_is_used_and_every_code_has_one() -> None:
    mine = table("chat_topics")
    used = {code for codes in _codes().values() for code in codes}
    patterns = [re.compile(re.escape(each).replace(r"\*", "[a-z_0-9]*")) for each in used]
    lists = {"documents", "utilities"}
    for section, texts in mine.items():
        for name in () if section in lists else texts:
            code = f"{section}.{name}"
            assert isinstance(chat(code), str)
            assert any(each.fullmatch(code) for each in patterns), f"{code} is said nowhere"
    for code in used:
        section, _, name = code.partition(".")
        if section in mine and "*" not in code and section not in lists:
            assert name in mine[section], f"{code} has no words"


def test_sections_of_both_files_are_apart() -> None:
    assert not set(table("chat")) & set(table("chat_topics"))
