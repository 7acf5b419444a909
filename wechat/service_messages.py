"""Customer-service messages (客服消息): what both accounts may send to a person who wrote."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from wechat.answers import Done
from wechat.client import Client

_SEND = "/cgi-bin/message/custom/send"


@dataclass(frozen=True, slots=True)
class Choice:
    """One tappable line of a menu message; the tap comes back as text with its id."""

    id: str
    content: str


class ServiceMessages:
    """Sends inside the platform's quota; WindowClosed and MessagesSpent are raised outside it."""

    def __init__(self, client: Client, *, typing_path: str) -> None:
        self._client = client
        self._typing_path = typing_path

    async def text(self, openid: str, text: str) -> None:
        """Plain text, at most 2048 bytes with its tags."""
        await self._send(openid, "text", {"content": text})

    async def menu(self, openid: str, head: str, choices: Sequence[Choice], tail: str = "") -> None:
        """A question with tappable answers (msgmenu)."""
        lines = [{"id": each.id, "content": each.content} for each in choices]
        body = {"head_content": head, "list": lines, "tail_content": tail}
        await self._send(openid, "msgmenu", body)

    async def miniprogram_page(
        self, openid: str, *, title: str, appid: str, page: str, thumb_media_id: str
    ) -> None:
        """A card that opens a page of the linked mini-program."""
        body = {
            "title": title,
            "appid": appid,
            "pagepath": page,
            "thumb_media_id": thumb_media_id,
        }
        await self._send(openid, "miniprogrampage", body)

    async def typing(
        self, openid: str, command: Literal["Typing", "CancelTyping"] = "Typing"
    ) -> None:
        """Shows 对方正在输入 for 15 s; only within 30 s of the person's last message."""
        await self._client.call(Done, self._typing_path, {"touser": openid, "command": command})

    async def _send(self, openid: str, kind: str, content: dict[str, Any]) -> None:
        body = {"touser": openid, "msgtype": kind, kind: content}
        await self._client.call(Done, _SEND, body)
