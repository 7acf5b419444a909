"""Complaints and joined chats over HTTP: who may, what is answered, what is refused."""

from typing import Any
from uuid import UUID

import pytest

from miniprogram_api import chat_answers as answers
from models import Conversation, Identity, InboxMessage, Person
from models.base import new_id
from rules.actors import Role
from tests.api.journey import accepted, drafted
from tests.api.service import Caller, Service, codes, ok, problem
from workflow.chat import links
from workflow.people.identity import SessionKind, actor_of_person
from workflow.unit import perform

COMPLAINT = {"city": "daye", "text": "上门的人迟到了两个小时"}


async def complained(caller: Caller, **more: Any) -> answers.Complaint:
    """A complaint recorded."""
    body = ok(await caller.post("/complaints", COMPLAINT | more), 201)
    return answers.Complaint.model_validate(body)


async def test_a_complaint_from_end_to_end(service: Service) -> None:
    owner, window = await service.owner(), await service.window("daye")
    made = await complained(owner)
    assert made.channel == "miniprogram"
    page = ok(await window.get("/complaints/queue?city=daye"))
    assert str(made.id) in [each["id"] for each in page["items"]]
    body = {"text": "已安排整改"}
    ok(await window.post(f"/complaints/{made.id}/answer", body))
    own = answers.OwnComplaints.model_validate(ok(await owner.get("/complaints")))
    found = next(each for each in own.items if each.id == made.id)
    assert (found.answer, found.light) == ("已安排整改", None)
    told = ok(await owner.get("/inbox"))["items"][0]
    assert (told["title"], made.number in told["text"]) == ("投诉已答复", True)
    again = await window.post(f"/complaints/{made.id}/answer", body)
    problem(again, 409, "conflict")


async def test_the_same_key_records_one_complaint(service: Service) -> None:
    caller = await service.applicant("wu")
    first = ok(await caller.post("/complaints", COMPLAINT, key="k-complaint"), 201)
    again = ok(await caller.post("/complaints", COMPLAINT, key="k-complaint"), 201)
    assert first == again
    assert len(ok(await caller.get("/complaints"))["items"]) == 1


async def test_about_ones_own_case_only(service: Service) -> None:
    owner, stranger = await service.owner(), await service.stranger()
    case = await drafted(owner, "zhoukou")
    made = await complained(owner, application_id=case["id"])
    assert (made.city, str(made.application_id)) == ("zhoukou", case["id"])
    refused = await stranger.post("/complaints", COMPLAINT | {"application_id": case["id"]})
    problem(refused, 404, "not_found")


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"city": "daye"}, {"text": "required"}),
        ({"city": "daye", "text": ""}, {"text": "required"}),
        ({"city": "daye", "text": "字" * 2001}, {"text": "too_long"}),
        ({"city": "Daye", "text": "字"}, {"city": "value_wrong"}),
        ({"city": "daye", "text": "字", "due_at": "2026-03-15"}, {"due_at": "unknown_field"}),
    ],
)
async def test_what_makes_no_complaint(
    service: Service, body: dict[str, Any], fault: dict[str, str]
) -> None:
    refused = await (await service.owner()).post("/complaints", body)
    assert codes(problem(refused, 422, "invalid")) == fault


async def test_who_may_see_and_answer_complaints(service: Service) -> None:
    made = await complained(await service.owner())
    path = f"/complaints/{made.id}/answer"
    may = {"window", "coordinator", "regulator"}
    for name, caller in (await service.everyone("daye")).items():
        if name == "nobody":
            continue
        seen = await caller.get("/complaints/queue?city=daye")
        assert seen.status_code == (200 if name in may else 403), name
        if name not in may:
            problem(await caller.post(path, {"text": "字"}), 403, "forbidden")
    elsewhere = await service.window("zhoukou")
    problem(await elsewhere.get("/complaints/queue?city=daye"), 403, "forbidden")
    problem(await elsewhere.post(path, {"text": "字"}), 404, "not_found")
    unknown = f"/complaints/{new_id()}/answer"
    problem(await elsewhere.post(unknown, {"text": "字"}), 404, "not_found")
    problem(await (await service.window("daye")).post(path, {"text": ""}), 422, "invalid")


