"""A joint visit that is booked, on a site on the map, with a crew of each; what phones hand in."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from doors.invalid import faults_of
from models import Crew, FieldReport, Organization, Survey, SurveyVisit, Upload, UtilityRequest
from models.base import new_id
from models.crews import LANES
from models.db import pool
from rules.actors import Actor, OrgKind
from rules.places import Place, System, to_wgs84
from rules.states import SurveyState, VisitState
from storage.exif import Exif
from tests.workflow.drive import Drive
from tests.workflow.forms import ZHOUKOU
from tests.workflow.steps import accepted, at
from tests.workflow.world import World
from workflow.surveys.field import deciding, evidence, reports
from workflow.unit import Answer, Unit

Json = dict[str, Any]
SITE = Place(114.65, 33.62)
HERE: Json = {"lat": 33.6203, "lng": 114.6504, "system": "gcj02", "accuracy_m": 15.0}
"""Some fifty metres away."""
AWAY: Json = {"lat": 33.70, "lng": 114.65, "system": "gcj02", "accuracy_m": 15.0}
TWO_ON_MAP: Json = ZHOUKOU | {
    "utilities": ["water", "electricity"],
    "site.point": {"lat": SITE.lat, "lng": SITE.lon, "system": "gcj02"},
}
FOUND: Json = {"segments": [{"line_m": 120}], "access_point": "样例大道 8 号门前"}


@dataclass
class Site:
    """A case whose survey is booked, with each party's visit."""

    world: World
    drive: Drive
    survey: Survey
    visits: dict[str, SurveyVisit] = field(default_factory=dict)
    """By utility, or by the code of a department."""

    @classmethod
    async def booked(cls, world: World, *, department: str | None = None) -> "Site":
        """Accepted on Monday, to be visited on Wednesday the 18th at nine."""
        drive = await accepted(world, TWO_ON_MAP)
        survey = await Survey.get(application_id=drive.id, state=SurveyState.CONFIRMED)
        site = cls(world, drive, survey)
        for request in await drive.requests():
            site.visits[request.utility] = await add_visit(
                survey, request.organization_id, request.id
            )
        if department is not None:
            org = await Organization.get(city="zhoukou", kind=OrgKind.DEPARTMENT, code=department)
            site.visits[department] = await add_visit(survey, org.id, None)
        world.clock.set(at(3, 18, 9, 30))
        return site

    async def crew(self, utility: str) -> Actor:
        """Somebody of a utility's crew."""
        return await self.world.crew("zhoukou", self.visits[utility].organization_id)

    async def clerk(self, utility: str) -> Actor:
        """Somebody at a utility's desk."""
        return await self.world.clerk("zhoukou", self.visits[utility].organization_id)

    async def request(self, utility: str) -> UtilityRequest:
        """A utility's part as it stands."""
        return await UtilityRequest.get(application_id=self.drive.id, utility=utility)

    async def visit(self, utility: str) -> SurveyVisit:
        """A party's visit as it stands."""
        return await SurveyVisit.get(id=self.visits[utility].id)

    async def end(self, state: SurveyState, *, then: datetime | None = None) -> Survey | None:
        """The appointment is moved (to ``then``) or cancelled, as booking does it."""
        await Survey.filter(id=self.survey.id).update(state=state, reason="样例")
        await SurveyVisit.filter(survey_id=self.survey.id).update(
            state=VisitState.ENDED, active=False
        )
        if then is None:
            return None
        survey = await Survey.create(
            id=new_id(),
            application_id=self.drive.id,
            city="zhoukou",
            at=then,
            ends_at=then + timedelta(hours=1),
            state=SurveyState.CONFIRMED,
            created_at=self.world.clock.now(),
        )
        for request in await self.drive.requests():
            await add_visit(survey, request.organization_id, request.id)
        return survey

    def report(self, utility: str, kind: str, happened: datetime, **body: Any) -> Json:
        """What a phone of a utility's crew hands in."""
        return {
            "id": str(uuid4()),
            "kind": kind,
            "visit_id": str(self.visits[utility].id),
            "happened_at": happened.isoformat(),
            "body": body,
        }

    async def send(self, actor: Actor, *told: Json, ahead: timedelta = timedelta(0)) -> list[Json]:
        """Hand in a batch from a phone whose clock is ``ahead``."""
        sent_at = self.world.clock.now() + ahead
        batch = reports.Batch.model_validate({"sent_at": sent_at.isoformat(), "reports": told})

        async def act(unit: Unit) -> Answer:
            return await reports.receive(unit, batch, faults_of)

        return list((await self.world.act(actor, act))["reports"])

    async def decide(self, actor: Actor, report: str, decision: str) -> Json:
        """Somebody decides about a conflict."""
        body = deciding.Decision.model_validate({"decision": decision})
        return await self.world.act(actor, lambda unit: deciding.decide(unit, UUID(report), body))

    async def kept(self, report: Json) -> FieldReport:
        """A report as it lies in the table."""
        return await FieldReport.get(id=report["id"])

    async def picture(
        self,
        actor: Actor,
        *,
        taken: datetime | None = None,
        place: Place | None = None,
        **more: Any,
    ) -> UUID:
        """An upload of a photo that says when and where it was taken."""
        gps = None
        if place is not None:
            wgs = to_wgs84(place)
            gps = (wgs.lat, wgs.lon, System.WGS84.value)
        row = {
            "id": new_id(),
            "person_id": actor.person,
            "digest": uuid4().hex * 2,
            "media_type": "image/jpeg",
            "size": 1,
            "name": "照片.jpg",
            "evidence": evidence.kept(self.world.services.seal, Exif(taken, gps), "0" * 64),
            "created_at": self.world.clock.now(),
        } | more
        return (await Upload.create(**row)).id


async def add_visit(survey: Survey, organization: UUID, request: UUID | None) -> SurveyVisit:
    """A crew of an organisation that comes."""
    number = await pool().fetchval("SELECT nextval('crew_numbers')")
    crew = await Crew.create(
        id=new_id(),
        number=number,
        city=survey.city,
        organization_id=organization,
        name=f"样例{number}班",
        town="chuanhui",
        active=False,  # comes here by hand; bookings of other cases are not planned with it
        created_at=survey.created_at,
    )
    return await SurveyVisit.create(
        id=new_id(),
        survey_id=survey.id,
        city=survey.city,
        organization_id=organization,
        request_id=request,
        crew_id=crew.id,
        lane=number * LANES,
        at=survey.at,
        ends_at=survey.ends_at,
        state=VisitState.CONFIRMED,
    )
