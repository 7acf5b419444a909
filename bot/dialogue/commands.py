"""Short words that steer the talk at any point: 上一步, 跳过, 暂停 …"""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from bot.dialogue.menus import bare
from config.texts import table

_POLITE = re.compile(
    r"^(?:请|麻烦|帮我|我想|我要|我想要|那就|那|就|先|好|嗯|行|对|可以|没问题)+|(?:一下|谢谢|了)+$"
)


class Command(StrEnum):
    """What a steering word asks for."""

    BACK = "back"
    SKIP = "skip"
    PAUSE = "pause"
    RESUME = "resume"
    RESTART = "restart"
    CANCEL = "cancel"
    HELP = "help"
    HUMAN = "human"
    SUBMIT = "submit"
    PREVIEW = "preview"
    EDIT = "edit"
    """修改, without a word of what."""


@cache
def _by_word() -> Mapping[str, Command]:
    words = table("heard")["commands"]
    return {bare(word): command for command in Command for word in words[command.value]}


def command_of(text: str) -> Command | None:
    """The command a whole message is; None for anything more or else."""
    word = bare(text)
    found = _by_word().get(word)
    if found is None and len(word) < 20:
        found = _by_word().get(_POLITE.sub("", word))
    if found is None and word == "" and set(text.strip()) <= set("?？") and text.strip():
        return Command.HELP
    return found
