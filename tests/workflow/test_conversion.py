"""One registration, several applications; nothing known is asked twice."""

from datetime import timedelta

import pytest

from models import Application, Event, UtilityRequest
from rules.errors import Code, DomainError
from rules.states import Channel, Course
from tests.workflow.registering import FORM_A, convert, park, registered, row, visited
from tests.workflow.world import World
from workflow.cases import acceptance, application, draft
from workflow.registrations import registration


async def test_everything_known_is_filled_in(world: World) -> None:
    owner = await world.person("李")
    id_ = await registered(world, "daye", owner)
    body = await convert(world, owner, id_)
    known = {key: value for key, value in FORM_A.items() if key in body["values"]}
    assert {key: body["values"][key] for key in known} == known
    assert set(FORM_A) - set(known) == {"plan.use_date", "project.name", "other.text"}
    assert body["values"]["needs.text"] == FORM_A["other.text"]
    assert body["registration"]["state"] == "converted"
    app = await Application.get(id=body["id"])
    assert (app.registration_id, app.owner_id) == (id_, owner.person)
    assert b"13800001234" not in bytes(app.personal_sealed or b"")


async def test_temporary_for_the_site_then_permanent(world: World) -> None:
    owner = await world.person("李")
    id_ = await registered(world, "daye", owner)
    site = await convert(world, owner, id_, utilities=("water",), kinds={"water": "temporary"})
    for_good = await convert(world, owner, id_)
    assert site["values"]["utilities"] == ["water"]
    assert site["values"]["water.kind"] == "temporary"
    assert for_good["values"]["utilities"] == ["water", "electricity"]
    assert "water.kind" not in for_good["values"]
    assert site["id"] != for_good["id"]
    counts = await Event.filter(registration_id=id_, name="convert").order_by("id")
    assert [event.data["count"] for event in counts] == [1, 2]
    assert [event.source for event in counts] == ["received", "converted"]


async def test_the_profile_of_an_earlier_application_comes_along(world: World) -> None:
    owner = await world.person("李")
    first = await convert(world, owner, await registered(world, "daye", owner))
    rest = {
        "enterprise.legal_person": "李样",
        "enterprise.address": "样例路一号",
        "survey.time": "2026-03-18T09:00+08:00",
    }
    fields = {key: draft.FieldSave(value=value) for key, value in rest.items()}
    await world.act(owner, lambda u: draft.save(u, first["id"], draft.Save(fields=fields)))
    await world.act(owner, lambda u: application.submit(u, first["id"], expect=None))
    again = await convert(world, owner, await registered(world, "daye", owner))
    assert again["values"]["enterprise.address"] == "样例路一号"
    assert again["values"]["enterprise.legal_person"] == "李样"


async def test_what_the_city_does_not_offer_is_named(world: World) -> None:
    owner = await world.person("李")
    id_ = await registered(world, "daye", owner)
    with pytest.raises(DomainError) as caught:
        await convert(
            world, owner, id_, utilities=("water", "heat"), kinds={"water": "rename", "gas": "new"}
        )
    assert {f.field: f.code for f in caught.value.faults} == {
        "utilities": "not_option",
        "water.kind": "not_option",
    }
    assert not await Application.exists()
    assert (await row(id_)).state == "received"


async def test_the_window_converts_for_an_enterprise(world: World) -> None:
    window = await world.window("daye")
    id_ = await registered(world, "daye", window, walk_in=True)
    body = await convert(world, window, id_)
    app = await Application.get(id=body["id"])
    assert (app.channel, app.owner_id, app.entered_by) == (Channel.WINDOW, None, window.person)


async def test_a_withdrawn_one_makes_no_application(world: World) -> None:
    owner = await world.person("李")
    id_ = await registered(world, "daye", owner)
    why = registration.RegistrationWithdrawal()
    await world.act(owner, lambda u: registration.withdraw(u, id_, why, expect=None))
    with pytest.raises(DomainError) as caught:
        await convert(world, owner, id_)
    assert caught.value.code is Code.MOVE_NOT_ALLOWED
    assert not await Application.exists()


async def test_a_parked_one_may_still_be_converted(world: World) -> None:
    owner = await world.person("李")
    id_ = await registered(world, "zhoukou", owner)
    await visited(world, "zhoukou", id_)
    await park(world, owner, id_)
    assert (await convert(world, owner, id_))["registration"]["state"] == "converted"


async def test_the_agreed_time_goes_over_to_connections_without_a_line(world: World) -> None:
    owner = await world.person("李")
    id_ = await registered(world, "zhoukou", owner)
    await visited(world, "zhoukou", id_)
    at = world.clock.now() + timedelta(days=9)
    agreed = registration.AgreedTime(at=at)
    await world.act(
        await world.window("zhoukou"),
        lambda u: registration.agree_time(u, id_, agreed, expect=None),
    )
    made = await convert(world, owner, id_)
    fields = {"survey.time": draft.FieldSave(value="2026-03-18T09:00+08:00")}
    await world.act(owner, lambda u: draft.save(u, made["id"], draft.Save(fields=fields)))
    await world.act(owner, lambda u: application.submit(u, made["id"], expect=None))
    estimates = {
        u: acceptance.Estimate(external_line=u == "water") for u in ("water", "electricity")
    }
    body = acceptance.Acceptance(estimates=estimates)
    window = await world.window("zhoukou")
    await world.act(window, lambda u: acceptance.accept(u, made["id"], body, expect=None))
    requests = {r.utility: r for r in await UtilityRequest.filter(application_id=made["id"])}
    assert requests["electricity"].course is Course.NO_LINE
    assert requests["electricity"].connection_at == at
    assert requests["water"].connection_at is None
