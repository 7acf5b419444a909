"""Names, companies, addresses, wishes: free text as an answer, never chatter."""

from datetime import datetime

from bot.dialogue.filling.names import role_of
from bot.dialogue.filling.readings import NOT_IT, Fit, Reading, answered, aside, wants_else
from bot.dialogue.filling.shapes import ASKING, bare, looks_like, may_be, role_by_shape
from bot.dialogue.hearing import heard
from bot.understanding.types import Intent, Understood
from rules.calendar import WorkCalendar
from rules.forms import FormField

_HOLDERS = {"holder": ("person", "company")}


def text_answer(
    field: FormField, said: Understood, now: datetime, calendar: WorkCalendar | None
) -> Reading:
    text = said.text.strip()
    role = role_of(field.key)
    stated = _stated(role, said)
    reading = answered(field, stated or said.as_typed(bare(field, text)), now, calendar)
    if stated:
        return reading
    if role is not None and role_by_shape(text) in (role, *_HOLDERS.get(role, ())):
        return reading
    if aside(said) or not text or _begins(said):
        return NOT_IT
    if ASKING.search(text) is None and looks_like(field, role, text) and not _answers(said):
        return reading
    if wants_else(said) or reading.faults or ASKING.search(text) or not may_be(role, text):
        return NOT_IT
    return Reading(Fit.DOUBT, reading.value)


def _answers(said: Understood) -> bool:
    """Whether it is a yes or no, to whatever it may be."""
    return heard(said) and said.intent in (Intent.AFFIRM, Intent.DENY)


def _begins(said: Understood) -> bool:
    """Whether a few words only say that something is to be begun: 我要报装."""
    begins = said.intent in (Intent.APPLY, Intent.REGISTER_INTENT, Intent.RENAME_TRANSFER)
    return begins and heard(said) and len(said.text) <= 12 and not said.slots.shown()


def _stated(role: str | None, said: Understood) -> str | None:
    found = getattr(said.slots, role) if role in ("company", "person", "address") else None
    return found if isinstance(found, str) else None
