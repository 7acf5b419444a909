"""Whether free words tell of something that went wrong, when that is what was asked for.

Nearly everything is an answer there, but no steering word, no plain wish for something else, no
praise and no chatter.
"""

import re

from bot.dialogue.commands import command_of
from bot.dialogue.leaving import declines, leaves
from bot.understanding.types import DIALOGUE_ACTS, Intent, Understood

_SURE = 0.6
"""From here on a wish for something else is one, however much is told with it."""
_CHATTER = 0.8
"""From here on words that want nothing of us are chatter, unless they tell of trouble."""
_STORY = 12
"""Characters from which on words tell a story."""
_TROUBLE = re.compile(
    "不|没|无人|慢|差|坏|乱|脏|吵|拖|推|等了|催|骗|收费|乱收|态度|欺|难|晚|超期|超时|停工|挖|堵|漏|断"
    "|凶|骂|吼|敷衍|糊弄|找不到|打不通|白跑|跑了|扯皮|踢皮球|来回|一直|迟迟|好久|几天|几次|三次|两次|吃拿卡要|投诉"
)


def tells(said: Understood, *, own: Intent) -> bool:
    """Whether an utterance is told in answer; ``own``: the intent of the matter itself."""
    command = command_of(said.text)
    if command is not None or leaves(said.text, command) or declines(said.text):
        return False
    if said.intent is own or said.intent is Intent.COMPLAIN:
        return True
    trouble = _TROUBLE.search(said.text) is not None
    if said.intent is Intent.OUT_OF_SCOPE:
        return trouble or said.confidence < _CHATTER or len(said.text) >= _STORY
    if said.intent in DIALOGUE_ACTS or said.intent is Intent.HUMAN_AGENT:
        return False
    story = trouble and len(said.text) >= _STORY
    return story or (trouble and said.confidence < _SURE)
