"""A talk under way within one step: what is known, and what has been said so far."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.dialogue import menus
from bot.dialogue.acts import Act
from bot.dialogue.heard import Done, Facts
from bot.dialogue.replies import HandOver, PageLink, Reply, Say
from bot.dialogue.state import CUT_SHORT, After, Question, Sheet, State
from bot.understanding.types import Understood
from config.cities import City
from rules.calendar import SHANGHAI, WorkCalendar


@dataclass(frozen=True, slots=True)
class Step:
    """What comes of one event: the state, what is said, and an act to carry out, if any.

    Within the dialogue only: ``known``, an answer that needs nobody outside; ``meant``, what was
    said earlier and can be gone on with now.
    """

    state: State
    replies: tuple[Reply, ...] = ()
    act: Act | None = None
    known: Done | None = None
    meant: Understood | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    """State and facts with the replies so far. Immutable: every method gives another talk."""

    state: State
    facts: Facts
    replies: tuple[Reply, ...] = ()

    @property
    def today(self) -> date:
        """The day in Shanghai."""
        return self.facts.now.astimezone(SHANGHAI).date()

    @property
    def sheet(self) -> Sheet | None:
        """The form being filled in now; None when there is none or it rests."""
        sheet = self.state.sheet
        return None if sheet is None or sheet.paused else sheet

    def city(self, code: str | None = None) -> City:
        """The policy of a city in force now: of the one named, else of the one talked about."""
        found = code or self.state.city
        if found is None:
            raise LookupError("no city is known yet")
        return self.facts.city(found)

    def calendar(self, code: str) -> WorkCalendar | None:
        """A city's working time."""
        return self.facts.calendars.get(code)

    def to(self, **changes: Any) -> "Talk":
        """With parts of the state replaced."""
        return Talk(replace(self.state, **changes), self.facts, self.replies)

    def with_sheet(self, sheet: Sheet | None) -> "Talk":
        """With another form, or the form as it is now."""
        return self.to(sheet=sheet)

    def say(self, text: str, links: tuple[PageLink, ...] = ()) -> "Talk":
        """Say something that asks nothing."""
        return Talk(self.state, self.facts, (*self.replies, Say(text, links=links)))

    def ask(
        self,
        topic: str,
        name: str,
        text: str,
        choices: tuple[tuple[str, str], ...] = (),
        *,
        links: tuple[PageLink, ...] = (),
        numbered: bool = True,
        before: str = "",
        **data: Any,
    ) -> "Talk":
        """Ask a question: from now on what is heard is first tried as its answer.

        ``choices`` are (key, label); ``before`` is said in the same message, and not repeated
        when the question is.
        """
        serial = self.state.serial + 1
        made = menus.choices(serial, choices, numbered=numbered)
        question = Question(topic, name, text, made, data, numbered, serial)
        said = Say(f"{before}\n{text}" if before else text, made, links)
        state = replace(self.state, asked=question, serial=serial)
        return Talk(state, self.facts, (*self.replies, said))

    def again(self, before: str = "") -> "Talk":
        """Ask what is pending once more; nothing pending: only ``before`` is said."""
        question = self.state.asked
        if question is None:
            return self.say(before) if before else self
        question = menus.still(question, self.facts.now)
        if CUT_SHORT in question.data:
            data = {key: kept for key, kept in question.data.items() if key != CUT_SHORT}
            question = replace(question, data=data)
        text = f"{before}\n{question.text}" if before else question.text
        replies = (*self.replies, Say(text, question.choices))
        return replace(self.to(asked=question), replies=replies)

    def hand_over(self, text: str) -> "Talk":
        """Hand the talk to a person."""
        return replace(self, replies=(*self.replies, HandOver(text)))

    def aside(self, *, briefly: bool = False) -> "Talk":
        """With the pending question set aside, to be asked again when this matter is settled; one
        in passing is let go, unless it is only for a word (``briefly``). Mere offers always are.
        """
        asked = self.state.asked
        lets_go = menus.only_offers if briefly else menus.passing
        held = self.state.held or (None if asked and lets_go(asked) else asked)
        return self.to(held=held, asked=None)

    def anew(self, topic: str) -> "Talk":
        """With no question set aside that the topic, begun once more, asks anew by itself."""
        held = self.state.held
        return self.to(held=None) if held is not None and held.topic == topic else self

    def settled(self) -> "Talk":
        """With nothing pending any more."""
        return self.to(held=None, asked=None)

    def do(self, act: Act, topic: str, name: str, **data: Any) -> Step:
        """Have an act carried out; the topic's ``told[name]`` goes on with what came of it. What
        was said so far is said with what it says.
        """
        return Step(self._after(topic, name, data), act=act)

    def go_on(self, told: Mapping[str, Any], topic: str, name: str, **data: Any) -> Step:
        """Go on as after an act whose answer is known here."""
        return Step(self._after(topic, name, data), known=Done(told))

    def _after(self, topic: str, name: str, data: Mapping[str, Any]) -> State:
        return replace(self.state, after=After(topic, name, data, self.replies))

    def mean(self, said: Understood) -> Step:
        """Go on with what was said earlier, as if it were said now."""
        return Step(replace(self.state, after=None), self.replies, meant=said)

    def end(self) -> Step:
        """Nothing more to do for this event."""
        return Step(replace(self.state, after=None), self.replies)
