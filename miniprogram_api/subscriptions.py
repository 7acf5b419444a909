"""订阅消息: which templates the mini-program asks for, and what the person answered."""

from pydantic import Field

from doors.access import SIGNED_IN
from doors.call import Call
from miniprogram_api.answers import Answered
from miniprogram_api.resource import resource
from workflow.background import subscriptions as use_case
from workflow.unit import Answer, Done

subscriptions = resource(
    "subscriptions",
    "订阅消息",
    "每同意一次，可收到一条微信订阅消息；站内消息不受影响，始终都有。",
)


class Subscription(Answered):
    """一个消息模板。"""

    template: str = Field(description="模板 ID，用于 wx.requestSubscribeMessage 的 tmplIds")
    about: str = Field(description="用途：progress 为办理进度")
    remaining: int = Field(description="还可以发送几条")


class Subscriptions(Answered):
    """可以订阅的消息模板；为空表示未启用订阅消息。"""

    items: list[Subscription]


@subscriptions.get(
    "/me/subscriptions",
    who=SIGNED_IN,
    answers={200: Subscriptions},
    summary="可以订阅的消息",
)
async def read_subscriptions(call: Call) -> Answer:
    """Templates to ask for."""
    return Answer(await use_case.subscriptions(call.services, call.actor))


@subscriptions.post(
    "/me/subscriptions",
    who=SIGNED_IN,
    body=use_case.Consents,
    answers={200: Subscriptions},
    summary="记录订阅结果",
    description="answers 为 wx.requestSubscribeMessage 的结果：模板 ID 对应 accept、reject 等。"
    "同意一次记一条；拒绝后不再发送，直到再次同意。",
)
async def consent(call: Call, body: use_case.Consents) -> Done:
    """What the person tapped."""
    return await call.act(lambda unit: use_case.consent(unit, body))
