"""Input nobody should send: each gets a clear refusal, none an error of ours."""

import json
from typing import Any
from uuid import uuid4

import pytest

from tests.api.journey import drafted
from tests.api.service import Service, codes, ok, problem

START = f"/requests/{uuid4()}/start-works"
GOOD: dict[str, Any] = {
    "started_at": "2026-03-16T09:00:00+08:00",
    "builder": "样例市政工程队",
    "ends_on": "2026-03-20",
    "briefed": True,
}
DEEP = b'{"city":' + b"[" * 100_000 + b"]" * 100_000 + b"}"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"nonsense",
        b"\xff\xfe{}",
        b'{"city": "\xc3\x28"}',
        b"[]",
        b'"daye"',
        b"null",
        b"1",
        b'{"city": "daye", "city": "zhoukou"}',
        b'{"city": NaN}',
        b'{"city": Infinity}',
        b'{"city": -Infinity}',
        b'{"city": 1e999}',
        b'{"city": ' + b"9" * 5000 + b"}",
        b'{"city": "daye"} {}',
        b'\xef\xbb\xbf{"city": "daye"}',
        b"{'city': 'daye'}",
        b'{"city": "daye",}',
        b'{"a":' * 30 + b"1" + b"}" * 30,
        DEEP,
    ],
    ids=lambda content: content[:24].decode("latin-1"),
)
async def test_what_is_not_one_json_object_is_malformed(service: Service, content: bytes) -> None:
    owner = await service.owner()
    answer = await owner.send("POST", "/applications", content=content, key="")
    problem(answer, 400, "malformed")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"builder": 5}, {"builder": "wrong_type"}),
        ({"builder": None}, {"builder": "wrong_type"}),
        ({"builder": ""}, {"builder": "required"}),
        ({"builder": "  \n "}, {"builder": "required"}),
        ({"builder": "样" * 201}, {"builder": "too_long"}),
        ({"builder": "x" * 100_000}, {"builder": "too_long"}),
        ({"builder": "样\u0000例"}, {"builder": "bad_character"}),
        ({"builder": "\ud800"}, {"builder": "bad_character"}),
        ({"builder": "a\u202eb"}, {"builder": "bad_character"}),
        ({"builder": "a\u200bb"}, {"builder": "bad_character"}),
        ({"builder": "a\x1b[31m"}, {"builder": "bad_character"}),
        ({"builder": "\ue000"}, {"builder": "bad_character"}),
        ({"briefed": 1}, {"briefed": "wrong_type"}),
        ({"briefed": "true"}, {"briefed": "wrong_type"}),
        ({"ends_on": 0}, {"ends_on": "not_date"}),
        ({"ends_on": "0"}, {"ends_on": "not_date"}),
        ({"ends_on": "2026-02-30"}, {"ends_on": "not_date"}),
        ({"ends_on": "２０２６-03-20"}, {"ends_on": "not_date"}),
        ({"ends_on": "0001-01-01"}, {"ends_on": "not_date"}),
        ({"started_at": "2026-03-16T09:00:00"}, {"started_at": "time_zone_needed"}),
        ({"started_at": "1700000000"}, {"started_at": "not_datetime"}),
        ({"started_at": 1_700_000_000}, {"started_at": "not_datetime"}),
        ({"started_at": "0001-01-01T00:00:00+14:00"}, {"started_at": "not_datetime"}),
        ({"started_at": "9999-12-31T23:59:59-23:59"}, {"started_at": "not_datetime"}),
        ({"started_at": 2**63}, {"started_at": "too_big"}),
        ({"state": "permitted"}, {"state": "unknown_field"}),
        (
            {"role": "approver", "owner_id": 1},
            {"role": "unknown_field", "owner_id": "unknown_field"},
        ),
        ({"a\u0000": 1}, {"body": "bad_character"}),
    ],
    ids=repr,
)
async def test_every_fault_is_named(
    service: Service, changed: dict[str, Any], expected: dict[str, str]
) -> None:
    crew = await service.crew("daye", "water")
    answer = await crew.post(START, GOOD | changed, version=1)
    assert codes(problem(answer, 422, "invalid")) == expected


async def test_all_faults_at_once_each_with_its_chinese_name(service: Service) -> None:
    crew = await service.crew("daye", "water")
    found = problem(await crew.post(START, {"builder": 1, "x": 2}, version=1), 422, "invalid")
    assert codes(found) == {
        "started_at": "required",
        "builder": "wrong_type",
        "ends_on": "required",
        "briefed": "required",
        "x": "unknown_field",
    }
    labels = {fault["field"]: fault["label"] for fault in found["fields"]}
    assert labels["builder"] == "施工单位"
    assert {fault["message"] for fault in found["fields"]} >= {
        "请填写开工时间",
        "施工单位的格式不正确",
    }


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("1.234", "too_precise"),
        (-1, "too_small"),
        (100_001, "too_big"),
        (1e30, "too_big"),
        ("1e2", "not_number"),
        ("٣", "not_number"),
        ("1_0", "not_number"),
        ("NaN", "not_number"),
        ("", "not_number"),
        (True, "wrong_type"),
        ([], "wrong_type"),
    ],
    ids=repr,
)
async def test_numbers_are_numbers_within_bounds(service: Service, value: Any, code: str) -> None:
    crew = await service.crew("daye", "water")
    body = {
        "visited_at": "2026-03-16T09:00:00+08:00",
        "access_point": "样例大道",
        "segments": [{"line_m": value}],
    }
    answer = await crew.post(f"/requests/{uuid4()}/record-findings", body, version=1)
    assert codes(problem(answer, 422, "invalid")) == {"segments.0.line_m": code}


