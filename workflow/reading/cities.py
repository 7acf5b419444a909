"""What everybody may know of a city's rules: utilities, towns, documents, reasons, forms."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from config.cities import City, Coded, Utility
from rules.errors import Code, DomainError
from rules.forms import describe, form_of
from rules.lifecycle import ORGANISER_ROLE
from workflow.encoding import SHANGHAI
from workflow.ports import Services

FormCode = Literal["A", "B"]


def listed(services: Services, now: datetime) -> dict[str, Any]:
    """Every city we serve."""
    day = now.astimezone(SHANGHAI).date()
    return {
        "cities": [
            _brief(services.cities.on(code, day)) for code in sorted(services.cities.codes())
        ]
    }


def detail(services: Services, code: str, now: datetime) -> dict[str, Any]:
    """One city. ``NOT_FOUND`` for one we do not serve."""
    city = _city(services, code, now)
    return {
        **_brief(city),
        "utilities": [_utility(each) for each in city.utilities.values()],
        "lead": city.lead.label,
        "window": city.window.name,
        "towns": [{**_coded(each), "own_window": each.own_window} for each in city.towns],
        "departments": _all(city.departments.values()),
        "documents": [
            {
                **_coded(each),
                "required": each.required,
                "utilities": list(each.utilities),
                "kinds": list(each.kinds),
                "help": each.help,
            }
            for each in city.documents
        ],
        "hotlines": [
            {
                **_coded(each),
                "number": each.number,
                "utility": each.utility,
                "emergency": each.emergency,
            }
            for each in city.hotlines
        ],
        "reasons": {
            "return": _all(city.return_reasons),
            "reject": _all(city.reject_reasons),
            "pause": _all(city.pause_reasons),
            "decline": _all(city.decline_reasons),
            "objection": _all(city.objection_reasons),
            "condition": _all(city.opinion_conditions),
        },
        "gaps_allowed": city.gaps_allowed,
        "organisers": {
            "survey": ORGANISER_ROLE[city.organisers.survey],
            "parallel_approval": ORGANISER_ROLE[city.organisers.parallel_approval],
            "home_visit": ORGANISER_ROLE[city.organisers.home_visit],
        },
    }


def form(
    services: Services, code: str, which: FormCode, kind: str | None, now: datetime
) -> dict[str, Any]:
    """Form A or B as clients draw it; ``kind`` narrows it to one 业务类型. ``NOT_FOUND``."""
    try:
        return describe(form_of(_city(services, code, now), which, kind))
    except LookupError:
        raise DomainError(Code.NOT_FOUND) from None


def _city(services: Services, code: str, now: datetime) -> City:
    if code not in services.cities.codes():
        raise DomainError(Code.NOT_FOUND)
    return services.cities.on(code, now.astimezone(SHANGHAI).date())


def _brief(city: City) -> dict[str, Any]:
    return {
        "code": city.code,
        "name": city.name,
        "province": city.province,
        "utilities": _all(city.utilities.values()),
    }


def _utility(utility: Utility) -> dict[str, Any]:
    return {
        **_coded(utility),
        "short": utility.short,
        "provider": utility.provider,
        "hotline": utility.hotline,
        "kinds": [
            {
                **_coded(kind),
                "account_change": kind.account_change,
                "temporary": kind.temporary,
            }
            for kind in utility.kinds.values()
        ],
        "carriers": _all(utility.carriers),
    }


def _all(parts: Iterable[Any]) -> list[dict[str, str]]:
    return [_coded(part) for part in parts]


def _coded(part: Coded | Any) -> dict[str, str]:
    return {"code": part.code, "label": part.label}
