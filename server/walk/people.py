"""The actors of a walk: each signs in once, by the platform's code, and keeps its own token."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from server.walk.api import Api, Reply
from server.walk.surprise import Surprise


@dataclass(slots=True)
class Someone:
    """A person of the demo's cast."""

    api: Api
    code: str
    name: str
    title: str
    organization: str
    city: str
    role: str
    phone: str
    token: str | None = None

    def __str__(self) -> str:
        return f"{self.name}〔{self.title}〕"

    def send(
        self, method: str, path: str, body: Any = None, *, version: int | None = None, **more: Any
    ) -> Reply:
        """Ask with the person's own token."""
        if self.token is None:
            self.token = sign_in(self.api, self.code)
        return self.api.send(method, path, body, token=self.token, version=version, **more)

    def get(self, path: str) -> dict[str, Any]:
        """Read; Surprise unless it goes well."""
        reply = self.send("GET", path)
        if reply.status != 200:
            raise Surprise(f"{self} 读取 {path} 被拒：{reply.said()}")
        return reply.body


@dataclass(slots=True)
class Troupe:
    """Everybody of both cities, found by the part after the city."""

    api: Api
    city: str
    by_code: dict[str, Someone] = field(default_factory=dict)

    @classmethod
    def gather(cls, api: Api, city: str) -> "Troupe":
        """Ask the demo who may be played. Surprise when it is none, or lacks the city."""
        reply = api.send("GET", "/sandbox/people")
        if reply.status != 200:
            raise Surprise("服务不在演示模式（DEMO=1），走查只能对演示进行。")
        troupe = cls(api, city)
        for told in reply.body["people"]:
            troupe.by_code[told["code"]] = _someone(api, told)
        if not any(one.city == city for one in troupe.by_code.values()):
            raise Surprise(f"演示里没有城市 {city}")
        return troupe

    def __getitem__(self, code: str) -> Someone:
        """``water-clerk`` of this city; a whole code (``zhoukou-window``) of any."""
        found = self.by_code.get(f"{self.city}-{code}") or self.by_code.get(code)
        if found is None:
            raise Surprise(f"演示里没有 {self.city}-{code}")
        return found


def _someone(api: Api, told: Mapping[str, Any]) -> Someone:
    organization = told["organization"] or ""
    title = f"{organization} {told['role_label']}" if organization else told["note"]
    return Someone(
        api=api,
        code=told["code"],
        name=told["name"],
        title=title.strip(),
        organization=organization,
        city=told["city"],
        role=told["role"],
        phone=told["phone"],
    )


def sign_in(api: Api, code: str) -> str:
    """As the mini-program does: a one-time code of the platform for a token."""
    told = api.send("POST", "/sandbox/login-code", {"person": code})
    if told.status != 200:
        raise Surprise(f"取不到 {code} 的登录码：{told.said()}")
    reply = api.send("POST", "/sessions", {"kind": "mp", "code": told.body["code"]})
    if reply.status != 201:
        raise Surprise(f"{code} 登录被拒：{reply.said()}")
    return str(reply.body["token"])


def sign_in_on_desk(someone: Someone) -> str:
    """QR on the desk, confirmation on the phone, second factor on the desk; the desk's token."""
    api = someone.api
    opened = _must(api.send("POST", "/desk/logins"), 201, "请求登录二维码")
    login, secret = opened["id"], opened["secret"]
    _must(someone.send("POST", f"/desk/logins/{login}/confirm"), 200, f"{someone} 扫码确认")
    code = _must(
        api.send("POST", "/sandbox/totp-code", {"person": someone.code}), 200, "取动态口令"
    )["code"]
    wrong = {"secret": "x" * len(secret), "totp": code}
    stolen = api.send("POST", f"/desk/logins/{login}/finish", wrong)
    if stolen.code != "not_found":
        raise Surprise(f"别的电脑拿着这个二维码竟得到：{stolen.said()}")
    finish = {"secret": secret, "totp": code}
    done = _must(api.send("POST", f"/desk/logins/{login}/finish", finish), 201, "输入动态口令")
    return str(done["token"])


def _must(reply: Reply, status: int, what: str) -> dict[str, Any]:
    if reply.status != status:
        raise Surprise(f"{what}：预期 {status}，得到 {reply.said()}")
    return reply.body
