"""Who has no part in a thing cannot tell that it exists: every route that takes an id, everybody
without a part, on the real service."""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from doors import serving
from doors.access import Kind
from doors.routes import Route
from models import (
    Application,
    CalendarLink,
    Complaint,
    Conversation,
    Crew,
    CrewAbsence,
    Enterprise,
    EnterpriseMember,
    Event,
    FieldReport,
    Invitation,
    Membership,
    Organization,
    Registration,
    Session,
    Survey,
    SurveyRecord,
    SurveyVisit,
    UploadUse,
    UtilityRequest,
)
from models.base import new_id
from models.crews import LANES
from rules.actors import OrgKind, Role
from rules.states import ReportOutcome, VisitState
from tests.api.service import Caller, Service, ok
from tests.faults.acting import submitted
from tests.faults.bodies import example
from tests.workflow.registering import FORM_A
from workflow.surveys.field.reports import BODY_PURPOSE

CAPABILITIES = {
    "/api/v1/desk/logins/{id}": "shown as a QR to whoever wants to sign in",
    "/api/v1/desk/logins/{id}/confirm": "whoever scans it confirms with their own identity",
    "/api/v1/desk/logins/{id}/finish": "needs the secret of the desk and a TOTP",
}
"""Routes whose id is itself what lets one in, and why that is right."""

Ids = Mapping[str, str]


@dataclass
class Things:
    """One of every kind of thing that has an id, all 李's and 大冶's."""

    application: str
    request: str
    ids: dict[str, dict[str, str]] = field(default_factory=dict)

    def of(self, route: Route) -> dict[str, str] | None:
        """Place of the path → the id of a real thing; None for a kind nobody has put here."""
        first, second = (*route.path.split("/"), "")[1:3]
        return self.ids.get(second if first == "me" else first)


@pytest.fixture(scope="module")
async def things(service: Service) -> AsyncIterator[Things]:
    """What the outsiders are after; unchanged when they are done."""
    app = await _accepted(service)
    request = next(each["id"] for each in app["requests"] if each["utility"] == "water")
    things = Things(app["id"], request)
    owner, now = await service.owner(), service.clock.now()
    enterprise = await service.enterprise_of(app["id"])
    window = await service.window("daye")
    held = await Membership.filter(person_id=window.person).first()
    session = await Session.filter(person_id=owner.person).first()
    assert held is not None
    assert session is not None
    desk = await Organization.get(city="daye", kind=OrgKind.WINDOW, code="window")
    invitation = await Invitation.create(
        id=new_id(),
        code_hash=uuid4().hex,
        organization_id=desk.id,
        role=Role.WINDOW_CLERK,
        created_at=now,
        expires_at=now + timedelta(days=1),
    )
    use_by = (now + timedelta(days=200)).date().isoformat()
    values = FORM_A | {"plan.use_date": use_by}
    told = await owner.post("/registrations", {"city": "daye", "values": values})
    registration = ok(told, 201)["id"]
    use = await UploadUse.filter(application_id=app["id"]).first()
    assert use is not None
    complaint = ok(await owner.post("/complaints", {"city": "daye", "text": "样例投诉"}), 201)["id"]
    chat = await Conversation.create(
        id=new_id(),
        appid=service.wiring.settings.wechat_oa_appid,
        openid="oa-matrix",
        person_id=owner.person,
        created_at=now,
        updated_at=now,
    )
    crew, absence = await _crew(service)
    visit = await _visit(app["id"], crew)
    link = ok(await owner.post("/me/calendar-links", key=None), 201)["id"]
    things.ids = {
        "applications": {"id": app["id"], "document": str(use.id)},
        "requests": {"id": request},
        "registrations": {"id": registration},
        "enterprises": {"id": str(enterprise), "person": str(owner.person)},
        "uploads": {"id": str(use.upload_id)},
        "sessions": {"id": str(session.id)},
        "invitations": {"id": str(invitation.id)},
        "memberships": {"id": str(held.id)},
        "complaints": {"id": complaint},
        "chat-links": {"id": str(chat.id)},
        "crews": {"id": crew, "absence": absence},
        "surveys": {"id": str(visit.survey_id), "visit": str(visit.id)},
        "visits": {"id": str(visit.id)},
        "field": {"id": str(await _report(service, visit))},
        "calendar-links": {"id": link},
    }
    before = await _state(things)
    yield things
    assert await _state(things) == before


async def _crew(service: Service) -> tuple[str, str]:
    """A crew of the water utility, given up so that nothing is planned with it, and an absence."""
    clerk, org = (
        await service.clerk("daye", "water"),
        await Organization.get(city="daye", kind=OrgKind.UTILITY, code="water"),
    )
    new = {"organization": str(org.id), "name": "样例班", "town": "jinhu"}
    crew = ok(await clerk.post("/crews", new), 201)
    path = f"/crews/{crew['id']}"
    away = {
        "starts_at": (service.clock.now() + timedelta(days=1)).isoformat(),
        "ends_at": (service.clock.now() + timedelta(days=2)).isoformat(),
        "reason": "样例",
    }
    absent = ok(await clerk.post(f"{path}/absences", away, version=crew["version"]), 201)
    ok(await clerk.patch(path, {"active": False}, version=absent["version"]))
    return crew["id"], absent["absences"][0]["id"]


