"""Everything one utterance states about a form, in any order: key → value, faults beside.

What was understood (slots) and what the text says by label, by option or by a yes-or-no field's
own words. Which field a slot belongs to is told by its type or by ``heard.toml``.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from bot.dialogue.cities import towns_in
from bot.dialogue.filling import amounts, denials, kinds, rows, times
from bot.dialogue.filling.asking import TEXTS
from bot.dialogue.filling.consents import by_own_words
from bot.dialogue.filling.corrected import corrections
from bot.dialogue.filling.fits import mention
from bot.dialogue.filling.kinds import spoken_of
from bot.dialogue.filling.labelled import pairs
from bot.dialogue.filling.names import NUMERIC, cue_of, of_account, role_keys, role_of, words_of
from bot.dialogue.filling.readings import talkative
from bot.dialogue.filling.shapes import name_beside
from bot.understanding.types import Intent, Understood
from config.cities import City, FieldType
from rules.calendar import WorkCalendar
from rules.errors import Fault
from rules.forms import Form, FormField, named_options, parse_answer
from rules.forms.validate import read_field
from rules.forms.values import Context

_PROJECT = re.compile(
    "(?<![0-9])(?:[0-9]{4}-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{6}|[0-9]{20})(?![0-9])"
)
_UP_TO = re.compile(
    r"(?:增容?|扩容?|加|升|提|增加)大?(?:到|至|成|为)(?P<number>[0-9]{1,7}(?:\.[0-9]{1,2})?)(?![0-9年月日号点:])"
)
_SHORTLY = 8
"""So much is said by who answers 结清了 to another question about an account."""
_OF_SURVEY = frozenset({Intent.BOOK_SURVEY, Intent.RESCHEDULE_SURVEY})
_ROLES = ("company", "person", "address")


@dataclass
class Stated:
    """``answers``: canonical values; ``faults``: what was stated wrongly; ``moments``: times that
    have to be asked back; ``utilities``: named, ``removed``: named as not wanted,
    ``unknown``: named but not offered by this city; ``kind``: a 业务类型 for those named;
    ``kinds``: a 业务类型 told for one utility; ``denied``: optional fields said to have nothing in
    them; ``corrected``: keys told by a plain correction (改成…); ``open``: amounts that several
    utilities could be meant by; ``plain``: told by a label, a correction or a number's shape.
    """

    answers: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, Fault] = field(default_factory=dict)
    moments: dict[str, times.Moments] = field(default_factory=dict)
    utilities: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    kind: str | None = None
    denied: tuple[str, ...] = ()
    kinds: dict[str, str] = field(default_factory=dict)
    corrected: frozenset[str] = frozenset()
    open: tuple[amounts.Open, ...] = ()
    plain: bool = False

    @property
    def nothing(self) -> bool:
        """Whether nothing at all was stated."""
        fields = self.answers or self.faults or self.moments or self.kinds or self.open
        return not (
            fields or self.utilities or self.removed or self.unknown or self.kind or self.denied
        )

    @property
    def only_named(self) -> bool:
        """Whether nothing was stated but names of utilities: that alone fills in nothing."""
        return replace(self, utilities=(), unknown=()).nothing

    def only(self, key: str) -> bool:
        """Whether nothing was stated beyond one field."""
        others = {*self.answers, *self.faults, *self.moments} - {key}
        others |= {*self.removed, *self.unknown, *self.denied} - {key}
        kinds = self.kind or self.open or set(self.kinds) - {key.partition(".")[0]}
        own = not set(self.utilities) - {key.partition(".")[0]}
        return not others and not kinds and (key == UTILITIES or own)


UTILITIES = "utilities"
"""The field every form names its utilities by (``rules.forms.build``)."""


def stated(
    form: Form,
    city: City,
    said: Understood,
    *,
    now: datetime,
    calendar: WorkCalendar | None,
    pending: str | None = None,
    values: Mapping[str, Any] | None = None,
) -> Stated:
    """What an utterance states about a form. ``pending``: the field asked for, which takes what
    fits it; ``values``: what the form holds. Never raises.
    """
    return _Reader(form, city, said, now, calendar, pending, values or {}).read()


class _Reader:
    """One utterance read against one form."""

    def __init__(
        self,
        form: Form,
        city: City,
        said: Understood,
        now: datetime,
        calendar: WorkCalendar | None,
        pending: str | None,
        values: Mapping[str, Any],
    ) -> None:
        self.form, self.city, self.said = form, city, said
        self.now, self.calendar = now, calendar
        self.pending = form.by_key.get(pending) if pending else None
        self.values = values
        self.found = Stated()

    def read(self) -> Stated:
        """See ``stated``."""
        self._utilities()
        self._changed()
        told = pairs(self.form, self.said.text)
        shaped = self.said.slots.phone or self.said.slots.credit_code
        self.found.plain = bool(told or shaped or self.found.corrected)
        for key, words in told.items():
            self._typed(self.form.by_key[key], words)
        self._slots()
        self._amounts()
        self._target()
        if not self.said.slots.amount:
            for key, words in amounts.by_unit(self.form, self.said.text).items():
                self._typed(self.form.by_key[key], words)
        self._town()
        self._when()
        self._yes_no()
        self._carriers()
        self.found.denied = denials.denied(self.form, self.said.text)
        if self.found.kinds and not talkative(self.said):
            self.found.plain = True
        return self.found

    def _utilities(self) -> None:
        slots, asked = self.said.slots, self.form.by_key.get(UTILITIES)
        if asked is None:
            return
        named = {code for code in slots.utilities if asked.option(code)}
        text = self.said.text
        for option in asked.options:
            words = [w for w in (option.label, *option.aliases) if len(w) > 1]
            if any(word in text for word in words):
                named.add(option.code)
        removed = denials.removed(self.form, self.city, text)
        implied = {a.utility for a in slots.amount if amounts.mistakable(self.form, a, text)}
        implied -= spoken_of(text)
        self.found.unknown = tuple(
            code for code in slots.utilities if not asked.option(code) and code not in implied
        )
        named |= {a.utility for a in slots.amount if asked.option(a.utility)}
        named -= removed | implied
        self.found.utilities = tuple(o.code for o in asked.options if o.code in named)
        self.found.removed = tuple(o.code for o in asked.options if o.code in removed)
        self.found.kinds = self._kinds(text)
        of_kind = self.pending is not None and self.pending.key.endswith(".kind")
        kind = slots.kind or (kinds.alone(text) if of_kind else None)
        self.found.kind = kind if not self.found.kinds else None

    def _kinds(self, text: str) -> dict[str, str]:
        """A 业务类型 for each utility, as it is told clause by clause; said of none, it is that of
        the utility asked about.
        """
        told = {
            code: kind
            for code, kind in kinds.by_utility(text).items()
            if (into := self.form.by_key.get(f"{code}.kind")) and into.option(kind)
        }
        kind, of = (
            self.said.slots.kind or kinds.alone(text),
            self.pending.utility if self.pending else None,
        )
        if told or not kind or of is None or spoken_of(text) or kinds.is_every(text):
            return told
        into = self.form.by_key.get(f"{of}.kind")
        return {of: kind} if into is not None and into.option(kind) else {}

    def _typed(self, into: FormField, words: str) -> None:
        """A value as it was typed for one field."""
        if into.key == UTILITIES or into.key in self.found.answers:
            return
        if into.type in (FieldType.DATE, FieldType.DATETIME):
            self._moment(into, words)
            return
        if into.type in TEXTS:
            words = self.said.as_typed(words)
        parsed = parse_answer(into, words, now=self.now, calendar=self.calendar)
        if parsed.faults and parsed.faults[0].code == "ambiguous":
            return
        self._note(into.key, parsed.value, parsed.faults)

    def _changed(self) -> None:
        """地址不对，改成…: a value for the field named before it, as it stands there."""
        for each in corrections(self.form, self.said.text, self.values):
            role = role_of(each.field.key)
            told = getattr(self.said.slots, role) if role in _ROLES else None
            known = told if told and role != "address" and told in each.words else each.words
            self._typed(each.field, known)
            if each.field.key in {**self.found.answers, **self.found.faults}:
                self.found.corrected |= {each.field.key}

    def _note(self, key: str, value: Any, faults: Iterable[Fault]) -> None:
        first = next(iter(faults), None)
        if first is not None:
            self.found.faults.setdefault(key, first)
        elif value is not None and not isinstance(value, type(None)):
            self.found.answers.setdefault(key, value)
            self.found.faults.pop(key, None)

    def _slots(self) -> None:
        slots = self.said.slots
        for role in _ROLES:
            value = getattr(slots, role)
            if value and not self._known(value):
                self._role(role, value)
        if slots.person is None and slots.phone and (named := name_beside(self.said.text)):
            self._role("person", named)
        self._by_type(FieldType.PHONE, slots.phone)
        self._by_type(FieldType.CREDIT_CODE, slots.credit_code)
        project = _PROJECT.search(self.said.text)
        self._by_type(FieldType.PROJECT_CODE, project[0] if project else None)

    def _known(self, value: str) -> bool:
        """Whether a label has already told where this belongs."""
        return any(value == held for held in self.found.answers.values())

    def _role(self, role: str, value: str) -> None:
        fields = [self.form.by_key[key] for key in role_keys(role, self.form)]
        if self.pending in fields:
            fields = [self.pending, *(each for each in fields if each != self.pending)]
        if role == "address":
            value = self._street(value)
        into = self._cued(fields, value)
        if value and into is not None and into.key not in self.found.answers:
            self._typed(into, value)

    def _street(self, value: str) -> str:
        """An address that names nothing but a town states no street."""
        towns = next((f.options for f in self.form.fields if f.type is FieldType.TOWN), ())
        for word in (word for town in towns for word in (town.label, *town.aliases)):
            if value.replace(word, "", 1).strip(" ,、的这边那里") == "":
                return ""
        return value

    def _by_type(self, type_: FieldType, value: str | None) -> None:
        fields = [each for each in self.form.fields if each.type is type_]
        if not value or not fields or self._known(value):
            return
        into = self._cued(fields, value) or fields[0]
        if into.key not in self.found.answers:
            self._typed(into, value)

    def _cued(self, fields: list[FormField], value: str) -> FormField | None:
        """The field whose own word stands nearest before the value, else the usual one."""
        end = self.said.typed.find(value)
        best, where = (fields[0] if fields else None), -1
        for each in fields[1:] if end > 0 else ():
            at = max(self.said.text.rfind(word, 0, end) for word in (each.label, *_stem(each)))
            if at > where and end - at <= 12:
                best, where = each, at
        return best

    def _amounts(self) -> None:
        told = amounts.placed(
            self.form,
            self.said.slots.amount,
            self.said.text,
            ticked=tuple(self.values.get(UTILITIES) or ()),
            pending=self.pending,
        )
        self.found.open = told.open
        for key, raw in told.given.items():
            into = self.form.by_key[key]
            if into.type is FieldType.ROWS:
                raw = rows.inside(into, self.said.text) or raw
            if key not in self.found.answers:
                value, faults = read_field(into, raw, Context(self.now), whole=False)
                self._note(key, value, faults)

    def _target(self) -> None:
        """增容到630: a bare number for the utility named, else for the one asked about."""
        match = _UP_TO.search(self.said.text)
        asked = self.pending.utility if self.pending else None
        of = spoken_of(self.said.text) or ({asked} if asked else set())
        if match is None or self.said.slots.amount or len(of) != 1:
            return
        fields = (f for f in self.form.fields if f.utility in of and f.type in NUMERIC and f.ask)
        if (into := next(fields, None)) is not None:
            self._typed(into, match["number"])

    def _town(self) -> None:
        into = next((f for f in self.form.fields if f.type is FieldType.TOWN), None)
        if into is None or into.key in self.found.answers:
            return
        text, typed = self.said.text, self.said.typed
        for name in filter(None, (self.said.slots.company, self.said.slots.person)):
            at = typed.find(name)
            text = text if at < 0 else text[:at] + " " * len(name) + text[at + len(name) :]
        towns = towns_in(self.city, text, self.said.slots.address or "")
        if len(towns) == 1:
            self.found.answers[into.key] = towns[0]

    def _when(self) -> None:
        """A time goes to the field whose cue stands in the text."""
        for each in self.form.fields:
            cue = cue_of(each.key)
            if each.type not in (FieldType.DATE, FieldType.DATETIME) or cue is None:
                continue
            if each.key in {**self.found.answers, **self.found.faults}:
                continue
            applies = each.utility is None or each.utility in self.said.slots.utilities
            found = cue.search(self.said.text) if applies else None
            if found:
                self._moment(each, self._around(found))
            elif each.working and self.said.intent in _OF_SURVEY and self.said.slots.datetime:
                self._moment(each, self.said.slots.datetime)
            elif each.key == self._of_bare_time and times.is_a_time(self.said.text, self.now):
                self._moment(each, self.said.text)

    @cached_property
    def _of_bare_time(self) -> str | None:
        """The field of a time told without a word of what it is for: the visit, unless that is
        filled in and another is not; where there is no visit, the only other one asked for.
        """
        dated = [
            each
            for each in self.form.fields
            if each.type in (FieldType.DATE, FieldType.DATETIME)
            and (each.ask or each.required)
            and not each.latest_today
            and (not self.values or each.condition.holds(self.values))
        ]
        visit = [each for each in dated if each.working]
        free = [each for each in (*visit, *dated) if self.values.get(each.key) is None]
        found = free or visit or dated
        return found[0].key if found else None

    def _around(self, cue: re.Match[str]) -> str:
        """The clause of a cue, where it holds a time of its own; else the whole text."""
        text, literal = self.said.text, self.said.slots.datetime
        start = max(text.rfind(mark, 0, cue.start()) for mark in ",;。\n") + 1
        ends = [at for mark in ",;。\n" if (at := text.find(mark, cue.end())) >= 0]
        clause = text[start : min(ends, default=len(text))]
        if literal and literal not in clause:
            return literal
        return clause

    def _moment(self, into: FormField, words: str) -> None:
        moments = times.read(into, words, now=self.now, calendar=self.calendar)
        if moments is None:
            return
        if moments.value is None:
            self.found.moments.setdefault(into.key, moments)
            return
        value, faults = read_field(
            into, moments.value, Context(self.now, self.calendar), whole=True
        )
        self._note(into.key, value, times.told(moments, tuple(faults), self.now))

    def _yes_no(self) -> None:
        for each in self.form.fields:
            if each.type is FieldType.BOOL and each.key not in self.found.answers:
                told = self._meant(each)
                if told is not None:
                    self.found.answers[each.key] = told

    def _meant(self, asked: FormField) -> bool | None:
        """Yes or no to one question: told by its label, or by its own words where it is at hand."""
        told = mention(asked, self.said.text)
        if told is not None or self.pending is None or asked.utility != self.pending.utility:
            return told
        near = self.pending.type is FieldType.BOOL or of_account(self.pending.key)
        if not near or (self.values and not asked.condition.holds(self.values)):
            return None
        told = by_own_words(asked, self.said.text)
        if told is not None and len(self.said.text) <= _SHORTLY:
            self.found.plain = True
        return told

    def _carriers(self) -> None:
        for each in self.form.fields:
            named = each.type is FieldType.CARRIERS and each.utility in self.found.utilities
            if named and each.key not in self.found.answers:
                codes = [o.code for o in named_options(each.options, self.said.text)]
                if codes:
                    self.found.answers[each.key] = codes


def _stem(field: FormField) -> tuple[str, ...]:
    return tuple(word for word in words_of(field)[1:] if len(word) > 2)
