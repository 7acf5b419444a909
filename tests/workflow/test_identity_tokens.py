"""Tokens: everything but a whole, current, own one is refused, all alike."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest

from config.keys import Keyring
from rules.errors import Code, DomainError
from workflow.people.tokens import AUDIENCE, Tokens

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
ACTIVE, OLDER, FOREIGN = b"a" * 32, b"b" * 32, b"c" * 32
TOKENS = Tokens(Keyring("new", {"new": ACTIVE, "old": OLDER}))
SESSION = uuid4()


def forged(
    key: bytes = ACTIVE,
    kid: object = "new",
    algorithm: str = "HS256",
    drop: str = "",
    **claims: Any,
) -> str:
    whole = {
        "sub": str(SESSION),
        "iat": int(NOW.timestamp()),
        "exp": int(NOW.timestamp()) + 60,
        "aud": AUDIENCE,
    } | claims
    whole.pop(drop, None)
    headers = {} if kid is None else {"kid": kid}
    return jwt.encode(whole, key, algorithm=algorithm, headers=headers)


def unsigned() -> str:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    claims = jwt.decode(forged(), options={"verify_signature": False})
    return f"{part({'alg': 'none', 'kid': 'new'})}.{part(claims)}."


def test_an_own_token_names_its_session() -> None:
    token = TOKENS.issue(SESSION, now=NOW, expires_at=NOW + timedelta(minutes=1))
    assert TOKENS.read(token, NOW) == SESSION
    assert jwt.get_unverified_header(token)["kid"] == "new"


def test_a_key_before_the_rotation_is_accepted() -> None:
    assert TOKENS.read(forged(OLDER, "old"), NOW) == SESSION


def test_it_ends_by_the_products_clock() -> None:
    token = TOKENS.issue(SESSION, now=NOW, expires_at=NOW + timedelta(minutes=1))
    assert TOKENS.read(token, NOW + timedelta(seconds=59)) == SESSION
    with pytest.raises(DomainError):
        TOKENS.read(token, NOW + timedelta(seconds=60))


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("", id="empty"),
        pytest.param("a.b.c", id="nonsense"),
        pytest.param("x" * 5000, id="long"),
        pytest.param("令牌.令牌.令牌", id="not ascii"),
        pytest.param(unsigned(), id="alg none"),
        pytest.param(forged(algorithm="HS384", key=ACTIVE * 2), id="other algorithm"),
        pytest.param(forged(ACTIVE * 2, algorithm="HS512"), id="longer algorithm"),
        pytest.param(forged(FOREIGN), id="foreign key"),
        pytest.param(forged(OLDER, "new"), id="key under another kid"),
        pytest.param(forged(kid=None), id="no kid"),
        pytest.param(forged(kid="../../dev/null"), id="kid as a path"),
        pytest.param(forged(drop="exp"), id="no exp"),
        pytest.param(forged(drop="iat"), id="no iat"),
        pytest.param(forged(drop="sub"), id="no sub"),
        pytest.param(forged(drop="aud"), id="no aud"),
        pytest.param(forged(aud="elsewhere"), id="other aud"),
        pytest.param(forged(aud=[AUDIENCE, "elsewhere"]), id="aud as a list"),
        pytest.param(forged(exp=int(NOW.timestamp())), id="expired"),
        pytest.param(forged(exp="9999999999"), id="exp as text"),
        pytest.param(forged(exp=True), id="exp as a truth"),
        pytest.param(forged(exp=10**30), id="exp beyond time"),
        pytest.param(forged(exp=1e99), id="exp as a float"),
        pytest.param(forged(iat=int(NOW.timestamp()) + 60), id="from the future"),
        pytest.param(forged(sub="not-a-session"), id="sub no id"),
        pytest.param(forged() + "A", id="longer signature"),
    ],
)
def test_anything_else_is_refused_alike(token: str) -> None:
    with pytest.raises(DomainError) as refused:
        TOKENS.read(token, NOW)
    assert refused.value.code is Code.UNAUTHENTICATED
    assert not refused.value.data
