"""The questionnaire and the API agree on every field of every city, one nobody knew included."""

from pathlib import Path
from typing import Any

import pytest

from bot.dialogue.heard import Heard, Kind, Place
from config.cities import CITIES, CityBook, FieldType
from config.texts import fault as fault_words
from rules.forms import Form, FormField, form_of, next_question, validate
from rules.forms.validate import read_field
from rules.forms.values import Context
from tests.bot.dialogue.stage import NOW, Stage
from tests.config.third_city import folder_with_third

BOOK = CityBook.load(CITIES)
CITY_CODES = ("daye", "zhoukou", "moumou")
GOOD: dict[FieldType, tuple[str, Any]] = {
    FieldType.TEXT: ("A1024", "A1024"),
    FieldType.LONG_TEXT: ("请尽量安排在月底前施工", "请尽量安排在月底前施工"),
    FieldType.BOOL: ("是", True),
    FieldType.INTEGER: ("12", 12),
    FieldType.DECIMAL: ("三十五", "35"),
    FieldType.DATE: ("2027年6月1日", "2027-06-01"),
    FieldType.DATETIME: ("2026年11月24日9点", "2026-11-24T09:00+08:00"),
    FieldType.PHONE: ("139 1111 2222", "13911112222"),
    FieldType.CREDIT_CODE: ("91420281ma4900001h", "91420281MA4900001H"),
    FieldType.PROJECT_CODE: ("2026-420281-44-01-123456", "2026-420281-44-01-123456"),
    FieldType.ROWS: ("锅炉2台DN50", [{"name": "锅炉", "count": 2, "burner_calibre": "DN50"}]),
}
"""What is typed for a field of each type, and what the form then holds."""
OF_ROLES = {
    "enterprise.name": "大冶某某机械有限公司",
    "enterprise.legal_person": "李甲",
    "contact.name": "李甲",
    "agent.name": "李甲",
    "site.address": "工业路1号",
    "enterprise.address": "工业路1号",
    "old_holder": "大冶某某机械有限公司",
    "new_holder": "大冶某某机械有限公司",
}
WRONG: dict[FieldType, tuple[str, Any]] = {
    FieldType.INTEGER: ("99999999", 99999999),
    FieldType.DECIMAL: ("99999999999", "99999999999"),
    FieldType.DATETIME: ("2026年11月21日9点", "2026-11-21T09:00"),
    FieldType.PHONE: ("1380000", "1380000"),
    FieldType.CREDIT_CODE: ("91420281MA49000010", "91420281MA49000010"),
    FieldType.PROJECT_CODE: ("2026-420281-44-01", "2026-420281-44-01"),
}
"""What is refused, as typed in the chat and as sent to the API."""


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, CityBook]:
    """Each city by itself, a third one with a utility of its own among them."""
    folder: Path = folder_with_third(tmp_path_factory.mktemp("third"))
    every = CityBook.load(folder)
    return {code: every.only((code,)) for code in CITY_CODES}


def _form(book: CityBook, code: str, form: Any = "B") -> Form:
    return form_of(book.on(code, NOW.date()), form)


def _values_for(form: Form, field: FormField) -> dict[str, Any]:
    """A form in which the field applies, and holds nothing yet."""
    utilities = [option.code for option in form.by_key["utilities"].options]
    base = {"agent.name": "王乙", "premises.rented": True, "utilities": utilities}
    for kind in (None, "temporary", "transfer"):
        asked = [form.by_key.get(f"{code}.kind") for code in utilities]
        kinds = {f.key: kind for f in asked if f is not None and kind and f.option(kind)}
        values = {k: v for k, v in {**base, **kinds}.items() if k != field.key}
        if field.condition.holds(values):
            return values
    if field.key in ("agent.name", "premises.rented", "utilities"):
        return {k: v for k, v in base.items() if k != field.key}
    raise AssertionError(f"{field.key} never applies")


def _stage(book: CityBook, code: str, values: dict[str, Any]) -> Stage:
    """Somebody in the middle of such a form, asked for whatever comes next."""
    stage = Stage.of(book)
    stage.world.open(code, values=values)
    stage.say("接着填", "resume_draft")
    return stage


