"""Whether an utterance answers the question that waits: chatter never becomes an answer."""

from datetime import datetime

from bot.dialogue.filling.fits_rows import rows_answer
from bot.dialogue.filling.fits_text import text_answer
from bot.dialogue.filling.fits_value import (
    beside_number,
    bool_answer,
    coded_answer,
    mention,
    number_answer,
    option_answer,
    several_answer,
    time_answer,
)
from bot.dialogue.filling.names import NUMERIC
from bot.dialogue.filling.readings import NOT_IT, Fit, Reading, aside
from bot.dialogue.filling.shapes import ASKING, is_none
from bot.understanding.types import Understood
from config.cities import FieldType
from rules.calendar import WorkCalendar
from rules.forms import SKIPPED, FormField, parse_answer

__all__ = ["Fit", "Reading", "aside", "beside_number", "judge", "mention"]


def judge(
    field: FormField, said: Understood, *, now: datetime, calendar: WorkCalendar | None
) -> Reading:
    """How an utterance fits the field that is asked for."""
    parsed = parse_answer(field, said.text, now=now, calendar=calendar)
    if parsed.skipped or (field.type is not FieldType.BOOL and is_none(said.text)):
        return Reading(Fit.CLEAR, SKIPPED)
    reader = _READERS.get(field.type, coded_answer)
    reading = reader(field, said, now, calendar)
    if _unmistakable(field, said):
        return reading
    return NOT_IT if _asks(said) or (reading.fit is Fit.DOUBT and aside(said)) else reading


def _asks(said: Understood) -> bool:
    return aside(said) and ASKING.search(said.text) is not None


def _unmistakable(field: FormField, said: Understood) -> bool:
    slots = said.slots
    return (field.type is FieldType.PHONE and slots.phone is not None) or (
        field.type is FieldType.CREDIT_CODE and slots.credit_code is not None
    )


_READERS = {
    FieldType.TEXT: text_answer,
    FieldType.LONG_TEXT: text_answer,
    FieldType.ENUM: option_answer,
    FieldType.TOWN: option_answer,
    FieldType.MULTI: several_answer,
    FieldType.CARRIERS: several_answer,
    FieldType.BOOL: bool_answer,
    FieldType.DATE: time_answer,
    FieldType.DATETIME: time_answer,
    FieldType.ROWS: rows_answer,
    **dict.fromkeys(NUMERIC, number_answer),
}
