"""One-time codes: each for one account, one purpose, five minutes and one use."""

import secrets
from dataclasses import dataclass
from typing import Literal

from wechat.sandbox.people import Person
from wechat.sandbox.refusal import Refusal

Purpose = Literal["login", "phone", "oauth"]
LIFETIME = 300


@dataclass(slots=True)
class _Code:
    purpose: Purpose
    person: Person
    ends: float
    scope: str
    snapshot: bool
    used: bool = False


class Codes:
    """``issue`` on a tap, ``spend`` when the product's server brings the code."""

    def __init__(self) -> None:
        self._known: dict[str, _Code] = {}

    def issue(
        self,
        purpose: Purpose,
        person: Person,
        now: float,
        *,
        scope: str = "snsapi_base",
        snapshot: bool = False,
    ) -> str:
        """A fresh code of 32 characters."""
        text = secrets.token_hex(16)
        self._known[text] = _Code(purpose, person, now + LIFETIME, scope, snapshot)
        return text

    def spend(self, purpose: Purpose, text: object, now: float) -> "_Code":
        """Whose code it is. Refuses 41008 missing, 40029 wrong or old, 40163 used."""
        if not text:
            raise Refusal(41008, "missing code")
        code = self._known.get(text) if isinstance(text, str) else None
        if code is None or code.purpose != purpose or now >= code.ends:
            raise Refusal(40029, "invalid code")
        if code.used:
            raise Refusal(40029 if purpose == "phone" else 40163, "code been used")
        code.used = True
        return code
