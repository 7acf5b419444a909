"""What an utterance that wants nothing states as the answer to the question that waits.

Chatter states nothing. But a bare 下周三上午9点 or 某某街道样例大道8号 wants nothing either and
answers what was asked: then what the question is about is read from it, and what can be mistaken
for nothing else.
"""

import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from bot.understanding.lexicon import Lexicon
from bot.understanding.segment import Prepared
from bot.understanding.slots.stated import slots_of
from bot.understanding.types import Intent, Pending, Slots

_ALWAYS = frozenset({"phone", "credit_code", "application_no"})
"""Numbers with a shape of their own."""
_NUMBERS = frozenset({"phone", "code", "no"})
"""Their spans."""
_NAMES = frozenset({"company", "person", "address"})
_OF_TYPE = {
    "text": _NAMES,
    "long_text": frozenset[str](),
    "town": frozenset({"address"}),
    "phone": frozenset({"person"}),
    "date": frozenset({"datetime"}),
    "datetime": frozenset({"datetime"}),
    "enum": frozenset({"kind"}),
    "integer": frozenset({"amount"}),
    "decimal": frozenset({"amount"}),
}
"""Slots that may answer a question of each type (``config.cities.FieldType``)."""
_CHATTED = frozenset({"amount", "kind"})
"""What is named in plain chatter too: 昨天喝了三吨水."""
CHATTER = 0.8
"""From this confidence on an utterance out of scope is plain chatter."""
_AROUND = re.compile(
    "[,.。;:!、~ ]|就是|我是|我们是|是|在|叫|我们|我|那里|这里|那边|这边|吧|啊|哦|嗯|哈|了|的"
)
"""What may stand beside a name that is an answer."""


def answers_of(
    prepared: Prepared, pending: Pending, lexicon: Lexicon, confidence: float = 0.0
) -> Slots:
    """The slots of an utterance that answer ``pending``, out of scope with this ``confidence``."""
    wanted = _ALWAYS | _OF_TYPE.get(pending.type, frozenset())
    wanted -= _CHATTED if confidence >= CHATTER else frozenset()
    told = slots_of(prepared, Intent.AFFIRM, lexicon)
    values = {each.name: getattr(told, each.name) for each in fields(told) if each.name in wanted}
    if _AROUND.sub("", _beside_names(prepared, values)):  # 刘经理请我吃饭
        values = {name: value for name, value in values.items() if name not in _NAMES}
    return Slots(**values)


def _beside_names(prepared: Prepared, values: Mapping[str, Any]) -> str:
    """What is said beside names and numbers."""
    text = prepared.text
    for name in _NAMES & values.keys():
        text = text.replace(values[name] or "", "", 1)
    for span in reversed(prepared.spans):
        if span.kind in _NUMBERS:
            text = text.replace(prepared.text[span.start : span.end], "", 1)
    return text
