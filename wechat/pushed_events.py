"""What the platform tells besides what people write: consents to messages, checks of files.

The same events come in XML and JSON, and the two differ: JSON puts ``List`` under the root, and a
single entry is an object there and an array elsewhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wechat.messages import Pushed

POPUP = "subscribe_msg_popup_event"
"""Somebody answered the question whether a template may be sent."""
CHANGE = "subscribe_msg_change_event"
"""Somebody switched a template off (only ``reject`` is pushed)."""
SENT = "subscribe_msg_sent_event"
"""What became of a subscription message."""
MEDIA_CHECK = "wxa_media_check"
TEMPLATE_SENT = "templatesendjobfinish"

_WRAPPERS = ("SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent", "SubscribeMsgSentEvent")
_LONGEST = 128


@dataclass(frozen=True, slots=True)
class TemplateAnswer:
    """What somebody tapped for one template: ``accept`` or ``reject``."""

    template: str
    answer: str


@dataclass(frozen=True, slots=True)
class SentResult:
    """What became of one message; ``error`` 0 when it arrived."""

    template: str
    error: int
    status: str


@dataclass(frozen=True, slots=True)
class MediaVerdict:
    """What a check found: ``suggest`` pass, review or risky; ``error`` when none was possible."""

    trace: str
    error: int
    suggest: str
    label: int


def template_answers(pushed: Pushed) -> tuple[TemplateAnswer, ...]:
    """Answers of a popup or change event, in the order they came."""
    return tuple(
        TemplateAnswer(_word(entry, "TemplateId"), _word(entry, "SubscribeStatusString"))
        for entry in _entries(pushed)
    )


def sent_results(pushed: Pushed) -> tuple[SentResult, ...]:
    """Results of a sent event."""
    return tuple(
        SentResult(
            _word(entry, "TemplateId"), _number(entry, "ErrorCode"), _word(entry, "ErrorStatus")
        )
        for entry in _entries(pushed)
    )


def media_verdict(pushed: Pushed) -> MediaVerdict | None:
    """None when the event names no check (the obsolete first version does)."""
    trace = _word(pushed.fields, "trace_id")
    result = pushed.fields.get("result")
    told: Mapping[str, Any] = result if isinstance(result, Mapping) else {}
    error = _number(pushed.fields, "errcode")
    if not trace or not (told or error):
        return None
    return MediaVerdict(trace, error, _word(told, "suggest"), _number(told, "label"))


def _entries(pushed: Pushed) -> Iterator[Mapping[str, Any]]:
    holders = [pushed.fields.get(name) for name in _WRAPPERS] + [pushed.fields]
    for holder in holders:
        listed = holder.get("List") if isinstance(holder, Mapping) else None
        for entry in listed if isinstance(listed, list) else [listed]:
            if isinstance(entry, Mapping):
                yield entry


def _word(told: Mapping[str, Any], name: str) -> str:
    """A short text; empty when it is missing or something else."""
    value = told.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return value.replace("\0", "")[:_LONGEST] if isinstance(value, str) else ""


def _number(told: Mapping[str, Any], name: str) -> int:
    text = _word(told, name)
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdecimal() and len(digits) < 10 else 0
