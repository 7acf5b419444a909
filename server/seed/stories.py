"""The cases a demo begins with, made through the use cases."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from config.cities import City
from models import RegistrationVisit
from rules.actors import Actor, Role
from rules.calendar import SHANGHAI
from rules.states import Channel, PermitState
from server.seed import forms, steps
from server.seed.cast import OWNER, SECOND_OWNER, Player
from server.seed.play import Play
from workflow.cases import acceptance, draft
from workflow.ports import Services
from workflow.registrations import registration

CONNECTED, PERMITTING, RETURNED, PARKED = range(4)
"""Which of the city's enterprises a story is about."""

Story = Callable[[Play, Player, forms.Enterprise], Awaitable[None]]
Tale = tuple[str, int, str, Story]
"""Name, how many working days ago it began, whose it is, the story."""


async def tell(
    services: Services,
    city: City,
    actors: Mapping[str, Actor],
    players: Mapping[str, Player],
    tales: Sequence[Tale],
) -> None:
    """Every story the database does not hold yet; cities without invented forms have none."""
    enterprises = forms.ENTERPRISES.get(city.code, ())
    for index, (name, days_ago, who, story) in enumerate(tales[: len(enterprises)]):
        play = Play.begin(services, city, name, dict(actors), days_ago)
        if await play.unfinished() or not await play.begun(enterprises[index].credit_code):
            await story(play, players[who], enterprises[index])


async def connected(play: Play, owner: Player, enterprise: forms.Enterprise) -> None:
    """Water and power up to connected; the owner, or a colleague, has still to rate it."""
    await steps.submit(play, owner, enterprise, ("water", "electricity"))
    await steps.let_in_colleague(play, enterprise)
    await steps.accept(play)
    await steps.survey(play, {})
    await steps.plan_out(play)
    await steps.build(play)
    await steps.connect(play)


async def permitting(play: Play, owner: Player, enterprise: forms.Enterprise) -> None:
    """Power along 260 m of road goes to joint approval; one department has signed."""
    later = ("site_right",)
    await steps.submit(play, owner, enterprise, ("water", "electricity", "network"), later)
    await steps.accept(play, later)
    await steps.survey(play, {"electricity": _LONG_LINE})
    await steps.plan_out(play)
    listing = [r for r in await play.requests() if r.permit_state is PermitState.LISTING]
    for request in listing:
        await steps.file(play, request.id)
        await steps.sign_first(play, request.id)


_LONG_LINE: Mapping[str, Any] = {
    "line_m": 260,
    "road": "样例大道",
    "road_class": "branch",
    "road_excavated": True,
    "crossing_m": 12,
    "traffic_affected": True,
}


async def returned(play: Play, owner: Player, enterprise: forms.Enterprise) -> None:
    """Two faults told at once; the owner has to correct them."""
    await steps.submit(play, owner, enterprise, ("water", "gas"))
    play.later(minutes=40)
    faults = (
        acceptance.FaultTold(
            field="site.address", reason="field_wrong", note="请写明厂区大门所在道路"
        ),
        acceptance.FaultTold(
            field="gas.devices", reason="field_missing", note="请补充锅炉的用气压力"
        ),
    )
    await play.act(
        "window",
        lambda unit: acceptance.return_for_correction(
            unit, play.app, acceptance.Return(faults=faults), expect=None
        ),
    )


async def parked(play: Play, owner: Player, enterprise: forms.Enterprise) -> None:
    """An intent registered and called upon; it waits until the usage is known. And a draft."""
    use_on = (play.now + timedelta(days=200)).astimezone(SHANGHAI).date().isoformat()
    body = registration.NewRegistration(
        city=play.city.code, values=forms.form_a(enterprise, owner, use_on)
    )
    made = await play.act(
        SECOND_OWNER,
        lambda unit: registration.register(unit, body, channel=Channel.MINIPROGRAM),
    )
    ident = UUID(made["id"])
    play.later(hours=3)
    role = Role.COORDINATOR if play.city.joint_home_visit else Role.UTILITY_CLERK
    for visit in await RegistrationVisit.filter(registration_id=ident).order_by("id"):
        call = registration.HomeVisit(visited_at=play.now, note="已上门对接，用量待定")
        await play.act(
            play.at_home_in(visit.organization_id, role),
            lambda unit, call=call: registration.record_visit(  # type: ignore[misc]
                unit, ident, call, expect=None
            ),
        )
    play.later(hours=1)
    await play.act(
        SECOND_OWNER,
        lambda unit: registration.park(
            unit, ident, registration.Parking(reason="厂房设计未完成，用量未定"), expect=None
        ),
    )
    await _begin_draft(play, owner, enterprise)


async def _begin_draft(play: Play, owner: Player, enterprise: forms.Enterprise) -> None:
    play.later(days=1)
    made = await play.act(
        SECOND_OWNER,
        lambda unit: draft.create_draft(
            unit, draft.NewDraft(city=play.city.code), channel=Channel.MINIPROGRAM
        ),
    )
    known = {
        "enterprise.name": enterprise.name,
        "enterprise.credit_code": enterprise.credit_code,
        "contact.name": owner.name,
    }
    body = draft.Save(fields={key: draft.FieldSave(value=value) for key, value in known.items()})
    await play.act(SECOND_OWNER, lambda unit: draft.save(unit, UUID(made["id"]), body))


STORIES: tuple[Tale, ...] = (
    ("connected", 14, OWNER, connected),
    ("permitting", 8, OWNER, permitting),
    ("returned", 3, OWNER, returned),
    ("parked", 6, SECOND_OWNER, parked),
)
"""As many as a city has enterprises. Each takes fewer working days than it began ago, so that
nothing of it lies ahead, whatever holidays come between.
"""
