"""Numbers, choices, times, devices, codes: what has a value of its own, as an answer."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.dialogue.filling import kinds, loose, times
from bot.dialogue.filling.chatter import TALK, is_fun
from bot.dialogue.filling.consents import bare_answer, by_own_words, of_another
from bot.dialogue.filling.kinds import spoken_of, unnamed
from bot.dialogue.filling.names import cue_of, unit_words, words_of
from bot.dialogue.filling.ranges import NO_NUMBER
from bot.dialogue.filling.readings import (
    ABOUT_FORM,
    CHATTER,
    NOT_IT,
    Fit,
    Reading,
    answered,
    aside,
    talkative,
)
from bot.dialogue.filling.shapes import ABOUT_TIME, ASKING, DIGITS, FILLER
from bot.dialogue.filling.written_times import read_out
from bot.dialogue.hearing import heard
from bot.understanding.quantities.units import LOAD
from bot.understanding.types import Intent, Understood
from config.cities import FieldType
from rules.calendar import WorkCalendar
from rules.forms import SKIPPED, FormField, Option, named_options, parse_answer

_UNWANTED = re.compile(
    "(?:暂时|也|都)?(?:不要|不用|不需|不装|不做|用不着|用不上)(?:了|啦|吧|的|备供|备用)*"
)
"""What is said to a number that is not wanted."""
_FIGURES = re.compile("[0-9A-Za-z -]*[0-9][0-9A-Za-z -]*")
_SAID_SHORTLY = 12
_OF_A_LIST = (
    "全部|全都|都要|都办|都需要|所有|都|和|与|及|跟|还有|另外|加上?|装|办|报装?|通|接|以及|一起|全|这两|这三|[几两三四]样"
    "|业务|中国|申请|开通|项|等|只|只要"
)
_WISHES = ABOUT_FORM - {Intent.OUT_OF_SCOPE, Intent.AFFIRM, Intent.DENY}
_ELSE = re.compile(
    "(?:千?伏(?!安)|[kK]?[vV](?![aA])|安培|度|[hH][zZ]|元|块|公里|米|人|天|个?月|年|兆|吨|千瓦|千伏安|平|方|台)$"
)
"""Units that belong to something else: 380伏 is no capacity."""
_PER = re.compile("[每一]?个?(?:小时|钟头|周|星期|礼拜|月|季度?|年)")
_NUMBER = re.compile("[0-9.]+|[零〇一二两三四五六七八九十百千万]+(?:点[零〇一二三四五六七八九]+)?")
_DECIMAL = re.compile("[零〇一二两三四五六七八九十百]点[零〇一二三四五六七八九]")
"""三点五: a number, where a number is asked for."""


def coded_answer(
    field: FormField, said: Understood, now: datetime, calendar: WorkCalendar | None
) -> Reading:
    """Telephone, credit code, project code: what has figures and nothing else is meant for it."""
    stated: Mapping[FieldType, str | None] = {
        FieldType.PHONE: said.slots.phone,
        FieldType.CREDIT_CODE: said.slots.credit_code,
    }
    text = stated.get(field.type) or said.text
    bare = _FIGURES.fullmatch(FILLER.sub("", text)) is not None and not said.slots.amount
    tries = len(DIGITS.findall(text)) >= (8 if field.type is FieldType.PROJECT_CODE else 5)
    return answered(field, text, now, calendar) if tries or bare else NOT_IT


def number_answer(
    field: FormField, said: Understood, now: datetime, calendar: WorkCalendar | None
) -> Reading:
    near = spoken_of(said.text)
    if field.utility is not None and near and field.utility not in near:
        return NOT_IT
    if not field.required and _UNWANTED.fullmatch(said.text.strip(" .。,!")):
        return Reading(Fit.CLEAR, SKIPPED)
    fitting = [a.value for a in said.slots.amount if a.unit in unit_words(field.unit)]
    if (told := next(loose.found(said.text), None)) and told.kind != loose.MORE:
        return Reading(Fit.CLEAR, loose=told) if _about(field, said.text, told) else NOT_IT
    if len(fitting) == 1 and _alone(field, said):
        return answered(field, f"{fitting[0]:f}", now, calendar)
    with_unit = any(word in said.text for word in unit_words(field.unit))
    if not with_unit and not _DECIMAL.search(said.text) and times.names_a_time(said.text, now):
        return NOT_IT
    reading = answered(field, NO_NUMBER.sub("", said.text), now, calendar)
    if reading.fit is Fit.NONE or any(fault.code == "ambiguous" for fault in reading.faults):
        return NOT_IT
    text = kinds.beside(said.text) if field.utility is not None else said.text
    rest = beside_number(text, (*unit_words(field.unit), *words_of(field))).strip("-到至")
    if rest.startswith("相"):
        return NOT_IT
    if not rest and not is_fun(said.text):
        return reading
    if _ELSE.match(rest):
        return Reading(Fit.CLEAR, unit=rest)
    return Reading(Fit.DOUBT, reading.value, reading.faults) if len(rest) <= 4 else NOT_IT


def _alone(field: FormField, said: Understood) -> bool:
    """Whether an amount is told and not only mentioned."""
    rest = beside_number(said.text, (*unit_words(field.unit), *words_of(field)))
    chatter = said.intent is Intent.OUT_OF_SCOPE and said.confidence >= CHATTER
    return not (chatter and len(rest) > 2) and TALK.search(rest) is None


def _about(field: FormField, text: str, told: loose.Loose) -> bool:
    """Whether next to nothing is said beside a figure."""
    text = text.replace(told.words, "")
    if told.kind == loose.RATE:
        text = _PER.sub("", text)
    text = kinds.beside(text) if field.utility is not None else text
    rest = beside_number(text, (*unit_words(field.unit), *words_of(field)))
    return len(rest.strip("-~到至或之间最多少来 ")) <= 1


def beside_number(text: str, words: Iterable[str]) -> str:
    """What stands in a text beside its number, these words and fillers."""
    for word in words:
        text = text.replace(word, "")
    return FILLER.sub("", _NUMBER.sub("", text))


def bool_answer(
    field: FormField, said: Understood, now: datetime, calendar: WorkCalendar | None
) -> Reading:
    """Yes or no by the field's own words, else a bare yes or no; another question's words never."""
    if ASKING.search(said.text) and not bare_answer(said.text):
        return NOT_IT
    told = by_own_words(field, said.text)
    if told is None and not of_another(field, said.text):
        told = bare_answer(said.text)
        told = mention(field, said.text) if told is None else told
    if told is None:
        return NOT_IT
    beside = TALK.sub("", said.text)
    if len(said.text) > _SAID_SHORTLY and len(beside) < len(said.text) // 2:
        return Reading(Fit.DOUBT, told)
    return Reading(Fit.CLEAR, told)


def mention(field: FormField, text: str) -> bool | None:
    """Yes or no where a text speaks of a field that asks for it; None where it does not."""
    for word in words_of(field):
        at = text.find(word)
        if len(word) >= 4 and at >= 0 and ASKING.search(text) is None:
            return re.search(r"[不没未无别免][^,，。;；]{0,4}$", text[:at]) is None
    return None


def option_answer(
    field: FormField, said: Understood, now: datetime, calendar: WorkCalendar | None
) -> Reading:
    if field.utility is not None and not _measured_so(field.utility, said):
        return NOT_IT
    named = named_options(field.options, said.text)
    if field.utility is not None and (near := spoken_of(said.text)):
        own = kinds.by_utility(said.text).get(field.utility)
        if field.utility not in near or (own and not field.option(own)):
            return NOT_IT
        named = [o for o in field.options if o.code == own] or named
    elif kind := field.option(said.slots.kind or kinds.alone(said.text) or ""):
        named = [kind]
    if len(named) > 1:
        return Reading(Fit.CLEAR, options=tuple(named))
    if named:
        words = (*words_of(field), named[0].label, *named[0].aliases)
        of_kind = named[0].code == kinds.alone(said.text)
        left = replace(said, text=kinds.beside(said.text)) if of_kind else said
        return Reading(_by_rest(left, words), named[0].code)
    reading = answered(field, said.text, now, calendar)
    return NOT_IT if reading.faults else reading


def _measured_so(utility: str, said: Understood) -> bool:
    """Whether the amounts told, if any, can be of a utility."""
    told = said.slots.amount
    heat = utility == "heat" and any(each.unit == LOAD for each in told)
    return not told or heat or any(each.utility == utility for each in told)


def several_answer(
    field: FormField, said: Understood, now: datetime, calendar: WorkCalendar | None
) -> Reading:
    if ASKING.search(said.text):
        return NOT_IT
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
    return Reading(_by_list(field, said), chosen) if chosen else NOT_IT


def _by_list(field: FormField, said: Understood) -> Fit:
    """How options named in a text are meant: nothing else is said, or a wish that is heard."""
    if _terse(field, said.text):
        return Fit.CLEAR
    if said.intent in _WISHES and heard(said):
        return Fit.CLEAR
    return Fit.NONE if talkative(said) else Fit.DOUBT


def _terse(field: FormField, text: str) -> bool:
    """Whether nothing but the options' words is said: 水电气, 水和电都要."""
    words = (word for option in field.options for word in (option.label, *option.aliases))
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "")
    return not FILLER.sub("", re.sub(_OF_A_LIST, "", unnamed(text)))


