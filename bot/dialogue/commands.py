"""Short words that steer the talk at any point: 上一步, 跳过, 暂停 …"""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from bot.dialogue.menus import bare
from config.texts import table

_POLITE = re.compile(
    r"^(?:请|麻烦|帮我|我想|我要|我想要|那就|那|就|先|好了?|嗯|行了?|对|可以了?|没问题)+|(?:一下|谢谢|了)+$"
)

_PREVIEW = re.compile(
    "(?:帮我|给我|我想|我要|让我)?(?:看看?|查看?|瞧瞧?|核对|回顾)(?:一?下)?(?:我|表里|表上|前面|刚才)?(?:都|已经)?填"
    "(?:了|过|好|到)?(?:啥|什么|些什么|哪些|哪|哪儿|哪里|内容|怎么样)?了?"
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
    found = _by_word().get(word) or (Command.PREVIEW if _PREVIEW.fullmatch(word) else None)
    if found is None and len(word) < 20:
        found = _by_word().get(_POLITE.sub("", word))
    if found is None and word == "" and set(text.strip()) <= set("?？") and text.strip():
        return Command.HELP
    return found