async def test_the_queue_is_paged(service: Service) -> None:
    owner, window = await service.owner(), await service.window("zhoukou")
    made = [str((await complained(owner, city="zhoukou")).id) for _ in range(3)]
    path, found, after = "/complaints/queue?city=zhoukou&limit=2", [], ""
    while True:
        page = ok(await window.get(path + after))
        found += [each["id"] for each in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert [each for each in found if each in made] == made
    problem(await window.get(path + "&after=x"), 422, "invalid")
    problem(await window.get(path + "&state=gone"), 422, "invalid")


async def chat_of(service: Service, person: UUID | None) -> UUID:
    """A chat of the official account that is somebody's, as when the platform told the unionid."""
    now = service.clock.now()
    openid = f"oa-{new_id().hex[-12:]}"
    appid = service.wiring.settings.wechat_oa_appid
    assert person is not None
    kept: dict[str, Any] = {
        "person_id": person,
        "appid": appid,
        "openid": openid,
        "created_at": now,
    }
    await Identity.create(id=new_id(), kind="h5", **kept)
    row = await Conversation.create(id=new_id(), updated_at=now, **kept)
    return row.id


async def stranger_chat(service: Service) -> UUID:
    """A chat whose writer is not known from anywhere else."""
    person = await Person.create(id=new_id(), created_at=service.clock.now())
    return await chat_of(service, person.id)


async def test_a_chat_is_joined_seen_and_parted(service: Service) -> None:
    owner = await service.owner()
    shown = answers.ChatCode.model_validate(ok(await owner.post("/me/chat-links", key=None), 201))
    assert len(shown.code) == 8
    chat = await stranger_chat(service)
    writer = (await Conversation.get(id=chat)).person_id
    await perform(
        service.wiring.services,
        await actor_of_person(writer),
        lambda unit: links.join(unit, chat, shown.code),
    )
    assert (await Conversation.get(id=chat)).person_id == owner.person
    seen = answers.JoinedChats.model_validate(ok(await owner.get("/me/chat-links")))
    assert [(each.id, each.by_code) for each in seen.items] == [(chat, True)]
    assert await InboxMessage.filter(person_id=owner.person, code="chat_joined").exists()
    stranger = await service.stranger()
    problem(await stranger.send("DELETE", f"/me/chat-links/{chat}"), 404, "not_found")
    gone = ok(await owner.send("DELETE", f"/me/chat-links/{chat}"))
    assert answers.ChatParted.model_validate(gone).id == chat
    assert ok(await owner.get("/me/chat-links"))["items"] == []
    problem(await owner.send("DELETE", f"/me/chat-links/{chat}"), 404, "not_found")


async def test_an_answer_with_a_code_is_not_kept_anywhere(service: Service) -> None:
    owner = await service.owner()
    shown = ok(await owner.post("/me/chat-links", key=None), 201)
    assert shown["code"] not in service.log.getvalue()


async def test_who_is_known_from_the_chat_alone_keeps_it(service: Service) -> None:
    chat = await stranger_chat(service)
    person = (await Conversation.get(id=chat)).person_id
    caller = await service.sign_in(person, SessionKind.WEB)
    problem(await caller.send("DELETE", f"/me/chat-links/{chat}"), 409, "conflict")
    await caller.http.aclose()


async def test_a_crew_checks_in(service: Service) -> None:
    app = await accepted(service, "daye")
    request = next(each for each in app["requests"] if each["utility"] == "water")
    crew = await service.crew("daye", "water")
    path = f"/requests/{request['id']}/check-in"
    problem(await crew.post(path, {}), 428, "version_needed")
    done = ok(await crew.post(path, {}, version=request["version"]))
    assert done["version"] == request["version"] + 1
    assert "check_in" in done["allowed"]
    again = ok(await crew.post(path, {}, version=done["version"]))
    assert again["version"] == done["version"]  # once a day
    owner = await service.owner()
    refused = await owner.post(path, {}, version=done["version"])
    problem(refused, 403, "not_yours_to_move")
    timeline = ok(await owner.get(f"/applications/{app['id']}/progress"))["timeline"]
    assert timeline[-1]["text"] == "用水工作人员已到现场"
    assert Role.CREW.value in ok(await crew.get(f"/applications/{app['id']}"))["roles"]
