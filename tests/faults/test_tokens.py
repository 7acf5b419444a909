"""Tokens nobody should take, on the real service."""

import base64
import json
import warnings
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest
from jwt.warnings import InsecureKeyLengthWarning

from models import Membership, Session
from models.base import new_id
from rules.actors import Role
from tests.api.service import Caller, Service, ok, problem
from tests.faults.acting import fresh
from workflow.people.identity import ABSOLUTE, SessionKind
from workflow.people.tokens import ALGORITHM, AUDIENCE

Claims = dict[str, Any]
Forger = Callable[["Forge"], str]


class Forge:
    """Makes tokens of a live session, each wrong in one way."""

    def __init__(self, service: Service, session: UUID) -> None:
        self.ring = service.wiring.settings.token_keys
        now = service.clock.now()
        self.claims: Claims = {
            "sub": str(session),
            "iat": int(now.timestamp()),
            "exp": int((now + timedelta(hours=1)).timestamp()),
            "aud": AUDIENCE,
        }

    def sign(
        self,
        *,
        without: str = "",
        key: bytes | None = None,
        algorithm: str = ALGORITHM,
        kid: object = "",
        **claims: Any,
    ) -> str:
        """A token as ours, but for what is named."""
        told = {name: value for name, value in self.claims.items() if name != without} | claims
        headers: dict[str, Any] = {} if kid is None else {"kid": kid or self.ring.active}
        if isinstance(kid, str) or kid is None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", InsecureKeyLengthWarning)
                return jwt.encode(told, key or self.ring.active_key, algorithm, headers)
        return _raw({"alg": algorithm, "typ": "JWT", "kid": kid}, told)

    def past(self, **delta: float) -> int:
        """Whole seconds, so long ago."""
        return int(self.claims["iat"] - timedelta(**delta).total_seconds())


def _part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _raw(header: object, claims: object, signature: str = "") -> str:
    return f"{_part(header)}.{_part(claims)}.{signature}"


FORGED: dict[str, Forger] = {
    "expired": lambda forge: forge.sign(exp=forge.past(seconds=1)),
    "without exp": lambda forge: forge.sign(without="exp"),
    "without aud": lambda forge: forge.sign(without="aud"),
    "without sub": lambda forge: forge.sign(without="sub"),
    "without iat": lambda forge: forge.sign(without="iat"),
    "for somebody else": lambda forge: forge.sign(aud="another-product"),
    "for several": lambda forge: forge.sign(aud=[AUDIENCE, "another-product"]),
    "from the future": lambda forge: forge.sign(iat=forge.past(hours=-1)),
    "exp as text": lambda forge: forge.sign(exp=str(forge.claims["exp"])),
    "exp beyond every year": lambda forge: forge.sign(exp=10**18),
    "with a guessed key": lambda forge: forge.sign(key=b"k" * 32),
    "with an unknown kid": lambda forge: forge.sign(kid="another"),
    "with a kid that is a path": lambda forge: forge.sign(kid="../../dev/null", key=b"\0" * 32),
    "with a kid that is SQL": lambda forge: forge.sign(kid="' OR '1'='1", key=b"1" * 32),
    "with a kid that is no text": lambda forge: forge.sign(kid=["demo"]),
    "without a kid": lambda forge: forge.sign(kid=None),
    "with a longer digest": lambda forge: forge.sign(algorithm="HS512"),
    "unsigned": lambda forge: _raw({"alg": "none", "kid": forge.ring.active}, forge.claims),
    "unsigned, in capitals": lambda forge: _raw(
        {"alg": "NONE", "kid": forge.ring.active}, forge.claims
    ),
    "with the signature cut": lambda forge: forge.sign().rsplit(".", 1)[0] + ".",
    "with the claims of another": lambda forge: _swapped(forge),
    "with a null sub": lambda forge: forge.sign(sub="null"),
    "for a session that never was": lambda forge: forge.sign(sub=str(uuid4())),
    "too long": lambda forge: forge.sign(more="x" * 2000),
    "not a token": lambda forge: "Bearer",
    "three dots": lambda forge: "...",
    "a broken header": lambda forge: "e30.e30.e30",
}


def _swapped(forge: Forge) -> str:
    head, _, sign = forge.sign().split(".")
    return f"{head}.{_part(forge.claims | {'sub': str(uuid4())})}.{sign}"


async def _session(service: Service, person: UUID | None, kind: SessionKind) -> Session:
    now = service.clock.now()
    return await Session.create(
        id=new_id(),
        person_id=person,
        kind=kind.value,
        created_at=now,
        seen_at=now,
        expires_at=now + ABSOLUTE[kind],
    )


async def test_the_forge_can_make_a_good_one(service: Service) -> None:
    """Or the refusals below would tell nothing."""
    owner = await service.owner()
    forge = Forge(service, (await _session(service, owner.person, SessionKind.MINIPROGRAM)).id)
    ok(await Caller(owner.http, owner.person, forge.sign()).get("/me"))


async def test_every_forged_token_is_refused_alike(service: Service) -> None:
    owner = await service.owner()
    forge = Forge(service, (await _session(service, owner.person, SessionKind.MINIPROGRAM)).id)
    told = set()
    for name, make in FORGED.items():
        caller = Caller(owner.http, owner.person, make(forge), owner.judge)
        for answer in (await caller.get("/me"), await caller.post("/applications", {"city": "x"})):
            refusal = problem(answer, 401, "unauthenticated")
            assert answer.headers["www-authenticate"].startswith("Bearer"), name
            told.add(json.dumps({k: v for k, v in refusal.items() if k != "request_id"}))
    assert len(told) == 1


@pytest.mark.parametrize("scheme", ["", "Basic ", "Token ", "Bearer\t", "bearer  x "])
async def test_only_a_bearer_counts(service: Service, scheme: str) -> None:
    owner = await service.owner()
    headers = {"authorization": f"{scheme}{owner.token}"}
    answer = await owner.http.get("/api/v1/me", headers=headers)
    problem(answer, 401, "unauthenticated")


async def test_two_tokens_in_one_request_are_none(service: Service) -> None:
    owner = await service.owner()
    headers = [("authorization", f"Bearer {owner.token}")] * 2
    problem(await owner.http.get("/api/v1/me", headers=headers), 401, "unauthenticated")


async def test_a_session_that_ended_between_two_calls(service: Service) -> None:
    """On both workers at once: every line gets the refusal."""
    owner = await service.owner()
    row = await _session(service, owner.person, SessionKind.MINIPROGRAM)
    token = Forge(service, row.id).sign()
    holder = Caller(owner.http, owner.person, token, owner.judge)
    lines = [fresh(service, holder) for _ in range(6)]
    for line in lines:
        ok(await line.get("/me"))
    ok(await lines[0].send("DELETE", "/sessions/current"))
    for line in lines:
        problem(await line.get("/me"), 401, "unauthenticated")


async def test_a_membership_that_ended_between_two_calls(service: Service) -> None:
    """The desk stays signed in, and may do nothing any more of what the office allowed."""
    window = await service.window("zhoukou")
    path = "/registrations?city=zhoukou"
    ok(await window.get(path))
    now = service.clock.now()
    held = Membership.filter(person_id=window.person, role=Role.WINDOW_CLERK, ended_at=None)
    assert await held.update(ended_at=now) == 1
    try:
        problem(await window.get(path), 403, "forbidden")
        ok(await window.get("/me"))
    finally:
        await Membership.filter(person_id=window.person).update(ended_at=None)
