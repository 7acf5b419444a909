"""年度承诺: for this year or the next only, to a department the city has."""

from datetime import datetime
from typing import Any

import pytest

from models import AnnualCommitment
from rules.actors import OrgKind, Role
from rules.errors import Code, DomainError
from tests.workflow.world import SHANGHAI, World
from workflow.cases.commitment import AnnualInput, sign_annual


async def sign(world: World, year: int, department: str = "chengguan") -> dict[str, Any]:
    clerk = await world.staff("daye", Role.UTILITY_CLERK, OrgKind.UTILITY, "water")
    body = AnnualInput(city="daye", department=department, year=year, promises=("按原貌修复",))
    return await world.act(clerk, lambda unit: sign_annual(unit, body))


@pytest.mark.parametrize("year", [2026, 2027])
async def test_it_is_signed_for_this_year_and_ahead_for_the_next(world: World, year: int) -> None:
    assert (await sign(world, year))["year"] == year


@pytest.mark.parametrize("year", [2025, 2028])
async def test_no_other_year_is_signed(world: World, year: int) -> None:
    with pytest.raises(DomainError) as refused:
        await sign(world, year, department="nobody")
    assert refused.value.code is Code.INVALID
    faults = [(fault.field, fault.code) for fault in refused.value.faults]
    assert faults == [("department", "department_unknown"), ("year", "year_wrong")]
    assert not await AnnualCommitment.exists()


async def test_the_year_is_that_of_the_city_not_of_utc(world: World) -> None:
    world.clock.set(datetime(2027, 1, 1, 0, 30, tzinfo=SHANGHAI))  # still 2026 in UTC
    assert (await sign(world, 2028))["year"] == 2028
    with pytest.raises(DomainError):
        await sign(world, 2026)
