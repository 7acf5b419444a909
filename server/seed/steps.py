"""The steps of a case as the stories take them, each by its rightful actor."""

from collections.abc import AsyncIterator, Collection, Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from models import Enterprise, UtilityRequest
from rules.actors import Role
from rules.calendar import SHANGHAI
from rules.states import Channel, Verdict
from server import samples
from server.seed import forms
from server.seed.cast import COLLEAGUE, OWNER, Player
from server.seed.play import Play
from workflow import uploads
from workflow.cases import (
    acceptance,
    application,
    connection,
    documents,
    draft,
    joint,
    plan,
    site_visit,
    works,
)
from workflow.inputs import Input
from workflow.people import enterprises
from workflow.unit import Answer, Unit


async def submit(
    play: Play,
    owner: Player,
    enterprise: forms.Enterprise,
    utilities: tuple[str, ...],
    without: Collection[str] = (),
) -> None:
    """Draft, fill in, attach what the city asks for but ``without`` some, submit; to be surveyed
    the next working day but one at nine.
    """
    made = await play.act(
        OWNER,
        lambda unit: draft.create_draft(
            unit, draft.NewDraft(city=play.city.code), channel=Channel.MINIPROGRAM
        ),
    )
    play.application = UUID(made["id"])
    values = forms.form_b(enterprise, owner, utilities, _working_morning(play, 2))
    body = draft.Save(
        fields={key: draft.FieldSave(value=value, base=1) for key, value in values.items()}
    )
    await play.act(OWNER, lambda unit: draft.save(unit, play.app, body))
    play.later(minutes=15)
    for document in play.city.documents:
        if document.required and not document.when_field and document.code not in without:
            await _attach(play, OWNER, document.code, f"{document.label}.pdf")
    await play.act(OWNER, lambda unit: application.submit(unit, play.app, expect=None))


async def _attach(play: Play, who: str, purpose: str, name: str) -> None:
    """A scan of one page, used in the case as one of its documents."""

    async def act(unit: Unit) -> Answer:
        kept = await play.services.uploads.take(_once(samples.document()), name)
        upload = UUID(str((await uploads.keep(unit, kept)).body["id"]))
        body = documents.Attach(upload_id=upload, purpose=purpose)
        return await documents.attach(unit, play.app, body)

    await play.act(who, act)


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content


def _working_morning(play: Play, days: int) -> datetime:
    day = play.now.astimezone(SHANGHAI).date() + timedelta(days=days)
    return play.calendar.next_working_time(datetime.combine(day, time(9), tzinfo=SHANGHAI))


async def accept(play: Play, without: Collection[str] = ()) -> None:
    """The window accepts; what the applicant came ``without`` may follow within two months."""
    play.later(hours=1)
    missing = [each.code for each in play.city.documents if each.code in without]
    if not missing:
        body = acceptance.Acceptance()
        await play.act("window", lambda unit: acceptance.accept(unit, play.app, body, expect=None))
        return
    due = play.calendar.next_working_time(play.now + timedelta(days=60))
    gaps = tuple(acceptance.Gap(document=code, due_at=due) for code in missing)
    with_gaps = acceptance.AcceptanceWithGaps(gaps=gaps, remark="材料容缺，随后补齐")
    await play.act(
        "window",
        lambda unit: acceptance.accept_with_gaps(unit, play.app, with_gaps, expect=None),
    )


async def let_in_colleague(play: Play, enterprise: forms.Enterprise) -> None:
    """The owner hands a colleague a code; from now on both act for the enterprise."""
    row = await Enterprise.get(
        created_by=play.actors[OWNER].person, credit_code=enterprise.credit_code
    )
    told = await play.act(OWNER, lambda unit: enterprises.invite_colleague(unit, row.id))
    await play.act(
        COLLEAGUE, lambda unit: enterprises.join(unit, enterprises.Join(code=told["code"]))
    )


_SHORT_LINE: Mapping[str, Any] = {"line_m": 60, "location": "厂区北侧绿化带外"}


async def survey(play: Play, found: Mapping[str, Mapping[str, Any]]) -> None:
    """Every crew records what it found; ``found`` by utility, else 60 m in the verge."""
    play.clock.set(max(_working_morning(play, 2), play.now) + timedelta(minutes=20))
    for request in await play.requests():
        segment = {**_SHORT_LINE, **found.get(request.utility, {})}
        body = site_visit.Findings(
            visited_at=play.now,
            segments=(site_visit.FoundSegment.model_validate(segment),),
            access_point="样例路厂区大门北侧",
        )
        await _of(play, request, Role.CREW, site_visit.record_findings, body)


