"""The menu below the chat: inside the platform's limits, and every key begins something."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest

from bot.dialogue import menus
from bot.dialogue.topics import KEYS
from bot.menu import keys_of, menu_of
from bot.understanding.types import Intent
from config.cities import CITIES, City, CityBook
from tests.config.third_city import folder_with_third
from tests.wechat.control import Control
from wechat.errors import Refused
from wechat.platform import Platform

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 3, 16)
MP = "wx1111111111111111"
URL = "https://bz.example.cn"


def cities(*codes: str, folder: Path = CITIES) -> list[City]:
    """Cities as their files stand; all of them when none is named."""
    book = CityBook.load(folder)
    return [book.on(code, TODAY) for code in codes or book.codes()]


def names(menu: dict[str, Any], column: int = 0) -> list[str]:
    """The entries of a column."""
    return [each["name"] for each in menu["button"][column]["sub_button"]]


def test_one_city_is_named_by_what_it_offers() -> None:
    assert names(menu_of(cities("daye")))[0] == "水电气网报装"
    assert names(menu_of(cities("zhoukou")))[0] == "水电气暖讯报装"


def test_several_cities_have_an_entry_each() -> None:
    menu = menu_of(cities("daye", "zhoukou"))
    assert names(menu) == ["大冶报装", "周口报装", "意向登记"]
    assert keys_of(menu)[:2] == ["do:apply:daye", "do:apply:zhoukou"]


def test_more_cities_than_fit_are_asked_for(tmp_path: Path) -> None:
    three = cities(folder=folder_with_third(tmp_path))
    assert len(names(menu_of(three))) == 4
    assert names(menu_of([*three, *three])) == ["联合报装", "意向登记"]


def test_a_city_whose_name_does_not_fit_is_asked_for() -> None:
    long, other = cities("daye", "zhoukou")
    renamed = long.model_copy(update={"short_name": "某某高新技术产业开发区"})
    assert names(menu_of([renamed, other])) == ["联合报装", "意向登记"]


def test_the_mini_program_is_one_tap_away() -> None:
    entry = menu_of(cities(), mini_program=MP, public_url=URL)["button"][0]["sub_button"][-1]
    assert entry == {
        "type": "miniprogram",
        "name": "进入小程序",
        "appid": MP,
        "pagepath": "pages/index/index",
        "url": URL,
    }


@pytest.mark.parametrize("codes", [("daye",), ("zhoukou",), ("daye", "zhoukou")])
def test_every_key_begins_something(codes: tuple[str, ...]) -> None:
    keys = keys_of(menu_of(cities(*codes), mini_program=MP, public_url=URL))
    assert len(set(keys)) == len(keys)
    for key in keys:
        intent, _, city = key.removeprefix(menus.START).partition(":")
        known = key.startswith(menus.START) and intent in set(Intent) and city in codes
        assert key in KEYS or known, key
    assert set(KEYS) <= {*keys, "menu:apply"}


@pytest.mark.parametrize("codes", [("daye",), ("zhoukou",), ("daye", "zhoukou")])
def test_names_keep_the_platforms_limits(codes: tuple[str, ...]) -> None:
    menu = menu_of(cities(*codes), mini_program=MP, public_url=URL)
    assert 1 <= len(menu["button"]) <= 3
    for column in menu["button"]:
        assert len(column["name"]) <= 4
        assert 1 <= len(column["sub_button"]) <= 5
        assert all(len(entry["name"]) <= 8 for entry in column["sub_button"])


async def test_the_platform_takes_it(platform: Platform, control: Control) -> None:
    menu = menu_of(cities(), mini_program=MP, public_url=URL)
    await platform.oa.create_menu(menu)
    assert await control.get("/menu") == menu
    with pytest.raises(Refused):
        await platform.oa.create_menu({"button": [*menu["button"], *menu["button"]]})
    await control.flag()


def command(home: Path, base: str, *more: str) -> "subprocess.CompletedProcess[str]":
    """``python -m server menu`` as an operator runs it."""
    environ = {
        "PATH": os.environ.get("PATH", ""),
        "DEMO": "1",
        "DATA_DIR": str(home),
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "WECHAT_API_BASE": base,
        "WECHAT_OAUTH_BASE": base,
    }
    return subprocess.run(
        [sys.executable, "-m", "server", "menu", *more],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


async def test_the_command_pushes_or_shows_it(
    chat_home: Path, chat_stand_in: str, control: Control
) -> None:
    shown = command(chat_home, chat_stand_in, "--dry-run")
    assert shown.returncode == 0, shown.stderr
    menu = orjson.loads(shown.stdout)
    assert await control.get("/menu") == {}
    pushed = command(chat_home, chat_stand_in)
    assert (pushed.returncode, "菜单已推送" in pushed.stdout) == (0, True), pushed.stderr
    assert await control.get("/menu") == menu


async def test_a_refusal_is_told_in_words(
    chat_home: Path, chat_stand_in: str, control: Control
) -> None:
    await control.inject("/cgi-bin/menu/create", "errcode", errcode=48001)
    refused = command(chat_home, chat_stand_in)
    assert (refused.returncode, "Traceback" in refused.stderr) == (1, False)
    assert "错误码 48001" in refused.stderr
