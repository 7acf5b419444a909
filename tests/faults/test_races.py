"""Acts that meet each other on two real workers."""

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID, uuid4

import pytest

from models import Event, Opinion, UtilityRequest
from rules.states import PermitState
from tests.api.journey import drafted
from tests.api.service import Caller, Service, ok, problem
from tests.faults.acting import Insistent, drafts, fresh, submitted, survey_time
from tests.faults.ledger import Ledger
from tests.workflow.drive import Drive
from tests.workflow.forms import DAYE
from tests.workflow.world import World
from workflow.people.identity import SessionKind


async def test_fifty_submits_at_once(service: Service, ledger: Ledger) -> None:
    """Fifty numbers, none twice, none left out, over both workers."""
    waiting = await drafts(service, "daye", 50)
    owner, client = await service.owner(), Insistent(ledger)
    lines = [fresh(service, owner) for _ in range(10)]
    await asyncio.gather(
        *(client.submit(lines[place % 10], draft) for place, draft in enumerate(waiting))
    )
    assert (client.trouble.cut, client.trouble.refused) == (0, 0)
    assert len({entry.told["number"] for entry in ledger.entries}) == 50
    await ledger.check()


@pytest.mark.parametrize("one_key", [True, False])
async def test_one_submit_ten_times_at_once(
    service: Service, ledger: Ledger, one_key: bool
) -> None:
    """One key: ten times the same answer. Ten keys: one answer, nine are told of the other."""
    (draft,) = await drafts(service, "zhoukou", 1)
    owner, path = await service.owner(), f"/applications/{draft['id']}/submit"
    key = uuid4().hex
    keys = [key if one_key else uuid4().hex for _ in range(10)]
    lines = [fresh(service, owner) for _ in range(10)]
    answers = await asyncio.gather(
        *(
            line.post(path, version=draft["version"], key=each)
            for line, each in zip(lines, keys, strict=True)
        )
    )
    good = [place for place, answer in enumerate(answers) if answer.status_code == 200]
    assert len(good) == (10 if one_key else 1)
    assert len({answers[place].content for place in good}) == 1
    for place, answer in enumerate(answers):
        if place not in good:
            stale = problem(answer, 412, "version_stale")
            assert [change["event"] for change in stale["changes"]] == ["submit"]
    first = good[0]
    ledger.note(answers[first], owner.person, keys[first], "submit", draft["id"])
    assert await Event.filter(application_id=UUID(draft["id"]), name="submit").count() == 1
    await ledger.check()


async def test_accept_withdraw_and_return_at_once(service: Service, ledger: Ledger) -> None:
    """One of them happens; the others are told which, and find a case they may no longer move."""
    reason = ok(await service.nobody.get("/cities/daye"))["reasons"]["return"][0]["code"]
    fault = {"faults": [{"field": "site.address", "reason": reason}]}
    owner, window = await service.owner(), await service.window("daye")
    won: Counter[str] = Counter()
    for turn in range(6):
        app = await submitted(service, "daye")
        acts = [
            ("accept", fresh(service, window), {}),
            ("withdraw", fresh(service, owner), {}),
            ("return-for-correction", fresh(service, window), fault),
        ]
        acts = acts[turn % 3 :] + acts[: turn % 3]
        keys = [uuid4().hex for _ in acts]
        answers = await asyncio.gather(
            *(
                caller.post(
                    f"/applications/{app['id']}/{act}", body, version=app["version"], key=key
                )
                for (act, caller, body), key in zip(acts, keys, strict=True)
            )
        )
        (winner,) = (place for place, answer in enumerate(answers) if answer.status_code == 200)
        event = acts[winner][0].replace("-", "_")
        won[event] += 1
        for place, answer in enumerate(answers):
            if place != winner:
                stale = problem(answer, 412, "version_stale")
                assert [change["event"] for change in stale["changes"]] == [event]
        person = acts[winner][1].person
        ledger.note(answers[winner], person, keys[winner], event, app["id"])
        path = await Event.filter(application_id=UUID(app["id"]), subject="application").order_by(
            "id"
        )
        assert [(step.name, step.source) for step in path][1:] == [(event, "submitted")]
    assert sum(won.values()) == 6
    await ledger.check()


async def test_one_enterprise_applies_from_two_phones(service: Service, ledger: Ledger) -> None:
    """Both get their number; whoever was second is known to be, so the window hears of it."""
    owners = [await service.applicant("first phone"), await service.applicant("second phone")]
    client, at = Insistent(ledger), survey_time(service, "daye")
    for _ in range(4):
        drafted_by = [(owner, await drafted(owner, "daye", survey__time=at)) for owner in owners]
        await asyncio.gather(*(client.submit(owner, draft) for owner, draft in drafted_by))
    assert len({entry.told["number"] for entry in ledger.entries}) == len(ledger.entries) == 8
    events = await Event.filter(
        application_id__in=[entry.id for entry in ledger.entries], name="submit"
    )
    known = sorted(event.data["same_enterprise"] for event in events)
    assert known == list(range(known[0], known[0] + 8))
    await ledger.check()


