"""What the mini-program's account can ask of the platform."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from wechat.accounts import Identity
from wechat.answers import Done, MediaCheck, Phone, Session, TextCheck, UrlLink, Verdict
from wechat.client import Client
from wechat.errors import BadAnswer, Concurrent
from wechat.keyed_locks import KeyedLocks
from wechat.service_messages import ServiceMessages
from wechat.values import fit_all

State = Literal["developer", "trial", "formal"]
Version = Literal["release", "trial", "develop"]
_IMAGE_STARTS = (b"\x89PNG", b"\xff\xd8\xff")


class MiniProgram:
    """``waits``: seconds before each further try when the platform says 43108."""

    def __init__(
        self, client: Client, *, state: State = "formal", waits: Sequence[float] = (0.2, 0.5, 1.0)
    ) -> None:
        self._client = client
        self._state = state
        self._waits = tuple(waits)
        self._one_at_a_time = KeyedLocks()
        self.messages = ServiceMessages(
            client, typing_path="/cgi-bin/message/custom/business/typing"
        )

    async def login(self, code: str) -> Identity:
        """Who a ``wx.login`` code belongs to. Raises CodeRefused."""
        query = {"js_code": code, "grant_type": "authorization_code"}
        session = await self._client.exchange(Session, "/sns/jscode2session", query)
        return Identity(self._client.account.appid, session.openid, session.unionid)

    async def phone_number(self, code: str, openid: str | None = None) -> str:
        """The number a person agreed to share: 11 digits, or ``+`` and country abroad."""
        body = {"code": code} if openid is None else {"code": code, "openid": openid}
        told = await self._client.call(Phone, "/wxa/business/getuserphonenumber", body)
        info = told.phone_info
        if info.country_code == "86":
            return info.pure_number
        return f"+{info.country_code}{info.pure_number}"

    async def send_subscription(
        self, openid: str, template_id: str, page: str, data: Mapping[str, str]
    ) -> None:
        """A subscription message (订阅消息), values cut to their rules.

        The platform refuses two at once for one person, so they queue here; another process
        may still collide, hence the tries. Raises NotSubscribed when nothing is left to use.
        """
        body: dict[str, Any] = {
            "touser": openid,
            "template_id": template_id,
            "page": page,
            "data": fit_all(data),
            "miniprogram_state": self._state,
            "lang": "zh_CN",
        }
        async with self._one_at_a_time(openid):
            for wait in self._waits:
                try:
                    await self._send_subscription(body)
                    return
                except Concurrent:
                    await asyncio.sleep(wait)
            await self._send_subscription(body)

    async def _send_subscription(self, body: Mapping[str, Any]) -> None:
        await self._client.call(Done, "/cgi-bin/message/subscribe/send", body)

    async def check_text(self, openid: str, text: str, *, scene: Literal[1, 2, 3, 4]) -> Verdict:
        """Is the text fit to publish? At most 2500 characters; openid active in the last 2 h."""
        body = {"content": text, "version": 2, "scene": scene, "openid": openid}
        return (await self._client.call(TextCheck, "/wxa/msg_sec_check", body)).result

    async def check_media(
        self, openid: str, url: str, *, kind: Literal["audio", "image"], scene: Literal[1, 2, 3, 4]
    ) -> str:
        """Starts a check of a file the platform can download; its verdict is pushed later.

        Returns the trace id the push will carry.
        """
        body = {
            "media_url": url,
            "media_type": 1 if kind == "audio" else 2,
            "version": 2,
            "scene": scene,
            "openid": openid,
        }
        return (await self._client.call(MediaCheck, "/wxa/media_check_async", body)).trace_id

    async def code_image(
        self, scene: str, page: str, *, version: Version = "release", width: int = 430
    ) -> bytes:
        """A mini-program code (小程序码) as image bytes; scene at most 32 visible characters."""
        path = "/wxa/getwxacodeunlimit"
        body = {
            "scene": scene,
            "page": page,
            "check_path": version == "release",
            "env_version": version,
            "width": width,
        }
        content = (await self._client.fetch("POST", path, body)).content
        if not content.startswith(_IMAGE_STARTS):
            raise BadAnswer(call=path, errmsg="not an image")
        return content

    async def url_link(
        self, page: str, query: str = "", *, days: int = 30, version: Version = "release"
    ) -> str:
        """A link (URL Link) that opens ``page`` from SMS or mail for at most 30 days."""
        body = {
            "path": page,
            "query": query,
            "expire_type": 1,
            "expire_interval": days,
            "env_version": version,
        }
        return (await self._client.call(UrlLink, "/wxa/generate_urllink", body)).url_link
