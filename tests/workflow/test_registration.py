"""一口登记: one entry reaches every utility; calls, parking, withdrawal, who sees it."""

from datetime import date, datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest

from models import AuditEntry, Deadline, Event, InboxMessage, Organization, RegistrationVisit
from rules.actors import SYSTEM, OrgKind, Role
from rules.errors import Code, DomainError
from rules.states import Channel
from tests.workflow.registering import FORM_A, park, registered, row, visit, visited, visitors
from tests.workflow.world import SHANGHAI, World
from workflow.registrations import registration
from workflow.values import REGISTRATION_PURPOSE, load

DAYE_PROVIDERS = {"water", "electricity", "gas", "telecom", "mobile", "unicom", "broadnet"}


async def test_in_daye_every_provider_owes_a_call_within_a_working_day(world: World) -> None:
    owner = await world.person("李")
    id_ = await registered(world, "daye", owner)
    owed = await RegistrationVisit.filter(registration_id=id_)
    names = await Organization.filter(id__in=[v.organization_id for v in owed])
    assert {each.code for each in names} == DAYE_PROVIDERS
    clocks = await Deadline.filter(registration_id=id_, closed_at=None)
    assert {c.organization_id for c in clocks} == {v.organization_id for v in owed}
    tuesday = datetime(2026, 3, 17, 17, 30, tzinfo=SHANGHAI)
    assert {c.due_at for c in clocks} == {tuesday}
    assert (await row(id_)).due_at == tuesday


async def test_in_zhoukou_the_lead_bureau_owes_one_joint_call(world: World) -> None:
    id_ = await registered(world, "zhoukou", await world.person("李"))
    owed = await RegistrationVisit.get(registration_id=id_)
    lead = await Organization.get(city="zhoukou", kind=OrgKind.LEAD)
    assert owed.organization_id == lead.id
    body = await visit(world, await world.coordinator("zhoukou"), id_)
    assert body["state"] == "visited"
    assert body["due_at"] is None


async def test_contact_is_sealed_and_found_by_its_hash_only(world: World) -> None:
    id_ = await registered(world, "daye", await world.person("李"))
    found = await row(id_)
    assert "contact.phone" not in found.fields_
    assert b"13800001234" not in bytes(found.personal_sealed or b"")
    opened = load(world.services.seal, found, REGISTRATION_PURPOSE)
    assert opened == FORM_A
    assert found.contact_lookup == world.services.seal.lookup("13800001234", "phone").hex()
    told = await Event.filter(registration_id=id_).values_list("data", flat=True)
    assert "13800001234" not in str(told)


async def test_every_fault_of_form_a_at_once(world: World) -> None:
    broken = registration.NewRegistration(
        city="daye",
        values={**FORM_A, "contact.phone": "123", "plan.use_date": "2020-01-01", "nonsense": 1},
    )
    with pytest.raises(DomainError) as caught:
        await world.act(
            await world.person("李"),
            lambda unit: registration.register(unit, broken, channel=Channel.MINIPROGRAM),
        )
    assert {f.field: f.code for f in caught.value.faults} == {
        "contact.phone": "phone_wrong",
        "plan.use_date": "date_past",
        "nonsense": "unknown_field",
    }
    assert not await RegistrationVisit.exists()


async def test_the_last_call_makes_it_visited_and_stops_only_its_own_clock(world: World) -> None:
    id_ = await registered(world, "daye", await world.person("李"))
    everyone = await visitors(world, "daye", id_)
    first = await visit(world, everyone[0], id_)
    assert first["state"] == "received"
    assert first["visits_owed"] == len(everyone) - 1
    assert "record_visit" not in first["allowed"]
    still = await Deadline.filter(registration_id=id_, closed_at=None).values_list(
        "organization_id", flat=True
    )
    assert len(still) == len(everyone) - 1
    states = [(await visit(world, actor, id_))["state"] for actor in everyone[1:]]
    assert states == [*["received"] * (len(everyone) - 2), "visited"]
    assert not await Deadline.filter(registration_id=id_, closed_at=None).exists()
    names = [event.name for event in await Event.filter(registration_id=id_).order_by("id")]
    assert names == ["register", *["record_visit"] * len(everyone), "visits_complete"]


