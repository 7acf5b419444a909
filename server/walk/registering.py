"""周口: an intent pushed by another platform, and the joint home visit."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from server.walk import contents
from server.walk.signed import Platform
from server.walk.surprise import Surprise
from server.walk.walk import Walk


def pushed(walk: Walk, platform: Platform, ref: str, servers: Iterable[str]) -> str:
    """意向登记 from the platform; once, however often it is pushed."""
    walk.go(0, "09:00", "工改平台推送意向登记")
    values = contents.zhoukou_form_a(
        walk.troupe["owner"], walk.day(150).isoformat(), walk.day(-7).isoformat()
    )
    body = {"ref": ref, "values": values}
    forged = platform.send("POST", "/registrations", body, key=b"not the platform's key")
    _refused(walk, platform, "用错误的密钥推送", forged, 401, "signature_invalid")
    bad = {"ref": ref, "values": {**values, "project.code": "2026-411602-14-01-65432"}}
    wrong = platform.send("POST", "/registrations", bad)
    _refused(walk, platform, "推送错误的项目代码", wrong, 422, "invalid")
    first = platform.send("POST", "/registrations", body)
    if first.status != 201:
        raise Surprise(f"{platform} 推送意向登记：{first.said()}")
    again = platform.send("POST", "/registrations", body)
    if again.body.get("id") != first.body["id"]:
        raise Surprise(f"重复推送没有得到同一份登记：{again.said()}")
    walk.acts += 1
    walk.say(f"  {platform} 推送 {ref}，重复推送仍是同一份")
    registration = str(first.body["id"])
    seen = walk.troupe["owner"].get(f"/registrations/{registration}")
    walk.say(f"  → {seen['state_label']}，已归到 {walk.troupe['owner']} 名下（联系电话已验证）")
    _clocks(walk, "登记", seen)
    _all_told(walk, registration, servers)
    return registration


def _refused(walk: Walk, platform: Platform, what: str, reply: Any, status: int, code: str) -> None:
    if (reply.status, reply.code) != (status, code):
        raise Surprise(f"{platform} {what}：应被拒绝（{status} {code}），得到 {reply.said()}")
    walk.refusals += 1
    walk.say(f"  ✗ {platform} {what} → 被拒：{reply.body['title']}（{code}）")


def _clocks(walk: Walk, moment: str, registration: dict[str, Any]) -> None:
    """The registration's clocks, in the words of a case's."""
    walk.clocks(
        moment,
        [
            {**clock, "step_label": clock["label"], "holder_name": clock["holder"]}
            for clock in registration["deadlines"]
        ],
    )


def _all_told(walk: Walk, registration: str, servers: Iterable[str]) -> None:
    """Every utility of the city is told at once (一口登记)."""
    for server in (*servers, "telecom", "mobile", "broadnet"):
        who = walk.troupe[f"{server}-clerk"]
        inbox = who.get("/inbox?limit=100")["items"]
        if not any(
            each["registration_id"] == registration and each["code"] == "register" for each in inbox
        ):
            raise Surprise(f"{who} 没有收到这份意向登记的通知")
    walk.say("  ✉ 水、电、气、暖和各通信运营商都收到了新的意向登记")


def visited(walk: Walk, platform: Platform, ref: str, registration: str) -> None:
    """One joint call of all, led by the bureau."""
    walk.go(0, "14:30", "牵头单位组织联合上门（VIP组团服务）")
    path = f"/registrations/{registration}/record-visit"
    owner, lead, clerk = (walk.troupe[code] for code in ("owner", "lead", "gas-clerk"))
    version = owner.get(f"/registrations/{registration}")["version"]
    body = {"visited_at": walk.at(0, "14:00"), "note": "五家单位一同上门，已讲解流程"}
    alone = clerk.send("POST", path, body, version=version)
    walk.refused(clerk, "单独登记联合上门", alone, 403, "not_yours_to_move")
    stranger = walk.troupe["stranger"]
    hidden = stranger.send("GET", f"/registrations/{registration}")
    walk.refused(stranger, "查看别人的登记", hidden, 404, "not_found")
    walk.act(lead, "登记联合上门对接", path, body, version=version)
    seen = owner.get(f"/registrations/{registration}")
    walk.say(f"  → {seen['state_label']}")
    if seen["state"] != "visited":
        raise Surprise(f"联合上门后应为 visited，实为 {seen['state']}")
    _clocks(walk, "对接", seen)
    status = platform.send("GET", f"/registrations/{quoted(ref)}")
    if status.body.get("state") != "visited":
        raise Surprise(f"{platform} 查询到的状态不对：{status.body}")
    walk.say(f"  {platform} 查询到状态：{status.body['state']}")


def quoted(ref: str) -> str:
    """A ref as it stands in a path."""
    return quote(ref, safe="")
