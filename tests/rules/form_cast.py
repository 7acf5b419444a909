"""What the form tests share: cities, a moment, a calendar of plain working hours, a whole form."""

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from stdnum.cn import uscc

from config.cities import CITIES, City, CityBook
from rules.forms import Checked, Form, Mode, form_of, validate

BOOK = CityBook.load(CITIES)
DAYE: City = BOOK.on("daye", date(2026, 11, 20))
ZHOUKOU: City = BOOK.on("zhoukou", date(2026, 11, 20))
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
"""Friday, 10:00 in Shanghai."""
CREDIT = "91420281MA4900001"
CREDIT += uscc.calc_check_digit(CREDIT)


class Weekdays:
    """Working hours on Monday to Friday, opening times included, closing times not."""

    def is_working_time(self, at: datetime) -> bool:
        local = at.astimezone(ZoneInfo("Asia/Shanghai"))
        sessions = ((time(8, 30), time(12)), (time(14, 30), time(17, 30)))
        return local.weekday() < 5 and any(a <= local.time() < b for a, b in sessions)


def whole(**more: Any) -> dict[str, Any]:
    """A form B of Daye that can be submitted; keyword ``a__b`` sets ``a.b``, None takes away."""
    values: dict[str, Any] = {
        "enterprise.name": "大冶某某机械有限公司",
        "enterprise.credit_code": CREDIT,
        "contact.name": "李甲",
        "contact.phone": "13800001234",
        "site.town": "huandiqiao",
        "site.address": "工业路1号",
        "survey.time": "2026-11-23T09:00",
        "utilities": ["water"],
    }
    values |= {key.replace("__", "."): value for key, value in more.items()}
    return {key: value for key, value in values.items() if value is not None}


def check(
    values: Any, city: City = DAYE, mode: Mode = "submit", form: Form | None = None
) -> Checked:
    """Form B judged now."""
    return validate(form or form_of(city, "B"), values, now=NOW, calendar=Weekdays(), mode=mode)


def codes(checked: Checked) -> dict[str, str]:
    """Field → code of its fault."""
    return {fault.field: fault.code for fault in checked.faults}
