"""Every code of the chat has its words, all places are filled, and every field has names."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.dialogue.commands import Command, command_of
from config.cities import CITIES, CityBook
from config.texts import table
from config.texts.chat import TABLES, chat
from rules.forms import form_of
from tests.bot.dialogue.stage import NOW

ROOT = Path(__file__).parents[3] / "bot"
BOOK = CityBook.load(CITIES)
PLACE = re.compile(r"\{([a-z_]+)\}")


def _calls() -> Iterator[tuple[str, str, frozenset[str]]]:
    """Where a text is said by a code in plain sight: file, code, names given."""
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(ast.Name("chat"), [ast.Constant(str() as code)], keywords) if all(
                    keyword.arg for keyword in keywords
                ):
                    yield path.name, code, frozenset(str(keyword.arg) for keyword in keywords)


CALLS = sorted(set(_calls()), key=str)


@pytest.mark.parametrize(("file", "code", "given"), CALLS)
def test_what_is_said_has_words_and_all_their_places(
    file: str, code: str, given: frozenset[str]
) -> None:
    places = set(PLACE.findall(chat(code)))
    assert places <= given, f"{file}: {code} lacks {places - given}"


def test_no_section_is_in_two_tables() -> None:
    sections = [section for name in TABLES for section in table(name)]
    assert len(sections) == len(set(sections))


def test_a_code_without_words_is_an_error_of_ours() -> None:
    for code in ("form.nothing_such", "nothing.such", "form"):
        with pytest.raises(KeyError):
            chat(code)


@pytest.mark.parametrize("command", list(Command))
def test_every_steering_word_is_heard(command: Command) -> None:
    words = table("heard")["commands"][command.value]
    assert words
    assert {command_of(word) for word in words} == {command}
    assert command_of(f"{words[0]}。") is command
    assert command_of(f"请{words[0]}") is command


@pytest.mark.parametrize(
    "text", ["我要上一步台阶", "别跳过我", "人工草坪多少钱", "", "。", "x" * 999]
)
def test_more_than_a_steering_word_is_none(text: str) -> None:
    assert command_of(text) is None


def test_no_steering_word_means_two_things() -> None:
    words = [word for each in table("heard")["commands"].values() for word in each]
    assert len(words) == len(set(words))


def test_names_roles_cues_and_units_are_of_fields_that_exist() -> None:
    forms = [form_of(BOOK.on(code, NOW.date()), x) for code in BOOK.codes() for x in ("A", "B")]
    fields = [field for form in forms for field in form.fields]
    keys = {field.key for field in fields}
    patterns = keys | {f"*.{key.partition('.')[2]}" for key in keys}
    heard = table("heard")
    for section in ("names", "cues", "suggest"):
        assert set(heard[section]) <= patterns, section
    assert {key for keys_ in heard["roles"].values() for key in keys_} <= patterns
    columns = [column for field in fields for column in field.columns]
    assert set(heard["units"]) <= {each.unit for each in (*fields, *columns)}
    cells = {f"{field.key}.{column.key}" for field in fields for column in field.columns}
    assert set(heard["patterns"]) <= cells
