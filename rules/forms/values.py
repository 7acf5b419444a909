"""One raw JSON value → the field's canonical value.

Canonical values are JSON and storable: text cleaned; enum and town codes; multi and carriers lists
of codes in the order offered; bool; integer as int; decimal as a string without exponent; date
``2026-03-15``; datetime ``2026-03-15T09:00+08:00`` (minutes, Asia/Shanghai); phone ``13800001234``
or ``0714-8765432``; credit code upper case; project code with hyphens; point ``{"lat", "lng",
"system": "gcj02", "name"?}`` to six decimals; rows a list of tables. Absent is None.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from config.cities import FieldType, plain
from rules.forms.codes import Wrong, credit_code, phone, project_code
from rules.forms.text import TooLong, Unclean, clean, shown
from rules.forms.types import FormField, WorkingTime

SHANGHAI = ZoneInfo("Asia/Shanghai")
NUMBER = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,10})?")
DATE = re.compile(r"([0-9]{4})(?:-|/|\.|年)([0-9]{1,2})(?:-|/|\.|月)([0-9]{1,2})日?")
DATETIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}"
    r"(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
YEARS = range(1990, 2101)
CODE_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Context:
    """What a value is judged against. ``dates`` False leaves past and future alone."""

    now: datetime
    calendar: WorkingTime | None = None
    dates: bool = True

    @property
    def today(self) -> date:
        """The day in Shanghai."""
        return self.now.astimezone(SHANGHAI).date()


def read(field: FormField, raw: Any, context: Context) -> Any:
    """The canonical value of anything but ``rows``; None when nothing was given.

    Wrong carries the code and data of the one fault.
    """
    if raw is None:
        return None
    try:
        return READERS[field.type](field, raw, context)
    except Unclean as error:
        raise Wrong("bad_character") from error
    except TooLong as error:
        raise Wrong("too_long", max=field.max_length or CODE_LENGTH) from error


def _string(raw: Any, limit: int = CODE_LENGTH) -> str:
    if not isinstance(raw, str):
        raise Wrong("wrong_type")
    return clean(raw, limit)


def _text(field: FormField, raw: Any, _: Context) -> str | None:
    if not isinstance(raw, str):
        raise Wrong("wrong_type")
    return clean(raw, field.max_length, lines=field.type is FieldType.LONG_TEXT) or None


def _chosen(field: FormField, raw: Any) -> str | None:
    """The code of an option given by its code or its label."""
    text = _string(raw)
    if not text:
        return None
    for option in field.options:
        if text in (option.code, _label(option.label)):
            return option.code
    raise Wrong("not_option", value=shown(raw))


@lru_cache(maxsize=4096)
def _label(label: str) -> str:
    """An option's label as it would be typed; city files hold a few hundred."""
    return clean(label, CODE_LENGTH)


def _enum(field: FormField, raw: Any, _: Context) -> str | None:
    return _chosen(field, raw)


def _town(field: FormField, raw: Any, _: Context) -> str | None:
    try:
        return _chosen(field, raw)
    except Wrong as wrong:
        raise Wrong("not_town" if wrong.code == "not_option" else wrong.code) from wrong


def _multi(field: FormField, raw: Any, _: Context) -> list[str] | None:
    if not isinstance(raw, list | tuple):
        raise Wrong("wrong_type")
    if len(raw) > len(field.options):
        raise Wrong("repeated")
    codes = [code for each in raw if (code := _chosen(field, each)) is not None]
    if len(set(codes)) != len(codes):
        raise Wrong("repeated")
    return [option.code for option in field.options if option.code in codes] or None


def _bool(_: FormField, raw: Any, __: Context) -> bool:
    if not isinstance(raw, bool):
        raise Wrong("wrong_type")
    return raw


def number(raw: Any) -> Decimal | None:
    """An exact decimal from a JSON number or plain digits. Wrong("not_number") otherwise."""
    if isinstance(raw, str):
        text = clean(raw, CODE_LENGTH)
        if not text:
            return None
        if not NUMBER.fullmatch(text):
            raise Wrong("not_number")
        return Decimal(text)
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
        raise Wrong("not_number")
    if isinstance(raw, int) and raw.bit_length() > 128:
        raw = 2**128 if raw > 0 else -(2**128)
    value = Decimal(repr(raw)) if isinstance(raw, float) else Decimal(raw)
    if not value.is_finite():
        raise Wrong("not_number")
    return value


