"""The platform as the use cases see it: its errors at sign-in in the terms of the domain."""

from collections.abc import Awaitable, Mapping
from typing import TypeVar

from rules.errors import Code, DomainError
from server import logs
from wechat.accounts import Identity
from wechat.errors import (
    BadAnswer,
    NotSubscribed,
    PlatformError,
    RetryLater,
    Unreachable,
    UserCaused,
)
from wechat.platform import Platform
from workflow.ports import SendTrouble

T = TypeVar("T")


class SignInPlatform:
    """A bad or used code, a blocked or snapshot account is the person's; all else is the
    platform's, and told to the operators with the platform's own words."""

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
        try:
            await self._platform.send_subscription(openid, template_id, page, data)
        except NotSubscribed as refused:
            raise SendTrouble("not_subscribed", final=True) from refused
        except RetryLater as later:
            unsure = isinstance(later, Unreachable | BadAnswer)
            raise SendTrouble(_outcome(later), final=False, unsure=unsure) from later
        except PlatformError as refused:
            raise SendTrouble(_outcome(refused), final=True) from refused


def _outcome(error: PlatformError) -> str:
    return f"platform_{error.errcode}" if error.errcode is not None else "platform_unreachable"


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
