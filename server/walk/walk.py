"""One case on its way: acts, where it stands, what is due, who is told. Every surprise ends it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from server.walk import clocks
from server.walk.api import Api, Reply
from server.walk.people import Someone, Troupe
from server.walk.surprise import Surprise
from server.walk.table import Table, moment
from server.walk.week import is_provisional, ordinary_monday

_WEEKDAYS = "一二三四五六日"
_EARLY = "08:40"
_PAGE = 100
_PAGES = 3
APPLICANT = "申请人"
Say = Callable[[str], None]


@dataclass(slots=True)
class Walk:
    """A walk through one city. ``case`` is the application once there is one."""

    api: Api
    troupe: Troupe
    table: Table
    say: Say
    monday: date
    case: str = ""
    number: str = ""
    licence: str = ""
    """The upload every utility shares."""
    progress: dict[str, Any] = field(default_factory=dict)
    acts: int = 0
    refusals: int = 0
    clocks_checked: int = 0
    _seen: dict[str, int] = field(default_factory=dict)
    _acted: set[str] = field(default_factory=set)
    _refused: set[str] = field(default_factory=set)

    @classmethod
    def begin(cls, api: Api, city: str, table: Table, say: Say) -> "Walk":
        """Gather the cast and go to the next ordinary Monday."""
        troupe = Troupe.gather(api, city)
        now = now_of(api)
        early = now.strftime("%H:%M") < _EARLY
        monday = ordinary_monday(now.date() if early else now.date() + timedelta(days=1))
        if monday is None:
            raise Surprise("服务的时钟已超出走查手写日历的范围，请换一个新的数据目录。")
        walk = cls(api, troupe, table, say, monday)
        say(f"走查城市：{city}　开始于 {monday:%Y-%m-%d}（周一），此前时钟为 {now:%Y-%m-%d %H:%M}")
        if is_provisional(monday):
            say("该年度放假安排尚未公布，预期全部时限标记为“暂定”。")
        return walk

    # -- time -----------------------------------------------------------------------------------

    def day(self, number: int) -> date:
        """A day of the fortnight."""
        return self.monday + timedelta(days=number)

    def at(self, day: int, clock: str) -> str:
        """A time of the fortnight as it is sent."""
        return moment(self.day(day), clock).isoformat(timespec="minutes")

    def go(self, day: int, clock: str, what: str) -> None:
        """Move the service's clock on to a time of the fortnight, and begin a step there."""
        to = moment(self.day(day), clock)
        reply = self.api.send("POST", "/sandbox/clock", {"to": to.isoformat()})
        if reply.status != 200:
            raise Surprise(f"时钟拨不到 {to:%m-%d %H:%M}：{reply.said()}")
        weekday = _WEEKDAYS[to.weekday()]
        self.say(f"\n【周{weekday} {to:%m-%d %H:%M}】{what}")

    # -- acts -----------------------------------------------------------------------------------

    def act(
        self,
        who: Someone,
        what: str,
        path: str,
        body: Any = None,
        *,
        version: int | None = None,
        status: int = 200,
        method: str = "POST",
    ) -> dict[str, Any]:
        """Something that must go well."""
        reply = who.send(method, path, body, version=version)
        if reply.status != status:
            raise Surprise(f"{who} {what}：预期 {status}，得到 {reply.said()}")
        self.acts += 1
        self._acted.add(who.code)
        self.say(f"  {who} {what}")
        return reply.body

    def on_case(self, who: Someone, what: str, verb: str, body: Any = None) -> dict[str, Any]:
        """An act on the application, at the version that stands."""
        version = self.look()["version"]
        return self.act(who, what, f"/applications/{self.case}/{verb}", body, version=version)

    def on_part(
        self, who: Someone, what: str, utility: str, verb: str, body: Any = None
    ) -> dict[str, Any]:
        """An act on one utility's request, at the version that stands."""
        part = self.part(utility)
        return self.act(who, what, f"/requests/{part['id']}/{verb}", body, version=part["version"])

    def part(self, utility: str) -> dict[str, Any]:
        """One utility's request as it stands now."""
        for request in self.look()["requests"]:
            if request["utility"] == utility:
                return dict(request)
        raise Surprise(f"办件里没有 {utility}")

    def refused(self, who: Someone, what: str, reply: Reply, status: int, code: str) -> None:
        """Something that must be refused, and how."""
        if (reply.status, reply.code) != (status, code):
            raise Surprise(f"{who} {what}：应被拒绝（{status} {code}），得到 {reply.said()}")
        if not reply.body.get("title") or not reply.body.get("request_id"):
            raise Surprise(f"{who} {what}：拒绝的说明不完整 {reply.body}")
        self.refusals += 1
        self._refused.add(who.code)
        self.say(f"  ✗ {who} {what} → 被拒：{reply.body['title']}（{code}）")

    def may_not(
        self,
        code: str,
        what: str,
        path: str,
        body: Any = None,
        *,
        expect: tuple[int, str] = (403, "not_yours_to_move"),
        version: int | None = None,
    ) -> None:
        """A forbidden act of one actor on the case or on one of its parts."""
        who = self.troupe[code]
        version = self.look()["version"] if version is None else version
        reply = who.send("POST", path.format(case=self.case), body, version=version)
        self.refused(who, what, reply, *expect)

    def may_not_on(
        self,
        utility: str,
        code: str,
        what: str,
        verb: str,
        body: Any,
        expect: tuple[int, str] = (403, "not_yours_to_move"),
    ) -> None:
        """A forbidden act of one actor on one utility's request."""
        part = self.part(utility)
        path = f"/requests/{part['id']}/{verb}"
        self.may_not(code, what, path, body, expect=expect, version=part["version"])

    def tried(self, who: Someone) -> bool:
        """Whether somebody has tried what is not theirs already."""
        return who.code in self._refused

    def everybody_was_refused(self) -> None:
        """Whoever acted has also tried what is not theirs."""
        if untried := sorted(self._acted - self._refused):
            raise Surprise(f"走查没有让这些人越权一试：{untried}")

    # -- what follows ---------------------------------------------------------------------------

    def look(self) -> dict[str, Any]:
        """Progress as the owner sees it."""
        self.progress = self.troupe["owner"].get(f"/applications/{self.case}/progress")
        return self.progress

    def stands(self, stage: str, moment_of_table: str) -> None:
        """Stage and every running clock must be the expected ones."""
        found = self.look()
        now = found["now"]
        waits = f"{now['label']}（{now['holder_name'] or '—'}）"
        self.say(f"  → {found['stage_label']}，等待：{waits}")
        if found["stage"] != stage:
            raise Surprise(f"办件应处于 {stage}，实为 {found['stage']}")
        self.clocks(moment_of_table, found["deadlines"])
        self.news("owner")

    def clocks(self, moment_of_table: str, running: Iterable[Mapping[str, Any]]) -> None:
        """Exactly the clocks of the table run, each due when the table says."""
        shown = list(running)
        for clock in shown:
            self.say(f"  ⏱ {clocks.told(clock)}")
        expected = {
            (row.step, self._name(holder)): row
            for row in self.table[moment_of_table]
            for holder in row.holders
        }
        self.clocks_checked += clocks.compare(moment_of_table, shown, expected, self.monday)

    def _name(self, holder: str) -> str:
        return APPLICANT if holder == "owner" else self.troupe[holder].organization

    # -- notices --------------------------------------------------------------------------------

    def news(self, code: str) -> None:
        """Print what has come into somebody's inbox about this case since the last look."""
        who = self.troupe[code]
        for message in reversed(self._inbox(who, pages=1)):
            if message["id"] > self._seen.get(code, 0):
                self._seen[code] = message["id"]
                self.say(f"  ✉ {who.name} ← {message['title']}：{message['text']}")

    def told(self, code: str, *codes: str) -> None:
        """Somebody's inbox must hold these notices about this case, each in words."""
        who = self.troupe[code]
        messages = self._inbox(who, pages=_PAGES)
        found = {message["code"] for message in messages}
        missing = sorted(set(codes) - found)
        if missing:
            raise Surprise(f"{who} 没有收到通知 {missing}（收到 {sorted(found)}）")
        for message in messages:
            if not message["title"] or self.number not in message["text"]:
                raise Surprise(f"{who} 收到的通知没有写明办件：{message}")
        self.say(f"  ✉ {who} 就本件收到 {len(messages)} 条通知，应有的 {len(codes)} 种都在")

    def _inbox(self, who: Someone, *, pages: int) -> list[dict[str, Any]]:
        """Messages about this case, newest first."""
        found: list[dict[str, Any]] = []
        after = ""
        for _ in range(pages):
            page = who.get(f"/inbox?limit={_PAGE}{after}")
            found += [m for m in page["items"] if m["application_id"] == self.case]
            if page["next"] is None:
                break
            after = f"&after={page['next']}"
        return found


def now_of(api: Api) -> datetime:
    """The service's clock. Surprise outside of a demo."""
    reply = api.send("GET", "/sandbox/clock")
    if reply.status != 200:
        raise Surprise("服务不在演示模式（DEMO=1），走查只能对演示进行。")
    return clocks.time_of(reply.body["now"])
