"""The guide: what a city's file answers about materials, steps, time, fees and whom to ask."""

from datetime import datetime
from typing import Any, get_args

from config.cities import City, Topic
from config.texts import words
from rules.errors import Code, DomainError
from workflow.encoding import SHANGHAI
from workflow.ports import Services
from workflow.unit import Answer

TOPICS: tuple[Topic, ...] = get_args(Topic)


def guide(services: Services, code: str, topic: str | None, now: datetime) -> Answer:
    """Every topic of a city, or one. ``NOT_FOUND`` for a city or topic there is none of."""
    if code not in services.cities.codes() or topic not in (None, *TOPICS):
        raise DomainError(Code.NOT_FOUND)
    city = services.cities.on(code, now.astimezone(SHANGHAI).date())
    return Answer(
        {
            "city": city.code,
            "city_name": city.name,
            "policy": city.policy,
            "topics": [_topic(city, each) for each in TOPICS if topic in (None, each)],
            "hotlines": [
                {
                    "code": each.code,
                    "label": each.label,
                    "number": each.number,
                    "utility": each.utility,
                    "emergency": each.emergency,
                }
                for each in city.hotlines
            ],
        }
    )


def _topic(city: City, topic: Topic) -> dict[str, Any]:
    return {
        "topic": topic,
        "label": words.topic(topic),
        "answers": [{"text": each.text, "clause": each.clause} for each in city.guide[topic]],
    }
