"""到场签到 on a visit: judged against the site, the doubts kept, the place itself only sealed.

What counts does not depend on the order in which check-ins reach us: somebody is there since the
earliest one told; the proof is the best one told: without doubts, else with a reason, else first.
"""

from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from config.cities import City
from models import SurveyVisit
from rules.errors import Code, DomainError, Fault
from rules.places import Place
from rules.presence import Fix, Presence, asks, judge
from rules.states import VisitState
from rules.worktime import SHANGHAI
from workflow.inputs import iso
from workflow.surveys.field.positions import Position
from workflow.unit import Unit

POSITION_PURPOSE = "survey_visits.arrival.position"
COMING = frozenset({VisitState.PLANNED, VisitState.CONFIRMED})


@dataclass(frozen=True, slots=True)
class Arrival:
    """That somebody came: when by our clock, where as its phone says, and why it is doubtful."""

    at: datetime
    position: Position | None = None
    fix: Fix | None = None
    """``position`` with its time mended."""
    reason: str = ""


async def arrive(
    unit: Unit,
    visit: SurveyVisit,
    arrival: Arrival,
    *,
    city: City,
    site: Place | None,
    asking: bool,
) -> dict[str, Any]:
    """Keep a check-in; what it is worth: ``metres``, ``doubts``, ``reason_wanted``.

    ``asking``: raise ``INVALID`` with ``reason_needed`` where a reason is wanted, and keep nothing.
    """
    found = judge(
        arrival.fix,
        site,
        radius_m=city.survey_rules.check_in_radius_m,
        at=arrival.at,
        day=visit.at.astimezone(SHANGHAI).date(),
    )
    proofs = [_proof(unit, arrival, found)]
    if visit.arrived_at is not None:
        proofs.append(dict(visit.arrival))
    best = min(proofs, key=_worth)
    wanted = asks(best["doubts"]) and not best["reason"]
    if wanted and asking:
        raise _reason_needed(found)
    changes: dict[str, Any] = {
        "arrived_at": min(filter(None, (visit.arrived_at, arrival.at))),
        "arrival": visit.arrival | best,
    }
    if best["reason"]:
        changes["reason"] = best["reason"]
    if visit.state in COMING:
        changes["state"] = VisitState.ARRIVED
    if any(getattr(visit, name) != value for name, value in changes.items()):
        await visit.change(**changes)
    return {"metres": found.metres, "doubts": list(found.doubts), "reason_wanted": wanted}


def _proof(unit: Unit, arrival: Arrival, found: Presence) -> dict[str, Any]:
    position = arrival.position
    proof = {
        "at": iso(arrival.at),
        "metres": found.metres,
        "doubts": [doubt.value for doubt in found.doubts],
        "reason": arrival.reason,
        "accuracy_m": position.accuracy_m if position else None,
        "system": position.system.value if position else None,
        "received_at": iso(unit.now),
        "position": None,
    }
    if position is not None:
        told = orjson.dumps({"lat": position.lat, "lng": position.lng})
        proof["position"] = b64encode(unit.services.seal.seal(told, POSITION_PURPOSE)).decode()
    return proof


def _worth(proof: dict[str, Any]) -> tuple[Any, ...]:
    """The less, the better; of equals the same whichever came first."""
    doubtful = asks(proof["doubts"])
    told = [proof[name] for name in ("metres", "doubts", "reason", "accuracy_m", "system")]
    at = datetime.fromisoformat(proof["at"])
    return doubtful, doubtful and not proof["reason"], at, orjson.dumps(told)


def _reason_needed(found: Presence) -> DomainError:
    fault = Fault("reason", "reason_needed")
    doubts = [doubt.value for doubt in found.doubts]
    return DomainError(Code.INVALID, faults=(fault,), doubts=doubts, metres=found.metres)
