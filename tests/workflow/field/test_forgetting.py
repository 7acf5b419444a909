"""Where exactly a crew was is kept sealed until its case has ended, then not at all."""

from datetime import timedelta

from models import Application, FieldReport, Upload
from rules.states import ReportOutcome, Stage
from tests.workflow.field.site import HERE, SITE, Site
from tests.workflow.steps import at
from tests.workflow.world import World
from workflow.background import retention
from workflow.surveys.field import deciding

NINE = at(3, 18, 9)


async def test_positions_are_forgotten_with_the_end_of_the_case(world: World) -> None:
    site = await Site.booked(world)
    team = await site.crew("water")
    report = site.report("water", "check_in", NINE, position=HERE)
    left = site.report("water", "visit_done", NINE)
    await site.send(team, report, left)
    await retention.forget(world.services)
    assert (await site.visit("water")).arrival["position"]
    await Application.filter(id=site.drive.id).update(stage=Stage.CLOSED)
    await retention.forget(world.services)
    arrival = (await site.visit("water")).arrival
    assert arrival["position"] is None
    assert arrival["metres"] is not None
    assert not (await site.kept(report)).body_sealed
    assert (await site.kept(left)).body_sealed
    listed = await world.act(team, lambda unit: deciding.listed(unit, deciding.ReportQuery()))
    assert [item["body"] for item in listed["items"]] == [{}, {}]
    (again,) = await site.send(team, report)
    assert again["outcome"] == "applied"


async def test_what_is_still_to_be_decided_is_kept(world: World) -> None:
    site = await Site.booked(world)
    report = site.report("water", "check_in", NINE, position=HERE)
    await site.send(await site.crew("water"), report)
    await FieldReport.filter(id=report["id"]).update(outcome=ReportOutcome.CONFLICT)
    await Application.filter(id=site.drive.id).update(stage=Stage.CLOSED)
    await retention.forget(world.services)
    assert (await site.kept(report)).body_sealed


async def test_the_place_of_a_photo_that_nobody_handed_in_is_forgotten(world: World) -> None:
    site = await Site.booked(world)
    upload = await site.picture(await site.crew("water"), taken=NINE, place=SITE)
    await retention.forget(world.services)
    assert (await Upload.get(id=upload)).evidence["point"]
    world.clock.set(world.clock.now() + timedelta(days=31))
    await retention.forget(world.services)
    kept = (await Upload.get(id=upload)).evidence
    assert kept["point"] is None
    assert kept["taken_at"]
