"""Form B: what is asked, every fault at once, boundaries of each field, canonical values."""

from typing import Any

import pytest

from rules.forms import form_of
from tests.rules.form_cast import CREDIT, DAYE, NOW, ZHOUKOU, check, codes, whole


def test_a_whole_form_has_no_fault_and_canonical_values() -> None:
    checked = check(whole())
    assert checked.ok
    assert checked.values["survey.time"] == "2026-11-23T09:00+08:00"
    assert checked.typed == {}


def test_everything_missing_is_told_at_once() -> None:
    assert codes(check({})) == {
        "enterprise.name": "required",
        "enterprise.credit_code": "required",
        "contact.name": "required",
        "contact.phone": "required",
        "site.town": "required_choice",
        "site.address": "required",
        "utilities": "required_choice",
        "survey.time": "required",
    }


def test_every_fault_names_its_field_in_chinese_and_keeps_what_was_typed() -> None:
    checked = check(
        whole(contact__phone="123", site__town="火星镇", water__daily_amount="很多", nonsense=1)
    )
    assert [(f.field, f.code, f.label) for f in checked.faults] == [
        ("contact.phone", "phone_wrong", "联系电话"),
        ("site.town", "not_town", "所属镇街"),
        ("water.daily_amount", "not_number", "供水需求"),
        ("nonsense", "unknown_field", ""),
    ]
    assert checked.typed == {
        "contact.phone": "123",
        "site.town": "火星镇",
        "water.daily_amount": "很多",
    }
    assert checked.kept["contact.name"] == "李甲"


def test_a_draft_may_be_empty_but_not_wrong() -> None:
    assert check({}, mode="draft").ok
    assert codes(check({"contact.phone": "12"}, mode="draft")) == {"contact.phone": "phone_wrong"}
    kept = check({"water.daily_amount": "5"}, mode="draft").values
    assert kept == {"water.daily_amount": "5"}, "a draft keeps what does not apply yet"


def test_only_ticked_sections_count() -> None:
    checked = check(whole(electricity__main_capacity="abc", gas__devices=[{"name": "锅炉"}]))
    assert checked.ok
    assert not [key for key in checked.values if key.startswith(("electricity.", "gas."))]


def test_faulty_choice_drops_nothing_and_asks_for_nothing() -> None:
    checked = check(whole(utilities=["water", "lava"], water__daily_amount="-1"))
    assert codes(checked) == {"utilities": "not_option", "water.daily_amount": "too_small"}


VALUES: list[tuple[str, Any, Any]] = [
    ("enterprise.credit_code", CREDIT.lower(), CREDIT),
    ("enterprise.credit_code", f" {CREDIT[:8]} {CREDIT[8:]} ", CREDIT),
    ("enterprise.credit_code", "".join(chr(ord(c) + 0xFEE0) for c in CREDIT), CREDIT),
    ("contact.phone", "+86 138 0000 1234", "13800001234"),
    ("contact.phone", "１３８００００１２３４", "13800001234"),
    ("contact.phone", "0714-8765432", "0714-8765432"),
    ("contact.phone", "(0714)8765432转801", "0714-8765432-801"),
    ("contact.phone", "0714-8765432-801", "0714-8765432-801"),
    ("contact.phone", "010-62345678", "010-62345678"),
    ("project.code", "2026-420281-44-01-123456", "2026-420281-44-01-123456"),
    ("project.code", "20264202814401123456", "2026-420281-44-01-123456"),
    ("site.town", "还地桥镇", "huandiqiao"),
    ("water.daily_amount", "0.01", "0.01"),
    ("water.daily_amount", 12.50, "12.5"),
    ("water.daily_amount", "１２．５", "12.5"),
    ("water.daily_amount", 100000, "100000"),
    ("water.daily_amount", "00012.500", "12.5"),
    ("water.dual_supply", False, False),
    ("enterprise.name", "  大冶\u3000某某\n公司 ", "大冶 某某 公司"),
    ("enterprise.name", "某某（大冶）公司", "某某(大冶)公司"),
    ("enterprise.name", "某\u200b某\ufeff公司", "某某公司"),
    ("enterprise.name", "䶮\U00031350公司", "䶮\U00031350公司"),
    ("needs.text", "一\r\n二\u2028三  四", "一\n二\n三 四"),
    ("survey.time", "2026-11-23 08:30", "2026-11-23T08:30+08:00"),
    ("survey.time", "2026-11-23T01:00:59Z", "2026-11-23T09:00+08:00"),
    ("survey.time", "2026-11-23T10:00:00.5+09:00", "2026-11-23T09:00+08:00"),
    (
        "site.point",
        {"lat": 30.1000004, "lng": "114.95", "system": "gcj02", "name": "东门"},
        {"lat": 30.1, "lng": 114.95, "system": "gcj02", "name": "东门"},
    ),
]


