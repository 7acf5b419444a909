"""What the dialogue says as the platform can show it: in the answer itself, or sent later.

An answer is one text, so its choices become tappable lines inside it; what is sent later may be a
menu message. Where anchors would make a text too long the same lines stand there plainly: every
choice can also be typed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, Self
from urllib.parse import quote

from bot.dialogue.replies import Choice, HandOver, PageLink, Reply, Say
from config.texts import table

BYTES = 1900
"""Of a text with its tags; the platform takes about 2,048, undocumented."""
CHOICE_BYTES = 128
CHOICES = 10
_MORE = "…"
_NUMBER = re.compile(r"^[0-9]{1,2}\. ")
_BREAKING = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_RESERVED = re.compile(r"[\x00-\x20\"#%&'+<>\\^`{|}]")


@dataclass(frozen=True, slots=True)
class Said:
    """One message to a person: a text, a menu (never an answer), or the handing over to a person.

    ``content`` of a handing over is what is said besides, by a message of its own.
    """

    kind: Literal["text", "menu", "transfer"]
    content: str = ""
    head: str = ""
    choices: tuple[Choice, ...] = ()
    tail: str = ""

    @classmethod
    def of_text(cls, text: str) -> Self:
        """A plain text."""
        return cls("text", content=_cut(_plain(text), BYTES))

    def shown(self) -> dict[str, Any]:
        """As JSON, the way it is stored and handed to the worker that sends it."""
        if self.kind != "menu":
            return {"kind": self.kind, "content": self.content}
        choices = [{"id": each.id, "content": each.label} for each in self.choices]
        return {"kind": "menu", "head": self.head, "choices": choices, "tail": self.tail}

    @classmethod
    def read(cls, shown: Mapping[str, Any]) -> Self:
        """From what ``shown`` gave."""
        if shown["kind"] != "menu":
            return cls(shown["kind"], content=shown["content"])
        choices = tuple(Choice(each["id"], each["content"]) for each in shown["choices"])
        return cls("menu", head=shown["head"], choices=choices, tail=shown["tail"])


class Rendering:
    """``mini_program`` is the app id links lead to, empty for none; ``fallback_url`` is where a
    client goes that cannot open a mini-program.
    """

    def __init__(self, mini_program: str, fallback_url: str) -> None:
        self._mini_program = mini_program
        self._fallback_url = fallback_url

    def passive(self, reply: Reply, *, event: bool = False) -> Said:
        """As the answer to a message, or to an event, which cannot hand over."""
        if not isinstance(reply, HandOver):
            return Said("text", content=self._text(reply))
        if event:
            return _asked_to_write()
        return Said("transfer", content=_cut(_plain(reply.text), BYTES))

    def later(self, reply: Reply) -> Said:
        """As a customer-service message, which cannot hand over: the person is asked to write."""
        if isinstance(reply, HandOver):
            return _asked_to_write()
        if not _fit_a_menu(reply):
            return Said("text", content=self._text(reply))
        choices = tuple(Choice(each.id, _plain(each.label)) for each in reply.choices)
        return Said(
            "menu", head=_plain(reply.text), choices=choices, tail=_lines(self._links(reply))
        )

    def afterwards(self, said: Said) -> Said:
        """What was to be the answer, as a message of its own: only an answer can hand over."""
        return _asked_to_write() if said.kind == "transfer" else said

    def answering(self, replies: Sequence[Reply], *, event: bool) -> tuple[Said | None, list[Said]]:
        """What answers a message, and what follows it by itself, in order.

        Only an answer can hand over, and it says nothing then: its words follow with the others.
        """
        if not replies:
            return None, []
        handing = (at for at, each in enumerate(replies) if isinstance(each, HandOver))
        first = 0 if event else next(handing, 0)
        now = self.passive(replies[first], event=event)
        after = [self.later(each) for each in replies]
        after[first : first + 1] = (
            [Said.of_text(now.content)] if now.kind == "transfer" and now.content else []
        )
        return now, after

    def _text(self, say: Say) -> str:
        """Tappable where there is room, else plain; what is said is cut before what is offered."""
        text, links = _plain(say.text), self._links(say)
        plain = [_plain(choice.label) for choice in say.choices]
        anchors = [_anchor(choice) for choice in say.choices]
        for lines in ([*anchors, *links], [*anchors], [*plain, *links]):
            content = _lines([text, *lines])
            if _size(content) <= BYTES:
                return content
        offered = _cut(_lines(plain), BYTES // 2)
        return _lines([_cut(text, BYTES - _size(offered) - 1), offered])

    def _links(self, say: Say) -> list[str]:
        return [self._link(each) for each in say.links] if self._mini_program else []

    def _link(self, link: PageLink) -> str:
        return (
            f'<a href="{self._fallback_url}" data-miniprogram-appid="{self._mini_program}"'
            f' data-miniprogram-path="{_attribute(link.path)}">{_plain(link.label)}</a>'
        )


@cache
def _asked_to_write() -> Said:
    return Said.of_text(table("callback")["callback"]["write_to_transfer"])


def _anchor(choice: Choice) -> str:
    """A line that is sent as if it were typed, without its number, and brings its id along."""
    label = _plain(choice.label)
    words = _reserved_escaped(_NUMBER.sub("", label))
    ident = _reserved_escaped(choice.id)
    href = f"weixin://bizmsgmenu?msgmenucontent={words}&msgmenuid={ident}"
    return f'<a href="{href}">{label}</a>'


def _reserved_escaped(text: str) -> str:
    """Chinese stays as it is: escaped it would be three times as long, and clients take both."""
    return _RESERVED.sub(lambda found: quote(found[0], safe=""), text)


def _attribute(path: str) -> str:
    return re.sub(r"[\x00-\x20\"'<>\\]", lambda found: quote(found[0], safe=""), path)


def _plain(text: str) -> str:
    """Words that people may have typed: no tag of theirs, nothing the platform refuses.

    A full-width sign instead of ``&lt;``: whether a client turns that back is nowhere written.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _BREAKING.sub("", lines).replace("<", "＜")


def _fit_a_menu(say: Say) -> bool:
    return (
        0 < len(say.choices) <= CHOICES
        and _size(say.text) <= BYTES // 2
        and all(_size(choice.label) <= CHOICE_BYTES for choice in say.choices)
    )


def _lines(lines: Sequence[str]) -> str:
    return "\n".join(line for line in lines if line)


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


def _cut(text: str, most: int) -> str:
    """At most ``most`` bytes: whole lines where the first fits, else whole characters."""
    if _size(text) <= most:
        return text
    room = most - _size(_MORE) - 1
    kept = ""
    for line in text.split("\n"):
        longer = f"{kept}\n{line}" if kept else line
        if _size(longer) > room:
            break
        kept = longer
    if kept:
        return f"{kept}\n{_MORE}"
    return text.encode("utf-8", "replace")[:room].decode("utf-8", "ignore") + _MORE
