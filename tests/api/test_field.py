"""The visit itself over HTTP: check-in, photos, what phones hand in, decisions, the record."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from models import Survey, SurveyVisit, Upload, UtilityRequest
from models.db import pool
from rules.places import Place, System, to_gcj02
from tests.api.journey import accepted
from tests.api.service import Caller, Service, codes, ok, problem
from tests.api.test_uploads import send, spooled
from tests.storage.corpus import LATITUDE, LONGITUDE, photo, zipped
from tests.workflow.field.site import FOUND, add_visit

Json = dict[str, Any]
TAKEN = Place(LONGITUDE, LATITUDE, System.WGS84)
"""Where the sample photo says that it was taken."""


class Visited:
    """A case of 大冶 with water and electricity, at the time of its visit."""

    def __init__(self, service: Service, survey: Survey, visits: dict[str, SurveyVisit]) -> None:
        self.service, self.survey, self.visits = service, survey, visits

    @property
    def at(self) -> datetime:
        return self.survey.at

    def position(self, **more: Any) -> Json:
        here = to_gcj02(TAKEN)
        return {
            "lat": here.lat,
            "lng": here.lon,
            "system": "gcj02",
            "accuracy_m": 12.5,
            "fixed_at": self.service.clock.now().isoformat(),
        } | more

    def report(self, utility: str, kind: str, **body: Any) -> Json:
        return {
            "id": str(uuid4()),
            "kind": kind,
            "visit_id": str(self.visits[utility].id),
            "happened_at": (self.at + timedelta(minutes=5)).isoformat(),
            "body": body,
        }

    async def hand_in(self, caller: Caller, *reports: Json) -> list[Json]:
        body = {"sent_at": self.service.clock.now().isoformat(), "reports": reports}
        told = ok(await caller.post("/field/reports", body, key=None))
        return list(told["reports"])


@pytest.fixture
async def visited(service: Service) -> Visited:
    here = to_gcj02(TAKEN)
    point = {"lat": here.lat, "lng": here.lon, "system": "gcj02"}
    told = {"site__point": point, "utilities": ["water", "electricity"]}
    changed = {name.replace("__", "."): value for name, value in told.items()}
    app = await accepted(service, "daye", **changed)
    survey = await Survey.get(application_id=app["id"], state="confirmed")
    visits = {}
    for request in await UtilityRequest.filter(application_id=app["id"]):
        visits[request.utility] = await add_visit(survey, request.organization_id, request.id)
    service.clock.set(survey.at + timedelta(minutes=20))
    return Visited(service, survey, visits)


async def test_a_whole_visit(service: Service, visited: Visited) -> None:
    crew = await service.crew("daye", "water")
    path = f"/visits/{visited.visits['water'].id}"
    refused = await crew.post(f"{path}/check-in", {})
    assert codes(problem(refused, 422, "invalid")) == {"reason": "reason_needed"}
    assert refused.json()["doubts"] == ["no_position"]
    came = ok(await crew.post(f"{path}/check-in", {"position": visited.position()}))
    assert (came["state"], came["doubts"], came["metres"]) == ("arrived", [], 0)
    upload = ok(await send(crew, photo()), 201)["id"]
    kept = ok(await crew.post(f"{path}/photos", {"upload_id": upload}), 201)
    assert (kept["metres"], kept["doubts"]) == (0, ["other_day", "future"])
    assert (await Upload.get(id=UUID(upload))).evidence["point"] is None
    (told,) = await visited.hand_in(crew, visited.report("water", "findings", **FOUND))
    assert told["outcome"] == "applied"
    ok(await crew.post(f"{path}/leave", {}))
    seen = ok(await crew.get(path))
    assert (seen["state"], len(seen["photos"])) == ("done", 1)
    other = await service.crew("daye", "electricity")
    (told,) = await visited.hand_in(other, visited.report("electricity", "findings", **FOUND))
    record = f"/surveys/{visited.survey.id}/record"
    made = ok(await (await service.owner()).get(record))
    assert (made["edition"], len(made["findings"]), len(made["parties"])) == (1, 2, 3)
    word = {"edition": 1, "agrees": True}
    for caller in (crew, other):
        assert not ok(await caller.post(f"{record}/sign", word))["agreed_at"]
    assert ok(await (await service.owner()).post(f"{record}/sign", word))["agreed_at"]
    refused = await crew.post(f"{record}/change", {"edition": 1, "conclusion": "改"})
    assert problem(refused, 409, "guard_failed")["guard"] == "record_open"


async def test_a_batch_whose_survey_was_cancelled_is_decided(
    service: Service, visited: Visited
) -> None:
    crew, clerk = await service.crew("daye", "water"), await service.clerk("daye", "water")
    await pool().execute("UPDATE surveys SET state = 'cancelled' WHERE id = $1", visited.survey.id)
    report = visited.report("water", "findings", **FOUND)
    (told,) = await visited.hand_in(crew, report)
    assert (told["outcome"], told["conflict"]) == ("conflict", "survey_cancelled")
    listed = ok(await clerk.get(f"/field/reports?outcome=conflict&survey_id={visited.survey.id}"))
    assert [item["id"] for item in listed["items"]] == [report["id"]]
    path = f"/field/reports/{report['id']}/decide"
    problem(await crew.post(path, {"decision": "accept"}), 404, "not_found")
    decided = ok(await clerk.post(path, {"decision": "accept"}))
    assert (decided["outcome"], decided["decision"]) == ("settled", "accept")
    problem(await clerk.post(path, {"decision": "discard"}), 409, "conflict")
    (again,) = await visited.hand_in(crew, report)
    assert again["outcome"] == "settled"


async def test_a_batch_that_is_none_is_refused_as_a_whole(
    service: Service, visited: Visited
) -> None:
    crew = await service.crew("daye", "water")
    now = service.clock.now().isoformat()
    for body in (
        {},
        {"sent_at": now, "reports": []},
        {"sent_at": "rubbish", "reports": [visited.report("water", "visit_done")]},
        {"sent_at": now, "reports": [visited.report("water", "dance")]},
        {"sent_at": now, "reports": [visited.report("water", "visit_done")] * 51},
    ):
        problem(await crew.post("/field/reports", body, key=None), 422, "invalid")
    stranger = await service.stranger()
    batch = {"sent_at": now, "reports": [visited.report("water", "visit_done")]}
    problem(await stranger.post("/field/reports", batch, key=None), 403, "forbidden")


@pytest.mark.parametrize(
    ("data", "name", "status", "code"),
    [
        (photo() + zipped(), "照片.jpg", 422, "upload_unsafe"),
        (photo()[:200], "照片.jpg", 422, "upload_broken"),
        (photo(), "照片.pdf", 415, "upload_type"),
        (photo(), "../../照片.jpg", 422, "upload_name"),
        (b"", "照片.jpg", 422, "upload_empty"),
    ],
)
async def test_a_bad_file_from_the_field_leaves_nothing(
    service: Service, data: bytes, name: str, status: int, code: str
) -> None:
    crew = await service.crew("daye", "water")
    before = await Upload.all().count()
    problem(await send(crew, data, name), status, code)
    assert await Upload.all().count() == before
    assert spooled(service) == []