async def test_full_width_digits_are_folded_once(service: Service) -> None:
    crew = await service.crew("daye", "water")
    body = {
        "visited_at": "2026-03-16T09:00:00+08:00",
        "access_point": "样例大道",
        "segments": [{"line_m": "１２．５"}],
    }
    answer = await crew.post(f"/requests/{uuid4()}/record-findings", body, version=1)
    problem(answer, 404, "not_found")  # the body was understood


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("\ud800", "bad_character"),
        ("a\u0000b", "bad_character"),
        ("9" * 100_000, None),
        ({"a": [1, {"b": None}]}, None),
        (2**63, "too_big"),
        (["x"] * 1000, None),
        (1.5, None),
        (True, None),
    ],
    ids=lambda value: repr(value)[:24],
)
async def test_any_value_of_a_draft_is_answered(
    service: Service, value: Any, code: str | None
) -> None:
    owner = await service.owner()
    draft = ok(await owner.post("/applications", {"city": "daye"}), 201)
    path = f"/applications/{draft['id']}/draft"
    for field in ("enterprise.name", "contact.phone", "gas.devices", "water.daily_amount"):
        answer = await owner.patch(path, {"fields": {field: {"value": value, "base": 0}}})
        assert answer.status_code < 500, answer.text
        if code is not None:
            assert codes(problem(answer, 422, "invalid")) == {f"fields.{field}.value": code}


@pytest.mark.parametrize(
    "path",
    [
        "/applications/1/draft",
        "/applications/9223372036854775807/draft",
        "/applications/{id}%00/draft",
        "/applications/{id}%2f/draft",
        "/applications/{{{id}}}/draft",
        "/applications/urn:uuid:{id}/draft",
        "/applications/%E0%A4%A/draft",
        "/applications/..;/draft",
        "/applications/{id}/draft/",
        "/applications/{id}/Draft",
        "/Applications/{id}/draft",
        "/applications/{id};x=1/draft",
        "/applications//draft",
    ],
)
async def test_what_is_no_id_does_not_exist(service: Service, path: str) -> None:
    owner = await service.owner()
    draft = await drafted(owner, "daye")
    problem(await owner.get(path.format(id=draft["id"])), 404, "not_found")


async def test_a_body_beyond_the_limit_is_refused_before_it_is_read(service: Service) -> None:
    owner = await service.owner()
    big = json.dumps({"city": "x" * (1024 * 1024)}).encode()
    problem(await owner.send("POST", "/applications", content=big, key=""), 413, "too_large")


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 201),
        ("application/json; charset=utf-8", 201),
        ("application/json;charset=UTF-8", 201),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("application/json; charset=gbk", 415),
        ("multipart/form-data; boundary=x", 415),
        ("", 415),
    ],
)
async def test_the_content_type_must_be_json(
    service: Service, content_type: str, status: int
) -> None:
    owner = await service.owner()
    answer = await owner.post(
        "/applications", {"city": "daye"}, headers={"content-type": content_type}
    )
    assert answer.status_code == status
    if status == 415:
        problem(answer, 415, "unsupported_media")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=new&kind=increase", {"kind": "given_twice"}),
        ("state=draft", {"state": "unknown_parameter"}),
        ("kind=%00", {"kind": "bad_character"}),
        ("kind=" + "x" * 100, {"kind": "value_wrong"}),
    ],
)
async def test_unknown_and_repeated_parameters_are_refused(
    service: Service, query: str, expected: dict[str, str]
) -> None:
    answer = await service.nobody.get(f"/cities/daye/forms/B?{query}")
    assert codes(problem(answer, 422, "invalid")) == expected


@pytest.mark.parametrize("query", ["kind=%ff", "kind", "&".join(f"a{i}=1" for i in range(60))])
async def test_a_broken_query_is_malformed(service: Service, query: str) -> None:
    problem(await service.nobody.get(f"/cities/daye/forms/B?{query}"), 400, "malformed")


async def test_the_wrong_method_names_the_right_ones(service: Service) -> None:
    owner = await service.owner()
    for method in ("DELETE", "PUT", "TRACE", "OPTIONS"):
        answer = await owner.send(method, "/cities")
        problem(answer, 405, "method_not_allowed")
        assert answer.headers["allow"] == "GET"
    answer = await owner.post("/cities", {}, headers={"x-http-method-override": "GET"})
    problem(answer, 405, "method_not_allowed")


@pytest.mark.parametrize(
    "token",
    ["", "x", "Bearer", "Basic YTpi", "bearer a.b.c", "Bearer " + "x" * 5000],
)
async def test_what_is_no_token_opens_nothing(service: Service, token: str) -> None:
    answer = await service.nobody.post(
        "/applications", {"city": "daye"}, headers={"authorization": token}
    )
    found = problem(answer, 401, "unauthenticated")
    assert found["detail"]
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_no_answer_names_our_insides(service: Service) -> None:
    owner = await service.owner()
    for path in ("/applications/x/draft", "/nothing", "/cities/none"):
        answer = await owner.get(path)
        for word in (
            "Traceback",
            "asyncpg",
            "tortoise",
            "pydantic",
            "sanic",
            "site-packages",
            ".py",
        ):
            assert word.lower() not in answer.text.lower()
        assert "server" not in answer.headers
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
