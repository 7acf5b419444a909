"""The world of the use cases and of chats, for what stands between them and the dialogue."""

from tests.workflow.chat.conftest import chat_home, chat_stand_in, control, platform, talks
from tests.workflow.conftest import world

__all__ = ["chat_home", "chat_stand_in", "control", "platform", "talks", "world"]
