"""Everyday sentences, really understood, at every question of both cities: nothing is saved."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from bot.dialogue.acts import READS
from bot.dialogue.filling import asking
from bot.dialogue.filling.names import role_of
from bot.dialogue.heard import Event, Heard, Kind
from bot.dialogue.state import Sheet
from bot.dialogue.talk import Talk
from bot.dialogue.turn import pending_of, step
from bot.understanding.types import Pending, Understood
from bot.understanding.understander import Understander
from config.cities import CITIES, CityBook, FormCode
from rules.forms import FormField, form_of
from tests.bot.dialogue.stage import NOW, Stage, facts_of

SENTENCES = [
    line
    for line in (Path(__file__).parent / "chatter.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
SHARE = 4
"""Each question hears one sentence in so many; together they hear all, several times."""
BOOK = CityBook.load(CITIES)
FACTS = facts_of(BOOK)


def _questions() -> list[tuple[str, FormCode, str]]:
    """City, form and field: one of each kind of question."""
    found: dict[tuple[str | None, ...], tuple[str, FormCode, str]] = {}
    letters: tuple[FormCode, ...] = ("B", "A")
    for city in BOOK.codes():
        for letter in letters:
            for field in form_of(BOOK.on(city, NOW.date()), letter).fields:
                kind = (city, field.type, role_of(field.key), field.key.partition(".")[2][:6])
                if field.ask or field.required:
                    found.setdefault(kind, (city, letter, field.key))
    return list(found.values())


@pytest.fixture(scope="module")
def understand(book: CityBook) -> Callable[[str, str, Pending | None], Understood]:
    mind = Understander.load([book.on(code, NOW.date()) for code in book.codes()])
    return cache(lambda text, city, pending: mind.understand(text, city=city, pending=pending))


def _asked(city: str, letter: FormCode, key: str) -> Stage:
    """A stage on which the field has just been asked for."""
    stage = Stage.of(BOOK)
    ticked = [o.code for o in _field(city, letter, "utilities").options]
    values = {} if key == "utilities" else {"utilities": ticked}
    if letter == "B":
        case = stage.world.open(city, "draft", values=values)
        sheet = Sheet("B", city, case.id, version=case.version, at=NOW)
    else:
        sheet = Sheet("A", city, values=values, at=NOW)
    state = replace(stage.state, city=city, sheet=sheet)
    asked = asking.ask(Talk(state, stage.facts), _field(city, letter, key))
    stage.state = asked.state
    return stage


def _field(city: str, letter: FormCode, key: str) -> FormField:
    return form_of(BOOK.on(city, NOW.date()), letter).by_key[key]


def _changed(stage: Stage, said: Understood) -> str | None:
    """What a sentence would change: an act, a value of form A, or a question passed over."""
    before, state = stage.state.sheet, stage.state
    event: Event = Heard(Kind.TEXT, said)
    made = step(state, event, FACTS)
    while made.act is not None:
        if not isinstance(made.act, READS):
            return repr(made.act)
        made = step(made.state, stage.world.carry_out(made.act), FACTS)
    after = made.state.sheet
    if before is None or after is None:
        return None
    values = dict(after.values) != dict(before.values)
    skipped = after.skipped != before.skipped
    return f"{after.values} {after.skipped}" if values or skipped else None


@pytest.mark.parametrize(("city", "letter", "key"), _questions())
def test_nothing_is_saved(
    city: str,
    letter: FormCode,
    key: str,
    understand: Callable[[str, str, Pending | None], Understood],
) -> None:
    stage = _asked(city, letter, key)
    pending = pending_of(stage.state, FACTS)
    saved = {}
    for text in SENTENCES[_questions().index((city, letter, key)) % SHARE :: SHARE]:
        if told := _changed(stage, understand(text, city, pending)):
            saved[text] = told
    assert not saved