async def _visit(application: str, crew: str) -> SurveyVisit:
    """The crew was to come to the case's survey."""
    survey = await Survey.get(application_id=application, state="confirmed")
    row = await Crew.get(id=crew)
    return await SurveyVisit.create(
        id=new_id(),
        survey_id=survey.id,
        city=row.city,
        organization_id=row.organization_id,
        crew_id=row.id,
        lane=row.number * LANES,
        at=survey.at,
        ends_at=survey.ends_at,
        state=VisitState.PLANNED,
    )


async def _report(service: Service, visit: SurveyVisit) -> UUID:
    """What the crew's phone has handed in about it waits to be decided; there is a record, too."""
    report = await FieldReport.create(
        id=uuid4(),
        person_id=(await service.crew("daye", "water")).person,
        organization_id=visit.organization_id,
        city=visit.city,
        kind="visit_done",
        visit_id=visit.id,
        survey_id=visit.survey_id,
        happened_at=visit.at,
        received_at=visit.at,
        fingerprint=b"",
        body_sealed=service.wiring.services.seal.seal(b"{}", BODY_PURPOSE),
        outcome=ReportOutcome.CONFLICT,
        conflict="survey_moved",
    )
    await SurveyRecord.create(
        id=new_id(),
        survey_id=visit.survey_id,
        city=visit.city,
        content={
            "survey_at": visit.at.isoformat(),
            "address": "",
            "came": [],
            "findings": [],
            "conclusion": "",
            "notes": {},
        },
        created_at=visit.at,
        updated_at=visit.at,
    )
    return report.id


async def _accepted(service: Service) -> dict[str, Any]:
    app = await submitted(service, "daye")
    window = await service.window("daye")
    answer = await window.post(f"/applications/{app['id']}/accept", {}, version=app["version"])
    return ok(answer)


async def _state(things: Things) -> list[object]:
    """Everything an outsider might have moved."""
    app = UUID(things.application)
    session = await Session.get(id=things.ids["sessions"]["id"])
    held = await Membership.get(id=things.ids["memberships"]["id"])
    invitation = await Invitation.get(id=things.ids["invitations"]["id"])
    enterprise = things.ids["enterprises"]["id"]
    registration = things.ids["registrations"]["id"]
    chat = await Conversation.get(id=things.ids["chat-links"]["id"])
    return [
        (await Application.get(id=app)).version,
        (await UtilityRequest.get(id=things.request)).version,
        await Event.filter(application_id=app).count(),
        (await Registration.get(id=registration)).version,
        await Event.filter(registration_id=registration).count(),
        (await Enterprise.get(id=enterprise)).version,
        await EnterpriseMember.filter(enterprise_id=enterprise).count(),
        (session.revoked_at, held.ended_at, invitation.revoked_at),
        (await Complaint.get(id=things.ids["complaints"]["id"])).version,
        (chat.version, chat.person_id),
        (await Crew.get(id=things.ids["crews"]["id"])).version,
        (await Survey.get(id=things.ids["surveys"]["id"])).version,
        (await SurveyVisit.get(id=things.ids["surveys"]["visit"])).version,
        await CrewAbsence.filter(id=things.ids["crews"]["absence"]).exists(),
        (await SurveyVisit.get(id=things.ids["visits"]["id"])).version,
        (await FieldReport.get(id=things.ids["field"]["id"])).outcome,
        (await CalendarLink.get(id=things.ids["calendar-links"]["id"])).revoked_at,
    ]


async def _outsiders(service: Service) -> dict[str, Caller]:
    """Nobody of these has a part in any of the things."""
    return {
        "stranger": await service.stranger(),
        "colleague of nobody": await service.colleague(),
        "other city's window": await service.window("zhoukou"),
        "other city's coordinator": await service.coordinator("zhoukou"),
        "other city's clerk": await service.clerk("zhoukou", "water"),
        "other city's crew": await service.crew("zhoukou", "water"),
        "other city's regulator": await service.regulator("zhoukou"),
        "other city's security": await service.administrator("zhoukou", Role.SECURITY_ADMIN),
        "other department": await service.approver("daye", "zhujian"),
        "auditor": await service.administrator("daye", Role.AUDITOR),
    }


def with_ids(service: Service) -> Iterator[Route]:
    """Every route of people whose path names a thing."""
    for route in serving.routes(service.app):
        if UUID in route.parameters.values() and route.uri not in CAPABILITIES:
            yield route


