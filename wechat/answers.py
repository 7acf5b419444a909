"""The shapes of the platform's answers, checked before anything believes them."""

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from wechat.errors import BadAnswer

_VISIBLE = r"^[!-~]+$"
OpenId = Annotated[str, Field(max_length=64, pattern=_VISIBLE)]
"""28 letters, digits, ``-`` and ``_`` so far; what the tables can hold, and no sign they cannot."""
UnionId = Annotated[
    Annotated[str, Field(max_length=64, pattern=_VISIBLE)] | None,
    BeforeValidator(lambda told: told or None),
]


class Told(BaseModel):
    """Base of every answer; fields nobody documented yet are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)


T = TypeVar("T", bound=Told)


class TokenGrant(Told):
    access_token: Annotated[str, Field(max_length=2048, pattern=_VISIBLE)]
    expires_in: Annotated[int, Field(gt=0, le=86400)]


class Session(Told):
    """``session_key`` is read to prove the shape and goes no further than the client."""

    openid: OpenId
    session_key: Annotated[SecretStr, Field(min_length=1)]
    unionid: UnionId = None


class PhoneInfo(Told):
    pure_number: Annotated[str, Field(alias="purePhoneNumber", pattern=r"^[0-9]{4,20}$")]
    country_code: Annotated[
        str,
        BeforeValidator(lambda told: str(told) if isinstance(told, int) else told),
        Field(alias="countryCode", pattern=r"^[0-9]{1,4}$"),
    ]


class Phone(Told):
    phone_info: PhoneInfo


class WebGrant(Told):
    openid: OpenId
    unionid: UnionId = None
    is_snapshotuser: int = 0


class Follower(Told):
    """``subscribe`` is 0 for a person who does not follow, of whom nothing else is told."""

    subscribe: Literal[0, 1]
    openid: OpenId
    unionid: UnionId = None


class Verdict(Told):
    suggest: Literal["pass", "review", "risky"]
    label: int


class TextCheck(Told):
    trace_id: str = ""
    result: Verdict


class MediaCheck(Told):
    trace_id: Annotated[str, Field(min_length=1)]


class UrlLink(Told):
    url_link: Annotated[str, Field(pattern=r"^https?://")]


class UploadedMedia(Told):
    media_id: Annotated[str, Field(min_length=1)]


class Done(Told):
    """Nothing but success."""


def read(shape: type[T], told: dict[str, Any], call: str) -> T:
    """The answer in its shape. Raises BadAnswer, which never repeats what was told."""
    try:
        return shape.model_validate(told)
    except ValidationError as fault:
        where = ",".join(".".join(map(str, each["loc"])) for each in fault.errors())
        raise BadAnswer(call=call, errmsg=f"unexpected shape: {where}") from None
