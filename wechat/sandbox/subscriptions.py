"""Who accepted which template, and how often a message may still be sent for it."""

from collections import Counter
from typing import Literal

from wechat.sandbox.refusal import Refusal

Choice = Literal["accept", "reject", "ban"]


class Subscriptions:
    """One acceptance is one message; a long-term template, once accepted, has no end."""

    def __init__(self) -> None:
        self._left: Counter[tuple[str, str]] = Counter()
        self._refused: set[tuple[str, str]] = set()
        self._sending: set[str] = set()

    def answer(self, openid: str, template_id: str, choice: Choice, count: int = 1) -> int:
        """What the person tapped. Returns how many messages are left."""
        key = (openid, template_id)
        if choice == "accept":
            self._refused.discard(key)
            self._left[key] += count
        else:
            self._refused.add(key)
        return self.left(openid, template_id)

    def left(self, openid: str, template_id: str) -> int:
        """Messages that may still be sent."""
        key = (openid, template_id)
        return 0 if key in self._refused else self._left[key]

    def spend(self, openid: str, template_id: str, *, long_term: bool) -> None:
        """Uses one up. Refuses 43101."""
        if self.left(openid, template_id) <= 0:
            raise Refusal(43101, "user refuse to accept the msg")
        if not long_term:
            self._left[openid, template_id] -= 1

    def begin(self, openid: str) -> None:
        """Refuses 43108 while another message to the same person is under way."""
        if openid in self._sending:
            raise Refusal(43108, "concurrent calls for the same openid")
        self._sending.add(openid)

    def end(self, openid: str) -> None:
        """The message is out of the way."""
        self._sending.discard(openid)

    def shown(self) -> list[dict[str, object]]:
        """Every balance, for the control surface."""
        keys = sorted(self._left.keys() | self._refused)
        return [
            {"openid": openid, "template_id": template, "left": self.left(openid, template)}
            for openid, template in keys
        ]
