"""``python -m server COMMAND``: the product's command line."""

import argparse
import gc
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import NoReturn

from config.cities import CityProblems
from config.settings import SettingsProblems
from server.command_words import mistake
from server.faults import StartRefused

COMMANDS = {
    "demo": (
        "server.commands.demo",
        "在本机启动完整的演示：数据库、缓存、微信替身、服务与后台进程",
    ),
    "serve": ("server.commands.serve", "启动 HTTP 服务（多个工作进程，自动拉起）"),
    "worker": ("server.commands.worker", "启动后台进程（发送通知、盯时限、写审计等）"),
    "migrate": ("server.commands.migrate", "把数据库升级到最新结构"),
    "check": ("server.commands.check", "检查设置与城市文件，一次列出全部问题"),
    "invite": (
        "server.commands.invite",
        "给一个城市的首位管理员发邀请码（只显示一次，7 天内有效）",
    ),
    "menu": (
        "server.commands.menu",
        "把公众号自定义菜单推送到微信平台（按城市文件生成，粉丝最迟24小时内看到）",
    ),
    "walk": (
        "server.walk.command",
        "对运行中的演示走完一件报装：逐步打印，核对状态、时限、通知和拒绝",
    ),
}
"""Of each command its module, which has configure(parser) and run(arguments) -> exit code, and
what it does in a line: told without loading the module."""


class _Parser(argparse.ArgumentParser):
    """argparse in the reader's language."""

    def error(self, message: str) -> NoReturn:
        print(self.format_usage().replace("usage:", "用法：", 1), end="", file=sys.stderr)
        self.exit(
            2, f"命令行有误：{mistake(message)}。\n运行 python -m server --help 查看全部命令。\n"
        )


def main(argv: Sequence[str]) -> int:
    """Run one command; its exit code. Refusals to start are told in words, without a trace."""
    parser = _Parser(
        prog="python -m server",
        description="水电气暖讯联合报装服务",
        epilog="设置取自环境变量（也可用 名称_FILE 指向文件），python -m server check 会逐项检查。",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令", title="命令")
    name = next((word for word in argv if word in COMMANDS), None)
    for command, (module, told) in COMMANDS.items():
        if command == name or name is None:
            _add(commands, command, module, told, whole=command == name)
    arguments = parser.parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except SettingsProblems as found:
        print(
            "设置有误，未启动：", *(f"  - {p}" for p in found.problems), sep="\n", file=sys.stderr
        )
    except CityProblems as found:
        print(
            "城市文件有误，未启动：",
            *(f"  - {p}" for p in found.problems),
            sep="\n",
            file=sys.stderr,
        )
    except StartRefused as refused:
        print(refused, file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    return 1


def _add(
    commands: "argparse._SubParsersAction[_Parser]",
    command: str,
    module: str,
    told: str,
    *,
    whole: bool,
) -> None:
    """Only the module of the command asked for is imported: the others cost start-up time."""
    if find_spec(module.rpartition(".")[0]) is None or find_spec(module) is None:
        return
    parser = commands.add_parser(command, help=told, description=told)
    if whole:
        gc.disable()  # nothing that is loaded becomes garbage: looking for it takes a fifth longer
        loaded = import_module(module)
        gc.enable()
        loaded.configure(parser)
        parser.set_defaults(run=loaded.run)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
