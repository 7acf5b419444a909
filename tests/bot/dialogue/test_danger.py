"""Lines of danger and harmless ones beside them, as they are really understood."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.dialogue.danger import Danger, of
from bot.dialogue.heard import Heard, Kind
from bot.dialogue.turn import State, step
from bot.understanding.types import Intent, Slots, Understood
from bot.understanding.understander import Understander
from config.cities import CityBook
from tests.bot.dialogue.stage import NOW, facts_of

FOLDER = Path(__file__).parent / "danger"


def lines(name: str) -> list[str]:
    """Lines of a file without its heading."""
    told = (FOLDER / f"{name}.txt").read_text("utf-8").splitlines()
    return [line for line in told if line and not line.startswith("#")]


@pytest.fixture(scope="module")
def mind(book: CityBook) -> Understander:
    return Understander.load([book.on(code, NOW.date()) for code in book.codes()])


def test_there_are_enough_lines_of_each() -> None:
    assert len(set(lines("gas"))) >= 60
    assert len(set(lines("harmless"))) >= 60
    assert not set(lines("gas")) & set(lines("harmless"))


@pytest.mark.parametrize("text", lines("gas"))
@pytest.mark.parametrize("city", [None, "daye"])
def test_gas_is_warned_of_first(
    text: str, city: str | None, book: CityBook, mind: Understander
) -> None:
    said = mind.understand(text, city=city)
    before = State(city=city)
    made = step(before, Heard(Kind.TEXT, said), facts_of(book))
    assert made.act is None
    assert made.state == before
    warning = made.replies[0].text
    assert "开窗" in warning
    assert "119" in warning


@pytest.mark.parametrize("intent", [Intent.OUT_OF_SCOPE, Intent.APPLY, Intent.QUERY_STATUS])
def test_nearly_all_is_known_by_its_words_alone(intent: Intent, mind: Understander) -> None:
    told = [replace(mind.understand(text), intent=intent, confidence=0.9) for text in lines("gas")]
    unknown = [said.text for said in told if of(said) is not Danger.GAS]
    assert len(unknown) <= 3, unknown


@pytest.mark.parametrize("text", lines("harmless"))
def test_what_is_no_danger_now_is_not_warned_of(text: str, mind: Understander) -> None:
    for city in (None, "daye", "zhoukou"):
        assert of(mind.understand(text, city=city)) is None


@pytest.mark.parametrize("text", lines("spark"))
def test_current_and_fire(text: str, book: CityBook, mind: Understander) -> None:
    said = mind.understand(text, city="zhoukou")
    assert of(said) is Danger.SPARK
    made = step(State(city="zhoukou"), Heard(Kind.TEXT, said), facts_of(book))
    assert "119" in made.replies[0].text


@pytest.mark.parametrize("name", ["周口样例天然气泄漏检测有限公司", "大冶样例燃气断裂修复厂"])
def test_a_company_is_no_danger(name: str) -> None:
    assert of(Understood(name, Intent.APPLY, 0.9, Slots(company=name))) is None


@pytest.mark.parametrize("sure", [0.3, 0.9])
def test_a_fault_of_gas_that_is_not_made_out_is_warned_of_below_certainty(sure: float) -> None:
    said = Understood("天然气那边不对劲", Intent.REPORT_FAULT, sure, Slots(utilities=("gas",)))
    assert (of(said) is Danger.GAS) is (sure < 0.4)
    outage = replace(said, text="我们这片停气了")
    assert of(outage) is None
