"""What the demo's own routes take and answer."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from workflow.inputs import Input, Moment

PersonId = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,64}$", title="演示人员")]


class WhoSignsIn(Input):
    """Whose one-time code: ``mp`` for the mini-program, ``h5`` for the official account."""

    person: PersonId
    kind: Annotated[Literal["mp", "h5"], Field(title="登录方式")] = "mp"


class Whose(Input):
    """Whose code."""

    person: PersonId


class Clock(Input):
    """One of the two: by how much, or to when."""

    forward_seconds: Annotated[int | None, Field(gt=0, le=400 * 86400, title="拨快秒数")] = None
    to: Annotated[Moment | None, Field(title="拨到")] = None


class Answered(BaseModel):
    """An answer: exactly these members."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Played(Answered):
    """一位可以扮演的人（虚构）。"""

    code: str = Field(description="领取登录码时使用")
    name: str
    phone: str
    role: str
    role_label: str
    organization: str | None
    city: str
    city_name: str
    note: str


class Cast(Answered):
    """全部可以扮演的人。"""

    people: list[Played]


class OneTimeCode(Answered):
    """一次性的码。"""

    person: str
    code: str


class ServiceTime(Answered):
    """服务的时钟。"""

    now: datetime
    ahead_seconds: int = Field(description="比真实时间快多少秒")


class PlatformKey(Answered):
    """对接平台的演示密钥（base64）。"""

    platform: str
    city: str
    key: str


class PlatformKeys(Answered):
    """全部对接平台的演示密钥；自己配置的密钥不在其中。"""

    platforms: list[PlatformKey]
