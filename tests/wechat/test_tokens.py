"""One token for every process: fetched once, renewed once, also without Redis."""

import asyncio
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest
import redis.asyncio as aioredis
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wechat.conftest import MP, OA, Sandbox, connect
from tests.wechat.control import Control
from wechat.accounts import Account
from wechat.errors import DailyQuotaSpent, Misconfigured, RateLimited, RetryLater
from wechat.platform import Platform
from wechat.tokens import LAST_SECONDS, Grant, Tokens

STABLE = "/cgi-bin/stable_token"
INFO = "/cgi-bin/user/info"


async def test_two_processes_racing_fetch_one_token(
    platform: Platform, second: Platform, control: Control
) -> None:
    tokens = [each.oa_client.tokens for each in (platform, second) for _ in range(10)]
    told = await asyncio.gather(*(each.current() for each in tokens))
    assert len(set(told)) == 1
    assert await control.count(STABLE) == 1


async def test_waiters_share_a_slow_fetch(
    platform: Platform, second: Platform, control: Control
) -> None:
    await control.inject(STABLE, "delay", seconds=0.15)
    told = await asyncio.gather(
        platform.oa_client.tokens.current(), second.oa_client.tokens.current()
    )
    assert len(set(told)) == 1
    assert await control.count(STABLE) == 1


async def test_each_account_has_its_own_token(platform: Platform, control: Control) -> None:
    assert await platform.mp_client.tokens.current() != await platform.oa_client.tokens.current()
    assert await control.count(STABLE) == 2


@pytest.mark.parametrize("how", ["expire", "forget"])
async def test_a_stale_token_is_renewed_and_tried_once_more(
    platform: Platform, second: Platform, control: Control, how: str
) -> None:
    await platform.oa.follower("oa-li")
    await control.post("/tokens", account="oa", how=how)
    told = await asyncio.gather(
        *(each.oa.follower("oa-li") for each in (platform, second) for _ in range(5))
    )
    assert {each.unionid for each in told} == {"union-li"}
    assert await control.count(STABLE) == 2


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
async def test_a_token_refused_for_ever_stops_after_one_retry(
    platform: Platform, control: Control, errcode: int
) -> None:
    await control.inject(INFO, "errcode", errcode=errcode, count=100)
    with pytest.raises(Misconfigured) as refused:
        await platform.oa.follower("oa-li")
    assert refused.value.errcode == errcode
    assert await control.count(INFO) == 2
    assert await control.count(STABLE) == 2


async def test_a_wrong_secret_is_an_alarm_not_a_storm(
    sandbox: Sandbox, control: Control, redis: "aioredis.Redis"
) -> None:
    platform = connect(sandbox, redis)
    platform.oa_client.account = Account(OA.appid, "not-the-secret")
    with pytest.raises(Misconfigured) as refused:
        await platform.oa.follower("oa-li")
    assert refused.value.errcode == 40125
    assert await control.count(STABLE) == 1
    assert "not-the-secret" not in f"{refused.value!r} {refused.value.errmsg}"
    await platform.aclose()
    assert len(await control.flag()) == 1


@pytest.mark.parametrize(
    ("errcode", "kind"),
    [(40164, Misconfigured), (45009, DailyQuotaSpent), (45011, RateLimited), (-1, RetryLater)],
)
async def test_a_refused_token_request_says_what_to_do(
    platform: Platform, control: Control, errcode: int, kind: Any
) -> None:
    await control.inject(STABLE, "errcode", errcode=errcode)
    with pytest.raises(kind):
        await platform.oa.follower("oa-li")
    assert (await platform.oa.follower("oa-li")).subscribe == 1


async def test_an_address_off_the_list_is_told(platform: Platform, control: Control) -> None:
    await control.post("/options", ip_whitelist=["203.0.113.9"])
    with pytest.raises(Misconfigured) as refused:
        await platform.oa.follower("oa-li")
    assert refused.value.errcode == 40164
    assert "127.0.0.1" in refused.value.errmsg


async def test_the_kept_token_leaves_before_its_last_minutes(
    platform: Platform, redis: "aioredis.Redis"
) -> None:
    await platform.mp_client.tokens.current()
    left = await redis.ttl(f"wechat:token:{MP.appid}")
    assert 7200 - LAST_SECONDS - 5 <= left <= 7200 - LAST_SECONDS


async def test_both_tokens_work_while_they_change(
    platform: Platform, control: Control, redis: "aioredis.Redis"
) -> None:
    """A process still holding the old token near its end is not refused."""
    old = await platform.oa_client.tokens.current()
    await control.post("/clock", seconds=7200 - LAST_SECONDS + 1)
    await redis.flushall()
    new = await platform.oa_client.tokens.current()
    assert old != new
    transport = platform.oa_client.transport
    for token in (old, new):
        query = {"access_token": token, "openid": "oa-li"}
        assert (await transport.json("GET", INFO, query=query))["subscribe"] == 1


