"""Annual commitments, where a city's form is annual (大冶 四(二)1)."""

from collections.abc import Mapping

from config.cities import City
from models import AnnualCommitment
from rules.actors import Actor, Role
from rules.calendar import SHANGHAI
from workflow.cases.commitment import AnnualInput, sign_annual
from workflow.ports import Services
from workflow.unit import perform

PROMISES = ("按批准的范围和时限施工", "按期原貌恢复道路和绿化", "接受检查并按要求整改")


async def promise(services: Services, city: City, actors: Mapping[str, Actor]) -> None:
    """Every utility promises this year to every department that is not one per town."""
    if city.commitment_form != "annual":
        return
    year = services.clock.now().astimezone(SHANGHAI).year
    departments = [code for code, each in city.departments.items() if not each.by_town]
    signed = set(
        await AnnualCommitment.filter(city=city.code, year=year, revoked_at=None).values_list(
            "organization_id", "department"
        )
    )
    for actor in actors.values():
        for held in actor.memberships_in(city.code, Role.UTILITY_CLERK):
            for code in departments:
                if (held.org, code) not in signed:
                    body = AnnualInput(
                        city=city.code, department=code, year=year, promises=PROMISES
                    )
                    await perform(services, actor, lambda unit, body=body: sign_annual(unit, body))  # type: ignore[misc]
