"""Whether an utterance answers the question that waits: chatter never becomes an answer."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from bot.dialogue.filling import rows, times
from bot.dialogue.filling.names import NUMERIC, role_of, unit_words, words_of
from bot.dialogue.filling.shapes import ASKING, DIGITS, FILLER, bare, looks_like, may_be
from bot.dialogue.hearing import heard
from bot.understanding.types import Intent, Understood
from config.cities import FieldType
from rules.calendar import WorkCalendar
from rules.errors import Fault
from rules.forms import FormField, Option, named_options, parse_answer

ABOUT_FORM = frozenset(
    {
        Intent.APPLY,
        Intent.REGISTER_INTENT,
        Intent.RENAME_TRANSFER,
        Intent.MODIFY_APPLICATION,
        Intent.RESUME_DRAFT,
        Intent.BOOK_SURVEY,
        Intent.RESCHEDULE_SURVEY,
        Intent.AFFIRM,
        Intent.DENY,
        Intent.OUT_OF_SCOPE,
    }
)
"""Intents an answer to a question of the form may look like."""
CHATTER = 0.8
"""From here on what is out of scope is no answer in odd words, but chatter."""
TEXTS = frozenset({FieldType.TEXT, FieldType.LONG_TEXT})


class Fit(Enum):
    """How an utterance fits a question."""

    CLEAR = "clear"
    """It answers it, rightly or wrongly (``faults``)."""
    DOUBT = "doubt"
    """It could be meant so: asked back."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Reading:
    """What an utterance means as an answer to one field. ``value``: canonical, or ``SKIPPED``;
    ``options``: several were named where one is asked for; ``moments``: a time that can be read
    in several ways, or is not whole.
    """

    fit: Fit
    value: Any = None
    faults: tuple[Fault, ...] = ()
    options: tuple[Option, ...] = ()
    moments: times.Moments | None = None


NOT_IT = Reading(Fit.NONE)


def judge(
    field: FormField, said: Understood, *, now: datetime, calendar: WorkCalendar | None
) -> Reading:
    """How an utterance fits the field that is asked for."""
    parsed = parse_answer(field, said.text, now=now, calendar=calendar)
    if parsed.skipped:
        return Reading(Fit.CLEAR, parsed.value)
    reader = _READERS.get(field.type, _coded)
    reading = reader(field, said, now, calendar)
    if _unmistakable(field, said):
        return reading
    return NOT_IT if _asks(said) or (reading.fit is Fit.DOUBT and aside(said)) else reading


def aside(said: Understood) -> bool:
    """Whether the utterance plainly wants something that is no answer to a question of a form."""
    return heard(said) and said.intent not in ABOUT_FORM


def _asks(said: Understood) -> bool:
    return aside(said) and ASKING.search(said.text) is not None


def _unmistakable(field: FormField, said: Understood) -> bool:
    slots = said.slots
    return (field.type is FieldType.PHONE and slots.phone is not None) or (
        field.type is FieldType.CREDIT_CODE and slots.credit_code is not None
    )


def _answered(field: FormField, text: str, now: datetime, calendar: WorkCalendar | None) -> Reading:
    """What ``parse_answer`` makes of it, taken as an answer."""
    parsed = parse_answer(field, text, now=now, calendar=calendar)
    if parsed.value is None and not parsed.faults:
        return NOT_IT
    return Reading(Fit.CLEAR, parsed.value, parsed.faults)


def _coded(
    field: FormField, said: Understood, now: datetime, calendar: WorkCalendar | None
) -> Reading:
    """Telephone, credit code, project code: long runs of digits are meant for it."""
    stated: Mapping[FieldType, str | None] = {
        FieldType.PHONE: said.slots.phone,
        FieldType.CREDIT_CODE: said.slots.credit_code,
    }
    text = stated.get(field.type) or said.text
    tries = len(DIGITS.findall(text)) >= (8 if field.type is FieldType.PROJECT_CODE else 5)
    return _answered(field, text, now, calendar) if tries else NOT_IT


def _number(
    field: FormField, said: Understood, now: datetime, calendar: WorkCalendar | None
) -> Reading:
    fitting = [
        amount.value
        for amount in said.slots.amount
        if amount.utility == field.utility and amount.unit in unit_words(field.unit)
    ]
    if len(fitting) == 1:
        return _answered(field, f"{fitting[0]:f}", now, calendar)
    reading = _answered(field, said.text, now, calendar)
    if reading.fit is Fit.NONE or any(fault.code == "ambiguous" for fault in reading.faults):
        return NOT_IT
    rest = beside_number(said.text, (*unit_words(field.unit), *words_of(field)))
    if not rest:
        return reading
    return Reading(Fit.DOUBT, reading.value, reading.faults) if len(rest) <= 4 else NOT_IT


def beside_number(text: str, words: Iterable[str]) -> str:
    """What stands in a text beside its number, these words and fillers."""
    for word in words:
        text = text.replace(word, "")
    return FILLER.sub("", re.sub(r"[0-9.]+|[零〇一二两三四五六七八九十百千万]+", "", text))


