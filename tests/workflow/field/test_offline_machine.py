"""Phones that were offline: any subset, any order, twice, late, with wrong clocks, while the
survey is moved or cancelled. Nothing is lost, nothing counts twice, and once what is in conflict
has been accepted everything stands as if each thing had been told when it happened.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, ClassVar, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from models import Event, FieldReport, SitePhoto, Survey, SurveyVisit, db
from rules.presence import AHEAD
from rules.states import ReportOutcome, SurveyState, VisitState
from tests.workflow.field.site import AWAY, HERE, Site
from tests.workflow.world import SHANGHAI, World, make_world

Json = dict[str, Any]
T = TypeVar("T")
UTILITIES = ("water", "electricity")
CLOCKS = {"water": timedelta(hours=-7, seconds=11), "electricity": timedelta(days=40)}
"""How far each crew's phone is ahead."""
FINDINGS = ("record_findings", "accept_findings")


@dataclass
class Happened:
    """One thing that happened on site, and the report of it on a phone."""

    at: datetime
    utility: str
    kind: str
    visit: SurveyVisit
    report: Json


class Phones(RuleBasedStateMachine):
    """Two crews' phones and the server."""

    runner: ClassVar[asyncio.Runner]
    world: ClassVar[World]

    def __init__(self) -> None:
        super().__init__()
        self.log: list[Happened] = []
        self.sent: dict[str, Json] = {}
        """Report → the answer it got."""
        self.site = self.run(self._begun())
        self.surveys: list[tuple[Survey, dict[str, SurveyVisit]]] = [
            (self.site.survey, dict(self.site.visits))
        ]
        self.order = Random()
        self.over: set[Any] = set()
        """Surveys that were moved or cancelled."""

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the loop of the database."""
        return self.runner.run(work)

    async def _begun(self) -> Site:
        for table in (SitePhoto, FieldReport):
            await table.all().delete()
        self.world.clock.set(datetime(2026, 3, 16, 9, tzinfo=SHANGHAI))
        return await Site.booked(self.world)

    @initialize(order=st.randoms(use_true_random=False))
    def what_is_left_comes_in_any_order(self, order: Random) -> None:
        self.order = order

    # -- what happens ---------------------------------------------------------------------------

    def _happens(self, utility: str, kind: str, which: int, **body: Any) -> None:
        self.world.clock.forward(minutes=1)
        now = self.world.clock.now()
        _, visits = self.surveys[which % len(self.surveys)]
        if body.get("position"):
            fixed = now + CLOCKS[utility]
            body["position"] = body["position"] | {"fixed_at": fixed.isoformat()}
        self.site.visits = visits
        report = self.site.report(utility, kind, now + CLOCKS[utility], **body)
        self.log.append(Happened(now, utility, kind, visits[utility], report))

    @rule(
        utility=st.sampled_from(UTILITIES),
        which=st.integers(0, 3),
        things=st.lists(
            st.one_of(
                st.tuples(st.just("check_in"), st.sampled_from([HERE, AWAY, None])),
                st.tuples(st.just("findings"), st.integers(1, 999)),
                st.tuples(st.just("late"), st.integers(1, 90)),
                st.tuples(st.sampled_from(["photo", "visit_done"]), st.none()),
            ),
            min_size=1,
            max_size=6,
        ),
    )
    def a_crew_is_on_site(self, utility: str, which: int, things: list[Any]) -> None:
        for kind, what in things:
            self._happens(utility, kind, which, **self._body(utility, kind, what))

    def _body(self, utility: str, kind: str, what: Any) -> Json:
        if kind == "check_in":
            return {"position": what}
        if kind == "findings":
            return {"segments": [{"line_m": what}], "access_point": "门前"}
        if kind == "late":
            return {"minutes": what}
        return {"upload_id": self.run(self._picture(utility))} if kind == "photo" else {}

    async def _picture(self, utility: str) -> str:
        return str(await self.site.picture(await self.site.crew(utility)))

    @rule(minutes=st.integers(1, 600))
    def time_passes(self, minutes: int) -> None:
        self.world.clock.forward(minutes=minutes)

    @precondition(lambda self: self._live() is not None)
    @rule(days=st.integers(1, 3))
    def the_survey_is_moved(self, days: int) -> None:
        then = self.world.clock.now().astimezone(SHANGHAI) + timedelta(days=days)
        survey, visits = self.run(self._moved(then))
        self.over.add(self.surveys[-1][0].id)
        self.surveys.append((survey, visits))

    @precondition(lambda self: self._live() is not None)
    @rule()
    def the_survey_is_cancelled(self) -> None:
        self.site.survey = self.surveys[-1][0]
        self.run(self.site.end(SurveyState.CANCELLED))
        self.over.add(self.site.survey.id)

    def _live(self) -> Survey | None:
        return self.run(self._standing())

    async def _standing(self) -> Survey | None:
        survey = await Survey.get(id=self.surveys[-1][0].id)
        return survey if survey.state is SurveyState.CONFIRMED else None

    async def _moved(self, then: datetime) -> tuple[Survey, dict[str, SurveyVisit]]:
        self.site.survey = self.surveys[-1][0]
        survey = await self.site.end(SurveyState.MOVED, then=then)
        assert survey is not None
        visits = {}
        for utility in UTILITIES:
            request = await self.site.request(utility)
            visits[utility] = await SurveyVisit.get(survey_id=survey.id, request_id=request.id)
        return survey, visits

    # -- what the phones hand in ----------------------------------------------------------------

    @precondition(lambda self: self.log)
    @rule(data=st.data(), utility=st.sampled_from(UTILITIES))
    def a_phone_sends(self, data: st.DataObject, utility: str) -> None:
        own = [each for each in self.log if each.utility == utility]
        if own:
            some = data.draw(st.lists(st.sampled_from(own), min_size=1, max_size=8))
            self._send(utility, some)

    def _send(self, utility: str, some: list[Happened]) -> None:
        async def send() -> list[Json]:
            team = await self.site.crew(utility)
            return await self.site.send(
                team, *(each.report for each in some), ahead=CLOCKS[utility]
            )

        for each, answer in zip(some, self.run(send()), strict=True):
            if each.report["id"] not in self.sent and each.visit.survey_id in self.over:
                assert answer["outcome"] == "conflict"
            known = self.sent.setdefault(each.report["id"], answer)
            assert answer == known
            assert answer["outcome"] in ("applied", "conflict")
            assert datetime.fromisoformat(answer["happened_at"]) == each.at.replace(microsecond=0)
            assert answer["clock_off_s"] == int(CLOCKS[utility].total_seconds())

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def another_body_under_a_known_id(self, data: st.DataObject) -> None:
        sent = [each for each in self.log if each.report["id"] in self.sent]
        each = data.draw(st.sampled_from(sent))

        async def send() -> list[Json]:
            changed = each.report | {"body": each.report["body"] | {"remark": "改"}}
            return await self.site.send(await self.site.crew(each.utility), changed)

        (answer,) = self.run(send())
        assert (answer["outcome"], answer["conflict"]) == ("refused", "id_reused")

    @invariant()
    def nothing_is_lost_and_nothing_is_there_twice(self) -> None:
        async def kept() -> set[str]:
            return {str(ident) for ident in await FieldReport.all().values_list("id", flat=True)}

        assert self.run(kept()) == set(self.sent)

    # -- how it ends ----------------------------------------------------------------------------

    def teardown(self) -> None:
        self.world.clock.forward(days=5)
        left = [e for e in self.log if e.report["id"] not in self.sent]
        self.order.shuffle(left)
        for each in left:
            self._send(each.utility, [each])
        for utility in UTILITIES:
            own = [e for e in self.log if e.utility == utility]
            for start in range(0, len(own), 50):
                self._send(utility, own[start : start + 50])
        self.run(self._accept_all())
        self.run(self._as_if_told_at_once())

    async def _accept_all(self) -> None:
        for each in self.order.sample(self.log, len(self.log)):
            kept = await FieldReport.get(id=each.report["id"])
            if kept.outcome is ReportOutcome.CONFLICT:
                clerk = await self.site.clerk(each.utility)
                told = await self.site.decide(clerk, each.report["id"], "accept")
                assert told["outcome"] == "settled"
        assert not await FieldReport.filter(outcome=ReportOutcome.CONFLICT).exists()

    async def _as_if_told_at_once(self) -> None:
        """The end state, worked out from the log in the order in which things happened."""
        found = {each.utility: each for each in self.log if each.kind == "findings"}
        arrivals = 0
        for survey, visits in self.surveys:
            for visit in visits.values():
                own = [each for each in self.log if each.visit.id == visit.id]
                row = await SurveyVisit.get(id=visit.id)
                came = [each for each in own if each.kind == "check_in"]
                assert row.arrived_at == (came[0].at if came else None)
                assert row.arrival.get("doubts", []) == doubts_of(came)
                arrivals += bool(came)
                late = [e.report["body"]["minutes"] for e in own if e.kind == "late"]
                assert row.late_minutes == (late[-1] if late else 0)
                photos = await SitePhoto.filter(visit_id=visit.id).values_list(
                    "upload_id", flat=True
                )
                told = [e.report["body"]["upload_id"] for e in own if e.kind == "photo"]
                assert sorted(map(str, photos)) == sorted(told)
                if survey.id in self.over:
                    assert row.state is VisitState.ENDED
                elif any(e.kind in ("findings", "visit_done") for e in own):
                    assert row.state is VisitState.DONE
                elif came:
                    assert row.state in (VisitState.ARRIVED, VisitState.DONE)
        for utility in UTILITIES:
            request = await self.site.request(utility)
            line = request.findings["segments"][0]["line_m"] if request.findings else None
            last = found.get(utility)
            told_line = last.report["body"]["segments"][0]["line_m"] if last else None
            assert line == (str(told_line) if told_line else None)
        last_one = await Survey.get(id=self.surveys[-1][0].id)
        if last_one.id not in self.over:
            everything = len(found) == len(UTILITIES)
            assert last_one.state is (SurveyState.DONE if everything else SurveyState.CONFIRMED)
        events = Event.filter(application_id=self.site.drive.id)
        assert await events.filter(name__in=("check_in", "note_check_in")).count() == arrivals
        assert await events.filter(name__in=FINDINGS).count() == len(found)


def doubts_of(came: list[Happened]) -> list[str]:
    """Of the best check-in: without doubts, else the first."""
    judged = [sorted(_doubts(each)) for each in came]
    best = next((doubts for doubts in judged if not doubts), judged[0] if judged else [])
    return sorted(best, key=ORDER.index)


ORDER = ["no_position", "far", "other_day"]


def _doubts(each: Happened) -> set[str]:
    position = each.report["body"].get("position")
    day = each.visit.at.astimezone(SHANGHAI).date()
    near = [(each.at + slack).astimezone(SHANGHAI).date() for slack in (-AHEAD, AHEAD)]
    found = {"other_day"} if day not in near else set()
    if position is None:
        return found | {"no_position"}
    return found | {"far"} if position["lat"] == AWAY["lat"] else found


@pytest.fixture(scope="module")
async def database(template: Any) -> AsyncIterator[str]:
    """One database for all runs."""
    from tests.servers import clone, drop

    url = await clone(template, "field_machine")
    yield url
    await drop(template, "field_machine")


def test_phones_that_were_offline(database: str) -> None:
    with asyncio.Runner() as runner:
        Phones.runner = runner
        runner.run(db.connect(database))
        try:
            Phones.world = runner.run(make_world())
            run_state_machine_as_test(
                Phones,
                settings=settings(
                    max_examples=8,
                    stateful_step_count=12,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            runner.run(db.close())
