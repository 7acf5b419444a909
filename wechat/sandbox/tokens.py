"""Access tokens: two families that know nothing of each other, with their overlap and limits."""

import secrets
from dataclasses import dataclass
from typing import Literal

from wechat.sandbox.refusal import Refusal

Family = Literal["stable", "classic"]
OVERLAP = 300
_DAY = 86400
FORCED_A_DAY = 20
FORCED_APART = 30


@dataclass(slots=True)
class Token:
    """``ends`` in Unix seconds."""

    text: str
    appid: str
    family: Family
    ends: float


class TokenOffice:
    """Issues and judges the tokens of every app id."""

    def __init__(self, lifetime: int) -> None:
        self._lifetime = lifetime
        self._known: dict[str, Token] = {}
        self._current: dict[tuple[str, Family], Token] = {}
        self._forced: dict[str, list[float]] = {}

    def stable(self, appid: str, now: float, *, force: bool) -> dict[str, object]:
        """The same token until its last 5 minutes, then the next one beside it."""
        current = self._current.get((appid, "stable"))
        if force:
            self._count_forced(appid, now)
            if current:
                current.ends = now
        elif current and current.ends - now > OVERLAP:
            return {"access_token": current.text, "expires_in": int(current.ends - now)}
        return self._issue(appid, "stable", now)

    def classic(self, appid: str, now: float) -> dict[str, object]:
        """Always a new one; the old one dies after 5 minutes."""
        current = self._current.get((appid, "classic"))
        if current:
            current.ends = min(current.ends, now + OVERLAP)
        return self._issue(appid, "classic", now)

    def owner(self, text: str, now: float) -> str:
        """The app id of a token. Refuses 41001, 40014, 40001, 42001."""
        if not text:
            raise Refusal(41001, "access_token missing")
        if len(text) < 16 or not text.isascii():
            raise Refusal(40014, "invalid access_token")
        token = self._known.get(text)
        if token is None:
            raise Refusal(
                40001,
                "invalid credential, access_token is invalid or not latest, could get "
                "access_token by getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r",
            )
        if now >= token.ends:
            raise Refusal(42001, "access_token expired")
        return token.appid

    def expire(self, appid: str) -> None:
        """Ends every token of the account: the next use answers 42001."""
        for token in self._of(appid):
            token.ends = float("-inf")
        self._forget_current(appid)

    def forget(self, appid: str) -> None:
        """As if another had forced new tokens: the next use answers 40001."""
        for token in self._of(appid):
            del self._known[token.text]
        self._forget_current(appid)

    def _of(self, appid: str) -> list[Token]:
        return [token for token in self._known.values() if token.appid == appid]

    def _forget_current(self, appid: str) -> None:
        self._current = {key: token for key, token in self._current.items() if key[0] != appid}

    def _issue(self, appid: str, family: Family, now: float) -> dict[str, object]:
        token = Token(f"{family}-{secrets.token_hex(60)}", appid, family, now + self._lifetime)
        self._known[token.text] = token
        self._current[appid, family] = token
        return {"access_token": token.text, "expires_in": self._lifetime}

    def _count_forced(self, appid: str, now: float) -> None:
        recent = [at for at in self._forced.get(appid, []) if now - at < _DAY]
        if recent and now - recent[-1] < FORCED_APART:
            raise Refusal(45011, "api minute-quota reach limit, force_refresh")
        if len(recent) >= FORCED_A_DAY:
            raise Refusal(45009, "reach max api daily quota limit, force_refresh")
        self._forced[appid] = [*recent, now]
