"""The sender's own cases as they are listed: which one is meant, asked for where it is not clear.

Only ``ReadCases`` and ``ReadStatus`` are looked into, which tell nobody's cases but the sender's: a
number of somebody else's case is answered exactly like one there is none of.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from bot.dialogue import menus
from bot.dialogue.heard import Heard
from bot.dialogue.state import Question
from bot.dialogue.talk import Step, Talk
from bot.understanding.types import Slots
from config.cities import City
from config.texts.chat import chat

Kind = Literal["application", "registration"]
OTHER = "other"
"""Key of the line that says: none of these."""


@dataclass(frozen=True, slots=True)
class Own:
    """One own case; ``utilities`` are the city's words (用水), ``state`` its stage or state."""

    id: UUID
    kind: Kind
    city: str
    number: str
    state: str
    state_label: str
    name: str
    utilities: tuple[str, ...] = ()
    step: str = ""
    version: int = 0

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> "Own | None":
        """From one item of a list; None for what is none."""
        try:
            kind: Kind = "registration" if item["kind"] == "registration" else "application"
            return cls(
                id=UUID(str(item["id"])),
                kind=kind,
                city=str(item["city"]),
                number=str(item.get("number") or ""),
                state=str(item["state"]),
                state_label=str(item.get("state_label") or ""),
                name=str(item.get("enterprise_name") or ""),
                utilities=tuple(map(str, item.get("utilities") or ())),
                step=str(item.get("step") or ""),
                version=int(item.get("version") or 0),
            )
        except (KeyError, TypeError, ValueError):
            return None

    @property
    def line(self) -> str:
        """As one line to choose."""
        nameless = chat("cases.registration" if self.kind == "registration" else "cases.draft")
        name = self.name or "、".join(self.utilities)
        number = self.number or nameless
        state = "" if number == self.state_label else self.state_label
        return " ".join(chat("cases.line", number=number, state=state, name=name).split())

    def kept(self) -> dict[str, Any]:
        """As kept with a question, JSON."""
        return {
            "kind": self.kind,
            "id": str(self.id),
            "city": self.city,
            "number": self.number,
            "state": self.state,
            "state_label": self.state_label,
            "enterprise_name": self.name,
            "utilities": list(self.utilities),
        }


def own_of(told: Mapping[str, Any]) -> tuple[Own, ...]:
    """The cases of an answer, newest first."""
    items = told.get("items")
    found = map(Own.of, items) if isinstance(items, Sequence) else ()
    return tuple(each for each in found if each is not None)


def digits(number: str) -> str:
    """What tells two numbers apart however they are typed: 2026（000012）号 → 2026-12."""
    parts = re.findall("[0-9]+", number)
    return "-".join(part.lstrip("0") for part in parts)


def as_printed(number: str) -> str:
    """A number as the papers print it, with brackets of full width."""
    return number.replace("(", "（").replace(")", "）")


def unknown(number: str) -> str:
    """Said of a number there is none of, and of somebody else's."""
    return chat("cases.unknown_number", no=as_printed(number))


def numbered(own: Iterable[Own], number: str) -> tuple[Own, ...]:
    """Those with a number; a bare sequence (12号) is enough where it is one's own."""
    wanted = digits(number)
    if not wanted:
        return ()
    return tuple(each for each in own if digits(each.number) == wanted or _sequence(each) == wanted)


def _sequence(own: Own) -> str:
    return digits(own.number).rpartition("-")[2]


def meant(
    own: Sequence[Own], slots: Slots, city_of: Callable[[str], City], text: str = ""
) -> tuple[Own, ...]:
    """Those that fit what was said: by number, by the name of the enterprise, by utility; all of
    them where nothing said tells them apart.
    """
    if slots.application_no and (found := numbered(own, slots.application_no)):
        return found
    own = _named(own, f"{slots.company or ''} {text}")
    if slots.utilities:
        holding = tuple(each for each in own if _holds(each, slots.utilities, city_of))
        own = holding or own
    return tuple(own)


def _named(own: Sequence[Own], text: str) -> Sequence[Own]:
    """Those whose enterprise the text names best: 铸造公司那个. All, where it names none."""
    shared = {name: _shared(name, text) for name in {each.name for each in own}}
    best = max(shared.values(), default=0)
    if best < _TELLING:
        return own
    return tuple(each for each in own if shared[each.name] == best)


_TELLING = 2
"""Characters of a name that tell one enterprise from another."""
_GENERAL = re.compile("有限责任公司|股份有限公司|有限公司|集团|公司|企业|[^ ]{2}市")


def _shared(name: str, text: str) -> int:
    """The length of the longest stretch of a name that stands in a text."""
    parts = [part for part in _GENERAL.sub(" ", name).split() if part]
    return max(
        (
            end - start
            for part in parts
            for start in range(len(part))
            for end in range(start + _TELLING, len(part) + 1)
            if part[start:end] in text
        ),
        default=0,
    )


def _holds(own: Own, utilities: Sequence[str], city_of: Callable[[str], City]) -> bool:
    try:
        city = city_of(own.city)
    except LookupError:
        return False
    wanted = {city.utilities[each].use for each in utilities if each in city.utilities}
    return bool(wanted) and wanted <= set(own.utilities)


def about(talk: Talk, city: str) -> Talk:
    """The talk, in the city of the case spoken of, where no city was known."""
    return talk if talk.state.city else talk.to(city=city)


def choose(
    talk: Talk,
    topic: str,
    name: str,
    own: Sequence[Own],
    *,
    before: str = "",
    other: str = "",
    asks: str = "",
    **data: Any,
) -> Talk:
    """Ask which of several; ``picked`` reads the answer. ``other``: a last line (``OTHER``);
    ``asks``: the question, where it is another than usual.
    """
    data = {**data, "other": other, "passing": True} | ({"asks": asks} if asks else {})
    return _ask(talk, topic, name, [each.kept() for each in own], 0, before, data)


def _ask(
    talk: Talk,
    topic: str,
    name: str,
    kept: list[dict[str, Any]],
    page: int,
    before: str,
    data: Mapping[str, Any],
) -> Talk:
    own = own_of({"items": kept})
    offered = [(str(at), each.line) for at, each in enumerate(own)]
    last = ((OTHER, str(data["other"])),) if data.get("other") else ()
    shown = menus.page(offered, page, chat("cases.more"), below=len(last))
    text = str(data.get("asks") or chat("cases.which", count=len(own)))
    held = {**data, "cases": kept, "page": page}
    return talk.ask(topic, name, text, (*shown, *last), before=before, **held)


def picked(talk: Talk, question: Question, heard: Heard) -> Own | Step | None:
    """The case chosen (tapped, typed by number, named), the next page, or None."""
    kept = question.data.get("cases") or []
    key = menus.picked(question, heard)
    if key == menus.MORE:
        data = {k: v for k, v in question.data.items() if k not in ("cases", "page")}
        page = int(question.data.get("page") or 0) + 1
        return _ask(talk, question.topic, question.name, list(kept), page, "", data).end()
    own = own_of({"items": kept})
    if key is not None:
        return own[int(key)] if key.isdecimal() and int(key) < len(own) else None
    said = heard.understood
    if said is None:
        return None
    found = meant(own, said.slots, talk.facts.city, said.text)
    if len(own) == 1 and _shared(own[0].name, said.text) < _TELLING:
        found = ()
    if len(found) != 1 and (by_number := numbered(own, said.text)):
        found = by_number
    return found[0] if len(found) == 1 else None
