"""Conversations about cases, surveys, visits …: the stage with a town, and its settings.

``@ own city stage sequence name utilities`` (``registration`` before the city for one of those),
``@ survey 2026-11-24T09:00``, ``@ due -2`` (days from now), ``@ paused reason``, ``@ unsure``,
``@ state gas connected``, ``@ connection water 2026-11-25T09:00`` are about the own case named
last; ``@ behind`` hides it until the chat is joined by ``@ code 12345678``; ``@ linked``,
``@ answered TS000001 text``, ``@ checking`` (the platform is asked who it is), ``@ checked``,
``@ crew daye``, ``@ joint 2026-11-24T09:00 …`` (also ``gone``, ``kept``), ``@ moves 1``,
``@ stop 2026-11-24T09:00 name`` (of a crew's day), ``@ visit water survey``,
``@ refuse Act code [guard=… | fault=… field=…]``.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.dialogue.heard import Refused
from config.cities import CityBook
from rules.calendar import SHANGHAI
from rules.errors import Code, Fault
from tests.bot.dialogue import transcript
from tests.bot.dialogue.stage import NOW, Stage, facts_of
from tests.bot.dialogue.topics.own import Own
from tests.bot.dialogue.topics.town import Town, stop, visit

FOLDER = Path(__file__).parent / "transcripts"


def stage_of(book: CityBook, now: datetime = NOW) -> Stage:
    """A stage with an empty town."""
    facts = facts_of(book, now)
    return Stage(Town(book, facts.calendars, now), facts)


def play(path: Path, stage: Stage) -> None:
    """Play a transcript; AssertionError names the line that does not hold."""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        try:
            if not _town_line(stage, text):
                transcript._line(stage, text)
        except AssertionError as error:
            said = "\n".join(map(str, stage.replies))
            acted = [type(act).__name__ for act in stage.acted]
            raise AssertionError(
                f"{path.name}:{number}: {text}\n{error}\n--- said:\n{said}\n--- acts: {acted}\n"
                f"--- asked: {stage.state.asked}"
            ) from error


def town_of(stage: Stage) -> Town:
    """The stage's world."""
    assert isinstance(stage.world, Town)
    return stage.world


def _town_line(stage: Stage, text: str) -> bool:
    """Whether a line is one of a town's settings, which then is set."""
    mark, _, rest = text.partition(" ")
    if mark != "@":
        return False
    name, *values = rest.split()
    return _about_case(town_of(stage), name, values) or _about_person(stage, name, values)


def _about_case(town: Town, name: str, values: list[str]) -> bool:
    match name, values:
        case "own", ["registration", city, state, name_, utilities]:
            town.own.append(_own(city, state, "0", name_, utilities, "registration"))
        case "own", [city, stage_, sequence, name_, utilities]:
            town.own.append(_own(city, stage_, sequence, name_, utilities, "application"))
        case "behind", []:
            town.behind.append(town.own.pop())
        case "visit", [utility, task, *more]:
            town.visits.append(visit(town.own[-1], utility, task, town, **_pairs(more)))
        case _:
            return bool(town.own) and _about_last(town.own[-1], name, values)
    return True


def _about_last(own: Own, name: str, values: list[str]) -> bool:
    match name, values:
        case "survey", [at]:
            own.survey_at = _at(at)
        case "due", [days]:
            own.due_in = timedelta(days=float(days))
        case "paused", [reason]:
            own.paused = reason
        case "unsure", []:
            own.unsure = True
        case "rated", []:
            own.rated = True
        case "carriers", names:
            own.carriers = tuple(names)
        case "state", [utility, state]:
            own.states[utility] = state
        case "connection", [utility, at]:
            own.connection[utility] = _at(at)
        case _:
            return False
    return True


def _about_person(stage: Stage, name: str, values: list[str]) -> bool:
    town = town_of(stage)
    match name, values:
        case "joint" | "gone" | "kept", times:
            setattr(town, name, [_at(each) for each in times])
        case "moves", [left]:
            town.moves = int(left)
        case "stop", [at, name_, *more]:
            town.day.append(stop(_at(at), name_, **_pairs(more)))
        case "answered", [number, answer]:
            town.answers[number] = answer
        case "code", [code]:
            town.code = code
        case "checking", []:
            stage.facts = replace(stage.facts, checking=True)
        case "checked", []:
            stage.facts = replace(stage.facts, checking=False)
        case "linked", []:
            stage.facts = replace(stage.facts, linked=True)
        case "crew", cities:
            stage.facts = replace(stage.facts, crew_cities=tuple(cities))
        case "refuse", [act, code, *more]:
            pairs = _pairs(more)
            fault = pairs.pop("fault", None)
            at = pairs.pop("field", "at")
            faults = (Fault(at, fault, "时间", {"choices": []}),) if fault else ()
            town.refusals[act] = Refused(Code(code), faults, pairs)
        case _:
            return False
    return True


def _own(city: str, stage: str, sequence: str, name: str, utilities: str, kind: str) -> Own:
    return Own(city, stage, int(sequence), name, tuple(utilities.split(",")), kind)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def _pairs(words: list[str]) -> dict[str, str]:
    return dict(word.split("=", 1) for word in words)
