"""公众号聊天关联: a one-time code joins a chat to the person who is signed in here."""

from uuid import UUID

from doors.access import SIGNED_IN
from doors.call import Call
from miniprogram_api.chat_answers import ChatCode, ChatParted, JoinedChats
from miniprogram_api.resource import resource
from rules.errors import Code
from workflow.chat import links as use_case
from workflow.unit import Answer, Done

chat_links = resource(
    "chat_links",
    "公众号聊天",
    "微信平台不能识别为同一人的，在公众号聊天中发送这里给出的关联码，即与本人关联。",
)


@chat_links.post(
    "/me/chat-links",
    who=SIGNED_IN,
    key=False,
    answers={201: ChatCode},
    summary="获取关联码",
    description="5分钟内有效，只能用一次，再次获取时前一个作废。只在本人的聊天中发送，不要告诉他人。",
)
async def offer_chat_code(call: Call) -> Done:
    """A one-time code."""
    return await call.act(use_case.offer)


@chat_links.get("/me/chat-links", who=SIGNED_IN, answers={200: JoinedChats}, summary="已关联的聊天")
async def joined_chats(call: Call) -> Answer:
    """The chats that tell one's cases."""
    return await use_case.own(call.actor.person)


@chat_links.delete(
    "/me/chat-links/<id>",
    who=SIGNED_IN,
    answers={200: ChatParted},
    errors=(Code.NOT_FOUND, Code.CONFLICT),
    summary="解除关联",
    description="此后在该聊天中不能再查看本人的业务。凭关联码关联时从聊天归过来的办件、投诉等归还给聊天，其余不受影响。",
)
async def part_chat(call: Call, id: UUID) -> Done:
    """The chat gets a person of its own again."""
    return await call.act(lambda unit: use_case.part(unit, id))
