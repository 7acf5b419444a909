"""What a person can do in the chat, and the message the platform makes of it."""

from typing import Annotated, Any, Literal
from uuid import uuid4

from pydantic import AfterValidator, Field

from server.sandbox.answers import PersonId
from workflow.inputs import Input

_TICKET = "demo-ticket"
MediaId = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,128}$", title="素材编号")]
Scene = Annotated[str, Field(pattern=r"^[0-9A-Za-z_:-]{1,64}$", title="二维码场景值")]


def _can_be_typed(text: str) -> str:
    """As typed, nothing folded. ValueError for what no keyboard gives and XML cannot hold."""
    if any(ord(each) < 32 and each not in "\n\t" for each in text) or "\x7f" in text:
        raise ValueError("text_characters")
    return text


Typed = Annotated[str, Field(max_length=2000), AfterValidator(_can_be_typed)]


class Words(Input):
    """打字，或点一条可选项。"""

    kind: Literal["text"]
    content: Annotated[Typed, Field(min_length=1)]
    choice: Annotated[str | None, Field(max_length=200, title="可选项编号")] = None

    def message(self, base_url: str) -> dict[str, Any]:
        """As the platform pushes it; a tapped line carries its id."""
        told = {"MsgType": "text", "Content": self.content}
        return told if self.choice is None else {**told, "bizmsgmenuid": self.choice}


class Whereabouts(Input):
    """发送位置（GCJ-02 坐标）。"""

    kind: Literal["location"]
    latitude: Annotated[float, Field(ge=-90, le=90, title="纬度")]
    longitude: Annotated[float, Field(ge=-180, le=180, title="经度")]
    label: Annotated[Typed, Field(max_length=200)] = ""

    def message(self, base_url: str) -> dict[str, Any]:
        """As the platform pushes it: X is the latitude."""
        place = {"Location_X": self.latitude, "Location_Y": self.longitude}
        return {"MsgType": "location", **place, "Scale": 16, "Label": self.label}


class Picture(Input):
    """发送图片；先上传得到素材编号。"""

    kind: Literal["image"]
    media_id: MediaId

    def message(self, base_url: str) -> dict[str, Any]:
        """As the platform pushes it."""
        address = f"{base_url}/_sandbox/files/{self.media_id}"
        return {"MsgType": "image", "PicUrl": address, "MediaId": self.media_id}


class Voice(Input):
    """发送语音；recognition 是平台识别出的文字，可以没有。"""

    kind: Literal["voice"]
    recognition: Typed = ""

    def message(self, base_url: str) -> dict[str, Any]:
        """As the platform pushes it."""
        told = {"MsgType": "voice", "MediaId": f"voice-{uuid4().hex}", "Format": "amr"}
        return {**told, "Recognition": self.recognition}


class Follow(Input):
    """关注公众号；scene 是扫码关注时二维码的场景值。"""

    kind: Literal["follow"]
    scene: Scene | None = None

    def message(self, base_url: str) -> dict[str, Any]:
        """As the platform pushes it."""
        told = {"MsgType": "event", "Event": "subscribe"}
        if self.scene is None:
            return {**told, "EventKey": ""}
        return {**told, "EventKey": f"qrscene_{self.scene}", "Ticket": _TICKET}


class Unfollow(Input):
    """取消关注。"""

    kind: Literal["unfollow"]

    def message(self, base_url: str) -> dict[str, Any]:
        """As the platform pushes it."""
        return {"MsgType": "event", "Event": "unsubscribe", "EventKey": ""}


class Scan(Input):
    """已关注的人扫码。"""

    kind: Literal["scan"]
    scene: Scene

    def message(self, base_url: str) -> dict[str, Any]:
        """As the platform pushes it."""
        return {"MsgType": "event", "Event": "SCAN", "EventKey": self.scene, "Ticket": _TICKET}


class Tap(Input):
    """点自定义菜单：按键、网页或小程序页面。"""

    kind: Literal["menu"]
    type: Annotated[Literal["click", "view", "miniprogram"], Field(title="菜单类型")]
    key: Annotated[str, Field(min_length=1, max_length=1024, title="按键、网址或页面路径")]

    def message(self, base_url: str) -> dict[str, Any]:
        """As the platform pushes it."""
        event = {"click": "CLICK", "view": "VIEW", "miniprogram": "view_miniprogram"}[self.type]
        return {"MsgType": "event", "Event": event, "EventKey": self.key}


Deed = Words | Whereabouts | Picture | Voice | Follow | Unfollow | Scan | Tap


class Done(Input):
    """谁做了什么。"""

    person: PersonId
    did: Annotated[Deed, Field(discriminator="kind")]
