"""Form B filled in as an enterprise of Daye would, and as it lies in a draft."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from stdnum.cn import uscc

from rules.forms import validate
from rules.states import Channel, PlanState, Stage
from server.wiring import Wiring
from workflow.encoding import SHANGHAI
from workflow.values import APPLICATION_PURPOSE, at_rest, form_b, phone_lookup

CITY = "daye"
VALUES: dict[str, Any] = {
    "enterprise.name": "样例铸造有限公司",
    "enterprise.credit_code": "91420281MA49QK7T17",
    "enterprise.legal_person": "李样",
    "enterprise.address": "样例路一号",
    "contact.name": "李样",
    "contact.phone": "13800001234",
    "project.code": "2026-420281-33-01-123456",
    "site.town": "jinhu",
    "site.address": "样例大道 8 号",
    "utilities": ["water", "electricity", "gas", "network"],
    "water.kind": "new",
    "water.daily_amount": "20",
    "water.dual_supply": False,
    "electricity.kind": "new",
    "electricity.main_capacity": "315",
    "gas.devices": [
        {"name": "锅炉", "count": 1, "load": "80"},
        {"name": "灶台", "count": 4, "load": "12"},
    ],
    "network.carriers": ["telecom"],
    "network.bandwidth": "500",
    "network.lines": 8,
}
COLUMNS = (
    "version",
    "city",
    "channel",
    "stage",
    "utilities",
    "town",
    "enterprise_name",
    "credit_code",
    "project_code",
    "contact_lookup",
    "fields",
    "revisions",
    "personal_sealed",
    "faults_told",
    "gaps",
    "plan_state",
    "works_started",
    "road_opened",
)
"""Columns of ``applications`` that ``drafts`` fills, in its order."""
_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""What a 统一社会信用代码 is written with."""


class Filled:
    """The whole form as the city asks for it today, with a time for the survey that can be kept."""

    def __init__(self, wiring: Wiring) -> None:
        city = wiring.cities.on(CITY, datetime.now(SHANGHAI).date())
        self.calendar = wiring.calendars.of(city)
        self.form = form_b(city)
        self.seal = wiring.seal
        at = self.calendar.next_working_time(datetime.now(UTC) + timedelta(days=3))
        self.values = VALUES | {
            "survey.time": at.astimezone(SHANGHAI).isoformat(timespec="minutes")
        }

    def kept(self) -> tuple[dict[str, Any], bytes]:
        """The form as a row keeps it: plain values, sealed values. ValueError when it has faults.

        A form that was not right would make every submit a refusal.
        """
        now = datetime.now(UTC)
        checked = validate(self.form, self.values, now=now, calendar=self.calendar, mode="submit")
        if checked.faults:
            raise ValueError([(fault.field, fault.code) for fault in checked.faults])
        kept = at_rest(self.seal, self.form, checked.values, APPLICATION_PURPOSE)
        return kept.plain, kept.sealed or b""

    def drafts(self, count: int) -> Iterator[tuple[Any, ...]]:
        """The columns of complete drafts, each of another enterprise."""
        plain, sealed = self.kept()
        revisions = orjson.dumps(dict.fromkeys(self.values, 1)).decode()
        lookup = phone_lookup(self.seal, self.values["contact.phone"])
        for number in range(count):
            code = credit_code(number)
            yield (
                1,
                CITY,
                Channel.MINIPROGRAM.value,
                Stage.DRAFT.value,
                self.values["utilities"],
                self.values["site.town"],
                self.values["enterprise.name"],
                code,
                self.values["project.code"],
                lookup,
                orjson.dumps(plain | {"enterprise.credit_code": code}).decode(),
                revisions,
                sealed,
                "[]",
                "[]",
                PlanState.DRAFTING.value,
                False,
                False,
            )


def credit_code(number: int) -> str:
    """The ``number``-th 统一社会信用代码 of an invented range, its check character right."""
    places = (number // len(_SIGNS) ** place % len(_SIGNS) for place in range(7))
    base = "91420281MA" + "".join(_SIGNS[place] for place in places)
    return base + str(uscc.calc_check_digit(base))
