"""One line of a work queue: the case, the part that waits, on whom, until when."""

from datetime import UTC, datetime
from typing import Any

from config.cities import City
from config.texts import words
from models.queries import queue as query
from rules.states import Course, PermitState, PlanState, RequestState, Stage
from rules.waiting import RequestNow, Wait, of_application, of_request
from workflow.encoding import SHANGHAI, shown
from workflow.ports import Services
from workflow.reading.lights import Light, light, worst
from workflow.reading.wording import reasons_of, use_of

Json = dict[str, Any]


class Rows:
    """Shapes the rows of one page. A case is judged by the city of its own day."""

    def __init__(self, services: Services, now: datetime) -> None:
        self._cities = services.cities
        self._now = now
        self._at = now.timestamp()

    def item(self, row: query.Row) -> Json:
        """The line as clients get it."""
        city = self._city_of(row)
        clocks = query.clocks_of(row)
        running = [clock for clock in clocks if clock[3] is None]
        first = next(iter(running or clocks), None)
        paused = first is not None and first[3] is not None
        return {
            "application": self._case(city, row),
            "request": self._request(city, row) if "request_id" in row else None,
            "survey_at": shown(row["survey_at"]),
            "step": first[0] if first else None,
            "step_label": words.step(first[0]).label if first else None,
            "due_at": shown(datetime.fromtimestamp(first[1], UTC))
            if first and not paused
            else None,
            "provisional": bool(first and not paused and first[5]),
            "light": worst(self._light(clock) for clock in running),
            "paused": paused,
            "paused_for": reasons_of(city).get(first[4], first[4]) if first and paused else None,
        }

    def _city_of(self, row: query.Row) -> City:
        day = row["judged_on"] or self._now.astimezone(SHANGHAI).date()
        return self._cities.on(row["city"], day)

    def _case(self, city: City, row: query.Row) -> Json:
        stage = Stage(row["stage"])
        town = next((each.label for each in city.towns if each.code == row["town"]), row["town"])
        body: Json = {
            "id": str(row["id"]),
            "number": city.numbering.format(row["year"], row["sequence"])
            if row["sequence"]
            else None,
            "enterprise_name": row["enterprise_name"],
            "town": row["town"],
            "town_label": town,
            "stage": stage.value,
            "stage_label": words.state("application", stage.value),
            "channel": row["channel"],
            "channel_label": words.state("channel", row["channel"]),
            "submitted_at": shown(row["submitted_at"]),
            "version": row["version"],
        }
        wait = of_application(stage, rated=row["rated"], road_unchecked=row["road_unchecked"])
        body["waits_for"] = words.step(wait.step).label if wait else None
        if "requests" in row:
            body["utilities"] = [use_of(city, utility) for utility in row["utilities"]]
            body["requests"] = [
                {
                    "utility_label": use_of(city, utility),
                    "provider": provider,
                    "state": state,
                    "state_label": words.state("request", state),
                }
                for utility, provider, state in query.parts_of(row)
            ]
        return body

    def _request(self, city: City, row: query.Row) -> Json:
        utility = city.utilities.get(row["utility"])
        kind = utility.kinds.get(row["kind"]) if utility else None
        return {
            "id": str(row["request_id"]),
            "utility": row["utility"],
            "utility_label": use_of(city, row["utility"]),
            "kind": row["kind"],
            "kind_label": kind.label if kind else row["kind"],
            "course": row["course"],
            "provider": row["provider"],
            "state": row["state"],
            "state_label": words.state("request", row["state"]),
            "permit": row["permit_state"],
            "connection_at": shown(row["connection_at"]),
            "version": row["request_version"],
            "waits_for": words.step(self._wait(row).step).label,
        }

    def _wait(self, row: query.Row) -> Wait:
        return of_request(
            RequestNow(
                state=RequestState(row["state"]),
                course=Course(row["course"]),
                permit=PermitState(row["permit_state"]) if row["permit_state"] else None,
                survey_booked=row["survey_at"] is not None,
                segment_open=row["segment_open"],
                plan=PlanState(row["plan_state"]),
                works_started=row["works_started"],
                connection_agreed=row["connection_at"] is not None,
            )
        )

    def _light(self, clock: list[Any]) -> Light:
        return light(clock[1], clock[2], self._at, clock[3])
