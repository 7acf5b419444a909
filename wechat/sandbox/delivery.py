"""Pushing messages to the product: signed, encrypted, cut after 5 seconds, sent again."""

import asyncio
import secrets
import time
from typing import Annotated, Any

import httpx
from pydantic import Field

from wechat.sandbox.config import AccountConfig, Kind, Strict
from wechat.sandbox.exchanges import Attempt, Exchange
from wechat.sandbox.judge import Expected, Judged, Unfit, judge
from wechat.sandbox.messages import body_of
from wechat.sandbox.people import Person
from wechat.sandbox.sealing import Sealer, sign
from wechat.sandbox.seen import seen_of_reply
from wechat.sandbox.world import World

APOLOGY = "该公众号提供的服务出现故障，请稍后再试"
_CLICKS = frozenset({"CLICK", "SCAN", "subscribe", "scancode_push", "scancode_waitmsg"})
_ENTERS = "user_enter_tempsession"


class DeliveryOrder(Strict):
    """What a person does in the chat. Options left out are the configured ones.

    ``message`` holds ``MsgType`` and its fields; names, time and MsgId are added unless given.
    ``overlap`` keeps the first connection open while the resends run beside it; ``background``
    answers at once: how it went is read from the chat.
    """

    account: Kind = "oa"
    person: str
    message: dict[str, Any]
    resends: Annotated[int, Field(ge=0, le=3)] | None = None
    same_nonce: bool | None = None
    overlap: bool = False
    background: bool = False


