"""Form B filled in, as an enterprise of each city would."""

from typing import Any

SHARED: dict[str, Any] = {
    "enterprise.name": "样例铸造有限公司",
    "enterprise.credit_code": "91420281MA49QK7T17",
    "enterprise.legal_person": "李样",
    "enterprise.address": "样例路一号",
    "contact.name": "李样",
    "contact.phone": "13800001234",
    "project.code": "2026-420281-33-01-123456",
    "survey.time": "2026-03-18T09:00+08:00",
}

DAYE: dict[str, Any] = SHARED | {
    "site.town": "jinhu",
    "site.address": "样例大道 8 号",
    "utilities": ["water", "electricity", "gas", "network"],
    "water.kind": "new",
    "water.daily_amount": "20",
    "water.dual_supply": False,
    "electricity.kind": "new",
    "electricity.main_capacity": "315",
    "gas.devices": [
        {"name": "锅炉", "count": 1, "load": "80"},
        {"name": "灶台", "count": 4, "load": "12"},
    ],
    "network.carriers": ["telecom"],
    "network.bandwidth": "500",
    "network.lines": 8,
}

ZHOUKOU: dict[str, Any] = SHARED | {
    "enterprise.credit_code": "91411628MA40QQ1N8Q",
    "site.town": "chuanhui",
    "site.address": "庆丰路 12 号",
    "utilities": ["water", "electricity", "gas", "heat", "network"],
    "water.daily_amount": "30",
    "electricity.main_capacity": "630",
    "gas.devices": [{"name": "锅炉", "count": 1, "load": "80"}],
    "heat.area": "3000",
    "network.carriers": ["unicom"],
    "network.bandwidth": "1000",
}
