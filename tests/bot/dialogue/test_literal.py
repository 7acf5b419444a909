"""What is kept of free text is what was typed: no typo mended, no character simplified."""

import pytest

from bot.dialogue.filling.fits_rows import rows_answer
from bot.understanding.types import Pending
from bot.understanding.understander import Understander
from config.cities import CityBook
from rules.forms import form_of
from tests.bot.dialogue.stage import NOW, Stage

FIRST = "我们厂要报装水和电，在大冶"
COMPANY = "大冶市興隆抱装印刷有限公司"
"""With traditional characters, and with what elsewhere is a misspelling of 报装."""


@pytest.fixture(scope="module")
def mind(book: CityBook) -> Understander:
    return Understander.load([book.on(code, NOW.date()) for code in book.codes()])


@pytest.fixture
def stage(book: CityBook, mind: Understander) -> Stage:
    return Stage.of(book, mind=mind)


def say(stage: Stage, *texts: str) -> None:
    for text in texts:
        stage.say(text)


def test_understood_keeps_both(mind: Understander) -> None:
    said = mind.understand("  " + COMPANY + "要抱装１０千福安 ")
    assert said.text == "大冶市兴隆报装印刷有限公司要报装10千伏安"
    assert said.literal == said.typed == COMPANY + "要抱装10千福安"
    assert said.as_typed("兴隆报装") == "興隆抱装"
    assert said.as_typed("别处的话") == "别处的话"


def test_answers_to_their_questions(stage: Stage) -> None:
    say(stage, FIRST, COMPANY, "91420281MA4900001H", "陳样", "13800001234", "还地桥镇")
    say(stage, "工業路抱装巷1號")
    assert stage.values["enterprise.name"] == COMPANY
    assert stage.values["contact.name"] == "陳样"
    assert stage.values["site.address"] == "工業路抱装巷1號"


def test_answers_told_by_label(stage: Stage) -> None:
    say(
        stage, FIRST, f"公司名称：{COMPANY}，联系人：陳样，地址：工業路抱装巷1號，电话：13800001234"
    )
    assert stage.values["enterprise.name"] == COMPANY
    assert stage.values["contact.name"] == "陳样"
    assert stage.values["site.address"] == "工業路抱装巷1號"


def test_the_county_in_a_traditional_company_is_not_the_site(stage: Stage) -> None:
    say(stage, "我们厂要报装水和电，在周口", "太康縣興隆食品有限公司")
    assert stage.values["enterprise.name"] == "太康縣興隆食品有限公司"
    assert "site.town" not in stage.values


def test_what_is_complained_of(stage: Stage) -> None:
    say(stage, "我要投訴，你們他勘的人態度惡劣，約好三次都沒來", "大冶")
    assert "你們他勘的人態度惡劣" in stage.text


def test_devices(book: CityBook, mind: Understander) -> None:
    field = form_of(book.on("daye", NOW.date()), "B").by_key["gas.devices"]
    said = mind.understand("蒸汽鍋爐2台", pending=Pending(field.type.value))
    assert "锅炉" in said.text
    reading = rows_answer(field, said, NOW, None)
    assert [row[field.columns[0].key] for row in reading.value] == ["蒸汽鍋爐"]