async def _ask(caller: Caller, route: Route, ids: Ids) -> tuple[int, dict[str, Any]]:
    """As a client that knows how to ask; the answer without what differs every time."""
    path = route.uri
    for name, value in ids.items():
        path = path.replace(f"{{{name}}}", value)
    body = example(route.body) if route.body is not None else None
    key = uuid4().hex if route.key else None
    answer = await caller.send(route.method, path, body, version=1, key=key)
    found: dict[str, Any] = answer.json()
    return answer.status_code, {name: found[name] for name in found if name != "request_id"}


def random_ids(ids: Ids) -> Ids:
    """Of things that never were."""
    return {name: str(new_id()) for name in ids}


async def test_every_kind_of_thing_is_in_the_matrix(service: Service, things: Things) -> None:
    """A new route with an id of an unknown kind fails here until it has a thing to be tried on."""
    unknown = [
        route.uri
        for route in with_ids(service)
        if set(route.parameters) - set(things.of(route) or {})
    ]
    assert unknown == []


async def test_outsiders_cannot_tell_a_thing_from_nothing(service: Service, things: Things) -> None:
    outsiders = await _outsiders(service)
    cells = 0
    for route in with_ids(service):
        ids = things.of(route)
        assert ids is not None
        for name, caller in outsiders.items():
            nothing = await _ask(caller, route, random_ids(ids))
            found = await _ask(caller, route, ids)
            assert found == nothing, (name, route.method, route.uri)
            assert found[1]["code"] in ("not_found", "forbidden"), (name, route.uri, found)
            cells += 1
    assert cells > 400


async def test_another_utility_moves_no_request_but_its_own(
    service: Service, things: Things
) -> None:
    """The gas clerk and crew have a part in the case, and none in the water's request."""
    for caller in (await service.clerk("daye", "gas"), await service.crew("daye", "gas")):
        for route in with_ids(service):
            if route.path.startswith("/requests/"):
                status, told = await _ask(caller, route, {"id": things.request})
                assert status in (403, 404, 409, 412), (route.uri, told)


async def test_without_a_token_every_thing_is_behind_a_401(
    service: Service, things: Things
) -> None:
    nobody = service.nobody
    for route in serving.routes(service.app):
        if route.access.kind is not Kind.PUBLIC:
            status, told = await _ask(nobody, route, things.of(route) or {})
            assert status == 401, (route.uri, told)


async def test_a_refused_method_is_told_which_there_are(service: Service, things: Things) -> None:
    """On every address, those with several methods too (RFC 9110)."""
    methods: dict[str, set[str]] = {}
    for route in serving.routes(service.app):
        methods.setdefault(route.uri, set()).add(route.method)
    for uri, taken in methods.items():
        path = uri
        for name in ("id", "person", "document", "ref", "city", "day", "year", "form", "token"):
            path = path.replace(f"{{{name}}}", things.application)
        wrong = {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - taken
        for method in sorted(wrong) if len(taken) > 1 else ["TRACE"]:
            answer = await service.nobody.http.request(method, path)
            assert answer.status_code == 405, (method, path, answer.text)
            told = set(answer.headers["allow"].split(", "))
            assert taken <= told, (method, path, told)
            assert method not in told


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/applications/{id}/",
        "/api/v1//applications/{id}",
        "/api/v1/./applications/{id}",
        "/api/v1/cities/../applications/{id}",
        "/api/v1/cities/..;/applications/{id}",
        "/api/v1/applications%2f{id}",
        "/api/v1/applications/{id}%00",
        "/api/v1/applications/{id};a=b",
        "/api/v1/applications/{id}.json",
        "/api/v1/APPLICATIONS/{id}",
        "/API/v1/applications/{id}",
        "/api/v1/applications/{upper}",
        "/api/v1/applications/{id}?owner_id={person}&role=window_clerk",
    ],
)
async def test_no_spelling_of_a_path_opens_a_thing(
    service: Service, things: Things, path: str
) -> None:
    stranger = await service.stranger()
    spelt = path.format(id=things.application, upper=things.application.upper(), person="1")
    lures = {
        "authorization": f"Bearer {stranger.token}",
        "x-original-url": f"/api/v1/applications/{things.application}",
        "x-rewrite-url": f"/api/v1/applications/{things.application}",
        "x-http-method-override": "DELETE",
        "x-forwarded-user": str((await service.owner()).person),
    }
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"):
        answer = await stranger.http.request(method, spelt, headers=lures)
        assert answer.status_code in (400, 404, 405, 422), (method, spelt, answer.text)


async def test_an_owner_does_get_in(service: Service, things: Things) -> None:
    """Or the refusals above would tell nothing."""
    owner = await service.owner()
    for route in with_ids(service):
        ids = things.of(route)
        if route.method == "GET" and ids is not None and route.access.kind is Kind.SIGNED_IN:
            status, told = await _ask(owner, route, ids)
            assert status == 200, (route.uri, told)
