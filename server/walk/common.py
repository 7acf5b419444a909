"""Steps both cities share: works, joint acceptance, connection, end."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from server.walk import contents, papers
from server.walk.people import Someone, sign_in_on_desk
from server.walk.surprise import Surprise
from server.walk.walk import Walk

Parts = Mapping[str, str]
"""Utility → the code of whoever serves it: itself, or the carrier."""


def findings(walk: Walk, at: str, **segment: Any) -> dict[str, Any]:
    """踏勘结果 of one request: one stretch of line."""
    return {
        "visited_at": at,
        "segments": [{"location": "厂区北侧样例路", **segment}],
        "access_point": "样例路厂区大门北侧红线处",
        "remark": "已与企业现场确认",
    }


def draw(walk: Walk, parts: Parts, lengths: Mapping[str, str], starts_on: str) -> None:
    """Every utility's segment; the last one makes the combined reply."""
    for utility, server in parts.items():
        medium = {"water": "PE 管", "gas": "PE 管", "heat": "保温钢管"}.get(utility, "排管")
        clerk = walk.troupe[f"{server}-clerk"]
        body = contents.segment(lengths[utility], starts_on, medium)
        walk.on_part(clerk, "提交方案段", utility, "submit-segment", body)


def trespass(walk: Walk, codes: Iterable[str]) -> None:
    """While the plan waits for the applicant, none of these may answer in its place."""
    body = {"reason": "替企业要求调整"}
    for code in codes:
        walk.may_not(code, "替企业要求调整方案", "/applications/{case}/ask-plan-change", body)


def promise(walk: Walk, utility: str, server: str) -> None:
    """告知承诺: decided at once."""
    clerk = walk.troupe[f"{server}-clerk"]
    body = contents.PROMISES
    found = walk.on_part(clerk, "作出告知承诺，即时许可", utility, "commit", body)
    if found["permit"] != "granted":
        raise Surprise(f"告知承诺应即时许可，实为 {found['permit']}")


def list_papers(walk: Walk, utility: str, departments: Sequence[str]) -> None:
    """Each department says what it asks for."""
    for code in departments:
        who = walk.troupe[code]
        body = {"documents": contents.PAPERS}
        walk.on_part(who, "反馈审批事项清单", utility, "list-documents", body)


def file_papers(walk: Walk, utility: str, server: str) -> None:
    """The utility files for the customer, with the promise to restore the road."""
    body = {"documents": contents.PAPERS, "missing": [], "restoration_promised": True}
    clerk = walk.troupe[f"{server}-clerk"]
    for paper in contents.PAPERS:
        papers.attach(walk, clerk, paper, f"{paper}.pdf")
    walk.on_part(clerk, "代企业报送审批材料，承诺恢复道路", utility, "file-papers", body)


def sign(
    walk: Walk, utility: str, department: str, verdict: str, what: str, *codes: str
) -> dict[str, Any]:
    """One department's opinion."""
    body = {"verdict": verdict, "codes": list(codes), "remark": ""}
    return walk.on_part(walk.troupe[department], what, utility, "sign-opinion", body)


def start(walk: Walk, parts: Parts, at: str, ends_on: str) -> None:
    """Synchronous works (同步施工), after the briefing."""
    for utility, server in parts.items():
        body = {
            "started_at": at,
            "builder": "样例市政工程有限公司",
            "ends_on": ends_on,
            "briefed": True,
        }
        walk.on_part(walk.troupe[f"{server}-crew1"], "交底后开工", utility, "start-works", body)


def finish(walk: Walk, utility: str, server: str, at: str) -> None:
    """The line lies, the road is as it was."""
    body = {"finished_at": at, "road_restored": True, "remark": ""}
    walk.on_part(
        walk.troupe[f"{server}-crew1"], "完工，道路按原貌恢复", utility, "finish-works", body
    )


