"""Every act a dialogue may ask for, carried out on real tables through the use cases."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, get_args
from uuid import UUID, uuid4

import asyncpg
import pytest

from bot import acting
from bot.dialogue.acts import (
    Act,
    BookSurvey,
    CancelSurvey,
    CheckDraft,
    Complain,
    ConfirmVisit,
    Effect,
    Link,
    OpenDraft,
    Rate,
    Read,
    ReadCases,
    ReadComplaints,
    ReadDraft,
    ReadJoined,
    ReadLink,
    ReadStatus,
    ReadVisits,
    Register,
    SaveFields,
    Submit,
    TakePicture,
    Unlink,
    Withdraw,
)
from bot.dialogue.heard import Done, Refused
from models import (
    Application,
    AuditEntry,
    Complaint,
    Conversation,
    EnterpriseMember,
    Event,
    InboxMessage,
    OutboxRow,
    Rating,
    Registration,
    Survey,
)
from models.base import new_id
from models.db import pool
from rules.actors import Actor
from rules.errors import Code, Fault
from rules.states import Channel, Stage
from tests.workflow.chat.talks import Talks
from tests.workflow.drive import Drive
from tests.workflow.forms import DAYE
from tests.workflow.registering import FORM_A, TOWNS
from tests.workflow.steps import accepted, at, crew, of
from tests.workflow.surveys.fleet import accepted as with_crews
from tests.workflow.surveys.fleet import fleet
from workflow.chat import links, reading, turns
from workflow.people.identity import ANONYMOUS
from workflow.unit import Answer, Unit


@dataclass
class Chat:
    """Somebody's chat: acts are carried out in it, one turn each."""

    talks: Talks
    name: str

    async def do(self, *acts: Act) -> list[Done | Refused]:
        """Acts of one turn, one after another."""
        told: list[Done | Refused] = []

        async def turn(unit: Unit, talk: turns.Talk) -> None:
            for act in acts:
                told.append(await acting.carry_out(act, unit, talk))

        await self.talks.turn(self.name, turn)
        return told

    async def done(self, act: Act) -> dict[str, Any]:
        """What an act that must pass tells."""
        (outcome,) = await self.do(act)
        assert isinstance(outcome, Done), outcome
        return dict(outcome.told)

    async def refused(self, act: Act) -> Refused:
        """The refusal of an act that must not pass."""
        (outcome,) = await self.do(act)
        assert isinstance(outcome, Refused), outcome
        return outcome

    async def read(self, act: ReadCases | ReadStatus) -> Done | Refused:
        """The short way, outside of a unit of work."""
        actor = await self.talks.chatting(self.name)
        now = self.talks.world.clock.now()
        return await acting.read(act, self.talks.services, actor, now)

    async def person(self) -> UUID:
        """Who speaks."""
        return (await self.talks.chat(self.name)).person_id

    async def is_of(self, actor: Actor) -> None:
        """The chat belongs to somebody who has cases already."""
        await self.talks.turn(self.name)
        await Conversation.filter(openid=f"oa-{self.name}").update(person_id=actor.person)


@pytest.fixture
def li(talks: Talks) -> Chat:
    """李's chat."""
    return Chat(talks, "li")


def form_a(city: str) -> dict[str, Any]:
    """Form A filled in."""
    return FORM_A | {"site.town": TOWNS[city]}


def fields(values: dict[str, Any], told: dict[str, Any]) -> dict[str, tuple[Any, int]]:
    """Values to save on top of what was told."""
    return {key: (value, told["revisions"].get(key, 0)) for key, value in values.items()}


async def filled(li: Chat, values: dict[str, Any] | None = None) -> dict[str, Any]:
    """A draft of Daye filled in by talking."""
    told = await li.done(OpenDraft("daye"))
    act = SaveFields(UUID(told["id"]), fields(values or DAYE, told))
    return await li.done(act)


def test_every_act_has_somebody_to_carry_it_out() -> None:
    known = set(acting._CARRIERS) | {ReadCases, ReadStatus}
    assert known == set(get_args(Read)) | set(get_args(Effect))


# --- the form --------------------------------------------------------------------------------


async def test_a_draft_begun_by_talking_is_the_mini_programs_draft(li: Chat) -> None:
    told = await li.done(OpenDraft("daye"))
    app = await Application.get(id=told["id"])
    assert (app.channel, app.owner_id, app.stage) == (
        Channel.CHAT,
        await li.person(),
        Stage.DRAFT,
    )
    assert (told["city"], told["stage"], told["version"]) == ("daye", "draft", app.version)