def _typed(field: FormField) -> tuple[str, Any]:
    """What to type for a field, and its value then."""
    if field.options:
        first = field.options[0]
        several = field.type in (FieldType.MULTI, FieldType.CARRIERS)
        return first.label, [first.code] if several else first.code
    role = OF_ROLES.get(field.key) or OF_ROLES.get(field.key.partition(".")[2])
    if role and field.type is FieldType.TEXT:
        return role, role
    return GOOD[field.type]


def _keys(code: str, form: Any = "B") -> list[str]:
    book = BOOK if code in BOOK.codes() else None
    if book is None:
        return ["steam.kind", "steam.flow", "steam.pressure", "steam.account_no", "steam.consent"]
    return [field.key for field in _form(book, code, form).fields]


CASES = [(code, key) for code in CITY_CODES for key in _keys(code)]


@pytest.mark.parametrize(("code", "key"), CASES)
def test_every_field_can_be_set_by_its_name(
    books: dict[str, CityBook], code: str, key: str
) -> None:
    form = _form(books[code], code)
    field = form.by_key[key]
    stage = _stage(books[code], code, _values_for(form, field))
    stage.say(f"改{field.label}", "modify_application")
    assert stage.state.asked is not None
    assert stage.state.asked.data["key"] == key
    if field.type is FieldType.POINT:
        box = books[code].on(code, NOW.date()).box
        lat, lng = (box.south + box.north) / 2, (box.west + box.east) / 2
        stage.hear(Heard(Kind.LOCATION, place=Place(lat, lng, "厂门口")))
        assert stage.values[key]["name"] == "厂门口"
        return
    text, value = _typed(field)
    stage.say(text)
    assert stage.values.get(key) == value


@pytest.mark.parametrize(("code", "key"), CASES)
def test_the_same_is_refused_with_the_same_words(
    books: dict[str, CityBook], code: str, key: str
) -> None:
    form = _form(books[code], code)
    field = form.by_key[key]
    if field.type not in WRONG:
        return
    stage = _stage(books[code], code, _values_for(form, field))
    stage.say(f"改{field.label}", "modify_application")
    text, raw = WRONG[field.type]
    stage.say(text)
    calendar = stage.facts.calendars[code]
    _, faults = read_field(field, raw, Context(NOW, calendar), whole=True)
    assert faults
    assert fault_words(faults[0].code, faults[0].label, faults[0].data) in stage.text
    assert stage.values.get(key) is None


@pytest.mark.parametrize("code", CITY_CODES)
@pytest.mark.parametrize("letter", ["A", "B"])
def test_it_asks_what_the_rules_ask_in_their_order(
    books: dict[str, CityBook], code: str, letter: str
) -> None:
    form = _form(books[code], code, letter)
    stage = Stage.of(books[code])
    begun = "apply" if letter == "B" else "register_intent"
    stage.hear(Heard(Kind.CHOICE, choice=f"do:{begun}"))
    known: dict[str, Any] = {}
    skipped: list[str] = []
    while (field := next_question(form, known, skipped)) is not None and field.key not in skipped:
        assert stage.state.asked is not None
        assert stage.state.asked.data["key"] == field.key
        if field.key == "utilities":
            stage.say("都要")
            known[field.key] = [option.code for option in field.options]
        else:
            stage.say("跳过")
            skipped.append(field.key)
    assert len(skipped) > 8


@pytest.mark.parametrize("code", CITY_CODES)
def test_the_faults_named_before_submitting_are_those_of_the_api(
    books: dict[str, CityBook], code: str
) -> None:
    form = _form(books[code], code)
    values: dict[str, Any] = {
        "utilities": [option.code for option in form.by_key["utilities"].options],
        "contact.phone": "123",
        "survey.time": "2026-11-21T09:00",
        "agent.name": "王乙",
        "agent.authorised": False,
    }
    stage = _stage(books[code], code, values)
    stage.say("提交")
    calendar = stage.facts.calendars[code]
    faults = validate(form, values, now=NOW, calendar=calendar, mode="submit").faults
    assert len(faults) > 5
    for fault in faults:
        assert fault_words(fault.code, fault.label, fault.data) in stage.text
    assert f"还有{len(faults)}处" in stage.text
