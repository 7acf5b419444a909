"""Two hundred after twenty slots: exactly the capacity, nobody in a ring, nobody sees a 5xx."""

import asyncio
import random
from collections import Counter
from datetime import datetime
from uuid import UUID

from doors.problems import status_of
from models import Survey, SurveyVisit, UtilityRequest
from models.base import new_id
from models.db import pool
from rules.actors import Actor
from rules.errors import DomainError
from rules.states import Channel, Course, RequestState, Stage
from tests.workflow.steps import TWO, at
from tests.workflow.surveys.fleet import CITY, cancel, drafted, fleet
from tests.workflow.world import World
from workflow.surveys import booking

CODES = ("water", "electricity", "gas")
CREWS = 2
SLOTS = 10
"""Two crews of each × ten times that touch no other: twenty visits."""
MANY = 200


async def cases(world: World, count: int) -> list[tuple[Actor, UUID]]:
    """Accepted cases of as many applicants, put straight into the tables; each asks for all three
    utilities, in an order of its own.
    """
    template = await _template(world)
    made = []
    rng = random.Random(7)
    for number in range(count):
        owner = await world.person(f"applicant {number}")
        ident = new_id()
        await pool().execute(
            "INSERT INTO applications SELECT (r).* FROM (SELECT jsonb_populate_record(a,"
            " jsonb_build_object('id', $2::uuid, 'owner_id', $3::uuid, 'sequence', $4::int)) AS r"
            " FROM applications a WHERE a.id = $1) AS copied",
            template,
            ident,
            owner.person,
            1000 + number,
        )
        orgs = await UtilityRequest.filter(application_id=template)
        rng.shuffle(orgs)
        await UtilityRequest.bulk_create(
            [
                UtilityRequest(
                    id=new_id(),
                    application_id=ident,
                    city=CITY,
                    utility=row.utility,
                    organization_id=row.organization_id,
                    kind=row.kind,
                    course=Course.FULL,
                    state=RequestState.PENDING,
                    created_at=row.created_at,
                )
                for row in orgs
            ]
        )
        made.append((owner, ident))
    return made


async def _template(world: World) -> UUID:
    drive = await drafted(
        world,
        "27T16:30",
        TWO
        | {
            "utilities": list(CODES),
            "gas.devices": [{"name": "锅炉", "count": 1, "load": "80"}],
        },
    )
    await drive.submit()
    await drive.accept()
    await cancel(drive, await world.organiser(CITY))
    app = await drive.app()
    assert (app.stage, app.channel) == (Stage.ACCEPTED, Channel.MINIPROGRAM)
    return drive.id


def kind_of(answer: object) -> str:
    """How a booking ended, as its status tells."""
    if isinstance(answer, DomainError):
        return f"{answer.code.value} {status_of(answer.code)}"
    return f"a 5xx: {answer!r}" if isinstance(answer, BaseException) else "booked"


async def test_two_hundred_bookings_over_twenty_slots(world: World) -> None:
    await fleet(*CODES, each=CREWS)
    times = [
        at(3, day, hour, minute)
        for day in (17, 18, 19, 20, 23)
        for hour, minute in ((8, 30), (15, 0))
    ]
    assert len(times) == SLOTS
    rng = random.Random(11)
    waiting = await cases(world, MANY)
    outcome: Counter[str] = Counter()

    async def one(actor: Actor, ident: UUID, when: datetime) -> None:
        body = booking.Booking(at=when)
        answer = await asyncio.gather(
            world.act(
                actor,
                lambda unit: booking.book_survey(unit, ident, body, expect=None),
            ),
            return_exceptions=True,
        )
        outcome[kind_of(answer[0])] += 1

    order = [(actor, ident, times[n % SLOTS]) for n, (actor, ident) in enumerate(waiting)]
    rng.shuffle(order)
    await asyncio.gather(*(one(*each) for each in order))
    assert outcome == {"booked": SLOTS * CREWS, "slot_taken 409": MANY - SLOTS * CREWS}
    by_time: Counter[datetime] = Counter()
    for survey in await Survey.filter(state="confirmed"):
        by_time[survey.at] += 1
        assert await SurveyVisit.filter(survey_id=survey.id, active=True).count() == len(CODES)
    assert set(by_time.values()) == {CREWS}
    assert await SurveyVisit.filter(active=True).count() == SLOTS * CREWS * len(CODES)