async def test_saved_fields_are_read_back_with_their_faults(li: Chat) -> None:
    told = await li.done(OpenDraft("daye"))
    wrong = {"contact.phone": "123", "contact.name": "李样"}
    saved = await li.done(SaveFields(UUID(told["id"]), fields(wrong, told)))
    assert saved["values"]["contact.name"] == "李样"
    (fault,) = saved["faults"]
    assert isinstance(fault, Fault)
    assert fault.field == "contact.phone"
    read = await li.done(ReadDraft("daye"))
    assert (read["id"], read["values"]["contact.name"]) == (told["id"], "李样")
    assert read["revisions"]["contact.name"] == saved["version"]


async def test_a_value_written_meanwhile_in_the_mini_program_is_a_conflict(li: Chat) -> None:
    told = await li.done(OpenDraft("daye"))
    case = UUID(told["id"])
    drive = Drive(li.talks.world, "daye", await li.talks.chatting("li"), case)
    await drive.save({"site.address": "样例大道 1 号"})
    late = await li.done(SaveFields(case, {"site.address": ("样例大道 2 号", 0)}))
    assert late["values"]["site.address"] == "样例大道 1 号"
    assert late["conflicts"]["site.address"][0]["value"] == "样例大道 2 号"


async def test_the_draft_last_worked_on_is_the_one_gone_on_with(li: Chat) -> None:
    assert await li.done(ReadDraft("daye")) == {}
    first = await li.done(OpenDraft("daye"))
    li.talks.world.clock.forward(minutes=1)
    second = await li.done(OpenDraft("daye"))
    await li.done(OpenDraft("zhoukou"))
    assert (await li.done(ReadDraft("daye")))["id"] == second["id"]
    li.talks.world.clock.forward(minutes=1)
    await li.done(SaveFields(UUID(first["id"]), fields({"contact.name": "李样"}, first)))
    assert (await li.done(ReadDraft("daye")))["id"] == first["id"]
    named = await li.done(ReadDraft("daye", UUID(second["id"])))
    assert named["id"] == second["id"]


async def test_every_fault_at_once_before_submitting(li: Chat) -> None:
    told = await li.done(OpenDraft("daye"))
    checked = await li.done(CheckDraft(UUID(told["id"])))
    missing = {fault.field for fault in checked["faults"]}
    assert {"enterprise.name", "contact.phone", "utilities"} <= missing
    done = await filled(li)
    assert (await li.done(CheckDraft(UUID(done["id"]))))["faults"] == ()


async def test_submitting_what_was_shown_gives_the_number(li: Chat) -> None:
    told = await filled(li)
    done = await li.done(Submit(UUID(told["id"]), told["version"]))
    assert (done["number"], done["stage"]) == ("2026（000001）号", "submitted")
    assert done["survey_at"] == "2026-03-18T09:00:00+08:00"
    event = await Event.get(name="submit")
    assert event.person_id == await li.person()


async def test_what_changed_meanwhile_is_not_submitted_unseen(li: Chat) -> None:
    told = await filled(li)
    case = UUID(told["id"])
    drive = Drive(li.talks.world, "daye", await li.talks.chatting("li"), case)
    await drive.save({"site.address": "样例大道 9 号"})
    refused = await li.refused(Submit(case, told["version"]))
    assert refused.code is Code.VERSION_STALE
    assert refused.data["changed"][0]["field"] == "site.address"
    assert (await Application.get(id=case)).stage is Stage.DRAFT


async def test_an_unfinished_form_is_refused_with_every_fault(li: Chat) -> None:
    told = await li.done(OpenDraft("daye"))
    refused = await li.refused(Submit(UUID(told["id"]), told["version"]))
    assert refused.code is Code.INVALID
    assert len(refused.faults) > 3


async def test_a_refused_act_leaves_nothing_and_the_turn_goes_on(li: Chat) -> None:
    told = await filled(li, DAYE | {"contact.phone": "1"})
    case = UUID(told["id"])
    audits = await AuditEntry.all().count()
    first, second = await li.do(Submit(case, told["version"]), Complain("daye", "样例投诉内容"))
    assert isinstance(first, Refused)
    assert isinstance(second, Done)
    assert await Event.filter(name="submit").count() == 0
    assert await AuditEntry.all().count() == audits + 1
    assert (await Application.get(id=case)).sequence is None


