"""What the chat page asks for: say something as somebody, and look on at their chat.

The browser speaks to these routes only; they speak to the stand-in, which signs and encrypts each
message and pushes it to the service's callback, as the platform does.
"""

from typing import Annotated, Any

from pydantic import BaseModel, Field
from sanic.response import HTTPResponse, raw

from doors.access import PUBLIC
from doors.call import Call, one_header
from doors.routes import Media, Resource
from doors.streams import body_of
from rules.errors import Code, DomainError
from server.sandbox.answers import Answered, PersonId
from server.sandbox.chat_acts import Done
from server.sandbox.places import places_of
from server.sandbox.stand_in import stand_in_of
from workflow.inputs import Input
from workflow.unit import Answer

LONGEST_WAIT_S = 3
"""Short, so that an open page keeps no process from stopping."""
MAX_PICTURE = 10 * 1024 * 1024
_PICTURES = ("image/jpeg", "image/png", "image/webp", "image/gif")

chat = Resource(
    "sandbox_chat",
    "演示对话",
    scheme=None,
    prefix="/sandbox/chat",
    description="只在演示模式（DEMO=1）下存在：公众号对话页面（/sandbox）背后的接口。",
)


class Look(Input):
    """Whose chat, and from where on."""

    person: PersonId
    since: Annotated[int, Field(ge=0, title="上次答复的 last")] = 0
    run: Annotated[str, Field(max_length=64, title="上次答复的 run")] = ""
    wait: Annotated[int, Field(ge=0, le=LONGEST_WAIT_S, title="没有新内容时等待的秒数")] = 0


class Begun(Answered):
    """一条消息已交给平台替身；结果在对话中读取。"""

    number: int


class Seen(Answered):
    """对话中新出现的内容。run 变了就是重新开始，之前的编号作废。"""

    run: str
    last: int
    follows: bool
    typing: bool
    exchanges: list[dict[str, Any]] = Field(description="收发明细：加密前后的请求和答复、每次尝试")
    service: list[dict[str, Any]] = Field(description="客服消息")


class Menu(Answered):
    """自定义菜单，没有推送过的为空。"""

    button: list[dict[str, Any]]


class Kept(Answered):
    """一张已上传的图片。"""

    media_id: str


class Place(Answered):
    """一个可以发送的位置（GCJ-02）。"""

    city: str
    city_name: str
    label: str
    latitude: float
    longitude: float


class Places(BaseModel):
    """各城市的示例位置。"""

    places: list[Place]


@chat.get(
    "",
    who=PUBLIC,
    query=Look,
    answers={200: Seen},
    errors=(Code.NOT_FOUND, Code.PLATFORM_UNAVAILABLE),
    summary="看一个人的对话",
)
async def sandbox_chat(call: Call, query: Look) -> Answer:
    """What is new, at once or within the seconds asked for."""
    asked = query.model_dump()
    return Answer(await stand_in_of(call).get("/chat", asked, wait=query.wait))


@chat.post(
    "",
    who=PUBLIC,
    key=False,
    body=Done,
    answers={200: Begun},
    errors=(Code.NOT_FOUND, Code.PLATFORM_UNAVAILABLE),
    summary="以一个人的身份发消息、点菜单",
)
async def sandbox_say(call: Call, body: Done) -> Answer:
    """Left to the stand-in; the answer is seen in the chat."""
    stand_in = stand_in_of(call)
    message = body.did.message(stand_in.base_url)
    order = {"account": "oa", "person": body.person, "message": message, "background": True}
    return Answer({"number": (await stand_in.post("/deliver", order))["number"]})


@chat.get(
    "/menu",
    who=PUBLIC,
    answers={200: Menu},
    errors=(Code.NOT_FOUND, Code.PLATFORM_UNAVAILABLE),
    summary="自定义菜单",
)
async def sandbox_menu(call: Call) -> Answer:
    """As last pushed to the platform."""
    return Answer({"button": (await stand_in_of(call).get("/menu")).get("button", [])})


@chat.get("/places", who=PUBLIC, answers={200: Places}, summary="可以发送的示例位置")
async def sandbox_places(call: Call) -> Answer:
    """A few for each city served."""
    return Answer({"places": places_of(call.services.cities, call.now)})


@chat.post(
    "/pictures",
    who=PUBLIC,
    key=False,
    upload=tuple(Media(kind, f"{kind} 原文") for kind in _PICTURES),
    answers={200: Kept},
    errors=(
        Code.NOT_FOUND,
        Code.PLATFORM_UNAVAILABLE,
        Code.UNSUPPORTED_MEDIA,
        Code.UPLOAD_EMPTY,
        Code.UPLOAD_TOO_LARGE,
    ),
    summary="上传要发送的图片",
)
async def sandbox_put_picture(call: Call) -> Answer:
    """Kept by the stand-in for three days, as the platform does."""
    kind = (one_header(call.request, "content-type", Code.UNSUPPORTED_MEDIA) or "").lower()
    if kind not in _PICTURES:
        raise DomainError(Code.UNSUPPORTED_MEDIA)
    content = bytearray()
    async for chunk in body_of(call.request):
        content += chunk
        if len(content) > MAX_PICTURE:
            raise DomainError(Code.UPLOAD_TOO_LARGE, limit=MAX_PICTURE)
    if not content:
        raise DomainError(Code.UPLOAD_EMPTY)
    return Answer({"media_id": await stand_in_of(call).keep(bytes(content), kind)})


@chat.get(
    "/pictures/<media_id>",
    who=PUBLIC,
    answers={200: tuple(Media(kind, "图片") for kind in _PICTURES)},
    errors=(Code.NOT_FOUND, Code.PLATFORM_UNAVAILABLE),
    summary="看对话中的图片",
)
async def sandbox_picture(call: Call, media_id: str) -> HTTPResponse:
    """A picture; nothing else a person or the service may have stored."""
    found = await stand_in_of(call).file(media_id)
    kind = found.headers.get("content-type", "")
    if kind not in _PICTURES:
        raise DomainError(Code.NOT_FOUND)
    headers = {"cache-control": "private, max-age=86400"}
    return raw(found.content, 200, headers, content_type=kind)
