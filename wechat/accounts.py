"""The two accounts of the product: the mini-program (小程序) and the service account (服务号)."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Account:
    """One app id with its secret; the secret stays out of every ``repr``."""

    appid: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a code belongs to: an openid is valid inside its app id only.

    ``unionid`` is the same person across both accounts, None until the platform tells it.
    """

    appid: str
    openid: str
    unionid: str | None = None
