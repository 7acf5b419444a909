"""How many customer-service messages a person's own act still allows."""

from dataclasses import dataclass
from typing import Literal

from wechat.sandbox.config import Kind
from wechat.sandbox.refusal import Refusal

Act = Literal["message", "click"]
_ALLOWED: dict[tuple[Kind, Act], tuple[int, float]] = {
    ("oa", "message"): (5, 48 * 3600.0),
    ("oa", "click"): (3, 60.0),
    ("mp", "message"): (5, 48 * 3600.0),
    ("mp", "click"): (2, 60.0),
}
TYPING_WINDOW = 30
TYPING_LASTS = 15


@dataclass(slots=True)
class _Window:
    left: int
    ends: float


class ServiceQuota:
    """Windows opened by messages (5 in 48 hours) and by clicks, follows, scans (3 in 1 minute)."""

    def __init__(self) -> None:
        self._windows: dict[tuple[Kind, str, Act], _Window] = {}
        self._last_act: dict[tuple[Kind, str], float] = {}
        self._typing_until: dict[tuple[Kind, str], float] = {}

    def acted(self, kind: Kind, openid: str, act: Act, now: float) -> None:
        """The person wrote or tapped: a full window opens."""
        messages, seconds = _ALLOWED[kind, act]
        self._windows[kind, openid, act] = _Window(messages, now + seconds)
        self._last_act[kind, openid] = now

    def closed(self, kind: Kind, openid: str) -> None:
        """The person no longer follows: nothing may be sent any more."""
        for act in ("message", "click"):
            self._windows.pop((kind, openid, act), None)
        self._last_act.pop((kind, openid), None)

    def spend(self, kind: Kind, openid: str, now: float) -> None:
        """One message. Refuses 45015 with no window open, 45047 with none left in them."""
        open_windows = [
            window
            for act in ("click", "message")
            if (window := self._windows.get((kind, openid, act))) and now < window.ends
        ]
        if not open_windows:
            raise Refusal(45015, "response out of time limit or subscription is canceled")
        for window in open_windows:
            if window.left > 0:
                window.left -= 1
                self._typing_until.pop((kind, openid), None)
                return
        raise Refusal(45047, "out of response count limit")

    def typing(self, kind: Kind, openid: str, command: object, now: float) -> None:
        """Shows or hides 正在输入. Refuses 45072, 45080, 45081."""
        if command == "CancelTyping":
            self._typing_until.pop((kind, openid), None)
            return
        if command != "Typing":
            raise Refusal(45072, "invalid command")
        if now - self._last_act.get((kind, openid), float("-inf")) > TYPING_WINDOW:
            raise Refusal(45080, "no recent user interaction")
        if now < self._typing_until.get((kind, openid), float("-inf")):
            raise Refusal(45081, "already typing")
        self._typing_until[kind, openid] = now + TYPING_LASTS

    def types(self, kind: Kind, openid: str, now: float) -> bool:
        """Whether 对方正在输入 is shown."""
        return now < self._typing_until.get((kind, openid), float("-inf"))
