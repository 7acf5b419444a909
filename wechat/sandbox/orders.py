"""What the control surface can be told, each as one checked shape."""

from typing import Annotated, Literal

from pydantic import Field

from wechat.sandbox.codes import Purpose
from wechat.sandbox.config import Kind, Strict
from wechat.sandbox.subscriptions import Choice


class Unknown(Exception):
    """The control surface was asked about somebody or something it does not know."""


class CodeOrder(Strict):
    """A one-time code for somebody, as when they tap sign-in or share their number."""

    kind: Purpose
    person: str
    scope: Literal["snsapi_base", "snsapi_userinfo"] = "snsapi_base"
    snapshot: bool = False


class SubscriptionOrder(Strict):
    """What somebody answers to the subscription question; ``push`` tells the product."""

    person: str
    template_id: str
    answer: Choice = "accept"
    count: Annotated[int, Field(ge=1, le=1000)] = 1
    push: bool = False


class ClockOrder(Strict):
    """Move the clock by so many seconds."""

    seconds: float


class TokenOrder(Strict):
    """Make an account's tokens useless: ``expire`` answers 42001, ``forget`` 40001."""

    account: Kind
    how: Literal["expire", "forget"] = "expire"


class MediaOrder(Strict):
    """A file (base64) somebody sends in the chat."""

    account: Kind = "oa"
    content: Annotated[str, Field(min_length=1)]
    mime: str = "image/jpeg"
    name: str = "file.jpg"


class VerifyOrder(Strict):
    """Prove the callback address of an account."""

    account: Kind = "oa"


class LookOrder(Strict):
    """Whose chat, from which number of which run on, and how long to wait for something new."""

    person: str
    account: Kind = "oa"
    since: Annotated[int, Field(ge=0)] = 0
    run: str = ""
    wait: Annotated[float, Field(ge=0, le=20)] = 0


class ActOrder(Strict):
    """Open a customer-service window without delivering a message."""

    person: str
    account: Kind = "oa"
    act: Literal["message", "click"] = "message"
