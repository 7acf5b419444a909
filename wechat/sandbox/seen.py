"""What a person sees of a message in the chat, as the app would show it.

A text is a list of parts: ``text``; ``choice`` (a canned question: tapping it says ``content``
with ``id``); ``page`` (of a mini-program: ``appid``, ``path``); ``link`` (``url``). A tag the app
does not know is shown as it stands. ``broken`` is a link that would lead nowhere.
"""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any
from urllib.parse import unquote, urlsplit

_ANCHOR = re.compile(r"<a\s([^<>]*)>(.*?)</a>", re.DOTALL | re.IGNORECASE)
_LOOSE = re.compile(r"</?a(?:\s[^<>]*)?>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_MENU = "weixin://bizmsgmenu"
Part = dict[str, Any]


def parts_of(text: str) -> list[Part]:
    """The text of a message, links taken apart."""
    return list(_parts(text))


def _parts(text: str) -> Iterator[Part]:
    end = 0
    for found in _ANCHOR.finditer(text):
        yield from _plain(text[end : found.start()])
        yield _link(found[1], unescape(found[2]))
        end = found.end()
    yield from _plain(text[end:])


def _plain(text: str) -> Iterator[Part]:
    if not text:
        return
    loose = _LOOSE.search(text)
    if loose:
        yield {"type": "broken", "label": unescape(text), "problem": f"a loose {loose[0]}"}
    else:
        yield {"type": "text", "text": unescape(text)}


def _link(written: str, label: str) -> Part:
    given = {
        name.lower(): unescape(double or single)
        for name, double, single in _ATTRIBUTE.findall(written)
    }
    href = given.get("href", "")
    if "data-miniprogram-appid" in given or "data-miniprogram-path" in given:
        return _page(given, label, href)
    if href.startswith(_MENU):
        return _choice(href, label)
    if href.startswith(("http://", "https://")):
        return {"type": "link", "label": label, "url": href}
    return {"type": "broken", "label": label, "problem": "a link without an address"}


def _page(given: Mapping[str, str], label: str, href: str) -> Part:
    appid = given.get("data-miniprogram-appid", "")
    path = given.get("data-miniprogram-path", "")
    if not appid or not path or path.startswith("/"):
        problem = "a mini-program link without app id or path"
        return {"type": "broken", "label": label, "problem": problem}
    return {"type": "page", "label": label, "appid": appid, "path": path, "url": href}


def _choice(href: str, label: str) -> Part:
    pairs = (pair.partition("=") for pair in urlsplit(href).query.split("&"))
    asked = {name: unquote(value) for name, _, value in pairs}
    content, ident = asked.get("msgmenucontent", ""), asked.get("msgmenuid", "")
    if not content:
        return {"type": "broken", "label": label, "problem": "a choice that says nothing"}
    return {"type": "choice", "label": label, "content": content, "id": ident}


def seen_of_reply(reply: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A passive reply that was judged fit."""
    kind = str(reply["MsgType"])
    if kind == "text":
        return [{"type": "text", "parts": parts_of(str(reply["Content"]))}]
    if kind == "transfer_customer_service":
        return [{"type": "transfer"}]
    if kind == "news":
        item = reply["Articles"]["item"]
        told = {"title": item["Title"], "url": item["Url"]}
        return [{"type": "news", **told, "description": item.get("Description") or ""}]
    media = reply.get(kind.capitalize())
    return [{"type": kind, "media_id": media.get("MediaId") if isinstance(media, dict) else None}]


def seen_of_service(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A customer-service message that was accepted."""
    kind = str(body["msgtype"])
    told = body[kind]
    if kind == "text":
        return [{"type": "text", "parts": parts_of(str(told["content"]))}]
    if kind == "msgmenu":
        lines = [(str(line["content"]), str(line["id"])) for line in told["list"]]
        choices = [
            {"type": "choice", "label": content, "content": content, "id": ident}
            for content, ident in lines
        ]
        head, tail = (
            parts_of(str(told.get(name) or "")) for name in ("head_content", "tail_content")
        )
        return [{"type": "menu", "head": head, "choices": choices, "tail": tail}]
    if kind == "miniprogrampage":
        card = {"label": told["title"], "appid": told.get("appid", ""), "path": told["pagepath"]}
        return [{"type": "card", **card}]
    if kind == "news":
        item = told["articles"][0]
        told = {"title": item.get("title", ""), "url": item.get("url", "")}
        return [{"type": "news", **told, "description": item.get("description", "")}]
    if kind == "link":
        return [{"type": "news", **{key: told[key] for key in ("title", "url", "description")}}]
    return [{"type": kind, "media_id": told.get("media_id")}]


def problems_of(seen: list[dict[str, Any]], mini_program: str) -> list[str]:
    """What of it would not work when tapped: links that lead nowhere, or to another program."""
    found = []
    for part in _tappable(seen):
        if part["type"] == "broken":
            found.append(str(part["problem"]))
        elif part.get("appid") not in (None, "", mini_program):
            found.append(f"a link to the mini-program {part['appid']}, which is not linked")
    return found


def _tappable(seen: list[dict[str, Any]]) -> Iterator[Part]:
    for shown in seen:
        yield shown
        for name in ("parts", "head", "tail"):
            yield from shown.get(name, ())
