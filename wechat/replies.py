"""Passive replies (被动回复): what answers a pushed message, as XML.

Written by hand: wechatpy's replies do not split ``]]>`` and cannot name the agent of a transfer.
"""

import re
from dataclasses import dataclass

MAX_TEXT_BYTES = 2000
"""Observed: about 2,048 with tags; beyond it the person sees a fault notice instead."""
_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"
)
"""What XML does not carry, and controls nobody sees."""


@dataclass(frozen=True, slots=True)
class Way:
    """From the account to the person, at Unix seconds: the incoming message turned round."""

    openid: str
    account: str
    at: int


@dataclass(frozen=True, slots=True)
class Article:
    """One article of a ``news`` reply; an answer to a message carries exactly one."""

    title: str
    description: str
    picture_url: str
    url: str


def text(way: Way, content: str) -> bytes:
    """A text. ValueError for an empty one and for more than ``MAX_TEXT_BYTES``."""
    kept = _UNPRINTABLE.sub("", content)
    if not 0 < len(kept.encode()) <= MAX_TEXT_BYTES:
        raise ValueError("a text reply holds 1 to 2000 bytes")
    return _reply(way, "text", f"<Content>{_cdata(kept)}</Content>")


def image(way: Way, media_id: str) -> bytes:
    """A picture uploaded before."""
    return _reply(way, "image", f"<Image><MediaId>{_cdata(media_id)}</MediaId></Image>")


def news(way: Way, article: Article) -> bytes:
    """An article with its picture."""
    item = _elements(
        ("Title", article.title),
        ("Description", article.description),
        ("PicUrl", article.picture_url),
        ("Url", article.url),
    )
    inner = f"<ArticleCount>1</ArticleCount><Articles><item>{item}</item></Articles>"
    return _reply(way, "news", inner)


def transfer(way: Way, agent: str = "") -> bytes:
    """Hand the talk to a person at the desk; to ``agent`` (``name@account``) where one is named.

    Never as the answer to an event.
    """
    chosen = f"<TransInfo>{_elements(('KfAccount', agent))}</TransInfo>" if agent else ""
    return _reply(way, "transfer_customer_service", chosen)


def _reply(way: Way, kind: str, inner: str) -> bytes:
    return (
        f"<xml><ToUserName>{_cdata(way.openid)}</ToUserName>"
        f"<FromUserName>{_cdata(way.account)}</FromUserName>"
        f"<CreateTime>{way.at}</CreateTime>"
        f"<MsgType><![CDATA[{kind}]]></MsgType>{inner}</xml>"
    ).encode()


def _elements(*pairs: tuple[str, str]) -> str:
    return "".join(f"<{name}>{_cdata(value)}</{name}>" for name, value in pairs)


def _cdata(value: str) -> str:
    kept = _UNPRINTABLE.sub("", value).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{kept}]]>"
