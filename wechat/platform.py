"""The platform as the product sees it: who a person is, and how to reach them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from redis.asyncio import Redis

from wechat.accounts import Account, Identity
from wechat.client import Client
from wechat.errors import Misconfigured, Refused, RetryLater
from wechat.miniprogram import MiniProgram, State
from wechat.service_account import ServiceAccount
from wechat.transport import Timeouts, Transport


class Platform:
    """Both accounts behind one pooled connection. Every method raises ``PlatformError``.

    ``base_url`` is ``https://api.weixin.qq.com`` or the stand-in; ``oauth_base`` where browsers
    sign in (``https://open.weixin.qq.com``). Close it with ``aclose()``.
    """

    def __init__(
        self,
        *,
        base_url: str,
        oauth_base: str,
        mp: Account,
        oa: Account,
        redis: "Redis | None" = None,
        timeouts: Timeouts | None = None,
        connections: int = 50,
        proxy: str | None = None,
        state: State = "formal",
        waits: Sequence[float] = (0.2, 0.5, 1.0),
    ) -> None:
        self._transport = Transport(
            base_url, timeouts=timeouts, connections=connections, proxy=proxy
        )
        self.mp_client = Client(mp, self._transport, redis)
        self.oa_client = Client(oa, self._transport, redis)
        self.mp = MiniProgram(self.mp_client, state=state, waits=waits)
        self.oa = ServiceAccount(self.oa_client, oauth_base=oauth_base)

    async def aclose(self) -> None:
        """Closes the connections; the given Redis client stays its owner's."""
        await self._transport.aclose()

    async def login(self, code: str) -> Identity:
        """Sign-in from the mini-program with a ``wx.login`` code."""
        return await self.mp.login(code)

    async def h5_login(self, code: str) -> Identity:
        """Sign-in from a web page in the official account with an OAuth code.

        The platform tells the unionid of a silent sign-in only to those who ask about a
        follower; failing to learn it does not stop the sign-in.
        """
        identity = await self.oa.exchange_code(code)
        if identity.unionid:
            return identity
        try:
            return replace(identity, unionid=await self.oa_unionid(identity.openid))
        except (RetryLater, Refused, Misconfigured):
            return identity

    async def oa_unionid(self, openid: str) -> str | None:
        """The unionid of a follower of the official account, None when it is not told."""
        return (await self.oa.follower(openid)).unionid

    async def phone_number(self, code: str) -> str:
        """The number behind a ``getPhoneNumber`` code: 11 digits, or ``+`` and country."""
        return await self.mp.phone_number(code)

    async def send_subscription(
        self, openid: str, template_id: str, page: str, data: Mapping[str, str]
    ) -> None:
        """A subscription message to a mini-program openid."""
        await self.mp.send_subscription(openid, template_id, page, data)

    async def send_text(self, openid: str, text: str) -> None:
        """A customer-service text to an official-account openid, inside its quota."""
        await self.oa.messages.text(openid, text)
