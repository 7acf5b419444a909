"""The feed: every move on what a platform pushed, in order, each once, none left out."""

from typing import Any

import asyncpg

from tests.api.service import Service, ok
from tests.web.platform import Platform
from tests.web.test_pushes import PERSONAL, contract, fresh
from tests.workflow.forms import DAYE
from web.answers import Feed


async def pages(platform: Platform, after: int, limit: int = 100) -> list[dict[str, Any]]:
    """Everything after a cursor, page by page."""
    found: list[dict[str, Any]] = []
    while True:
        body = ok(await platform.get(f"/events?after={after}&limit={limit}"))
        Feed.model_validate(body)
        found += body["events"]
        assert body["next"] >= after
        after = body["next"]
        if not body["more"]:
            return found


async def cursor(platform: Platform) -> int:
    """Where the feed ends now."""
    return int((await pages(platform, 0) or [{"id": 0}])[-1]["id"])


async def test_every_move_once_and_in_order(portal: Platform, service: Service) -> None:
    after = await cursor(portal)
    push = fresh(DAYE)
    made = ok(await portal.post("/applications", push), 201)
    window = await service.window("daye")
    reason = service.wiring.cities.on("daye", service.today).reject_reasons[0].code
    refusal = {"reason": reason, "explanation": "李样 13800001234 要求撤销"}
    ok(await window.post(f"/applications/{made['id']}/reject", refusal, version=made["version"]))
    told = await pages(portal, after, limit=1)
    assert told == await pages(portal, after)
    assert [(e["event"], e["from"], e["to"]) for e in told] == [
        ("submit", "draft", "submitted"),
        ("reject", "submitted", "rejected"),
    ]
    assert {(e["ref"], e["number"]) for e in told} == {(push["ref"], made["number"])}
    assert not any(word in str(told) for word in PERSONAL)


async def test_only_ones_own(land: Platform, portal: Platform, housing: Platform) -> None:
    before = await cursor(portal), await cursor(housing)
    push = fresh(contract())
    after = await cursor(land)
    ok(await land.post("/registrations", push), 201)
    assert [(e["event"], e["ref"]) for e in await pages(land, after)] == [("register", push["ref"])]
    assert (await cursor(portal), await cursor(housing)) == before


async def test_a_cursor_does_not_pass_what_is_not_committed_yet(
    land: Platform, service: Service
) -> None:
    """A slow transaction took its event's id first and ends last."""
    after = await cursor(land)
    slow = await asyncpg.connect(service.wiring.settings.database_url.get_secret_value())
    try:
        transaction = slow.transaction()
        await transaction.start()
        template = (
            "INSERT INTO events (city, subject, registration_id, platform, name, source, target,"
            " role, version, data, happened_at, entered_at) SELECT city, subject, registration_id,"
            " platform, 'slow', source, target, role, version, data, happened_at, entered_at"
            " FROM events WHERE platform = $1 ORDER BY id DESC LIMIT 1"
        )
        first = fresh(contract())
        ok(await land.post("/registrations", first), 201)
        ok(await land.get(f"/events?after={after}"))
        await slow.execute(template, land.id)
        quick = fresh(contract())
        ok(await land.post("/registrations", quick), 201)
        body = ok(await land.get(f"/events?after={after}"))
        assert quick["ref"] not in {event["ref"] for event in body["events"]}
        await transaction.commit()
        told = body["events"] + await pages(land, body["next"])
        assert [event["event"] for event in told] == ["register", "slow", "register"]
    finally:
        await slow.close()


async def test_what_cannot_be_a_cursor_is_named(land: Platform) -> None:
    for query in ("after=-1", "after=x", "limit=0", "limit=201", "extra=1", "after=1&after=2"):
        answer = await land.get(f"/events?{query}")
        assert answer.status_code == 422, query