def _bool(
    field: FormField, said: Understood, now: datetime, calendar: WorkCalendar | None
) -> Reading:
    parsed = parse_answer(field, said.text, now=now, calendar=calendar)
    if isinstance(parsed.value, bool):
        return Reading(Fit.CLEAR, parsed.value)
    if said.intent in (Intent.AFFIRM, Intent.DENY) and heard(said):
        return Reading(Fit.CLEAR, said.intent is Intent.AFFIRM)
    mentioned = mention(field, said.text)
    return NOT_IT if mentioned is None else Reading(Fit.CLEAR, mentioned)


def mention(field: FormField, text: str) -> bool | None:
    """Yes or no where a text speaks of a field that asks for it; None where it does not."""
    for word in words_of(field):
        at = text.find(word)
        if len(word) >= 4 and at >= 0 and ASKING.search(text) is None:
            return re.search(r"[不没未无别免][^,，。;；]{0,4}$", text[:at]) is None
    return None


def _option(
    field: FormField, said: Understood, now: datetime, calendar: WorkCalendar | None
) -> Reading:
    named = named_options(field.options, said.text)
    kind = field.option(said.slots.kind) if said.slots.kind else None
    if kind is not None:
        named = [kind]
    if len(named) > 1:
        return Reading(Fit.CLEAR, options=tuple(named))
    if named:
        return Reading(Fit.CLEAR, named[0].code)
    reading = _answered(field, said.text, now, calendar)
    return NOT_IT if reading.faults else reading


def _several(
    field: FormField, said: Understood, now: datetime, calendar: WorkCalendar | None
) -> Reading:
    codes = {code for code in said.slots.utilities if field.option(code)}
    long = tuple(
        Option(o.code, o.label, tuple(a for a in o.aliases if len(a) > 1)) for o in field.options
    )
    codes |= {each.code for each in named_options(long, said.text)}
    if not codes or any(word in said.text for word in ("全", "都", "所有")):
        parsed = parse_answer(field, said.text, now=now, calendar=calendar)
        if isinstance(parsed.value, list) and (_terse(field, said.text) or codes):
            codes |= set(parsed.value)
    chosen = [option.code for option in field.options if option.code in codes]
    return Reading(Fit.CLEAR, chosen) if chosen else NOT_IT


def _terse(field: FormField, text: str) -> bool:
    """Whether hardly anything but the options' short words is said: 水电气, 水和电都要."""
    for option in field.options:
        for word in (option.label, *option.aliases):
            text = text.replace(word, "")
    text = re.sub(
        r"全部|全都|都要|都办|都需要|所有|都|和|与|及|跟|还有|加|装|办|报|通|接|以及|一起|全",
        "",
        text,
    )
    return len(FILLER.sub("", text)) <= 1


def _time(
    field: FormField, said: Understood, now: datetime, calendar: WorkCalendar | None
) -> Reading:
    moments = times.read(field, said.text, now=now, calendar=calendar)
    if moments is None:
        return NOT_IT
    if moments.value is None:
        return Reading(Fit.CLEAR, moments=moments)
    return _answered(field, moments.value, now, calendar)


def _rows(
    field: FormField, said: Understood, now: datetime, calendar: WorkCalendar | None
) -> Reading:
    made = rows.read(field, said.text, now)
    if not made or aside(said):
        return NOT_IT
    value, faults = rows.judged(field, made, now)
    if any(len(row) > 1 or field.columns[0].key not in row for row in made):
        return Reading(Fit.CLEAR, value, faults)
    if len(said.text) > 12 or _wants(said) or ASKING.search(said.text):
        return NOT_IT
    return Reading(Fit.DOUBT, value, faults)


def _text(
    field: FormField, said: Understood, now: datetime, calendar: WorkCalendar | None
) -> Reading:
    text = said.text.strip()
    role = role_of(field.key)
    stated = _stated(role, said)
    reading = _answered(field, stated or bare(field, text), now, calendar)
    if stated:
        return reading
    if aside(said) or not text or _begins(said):
        return NOT_IT
    if ASKING.search(text) is None and looks_like(field, role, text):
        return reading
    if _wants(said) or reading.faults or ASKING.search(text) or not may_be(role, text):
        return NOT_IT
    return Reading(Fit.DOUBT, reading.value)


def _begins(said: Understood) -> bool:
    """Whether a few words only say that something is to be begun: 我要报装."""
    begins = said.intent in (Intent.APPLY, Intent.REGISTER_INTENT, Intent.RENAME_TRANSFER)
    return begins and heard(said) and len(said.text) <= 12 and not said.slots.shown()


def _wants(said: Understood) -> bool:
    """Whether the utterance plainly is something else: a wish of its own, or chatter."""
    if said.intent is Intent.OUT_OF_SCOPE:
        return said.confidence >= CHATTER
    return heard(said)


def _stated(role: str | None, said: Understood) -> str | None:
    found = getattr(said.slots, role) if role in ("company", "person", "address") else None
    return found if isinstance(found, str) else None


_READERS = {
    FieldType.TEXT: _text,
    FieldType.LONG_TEXT: _text,
    FieldType.ENUM: _option,
    FieldType.TOWN: _option,
    FieldType.MULTI: _several,
    FieldType.CARRIERS: _several,
    FieldType.BOOL: _bool,
    FieldType.DATE: _time,
    FieldType.DATETIME: _time,
    FieldType.ROWS: _rows,
    **dict.fromkeys(NUMERIC, _number),
}
