"""Whole conversations in readable files, played on a stage.

``# title``; ``@ setting value``. What the person does: ``> text {intent slots}`` (slots compact,
``u:water|k:new|a:water 20 t/d|d:…|p:…|c:…|co:…``; ``{intent/0.3}`` is how sure; without
braces it is heard as nothing in particular), ``tap label``, ``menu key``, ``place lat,lng,label``,
``picture id``, ``voice``, ``follow scene``. What must come of it: ``< said``, ``!< not said``,
``act Name``, ``act Name key=value``, ``no act``, ``asks key`` (of a field, or a question's name),
``choices a | b``, ``links path``, ``handover``, ``draft key=value`` (empty: absent),
``stage submitted``, ``misses 1``.
"""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.dialogue import acts
from bot.dialogue.heard import Heard, Kind, Place
from bot.dialogue.replies import HandOver, Say
from tests.bot.dialogue.stage import Stage
from tests.bot.dialogue.world import World

FOLDER = Path(__file__).parent / "transcripts"
_SAID = re.compile(r"(?P<text>.*?)(?:\s*\{(?P<meant>[^{}]*)\})?$", re.DOTALL)


def play(path: Path, stage: Stage) -> None:
    """Play a transcript; AssertionError names the line that does not hold."""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        try:
            _line(stage, text)
        except AssertionError as error:
            said = "\n".join(map(str, stage.replies))
            raise AssertionError(
                f"{path.name}:{number}: {text}\n{error}\n--- said:\n{said}\n--- acts:"
                f" {[type(a).__name__ for a in stage.acted]}\n--- asked: {stage.state.asked}"
            ) from error


def _line(stage: Stage, text: str) -> None:
    mark, _, rest = text.partition(" ")
    match mark:
        case "@":
            _setting(stage, *rest.split(" ", 1))
        case ">":
            found = _SAID.match(rest)
            assert found
            stage.say(found["text"].replace("\\n", "\n"), found["meant"])
        case "tap":
            stage.tap(rest)
        case "menu":
            stage.hear(Heard(Kind.CHOICE, choice=rest))
        case "place":
            lat, lng, label = rest.split(",", 2)
            stage.hear(Heard(Kind.LOCATION, place=Place(float(lat), float(lng), label)))
        case "picture":
            stage.hear(Heard(Kind.IMAGE, media_id=rest))
        case "voice":
            stage.hear(Heard(Kind.VOICE))
        case "follow":
            stage.hear(Heard(Kind.FOLLOWED, choice=rest or None))
        case _:
            _expected(stage, mark, rest)


def _setting(stage: Stage, name: str, value: str = "") -> None:
    match name:
        case "city":
            stage.state = replace(stage.state, city=value)
        case "later":
            amount, unit = value.split()
            stage.later(**{unit: float(amount)})
        case "case":
            city, at, values = value.split(" ", 2)
            stage.world.open(city, at, values=json.loads(values))
        case "number":
            stage.world.cases[-1].number = value
        case "returned":  # field, reason of the city file, words of one's own
            _returned(stage.world, *value.split(" ", 2))
        case "known":
            stage.world.known = json.loads(value)
        case "elsewhere":
            case = stage.case
            assert case is not None
            key, _, typed = value.partition("=")
            stage.world.save(case, {key: (json.loads(typed), case.version)}, mine=True)
        case "rival":  # somebody else who has not seen what stands there
            assert stage.case is not None
            key, _, typed = value.partition("=")
            stage.world.save(stage.case, {key: (json.loads(typed), 0)}, mine=False)
        case "stage":
            assert stage.case is not None
            stage.case.stage = value
        case _:
            raise AssertionError(f"no such setting: {name}")


def _returned(world: World, field: str, reason: str, note: str = "") -> None:
    """The case opened last is returned for one more thing."""
    case = world.cases[-1]
    city, form = world.city(case.city), world.form(case)
    labels = {each.code: each.label for each in city.documents}
    labels |= {each.key: each.label for each in form.fields}
    reasons = {each.code: each.label for each in city.return_reasons}
    told = {"field": field, "label": labels[field], "reason": reason, "note": note}
    case.stage = "returned"
    case.to_correct.append({**told, "reason_label": reasons[reason], "version": case.version})


def _expected(stage: Stage, mark: str, rest: str) -> None:
    check = EXPECTED.get(mark)
    assert check is not None, f"no such line: {mark}"
    check(stage, rest)


def _says(stage: Stage, rest: str) -> None:
    assert rest in stage.text


def _says_not(stage: Stage, rest: str) -> None:
    assert rest not in stage.text


def _acts(stage: Stage, rest: str) -> None:
    name, _, pair = rest.partition(" ")
    assert name in [type(act).__name__ for act in stage.acted]
    if pair:
        key, _, value = pair.partition("=")
        assert _shown(_held(stage, name).get(key)) == value, _held(stage, name)


def _no_act(stage: Stage, rest: str) -> None:
    assert rest == "act"
    assert not stage.acted


def _asks(stage: Stage, rest: str) -> None:
    asked = stage.state.asked
    known = {"nothing"} if asked is None else {asked.name, asked.data.get("key")}
    assert rest in known, known


def _choices(stage: Stage, rest: str) -> None:
    lines = [c.label for r in stage.replies if isinstance(r, Say) for c in r.choices]
    assert [each.strip() for each in rest.split("|")] == lines, lines


def _links(stage: Stage, rest: str) -> None:
    paths = [li.path for r in stage.replies if isinstance(r, Say) for li in r.links]
    assert any(rest in path for path in paths), paths


def _hands_over(stage: Stage, rest: str) -> None:
    assert any(isinstance(reply, HandOver) for reply in stage.replies)


def _draft(stage: Stage, rest: str) -> None:
    key, _, value = rest.partition("=")
    assert _shown(stage.values.get(key)) == value, stage.values


def _stage(stage: Stage, rest: str) -> None:
    assert stage.case is not None
    assert stage.case.stage == rest


def _misses(stage: Stage, rest: str) -> None:
    assert stage.state.misses == int(rest)


EXPECTED: dict[str, Callable[[Stage, str], None]] = {
    "<": _says,
    "!<": _says_not,
    "act": _acts,
    "no": _no_act,
    "asks": _asks,
    "choices": _choices,
    "links": _links,
    "handover": _hands_over,
    "draft": _draft,
    "stage": _stage,
    "misses": _misses,
}


def _shown(held: Any) -> str:
    if held is None or isinstance(held, str):
        return held or ""
    return json.dumps(held, ensure_ascii=False, default=str)


def _held(stage: Stage, name: str) -> dict[str, Any]:
    act = next(act for act in reversed(stage.acted) if type(act).__name__ == name)
    if isinstance(act, acts.SaveFields):
        return {key: value for key, (value, _) in act.fields.items()}
    return {each: getattr(act, each) for each in act.__slots__}
