"""联合踏勘 on the way: joint times, a time kept and taken, a lost race, the day, the record."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from server import samples
from server.walk import clocks, common, papers
from server.walk.people import Someone
from server.walk.surprise import Surprise
from server.walk.walk import Walk

Json = dict[str, Any]
NEAR_SITE = 0.0005
"""Degrees beside the point a crew is sent to: some fifty metres."""


def times(walk: Walk, who: Someone, case: str, day: int, *, show: bool = True) -> list[Json]:
    """Joint times of a case on a day of the fortnight; each with everybody who must come."""
    asked = f"from_day={walk.day(day).isoformat()}&days=1"
    found = who.get(f"/applications/{case}/survey/times?{asked}")
    if not found["times"]:
        raise Surprise(f"{who} 查不到 {walk.day(day):%m-%d} 各单位都能到场的时间")
    if show:
        first = found["times"][0]
        names = "、".join(each["organization"] for each in first["coming"])
        walk.say(f"  {who} 查到 {len(found['times'])} 个共同时间，一同到场：{names}")
    return list(found["times"])


def starts(found: Sequence[Mapping[str, Any]]) -> list[str]:
    """The hours of some times, as the walk writes them."""
    return [f"{clocks.time_of(each['at']):%H:%M}" for each in found]


def choose(walk: Walk, day: int, first: str, then: str) -> None:
    """The owner keeps a time for some minutes, takes it, and moves it once."""
    owner = walk.troupe["owner"]
    there = starts(times(walk, owner, walk.case, day))
    for wanted in (first, then):
        if wanted not in there:
            raise Surprise(f"{walk.day(day):%m-%d} {wanted} 应可约，可约的只有 {there}")
    walk.on_case(owner, f"暂留 {first}", "hold-survey", {"at": walk.at(day, first)})
    (kept,) = _page(walk)["kept"]
    walk.on_case(owner, f"确认选定 {first}", "take-time", {"survey": kept["id"]})
    before = _page(walk)["limits"]["moves_left"]
    walk.on_case(owner, f"改约到 {then}", "book-survey", {"at": walk.at(day, then)})
    page = _page(walk)
    if page["survey"]["at"] != _shown(walk, day, then) or page["kept"]:
        raise Surprise(f"改约后应约在 {then}，实为 {page['survey']}，保留 {page['kept']}")
    if page["limits"]["moves_left"] != before - 1:
        raise Surprise(f"改约一次后余地不对：{before} → {page['limits']['moves_left']}")
    walk.say(f"  → 约在 {then}，还可自行改约 {page['limits']['moves_left']} 次")


def only_one_crew(walk: Walk, server: str, day: int) -> None:
    """All crews of an organisation but one are off on a day."""
    clerk = walk.troupe[f"{server}-clerk"]
    crews = [
        each
        for each in clerk.get(f"/crews?city={walk.troupe.city}")["items"]
        if each["active"] and each["organization_name"] == clerk.organization
    ]
    body = {
        "starts_at": walk.at(day, "00:00"),
        "ends_at": walk.at(day + 1, "00:00"),
        "reason": "安全培训",
    }
    for crew in crews[1:]:
        path, version = f"/crews/{crew['id']}/absences", crew["version"]
        reply = clerk.send("POST", path, body, version=version)
        if reply.code == "visits_broken":
            walk.say(f"  {clerk} 登记{crew['name']}当天不出勤 → 先列出受影响的踏勘，确认后改派")
            reply = clerk.send("POST", path, {**body, "accept": True}, version=version)
        if reply.status != 201:
            raise Surprise(f"{clerk} 登记{crew['name']}当天不出勤：{reply.said()}")
        walk.acts += 1
        walk.say(f"  {clerk} 登记{crew['name']}当天不出勤")


def lost_race(walk: Walk, rival: str, values: Json, day: int, at: str) -> None:
    """Another applicant wishes for the same last crew at the same time: refused with the next best
    times in the same answer, takes the first of them, and gives the case up again.
    """
    other = walk.troupe[rival]
    city = {"city": walk.troupe.city}
    made = walk.act(other, "另一企业新建申请", "/applications", city, status=201)
    case, draft = made["id"], f"/applications/{made['id']}/draft"
    _save(walk, other, draft, {**values, "survey.time": walk.at(day, at)}, made["revisions"])
    papers.attach(walk, other, "business_licence", "营业执照.png", case)
    wrong = _submit(other, case)
    walk.refused(other, f"提交，希望 {at} 踏勘（最后一个班组已约出）", wrong, 422, "invalid")
    faults = {each["field"]: each["code"] for each in wrong.body["fields"]}
    if faults != {"survey.time": "slot_taken"} or not wrong.body["times"]:
        raise Surprise(f"应只指出踏勘时间并给出最近可选的时间，实为 {wrong.body}")
    best = wrong.body["times"][0]["at"]
    walk.say(f"  → 同一答复里给出 {len(wrong.body['times'])} 个最近的时间，{_told(best)} 起")
    read = other.get(draft)["revisions"]
    _save(walk, other, draft, {"survey.time": best}, read)
    done = _submit(other, case)
    if done.status != 200:
        raise Surprise(f"{other} 改选 {_told(best)} 后提交：{done.said()}")
    walk.acts += 1
    page = other.get(f"/applications/{case}/survey")
    held = page["survey"]
    if held is None or (held["state"], held["at"]) != ("held", best):
        raise Surprise(f"提交后应为其保留 {best}，实为 {held}")
    walk.say(f"  {other} 改选最近的 {_told(best)}，提交后已保留")
    path = f"/applications/{case}/withdraw"
    body = {"reason": "计划有变"}
    walk.act(other, "撤回这份申请，时间随之让出", path, body, version=page["version"])


def coming(walk: Walk, servers: Sequence[str], day: int) -> list[str]:
    """Codes of those who come for each organisation: the member of the crew that was planned."""
    found = []
    for server in servers:
        codes = [server] if server.startswith("dept-") else [f"{server}-crew1", f"{server}-crew2"]
        mine = [code for code in codes if _stops(walk, walk.troupe[code], day)]
        if not mine:
            raise Surprise(f"{server} 没有人看到 {walk.day(day):%m-%d} 的踏勘任务")
        found.append(mine[0])
    return found


def confirm(walk: Walk, codes: Sequence[str], day: int) -> None:
    """Each crew sees the day before it comes, whom to meet still masked, and confirms its own."""
    stops = {code: _stop(walk, walk.troupe[code], day) for code in codes}
    for number, (code, stop) in enumerate(stops.items()):
        who = walk.troupe[code]
        if not stop["contact"]["masked"]:
            raise Surprise(f"{who} 在踏勘当天之前就看到了联系人：{stop['contact']}")
        of_another = list(stops.values())[number - 1]
        if not walk.tried(who):
            wrong = who.send("POST", _answer(of_another))
            walk.refused(who, "替别的单位确认到场", wrong, 403, "not_yours_to_move")
        told = walk.act(who, f"查看 {_told(stop['at'])} 的任务并确认到场", _answer(stop))
        if told["state"] != "confirmed":
            raise Surprise(f"{who} 确认后应为 confirmed，实为 {told['state']}")


def hand_in(
    walk: Walk, codes: Sequence[str], day: int, found: Mapping[str, Mapping[str, Any]]
) -> None:
    """Everybody checks in with a position and hands in a photo, and who surveys a line what it has
    found, in one batch that is sent twice. ``found``: code → findings.
    """
    for code in codes:
        who = walk.troupe[code]
        stop = _stop(walk, who, day)
        if stop["contact"]["masked"]:
            raise Surprise(f"{who} 在踏勘当天看不到联系人：{stop['contact']}")
        at = stop["at"]
        batch = [
            _report("check_in", stop, at, {"position": _here(stop, at)}),
            _report("photo", stop, at, {"upload_id": _photo(who)}),
        ]
        if code in found:
            findings = common.findings(walk, at, **found[code])
            del findings["visited_at"]
            batch.append(_report("findings", stop, at, findings))
        batch.append(_report("visit_done", stop, at, {}))
        body = {"sent_at": _now(walk), "reports": batch}
        what = "签到（带定位）、交照片" + ("和踏勘结果" if code in found else "")
        told = walk.act(who, what, "/field/reports", body)["reports"]
        if wrong := [each for each in told if each["outcome"] != "applied"]:
            raise Surprise(f"{who} 补交的现场记录没有都采用：{wrong}")
        again = who.send("POST", "/field/reports", body).body["reports"]
        if again != told:
            raise Surprise(f"{who} 重复补交得到不同的结果：{told} {again}")
    walk.say("  → 每一批断网后重复补交一次，都只算一次")


def sign_record(walk: Walk, crews: Sequence[str], survey: str) -> None:
    """All who came confirm the joint record; then it stands."""
    owner = walk.troupe["owner"]
    for who in (*(walk.troupe[code] for code in crews), owner):
        record = who.get(f"/surveys/{survey}/record")
        body = {"edition": record["edition"], "agrees": True}
        walk.act(who, "确认联合踏勘记录", f"/surveys/{survey}/record/sign", body)
    record = owner.get(f"/surveys/{survey}/record")
    if record["agreed_at"] is None:
        raise Surprise(f"各方确认后联合踏勘记录应生效：{record}")
    walk.say(f"  → 联合踏勘记录经 {len(record['parties'])} 方确认，生效")


def survey_of(walk: Walk) -> str:
    """The appointment's id."""
    return str(_page(walk)["survey"]["id"])


