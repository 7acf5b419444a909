"""What a demo tells the person who started it."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from config.settings import Settings

_SHOWN = 3
"""People of one kind named; the others are told by ``/sandbox/people``."""


def greet(settings: Settings, address: str, people: Sequence[Mapping[str, Any]]) -> None:
    """Addresses, people, and what to try."""
    lines = [
        "",
        "联合报装服务已就绪。",
        f"  服务地址    {address}",
        f"  对话页面    {address}/sandbox （浏览器里的公众号对话）",
        f"  接口说明    {address}/docs",
        f"  微信替身    {settings.wechat_api_base}",
        f"  数据目录    {settings.data_dir}（日志在其中的 log 目录）",
        "",
    ]
    if people:
        lines.append(f"演示人员（均为虚构，全部名单见 {address}/sandbox/people）：")
        lines += _people(people)
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


def _people(people: Sequence[Mapping[str, Any]]) -> list[str]:
    """A line for each city and role: the first few by name and code."""

    def kind(person: Mapping[str, Any]) -> tuple[str, str]:
        return str(person["note"]).partition(" ")[0], "、".join(person["roles"])

    lines = []
    for (city, roles), same in groupby(sorted(people, key=kind), kind):
        named = [f"{person['name']}({person['id']})" for person in same]
        more = f" 等 {len(named)} 人" if len(named) > _SHOWN else ""
        lines.append(f"  {city} {roles}：{'、'.join(named[:_SHOWN])}{more}")
    return lines
