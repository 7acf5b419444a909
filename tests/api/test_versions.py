"""Acting on what one has read, and being told what has changed since."""

import pytest

from tests.api.journey import submitted
from tests.api.service import Service, ok, problem


@pytest.mark.parametrize(
    "tag", [None, "", "1", "*", '"x"', '"-1"', '"1', '"1", "2"', '"' + "9" * 30 + '"']
)
async def test_an_act_on_something_needs_its_version(service: Service, tag: str | None) -> None:
    app = await submitted(await service.owner(), "daye")
    window = await service.window("daye")
    headers = {} if tag is None else {"if-match": tag}
    answer = await window.post(f"/applications/{app['id']}/accept", {}, headers=headers)
    problem(answer, 428, "version_needed")


async def test_a_stale_version_is_told_what_changed(service: Service) -> None:
    owner, window = await service.owner(), await service.window("daye")
    app = await submitted(owner, "daye")
    path = f"/applications/{app['id']}"
    fault = {"faults": [{"field": "site.address", "reason": "unclear"}]}
    reasons = ok(await service.nobody.get("/cities/daye"))["reasons"]["return"]
    fault["faults"][0]["reason"] = reasons[0]["code"]
    answer = await window.post(f"{path}/return-for-correction", fault, version=app["version"])
    returned = ok(answer)
    assert answer.headers["etag"] == f'"{returned["version"]}"'
    stale = problem(
        await owner.post(f"{path}/withdraw", {}, version=app["version"]), 412, "version_stale"
    )
    assert stale["version"] == returned["version"]
    assert [change["event"] for change in stale["changes"]] == ["return_for_correction"]
    assert stale["changes"][0]["to"] == "returned"
    ok(await owner.post(f"{path}/withdraw", {}, version=stale["version"]))


async def test_a_weakened_tag_is_the_same_version(service: Service) -> None:
    owner = await service.owner()
    app = await submitted(owner, "daye")
    tag = {"if-match": f'W/"{app["version"]}"'}
    ok(await owner.post(f"/applications/{app['id']}/withdraw", {}, headers=tag))


async def test_what_is_not_allowed_now_says_what_is(service: Service) -> None:
    owner, window = await service.owner(), await service.window("daye")
    app = await submitted(owner, "daye")
    path = f"/applications/{app['id']}"
    refused = problem(
        await owner.post(f"{path}/accept", {}, version=app["version"]), 403, "not_yours_to_move"
    )
    assert "withdraw" in refused["allowed"]
    refused = problem(
        await window.post(f"{path}/close", version=app["version"]), 409, "move_not_allowed"
    )
    assert set(refused["allowed"]) >= {"return_for_correction", "reject"}
    assert refused["state"] == "submitted"
