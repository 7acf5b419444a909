"""What a demo tells the person who started it."""

from collections.abc import Mapping, Sequence
from typing import Any

from config.settings import Settings


def greet(settings: Settings, address: str, people: Sequence[Mapping[str, Any]]) -> None:
    """Addresses, people, and what to try."""
    lines = [
        "",
        "联合报装服务已就绪。",
        f"  服务地址    {address}",
        f"  接口说明    {address}/openapi.json",
        f"  微信替身    {settings.wechat_api_base}",
        f"  数据目录    {settings.data_dir}（日志在其中的 log 目录）",
        "",
    ]
    if people:
        lines.append("演示人员（均为虚构）：")
        lines += [_person(person) for person in people]
        lines.append("")
    lines += [
        "可以试试：",
        f"  curl {address}/readyz",
        "  .venv/bin/python -m server walk --city daye      走完大冶的一件报装",
        "  .venv/bin/python -m server walk --city zhoukou   走完周口的一件报装",
        "",
        "按 Ctrl-C 停止。",
    ]
    print("\n".join(lines), flush=True)


def _person(person: Mapping[str, Any]) -> str:
    what = person.get("note") or "、".join(person.get("roles", ())) or "申请人"
    return f"  {person['id']:<16} {person.get('name', '')}  {what}"
