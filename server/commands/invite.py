"""``invite``: the code by which a city's first administrators come in."""

import argparse
import asyncio
import os

from config.settings import Settings
from rules.actors import ADMIN_ROLES, Role
from server import environment
from server.faults import StartRefused
from server.wiring import Wiring
from workflow.people.invitations import bootstrap_invitation

_NAMES = {
    Role.SECURITY_ADMIN: "安全管理员",
    Role.SYSTEM_ADMIN: "系统管理员",
    Role.AUDITOR: "审计管理员",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """``--city`` and ``--role``."""
    parser.add_argument("--city", required=True, metavar="代码", help="城市代码，如 daye")
    parser.add_argument(
        "--role",
        required=True,
        choices=sorted(role.value for role in ADMIN_ROLES),
        help="security_admin 安全、system_admin 系统、auditor 审计；须由三名不同的人员担任",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print a code. Raises StartRefused for a city without organisations."""
    role = Role(arguments.role)
    code = asyncio.run(_issue(environment.load(os.environ), arguments.city, role))
    print(f"{arguments.city} {_NAMES[role]}的邀请码：{code}")
    print("请本人在小程序“我的—加入单位”中输入。")
    return 0


async def _issue(settings: Settings, city: str, role: Role) -> str:
    wiring = Wiring.make(settings)
    if city not in wiring.cities.codes():
        served = "、".join(wiring.cities.codes())
        raise StartRefused(f"没有城市 {city}，现有：{served}。")
    await wiring.open()
    try:
        return await bootstrap_invitation(wiring.services, city, role)
    except LookupError:
        raise StartRefused(
            f"数据库里还没有 {city} 的单位名录，请先运行 python -m server migrate。"
        ) from None
    finally:
        await wiring.close()