class Deliverer:
    """Delivers to the callback addresses of a world's accounts."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._http = httpx.AsyncClient(trust_env=False, timeout=30)
        self._under_way: set[asyncio.Task[Exchange]] = set()

    async def aclose(self) -> None:
        """Gives up what is under way and closes every connection."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await self._http.aclose()

    async def deliver(self, order: DeliveryOrder, person: Person) -> Exchange:
        """Sends until answered or out of resends. Raises ValueError without a callback."""
        exchange = self._begin(order, person)
        running = asyncio.create_task(self._run(order, exchange))
        self._under_way.add(running)
        running.add_done_callback(self._under_way.discard)
        return exchange if order.background else await asyncio.shield(running)

    def _begin(self, order: DeliveryOrder, person: Person) -> Exchange:
        account = self._world.account(order.account)
        if account.callback_url is None:
            raise ValueError(f"no callback_url for {order.account}")
        message = self._completed(order, account, person)
        self._person_acted(order.account, person, message)
        number = self._world.next_number()
        exchange = Exchange(
            number=number,
            at=self._world.clock.now(),
            account=order.account,
            person=person.id,
            message=message,
            plain=body_of(account, message).decode(),
            changed=number,
        )
        self._world.exchanges.add(exchange)
        self._world.bell.ring()
        return exchange

    async def _run(self, order: DeliveryOrder, exchange: Exchange) -> Exchange:
        account, message = self._world.account(order.account), exchange.message
        event = message["MsgType"] == "event"
        expected = Expected(order.account, account, message["FromUserName"], event)
        await self._try(order, expected, exchange)
        self._conclude(exchange)
        return exchange

    async def verify(self, kind: Kind) -> dict[str, Any]:
        """The GET that proves the address; the answer must be echostr byte for byte."""
        account = self._world.account(kind)
        echo = str(secrets.randbelow(10**19))
        query = {**self._signed(account), "echostr": echo}
        response = await self._http.get(account.callback_url or "", params=query, timeout=5)
        passed = response.status_code == 200 and response.content == echo.encode()
        if not passed:
            self._world.flag.raise_for("verify", status=response.status_code)
        return {"passed": passed, "status": response.status_code, "body": response.text}

    def _completed(
        self, order: DeliveryOrder, account: AccountConfig, person: Person
    ) -> dict[str, Any]:
        message: dict[str, Any] = {
            "ToUserName": account.original_id,
            "FromUserName": person.openid(order.account),
            "CreateTime": int(self._world.clock.now()),
            **order.message,
        }
        if message.get("MsgType") != "event" and "MsgId" not in message:
            message["MsgId"] = self._world.next_message_id()
        return message

    def _person_acted(self, kind: Kind, person: Person, message: dict[str, Any]) -> None:
        quota, openid, now = self._world.quota, person.openid(kind), self._world.clock.now()
        event = message.get("Event") if message["MsgType"] == "event" else None
        if event == "unsubscribe":
            person.follows = False
            quota.closed(kind, openid)
        elif event == "subscribe":
            person.follows = True
        if event is None:
            quota.acted(kind, openid, "message", now)
        elif (event in _CLICKS and kind == "oa") or (event == _ENTERS and kind == "mp"):
            quota.acted(kind, openid, "click", now)

    async def _try(self, order: DeliveryOrder, expected: Expected, exchange: Exchange) -> None:
        options = self._world.config.options
        resends = options.resends if order.resends is None else order.resends
        same = options.same_nonce if order.same_nonce is None else order.same_nonce
        first = self._signed(expected.account)
        signed = [first] + [
            first if same else self._signed(expected.account) for _ in range(resends)
        ]
        if order.overlap:
            await asyncio.gather(*(self._post(expected, exchange, each) for each in signed))
            return
        for each in signed:
            attempt = await self._post(expected, exchange, each)
            if attempt.outcome not in ("timeout", "unreachable"):
                return

    def _signed(self, account: AccountConfig) -> dict[str, str]:
        timestamp, nonce = str(int(self._world.clock.now())), str(secrets.randbelow(10**10))
        signature = sign(account.token, timestamp, nonce)
        return {"signature": signature, "timestamp": timestamp, "nonce": nonce}

    async def _post(
        self, expected: Expected, exchange: Exchange, signed: dict[str, str]
    ) -> Attempt:
        account = expected.account
        query, body = envelope(account, exchange.message, {**signed, "openid": expected.openid})
        request = self._http.build_request(
            "POST",
            account.callback_url or "",
            params=query,
            content=body,
            headers={"content-type": f"text/{account.format}", "user-agent": "Mozilla/4.0"},
        )
        attempt = Attempt(str(request.url), body.decode())
        exchange.attempts.append(attempt)
        self._changed(exchange)
        begun = time.monotonic()
        try:
            async with asyncio.timeout(self._world.config.options.cut_seconds):
                response = await self._http.send(request)
            attempt.status, attempt.body = response.status_code, response.text
            _keep(attempt, judge(expected, response.status_code, response.content))
        except TimeoutError:
            attempt.outcome = "timeout"
        except httpx.HTTPError as fault:
            attempt.outcome, attempt.problem = "unreachable", type(fault).__name__
        except Unfit as fault:
            attempt.outcome, attempt.problem = "fault", str(fault)
        attempt.milliseconds = round((time.monotonic() - begun) * 1000)
        self._changed(exchange)
        return attempt

    def _changed(self, exchange: Exchange) -> None:
        exchange.changed = self._world.next_number()
        self._world.bell.ring()

    def _conclude(self, exchange: Exchange) -> None:
        attempts = exchange.attempts
        good = [each for each in attempts if each.outcome in ("success", "empty", "reply")]
        bad = [each for each in attempts if each.outcome == "fault"]
        for attempt in bad:
            self._world.flag.raise_for("reply", problem=attempt.problem, body=attempt.body[:500])
        last = (bad or good or attempts)[-1]
        exchange.outcome, exchange.reply = last.outcome, last.reply
        if not good and not bad:
            self._world.flag.raise_for("no answer", attempts=len(attempts))
        if bad or not good:
            exchange.person_sees = APOLOGY
            exchange.seen = [{"type": "apology", "text": APOLOGY}]
        elif last.reply is not None:
            exchange.person_sees = last.reply.get("Content")
            exchange.seen = seen_of_reply(last.reply)
            self._world.check_links(exchange.seen)
        self._changed(exchange)
        exchange.answered, exchange.answered_at = exchange.changed, self._world.clock.now()


def _keep(attempt: Attempt, judged: Judged) -> None:
    attempt.outcome, attempt.reply = judged.outcome, judged.reply
    attempt.encrypted, attempt.opened = judged.encrypted, judged.opened


def envelope(
    account: AccountConfig, message: dict[str, Any], query: dict[str, str]
) -> tuple[dict[str, str], bytes]:
    """Query and body of one push in the account's mode and data format."""
    plain = body_of(account, message)
    if account.mode == "plain":
        return query, plain
    encrypt = Sealer(account.appid, account.aes_key).encrypt(plain)
    signature = sign(account.token, query["timestamp"], query["nonce"], encrypt)
    kept = message if account.mode == "compat" else {"ToUserName": message["ToUserName"]}
    sealed = body_of(account, {**kept, "Encrypt": encrypt})
    return {**query, "encrypt_type": "aes", "msg_signature": signature}, sealed
