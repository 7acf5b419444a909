"""Messages and events as they leave the platform, in XML or JSON."""

import json
from typing import Any

from wechat.sandbox.config import AccountConfig


def to_xml(message: dict[str, Any]) -> bytes:
    """Strings as CDATA, integers bare, lists as repeated elements."""
    return f"<xml>{_children(message)}</xml>".encode()


def _children(message: dict[str, Any]) -> str:
    return "".join(_element(name, value) for name, value in message.items())


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_element(name, each) for each in value)
    if isinstance(value, dict):
        return f"<{name}>{_children(value)}</{name}>"
    if isinstance(value, int | float):
        return f"<{name}>{value}</{name}>"
    kept = str(value).replace("]]>", "]]]]><![CDATA[>")
    return f"<{name}><![CDATA[{kept}]]></{name}>"


def body_of(account: AccountConfig, message: dict[str, Any]) -> bytes:
    """In the account's data format."""
    if account.format == "json":
        return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    return to_xml(message)


def popup_event(account: AccountConfig, template_id: str, choice: str) -> dict[str, Any]:
    """What is pushed when a person answered the subscription question.

    JSON puts ``List`` under the root, and one entry is an object, not an array.
    """
    entry = {
        "TemplateId": template_id,
        "SubscribeStatusString": "reject" if choice == "ban" else choice,
        "PopupScene": "0",
    }
    event: dict[str, Any] = {"MsgType": "event", "Event": "subscribe_msg_popup_event"}
    if account.format == "json":
        return {**event, "List": entry}
    return {**event, "SubscribeMsgPopupEvent": {"List": entry}}
