"""Forms filled in by invented enterprises, as the printed forms ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.seed.cast import Player


@dataclass(frozen=True, slots=True)
class Enterprise:
    """An invented enterprise; the credit code's check character is right."""

    name: str
    credit_code: str
    legal_person: str
    address: str


TOWNS: Mapping[str, str] = {"daye": "jinhu", "zhoukou": "chuanhui"}
"""Where the stories of a city play."""

ENTERPRISES: Mapping[str, tuple[Enterprise, ...]] = {
    "daye": (
        Enterprise("大冶样例铸造有限公司", "91420281MA4AB3C518", "李样", "样例路一号"),
        Enterprise("大冶样例食品有限公司", "91420281MA4AD7E624", "李样", "样例路三号"),
        Enterprise("大冶样例物流有限公司", "91420281MA4AF2G830", "李样", "样例路五号"),
        Enterprise("大冶样例电子有限公司", "91420281MA4AH9J716", "张样", "样例路七号"),
    ),
    "zhoukou": (
        Enterprise("周口样例纺织有限公司", "91411602MA9AB5C14A", "李样", "样例街一号"),
        Enterprise("周口样例医药有限公司", "91411602MA9AD8E25Y", "李样", "样例街三号"),
        Enterprise("周口样例机械有限公司", "91411602MA9AF6G47K", "李样", "样例街五号"),
        Enterprise("周口样例商贸有限公司", "91411602MA9AH3J58W", "张样", "样例街七号"),
    ),
}
"""In the order of the stories: connected, permitting, returned; the last is the second owner's."""

_UTILITIES: Mapping[str, Mapping[str, Any]] = {
    "water": {"water.kind": "new", "water.daily_amount": "18", "water.dual_supply": False},
    "electricity": {"electricity.kind": "new", "electricity.main_capacity": "250"},
    "gas": {"gas.devices": [{"name": "锅炉", "count": 1, "load": "60"}]},
    "heat": {"heat.kind": "new", "heat.area": "2400"},
    "network": {"network.carriers": ["telecom"], "network.bandwidth": "300"},
}


def form_b(
    enterprise: Enterprise,
    owner: Player,
    utilities: tuple[str, ...],
    survey: datetime,
) -> dict[str, Any]:
    """Form B for some utilities, to be surveyed at a working time."""
    values: dict[str, Any] = {
        "enterprise.name": enterprise.name,
        "enterprise.credit_code": enterprise.credit_code,
        "enterprise.legal_person": enterprise.legal_person,
        "enterprise.address": enterprise.address,
        "contact.name": owner.name,
        "contact.phone": owner.phone,
        "site.town": TOWNS[owner.city],
        "site.address": f"{enterprise.address}厂区",
        "survey.time": survey.isoformat(timespec="minutes"),
        "utilities": list(utilities),
    }
    for utility in utilities:
        values |= _UTILITIES[utility]
    if owner.city == "zhoukou":
        values.pop("gas.kind", None)
    return values


def form_a(enterprise: Enterprise, owner: Player, use_on: str) -> dict[str, Any]:
    """Form A: intent only, all that is known at the land-transfer stage."""
    return {
        "enterprise.name": enterprise.name,
        "enterprise.credit_code": enterprise.credit_code,
        "contact.name": owner.name,
        "contact.phone": owner.phone,
        "site.town": TOWNS[owner.city],
        "site.address": f"{enterprise.address}新厂区",
        "plan.use_date": use_on,
        "project.name": "样例新建厂房",
        "utilities": ["water", "electricity"],
        "other.text": "用量待设计完成后确定",
    }
