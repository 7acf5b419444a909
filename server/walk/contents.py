"""What is written on the forms of the walk: invented, and as complete as the printed forms."""

from collections.abc import Mapping
from typing import Any

from server.walk.people import Someone

DAYE_ENTERPRISE = {
    "enterprise.name": "大冶走查样例机电有限公司",
    "enterprise.credit_code": "91420281MA49QK7T17",
    "enterprise.legal_person": "李样",
    "enterprise.address": "大冶市样例工业园一路 1 号",
}
ZHOUKOU_ENTERPRISE = {
    "enterprise.name": "周口走查样例食品有限公司",
    "enterprise.credit_code": "91411628MA40QQ1N8Q",
    "enterprise.legal_person": "李样",
    "enterprise.address": "周口市样例产业集聚区一路 1 号",
}


def contact(owner: Someone) -> dict[str, Any]:
    """Who may be called."""
    return {"contact.name": owner.name, "contact.phone": owner.phone}


def daye_form_b(owner: Someone, colleague: Someone, survey: str) -> dict[str, Any]:
    """企业用户水、电、气、网络联合报装业务申请表, every cell of it."""
    return {
        **DAYE_ENTERPRISE,
        **contact(owner),
        "agent.name": colleague.name,
        "agent.phone": colleague.phone,
        "agent.authorised": True,
        "site.town": "jinhu",
        "site.address": "样例大道 8 号",
        "project.code": "2026-420281-34-01-123456",
        "survey.time": survey,
        "utilities": ["water", "electricity", "gas", "network"],
        "water.kind": "new",
        "water.daily_amount": "20.5",
        "water.dual_supply": False,
        "electricity.kind": "new",
        "electricity.main_capacity": "630",
        "electricity.backup_capacity": "315",
        "gas.devices": [
            {
                "name": "蒸汽锅炉",
                "count": 1,
                "burner_calibre": "DN50",
                "working_pressure": "10",
                "device_pressure": "15",
                "load": "80",
            },
            {
                "name": "食堂灶台",
                "count": 4,
                "burner_calibre": "DN20",
                "working_pressure": "2.5",
                "device_pressure": "3",
                "load": "12",
            },
        ],
        "network.carriers": ["telecom"],
        "network.bandwidth": "500",
        "network.lines": 8,
        "needs.text": "食堂希望先行通气；机房需双路网络接入。",
    }


def second_form_b(owner: Someone) -> dict[str, Any]:
    """Another enterprise's form B, for gas alone; when it is surveyed comes with it."""
    return {
        "enterprise.name": "大冶走查样例食品有限公司",
        "enterprise.credit_code": "91420281MA49QK8X36",
        "enterprise.legal_person": owner.name,
        "enterprise.address": "大冶市样例工业园三路 3 号",
        **contact(owner),
        "site.town": "jinhu",
        "site.address": "样例大道 18 号",
        "project.code": "2026-420281-14-01-123457",
        "utilities": ["gas"],
        "gas.devices": [
            {
                "name": "食堂灶台",
                "count": 2,
                "burner_calibre": "DN20",
                "working_pressure": "2.5",
                "device_pressure": "3",
                "load": "12",
            }
        ],
    }


def zhoukou_form_a(owner: Someone, use_on: str, signed_on: str) -> dict[str, Any]:
    """企业获得水、电、气、暖、讯报装信息采集单, with what the land contract states."""
    return {
        "enterprise.name": ZHOUKOU_ENTERPRISE["enterprise.name"],
        "enterprise.credit_code": ZHOUKOU_ENTERPRISE["enterprise.credit_code"],
        **contact(owner),
        "site.town": "chuanhui",
        "site.address": "庆丰路 12 号",
        "plan.use_date": use_on,
        "project.code": "2026-411602-14-01-654321",
        "project.name": "走查样例食品加工厂",
        "land.contract_date": signed_on,
        "land.plot": "ZK-样例-2026-8",
        "utilities": ["water", "electricity", "gas", "heat", "network"],
        "other.text": "冷库需要双路供电",
    }


def zhoukou_rest_of_form_b(survey: str) -> dict[str, Any]:
    """水电气暖讯联合报装申请表: what the registration could not know yet."""
    return {
        "enterprise.legal_person": ZHOUKOU_ENTERPRISE["enterprise.legal_person"],
        "enterprise.address": ZHOUKOU_ENTERPRISE["enterprise.address"],
        "survey.time": survey,
        "water.kind": "new",
        "water.daily_amount": "60",
        "water.dual_supply": True,
        "electricity.kind": "new",
        "electricity.main_capacity": "1250",
        "electricity.backup_capacity": "630",
        "gas.kind": "new",
        "gas.devices": [{"name": "蒸汽锅炉", "count": 2, "burner_calibre": "DN65", "load": "150"}],
        "heat.kind": "new",
        "heat.area": "5200",
        "heat.load": "380",
        "heat.use": ["fan_coil", "process"],
        "network.kind": "new",
        "network.carriers": ["unicom"],
        "network.bandwidth": "1000",
        "network.lines": 12,
    }


def segment(length: str, starts_on: str, medium: str) -> dict[str, Any]:
    """方案段 of one utility."""
    return {
        "route": "样例路北侧，自既有管线至厂区大门",
        "length_m": length,
        "depth_m": "1.2",
        "medium": medium,
        "starts_on": starts_on,
        "days": 3,
    }


Findings = Mapping[str, Mapping[str, Any]]
"""Utility → the stretch of line its crew found. Lengths in metres, areas in m²."""

DAYE_FOUND: Findings = {
    "water": {
        "line_m": "120",
        "crossing_m": "10",
        "road": "样例大道",
        "road_class": "branch",
        "road_excavated": True,
        "green_m2": "12",
    },
    "electricity": {
        "line_m": "320",
        "crossing_m": "18",
        "road": "样例大道",
        "road_class": "branch",
        "road_excavated": True,
        "traffic_affected": True,
        "major_crossing": True,
    },
    "gas": {"line_m": "80"},
    "network": {"line_m": "60"},
}

ZHOUKOU_FOUND: Findings = {
    "water": {
        "line_m": "150",
        "crossing_m": "12",
        "road": "庆丰路",
        "road_class": "branch",
        "road_excavated": True,
    },
    "electricity": {
        "line_m": "260",
        "crossing_m": "18",
        "road": "周口大道",
        "road_class": "arterial",
        "road_excavated": True,
        "traffic_affected": True,
        "new_corridor": True,
    },
    "gas": {"line_m": "70"},
    "heat": {
        "line_m": "90",
        "crossing_m": "8",
        "road": "庆丰路",
        "road_class": "branch",
        "road_excavated": True,
        "green_m2": "15",
    },
    "network": {"line_m": "50"},
}

PROMISES = {
    "builder": "样例市政工程有限公司",
    "signer": "周样",
    "conditions_met": True,
    "road_restored": True,
    "inspection_accepted": True,
    "pipes_protected": True,
}
"""告知承诺 (form D's contents)."""

PAPERS = ["施工组织方案", "路由平面图"]
"""What departments ask for, by name."""