async def test_what_makes_no_body_is_refused_in_our_words(li: Chat) -> None:
    refused = await li.refused(Complain("daye", "坏\u202e字"))
    assert (refused.code, refused.faults[0].field) == (Code.INVALID, "text")
    assert refused.faults[0].code == "bad_character"


async def test_what_is_no_refusal_goes_on_to_the_caller(li: Chat) -> None:
    told = await li.done(OpenDraft("daye"))
    case = UUID(told["id"])
    await pool().execute("ALTER TABLE applications RENAME TO gone")
    with pytest.raises(asyncpg.UndefinedTableError):
        await li.do(Submit(case, 1))


async def test_intent_is_registered(li: Chat) -> None:
    told = await li.done(Register("daye", form_a("daye")))
    row = await Registration.get(id=told["id"])
    assert (row.channel, row.owner_id) == (Channel.CHAT, await li.person())
    assert told["state"] == "received"
    refused = await li.refused(Register("daye", {}))
    assert refused.code is Code.INVALID


async def test_forms_and_registrations_are_given_up(li: Chat) -> None:
    told = await filled(li)
    case = UUID(told["id"])
    assert (await li.done(Withdraw(case, reason="不办了")))["stage"] == "withdrawn"
    registered = await li.done(Register("daye", form_a("daye")))
    gone = await li.done(Withdraw(UUID(registered["id"]), "registration"))
    assert gone["state"] == "withdrawn"


# --- reads -----------------------------------------------------------------------------------


async def test_own_cases_newest_first(li: Chat) -> None:
    first = await li.done(OpenDraft("daye"))
    li.talks.world.clock.forward(minutes=1)
    second = await li.done(Register("zhoukou", form_a("zhoukou")))
    for outcome in (await li.read(ReadCases()), (await li.do(ReadCases()))[0]):
        assert isinstance(outcome, Done)
        assert [each["id"] for each in outcome.told["items"]] == [second["id"], first["id"]]
    (drafts,) = await li.do(ReadCases("draft"))
    assert isinstance(drafts, Done)
    assert [each["id"] for each in drafts.told["items"]] == [first["id"]]


async def submitted(li: Chat) -> UUID:
    """A submitted case of the chat."""
    told = await filled(li)
    await li.done(Submit(UUID(told["id"]), told["version"]))
    return UUID(told["id"])


@asynccontextmanager
async def noting(connection: Any, statements: list[str]) -> AsyncIterator[None]:
    """Note every statement of a connection."""

    def note(record: Any) -> None:
        statements.append(record.query)

    connection.add_query_logger(note)
    yield
    connection.remove_query_logger(note)


async def test_the_only_open_case_is_told_by_one_statement(li: Chat) -> None:
    case = await submitted(li)
    told = await li.read(ReadStatus())
    assert isinstance(told, Done)
    assert (told.told["kind"], told.told["id"]) == ("application", str(case))
    assert told.told["now"]["step"] == "acceptance"
    actor, now = await li.talks.chatting("li"), li.talks.world.clock.now()
    statements: list[str] = []

    async def look(unit: Unit) -> Answer:
        async with pool().acquire() as connection:
            pass  # inside of a unit it is always the same one
        async with noting(connection, statements):
            return Answer(await reading.status(unit.services, actor, now))

    await li.talks.world.act(ANONYMOUS, look)
    assert len(statements) == 1, statements


async def test_a_named_case_is_told(li: Chat) -> None:
    case = await submitted(li)
    for outcome in (await li.read(ReadStatus(case)), (await li.do(ReadStatus(case)))[0]):
        assert isinstance(outcome, Done)
        assert outcome.told["number"] == "2026（000001）号"


async def test_several_open_cases_are_listed(li: Chat) -> None:
    case = await submitted(li)
    registered = await li.done(Register("daye", form_a("daye")))
    told = await li.read(ReadStatus())
    assert isinstance(told, Done)
    assert {each["id"] for each in told.told["items"]} == {str(case), registered["id"]}


async def test_an_only_registration_is_told_as_one(li: Chat) -> None:
    registered = await li.done(Register("daye", form_a("daye")))
    ident = UUID(registered["id"])
    for act in (ReadStatus(), ReadStatus(ident, "registration")):
        for outcome in (await li.read(act), (await li.do(act))[0]):
            assert isinstance(outcome, Done)
            assert (outcome.told["kind"], outcome.told["id"]) == ("registration", str(ident))
            assert outcome.told["visits"]


