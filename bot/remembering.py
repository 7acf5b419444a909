"""What short messages mean is found out once: 进度, 你好 and 跳过 come all day, a tapped line
always word for word. Understanding is the dearest part of a turn.

Only what states nothing about anybody is remembered: no name, number or address stays here.
"""

from collections.abc import Callable
from typing import Protocol

from bot.understanding.types import Intent, Pending, Understood

MOST = 4096
LONGEST = 24
"""Characters; longer messages hardly come twice."""
_OF_SOMEBODY = ("phone", "credit_code", "company", "person", "address", "application_no")


class Understands(Protocol):
    """What people mean (``bot.understanding.understander``): the same for the same message."""

    def understand(
        self, text: str, *, city: str | None = None, pending: Pending | None = None
    ) -> Understood: ...


class Remembering:
    """Asks ``mind`` for what it does not remember. ``mind`` is made when it is first needed."""

    def __init__(self, mind: Callable[[], Understands]) -> None:
        self._mind = mind
        self._known: dict[tuple[str, str | None, Pending | None], Understood] = {}
        self._meant: dict[str, Intent] = {}

    def meant(self, text: str) -> Intent | None:
        """What a message meant when it last came, wherever the talk stood; None: never came."""
        return self._meant.get(text)

    def understand(
        self, text: str, *, city: str | None = None, pending: Pending | None = None
    ) -> Understood:
        """As ``Understander.understand``."""
        if len(text) > LONGEST:
            return self._mind().understand(text, city=city, pending=pending)
        key = (text, city, pending)
        known = self._known.pop(key, None)
        if known is None:
            known = self._mind().understand(text, city=city, pending=pending)
            if not _nobodys(known):
                return known
            self._forget_oldest()
            self._meant[text] = known.intent
        self._known[key] = known  # the last one is the one that was asked for last
        return known

    def _forget_oldest(self) -> None:
        if len(self._known) >= MOST:
            del self._known[next(iter(self._known))]
        if len(self._meant) >= MOST:
            del self._meant[next(iter(self._meant))]


def _nobodys(said: Understood) -> bool:
    """Whether it tells nothing of anybody. What was not understood may be a name."""
    return said.intent is not Intent.OUT_OF_SCOPE and not any(
        getattr(said.slots, name) for name in _OF_SOMEBODY
    )