@pytest.mark.parametrize(("key", "raw", "value"), VALUES)
def test_good_values_become_canonical(key: str, raw: Any, value: Any) -> None:
    checked = check(whole() | {key: raw})
    assert checked.ok, checked.faults
    assert checked.values[key] == value
    again = check(checked.values)
    assert again.values == checked.values, "canonical values stay as they are"


WRONG: list[tuple[str, Any, str]] = [
    ("enterprise.credit_code", CREDIT[:-1], "credit_code_length"),
    ("enterprise.credit_code", CREDIT + "0", "credit_code_length"),
    ("enterprise.credit_code", CREDIT[:9] + "I" + CREDIT[10:], "credit_code_format"),
    ("enterprise.credit_code", "0" + CREDIT[1:], "credit_code_format"),
    (
        "enterprise.credit_code",
        CREDIT[:-1] + ("1" if CREDIT[-1] != "1" else "2"),
        "credit_code_check",
    ),
    ("enterprise.credit_code", CREDIT[:14] + "9" + CREDIT[15:], "credit_code_check"),
    ("enterprise.credit_code", 914202810000000001, "wrong_type"),
    ("contact.phone", "1380000123", "phone_wrong"),
    ("contact.phone", "138000012345", "phone_wrong"),
    ("contact.phone", "8765432", "phone_wrong"),
    ("contact.phone", "+1 650 253 0000", "phone_wrong"),
    ("contact.phone", "abc", "phone_wrong"),
    ("contact.phone", 13800001234, "wrong_type"),
    ("project.code", "2026-420281-44-01-12345", "project_code_wrong"),
    ("project.code", "2026-420281-44-01-12345a", "project_code_wrong"),
    ("project.code", "2026--420281-44-01-123456", "project_code_wrong"),
    ("site.town", "chuanhui", "not_town"),
    ("water.daily_amount", 0, "too_small"),
    ("water.daily_amount", "-5", "too_small"),
    ("water.daily_amount", "100000.01", "too_big"),
    ("water.daily_amount", 2**63, "too_big"),
    ("water.daily_amount", 10**4000, "too_big"),
    ("water.daily_amount", "1.005", "too_precise"),
    ("water.daily_amount", 0.0100000001, "too_precise"),
    ("water.daily_amount", "1e3", "not_number"),
    ("water.daily_amount", "十吨", "not_number"),
    ("water.daily_amount", "٣", "not_number"),
    ("water.daily_amount", float("nan"), "not_number"),
    ("water.daily_amount", float("inf"), "not_number"),
    ("water.daily_amount", True, "not_number"),
    ("water.daily_amount", [5], "not_number"),
    ("water.dual_supply", "yes", "wrong_type"),
    ("water.dual_supply", 1, "wrong_type"),
    ("water.kind", "rename", "not_option"),
    ("utilities", "water", "wrong_type"),
    ("utilities", ["water", "water"], "repeated"),
    ("utilities", ["water", "heat"], "not_option"),
    ("utilities", ["water", 1], "wrong_type"),
    ("utilities", [["water"]], "wrong_type"),
    ("survey.time", "2026-11-20T10:00", "time_past"),
    ("survey.time", "2026-11-20T09:59", "time_past"),
    ("survey.time", "2026-11-21T09:00", "time_not_working"),
    ("survey.time", "2026-11-23T12:00", "time_not_working"),
    ("survey.time", "2026-11-23T08:29", "time_not_working"),
    ("survey.time", "2026-11-23", "not_datetime"),
    ("survey.time", "2026-02-30T09:00", "not_datetime"),
    ("survey.time", "9999-12-31T23:59-12:00", "not_datetime"),
    ("survey.time", "0001-01-01T00:00+14:00", "not_datetime"),
    ("enterprise.name", "字" * 101, "too_long"),
    ("enterprise.name", "字" * 100_000, "too_long"),
    ("enterprise.name", "\ufdfa" * 30, "too_long"),
    ("enterprise.name", "某\0某", "bad_character"),
    ("enterprise.name", "某\x1b[31m某", "bad_character"),
    ("enterprise.name", "某\u202e某", "bad_character"),
    ("enterprise.name", "某\u200f某", "bad_character"),
    ("enterprise.name", "某\ud800某", "bad_character"),
    ("enterprise.name", {"a": 1}, "wrong_type"),
    ("site.point", {"lat": 30.1, "lng": 114.9}, "point_system"),
    ("site.point", {"lat": 30.1, "lng": 114.9, "system": "wgs84"}, "point_system"),
    ("site.point", {"lat": 39.9, "lng": 116.4, "system": "gcj02"}, "point_outside"),
    ("site.point", {"lat": 91, "lng": 181, "system": "gcj02"}, "point_wrong"),
    ("site.point", {"lat": 30.1, "lng": None, "system": "gcj02"}, "point_wrong"),
    ("site.point", {"lat": 30.1, "lng": 114.9, "system": "gcj02", "x": 1}, "point_wrong"),
    ("site.point", [30.1, 114.9], "point_wrong"),
]


