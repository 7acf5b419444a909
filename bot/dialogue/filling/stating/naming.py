"""Who, where, which number: names, addresses, codes and what corrects them."""

import re

from bot.dialogue.cities import towns_in
from bot.dialogue.filling.corrected import corrections
from bot.dialogue.filling.introduced import called
from bot.dialogue.filling.names import role_keys, role_of, words_of
from bot.dialogue.filling.shapes import is_described, name_beside
from bot.dialogue.filling.stating.base import Base
from config.cities import FieldType
from rules.forms import FormField

_ROLES = ("company", "person", "address")
_PROJECT = re.compile(
    "(?<![0-9])(?:[0-9]{4}-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{6}|[0-9]{20})(?![0-9])"
)


class Names(Base):
    """What is named, put where it belongs: by the words near it, else by its usual field."""

    def _changed(self) -> None:
        """地址不对，改成…: a value for the field named before it, as it stands there."""
        for each in corrections(self.form, self.said.text, self.values):
            role = role_of(each.field.key)
            told = getattr(self.said.slots, role) if role in _ROLES else None
            whole = role == "address" or self._begins_with_town(each.words, told)
            known = told if told and not whole and told in each.words else each.words
            self._typed(each.field, known)
            if each.field.key in {**self.found.answers, **self.found.faults}:
                self.found.corrected |= {each.field.key}

    def _begins_with_town(self, words: str, company: str | None) -> bool:
        """Whether a town glued to the front of a company's name is part of it."""
        head = words.removesuffix(company) if company else ""
        towns = next((f.options for f in self.form.fields if f.type is FieldType.TOWN), ())
        return any(head in (town.label, *town.aliases) for town in towns)

    def _slots(self) -> None:
        slots = self.said.slots
        if (name := called(self.said.text)) and not self._known(name):
            self._role("person", name)
            self.found.plain = True
        for role in _ROLES:
            value = getattr(slots, role)
            if value and not self._known(value) and not self._only_described(role, value):
                self._role(role, value)
        if slots.person is None and slots.phone and (named := name_beside(self.said.text)):
            self._role("person", named)
        self._by_type(FieldType.PHONE, slots.phone)
        self._by_type(FieldType.CREDIT_CODE, slots.credit_code)
        project = _PROJECT.search(self.said.text)
        self._by_type(FieldType.PROJECT_CODE, project[0] if project else None)

    def _only_described(self, role: str, value: str) -> bool:
        """Whether a company is not named, but told to be one of a kind."""
        named = self.city.name.removesuffix("市") in value
        return role == "company" and not named and is_described(self.said.typed, value)

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

    def _town(self) -> None:
        into = next((f for f in self.form.fields if f.type is FieldType.TOWN), None)
        if into is None or into.key in self.found.answers:
            return
        text, typed = self.said.text, self.said.typed
        companies = (self.found.answers.get(key) for key in role_keys("company", self.form))
        names = (*companies, self.said.slots.company, self.said.slots.person)
        named = [each for each in names if isinstance(each, str) and each]
        for name in named:
            at = typed.find(name)
            text = text if at < 0 else text[:at] + " " * len(name) + text[at + len(name) :]
        place = self.said.slots.address or ""
        place = "" if any(name.startswith(place) for name in named) else place
        towns = towns_in(self.city, text, place)
        if len(towns) == 1:
            self.found.answers[into.key] = towns[0]


def _stem(field: FormField) -> tuple[str, ...]:
    return tuple(word for word in words_of(field)[1:] if len(word) > 2)
