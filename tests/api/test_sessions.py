"""Signing in over HTTP, against the platform's stand-in; and every token that opens nothing."""

import base64
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest

from miniprogram_api import identity_answers as answers
from models import Application, Enterprise, Person
from models.base import new_id
from rules.states import Channel
from tests.api.service import Caller, Service, ok, problem
from tests.wechat.control import Control


@pytest.fixture
async def clean(control: Control) -> AsyncIterator[Control]:
    """The stand-in without injections left over."""
    yield control
    await control.post("/reset")


async def sign_in(service: Service, control: Control, person: str, kind: str = "mp") -> Caller:
    """Somebody outside of the cast, signed in with a code of the stand-in."""
    await control.post("/people", id=person, phone="13800005678")
    code = await control.code("login" if kind == "mp" else "oauth", person)
    response = await service.nobody.post("/sessions", {"kind": kind, "code": code}, key=None)
    found = answers.SignedIn.model_validate(ok(response, 201))
    return replace(service.nobody, token=found.token)


async def test_a_code_of_the_mini_program_signs_in(service: Service, control: Control) -> None:
    caller = await sign_in(service, control, "wei")
    me = answers.Me.model_validate(ok(await caller.get("/me")))
    assert (me.name, me.phone, me.memberships) == (None, None, [])


async def test_both_accounts_are_one_person(service: Service, control: Control) -> None:
    phone = await sign_in(service, control, "jiang")
    page = await sign_in(service, control, "jiang", "h5")
    assert ok(await phone.get("/me"))["id"] == ok(await page.get("/me"))["id"]


@pytest.mark.parametrize("kind", ["mp", "h5"])
async def test_a_draft_says_through_what_it_came(
    service: Service, control: Control, kind: str
) -> None:
    caller = await sign_in(service, control, f"lu-{kind}", kind)
    draft = ok(await caller.post("/applications", {"city": "daye"}), 201)
    channel = {"mp": Channel.MINIPROGRAM, "h5": Channel.H5}[kind]
    assert (await Application.get(id=draft["id"])).channel is channel


async def test_nothing_of_the_platforms_session_leaves(service: Service, control: Control) -> None:
    code = await control.code("login", "sun")
    response = await service.nobody.post("/sessions", {"kind": "mp", "code": code}, key=None)
    assert b"session_key" not in response.content
    assert b"mp-sun" not in response.content
    assert response.headers["cache-control"] == "no-store"


async def test_a_code_works_once(service: Service, control: Control) -> None:
    body = {"kind": "mp", "code": await control.code("login", "sun")}
    ok(await service.nobody.post("/sessions", body, key=None), 201)
    problem(await service.nobody.post("/sessions", body, key=None), 401, "login_failed")


async def test_codes_of_another_purpose_or_account_fail(service: Service, control: Control) -> None:
    for kind, purpose in (("mp", "phone"), ("mp", "oauth"), ("h5", "login")):
        body = {"kind": kind, "code": await control.code(purpose, "sun")}
        problem(await service.nobody.post("/sessions", body, key=None), 401, "login_failed")


async def test_a_snapshot_account_is_not_bound(service: Service, control: Control) -> None:
    before = await Person.all().count()
    code = await control.code("oauth", "sun", snapshot=True)
    response = await service.nobody.post("/sessions", {"kind": "h5", "code": code}, key=None)
    problem(response, 401, "login_failed")
    assert await Person.all().count() == before


@pytest.mark.parametrize("kind", ["hangup", "html", "truncate"])
async def test_a_broken_platform_is_told(service: Service, clean: Control, kind: str) -> None:
    body = {"kind": "mp", "code": await clean.code("login", "sun")}
    await clean.inject("/sns/jscode2session", kind, count=20)
    refused = await service.nobody.post("/sessions", body, key=None)
    problem(refused, 503, "platform_unavailable")
    assert int(refused.headers["retry-after"]) > 0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "mp"}, "code"),
        ({"code": "x"}, "kind"),
        ({"kind": "desk", "code": "x"}, "kind"),
        ({"kind": "mp", "code": ""}, "code"),
        ({"kind": "mp", "code": "x" * 513}, "code"),
        ({"kind": "mp", "code": "带中文"}, "code"),
        ({"kind": "mp", "code": 7}, "code"),
        ({"kind": "mp", "code": "x", "role": "auditor"}, "role"),
    ],
)
async def test_a_bad_body_names_its_field(service: Service, body: Any, field: str) -> None:
    refused = problem(await service.nobody.post("/sessions", body, key=None), 422, "invalid")
    assert [fault["field"] for fault in refused["fields"]] == [field]
    assert refused["fields"][0]["message"]


def _part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def forgeries(service: Service, token: str) -> dict[str, str]:
    """Tokens that look right and must open nothing."""
    ring = service.wiring.settings.token_keys
    claims = jwt.decode(token, options={"verify_signature": False})
    kid = {"kid": ring.active}

    def signed(key: bytes = ring.active_key, algorithm: str = "HS256", **changed: Any) -> str:
        whole = {name: value for name, value in (claims | changed).items() if value is not None}
        return jwt.encode(whole, key, algorithm=algorithm, headers=kid)

    header, payload, signature = token.split(".")
    return {
        "unsigned": f"{_part({'alg': 'none', **kid})}.{payload}.",
        "no signature": f"{header}.{payload}.",
        "another's payload": f"{header}.{_part(claims | {'sub': str(uuid4())})}.{signature}",
        "wrong key": signed(b"w" * 32),
        "other algorithm": signed(ring.active_key * 2, "HS512"),
        "no exp": signed(exp=None),
        "expired": signed(exp=claims["iat"] - 1),
        "other audience": signed(aud="elsewhere"),
        "unknown session": signed(sub=str(uuid4())),
        "unknown kid": jwt.encode(claims, ring.active_key, headers={"kid": "../key"}),
    }