def time_answer(
    field: FormField, said: Understood, now: datetime, calendar: WorkCalendar | None
) -> Reading:
    moments = times.read(field, said.text, now=now, calendar=calendar)
    if moments is None:
        return NOT_IT
    cue = cue_of(field.key)
    cues = cue.findall(said.text) if cue else ()
    out = replace(said, text=read_out(said.text))
    fit = _by_rest(out, (moments.words, *cues, *words_of(field)))
    if moments.value is None:
        return Reading(fit, moments=moments) if fit is Fit.CLEAR else NOT_IT
    reading = answered(field, moments.value, now, calendar)
    return Reading(fit, reading.value, times.told(moments, reading.faults, now))


def _by_rest(said: Understood, words: Iterable[str]) -> Fit:
    """How an answer fits by what else is said: next to nothing, or what is no chatter: clearly;
    much more, in an utterance nobody understood: it has to be asked back.
    """
    rest = said.text
    for word in words:
        rest = rest.replace(word, "")
    rest = FILLER.sub("", ABOUT_TIME.sub("", rest))
    if not rest:
        return Fit.CLEAR
    if said.intent in _WISHES and heard(said):
        return Fit.CLEAR
    if TALK.search(rest) or said.confidence >= CHATTER or aside(said):
        return Fit.NONE
    return Fit.DOUBT
