"""What the service account (服务号) can ask of the platform."""

from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import urlencode

from wechat.accounts import Identity
from wechat.answers import Done, Follower, UploadedMedia, WebGrant, read
from wechat.client import Client
from wechat.errors import SnapshotUser
from wechat.service_messages import ServiceMessages
from wechat.transport import Answer, parse_object

MAX_MEDIA_BYTES = 10 * 1024 * 1024


class ServiceAccount:
    """``oauth_base`` is where people's browsers go to sign in, not where the server asks."""

    def __init__(self, client: Client, *, oauth_base: str) -> None:
        self._client = client
        self._oauth_base = oauth_base.rstrip("/")
        self.messages = ServiceMessages(client, typing_path="/cgi-bin/message/custom/typing")

    def authorize_url(self, redirect_uri: str, state: str) -> str:
        """Where to send a browser for an OAuth code; ``state`` is bound to its session."""
        query = urlencode(
            {
                "appid": self._client.account.appid,
                "redirect_uri": redirect_uri,
                "response_type": "code",
                "scope": "snsapi_base",
                "state": state,
            }
        )
        return f"{self._oauth_base}/connect/oauth2/authorize?{query}#wechat_redirect"

    async def exchange_code(self, code: str) -> Identity:
        """Who an OAuth code belongs to. Raises CodeRefused, SnapshotUser."""
        path = "/sns/oauth2/access_token"
        query = {"code": code, "grant_type": "authorization_code"}
        grant = await self._client.exchange(WebGrant, path, query)
        if grant.is_snapshotuser:
            raise SnapshotUser(call=path)
        return Identity(self._client.account.appid, grant.openid, grant.unionid)

    async def follower(self, openid: str) -> Follower:
        """Whether the person follows, and then the unionid where the accounts are bound."""
        query = {"openid": openid, "lang": "zh_CN"}
        return await self._client.call(Follower, "/cgi-bin/user/info", query=query)

    async def create_menu(self, menu: Mapping[str, Any]) -> None:
        """Replaces the menu below the chat (自定义菜单)."""
        await self._client.call(Done, "/cgi-bin/menu/create", menu)

    async def download_media(self, media_id: str) -> Answer:
        """A picture or voice a person sent; gone after 3 days."""
        path = "/cgi-bin/media/get"
        query = {"media_id": media_id}
        return await self._client.fetch(
            "GET", path, query=query, max_bytes=MAX_MEDIA_BYTES, large=True
        )

    async def upload_media(
        self,
        kind: Literal["image", "voice", "video", "thumb"],
        name: str,
        content: bytes,
        mime: str,
    ) -> str:
        """Stores a file at the platform for 3 days. Returns its media id."""
        path = "/cgi-bin/media/upload"
        files = {"media": (name, content, mime)}
        answer = await self._client.fetch(
            "POST", path, query={"type": kind}, files=files, large=True
        )
        return read(UploadedMedia, parse_object(answer.content, path), path).media_id
