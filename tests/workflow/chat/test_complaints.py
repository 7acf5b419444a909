"""投诉: recorded with its due time, told to those who answer, answered once."""

import asyncio
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from models import AuditEntry, Complaint, InboxMessage
from models.db import pool
from rules.actors import Actor, OrgKind, Role
from rules.errors import Code
from rules.states import Channel
from tests.workflow.chat.talks import Talks, refusal
from tests.workflow.steps import at
from workflow.chat import complaints, overdue
from workflow.people.organisations import REGULATOR
from workflow.reading.inbox import InboxQuery, inbox

TEXT = "上门的人迟到了两个小时"


async def complains(talks: Talks, actor: Actor, **more: Any) -> dict[str, Any]:
    """Somebody complains in the chat."""
    channel = more.pop("channel", Channel.CHAT)
    body = complaints.NewComplaint(**{"city": "daye", "text": TEXT, **more})
    return await talks.world.act(
        actor, lambda unit: complaints.complain(unit, body, channel=channel)
    )


async def queued(talks: Talks, actor: Actor, **more: Any) -> dict[str, Any]:
    """What a member of staff sees."""
    asked = complaints.ComplaintQuery(**{"city": "daye", **more})
    return await talks.world.act(actor, lambda unit: complaints.queue(unit, asked))


async def answers(talks: Talks, actor: Actor, ident: str, text: str = "已安排。") -> Any:
    """A member of staff answers."""
    body = complaints.ComplaintReply(text=text)
    return await talks.world.act(actor, lambda unit: complaints.answer(unit, UUID(ident), body))


async def told(talks: Talks, actor: Actor) -> list[str]:
    """The texts of somebody's inbox, oldest first."""
    page = await inbox(talks.services, actor, InboxQuery(), talks.world.clock.now())
    return [each["text"] for each in reversed(page.body["items"])]


async def test_a_complaint_has_a_number_and_a_due_time(talks: Talks) -> None:
    made = await complains(talks, await talks.chatting("li"))
    assert made["number"].startswith("TS260316-")
    assert made["due_at"] == "2026-03-23T17:30:00+08:00"  # five working days after Monday
    assert (made["light"], made["answer"]) == ("normal", None)
    (row,) = await Complaint.all()
    assert TEXT.encode() not in bytes(row.text_sealed)


async def test_window_and_coordinator_are_told_at_once(talks: Talks) -> None:
    window, bureau = await talks.world.window("daye"), await talks.world.coordinator("daye")
    other = await talks.world.window("zhoukou")
    made = await complains(talks, await talks.chatting("li"))
    expected = f"收到投诉{made['number']}，请在2026年3月23日17:30前答复。"
    assert await told(talks, window) == await told(talks, bureau) == [expected]
    assert await told(talks, other) == []


async def test_about_a_case_it_is_the_cases_city_and_ones_own_case(talks: Talks) -> None:
    owner, stranger = await talks.chatting("li"), await talks.chatting("sun")
    case = await talks.drafts(owner, "zhoukou")
    made = await complains(talks, owner, application_id=case)
    assert (made["city"], made["application_id"]) == ("zhoukou", str(case))
    refused = await refusal(complains(talks, stranger, application_id=case))
    assert refused.code is Code.NOT_FOUND


async def test_a_city_we_do_not_serve(talks: Talks) -> None:
    refused = await refusal(complains(talks, await talks.chatting("li"), city="nowhere"))
    assert refused.code is Code.NOT_FOUND


async def test_nobody_floods_the_window(talks: Talks) -> None:
    owner = await talks.chatting("li")
    for _ in range(complaints.MOST_A_DAY):
        await complains(talks, owner)
    assert (await refusal(complains(talks, owner))).code is Code.TOO_MANY
    talks.world.clock.forward(days=1, seconds=1)
    await complains(talks, owner)


async def test_an_answer_reaches_inbox_and_chat(talks: Talks) -> None:
    owner = await talks.chatting("li")
    await talks.may_be_sent("li")
    made = await complains(talks, owner)
    done = await answers(talks, await talks.world.window("daye"), made["id"])
    assert (done["answer"], done["light"]) == ("已安排。", None)
    assert await told(talks, owner) == [f"您的投诉{made['number']}已有答复，请查看。"]
    await talks.work()
    assert await talks.texts("li") == [f"您的投诉{made['number']}已有答复：\n已安排。"]
    (own,) = (await complaints.own(talks.services, owner, talks.world.clock.now())).body["items"]
    assert (own["answer"], own["text"]) == ("已安排。", TEXT)


async def test_a_complaint_of_the_mini_program_is_answered_there(talks: Talks) -> None:
    owner = await talks.chatting("li")
    made = await complains(talks, owner, channel=Channel.MINIPROGRAM)
    await answers(talks, await talks.world.window("daye"), made["id"])
    assert await talks.rows("chat_message") == []


