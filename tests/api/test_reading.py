"""Reading over HTTP: answers are as described, for everybody entitled, and nobody else."""

from typing import Any

import httpx
import pytest
from pydantic import BaseModel

from miniprogram_api import reading_answers as answers
from miniprogram_api.case_answers import CaseView
from rules.actors import Role
from tests.api.journey import accepted, drafted
from tests.api.service import Caller, Service, ok, problem


def held(answer: httpx.Response, model: type[BaseModel]) -> dict[str, Any]:
    """The body, held to its description."""
    body = ok(answer)
    model.model_validate_json(answer.content)
    return body


async def test_a_case_and_its_progress_fit_their_description(service: Service) -> None:
    app = await accepted(service, "daye")
    owner = await service.owner()
    path = f"/applications/{app['id']}"
    readers = {
        "owner": owner,
        "window": await service.window("daye"),
        "coordinator": await service.coordinator("daye"),
        "regulator": await service.regulator("daye"),
        "clerk": await service.clerk("daye", "water"),
        "crew": await service.crew("daye", "gas"),
    }
    for name, reader in readers.items():
        case = held(await reader.get(path), CaseView)
        assert case["own"] is (name == "owner")
        progress = held(await reader.get(f"{path}/progress"), answers.Progress)
        assert progress["now"]["holder_name"]
        assert progress["version"] == case["version"]
    etag = (await owner.get(path)).headers["etag"]
    assert etag == f'"{app["version"]}"'
    draft = await drafted(owner, "zhoukou")
    held(await owner.get(f"/applications/{draft['id']}"), CaseView)
    held(await owner.get(f"/applications/{draft['id']}/progress"), answers.Progress)
    assert held(await owner.get("/cases?group=open&limit=1"), answers.MyCases)["items"]


async def test_queues_fit_their_description(service: Service) -> None:
    await accepted(service, "daye")
    people: list[tuple[Caller, int]] = [
        (await service.window("daye"), 1),
        (await service.coordinator("daye"), 1),
        (await service.regulator("daye"), 1),
        (await service.clerk("daye", "water"), 1),
        (await service.crew("daye", "telecom"), 1),
        (await service.approver("daye", "chengguan"), 0),
        (await service.window("zhoukou"), 0),
    ]
    for caller, least in people:
        page = held(await caller.get("/queue"), answers.QueuePage)
        assert len(page["items"]) >= least
    window = await service.window("daye")
    first = held(await window.get("/queue?limit=1&search=%E6%A0%B7%E4%BE%8B"), answers.QueuePage)
    if first["next"]:
        held(
            await window.get(f"/queue?limit=1&search=%E6%A0%B7%E4%BE%8B&after={first['next']}"),
            answers.QueuePage,
        )
    assert held(
        await window.get("/queue?due_before=2030-01-01T00:00:00%2B08:00&light=normal"),
        answers.QueuePage,
    )["items"]


async def test_the_inbox_is_marked_read(service: Service) -> None:
    await accepted(service, "daye")
    owner = await service.owner()
    page = held(await owner.get("/inbox?limit=2"), answers.Inbox)
    assert page["unread"] >= 2
    newest = page["items"][0]["id"]
    body = {"up_to": newest}
    marked = held(await owner.post("/inbox/read", body, key=None), answers.Marked)
    assert marked["marked"] == page["unread"]
    assert held(await owner.get("/inbox/unread"), answers.Unread) == {"unread": 0}
    assert held(await owner.get("/inbox?unread=true"), answers.Inbox)["items"] == []


async def test_the_guide_is_for_everybody(service: Service) -> None:
    for city in ("daye", "zhoukou"):
        answer = await service.nobody.get(f"/cities/{city}/guide")
        assert len(held(answer, answers.Guide)["topics"]) == 8
        assert "max-age" in answer.headers["cache-control"]
    one = held(await service.nobody.get("/cities/daye/guide?topic=fees"), answers.Guide)
    assert [topic["label"] for topic in one["topics"]] == ["收费"]
    problem(await service.nobody.get("/cities/nowhere/guide"), 404, "not_found")
    problem(await service.nobody.get("/cities/daye/guide?topic=gossip"), 422, "invalid")


@pytest.mark.parametrize(
    "path",
    [
        "/queue?limit=101",
        "/queue?limit=0",
        "/queue?limit=x",
        "/queue?after=nonsense",
        "/queue?task=survey",
        "/queue?state=pending",
        "/queue?light=green",
        "/queue?due_before=tomorrow",
        "/queue?search=",
        "/queue?town=%27%3B--",
        "/queue?offset=3",
        "/cases?group=others",
        "/inbox?after=WyJpbmJveCIsIiIsIi0xIl0",
        "/inbox?after=WyJpbmJveCIsIiIsIjk5OTk5OTk5OTk5OTk5OTk5OTkiXQ",
    ],
)
async def test_senseless_questions_are_refused_in_words(service: Service, path: str) -> None:
    refused = problem(await (await service.window("daye")).get(path), 422, "invalid")
    assert all(fault["message"] for fault in refused["fields"])


async def test_a_queue_is_for_people_in_office(service: Service) -> None:
    problem(await (await service.owner()).get("/queue"), 403, "forbidden")
    auditor = await service.administrator("daye", Role.AUDITOR)
    problem(await auditor.get("/queue"), 403, "forbidden")
    problem(await service.nobody.get("/queue"), 401, "unauthenticated")
    problem(await (await service.window("daye")).get("/queue?city=zhoukou"), 403, "forbidden")
