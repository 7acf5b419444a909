"""Driving a case through the use cases, step by step, by its rightful actors."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from models import Application, Opinion, Upload, UploadUse, UtilityRequest
from models.base import new_id
from rules.actors import Actor
from rules.states import Channel, Verdict
from tests.workflow.world import World
from workflow.cases import (
    acceptance,
    application,
    connection,
    draft,
    joint,
    plan,
    site_visit,
    works,
)


async def attach(world: World, application_id: UUID, *purposes: str) -> None:
    """Attach papers to a case, as uploads would."""
    for purpose in purposes:
        upload = await Upload.create(
            id=new_id(),
            digest="0" * 64,
            media_type="image/jpeg",
            size=1,
            name="x.jpg",
            created_at=world.clock.now(),
        )
        await UploadUse.create(
            id=new_id(),
            upload_id=upload.id,
            application_id=application_id,
            purpose=purpose,
            added_at=world.clock.now(),
        )


@dataclass
class Drive:
    """One case of one city and its owner."""

    world: World
    city: str
    owner: Actor
    id: UUID

    @classmethod
    async def drafted(
        cls, world: World, city: str, values: dict[str, Any], *, window: Actor | None = None
    ) -> "Drive":
        """A draft with these values by 李; by a clerk of the window for somebody who walked in."""
        owner = window or await world.person("李")
        new = draft.NewDraft(city=city, walk_in=window is not None)
        body = await world.act(
            owner, lambda unit: draft.create_draft(unit, new, channel=Channel.MINIPROGRAM)
        )
        drive = cls(world, city, owner, UUID(body["id"]))
        await drive.save(values)
        return drive

    async def app(self) -> Application:
        """The application as it stands."""
        return await Application.get(id=self.id)

    async def requests(self) -> list[UtilityRequest]:
        """Its requests, oldest first."""
        return await UtilityRequest.filter(application_id=self.id).order_by("id")

    async def save(self, values: dict[str, Any], actor: Actor | None = None) -> dict[str, Any]:
        """Save fields on top of what is there."""
        revisions = (await self.app()).revisions
        fields = {
            key: draft.FieldSave(value=value, base=revisions.get(key, 0))
            for key, value in values.items()
        }
        return await self.world.act(
            actor or self.owner,
            lambda unit: draft.save(unit, self.id, draft.Save(fields=fields)),
        )

    async def submit(self) -> dict[str, Any]:
        """Submit at the version that stands."""
        version = (await self.app()).version
        return await self.world.act(
            self.owner, lambda unit: application.submit(unit, self.id, expect=version)
        )

    async def accept(self, **estimates: acceptance.Estimate) -> dict[str, Any]:
        """The window accepts."""
        version = (await self.app()).version
        return await self.world.act(
            await self.world.window(self.city),
            lambda unit: acceptance.accept(
                unit, self.id, acceptance.Acceptance(estimates=estimates), expect=version
            ),
        )

    async def find(self, request: UtilityRequest, **segment: Any) -> dict[str, Any]:
        """A crew records what it found."""
        body = site_visit.Findings(
            visited_at=self.world.clock.now(),
            segments=(site_visit.FoundSegment(**({"line_m": 120} | segment)),),
            access_point="样例大道 8 号门前",
        )
        return await self.world.act(
            await self.world.crew(self.city, request.organization_id),
            lambda unit: site_visit.record_findings(unit, request.id, body, expect=request.version),
        )

    async def draw(self, request: UtilityRequest, **measures: int) -> dict[str, Any]:
        """The utility submits its segment."""
        row = await UtilityRequest.get(id=request.id)
        today = self.world.clock.now().date()
        body = plan.Segment(
            route="样例大道北侧",
            length_m=Decimal(measures.get("length_m", 120)),
            depth_m=Decimal("1.2"),
            medium="PE 管",
            crossing_m=Decimal(measures.get("crossing_m", 0)),
            starts_on=today + timedelta(days=2),
            days=5,
        )
        return await self.world.act(
            await self.world.clerk(self.city, row.organization_id),
            lambda unit: plan.submit_segment(unit, row.id, body, expect=row.version),
        )

    async def agree(self) -> dict[str, Any]:
        """The owner agrees to the plan."""
        version = (await self.app()).version
        return await self.world.act(
            self.owner, lambda unit: plan.agree_plan(unit, self.id, expect=version)
        )

    async def permit_jointly(self, request: UtilityRequest) -> None:
        """Lists, papers, and every department's approval."""
        world = self.world
        for opinion in await Opinion.filter(request_id=request.id):
            row = await UtilityRequest.get(id=request.id)
            await world.act(
                await world.approver(self.city, opinion.organization_id),
                lambda unit, row=row: joint.list_documents(  # type: ignore[misc]
                    unit, row.id, joint.DocumentList(documents=("施工方案",)), expect=row.version
                ),
            )
        await attach(world, self.id, "施工方案")
        row = await UtilityRequest.get(id=request.id)
        filing = joint.Filing(documents=("施工方案",), restoration_promised=True)
        await world.act(
            await world.clerk(self.city, row.organization_id),
            lambda unit: joint.file_papers(unit, row.id, filing, expect=row.version),
        )
        for opinion in await Opinion.filter(request_id=request.id, verdict=None):
            await self.sign(opinion, Verdict.APPROVED)

    async def sign(self, opinion: Opinion, verdict: Verdict, *codes: str) -> dict[str, Any]:
        """One department signs."""
        row = await UtilityRequest.get(id=opinion.request_id)
        body = joint.OpinionInput(verdict=verdict, codes=codes)
        return await self.world.act(
            await self.world.approver(self.city, opinion.organization_id),
            lambda unit: joint.sign_opinion(unit, row.id, body, expect=row.version),
        )

    async def build(self, request: UtilityRequest) -> None:
        """Start, finish and pass the joint acceptance."""
        world, now = self.world, self.world.clock.now()
        crew = await world.crew(self.city, request.organization_id)
        start = works.Start(
            started_at=now,
            builder="样例市政工程队",
            ends_on=now.date() + timedelta(days=5),
            briefed=True,
        )
        row = await UtilityRequest.get(id=request.id)
        await world.act(
            crew, lambda unit: works.start_works(unit, row.id, start, expect=row.version)
        )
        world.clock.forward(hours=1)
        done = works.Finish(finished_at=world.clock.now(), road_restored=True)
        row2 = await UtilityRequest.get(id=request.id)
        await world.act(
            crew, lambda unit: works.finish_works(unit, row2.id, done, expect=row2.version)
        )
        row3 = await UtilityRequest.get(id=request.id)
        await world.act(
            await world.organiser(self.city),
            lambda unit: works.inspect(
                unit, row3.id, works.Inspection(result="passed"), expect=row3.version
            ),
        )

    async def connect(self, request: UtilityRequest) -> None:
        """Agree a time, wait for it, and connect."""
        world = self.world
        row = await UtilityRequest.get(id=request.id)
        calendar = world.services.calendars.of(
            world.services.cities.on(self.city, date(2026, 3, 16))
        )
        at = calendar.next_working_time(world.clock.now() + timedelta(hours=1))
        await world.act(
            self.owner,
            lambda unit: connection.agree_connection_time(
                unit, row.id, connection.ConnectionTime(at=at), expect=row.version
            ),
        )
        world.clock.set(at + timedelta(minutes=30))
        row2 = await UtilityRequest.get(id=request.id)
        body = connection.Connected(
            connected_at=world.clock.now(),
            contract="合同-样例-001",
            boundary="厂区红线内一米",
            safety_checked=True,
            reading="0",
        )
        await world.act(
            await world.crew(self.city, row2.organization_id),
            lambda unit: connection.connect(unit, row2.id, body, expect=row2.version),
        )