async def test_the_longest_answer_fits_one_message(talks: Talks) -> None:
    owner = await talks.chatting("li")
    await talks.may_be_sent("li")
    made = await complains(talks, owner)
    await answers(talks, await talks.world.window("daye"), made["id"], "𠮷" * 450)
    await talks.work()
    (row,) = await talks.rows("chat_message")
    assert row.outcome == "sent_1"


async def test_it_is_answered_once(talks: Talks) -> None:
    window = await talks.world.window("daye")
    made = await complains(talks, await talks.chatting("li"))
    await answers(talks, window, made["id"])
    assert (await refusal(answers(talks, window, made["id"]))).code is Code.CONFLICT


async def test_who_may_see_and_answer(talks: Talks) -> None:
    world = talks.world
    made = await complains(talks, await talks.chatting("li"))
    regulator = await world.staff("daye", Role.REGULATOR, OrgKind.REGULATOR, REGULATOR)
    for actor in (await world.window("daye"), await world.coordinator("daye"), regulator):
        assert [each["id"] for each in (await queued(talks, actor))["items"]] == [made["id"]]
    elsewhere = await world.window("zhoukou")
    clerk = await world.staff("daye", Role.UTILITY_CLERK, OrgKind.UTILITY, "water")
    for actor in (elsewhere, clerk, await talks.chatting("sun")):
        assert (await refusal(queued(talks, actor))).code is Code.FORBIDDEN
        assert (await refusal(answers(talks, actor, made["id"]))).code is Code.NOT_FOUND
    await answers(talks, regulator, made["id"])


async def test_nobody_answers_its_own_complaint(talks: Talks) -> None:
    window = await talks.world.window("daye")
    made = await complains(talks, window)
    assert (await refusal(answers(talks, window, made["id"]))).code is Code.FORBIDDEN


async def test_reading_and_answering_leave_a_trace(talks: Talks) -> None:
    window = await talks.world.window("daye")
    made = await complains(talks, await talks.chatting("li"))
    await queued(talks, window)
    await answers(talks, window, made["id"])
    trail = await AuditEntry.filter(object_kind="complaint").order_by("id")
    assert [each.action for each in trail] == ["complain", "read_complaint", "answer_complaint"]
    assert all(TEXT not in str(each.detail) for each in trail)


async def test_the_queue_is_paged_oldest_first_and_keeps_the_answered(talks: Talks) -> None:
    owner, window = await talks.chatting("li"), await talks.world.window("daye")
    made = []
    for _ in range(5):
        made.append((await complains(talks, owner))["id"])
        talks.world.clock.forward(minutes=1)
    first = await queued(talks, window, limit=3)
    assert [each["id"] for each in first["items"]] == made[:3]
    last = await queued(talks, window, limit=3, after=first["next"])
    assert ([each["id"] for each in last["items"]], last["next"]) == (made[3:], None)
    for ident in made[:2]:
        await answers(talks, window, ident)
    answered = await queued(talks, window, state="answered")
    assert [each["id"] for each in answered["items"]] == [made[1], made[0]]
    assert len((await queued(talks, window))["items"]) == 3


async def test_what_is_overdue_glows_and_is_told_once(talks: Talks) -> None:
    window = await talks.world.window("daye")
    made = await complains(talks, await talks.chatting("li"))
    talks.world.clock.set(at(3, 23, 9))
    assert (await queued(talks, window))["items"][0]["light"] == "yellow"
    await overdue.tell_overdue(talks.services)
    talks.world.clock.set(at(3, 24, 9))
    assert (await queued(talks, window))["items"][0]["light"] == "red"
    for _ in range(2):
        await overdue.tell_overdue(talks.services)
    late = [text for text in await told(talks, window) if "逾期" in text]
    assert late == [f"投诉{made['number']}应在2026年3月23日17:30前答复，已逾期，请尽快处理。"]


async def test_an_answered_one_is_never_overdue(talks: Talks) -> None:
    window = await talks.world.window("daye")
    made = await complains(talks, await talks.chatting("li"))
    await answers(talks, window, made["id"])
    talks.world.clock.forward(days=30)
    await overdue.tell_overdue(talks.services)
    assert not await InboxMessage.filter(code="complaint_overdue").exists()


@pytest.mark.parametrize("text", ["", "   ", "坏\u202e字", "字" * 2001])
async def test_what_makes_no_complaint(talks: Talks, text: str) -> None:
    with pytest.raises(ValueError, match="text"):
        complaints.NewComplaint(city="daye", text=text)


async def test_a_day_has_room_for_more_than_a_hundred_thousand(talks: Talks) -> None:
    chatter = await talks.chatting("li")
    await pool().execute(
        "INSERT INTO complaints (id, version, number, city, person_id, channel, text_sealed,"
        " created_at, due_at) SELECT gen_random_uuid(), 1,"
        " 'TS260316-' || lpad(n::text, 5, '0'), 'daye', $1, 'chat', '', $2, $2"
        " FROM generate_series(0, 99999) AS n",
        chatter.person,
        talks.world.clock.now() - timedelta(days=2),
    )
    made = await asyncio.wait_for(complains(talks, chatter), timeout=20)
    assert re.fullmatch("TS260316-[0-9]{6,}", made["number"])
