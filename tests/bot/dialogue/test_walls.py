"""The dialogue is pure: no clock, no waiting, nobody asked. Each intent has one topic."""

import ast
import re
from pathlib import Path

import pytest

from bot.dialogue.topics import BEGINNINGS, BY_NAME, KEYS, TOPICS
from bot.understanding.types import Intent

ROOT = Path(__file__).parents[3]
FILES = sorted((ROOT / "bot" / "dialogue").rglob("*.py"))
FOREIGN = frozenset(
    {
        *("asyncio", "io", "os", "pathlib", "random", "secrets", "socket", "sqlite3", "tempfile"),
        *("subprocess", "threading", "time", "urllib", "asyncpg", "httpx", "redis", "requests"),
        *("sanic", "tortoise", "models", "server", "storage", "wechat", "workflow"),
    }
)
CLOCK = re.compile(r"datetime\.(?:now|today|utcnow)|date\.today|time\.time|(?<![a-z_.])open\(")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_nothing_that_does_anything(path: Path) -> None:
    source = path.read_text("utf-8")
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
        assert not isinstance(node, ast.AsyncFunctionDef | ast.Await)
    assert not found & FOREIGN
    assert not CLOCK.search(source)


def test_every_intent_has_one_topic() -> None:
    assert set(BEGINNINGS) == set(Intent)
    named = [intent for topic in TOPICS for intent in topic.begin]
    assert len(named) == len(set(named))


def test_topics_and_keys_are_told_apart() -> None:
    assert len(BY_NAME) == len(TOPICS)
    keys = [key for topic in TOPICS for key in topic.keys]
    assert len(keys) == len(set(keys)) == len(KEYS)