def _page(walk: Walk) -> Json:
    return walk.troupe["owner"].get(f"/applications/{walk.case}/survey")


def _shown(walk: Walk, day: int, clock: str) -> str:
    return clocks.time_of(walk.at(day, clock)).isoformat()


def _told(at: str) -> str:
    return f"{clocks.time_of(at):%m-%d %H:%M}"


def _stops(walk: Walk, who: Someone, day: int) -> list[Json]:
    items = who.get(f"/me/day?date={walk.day(day).isoformat()}")["items"]
    return [dict(each) for each in items if each["application"] == walk.case]


def _stop(walk: Walk, who: Someone, day: int) -> Json:
    """What somebody has to do for this case on a day."""
    mine = _stops(walk, who, day)
    if len(mine) != 1:
        raise Surprise(f"{who} 的当天任务里应有本件一处，实为 {len(mine)} 处")
    return mine[0]


def _answer(stop: Json) -> str:
    return f"/surveys/{stop['survey']}/visits/{stop['visit']}/confirm"


def _report(kind: str, stop: Json, at: str, body: Json) -> Json:
    return {
        "id": str(uuid4()),
        "kind": kind,
        "visit_id": stop["visit"],
        "happened_at": at,
        "body": body,
    }


def _here(stop: Json, at: str) -> Json:
    point = stop["point"]
    return {
        "lat": round(point["lat"] + NEAR_SITE, 6),
        "lng": round(point["lng"] + NEAR_SITE, 6),
        "system": point["system"],
        "accuracy_m": 20,
        "fixed_at": at,
    }


def _now(walk: Walk) -> str:
    return str(walk.api.send("GET", "/sandbox/clock").body["now"])


def _photo(who: Someone) -> str:
    headers = {
        "content-type": "image/png",
        "content-disposition": "attachment; filename=site.png",
    }
    reply = who.send("POST", "/uploads", content=samples.picture(), headers=headers)
    if reply.status != 201:
        raise Surprise(f"{who} 上传现场照片：{reply.said()}")
    return str(reply.body["id"])


def _save(walk: Walk, who: Someone, draft: str, values: Json, read: Json) -> None:
    fields = {key: {"value": value, "base": read.get(key, 0)} for key, value in values.items()}
    saved = walk.act(who, "填写", draft, {"fields": fields}, method="PATCH")
    if saved["faults"] or saved["conflicts"]:
        raise Surprise(f"{who} 填写的申请表有问题：{saved['faults']} {saved['conflicts']}")


def _submit(who: Someone, case: str) -> Any:
    version = who.get(f"/applications/{case}/survey")["version"]
    return who.send("POST", f"/applications/{case}/submit", version=version)
