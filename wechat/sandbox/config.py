"""What the stand-in starts with: accounts, people, templates and how it behaves.

Read from one JSON file; every key has a default, an unknown key is refused.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["mp", "oa"]
Mode = Literal["plain", "compat", "safe"]


_MP = {
    "appid": "wxsandboxminiprog1",
    "secret": "sandbox-mp-secret",
    "original_id": "gh_sandbox_mp",
}
_OA = {
    "appid": "wxsandboxservice01",
    "secret": "sandbox-oa-secret",
    "original_id": "gh_sandbox_oa",
}


class Strict(BaseModel):
    """Base of everything read from outside: a misspelt key is an error, not a silence."""

    model_config = ConfigDict(extra="forbid")


class AccountConfig(Strict):
    """One account. ``original_id`` is the ``gh_…`` name messages carry."""

    appid: Annotated[str, Field(min_length=1, max_length=32)]
    secret: Annotated[str, Field(min_length=1)]
    token: Annotated[str, Field(min_length=3, max_length=32)] = "sandboxtoken"  # noqa: S105
    aes_key: Annotated[str, Field(pattern=r"^[0-9A-Za-z]{43}$")] = "s" * 42 + "A"
    original_id: str = "gh_sandbox"
    callback_url: str | None = None
    mode: Mode = "safe"
    format: Literal["xml", "json"] = "xml"


class PersonConfig(Strict):
    """Somebody with a phone. Ids not given are derived from ``id``: ``mp-wang``, ``oa-wang``."""

    id: Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,64}$")]
    name: str = ""
    phone: Annotated[str, Field(pattern=r"^[0-9]{5,15}$")] | None = None
    country_code: Annotated[str, Field(pattern=r"^[0-9]{1,4}$")] = "86"
    mp_openid: str = ""
    oa_openid: str = ""
    unionid: str | None = ""
    follows: bool = True
    roles: list[str] = []
    note: str = ""


class TemplateConfig(Strict):
    """A subscription template: its keys (``thing1``), and whether it is long-term (长期)."""

    keys: list[str] = []
    title: str = ""
    long_term: bool = False


class Options(Strict):
    """How the platform behaves. Durations in seconds.

    ``resends`` 2 or 3: the platform's page and its users count differently. ``same_nonce``:
    whether a resend keeps timestamp and nonce. ``bound``: both accounts in one open platform
    account, so that unionids are told. ``ip_whitelist`` None allows every caller.
    """

    resends: Literal[0, 1, 2, 3] = 2
    same_nonce: bool = False
    cut_seconds: Annotated[float, Field(gt=0, le=5)] = 5.0
    subscribe_seconds: Annotated[float, Field(ge=0, le=5)] = 0.005
    media_check_seconds: Annotated[float, Field(ge=0, le=1800)] = 1.0
    token_seconds: Annotated[int, Field(gt=300, le=7200)] = 7200
    bound: bool = True
    ip_whitelist: list[str] | None = None
    oauth_hosts: list[str] | None = None
    pages: list[str] | None = None
    risky_words: list[str] = ["赌博代理"]


class Config(Strict):
    """The whole start-up file."""

    mp: AccountConfig = AccountConfig.model_validate(_MP)
    oa: AccountConfig = AccountConfig.model_validate(_OA)
    people: list[PersonConfig] = []
    templates: dict[str, TemplateConfig] = {}
    options: Options = Options()
