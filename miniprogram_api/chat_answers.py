"""Answers about complaints, and about chats joined to a person."""

from uuid import UUID

from pydantic import AwareDatetime, Field

from miniprogram_api.answers import Answered
from rules.states import Channel
from workflow.reading.lights import Light


class Complaint(Answered):
    """一件投诉和它的答复。"""

    id: UUID
    number: str = Field(description="投诉编号")
    city: str
    application_id: UUID | None
    channel: Channel
    text: str
    created_at: AwareDatetime
    due_at: AwareDatetime = Field(description="答复时限")
    light: Light | None = Field(
        description="normal 正常，yellow 临近时限，red 已超时限；已答复的没有"
    )
    answered_at: AwareDatetime | None
    answer: str | None


class OwnComplaints(Answered):
    """本人的投诉，新的在前，最多50件。"""

    items: list[Complaint]


class ComplaintPage(Answered):
    """一页投诉。"""

    items: list[Complaint]
    next: str | None = Field(description="下一页的位置；没有就是到底了")


class ChatCode(Answered):
    """关联公众号聊天的一次性数字，只显示这一次。"""

    code: str = Field(description="8位数字")
    expires_at: AwareDatetime


class JoinedChat(Answered):
    """一个与本人关联的公众号聊天。"""

    id: UUID
    since: AwareDatetime
    by_code: bool = Field(description="凭关联码关联；否则为微信平台识别，或直接从聊天开始")
    last_at: AwareDatetime


class JoinedChats(Answered):
    """与本人关联的公众号聊天。"""

    items: list[JoinedChat]


class ChatParted(Answered):
    """已解除关联的聊天。"""

    id: UUID
    parted_at: AwareDatetime
