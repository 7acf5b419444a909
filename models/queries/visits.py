"""What waits for a field crew: sites to survey, to build at, to connect."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from models.db import pool
from models.queries.queue import TASKS

Row = Mapping[str, Any]

_SURVEY_AT = "(SELECT s.at FROM surveys s WHERE s.application_id = a.id AND s.state = 'confirmed')"
_TIMES = {"survey": _SURVEY_AT, "build": "r.works_started_at", "connect": "r.connection_at"}


def _arm(task: str) -> str:
    states, also = TASKS[task]
    named = ", ".join(f"'{state}'" for state in states)
    return f"""
    SELECT '{task}' AS task, {_TIMES[task]} AS at, r.id, r.application_id, r.utility, r.state,
           r.version, r.arrived_at, r.works_started_at IS NOT NULL AS started, r.kind,
           a.city, a.year, a.sequence, a.judged_on, a.enterprise_name, a.town,
           a.fields->>'site.address' AS address
      FROM requests r JOIN applications a ON a.id = r.application_id
     WHERE r.organization_id = ANY($1::uuid[]) AND r.city = $2 AND r.state IN ({named})
       AND a.stage NOT IN ('closed', 'withdrawn', 'rejected') AND {also}"""  # noqa: S608


_OF_CREW = f"""
SELECT * FROM ({" UNION ALL ".join(map(_arm, TASKS))}) AS task
ORDER BY at NULLS LAST, id LIMIT $3
"""  # noqa: S608 - only the constants above are put into it


async def of_crew(organizations: Sequence[UUID], city: str, limit: int) -> list[Row]:
    """The requests of these providers in a city that wait for a crew, soonest first.

    ``task``: ``survey``, ``build`` or ``connect``; ``at``: when it is to be there, if it is known.
    """
    rows: list[Row] = await pool().fetch(_OF_CREW, list(organizations), city, limit)
    return rows