async def test_a_second_call_of_one_organisation_is_refused(world: World) -> None:
    id_ = await registered(world, "daye", await world.person("李"))
    water = (await visitors(world, "daye", id_))[0]
    await visit(world, water, id_)
    with pytest.raises(DomainError) as caught:
        await visit(world, water, id_)
    assert caught.value.code is Code.GUARD_FAILED
    assert "record_visit" not in caught.value.data["allowed"]


async def test_a_call_cannot_lie_in_the_future(world: World) -> None:
    id_ = await registered(world, "daye", await world.person("李"))
    water = (await visitors(world, "daye", id_))[0]
    with pytest.raises(DomainError) as caught:
        await visit(world, water, id_, at=world.clock.now() + timedelta(minutes=1))
    assert [f.code for f in caught.value.faults] == ["time_future"]


async def test_parked_until_the_planning_permit_reminds(world: World) -> None:
    owner = await world.person("李")
    id_ = await registered(world, "daye", owner)
    await visited(world, "daye", id_)
    assert (await park(world, owner, id_))["state"] == "parked"
    window = await world.window("daye")
    issued = registration.PlanningPermit(issued_on=date(2026, 3, 15))
    body = await world.act(
        window,
        lambda unit: registration.planning_permit_issued(unit, id_, issued, expect=None),
    )
    assert body["state"] == "parked"
    assert body["planning_permit_on"] == "2026-03-15"
    told = await InboxMessage.filter(person_id=owner.person, code="planning_permit_issued")
    assert [message.registration_id for message in told] == [id_]


async def test_an_agreed_time_lies_ahead_and_makes_it_ready(world: World) -> None:
    owner = await world.person("李")
    id_ = await registered(world, "daye", owner)
    await visited(world, "daye", id_)
    clerk = (await visitors(world, "daye", id_))[0]
    wrong = {
        world.clock.now(): "time_past",
        datetime(2026, 3, 22, 3, 0, tzinfo=SHANGHAI): "time_not_working",  # a Sunday night
        datetime(2026, 3, 23, 12, 30, tzinfo=SHANGHAI): "time_not_working",  # lunch
        datetime(2026, 4, 6, 9, 0, tzinfo=SHANGHAI): "time_not_working",  # 清明, a Monday
    }
    for at, code in wrong.items():
        told = registration.AgreedTime(at=at)
        with pytest.raises(DomainError) as caught:
            await world.act(
                clerk,
                lambda u, body=told: registration.agree_time(u, id_, body, expect=None),  # type: ignore[misc]
            )
        assert [(f.field, f.code) for f in caught.value.faults] == [("at", code)]
    assert (await row(id_)).agreed_connection_at is None
    ahead = registration.AgreedTime(at=world.clock.now() + timedelta(days=9))
    body = await world.act(clerk, lambda u: registration.agree_time(u, id_, ahead, expect=None))
    assert body["state"] == "ready"
    assert (await row(id_)).agreed_connection_at == ahead.at


async def test_the_owner_agrees_the_time_too_and_every_utility_hears(world: World) -> None:
    owner = await world.person("李")
    id_ = await registered(world, "daye", owner)
    await visited(world, "daye", id_)
    water = (await visitors(world, "daye", id_))[0]
    at = world.clock.now() + timedelta(days=9)
    body = await world.act(
        owner,
        lambda u: registration.agree_time(u, id_, registration.AgreedTime(at=at), expect=None),
    )
    assert body["state"] == "ready"
    assert datetime.fromisoformat(body["agreed_connection_at"]) == at
    event = await Event.filter(registration_id=id_).order_by("-id").first()
    assert event is not None
    assert (event.name, event.role, event.person_id) == ("agree_time", Role.APPLICANT, owner.person)
    told = await InboxMessage.filter(code="agree_time").values_list("person_id", flat=True)
    assert water.person in told
    stranger = await world.person("王")
    with pytest.raises(DomainError) as caught:
        await world.act(
            stranger,
            lambda u: registration.agree_time(u, id_, registration.AgreedTime(at=at), expect=None),
        )
    assert caught.value.code is Code.NOT_FOUND


