"""Names, companies, addresses, wishes: free text as an answer, never chatter."""

import re
from datetime import datetime

from bot.dialogue.filling.chatter import TALK, is_fun
from bot.dialogue.filling.introduced import introduced, is_surname
from bot.dialogue.filling.landmarks import lacks_number, landmark
from bot.dialogue.filling.names import fits_pattern, role_of
from bot.dialogue.filling.readings import (
    NOT_IT,
    Fit,
    Reading,
    answered,
    aside,
    talkative,
    wants_else,
)
from bot.dialogue.filling.shapes import (
    ASKING,
    DIGITS,
    bare,
    is_described,
    is_sure_company,
    is_trade,
    like_name,
    looks_like,
    may_be,
    role_by_shape,
)
from bot.dialogue.hearing import heard
from bot.understanding.types import Intent, Understood
from rules.calendar import WorkCalendar
from rules.forms import FormField

_HOLDERS = {"holder": ("person", "company")}
_PEOPLE = ("person", "holder")
_SLOTS = ("company", "person", "address")
_NUMBERED = "*.account_no"
_DENIES = "没不无别"
_SEVERAL = re.compile(r"[\s,;。]")
_NOUN = re.compile("[\u4e00-\u9fffA-Za-z0-9]{3,8}")


def text_answer(
    field: FormField, said: Understood, now: datetime, calendar: WorkCalendar | None
) -> Reading:
    text = said.text.strip()
    role = role_of(field.key)
    if role == "address" and lacks_number(text):
        return Reading(Fit.CLEAR, hint="form.no_number")
    if (told := _introduced(role, said)) is not None:
        return answered(field, said.as_typed(told), now, calendar)
    stated = _stated(role, said)
    reading = answered(field, stated or said.as_typed(bare(field, text)), now, calendar)
    if role == "company" and _only_described(said, stated or bare(field, text)):
        return _of_a_kind(said, reading)
    return _by_shape(field, role, said, stated, reading)


def _by_shape(
    field: FormField, role: str | None, said: Understood, stated: str | None, reading: Reading
) -> Reading:
    """What is neither introduced nor described, by what it looks like and what stands beside it."""
    text = said.text.strip()
    shaped = role_by_shape(bare(field, text))
    if role is not None and shaped in (role, *_HOLDERS.get(role, ())):
        return reading
    if stated and _beside(field, text, stated):
        return NOT_IT if aside(said) else Reading(Fit.DOUBT, reading.value, reading.faults)
    if stated:
        return reading
    if aside(said) or not text or _begins(said) or ASKING.search(text) or is_fun(text):
        return NOT_IT
    if looks_like(field, role, text) and not _answers(said):
        return _unless_chatter(reading, said)
    if _fragment(role, text) or (fits_pattern(field.key, _NUMBERED) and not DIGITS.search(text)):
        return Reading(Fit.CLEAR, unlike=text)
    if reading.faults or not may_be(role, text) or (role and text[0] in _DENIES):
        return NOT_IT
    if is_sure_company(text) and role in ("company", "holder"):
        return Reading(Fit.DOUBT, reading.value)
    if _is_talk(role, said) or (
        wants_else(said) and not (_out_of_scope(said) and _noun(role, text))
    ):
        return NOT_IT
    return Reading(Fit.DOUBT, reading.value)


def _only_described(said: Understood, name: str) -> bool:
    """Whether somebody only says what it is or does."""
    return is_described(said.text, name) or is_trade(said.text)


def _of_a_kind(said: Understood, reading: Reading) -> Reading:
    """What may be a name all the same is asked back; else the full name is asked for."""
    if aside(said) or is_trade(said.text) or _SEVERAL.search(said.text.strip(" 。")):
        return Reading(Fit.CLEAR, hint="form.full_name")
    return Reading(Fit.DOUBT, reading.value, reading.faults)


def _is_talk(role: str | None, said: Understood) -> bool:
    return role is not None and talkative(said) and TALK.search(said.text.strip()) is not None


def _introduced(role: str | None, said: Understood) -> str | None:
    """The person a text introduces, or the place it tells by what stands near."""
    if ASKING.search(said.text):
        return None
    if role in _PEOPLE:
        return introduced(said.text)
    return landmark(said.text) if role == "address" and not aside(said) else None


def _fragment(role: str | None, text: str) -> bool:
    """Whether an answer is too short to be one: 刘, a, 公司."""
    if role is None:
        return False
    if role == "person" and is_surname(text):
        return True
    short = len(text) < 2 if role == "person" else len(text) < 3
    return short and re.search(r"\w", text) is not None


def _unless_chatter(reading: Reading, said: Understood) -> Reading:
    """Asked back where the utterance is rather chatter."""
    if not (_out_of_scope(said) and wants_else(said)) or reading.faults:
        return reading
    return Reading(Fit.DOUBT, reading.value)


def _noun(role: str | None, text: str) -> bool:
    """Whether a few words may be a name, however odd: 城关老李家, 王曦之."""
    if role == "person":
        return like_name(text)
    named = role in ("company", "address", "holder") and _NOUN.fullmatch(text) is not None
    return named and TALK.search(text) is None and text[0] not in _DENIES


def _out_of_scope(said: Understood) -> bool:
    return said.intent is Intent.OUT_OF_SCOPE


def _beside(field: FormField, text: str, stated: str) -> bool:
    """Whether talk stands beside what was stated: 我去找张总 beside 张总."""
    rest = bare(field, text).replace(stated, "", 1)
    return TALK.search(rest) is not None


def _answers(said: Understood) -> bool:
    """Whether it is a yes or no, to whatever it may be."""
    return heard(said) and said.intent in (Intent.AFFIRM, Intent.DENY)


def _begins(said: Understood) -> bool:
    """Whether a few words only say that something is to be begun: 我要报装."""
    begins = said.intent in (Intent.APPLY, Intent.REGISTER_INTENT, Intent.RENAME_TRANSFER)
    return begins and heard(said) and len(said.text) <= 12 and not said.slots.shown()


def _stated(role: str | None, said: Understood) -> str | None:
    roles = _HOLDERS.get(role, (role,)) if role else ()
    found = (getattr(said.slots, each) for each in reversed(roles) if each in _SLOTS)
    return next((each for each in found if isinstance(each, str)), None)
