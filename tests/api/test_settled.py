"""What clients are offered, and told when it is refused, in the corners of a case."""

from datetime import timedelta
from typing import Any

from tests.api.journey import FORMS, HttpCase, accepted, fields, survey_time
from tests.api.service import Caller, Service, ok, problem

CITY = "zhoukou"


async def fresh(service: Service, *, inside: str) -> tuple[HttpCase, str]:
    """A case of two; one of them has no line outside the grounds."""
    owner, window = await service.owner(), await service.window(CITY)
    draft = ok(await owner.post("/applications", {"city": CITY}), 201)
    return await _submit(service, owner, window, draft, inside, {})


async def walked_in(service: Service, *, inside: str) -> tuple[HttpCase, str]:
    """The same, entered at the window for somebody who has never signed in."""
    window = await service.window(CITY)
    draft = ok(await window.post("/applications", {"city": CITY, "walk_in": True}), 201)
    told = {"contact.phone": "13800007777"}
    return await _submit(service, window, window, draft, inside, told)


async def _submit(
    service: Service,
    writer: Caller,
    window: Caller,
    draft: dict[str, Any],
    inside: str,
    told: dict[str, Any],
) -> tuple[HttpCase, str]:
    values = FORMS[CITY] | {
        "utilities": ["water", "electricity"],
        "survey.time": survey_time(service, CITY),
        **told,
    }
    path = f"/applications/{draft['id']}"
    saved = ok(await writer.patch(f"{path}/draft", fields(values)))
    sent = ok(await writer.post(f"{path}/submit", version=saved["version"]))
    body = {"estimates": {inside: {"external_line": False}}}
    case = HttpCase(
        service, CITY, ok(await window.post(f"{path}/accept", body, version=sent["version"]))
    )
    return case, next(id for id, r in case.requests.items() if r["utility"] == inside)


def working(service: Service, hours: int) -> str:
    """The first working time so many hours from now."""
    book = service.wiring.cities.on(CITY, service.today)
    calendar = service.wiring.services.calendars.of(book)
    return calendar.next_working_time(service.clock.now() + timedelta(hours=hours)).isoformat()


async def offered_on(caller: Caller, case: HttpCase, id: str) -> list[str]:
    """What the case view offers its reader on one request."""
    view = ok(await caller.get(f"/applications/{case.app['id']}"))
    return next(list(each["allowed"]) for each in view["requests"] if each["id"] == id)


async def test_only_the_applicant_moves_an_agreed_time(service: Service) -> None:
    case, water = await fresh(service, inside="water")
    owner, clerk = await service.owner(), await case.clerk(water)
    assert "agree_connection_time" in await offered_on(clerk, case, water)
    await case.act(clerk, "agree-connection-time", {"at": working(service, 24)}, request=water)
    assert "agree_connection_time" not in await offered_on(clerk, case, water)
    assert "agree_connection_time" in await offered_on(owner, case, water)
    version = case.requests[water]["version"]
    refused = await clerk.post(
        f"/requests/{water}/agree-connection-time", {"at": working(service, 48)}, version=version
    )
    told = problem(refused, 409, "guard_failed")
    assert told["detail"] == "接入时间已经约定，更改须由申请人提出。"
    assert "agree_connection_time" not in told["allowed"]
    moved = await case.act(
        owner, "agree-connection-time", {"at": working(service, 48)}, request=water
    )
    assert moved["version"] == version + 1


async def test_a_case_of_which_something_flows_is_not_withdrawn(service: Service) -> None:
    case, water = await fresh(service, inside="water")
    owner = await service.owner()
    await case.act(owner, "agree-connection-time", {"at": working(service, 1)}, request=water)
    service.clock.forward(hours=24)
    body = {"connected_at": case.now(), "contract": "样例-1", "boundary": "红线内一米"}
    connected = await case.act(await case.crew(water), "connect", body, request=water)
    assert connected["state"] == "connected"
    refused = await owner.post(
        f"/applications/{case.app['id']}/withdraw", {}, version=case.app["version"]
    )
    told = problem(refused, 409, "guard_failed")
    assert told["detail"] == "已经开工或者已经接通，不能再撤回或不予办理。"
    assert "withdraw" not in told["allowed"]
    other = next(id for id in case.requests if id != water)
    ended = await case.act(owner, "withdraw-request", {}, request=other)
    assert (ended["state"], ended["application"]["stage"]) == ("withdrawn", "connected")


async def test_the_window_answers_for_whom_nobody_has_claimed(service: Service) -> None:
    case, water = await walked_in(service, inside="water")
    window = await service.window(CITY)
    assert {"agree_connection_time", "withdraw_request"} <= set(
        await offered_on(window, case, water)
    )
    await case.act(window, "agree-connection-time", {"at": working(service, 24)}, request=water)
    view = ok(await window.get(f"/applications/{case.app['id']}"))
    assert "withdraw" in view["allowed"]
    gone = await case.act(window, "withdraw", {"reason": "申请人来电撤回"})
    assert gone["stage"] == "withdrawn"

    owned, power = await fresh(service, inside="electricity")
    view = ok(await window.get(f"/applications/{owned.app['id']}"))
    assert "withdraw" not in view["allowed"]
    assert not {"agree_connection_time", "withdraw_request"} & set(
        await offered_on(window, owned, power)
    )
    refused = await window.post(
        f"/applications/{owned.app['id']}/withdraw", {}, version=owned.app["version"]
    )
    assert problem(refused, 409, "guard_failed")["detail"].startswith("这件申请由申请人自己撤回")


async def test_a_pause_is_lifted_by_its_own_side(service: Service) -> None:
    case = HttpCase(service, CITY, await accepted(service, CITY))
    bureau, window = await service.coordinator(CITY), await service.window(CITY)
    stopped = await case.act(bureau, "pause", {"reason": "heavy_pollution"})
    assert stopped["due_at"] is None
    refused = await window.post(
        f"/applications/{case.app['id']}/resume", {}, version=case.app["version"]
    )
    told = problem(refused, 409, "guard_failed")
    assert told["detail"] == "这次暂停不是您这一方提出的，请由提出的单位或者牵头单位恢复。"
    running = await case.act(bureau, "resume", {})
    assert running["due_at"] is not None
    refused = await bureau.post(
        f"/applications/{case.app['id']}/resume", {}, version=case.app["version"]
    )
    assert problem(refused, 409, "guard_failed")["detail"] == "现在没有暂停的时限。"


async def test_a_promise_shows_no_clock_until_it_is_made(service: Service) -> None:
    """Progress of a case waiting for a promise names no due time."""
    case = HttpCase(service, CITY, await accepted(service, CITY, utilities=["water"]))
    (water,) = case.requests
    service.clock.forward(days=3)
    segment = {"line_m": 100, "crossing_m": "5", "road_class": "branch", "road_excavated": True}
    found = {"visited_at": case.now(), "access_point": "门前", "segments": [segment]}
    await case.act(await case.crew(water), "record-findings", found, request=water)
    drawn = {
        "route": "样例大道北侧",
        "length_m": 100,
        "depth_m": "1.2",
        "medium": "PE 管",
        "starts_on": case.day(2),
        "days": 5,
    }
    await case.act(await case.clerk(water), "submit-segment", drawn, request=water)
    await case.act(await service.owner(), "agree-plan")
    body = ok(await (await service.owner()).get(f"/applications/{case.app['id']}/progress"))
    assert (body["now"]["step"], body["now"]["due_at"]) == ("commitment", None)
    assert body["deadlines"] == []