async def test_the_older_family_knows_nothing_of_the_stable_one(
    platform: Platform, control: Control
) -> None:
    stable = await platform.oa_client.tokens.current()
    transport = platform.oa_client.transport
    query = {"grant_type": "client_credential", "appid": OA.appid, "secret": OA.secret}
    first = (await transport.json("GET", "/cgi-bin/token", query=query))["access_token"]
    second = (await transport.json("GET", "/cgi-bin/token", query=query))["access_token"]
    assert len({stable, first, second}) == 3
    await control.post("/clock", seconds=LAST_SECONDS + 1)
    asked = {"access_token": stable, "openid": "oa-li"}
    assert (await transport.json("GET", INFO, query=asked))["subscribe"] == 1
    with pytest.raises(Misconfigured):
        await transport.json("GET", INFO, query={**asked, "access_token": first})


async def test_forced_tokens_are_rationed(platform: Platform, control: Control) -> None:
    transport = platform.oa_client.transport
    body = {"grant_type": "client_credential", "appid": OA.appid, "secret": OA.secret}
    forced = {**body, "force_refresh": True}
    await transport.json("POST", STABLE, body=forced)
    with pytest.raises(RateLimited):
        await transport.json("POST", STABLE, body=forced)
    for _ in range(19):
        await control.post("/clock", seconds=31)
        await transport.json("POST", STABLE, body=forced)
    await control.post("/clock", seconds=31)
    with pytest.raises(DailyQuotaSpent):
        await transport.json("POST", STABLE, body=forced)


async def test_without_redis_each_process_keeps_its_own(
    sandbox: Sandbox, control: Control, tmp_path: Path
) -> None:
    nowhere = aioredis.Redis(unix_socket_path=str(tmp_path / "nobody"))
    platform = connect(sandbox, nowhere)
    told = await asyncio.gather(*(platform.oa.follower("oa-li") for _ in range(10)))
    assert {each.subscribe for each in told} == {1}
    assert await control.count(STABLE) == 1
    await control.post("/tokens", account="oa")
    assert (await platform.oa.follower("oa-li")).subscribe == 1
    assert await control.count(STABLE) == 2
    await platform.aclose()
    await nowhere.aclose()


async def test_redis_dying_in_between_is_not_noticed_by_people(
    sandbox: Sandbox, control: Control, mortal: "tuple[subprocess.Popen[str], aioredis.Redis]"
) -> None:
    process, client = mortal
    platform = connect(sandbox, client)
    await platform.oa.follower("oa-li")
    process.kill()
    process.wait()
    assert (await platform.oa.follower("oa-li")).subscribe == 1
    assert await control.count(STABLE) == 1
    await platform.aclose()


async def test_redis_hanging_delays_but_does_not_stop(
    sandbox: Sandbox, control: Control, mortal: "tuple[subprocess.Popen[str], aioredis.Redis]"
) -> None:
    process, client = mortal
    platform = connect(sandbox, client)
    process.send_signal(signal.SIGSTOP)
    try:
        async with asyncio.timeout(20):
            assert (await platform.oa.follower("oa-li")).subscribe == 1
            assert (await platform.oa.follower("oa-li")).subscribe == 1
    finally:
        process.send_signal(signal.SIGCONT)
    assert await control.count(STABLE) == 1
    await platform.aclose()


class Office:
    """A source of tokens that can be held back, and a clock that is told the time."""

    def __init__(self, lifetime: int = 7200) -> None:
        self.issued = 0
        self.lifetime = lifetime
        self.now = 0.0
        self.asked = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()

    async def fetch(self) -> Grant:
        self.issued += 1
        number = self.issued
        self.asked.set()
        await self.gate.wait()
        return Grant(f"token-{number}", self.lifetime)

    def tokens(self) -> Tokens:
        return Tokens("wx", self.fetch, None, monotonic=lambda: self.now)


async def test_an_own_token_is_renewed_before_its_last_minutes() -> None:
    office = Office()
    tokens = office.tokens()
    assert await tokens.current() == "token-1"
    office.now = 7200 - LAST_SECONDS - 1
    assert await tokens.current() == "token-1"
    office.now += 1
    assert await tokens.current() == "token-2"


async def test_a_caller_who_gives_up_does_not_take_the_token_from_others() -> None:
    office = Office()
    tokens = office.tokens()
    office.gate.clear()
    impatient = asyncio.create_task(tokens.current())
    patient = asyncio.create_task(tokens.current())
    await office.asked.wait()
    impatient.cancel()
    office.gate.set()
    assert await patient == "token-1"
    assert office.issued == 1


async def test_late_complaints_about_an_old_token_fetch_nothing() -> None:
    office = Office()
    tokens = office.tokens()
    stale = await tokens.current()
    assert await tokens.renew(stale) == "token-2"
    assert await tokens.renew(stale) == "token-2"
    assert office.issued == 2


@settings(deadline=None)
@given(expires_in=st.integers(1, 7200))
def test_a_token_is_kept_for_some_time_but_never_past_its_end(expires_in: int) -> None:
    kept = Grant("t", expires_in).usable_seconds
    assert 1 <= kept <= expires_in
    assert kept <= max(expires_in - LAST_SECONDS, 30)
