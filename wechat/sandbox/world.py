"""Everything the stand-in remembers, in memory, of one run."""

import secrets
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from wechat.sandbox.clock import Clock
from wechat.sandbox.codes import Codes
from wechat.sandbox.config import AccountConfig, Config, Kind
from wechat.sandbox.exchanges import Bell, ExchangeLog
from wechat.sandbox.injection import Injections
from wechat.sandbox.people import People, Person
from wechat.sandbox.refusal import Refusal
from wechat.sandbox.seen import problems_of
from wechat.sandbox.service_quota import ServiceQuota
from wechat.sandbox.subscriptions import Subscriptions
from wechat.sandbox.tokens import TokenOffice

_FIRST_MESSAGE_ID = 22_000_000_000_000_000


@dataclass(slots=True)
class StoredMedia:
    """A temporary file: uploaded by the product or sent by a person; gone after 3 days."""

    kind: Kind
    content: bytes
    mime: str
    name: str
    ends: float


@dataclass(slots=True)
class FaultFlag:
    """Up as soon as the product said something the platform could not have understood."""

    reasons: list[dict[str, Any]] = field(default_factory=list)

    def raise_for(self, reason: str, **detail: Any) -> None:
        """Keeps the reason; the flag stays up until it is cleared."""
        self.reasons.append({"reason": reason, **detail})


class World:
    """The state behind every call; ``config`` changes only through the control surface."""

    def __init__(self, config: Config) -> None:
        self._begun_with = config
        self.clock = Clock()
        self.bell = Bell()
        self.reset()

    def reset(self) -> None:
        """Back to the start-up file; every token, code, message and fault is forgotten."""
        config = self.config = self._begun_with.model_copy(deep=True)
        self.clock.move(-self.clock.moved)
        self.people = People(config.people)
        self.tokens = TokenOffice(config.options.token_seconds)
        self.codes = Codes()
        self.subscriptions = Subscriptions()
        self.quota = ServiceQuota()
        self.injections = Injections()
        self.flag = FaultFlag()
        self.counters: Counter[str] = Counter()
        self.sent: list[dict[str, Any]] = []
        self.exchanges = ExchangeLog()
        self.media: dict[str, StoredMedia] = {}
        self.menus: dict[str, dict[str, Any]] = {}
        self.links: dict[str, dict[str, Any]] = {}
        self.run = secrets.token_hex(8)
        """Another one after each start and reset: numbers begin anew."""
        self._sequence = 0
        self._first_message_id = _FIRST_MESSAGE_ID + time.time_ns() // 1000
        self.bell.ring()

    def account(self, kind: Kind) -> AccountConfig:
        """One of the two accounts."""
        return self.config.mp if kind == "mp" else self.config.oa

    def kind_of(self, appid: object) -> Kind:
        """Which account an app id names. Refuses 40013."""
        if appid == self.config.mp.appid:
            return "mp"
        if appid == self.config.oa.appid:
            return "oa"
        raise Refusal(40013, "invalid appid")

    def check_secret(self, appid: object, secret: object) -> Kind:
        """The account, once its secret is right. Refuses 41002, 41004, 40013, 40125."""
        if not appid:
            raise Refusal(41002, "appid missing")
        if not secret:
            raise Refusal(41004, "appsecret missing")
        kind = self.kind_of(appid)
        if secret != self.account(kind).secret:
            raise Refusal(40125, "invalid appsecret")
        return kind

    def record_sent(self, kind: Kind, what: str, person: Person, body: dict[str, Any]) -> int:
        """Keeps a message that reached a person. Returns its number."""
        number = self.next_number()
        self.sent.append(
            {
                "number": number,
                "at": self.clock.now(),
                "account": kind,
                "what": what,
                "person": person.id,
                "openid": person.openid(kind),
                "body": body,
            }
        )
        self.bell.ring()
        return number

    def check_links(self, seen: list[dict[str, Any]]) -> None:
        """A link that cannot be tapped raises the flag."""
        for problem in problems_of(seen, self.config.mp.appid):
            self.flag.raise_for("link", problem=problem)

    def next_message_id(self) -> int:
        """64 bits, never the same again: the product remembers them longer than we live."""
        return self._first_message_id + self.next_number()

    @property
    def last_number(self) -> int:
        """Of what happened last."""
        return self._sequence

    def next_number(self) -> int:
        """1, 2, 3 … over everything of this run."""
        self._sequence += 1
        return self._sequence