async def test_forged_tokens_are_refused_alike(service: Service) -> None:
    owner = await service.owner()
    assert owner.token is not None
    ok(await owner.get("/me"))
    bodies = set()
    for name, token in forgeries(service, owner.token).items():
        refused = await replace(owner, token=token).get("/me")
        body = problem(refused, 401, "unauthenticated")
        body.pop("request_id")
        bodies.add(json.dumps(body, sort_keys=True))
        assert "bearer" in refused.headers["www-authenticate"].lower(), name
    problem(await replace(owner, token=None).get("/me"), 401, "unauthenticated")
    assert len(bodies) == 1


async def test_signing_out_ends_this_device_only(service: Service, control: Control) -> None:
    one, other = [await sign_in(service, control, "shen") for _ in range(2)]
    listed = answers.SessionList.model_validate(ok(await one.get("/sessions")))
    assert sum(each.current for each in listed.items) == 1
    answers.SessionEnded.model_validate(ok(await one.send("DELETE", "/sessions/current")))
    problem(await one.get("/me"), 401, "unauthenticated")
    ok(await other.get("/me"))


async def test_a_lost_phone_is_signed_out_from_another(service: Service, control: Control) -> None:
    lost, kept = [await sign_in(service, control, "shen") for _ in range(2)]
    (current,) = [each for each in ok(await lost.get("/sessions"))["items"] if each["current"]]
    path = f"/sessions/{current['id']}"
    problem(await (await service.colleague()).send("DELETE", path), 404, "not_found")
    ok(await lost.get("/me"))
    ok(await kept.send("DELETE", path))
    problem(await lost.get("/me"), 401, "unauthenticated")
    problem(await kept.send("DELETE", path), 404, "not_found")


async def test_a_token_ends_after_thirty_days(service: Service, control: Control) -> None:
    caller = await sign_in(service, control, "wei")
    start = service.clock.at
    service.clock.at = start + timedelta(days=30)
    problem(await caller.get("/me"), 401, "unauthenticated")
    service.clock.at = start


async def test_phone_and_name(service: Service, control: Control) -> None:
    caller = await sign_in(service, control, "jiang")
    body = {"code": await control.code("phone", "jiang")}
    bound = ok(await caller.post("/me/phone", body, key=None))
    assert answers.PhoneBound.model_validate(bound).phone == "138****5678"
    problem(await caller.post("/me/phone", body, key=None), 401, "login_failed")
    ok(await caller.send("PUT", "/me/name", {"name": "赵样"}))
    me = ok(await caller.get("/me"))
    assert (me["name"], me["phone"]) == ("赵样", "138****5678")
    full = {"code": await control.code("login", "jiang")}
    problem(await caller.post("/me/phone", full, key=None), 401, "login_failed")


async def test_too_many_tries_are_told_when_to_come_again(service: Service) -> None:
    caller = await service.stranger()
    for _ in range(10):
        refused = await caller.post("/invitations/accept", {"code": "ABCDE"})
        problem(refused, 422, "invitation_invalid")
    refused = await caller.post("/invitations/accept", {"code": "ABCDE"})
    problem(refused, 429, "too_many")
    assert 0 < int(refused.headers["retry-after"]) <= 600


async def test_an_enterprise_and_its_colleague(service: Service) -> None:
    owner, colleague, stranger = (
        await service.owner(),
        await service.colleague(),
        await service.stranger(),
    )
    values = {
        "enterprise.name": "大冶样例食品有限公司",
        "enterprise.credit_code": "91420281MA4900001H",
        "contact.phone": "13800001234",
    }
    profile = {"city": "daye", "values": values}
    made = await owner.post("/enterprises", profile)
    enterprise = answers.Enterprise.model_validate(ok(made, 201))
    path = f"/enterprises/{enterprise.id}"
    assert made.headers["etag"] == '"1"'
    assert made.headers["location"] == f"/api/v1{path}"
    problem(await owner.post("/enterprises", profile), 409, "enterprise_known")
    problem(await owner.send("PUT", path, profile), 428, "version_needed")
    problem(await stranger.get(path), 404, "not_found")
    code = answers.ColleagueCode.model_validate(
        ok(await owner.post(f"{path}/colleague-codes", key=None), 201)
    ).code
    joined = ok(await colleague.post("/enterprises/join", {"code": code.lower()}), 201)
    answers.EnterpriseJoined.model_validate(joined)
    assert ok(await colleague.get(path))["values"] == values
    people = answers.EnterpriseMembers.model_validate(ok(await owner.get(f"{path}/members")))
    assert [each.relation for each in people.items] == ["owner", "agent"]
    gone = await owner.send("DELETE", f"{path}/members/{colleague.person}")
    answers.MemberRemoved.model_validate(ok(gone))
    problem(await colleague.get(path), 404, "not_found")
    changed = await owner.send("PUT", path, profile, version=1)
    assert changed.headers["etag"] == '"2"'
    problem(await owner.send("PUT", path, profile, version=1), 412, "version_stale")


async def test_a_foreign_enterprise_is_as_if_it_did_not_exist(service: Service) -> None:
    row = await Enterprise.create(
        id=new_id(), created_by=new_id(), credit_code="x", name="y", created_at=service.clock.at
    )
    stranger = await service.stranger()
    bodies = []
    for ident in (row.id, uuid4()):
        body = problem(await stranger.get(f"/enterprises/{ident}"), 404, "not_found")
        body.pop("request_id")
        bodies.append(body)
    assert bodies[0] == bodies[1]