@pytest.mark.parametrize(("key", "raw", "code"), WRONG)
def test_each_wrong_value_is_one_fault(key: str, raw: Any, code: str) -> None:
    assert codes(check(whole() | {key: raw})) == {key: code}
    assert codes(check({key: raw}, mode="draft")) == {key: code}


def test_bounds_of_text_are_met_exactly() -> None:
    assert check(whole(enterprise__name="字" * 100)).ok


def test_accept_does_not_judge_dates_again() -> None:
    past = whole(survey__time="2026-11-19T09:00")
    assert codes(check(past)) == {"survey.time": "time_past"}
    assert check(past, mode="accept").ok


def test_devices() -> None:
    boiler = {"name": "锅炉", "count": "２", "burner_calibre": "DN50", "load": "30.0"}
    good = check(whole(utilities=["gas"], gas__devices=[boiler, {}, {"name": "灶", "count": 1}]))
    assert good.ok
    assert good.values["gas.devices"] == [
        {"name": "锅炉", "count": 2, "burner_calibre": "DN50", "load": "30"},
        {"name": "灶", "count": 1},
    ]
    bad = check(
        whole(
            utilities=["gas"],
            gas__devices=[boiler | {"count": 0, "working_pressure": "x"}, {"count": 1.5}, 7],
        )
    )
    assert codes(bad) == {
        "gas.devices.0.count": "too_small",
        "gas.devices.0.working_pressure": "not_number",
        "gas.devices.1.count": "not_integer",
        "gas.devices.1.name": "required",
        "gas.devices.2": "wrong_type",
    }
    assert bad.faults[1].label == "用天然气设备第1行的用气压力(KPA)工作"
    assert "gas.devices" in bad.typed
    many = check(whole(utilities=["gas"], gas__devices=[boiler] * 51))
    assert codes(many) == {"gas.devices": "too_many_rows"}
    strange = check(whole(utilities=["gas"], gas__devices=[boiler | {"colour": "红"}]))
    assert codes(strange) == {"gas.devices.0": "unknown_field"}


def test_a_draft_may_hold_an_unfinished_device() -> None:
    draft = check({"gas.devices": [{"name": "锅炉"}, {"load": "3"}]}, mode="draft")
    assert draft.ok
    assert draft.values["gas.devices"] == [{"name": "锅炉"}, {"load": "3"}]