def inspect(walk: Walk, organiser: str, utility: str, result: str, *items: str) -> None:
    """Joint acceptance (联合验收)."""
    words = "验收合格" if result == "passed" else f"验收不合格：{'、'.join(items)}"
    body = {"result": result, "items": list(items), "remark": ""}
    who = walk.troupe[organiser]
    walk.on_part(who, f"组织联合验收，{words}", utility, "inspect", body)


def connect(walk: Walk, utility: str, server: str, number: int) -> None:
    """Contract, boundary, reading, gas safety: then it flows."""
    crew = walk.troupe[f"{server}-crew1"]
    part = walk.part(utility)
    body = {
        "connected_at": part["connection_at"],
        "contract": f"样例供用合同 {walk.number} 之 {number}",
        "boundary": "厂区红线内第一个阀门（开关）",
        "reading": "0",
    }
    path = f"/requests/{part['id']}/connect"
    if utility == "gas":
        reply = crew.send("POST", path, body, version=part["version"])
        walk.refused(crew, "未做安全检查就通气", reply, 422, "invalid")
        body["safety_checked"] = True
    walk.act(crew, "接通", path, body, version=part["version"])


def audited(walk: Walk, *actions: str) -> None:
    """The auditor, at a desk with its second factor, finds these acts on the case."""
    auditor = walk.troupe["auditor"]
    reply = auditor.send("GET", f"/audit?city={auditor.city}")
    walk.refused(auditor, "在手机上查审计记录", reply, 403, "totp_needed")
    desk = sign_in_on_desk(auditor)
    path = f"/audit?city={auditor.city}&object_id={walk.case}&limit=100"
    reply = walk.api.send("GET", path, token=desk)
    if reply.status != 200:
        raise Surprise(f"{auditor} 在电脑上查审计记录：{reply.said()}")
    found = {item["action"] for item in reply.body["items"]}
    if missing := sorted(set(actions) - found):
        raise Surprise(f"审计记录里没有 {missing}（有 {sorted(found)}）")
    count = len(reply.body["items"])
    walk.say(f"  {auditor} 扫码并输入动态口令登录电脑，查到本件审计记录 {count} 条")
    walk.acts += 1
    walk.everybody_was_refused()


def promise_the_year(walk: Walk) -> None:
    """年度承诺 of the water company to the road's department; once a year."""
    clerk = walk.troupe["water-clerk"]
    body = {
        "city": "daye",
        "department": "chengguan",
        "year": walk.monday.year,
        "builder": "样例市政工程有限公司",
        "promises": ["按期原貌恢复道路和绿化", "接受检查并按要求整改"],
    }
    reply = clerk.send("POST", "/annual-commitments", body)
    if (reply.status, reply.code) not in ((201, ""), (409, "conflict")):
        raise Surprise(f"{clerk} 签署年度承诺：{reply.said()}")
    walk.say(f"  {clerk} {'已签署' if reply.status == 409 else '签署'} {body['year']} 年度承诺")


def in_queue(walk: Walk) -> None:
    """The case is the window's to accept."""
    window = walk.troupe["window"]
    found = window.get("/queue?stage=submitted&limit=100")
    ids = [item["application"]["id"] for item in found["items"]]
    if walk.case not in ids:
        raise Surprise("窗口的工作清单里没有这份申请")
    walk.say(f"  {window} 的工作清单有 {len(ids)} 件待受理，本件在内")


def colleague(walk: Walk) -> Someone:
    """The owner's colleague, let in by a one-time code the first time."""
    owner, colleague = walk.troupe["owner"], walk.troupe["colleague"]
    code = contents.DAYE_ENTERPRISE["enterprise.credit_code"]
    if any(one["credit_code"] == code for one in colleague.get("/me")["enterprises"]):
        return colleague
    mine = {one["credit_code"]: one["id"] for one in owner.get("/me")["enterprises"]}
    invited = walk.act(
        owner, "请同事一起办理", f"/enterprises/{mine[code]}/colleague-codes", status=201
    )
    body = {"code": invited["code"]}
    walk.act(colleague, "凭邀请码成为经办人", "/enterprises/join", body, status=201)
    return colleague
