"""What the assistant says, by code ``section.name`` (``chat.toml``, ``chat_topics.toml``)."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from config.texts import render, table

COMMON = "common"
TABLES = ("chat", "chat_topics")
"""Where its words are; no section is in both (tested)."""


@cache
def _sections() -> Mapping[str, Mapping[str, Any]]:
    """What is said while filling in, and what is said on every other topic."""
    return {**table("chat"), **table("chat_topics")}


@cache
def _template(code: str) -> str:
    section, _, name = code.rpartition(".")
    found = _sections()[section or COMMON][name]
    if not isinstance(found, str):
        raise TypeError(f"{code} is no text")
    return found.strip("\n")


def chat(code: str, **data: Any) -> str:
    """One text with its places filled; a code without section is of ``common``.

    KeyError for a code without words (a test forbids it).
    """
    return render(_template(code), data) if data else _template(code)


said = chat
"""The same by another name."""