async def test_withdrawn_ends_every_clock_and_allows_nothing_more(world: World) -> None:
    owner = await world.person("李")
    id_ = await registered(world, "daye", owner)
    why = registration.RegistrationWithdrawal(reason="项目取消")
    body = await world.act(owner, lambda u: registration.withdraw(u, id_, why, expect=1))
    assert (body["state"], body["allowed"], body["due_at"]) == ("withdrawn", [], None)
    with pytest.raises(DomainError) as caught:
        await world.act(owner, lambda u: registration.withdraw(u, id_, why, expect=None))
    assert caught.value.code is Code.MOVE_NOT_ALLOWED


async def test_a_stale_version_tells_what_changed(world: World) -> None:
    owner = await world.person("李")
    id_ = await registered(world, "zhoukou", owner)
    await visit(world, await world.coordinator("zhoukou"), id_)
    why = registration.RegistrationWithdrawal()
    with pytest.raises(DomainError) as caught:
        await world.act(owner, lambda u: registration.withdraw(u, id_, why, expect=1))
    assert caught.value.code is Code.VERSION_STALE
    assert [c["event"] for c in caught.value.data["changes"]] == ["record_visit", "visits_complete"]


async def test_who_has_no_part_in_it_finds_nothing(world: World) -> None:
    id_ = await registered(world, "daye", await world.person("李"))
    why = registration.RegistrationWithdrawal()
    strangers = [await world.person("王"), await world.window("zhoukou")]
    strangers.append(await world.staff("daye", Role.APPROVER, OrgKind.DEPARTMENT, "chengguan"))
    for actor in strangers:
        for target in (id_, uuid4()):
            give_up = partial(registration.withdraw, registration_id=target, body=why, expect=None)
            with pytest.raises(DomainError) as caught:
                await world.act(actor, give_up)
            assert caught.value.code is Code.NOT_FOUND
            assert caught.value.data == {}


async def test_a_utility_sees_it_but_cannot_withdraw_it(world: World) -> None:
    id_ = await registered(world, "daye", await world.person("李"))
    water = (await visitors(world, "daye", id_))[0]
    why = registration.RegistrationWithdrawal()
    with pytest.raises(DomainError) as caught:
        await world.act(water, lambda u: registration.withdraw(u, id_, why, expect=None))
    assert caught.value.code is Code.NOT_YOURS_TO_MOVE
    assert caught.value.data["allowed"] == ("record_visit",)


async def test_utilities_and_window_are_told_at_once(world: World) -> None:
    clerk = await world.staff("daye", Role.UTILITY_CLERK, OrgKind.UTILITY, "gas")
    window = await world.window("daye")
    elsewhere = await world.window("zhoukou")
    await registered(world, "daye", await world.person("李"))
    told = await InboxMessage.filter(code="register").values_list("person_id", flat=True)
    assert {clerk.person, window.person} <= set(told)
    assert elsewhere.person not in told


async def test_at_the_window_it_belongs_to_nobody_until_claimed(world: World) -> None:
    window = await world.window("daye")
    id_ = await registered(world, "daye", window, walk_in=True)
    found = await row(id_)
    assert (found.owner_id, found.channel) == (None, "window")
    assert [entry.role for entry in await AuditEntry.filter(object_id=str(id_))] == ["window_clerk"]


async def test_only_a_window_enters_for_others(world: World) -> None:
    for actor in (await world.person("李"), await world.window("zhoukou"), SYSTEM):
        with pytest.raises(DomainError) as caught:
            await registered(world, "daye", actor, walk_in=True)
        assert caught.value.code is Code.FORBIDDEN
