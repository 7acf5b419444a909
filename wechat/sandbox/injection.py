"""Faults asked for by the control surface: the next calls of a path go wrong in a chosen way."""

from typing import Annotated, Literal

from pydantic import Field

from wechat.sandbox.config import Strict


class Injection(Strict):
    """``path`` is exact, or ``*`` for every call; ``count`` calls are hit, then it is gone.

    ``kind``: ``errcode`` answers ``errcode``; ``timeout`` answers nothing for ``seconds``;
    ``delay`` answers rightly after ``seconds``; ``html`` a page with ``status``; ``truncate``
    the right answer cut in half; ``hangup`` closes the connection without an answer;
    ``oversize`` ``size`` bytes; ``body`` the text ``body``. ``after`` lets the call take effect
    first, as when only its answer is lost.
    """

    path: str = "*"
    kind: Literal["errcode", "timeout", "delay", "html", "truncate", "hangup", "oversize", "body"]
    count: Annotated[int, Field(ge=1)] = 1
    errcode: int = -1
    errmsg: str = "injected"
    seconds: Annotated[float, Field(ge=0, le=120)] = 30.0
    status: Annotated[int, Field(ge=200, le=599)] = 200
    size: Annotated[int, Field(ge=0, le=64 * 1024 * 1024)] = 8 * 1024 * 1024
    body: str = ""
    after: bool = False


class Injections:
    """The faults still to come, in the order they were asked for."""

    def __init__(self) -> None:
        self._waiting: list[Injection] = []

    def add(self, injection: Injection) -> None:
        """Asks for one more."""
        self._waiting.append(injection)

    def clear(self) -> None:
        """Takes back every fault not used yet."""
        self._waiting.clear()

    def take(self, path: str) -> Injection | None:
        """The fault for this call, used up by one."""
        for injection in self._waiting:
            if injection.path in (path, "*"):
                injection.count -= 1
                if injection.count == 0:
                    self._waiting.remove(injection)
                return injection
        return None

    def shown(self) -> list[dict[str, object]]:
        """For the control surface."""
        return [each.model_dump() for each in self._waiting]