async def test_with_nothing_open_everything_is_listed(li: Chat) -> None:
    empty = await li.read(ReadStatus())
    assert isinstance(empty, Done)
    assert empty.told == {"items": []}
    told = await li.done(OpenDraft("daye"))
    drafts = await li.read(ReadStatus())
    assert isinstance(drafts, Done)
    assert [each["id"] for each in drafts.told["items"]] == [told["id"]]


async def test_a_colleagues_case_counts_a_strangers_does_not(li: Chat) -> None:
    case = await submitted(li)
    enterprise = (await Application.get(id=case)).enterprise_id
    sun = Chat(li.talks, "sun")
    refused = await sun.read(ReadStatus(case))
    assert isinstance(refused, Refused)
    assert refused.code is Code.NOT_FOUND
    await sun.talks.turn("sun")
    await EnterpriseMember.create(
        id=new_id(),
        enterprise_id=enterprise,
        person_id=await sun.person(),
        relation="agent",
        created_at=li.talks.world.clock.now(),
    )
    told = await sun.read(ReadStatus())
    assert isinstance(told, Done)
    assert told.told["id"] == str(case)


async def test_an_office_opens_no_foreign_case_here(li: Chat) -> None:
    case = await submitted(li)
    clerk = Chat(li.talks, "window")
    await clerk.is_of(await li.talks.world.window("daye"))
    for act in (
        ReadStatus(case),
        ReadDraft("daye", case),
        Withdraw(case),
        SaveFields(case, {"site.address": ("别处", 99)}),
        Rate(case, 5),
        Complain("daye", "样例投诉内容", case),
    ):
        assert (await clerk.refused(act)).code is Code.NOT_FOUND, act
    told = await clerk.read(ReadStatus(case))
    assert isinstance(told, Refused)


# --- survey, rating, visits ------------------------------------------------------------------


async def test_a_survey_is_booked_moved_and_cancelled(li: Chat) -> None:
    drive = await accepted(li.talks.world)
    await li.is_of(drive.owner)
    moved = await li.done(BookSurvey(drive.id, at(3, 19, 15)))
    assert moved["at"] == "2026-03-19T15:00:00+08:00"
    assert moved["survey_at"] == moved["at"]
    assert await Survey.filter(application_id=drive.id, state="confirmed").count() == 1
    refused = await li.refused(BookSurvey(drive.id, at(3, 21, 12)))
    assert [fault.code for fault in refused.faults] == ["time_not_working"]
    await li.done(CancelSurvey(drive.id, "临时有事"))
    assert await Survey.filter(application_id=drive.id, state="confirmed").count() == 0


async def test_who_comes_too_late_for_a_time_is_told_the_next_ones(li: Chat) -> None:
    world = li.talks.world
    await fleet("water", "electricity")
    other, drive = await with_crews(world, "18T09:00"), await with_crews(world)
    await li.is_of(drive.owner)
    lost = await li.refused(BookSurvey(drive.id, at(3, 18, 9)))
    assert lost.code is Code.SLOT_TAKEN
    assert lost.data["choices"][0] == "2026年3月18日10:30"
    await li.done(BookSurvey(drive.id, at(3, 18, 10, 30)))
    assert other.id != drive.id


async def test_a_rating_is_given_once(li: Chat) -> None:
    drive = await accepted(li.talks.world)
    await li.is_of(drive.owner)
    assert (await li.refused(Rate(drive.id, 5))).code is Code.MOVE_NOT_ALLOWED
    await Application.filter(id=drive.id).update(stage=Stage.CONNECTED)
    low = await li.refused(Rate(drive.id, 1))
    assert [fault.code for fault in low.faults] == ["reason_needed"]
    outside = await li.refused(Rate(drive.id, 9))
    assert (outside.code, outside.faults[0].field) == (Code.INVALID, "level")
    await li.done(Rate(drive.id, 1, "太慢"))
    assert (await Rating.get(application_id=drive.id)).reason == "太慢"
    assert (await li.refused(Rate(drive.id, 5))).code is Code.GUARD_FAILED