async def plan_out(play: Play) -> None:
    """Every utility's segment, offered as one plan; the owner agrees."""
    play.later(hours=2)
    for request in await play.requests():
        await _draw(play, request)
    play.later(hours=2)
    await play.act(OWNER, lambda unit: plan.agree_plan(unit, play.app, expect=None))


async def _draw(play: Play, request: UtilityRequest) -> None:
    """The utility's part of the plan."""
    today = play.now.astimezone(SHANGHAI).date()
    body = plan.Segment(
        route="样例路北侧，自厂区大门至既有管线",
        length_m=Decimal(60),
        depth_m=Decimal("1.2"),
        medium="PE 管" if request.utility in ("water", "gas") else "排管",
        starts_on=today + timedelta(days=3),
        days=4,
    )
    await _of(play, request, Role.UTILITY_CLERK, plan.submit_segment, body)


_PAPERS = ("施工组织方案", "路由平面图")
"""What departments ask for in the stories."""


async def file(play: Play, request: UUID) -> None:
    """Every department lists what it asks for, then the utility files it."""
    play.later(hours=1)
    row = await _row(request)
    for opinion in await play.opinions(request):
        who = play.at_home_in(opinion.organization_id, Role.APPROVER)
        lists = joint.DocumentList(documents=_PAPERS)
        await play.act(
            who,
            lambda unit, lists=lists: joint.list_documents(  # type: ignore[misc]
                unit, request, lists, expect=None
            ),
        )
    play.later(hours=2)
    clerk = play.at_home_in(row.organization_id, Role.UTILITY_CLERK)
    for paper in _PAPERS:
        await _attach(play, clerk, paper, f"{paper}.pdf")
    filing = joint.Filing(documents=_PAPERS, restoration_promised=True)
    await _of(play, row, Role.UTILITY_CLERK, joint.file_papers, filing)


async def sign_first(play: Play, request: UUID) -> None:
    """One department approves; the others have still to sign."""
    play.later(minutes=30)
    first = (await play.opinions(request))[0]
    body = joint.OpinionInput(verdict=Verdict.APPROVED)
    await play.act(
        play.at_home_in(first.organization_id, Role.APPROVER),
        lambda unit: joint.sign_opinion(unit, request, body, expect=None),
    )


async def build(play: Play) -> None:
    """Start, finish, pass the joint acceptance."""
    play.later(days=2)
    for request in await play.requests():
        start = works.Start(
            started_at=play.now,
            builder="样例市政工程有限公司",
            ends_on=play.now.astimezone(SHANGHAI).date() + timedelta(days=4),
            briefed=True,
        )
        await _of(play, request, Role.CREW, works.start_works, start)
    play.later(days=2)
    for request in await play.requests():
        done = works.Finish(finished_at=play.now, road_restored=True)
        await _of(play, request, Role.CREW, works.finish_works, done)
    play.later(hours=3)
    organiser = "window" if play.city.organisers.survey == "window" else "lead"
    for request in await play.requests():
        await play.act(
            organiser,
            lambda unit, request=request: works.inspect(  # type: ignore[misc]
                unit, request.id, works.Inspection(result="passed"), expect=None
            ),
        )


async def connect(play: Play) -> None:
    """Agree a time for each, and connect at it."""
    at = _working_morning(play, 2)
    for request in await play.requests():
        agreed = connection.ConnectionTime(at=at)
        await play.act(
            OWNER,
            lambda unit, request=request, agreed=agreed: (  # type: ignore[misc]
                connection.agree_connection_time(unit, request.id, agreed, expect=None)
            ),
        )
    play.clock.set(at + timedelta(minutes=45))
    for number, request in enumerate(await play.requests(), start=1):
        body = connection.Connected(
            connected_at=play.now,
            contract=f"样例供用合同第 {number} 号",
            boundary="红线内第一个阀门或开关",
            safety_checked=True,
            reading="0",
        )
        await _of(play, request, Role.CREW, connection.connect, body)


async def _row(request: UUID) -> UtilityRequest:
    return await UtilityRequest.get(id=request)


async def _of(play: Play, request: UtilityRequest, role: Role, use_case: Any, body: Input) -> None:
    """An act on a request by somebody of the organisation that serves it."""
    await play.act(
        play.at_home_in(request.organization_id, role),
        lambda unit: use_case(unit, request.id, body, expect=None),
    )