async def test_two_clerks_with_one_version(service: Service, ledger: Ledger) -> None:
    """No silent overwrite: the second is told what the first did."""
    app = await submitted(service, "zhoukou")
    window = await service.window("zhoukou")
    lines = [fresh(service, window), fresh(service, window)]
    key = uuid4().hex
    path = f"/applications/{app['id']}/accept"
    first = await lines[0].post(path, {}, version=app["version"], key=key)
    ledger.note(first, window.person, key, "accept", app["id"])
    second = problem(await lines[1].post(path, {}, version=app["version"]), 412, "version_stale")
    assert second["version"] == first.json()["version"]
    assert "accept" in [change["event"] for change in second["changes"]]
    await ledger.check()


async def _permitting(service: Service) -> Drive:
    """A case of 大冶 whose electricity line crosses a main road: several departments sign."""
    world = World(service.wiring.services, service.clock)
    at = survey_time(service, "daye")
    drive = await Drive.drafted(world, "daye", DAYE | {"survey.time": at})
    await drive.submit()
    city = service.wiring.cities.on("daye", service.today)
    await service.attach(drive.id, *(document.code for document in city.documents))
    await drive.accept()
    ok(await service.nobody.http.post("/sandbox/clock", json={"to": at}))  # desks sign out by it
    for request in await drive.requests():
        digs = request.utility == "electricity"
        told: dict[str, Any] = {"road_excavated": True, "crossing_m": 40, "road_class": "arterial"}
        await drive.find(request, **(told | {"green_m2": 300, "line_m": 900} if digs else {}))
    for request in await drive.requests():
        await drive.draw(request)
    await drive.agree()
    return drive


async def test_departments_that_sign_at_the_same_moment(service: Service, ledger: Ledger) -> None:
    """With one version the second is told of the first; the joint permit is given exactly once."""
    drive = await _permitting(service)
    request = await UtilityRequest.get(application_id=drive.id, utility="electricity")
    assert request.permit_state is PermitState.LISTING, request.permit
    world = drive.world
    opinions = await Opinion.filter(request_id=request.id)
    assert len(opinions) >= 2
    callers = []
    for opinion in opinions:
        approver = await world.approver("daye", opinion.organization_id)
        assert approver.person is not None
        caller = await service.sign_in(approver.person, SessionKind.DESK)
        service.cast[uuid4().hex] = caller
        callers.append(caller)
    path = f"/requests/{request.id}"
    body = {"documents": ["施工方案"]}
    lost = await _all_at_once(f"{path}/list-documents", body, callers, request.version, ledger)
    assert lost >= 1
    request = await UtilityRequest.get(id=request.id)
    clerk = await world.clerk("daye", request.organization_id)
    assert clerk.person is not None
    await service.attach(drive.id, "施工方案")
    desk = await service.sign_in(clerk.person, SessionKind.DESK)
    service.cast[uuid4().hex] = desk
    filed = ok(
        await desk.post(
            f"{path}/file-papers",
            {"documents": ["施工方案"], "restoration_promised": True},
            version=request.version,
        )
    )
    verdict = {"verdict": "approved"}
    lost = await _all_at_once(f"{path}/sign-opinion", verdict, callers, filed["version"], ledger)
    assert lost >= 1
    request = await UtilityRequest.get(id=request.id)
    assert request.permit_state is PermitState.GRANTED
    names = Counter(
        [event.name for event in await Event.filter(request_id=request.id, subject="request")]
    )
    assert names["sign_opinion"] == len(opinions)
    await ledger.check()


async def _all_at_once(
    path: str, body: dict[str, Any], callers: list[Caller], version: int, ledger: Ledger
) -> int:
    """Everybody acts at the version all have read, and again at the one told; how many lost."""
    event, id = path.rsplit("/", 1)[1].replace("-", "_"), path.split("/")[2]
    lost, left, at = 0, list(callers), version
    while left:
        keys = [uuid4().hex for _ in left]
        answers = await asyncio.gather(
            *(
                caller.post(path, body, version=at, key=key)
                for caller, key in zip(left, keys, strict=True)
            )
        )
        again = []
        for caller, key, answer in zip(left, keys, answers, strict=True):
            if answer.status_code == 200:
                ledger.note(answer, caller.person, key, event, id, "request")
                continue
            stale = problem(answer, 412, "version_stale")
            assert event in [change["event"] for change in stale["changes"]]
            at = max(at, stale["version"])
            again.append(caller)
        assert len(left) - len(again) == 1, "one act made one version"
        lost += len(again)
        left = again
    return lost