async def test_a_crew_confirms_its_visit_in_its_office(li: Chat) -> None:
    drive = await accepted(li.talks.world)
    row = await of(drive, "water")
    team = Chat(li.talks, "crew")
    await team.is_of(await crew(drive, "water"))
    (item,) = (await team.done(ReadVisits("zhoukou")))["items"]
    assert item["request"] == str(row.id)
    told = await team.done(ConfirmVisit(row.id, "arrived"))
    assert (told["number"], told["utility"]) == ("2026（000001）号", "water")
    assert await Event.filter(name="check_in", request_id=row.id).count() == 1
    refused = await team.refused(ConfirmVisit(row.id, "finished"))
    assert refused.data["guard"] == "findings_needed"
    assert (await li.refused(ReadVisits("zhoukou"))).code is Code.FORBIDDEN
    assert (await li.refused(ConfirmVisit(row.id, "arrived"))).code is Code.FORBIDDEN


# --- oneself ---------------------------------------------------------------------------------


async def test_a_complaint_is_recorded(li: Chat) -> None:
    told = await li.done(Complain("daye", "样例投诉内容"))
    row = await Complaint.get(number=told["number"])
    assert (row.channel, row.person_id) == (Channel.CHAT, await li.person())
    assert told["due_at"]


async def test_a_picture_is_fetched_after_the_turn(li: Chat) -> None:
    told = await li.done(OpenDraft("daye"))
    case = UUID(told["id"])
    day = li.talks.world.clock.now().date()
    code = li.talks.services.cities.on("daye", day).documents[0].code
    await li.done(TakePicture(case, "MEDIA", code))
    (row,) = await OutboxRow.filter(topic="chat_picture")
    assert row.payload["conversation"] == str((await li.talks.chat("li")).id)
    assert (await li.refused(TakePicture(case, "MEDIA", "nothing"))).code is Code.INVALID
    assert (await li.refused(TakePicture(uuid4(), "MEDIA", code))).code is Code.NOT_FOUND
    assert await OutboxRow.filter(topic="chat_picture").count() == 1


async def test_who_has_registered_is_not_asked_again_in_the_application(li: Chat) -> None:
    await li.done(Register("daye", FORM_A))
    values = (await li.done(OpenDraft("daye")))["values"]
    told = {key: value for key, value in FORM_A.items() if key in values}
    assert told == values
    assert {"enterprise.name", "enterprise.credit_code", "contact.name", "contact.phone"} <= set(
        values
    )
    assert "site.address" not in values


async def test_ones_own_complaints_are_read(li: Chat) -> None:
    made = await li.done(Complain("daye", "踏勘来晚了两次"))
    told = await li.done(ReadComplaints())
    assert [each["number"] for each in told["items"]] == [made["number"]]
    assert told["items"][0]["answer"] is None
    assert told["items"][0]["due_at"] == made["due_at"]


async def test_linked_in_a_turn_the_rest_of_it_is_the_persons(li: Chat) -> None:
    owner = await li.talks.signed_in("li")
    case = await li.talks.drafts(owner)
    code = (await li.talks.world.act(owner, links.offer))["code"]
    linked, cases = await li.do(Link(code), ReadCases())
    assert isinstance(linked, Done)
    assert isinstance(cases, Done)
    assert [each["id"] for each in cases.told["items"]] == [str(case)]


async def test_a_code_is_looked_at_joined_and_taken_apart(li: Chat) -> None:
    case = UUID((await li.done(OpenDraft("daye")))["id"])
    chatter = await li.person()
    owner = await li.talks.signed_in("li")
    code = (await li.talks.world.act(owner, links.offer))["code"]
    seen, joined, standing = await li.do(ReadLink(code), Link(code), ReadJoined())
    assert isinstance(seen, Done)
    assert isinstance(joined, Done)
    assert isinstance(standing, Done)
    assert (seen.told["cases"], joined.told["cases"], standing.told["cases"]) == (1, 1, 1)
    assert standing.told["by"] == "code"
    assert await li.talks.owner(case) == owner.person
    left, cases = await li.do(Unlink(), ReadCases())
    assert isinstance(left, Done)
    assert isinstance(cases, Done)
    assert left.told["cases"] == 1
    assert [each["id"] for each in cases.told["items"]] == [str(case)]
    assert await li.talks.owner(case) == chatter
    assert (await li.refused(Unlink())).code is Code.CONFLICT


async def test_a_wrong_code_counts_although_the_turn_goes_on(li: Chat) -> None:
    wrong, other = await li.do(Link("00000000"), OpenDraft("daye"))
    assert isinstance(wrong, Refused)
    assert wrong.code is Code.CHAT_CODE_WRONG
    assert isinstance(other, Done)
    assert (await li.talks.chat("li")).tries == 1
    assert not await InboxMessage.filter(code="chat_joined").exists()