def _bounded(field: FormField, raw: Any) -> Decimal | None:
    value = number(raw)
    if value is None:
        return None
    if field.min is not None and value < field.min:
        raise Wrong("too_small", min=plain(field.min), unit=field.unit)
    if field.max is not None and value > field.max:
        raise Wrong("too_big", max=plain(field.max), unit=field.unit)
    return value


def _whole(value: Decimal, decimals: int) -> bool:
    """Whether a bounded value has no more decimals than these."""
    try:
        return value == value.quantize(Decimal(1).scaleb(-decimals))
    except InvalidOperation:
        return False


def _integer(field: FormField, raw: Any, _: Context) -> int | None:
    value = _bounded(field, raw)
    if value is None:
        return None
    if not _whole(value, 0):
        raise Wrong("not_integer")
    return int(value)


def _decimal(field: FormField, raw: Any, _: Context) -> str | None:
    value = _bounded(field, raw)
    if value is None:
        return None
    if not _whole(value, field.decimals):
        raise Wrong("too_precise", decimals=field.decimals)
    return plain(abs(value) if value == 0 else value)


def _date(field: FormField, raw: Any, context: Context) -> str | None:
    text = _string(raw)
    if not text:
        return None
    found = DATE.fullmatch(text)
    try:
        day = date(*map(int, found.groups())) if found else None
    except ValueError:
        day = None
    if day is None or day.year not in YEARS:
        raise Wrong("not_date")
    if context.dates and field.earliest_today and day < context.today:
        raise Wrong("date_past")
    if context.dates and field.latest_today and day > context.today:
        raise Wrong("date_future")
    return day.isoformat()


def _datetime(field: FormField, raw: Any, context: Context) -> str | None:
    text = _string(raw)
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text) if DATETIME.fullmatch(text) else None
    except ValueError:
        at = None
    if at is None or at.year not in YEARS:
        raise Wrong("not_datetime")
    at = at.astimezone(SHANGHAI) if at.tzinfo else at.replace(tzinfo=SHANGHAI)
    at = at.replace(second=0, microsecond=0)
    if context.dates and field.working:
        if at <= context.now:
            raise Wrong("time_past")
        if context.calendar is not None and not context.calendar.is_working_time(at):
            raise Wrong("time_not_working")
    return at.isoformat(timespec="minutes")


def _coded(check: Callable[[str], str]) -> Callable[[FormField, Any, Context], str | None]:
    def reader(_: FormField, raw: Any, __: Context) -> str | None:
        text = _string(raw)
        return check(text) if text else None

    return reader


def _degrees(raw: Any) -> float:
    try:
        value = number(raw)
    except Wrong as wrong:
        raise Wrong("point_wrong") from wrong
    if value is None or not -180 <= value <= 180:
        raise Wrong("point_wrong")
    return round(float(value), 6)


def _point(field: FormField, raw: Any, _: Context) -> dict[str, Any]:
    if not isinstance(raw, Mapping) or set(raw) - {"lat", "lng", "system", "name"}:
        raise Wrong("point_wrong")
    if raw.get("system") != "gcj02":
        raise Wrong("point_system")
    lat, lng = _degrees(raw.get("lat")), _degrees(raw.get("lng"))
    box = field.bounds
    if box and not (box.south <= lat <= box.north and box.west <= lng <= box.east):
        raise Wrong("point_outside")
    point: dict[str, Any] = {"lat": lat, "lng": lng, "system": "gcj02"}
    if raw.get("name") is not None:
        name = _string(raw["name"], 100)
        if name:
            point["name"] = name
    return point


READERS: Mapping[FieldType, Callable[[FormField, Any, Context], Any]] = {
    FieldType.TEXT: _text,
    FieldType.LONG_TEXT: _text,
    FieldType.ENUM: _enum,
    FieldType.MULTI: _multi,
    FieldType.CARRIERS: _multi,
    FieldType.BOOL: _bool,
    FieldType.INTEGER: _integer,
    FieldType.DECIMAL: _decimal,
    FieldType.DATE: _date,
    FieldType.DATETIME: _datetime,
    FieldType.PHONE: _coded(phone),
    FieldType.CREDIT_CODE: _coded(credit_code),
    FieldType.PROJECT_CODE: _coded(project_code),
    FieldType.TOWN: _town,
    FieldType.POINT: _point,
}
