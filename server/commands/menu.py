"""``menu``: push the official account's menu, built from the cities that are served."""

import argparse
import asyncio
import os
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from bot.menu import menu_of
from config.cities import CITIES, CityBook
from config.settings import Settings, WechatAccount
from server import environment
from server.faults import StartRefused
from wechat.accounts import Account
from wechat.errors import PlatformError
from wechat.platform import Platform


def configure(parser: argparse.ArgumentParser) -> None:
    """``--dry-run``."""
    parser.add_argument("--dry-run", action="store_true", help="只显示将要推送的菜单")


def run(arguments: argparse.Namespace) -> int:
    """Push it, or show it. Raises StartRefused when the platform does not take it."""
    settings = environment.load(os.environ)
    menu = menu_for(settings)
    if arguments.dry_run:
        print(orjson.dumps(menu, option=orjson.OPT_INDENT_2).decode())
        return 0
    asyncio.run(push(settings, menu))
    columns = "、".join(column["name"] for column in menu["button"])
    print(f"菜单已推送：{columns}。")
    return 0


def menu_for(settings: Settings) -> dict[str, Any]:
    """The menu of the cities these settings serve, as their files stand today."""
    book = CityBook.load(CITIES)
    served = book.only(settings.cities) if settings.cities else book
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    return menu_of(
        [served.on(code, today) for code in served.codes()],
        mini_program=settings.wechat_mp_appid,
        public_url=settings.public_url,
    )


async def push(settings: Settings, menu: dict[str, Any]) -> None:
    """Put it in the place of the one before. Raises StartRefused."""
    platform = Platform(
        base_url=settings.wechat_api_base,
        oauth_base=settings.wechat_oauth_base,
        mp=_account(settings.mp),
        oa=_account(settings.oa),
    )
    try:
        await platform.oa.create_menu(menu)
    except PlatformError as refused:
        told = f"错误码 {refused.errcode}" if refused.errcode is not None else "没有应答"
        raise StartRefused(f"微信平台没有接受菜单（{told}），原有菜单不变。") from None
    finally:
        await platform.aclose()


def _account(account: WechatAccount) -> Account:
    return Account(account.appid, account.secret.get_secret_value())
