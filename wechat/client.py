"""One account's calls: a token put in, one retry on a stale one, answers in their shape."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from redis.asyncio import Redis

from wechat.accounts import Account
from wechat.answers import TokenGrant, Told, read
from wechat.errors import Misconfigured, StaleToken
from wechat.tokens import Grant, Tokens
from wechat.transport import Answer, QueryValue, Transport, parse_object

_STABLE_PATH = "/cgi-bin/stable_token"
T = TypeVar("T", bound=Told)
A = TypeVar("A")


class Client:
    """Shared by the calls of both accounts; needs one instance per account and process."""

    def __init__(self, account: Account, transport: Transport, redis: "Redis | None") -> None:
        self.account = account
        self.transport = transport
        self.tokens = Tokens(account.appid, self._fetch_token, redis)

    async def call(
        self,
        shape: type[T],
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        query: Mapping[str, QueryValue] | None = None,
    ) -> T:
        """POSTs ``body``, or GETs without one, with an access token."""

        async def once(token: str) -> dict[str, Any]:
            asked = {**(query or {}), "access_token": token}
            method = "GET" if body is None else "POST"
            return await self.transport.json(method, path, query=asked, body=body)

        return read(shape, await self._with_token(path, once), path)

    async def fetch(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        query: Mapping[str, QueryValue] | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        max_bytes: int | None = None,
        large: bool = False,
    ) -> Answer:
        """The raw answer; where it is JSON with an error in it, that error is raised."""

        async def once(token: str) -> Answer:
            asked = {**(query or {}), "access_token": token}
            answer = await self.transport.raw(
                method,
                path,
                query=asked,
                body=body,
                files=files,
                max_bytes=max_bytes,
                large=large,
            )
            if answer.content[:64].lstrip()[:1] == b"{" or "json" in answer.content_type:
                parse_object(answer.content, path)
            return answer

        return await self._with_token(path, once)

    async def exchange(self, shape: type[T], path: str, query: Mapping[str, QueryValue]) -> T:
        """GETs with app id and secret instead of a token: how codes become identities."""
        asked = {"appid": self.account.appid, "secret": self.account.secret, **query}
        try:
            told = await self.transport.json("GET", path, query=asked)
        except StaleToken as fault:
            raise Misconfigured(fault.errcode, call=path, errmsg=fault.errmsg) from None
        return read(shape, told, path)

    async def _with_token(self, path: str, once: Callable[[str], Awaitable[A]]) -> A:
        token = await self.tokens.current()
        try:
            return await once(token)
        except StaleToken:
            token = await self.tokens.renew(token)
        try:
            return await once(token)
        except StaleToken as fault:
            raise Misconfigured(fault.errcode, call=path, errmsg=fault.errmsg) from None

    async def _fetch_token(self) -> Grant:
        body = {
            "grant_type": "client_credential",
            "appid": self.account.appid,
            "secret": self.account.secret,
        }
        try:
            told = await self.transport.json("POST", _STABLE_PATH, body=body)
        except StaleToken as fault:
            raise Misconfigured(fault.errcode, call=_STABLE_PATH, errmsg=fault.errmsg) from None
        grant = read(TokenGrant, told, _STABLE_PATH)
        return Grant(grant.access_token, grant.expires_in)
