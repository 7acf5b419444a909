"""The platform as the use cases see it: its errors in the terms of the domain."""

from collections.abc import Awaitable, Mapping, Sequence
from typing import TypeVar

from rules.errors import Code, DomainError
from server import logs
from wechat.accounts import Identity
from wechat.errors import (
    BadAnswer,
    MessagesSpent,
    NotSubscribed,
    PlatformError,
    RetryLater,
    TooLarge,
    Unreachable,
    UserCaused,
    WindowClosed,
)
from wechat.platform import Platform
from wechat.service_messages import Choice
from workflow.ports import SendTrouble

T = TypeVar("T")


class PlatformPort:
    """At sign-in a bad or used code, a blocked or snapshot account is the person's; all else is
    the platform's, and told to the operators with the platform's own words. What a worker asks
    for is tried again, or given up with an outcome.
    """

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    async def login(self, code: str) -> Identity:
        """Raises ``LOGIN_FAILED``, ``PLATFORM_UNAVAILABLE``."""
        return await _translated(self._platform.login(code))

    async def h5_login(self, code: str) -> Identity:
        """Raises ``LOGIN_FAILED``, ``PLATFORM_UNAVAILABLE``."""
        return await _translated(self._platform.h5_login(code))

    async def phone_number(self, code: str) -> str:
        """Raises ``LOGIN_FAILED``, ``PLATFORM_UNAVAILABLE``."""
        return await _translated(self._platform.phone_number(code))

    async def send_subscription(
        self, openid: str, template_id: str, page: str, data: Mapping[str, str]
    ) -> None:
        """Raises ``SendTrouble``."""
        await _done(self._platform.send_subscription(openid, template_id, page, data))

    async def unionid_of(self, openid: str) -> str | None:
        """Raises ``SendTrouble``."""
        return await _done(self._platform.oa_unionid(openid))

    async def chat_text(self, openid: str, text: str) -> None:
        """Raises ``SendTrouble``; ``window_closed``, ``quota_spent`` outside the quota."""
        await _done(self._platform.oa.messages.text(openid, text))

    async def chat_menu(
        self, openid: str, head: str, choices: Sequence[tuple[str, str]], tail: str
    ) -> None:
        """Raises ``SendTrouble``; ``window_closed``, ``quota_spent`` outside the quota."""
        lines = [Choice(ident, words) for ident, words in choices]
        await _done(self._platform.oa.messages.menu(openid, head, lines, tail))

    async def chat_media(self, media_id: str) -> tuple[bytes, str]:
        """Raises ``SendTrouble``; ``too_large`` for more than 10 MB, which stays so."""
        try:
            answer = await _done(self._platform.oa.download_media(media_id))
        except SendTrouble as trouble:
            if isinstance(trouble.__cause__, TooLarge):
                raise SendTrouble("too_large", final=True) from trouble
            raise
        return answer.content, answer.content_type


_OUTCOMES: dict[type[PlatformError], str] = {
    NotSubscribed: "not_subscribed",
    WindowClosed: "window_closed",
    MessagesSpent: "quota_spent",
}


def _outcome(error: PlatformError) -> str:
    return f"platform_{error.errcode}" if error.errcode is not None else "platform_unreachable"


async def _done(asked: Awaitable[T]) -> T:
    try:
        return await asked
    except RetryLater as later:
        unsure = isinstance(later, Unreachable | BadAnswer)
        raise SendTrouble(_outcome(later), final=False, unsure=unsure) from later
    except PlatformError as refused:
        outcome = _OUTCOMES.get(type(refused)) or _outcome(refused)
        raise SendTrouble(outcome, final=True) from refused


async def _translated(asked: Awaitable[T]) -> T:
    try:
        return await asked
    except UserCaused as refused:
        raise DomainError(Code.LOGIN_FAILED) from refused
    except PlatformError as broken:
        logs.get("platform").warning(
            "sign_in_unavailable",
            call=broken.call,
            errcode=broken.errcode,
            kind=broken.kind.value,
            rid=broken.rid,
        )
        raise DomainError(Code.PLATFORM_UNAVAILABLE) from broken
