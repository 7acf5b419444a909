"""What phones hand in: once each, in any order, never lost, judged rather than refused."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from models import Application, Event, FieldReport, SitePhoto, Survey, UploadUse
from rules.errors import Code, DomainError
from rules.states import RequestState, Stage, SurveyState, VisitState
from tests.workflow.field.site import AWAY, FOUND, HERE, SITE, Site
from tests.workflow.steps import at
from tests.workflow.world import World
from workflow.surveys.field import deciding

NINE = at(3, 18, 9)


async def events(site: Site, name: str) -> list[Event]:
    return await Event.filter(application_id=site.drive.id, name=name).order_by("id")


async def test_a_visit_from_a_phone(world: World) -> None:
    site = await Site.booked(world)
    team = await site.crew("water")
    upload = await site.picture(team, taken=NINE, place=SITE)
    told = await site.send(
        team,
        site.report("water", "check_in", NINE, position=HERE | {"fixed_at": NINE.isoformat()}),
        site.report("water", "findings", NINE + timedelta(minutes=20), **FOUND),
        site.report("water", "photo", NINE + timedelta(minutes=5), upload_id=str(upload)),
        site.report("water", "visit_done", NINE + timedelta(minutes=25)),
    )
    assert [each["outcome"] for each in told] == ["applied"] * 4
    assert told[0]["doubts"] == []
    assert told[0]["metres"] < 100
    visit = await site.visit("water")
    assert (visit.state, visit.arrived_at) == (VisitState.DONE, NINE)
    request = await site.request("water")
    assert request.state is RequestState.SURVEYED
    (came,) = await events(site, "check_in")
    assert (came.happened_at, came.entered_at) == (NINE, world.clock.now())
    photo = await SitePhoto.get(visit_id=visit.id)
    assert (photo.doubts, photo.metres, photo.taken_at) == ([], 0, NINE)
    assert await UploadUse.filter(application_id=site.drive.id, upload_id=upload).exists()


async def test_the_place_itself_is_kept_only_sealed(world: World) -> None:
    site = await Site.booked(world)
    team = await site.crew("water")
    upload = await site.picture(team, taken=NINE, place=SITE)
    report = site.report("water", "check_in", NINE, position=HERE)
    shot = site.report("water", "photo", NINE, upload_id=str(upload))
    await site.send(team, report, shot)
    visit = await site.visit("water")
    assert "33.62" not in str(visit.arrival)
    assert visit.arrival["position"]
    kept = await site.kept(report)
    assert b"33.62" not in kept.body_sealed
    used = await UploadUse.get(upload_id=upload).prefetch_related("upload")
    assert used.upload.evidence["point"] is None
    clerk = await site.clerk("water")
    listed = await world.act(clerk, lambda unit: deciding.listed(unit, deciding.ReportQuery()))
    assert len(listed["items"]) == 2
    assert "33.62" not in str(listed)


async def test_sent_twice_it_counts_once_and_gets_the_same_answer(world: World) -> None:
    site = await Site.booked(world)
    team = await site.crew("water")
    report = site.report("water", "check_in", NINE, position=AWAY)
    first = await site.send(team, report)
    world.clock.forward(hours=3)
    again = await site.send(team, report, report)
    assert again == [first[0], first[0]]
    assert len(await events(site, "check_in")) == 1
    assert await FieldReport.all().count() == 1


async def test_another_body_under_the_same_id_is_refused_and_the_first_stays(world: World) -> None:
    site = await Site.booked(world)
    team = await site.crew("water")
    report = site.report("water", "findings", NINE, **FOUND)
    await site.send(team, report)
    (told,) = await site.send(team, report | {"body": FOUND | {"access_point": "别处"}})
    assert (told["outcome"], told["conflict"]) == ("refused", "id_reused")
    assert told["text"]
    request = await site.request("water")
    assert request.findings["access_point"] == FOUND["access_point"]
    other = await site.crew("electricity")
    (told,) = await site.send(other, report)
    assert told["conflict"] == "id_reused"


async def test_of_two_with_one_id_in_a_batch_the_first_counts_for_what_it_names(
    world: World,
) -> None:
    site = await Site.booked(world)
    team = await site.crew("water")
    first = site.report("water", "check_in", NINE)
    other = site.report("electricity", "check_in", NINE) | {"id": first["id"]}
    counted, reused = await site.send(team, first, other)
    assert (counted["outcome"], reused["conflict"]) == ("applied", "id_reused")
    assert len(await events(site, "check_in")) == 1


async def test_the_same_batch_twice_at_once(world: World) -> None:
    site = await Site.booked(world)
    team = await site.crew("water")
    batch = [
        site.report("water", "check_in", NINE),
        site.report("water", "findings", NINE + timedelta(minutes=9), **FOUND),
    ]
    answers = await asyncio.gather(
        *(site.send(team, *(batch if n % 2 else reversed(batch))) for n in range(6))
    )
    assert {tuple(sorted(each["outcome"] for each in told)) for told in answers} == {
        ("applied", "applied")
    }
    assert len(await events(site, "check_in")) == 1
    assert len(await events(site, "record_findings")) == 1


async def test_reports_of_a_batch_are_applied_in_the_order_of_what_happened(world: World) -> None:
    site = await Site.booked(world)
    team = await site.crew("water")
    told = await site.send(
        team,
        site.report("water", "visit_done", NINE + timedelta(minutes=25)),
        site.report("water", "findings", NINE + timedelta(minutes=20), **FOUND),
        site.report("water", "check_in", NINE, position=HERE),
    )
    assert [each["outcome"] for each in told] == ["applied"] * 3
    assert [e.name for e in await Event.filter(request_id__isnull=False).order_by("id")] == [
        "check_in",
        "record_findings",
    ]


async def test_a_check_in_that_comes_after_the_findings_is_noted_after_the_fact(
    world: World,
) -> None:
    site = await Site.booked(world)
    team = await site.crew("water")
    await site.send(team, site.report("water", "findings", NINE, **FOUND))
    (told,) = await site.send(team, site.report("water", "check_in", NINE, position=HERE))
    assert told["outcome"] == "applied"
    assert (await site.visit("water")).arrived_at == NINE
    (noted,) = await events(site, "note_check_in")
    assert noted.happened_at == NINE


async def test_a_wrong_clock_is_mended_by_what_the_phone_says_it_is(world: World) -> None:
    site = await Site.booked(world)
    team = await site.crew("water")
    off = timedelta(hours=5, seconds=3)
    fixed = (NINE + off).isoformat()
    report = site.report("water", "check_in", NINE + off, position=HERE | {"fixed_at": fixed})
    (told,) = await site.send(team, report, ahead=off)
    assert (told["outcome"], told["doubts"]) == ("applied", [])
    assert told["happened_at"] == NINE.isoformat(timespec="seconds")
    kept = await site.kept(report)
    assert (kept.happened_at, kept.received_at, kept.clock_off_s) == (
        NINE,
        world.clock.now(),
        5 * 3600 + 3,
    )
    later = site.report("water", "visit_done", world.clock.now() + timedelta(hours=2))
    (told,) = await site.send(team, later)
    assert (await site.kept(later)).happened_at == world.clock.now()


async def test_a_doubtful_check_in_counts_and_asks_why(world: World) -> None:
    site = await Site.booked(world)
    team = await site.crew("water")
    (told,) = await site.send(team, site.report("water", "check_in", NINE, position=AWAY))
    assert told["outcome"] == "applied"
    assert told["reason_wanted"]
    assert set(told["doubts"]) == {"far", "stale"}
    why = site.report("water", "check_in", NINE, position=AWAY, reason="从南门进场")
    (told,) = await site.send(team, why)
    assert not told["reason_wanted"]
    visit = await site.visit("water")
    assert (visit.reason, visit.arrival["doubts"]) == ("从南门进场", ["far", "stale"])
    fixed = HERE | {"fixed_at": (NINE + timedelta(minutes=3)).isoformat()}
    good = site.report("water", "check_in", NINE + timedelta(minutes=3), position=fixed)
    await site.send(team, good)
    visit = await site.visit("water")
    assert (visit.arrived_at, visit.arrival["doubts"]) == (NINE, [])
    assert len(await events(site, "check_in")) == 1


async def test_the_latest_findings_hold_whichever_came_first(world: World) -> None:
    site = await Site.booked(world)
    team = await site.crew("water")
    old = site.report("water", "findings", NINE, **FOUND)
    new = site.report("water", "findings", NINE + timedelta(minutes=9), **FOUND, remark="复测")
    await site.send(team, new)
    (told,) = await site.send(team, old)
    assert (told["outcome"], told["effect"]) == ("applied", "superseded")
    assert (await site.request("water")).findings["remark"] == "复测"
    newest = site.report("water", "findings", NINE + timedelta(minutes=12), **FOUND, remark="再测")
    await site.send(team, newest)
    assert (await site.request("water")).findings["remark"] == "再测"
    assert len(await events(site, "correct_findings")) == 1


async def test_one_bad_report_does_not_hold_up_the_others(world: World) -> None:
    site = await Site.booked(world)
    team = await site.crew("water")
    bad: dict[str, Any] = {"segments": [{"line_m": 5, "crossing_m": 9, "road_class": "branch"}]}
    told = await site.send(
        team,
        site.report("water", "check_in", NINE, position=HERE),
        site.report("water", "findings", NINE, **bad, access_point="门前"),
        site.report("water", "findings", NINE, rubbish=1),
        site.report("electricity", "check_in", NINE),
        site.report("water", "check_in", NINE) | {"visit_id": str(uuid4())},
        site.report("water", "photo", NINE, upload_id=str(uuid4())),
        site.report("water", "visit_done", NINE),
    )
    assert [(each["outcome"], each["conflict"]) for each in told] == [
        ("applied", None),
        ("refused", "invalid"),
        ("refused", "invalid"),
        ("refused", "not_found"),
        ("refused", "not_found"),
        ("refused", "invalid"),
        ("applied", None),
    ]
    (fault,) = told[1]["faults"]
    assert (fault["field"], fault["message"]) == (
        "segments.0.crossing_m",
        "穿越道路长度不能大于管线长度",
    )
    assert {each["code"] for each in told[2]["faults"]} == {"required", "unknown_field"}
    assert await FieldReport.all().count() == 7
    assert (await site.request("water")).state is RequestState.PENDING
    assert (await site.visit("electricity")).arrived_at is None


@pytest.mark.parametrize("state", [SurveyState.MOVED, SurveyState.CANCELLED])
async def test_after_the_survey_was_moved_it_is_kept_to_be_decided(
    world: World, state: SurveyState
) -> None:
    site = await Site.booked(world)
    team, clerk = await site.crew("water"), await site.clerk("water")
    then = at(3, 20, 9) if state is SurveyState.MOVED else None
    await site.end(state, then=then)
    upload = await site.picture(team, taken=NINE)
    sent = [
        site.report("water", "check_in", NINE, position=HERE),
        site.report("water", "findings", NINE + timedelta(minutes=20), **FOUND),
        site.report("water", "photo", NINE, upload_id=str(upload)),
    ]
    told = await site.send(team, *sent)
    code = f"survey_{state.value}"
    assert {(each["outcome"], each["conflict"]) for each in told} == {("conflict", code)}
    assert (await site.request("water")).state is RequestState.PENDING
    with pytest.raises(DomainError) as refused:
        await site.decide(team, sent[0]["id"], "accept")
    assert refused.value.code is Code.NOT_FOUND
    for each in sent:
        settled = await site.decide(clerk, each["id"], "accept")
        assert (settled["outcome"], settled["decision"]) == ("settled", "accept")
        assert await site.decide(clerk, each["id"], "accept") == settled
    visit = await site.visit("water")
    assert (visit.state, visit.arrived_at) == (VisitState.ENDED, NINE)
    assert (await site.request("water")).state is RequestState.SURVEYED
    assert await SitePhoto.filter(visit_id=visit.id).count() == 1
    (again,) = await site.send(team, sent[0])
    assert again["outcome"] == "settled"


async def test_a_conflict_is_discarded_by_the_organiser_and_stays_in_the_books(
    world: World,
) -> None:
    site = await Site.booked(world)
    team, bureau = await site.crew("water"), await world.coordinator("zhoukou")
    await site.end(SurveyState.CANCELLED)
    report = site.report("water", "check_in", NINE)
    await site.send(team, report)
    asked = deciding.ReportQuery.model_validate({"outcome": "conflict"})
    listed = await world.act(bureau, lambda unit: deciding.listed(unit, asked))
    assert [(item["id"], item["may_decide"]) for item in listed["items"]] == [(report["id"], True)]
    told = await site.decide(bureau, report["id"], "discard")
    assert (told["outcome"], told["decision"]) == ("settled", "discard")
    assert (await site.visit("water")).arrived_at is None
    with pytest.raises(DomainError) as refused:
        await site.decide(bureau, report["id"], "accept")
    assert refused.value.code is Code.CONFLICT
    kept = await site.kept(report)
    assert (kept.decided_by, kept.decided_at) == (bureau.person, world.clock.now())
    listed = await world.act(bureau, lambda unit: deciding.listed(unit, asked))
    assert listed["items"] == []


async def test_others_neither_see_nor_decide(world: World) -> None:
    site = await Site.booked(world)
    await site.end(SurveyState.CANCELLED)
    report = site.report("water", "check_in", NINE)
    await site.send(await site.crew("water"), report)
    others = [
        await site.clerk("electricity"),
        await site.crew("electricity"),
        await world.person("孙"),
        await world.window("daye"),
        await world.coordinator("daye"),
    ]
    for other in others:
        listed = await world.act(other, lambda unit: deciding.listed(unit, deciding.ReportQuery()))
        assert listed["items"] == []
        with pytest.raises(DomainError) as refused:
            await site.decide(other, report["id"], "accept")
        assert refused.value.code is Code.NOT_FOUND
    mine = await world.act(
        await site.crew("water"), lambda unit: deciding.listed(unit, deciding.ReportQuery())
    )
    assert [item["mine"] for item in mine["items"]] == [True]


async def test_what_happened_before_acceptance_is_a_clock_gone_wrong(world: World) -> None:
    site = await Site.booked(world)
    report = site.report("water", "check_in", at(3, 1), position=HERE)
    (told,) = await site.send(await site.crew("water"), report)
    assert (told["outcome"], told["conflict"]) == ("conflict", "time_unlikely")
    await site.decide(await site.clerk("water"), report["id"], "accept")
    app = await site.drive.app()
    assert (await site.visit("water")).arrived_at == app.accepted_at


async def test_whether_there_is_a_line_is_not_overruled_in_passing(world: World) -> None:
    site = await Site.booked(world)
    team = await site.crew("water")
    await site.send(team, site.report("water", "findings", NINE, **FOUND))
    none = site.report(
        "water",
        "findings",
        NINE + timedelta(minutes=5),
        segments=[{"line_m": 0}],
        access_point="门",
    )
    (told,) = await site.send(team, none)
    assert (told["outcome"], told["conflict"]) == ("conflict", "line_disputed")


async def test_a_departments_inspector_has_a_part_by_its_visit(world: World) -> None:
    site = await Site.booked(world, department="chengguan")
    inspector = await world.approver("zhoukou", site.visits["chengguan"].organization_id)
    upload = await site.picture(inspector, taken=NINE, place=SITE)
    told = await site.send(
        inspector,
        site.report("chengguan", "check_in", NINE, position=HERE),
        site.report("chengguan", "photo", NINE, upload_id=str(upload)),
        site.report("chengguan", "findings", NINE, **FOUND),
        site.report("chengguan", "visit_done", NINE),
        site.report("water", "check_in", NINE),
    )
    assert [each["conflict"] for each in told] == [None, None, "no_request", None, "not_found"]
    assert (await site.visit("chengguan")).state is VisitState.DONE
    assert not await events(site, "check_in")


async def test_a_report_may_name_the_survey_or_the_request_instead(world: World) -> None:
    site = await Site.booked(world)
    team = await site.crew("water")
    by_survey = site.report("water", "check_in", NINE)
    by_survey["survey_id"] = str(site.survey.id)
    del by_survey["visit_id"]
    by_request = site.report("water", "visit_done", NINE)
    by_request["request_id"] = str((await site.request("water")).id)
    del by_request["visit_id"]
    told = await site.send(team, by_survey, by_request)
    assert [each["outcome"] for each in told] == ["applied", "applied"]
    assert (await site.visit("water")).state is VisitState.DONE


async def test_with_the_last_findings_the_survey_is_done(world: World) -> None:
    site = await Site.booked(world)
    for utility in ("water", "electricity"):
        report = site.report(utility, "findings", NINE, **FOUND)
        await site.send(await site.crew(utility), report)
    assert (await Survey.get(id=site.survey.id)).state is SurveyState.DONE
    late = site.report("water", "check_in", NINE, position=HERE)
    (told,) = await site.send(await site.crew("water"), late)
    assert told["outcome"] == "applied"


async def test_another_persons_picture_is_none_of_ours(world: World) -> None:
    site = await Site.booked(world)
    team = await site.crew("water")
    foreign = await site.picture(await site.crew("electricity"))
    paper = await site.picture(team, media_type="application/pdf")
    told = await site.send(
        team,
        site.report("water", "photo", NINE, upload_id=str(foreign)),
        site.report("water", "photo", NINE, upload_id=str(paper)),
    )
    assert [each["faults"][0]["code"] for each in told] == ["upload_unknown", "picture_needed"]


async def test_batches_are_bounded(world: World) -> None:
    site = await Site.booked(world)
    team = await site.crew("water")
    batch = [site.report("water", "visit_done", NINE + timedelta(seconds=n)) for n in range(50)]
    told = await site.send(team, *batch)
    assert {each["outcome"] for each in told} == {"applied"}
    with pytest.raises(ValueError, match="at most 50"):
        await site.send(team, *batch, site.report("water", "visit_done", NINE))


async def test_a_clock_that_was_never_set_is_mended_one_beyond_all_reason_is_told(
    world: World,
) -> None:
    site = await Site.booked(world)
    team = await site.crew("water")
    never_set = timedelta(days=-56 * 365)
    report = site.report("water", "check_in", NINE + never_set)
    (told,) = await site.send(team, report, ahead=never_set)
    assert told["happened_at"] == NINE.isoformat(timespec="seconds")
    with pytest.raises(DomainError) as refused:
        await site.send(team, site.report("water", "visit_done", NINE), ahead=never_set * 2)
    assert [(f.field, f.code) for f in refused.value.faults] == [("sent_at", "value_wrong")]


async def test_an_arrival_counts_though_the_case_has_ended_meanwhile(world: World) -> None:
    site = await Site.booked(world)
    await Application.filter(id=site.drive.id).update(stage=Stage.WITHDRAWN)
    report = site.report("water", "check_in", NINE, position=HERE)
    (told,) = await site.send(await site.crew("water"), report)
    assert told["outcome"] == "applied"
    assert (await site.visit("water")).arrived_at == NINE
    late = site.report("water", "findings", NINE, **FOUND)
    (told,) = await site.send(await site.crew("water"), late)
    assert (told["outcome"], told["conflict"]) == ("conflict", "move_not_allowed")


async def test_who_is_late_and_who_does_not_come_are_told_from_a_phone_too(world: World) -> None:
    site = await Site.booked(world)
    team = await site.crew("water")
    world.clock.set(NINE - timedelta(minutes=20))
    late = site.report("water", "late", NINE - timedelta(minutes=25), minutes=15)
    (told,) = await site.send(team, late)
    assert told["outcome"] == "applied", told
    assert (await site.visit("water")).late_minutes == 15
    earlier = site.report("water", "late", NINE - timedelta(minutes=30), minutes=40)
    (told,) = await site.send(team, earlier)
    assert told["effect"] == "superseded"
    world.clock.set(NINE + timedelta(minutes=50))
    soon = site.report("water", "no_show", NINE + timedelta(minutes=1))
    (told,) = await site.send(team, soon)
    assert (told["outcome"], told["conflict"]) == ("conflict", "not_yet_absent")
    absent = site.report("water", "no_show", NINE + timedelta(minutes=45))
    (told,) = await site.send(team, absent)
    assert told["outcome"] == "applied", told
    assert (await Survey.get(id=site.survey.id)).state is SurveyState.MISSED
    other = site.report("electricity", "check_in", NINE + timedelta(minutes=46))
    (told,) = await site.send(await site.crew("electricity"), other)
    assert (told["outcome"], told["conflict"]) == ("conflict", "survey_missed")
