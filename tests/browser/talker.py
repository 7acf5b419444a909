"""Somebody who fills in a form by talking: reads each question and answers that one."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from playwright.async_api import TimeoutError as Late

from tests.browser.chat_page import ChatPage

NUMBER = re.compile(r"[0-9]{4}（[0-9]{6}）号")
_MOST = 60
_KNOWN = """([before, words]) => {
  const bubbles = document.querySelectorAll("#talk .said:not(.own) .bubble");
  const last = bubbles[bubbles.length - 1]?.innerText ?? "";
  return bubbles.length >= before && words.some((word) => last.includes(word));
}"""

Deed = Callable[[ChatPage], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is done where a question holds ``asked``; ``times`` it may be asked."""

    asked: str
    deed: Deed
    times: int = 1


def say(asked: str, words: str, *, times: int = 1) -> Answer:
    """Typed."""
    return Answer(asked, lambda chat: chat.say(words), times)


def tap(asked: str, label: str, *, times: int = 1) -> Answer:
    """Tapped."""
    return Answer(asked, lambda chat: chat.tap(label), times)


def aside(asked: str, words: str, told: str = "") -> Answer:
    """Something else is said first: it is met with ``told``, and the same question comes again."""

    async def stray(chat: ChatPage) -> None:
        await chat.say(words)
        said = await chat.said_last()
        assert told in said, said
        assert asked in said, said

    return Answer(asked, stray)


@dataclass(slots=True)
class Talker:
    """Answers in the order of the list: of two that fit a question the first is used up first."""

    chat: ChatPage
    answers: Sequence[Answer]
    used: dict[int, int] = field(default_factory=dict)

    async def until_numbered(self) -> str:
        """Answer until the account tells the number. AssertionError for a question nobody knows."""
        for _ in range(_MOST):
            said = await self._question()
            if found := NUMBER.search(said):
                return found[0]
            await self._answer(said)
        raise AssertionError(f"still no number: {await self.chat.said_last()}")

    async def _question(self) -> str:
        """The newest thing said that can be answered; parts that come before it are let pass."""
        words = [answer.asked for answer in self.answers] + ["）号"]
        try:
            await self.chat.page.wait_for_function(_KNOWN, arg=[1, words])
        except Late:
            raise AssertionError(f"nobody knows this: {await self.chat.said_last()}") from None
        return await self.chat.said_last()

    async def _answer(self, said: str) -> None:
        for index, answer in enumerate(self.answers):
            if answer.asked in said and self.used.get(index, 0) < answer.times:
                self.used[index] = self.used.get(index, 0) + 1
                await answer.deed(self.chat)
                return
        raise AssertionError(f"asked again: {said}")

    def unused(self) -> list[str]:
        """Questions that never came."""
        return [each.asked for index, each in enumerate(self.answers) if index not in self.used]
