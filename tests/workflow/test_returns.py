"""Before acceptance: return and correction, gaps, rejection, withdrawal; drafts shared by two."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from models import Deadline, Event, Survey
from rules.actors import Actor
from rules.errors import Code, DomainError
from rules.states import Channel, Stage, SurveyState
from tests.workflow.drive import Drive
from tests.workflow.forms import DAYE, ZHOUKOU
from tests.workflow.world import SHANGHAI, World
from workflow.cases import acceptance, application, draft


async def submitted(world: World, city: str = "daye") -> Drive:
    drive = await Drive.drafted(world, city, DAYE if city == "daye" else ZHOUKOU)
    await drive.submit()
    return drive


async def send_back(drive: Drive, *fields: str) -> None:
    version = (await drive.app()).version
    faults = tuple(acceptance.FaultTold(field=field, reason="field_wrong") for field in fields)
    await drive.world.act(
        await drive.world.window(drive.city),
        lambda unit: acceptance.return_for_correction(
            unit, drive.id, acceptance.Return(faults=faults), expect=version
        ),
    )


async def acceptance_clock(drive: Drive) -> Deadline:
    return await Deadline.get(application_id=drive.id, step="acceptance")


async def test_the_acceptance_clock_stands_still_while_returned(world: World) -> None:
    drive = await submitted(world)  # Monday 09:00, half a working day (195 minutes)
    clock = await acceptance_clock(drive)
    assert clock.due_at == datetime(2026, 3, 16, 14, 45, tzinfo=SHANGHAI)
    world.clock.forward(hours=1)
    await send_back(drive, "site.address")
    assert (await acceptance_clock(drive)).paused_at is not None
    assert await Survey.filter(application_id=drive.id, state=SurveyState.CANCELLED).exists()
    world.clock.set(datetime(2026, 3, 17, 9, 0, tzinfo=SHANGHAI))
    await drive.save({"site.address": "样例大道 9 号"})
    await drive.submit()
    clock = await acceptance_clock(drive)
    # 60 of 195 minutes were used; 135 run on from Tuesday 09:00
    assert clock.due_at == datetime(2026, 3, 17, 11, 15, tzinfo=SHANGHAI)
    assert (await drive.app()).sequence == 1
    assert await Survey.filter(application_id=drive.id, state=SurveyState.HELD).exists()


async def test_a_new_fault_may_be_told_only_the_first_time(world: World) -> None:
    drive = await submitted(world)
    await send_back(drive, "site.address", "contact.name")
    await drive.save({"site.address": "样例大道 9 号", "project.code": "2026-420281-33-01-654321"})
    await drive.submit()
    with pytest.raises(DomainError) as refused:
        await send_back(drive, "enterprise.name")
    assert [fault.code for fault in refused.value.faults] == ["told_once"]
    # told before, or changed since: may be returned again
    await send_back(drive, "contact.name", "project.code")
    assert (await drive.app()).stage is Stage.RETURNED


async def test_gaps_are_accepted_where_the_city_allows(world: World) -> None:
    drive = await submitted(world)
    app = await drive.app()
    due = world.clock.now() + timedelta(days=5)
    window = await world.window("daye")

    def with_gaps(*codes: str) -> acceptance.AcceptanceWithGaps:
        return acceptance.AcceptanceWithGaps(
            gaps=tuple(acceptance.Gap(document=code, due_at=due) for code in codes)
        )

    with pytest.raises(DomainError) as refused:
        await world.act(
            window,
            lambda unit: acceptance.accept_with_gaps(
                unit, drive.id, with_gaps("business_licence"), expect=app.version
            ),
        )
    assert [(f.field, f.code) for f in refused.value.faults] == [("gaps.site_right", "gap_unnamed")]
    await world.act(
        window,
        lambda unit: acceptance.accept_with_gaps(
            unit, drive.id, with_gaps("business_licence", "site_right"), expect=app.version
        ),
    )
    clock = await Deadline.get(application_id=drive.id, step="gap_papers")
    assert clock.due_at == due
    assert clock.organization_id is None

    zhoukou = await submitted(world, "zhoukou")
    version = (await zhoukou.app()).version
    with pytest.raises(DomainError) as refused:
        await world.act(
            await world.window("zhoukou"),
            lambda unit: acceptance.accept_with_gaps(
                unit, zhoukou.id, with_gaps("business_licence"), expect=version
            ),
        )
    assert refused.value.code is Code.GUARD_FAILED


async def test_rejection_is_before_acceptance_only(world: World) -> None:
    drive = await submitted(world, "zhoukou")
    await drive.accept()
    version = (await drive.app()).version
    body = acceptance.Rejection(reason="duplicate", explanation="已有同样申请")
    with pytest.raises(DomainError) as refused:
        await world.act(
            await world.window("zhoukou"),
            lambda unit: acceptance.reject(unit, drive.id, body, expect=version),
        )
    assert refused.value.code is Code.MOVE_NOT_ALLOWED
    assert "reject" not in refused.value.data["allowed"]


@pytest.mark.parametrize("who", ["stranger", "other_city_window"])
async def test_a_foreign_case_is_as_if_it_did_not_exist(world: World, who: str) -> None:
    drive = await submitted(world)
    actor: Actor = await world.person("王") if who == "stranger" else await world.window("zhoukou")
    with pytest.raises(DomainError) as refused:
        await world.act(
            actor,
            lambda unit: application.withdraw(
                unit, drive.id, application.Withdrawal(), expect=None
            ),
        )
    assert refused.value.code is Code.NOT_FOUND


async def test_a_draft_is_nobody_elses_even_at_the_window(world: World) -> None:
    drive = await Drive.drafted(world, "daye", DAYE)
    with pytest.raises(DomainError) as refused:
        await world.act(await world.window("daye"), lambda unit: draft.read_draft(unit, drive.id))
    assert refused.value.code is Code.NOT_FOUND


async def test_a_slower_writer_gets_the_conflict_and_loses_nothing(world: World) -> None:
    drive = await Drive.drafted(world, "daye", DAYE)
    base = (await drive.app()).revisions["site.address"]

    async def write(value: str, base: int) -> dict[str, Any]:
        body = draft.Save(fields={"site.address": draft.FieldSave(value=value, base=base)})
        return await world.act(drive.owner, lambda unit: draft.save(unit, drive.id, body))

    def kept(answer: dict[str, Any]) -> list[str]:
        return [each["value"] for each in answer["conflicts"].get("site.address", [])]

    first = await write("一号", base)
    assert not first["conflicts"]
    assert kept(await write("二号", base)) == ["二号"]
    assert kept(await write("三号", base)) == ["二号", "三号"]
    # whoever has not seen them writes on, and they stay
    unseeing = await write("一号甲", first["revisions"]["site.address"])
    assert unseeing["values"]["site.address"] == "一号甲"
    assert kept(unseeing) == ["二号", "三号"]
    with pytest.raises(DomainError) as refused:
        await drive.submit()
    assert refused.value.code is Code.DRAFT_CONFLICT
    assert [f.field for f in refused.value.faults] == ["site.address"]
    checked = await world.act(drive.owner, lambda unit: draft.check_draft(unit, drive.id))
    assert [f["code"] for f in checked["faults"]] == ["conflict_open"]
    # whoever has read them chooses
    seen = await world.act(drive.owner, lambda unit: draft.read_draft(unit, drive.id))
    settled = await write("二号", seen["revisions"]["site.address"])
    assert (settled["conflicts"], settled["values"]["site.address"]) == ({}, "二号")
    assert (await drive.submit())["number"]


async def test_nobody_has_read_a_version_that_is_not_there(world: World) -> None:
    drive = await Drive.drafted(world, "daye", DAYE)
    body = draft.Save(fields={"site.address": draft.FieldSave(value="九号", base=99)})
    with pytest.raises(DomainError) as refused:
        await world.act(drive.owner, lambda unit: draft.save(unit, drive.id, body))
    assert [f.field for f in refused.value.faults] == ["fields.site.address.base"]


async def test_personal_values_are_sealed_at_rest(world: World) -> None:
    drive = await Drive.drafted(world, "daye", DAYE)
    row = await drive.app()
    assert "13800001234" not in str(row.fields_)
    assert row.personal_sealed is not None
    assert b"13800001234" not in row.personal_sealed
    assert row.contact_lookup is not None


async def test_every_fault_of_a_blank_form_comes_at_once(world: World) -> None:
    drive = await Drive.drafted(world, "daye", {"contact.phone": "12"})
    with pytest.raises(DomainError) as refused:
        await drive.submit()
    assert refused.value.code is Code.INVALID
    assert {f.field for f in refused.value.faults} >= {
        "enterprise.name",
        "enterprise.credit_code",
        "contact.name",
        "contact.phone",
        "site.town",
        "utilities",
    }
    assert (await drive.app()).sequence is None


async def test_a_walk_in_is_entered_by_the_window_and_found_by_the_phone(world: World) -> None:
    clerk = await world.window("daye")
    body = await world.act(
        clerk,
        lambda unit: draft.create_draft(
            unit, draft.NewDraft(city="daye", walk_in=True), channel=Channel.MINIPROGRAM
        ),
    )
    drive = Drive(world, "daye", clerk, UUID(str(body["id"])))
    await drive.save(DAYE, clerk)
    await drive.submit()
    app = await drive.app()
    assert (app.channel, app.entered_by, app.owner_id) == (Channel.WINDOW, clerk.person, None)
    assert (await Event.get(application_id=app.id, name="submit")).role.value == "window_clerk"


async def test_the_window_does_not_resubmit_for_an_online_applicant(world: World) -> None:
    drive = await submitted(world)
    await send_back(drive, "site.address")
    version = (await drive.app()).version
    with pytest.raises(DomainError) as refused:
        await world.act(
            await world.window("daye"),
            lambda unit: application.submit(unit, drive.id, expect=version),
        )
    assert refused.value.code is Code.GUARD_FAILED
