"""联合踏勘记录: made of what was found, confirmed by all who came; each change asks anew."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from models import Event, InboxMessage, Survey, UploadUse
from rules.actors import Actor
from rules.errors import Code, DomainError
from rules.states import SurveyState
from tests.workflow.field.site import FOUND, HERE, Site
from tests.workflow.steps import at
from tests.workflow.world import World
from workflow.cases import site_visit
from workflow.surveys.record import acts

Json = dict[str, Any]
NINE = at(3, 18, 9)


async def found(world: World, *utilities: str, department: str | None = None) -> Site:
    """A visit at which these have recorded what they found."""
    site = await Site.booked(world, department=department)
    for utility in utilities:
        await site.send(await site.crew(utility), site.report(utility, "findings", NINE, **FOUND))
    return site


async def read(site: Site, actor: Actor) -> Json:
    return await site.world.act(actor, lambda unit: acts.record(unit, site.survey.id))


async def draw_up(site: Site, actor: Actor) -> Json:
    return await site.world.act(actor, lambda unit: acts.draw_up(unit, site.survey.id))


async def change(site: Site, actor: Actor, **body: Any) -> Json:
    given = acts.Change.model_validate(body)
    return await site.world.act(actor, lambda unit: acts.change(unit, site.survey.id, given))


async def sign(site: Site, actor: Actor, edition: int = 1, **body: Any) -> Json:
    given = acts.Word.model_validate({"edition": edition, "agrees": True} | body)
    return await site.world.act(actor, lambda unit: acts.sign(unit, site.survey.id, given))


async def told(site: Site, code: str) -> int:
    return await InboxMessage.filter(code=f"application.{code}").count() or (
        await InboxMessage.filter(code=code).count()
    )


def words(record: Json) -> list[bool | None]:
    return [party["word"] and party["word"]["agrees"] for party in record["parties"]]


async def test_it_is_made_with_the_last_findings_and_agreed_with_the_last_word(
    world: World,
) -> None:
    site = await found(world, "water", "electricity")
    assert (await Survey.get(id=site.survey.id)).state is SurveyState.DONE
    record = await read(site, site.drive.owner)
    assert (record["edition"], words(record)) == (1, [None, None, None])
    assert [f["utility"] for f in record["findings"]] == ["water", "electricity"]
    assert record["findings"][0]["segments"][0]["line_m"] == "120"
    assert record["address"] == "川汇区庆丰路 12 号"
    for actor in (site.drive.owner, await site.crew("water")):
        assert (await sign(site, actor))["agreed_at"] is None
    agreed = await sign(site, await site.clerk("electricity"))
    assert agreed["agreed_at"] is not None
    assert not agreed["may_change"]
    names = [e.name for e in await Event.filter(application_id=site.drive.id).order_by("id")]
    assert names[-5:] == [
        "draw_up_record",
        "sign_record",
        "sign_record",
        "sign_record",
        "agree_record",
    ]
    with pytest.raises(DomainError) as refused:
        await change(site, await site.crew("water"), edition=1, conclusion="改")
    assert (refused.value.code, refused.value.data["guard"]) == (Code.GUARD_FAILED, "record_open")


async def test_a_change_is_a_new_edition_and_asks_everybody_again(world: World) -> None:
    site = await found(world, "water", "electricity")
    water, electricity = await site.crew("water"), await site.crew("electricity")
    await sign(site, site.drive.owner)
    await sign(site, electricity)
    record = await change(site, water, edition=1, conclusion="同沟敷设", notes="注意燃气管")
    assert (record["edition"], words(record)) == (2, [None, None, None])
    assert record["conclusion"] == "同沟敷设"
    (note,) = record["notes"]
    assert note["text"] == "注意燃气管"
    with pytest.raises(DomainError) as refused:
        await sign(site, site.drive.owner, 1)
    assert (refused.value.code, refused.value.data["edition"]) == (Code.CONFLICT, 2)
    with pytest.raises(DomainError) as refused:
        await change(site, electricity, edition=1, conclusion="另行敷设")
    assert refused.value.code is Code.CONFLICT
    for actor in (site.drive.owner, water, electricity):
        record = await sign(site, actor, 2)
    assert record["agreed_at"] is not None


async def test_an_objection_says_why_and_can_be_taken_back(world: World) -> None:
    site = await found(world, "water", "electricity")
    with pytest.raises(DomainError) as refused:
        await sign(site, site.drive.owner, agrees=False)
    assert [(f.field, f.code) for f in refused.value.faults] == [("remark", "reason_needed")]
    for utility in ("water", "electricity"):
        await sign(site, await site.crew(utility))
    record = await sign(site, site.drive.owner, agrees=False, remark="长度不对")
    assert (record["agreed_at"], words(record)[-1]) == (None, False)
    world.clock.forward(minutes=5)
    record = await sign(site, site.drive.owner)
    assert record["agreed_at"] is not None


async def test_corrected_findings_open_an_agreed_record_again(world: World) -> None:
    site = await found(world, "water", "electricity")
    team = await site.crew("water")
    for actor in (site.drive.owner, team, await site.crew("electricity")):
        await sign(site, actor)
    body = site_visit.Findings.model_validate(
        {"visited_at": NINE, "segments": [{"line_m": 90}], "access_point": "后门"}
    )
    request = await site.request("water")
    await world.act(
        team, lambda unit: site_visit.correct_findings(unit, request.id, body, expect=None)
    )
    record = await read(site, team)
    assert (record["edition"], record["agreed_at"]) == (2, None)
    assert words(record) == [None, None, None]
    assert record["findings"][0]["segments"][0]["line_m"] == "90"


async def test_a_department_that_came_is_a_party_one_that_did_not_is_none(world: World) -> None:
    site = await found(world, "water", "electricity", department="chengguan")
    inspector = await world.approver("zhoukou", site.visits["chengguan"].organization_id)
    assert len((await read(site, inspector))["parties"]) == 3
    with pytest.raises(DomainError) as refused:
        await sign(site, inspector)
    assert refused.value.code is Code.NOT_YOURS_TO_MOVE
    (told,) = await site.send(inspector, site.report("chengguan", "check_in", NINE, position=HERE))
    assert told["outcome"] == "applied"
    record = await read(site, inspector)
    assert (record["edition"], len(record["parties"])) == (2, 4)
    record = await sign(site, inspector, 2)
    assert words(record).count(True) == 1


async def test_before_all_have_recorded_those_there_may_draw_it_up(world: World) -> None:
    site = await found(world, "water")
    with pytest.raises(DomainError) as refused:
        await read(site, site.drive.owner)
    assert refused.value.code is Code.NOT_FOUND
    with pytest.raises(DomainError) as refused:
        await draw_up(site, site.drive.owner)
    assert refused.value.code is Code.NOT_YOURS_TO_MOVE
    record = await draw_up(site, await site.crew("water"))
    assert [f["utility"] for f in record["findings"]] == ["water"]
    assert await draw_up(site, await world.coordinator("zhoukou")) == record | {"may_sign": False}
    report = site.report("electricity", "findings", NINE, **FOUND)
    await site.send(await site.crew("electricity"), report)
    record = await read(site, site.drive.owner)
    assert (record["edition"], len(record["findings"])) == (2, 2)


async def test_nobody_came_no_record(world: World) -> None:
    site = await Site.booked(world)
    with pytest.raises(DomainError) as refused:
        await draw_up(site, await world.coordinator("zhoukou"))
    assert refused.value.data["guard"] == "somebody_came"


async def test_a_drawn_signature_is_a_picture_of_ones_own(world: World) -> None:
    site = await found(world, "water", "electricity")
    team = await site.crew("water")
    drawn = await site.picture(team)
    foreign = await site.picture(await site.crew("electricity"))
    with pytest.raises(DomainError) as refused:
        await sign(site, team, upload_id=str(foreign))
    assert [f.code for f in refused.value.faults] == ["upload_unknown"]
    record = await sign(site, team, upload_id=str(drawn))
    own = next(p for p in record["parties"] if p["word"])
    assert UUID(own["word"]["upload_id"]) == drawn
    assert await UploadUse.filter(upload_id=drawn, purpose=acts.SIGNATURE).count() == 1


async def test_strangers_and_other_cities_see_nothing(world: World) -> None:
    site = await found(world, "water", "electricity")
    others = [
        await world.person("孙"),
        await world.window("daye"),
        await world.coordinator("daye"),
    ]
    for other in others:
        for act in (read, draw_up, sign):
            with pytest.raises(DomainError) as refused:
                await act(site, other)
            assert refused.value.code is Code.NOT_FOUND


async def test_a_signature_from_a_phone_counts_for_the_edition_it_was_given_on(
    world: World,
) -> None:
    site = await found(world, "water")
    team = await site.crew("water")
    early = site.report("water", "signature", NINE + timedelta(minutes=20), edition=1, agrees=True)
    (told,) = await site.send(team, early)
    assert (told["outcome"], told["conflict"]) == ("conflict", "record_not_yet")
    report = site.report("electricity", "findings", NINE, **FOUND)
    await site.send(await site.crew("electricity"), report)
    (told,) = await site.send(team, early)
    assert (told["outcome"], told["conflict"]) == ("applied", None)
    assert words(await read(site, team)).count(True) == 1
    await change(site, team, edition=1, conclusion="同沟敷设")
    old = site.report(
        "electricity", "signature", NINE + timedelta(minutes=21), edition=1, agrees=True
    )
    (told,) = await site.send(await site.crew("electricity"), old)
    assert (told["outcome"], told["effect"]) == ("applied", "older_edition")
    assert words(await read(site, team)) == [None, None, None]
