"""One key, one effect, one answer."""

import asyncio
from uuid import UUID, uuid4

import pytest

from models import Application, Event
from rules.states import Stage
from tests.api.journey import drafted
from tests.api.service import Service, ok, problem


async def test_the_same_key_gives_the_same_answer(service: Service) -> None:
    owner, key = await service.owner(), uuid4().hex
    first = await owner.post("/applications", {"city": "daye"}, key=key)
    again = await owner.post("/applications", {"city": "daye"}, key=key)
    assert ok(first, 201) == ok(again, 201)
    assert first.headers["location"] == again.headers["location"]
    assert first.headers["etag"] == again.headers["etag"]
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert (
        await Application.filter(owner_id=owner.person, id=UUID(ok(first, 201)["id"])).count() == 1
    )


async def test_another_body_or_path_under_a_key_is_refused(service: Service) -> None:
    owner, key = await service.owner(), uuid4().hex
    ok(await owner.post("/applications", {"city": "daye"}, key=key), 201)
    problem(await owner.post("/applications", {"city": "zhoukou"}, key=key), 422, "key_reused")
    draft = await drafted(owner, "daye")
    answer = await owner.post(
        f"/applications/{draft['id']}/submit", version=draft["version"], key=key
    )
    problem(answer, 422, "key_reused")


async def test_a_key_belongs_to_one_person(service: Service) -> None:
    key = uuid4().hex
    mine = ok(await (await service.owner()).post("/applications", {"city": "daye"}, key=key), 201)
    theirs = await (await service.stranger()).post("/applications", {"city": "daye"}, key=key)
    assert ok(theirs, 201)["id"] != mine["id"]


@pytest.mark.parametrize("key", [None, "", "a b", "x" * 129, "键"])
async def test_an_act_needs_a_key(service: Service, key: str | None) -> None:
    owner = await service.owner()
    headers = {} if key is None else {"idempotency-key": key}
    answer = await owner.post("/applications", {"city": "daye"}, key=None, headers=headers)
    problem(answer, 400, "key_needed")


async def test_two_keys_in_one_request_are_refused(service: Service) -> None:
    owner = await service.owner()
    answer = await owner.http.post(
        "/api/v1/applications",
        json={"city": "daye"},
        headers=[
            ("authorization", f"Bearer {owner.token}"),
            ("idempotency-key", "a"),
            ("idempotency-key", "b"),
        ],
    )
    problem(answer, 400, "key_needed")


async def test_a_refused_act_may_be_tried_again_under_its_key(service: Service) -> None:
    owner, key = await service.owner(), uuid4().hex
    draft = ok(await owner.post("/applications", {"city": "daye"}), 201)
    path = f"/applications/{draft['id']}/submit"
    problem(await owner.post(path, version=draft["version"], key=key), 422, "invalid")
    problem(await owner.post(path, version=draft["version"], key=key), 422, "invalid")


async def test_ten_submits_at_once_are_one(service: Service) -> None:
    owner, key = await service.owner(), uuid4().hex
    draft = await drafted(owner, "daye")
    path = f"/applications/{draft['id']}/submit"
    answers = await asyncio.gather(
        *(owner.post(path, version=draft["version"], key=key) for _ in range(10))
    )
    bodies = [ok(answer) for answer in answers]
    assert all(body == bodies[0] for body in bodies)
    assert bodies[0]["stage"] == Stage.SUBMITTED
    assert await Event.filter(application_id=UUID(draft["id"]), name="submit").count() == 1


async def test_ten_submits_under_ten_keys_are_one_and_nine_refusals(service: Service) -> None:
    owner = await service.owner()
    draft = await drafted(owner, "daye")
    path = f"/applications/{draft['id']}/submit"
    answers = await asyncio.gather(*(owner.post(path, version=draft["version"]) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 9
    assert await Event.filter(application_id=UUID(draft["id"]), name="submit").count() == 1
