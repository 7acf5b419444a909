"""One account's callback, apart from its socket: who pushes, what is told, what is answered.

Whatever is not from the platform, or not for this account, is refused in one and the same way.
Once the signature is good the platform is always answered as it understands it.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog

from bot.rendering import Said
from bot.traces import trace_of
from config.settings import WechatAccount
from wechat import replies
from wechat.callback import Envelope, Incoming, Malformed, Mode, Oversized
from wechat.crypto import Crypto, CryptoFault
from wechat.messages import Pushed, parse

SKEW_S = 300
"""How far the sender's time may be from ours. The platform sends again within 15 seconds."""

_log = structlog.get_logger("callback")
_TEXT = "text/plain; charset=utf-8"
_XML = "application/xml; charset=utf-8"


class Taking(Protocol):
    """Whoever acts on messages."""

    async def take(self, pushed: Pushed) -> Said | None:
        """What is answered at once; None for nothing."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What goes back over the socket."""

    status: int
    body: bytes
    content_type: str = _TEXT


SUCCESS = Answered(200, b"success")
FORBIDDEN = Answered(403, b"forbidden")
MALFORMED = Answered(400, b"malformed")
OVERSIZED = Answered(413, b"too large")
TOO_SLOW = Answered(408, b"too slow")


class Callback:
    """Checks and answers the pushes of one account.

    ``clocks`` give Unix seconds; a sender's time must be near one of them. They differ in a demo,
    whose own clock runs ahead while its platform may keep real time.
    """

    def __init__(
        self,
        name: str,
        account: WechatAccount,
        taking: Taking,
        *,
        clocks: Sequence[Callable[[], float]] = (time.time,),
    ) -> None:
        previous = account.aes_key_previous
        crypto = Crypto(
            account.token.get_secret_value(),
            account.appid,
            account.aes_key.get_secret_value(),
            previous.get_secret_value() if previous else None,
        )
        self._name = name
        self._original_id = account.original_id
        self._envelope = Envelope(crypto, Mode(account.mode))
        self._taking = taking
        self._clocks = tuple(clocks)

    def echo(self, query: Mapping[str, str]) -> Answered:
        """The answer to the check of the address: ``echostr``, byte for byte."""
        try:
            self._check_time(query)
            return Answered(200, self._envelope.echo(query).encode(errors="surrogateescape"))
        except CryptoFault as fault:
            return self.refused(FORBIDDEN, fault.reason)

    async def answer(self, query: Mapping[str, str], body: bytes) -> Answered:
        """The answer to a pushed message."""
        try:
            self._check_time(query)
            incoming = self._envelope.open(query, body)
            pushed = parse(incoming.message)
            self._check_account(pushed)
            if incoming.key is None and query.get("openid", pushed.openid) != pushed.openid:
                raise CryptoFault("openid")  # a plain body is covered by no signature
        except CryptoFault as fault:
            return self.refused(FORBIDDEN, fault.reason)
        except Malformed as fault:
            return self.refused(MALFORMED, str(fault))
        except Oversized:
            return self.refused(OVERSIZED, "size")
        try:
            said = await self._taking.take(pushed)
            return self._answered(incoming, pushed, said)
        except Exception as fault:  # the edge: a fault of ours is ours to know, not the platform's
            _log.error(
                "push_failed",
                account=self._name,
                type=pushed.type,
                event_name=pushed.event,
                trace=trace_of(fault),
            )
            return SUCCESS

    def refused(self, answered: Answered, reason: str) -> Answered:
        """A refusal, with its reason in the log only."""
        _log.warning("push_refused", account=self._name, status=answered.status, reason=reason[:64])
        return answered

    def _check_time(self, query: Mapping[str, str]) -> None:
        given = query.get("timestamp", "")
        if not (given.isascii() and given.isdecimal() and len(given) < 12):
            raise CryptoFault("stale")
        if all(abs(int(given) - clock()) > SKEW_S for clock in self._clocks):
            raise CryptoFault("stale")

    def _check_account(self, pushed: Pushed) -> None:
        if self._original_id and pushed.to != self._original_id:
            raise CryptoFault("account")

    def _answered(self, incoming: Incoming, pushed: Pushed, said: Said | None) -> Answered:
        if said is None:
            return SUCCESS
        now = int(time.time())
        message = _reply(replies.Way(pushed.openid, pushed.to, now), pushed, said)
        return Answered(200, self._envelope.reply(incoming, message, timestamp=now), _XML)


def _reply(way: replies.Way, pushed: Pushed, said: Said) -> bytes:
    """What is said as XML. ValueError for what cannot answer this message."""
    if said.kind == "text":
        return replies.text(way, said.content)
    if said.kind == "transfer" and pushed.type != "event":
        return replies.transfer(way)
    raise ValueError(f"a {said.kind} does not answer this")