def test_network_needs_a_carrier_of_the_city() -> None:
    assert codes(check(whole(utilities=["network"]))) == {"network.carriers": "required_choice"}
    ticked = whole(utilities=["network"], network__carriers=["unicom", "telecom"])
    assert check(ticked).values["network.carriers"] == ["telecom", "unicom"]


def test_temporary_supply_has_an_end() -> None:
    temporary = whole(water__kind="temporary")
    assert codes(check(temporary)) == {"water.temporary_until": "required"}
    until = "water.temporary_until"
    assert check(temporary | {until: "2026-11-20"}).ok
    assert codes(check(temporary | {until: "2026-11-19"})) == {until: "date_past"}
    assert codes(check(temporary | {until: "2027-02-29"})) == {until: "not_date"}
    assert check(temporary | {until: "2027年3月1日"}).values[until] == "2027-03-01"
    assert until not in check(whole() | {until: "2027-03-01"}).values


ACCOUNT = {
    "water.kind": "transfer",
    "water.account_no": "A-1001",
    "water.old_holder": "周口甲公司",
    "water.new_holder": "周口乙公司",
    "water.consent": True,
    "water.arrears_settled": True,
    "water.handover_reading": "1024.5",
}


def test_transfer_asks_for_the_account_and_no_survey() -> None:
    base = whole(site__town="chuanhui", survey__time=None)
    asked = codes(check(base | {"water.kind": "transfer"}, ZHOUKOU))
    assert asked == {
        "water.account_no": "required",
        "water.old_holder": "required",
        "water.new_holder": "required",
        "water.consent": "required",
        "water.arrears_settled": "required",
    }
    done = check(base | ACCOUNT | {"water.daily_amount": "5"}, ZHOUKOU)
    assert done.ok
    assert "water.daily_amount" not in done.values
    assert done.values["water.handover_reading"] == "1024.5"
    refused = check(base | ACCOUNT | {"water.consent": False}, ZHOUKOU)
    assert codes(refused) == {"water.consent": "must_agree"}
    mixed = base | ACCOUNT | {"utilities": ["water", "heat"]}
    assert codes(check(mixed, ZHOUKOU)) == {"survey.time": "required"}


def test_a_form_for_one_kind() -> None:
    form = form_of(ZHOUKOU, "B", kind="rename")
    assert not {"survey.time", "water.daily_amount", "water.temporary_until"} & set(form.by_key)
    values = whole(site__town="chuanhui", survey__time=None) | ACCOUNT
    values.pop("water.kind")
    checked = check(values, ZHOUKOU, form=form)
    assert checked.ok
    assert checked.values["water.kind"] == "rename"
    with pytest.raises(LookupError):
        form_of(DAYE, "B", kind="rename")


def test_agent_and_tenant() -> None:
    assert codes(check(whole(agent__name="王乙"))) == {"agent.authorised": "required"}
    unauthorised = whole(agent__name="王乙", agent__authorised=False)
    assert codes(check(unauthorised)) == {"agent.authorised": "must_agree"}
    rented = whole(premises__rented=True)
    assert codes(check(rented)) == {"premises.owner_consent": "required"}
    assert check(rented | {"premises.owner_consent": True}).ok
    assert check(whole(premises__rented=False)).ok


@pytest.mark.parametrize("raw", [None, [], "text", 5, [["a", 1]]])
def test_what_is_no_object(raw: Any) -> None:
    assert [fault.code for fault in check(raw).faults] == ["not_object"]


def test_registration_form() -> None:
    form = form_of(DAYE, "A")
    values = whole(survey__time=None, site__address=None) | {"plan.use_date": "2027-06-01"}
    values["site.address"] = "开发区2号地块"
    assert check(values, form=form).ok
    assert codes(check(values | {"plan.use_date": "2026-11-19"}, form=form)) == {
        "plan.use_date": "date_past"
    }
    assert codes(check(values | {"land.contract_date": "2026-11-21"}, form=form)) == {
        "land.contract_date": "date_future"
    }
    assert NOW.tzinfo is not None
