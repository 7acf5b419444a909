"""The platform as the use cases see it: its errors at sign-in in the terms of the domain."""

from collections.abc import Awaitable, Mapping
from typing import TypeVar

from rules.errors import Code, DomainError
from server import logs
from wechat.accounts import Identity
from wechat.errors import PlatformError, UserCaused
from wechat.platform import Platform

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
        """Raises ``wechat.errors.PlatformError``."""
        await self._platform.send_subscription(openid, template_id, page, data)


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
