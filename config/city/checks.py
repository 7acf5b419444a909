"""What must agree inside one city: every reference, every deadline, every field of every form."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import get_args

from config.city.fields import FieldSpec, FieldType
from config.city.layout import CellSpec, FormSpec, Row
from config.city.model import OPTIONAL_STEPS, City, Step
from config.city.words import PLACEHOLDER, fill

Found = tuple[str, str]
"""Path inside the file, reason."""

WAITING_APPLICANT = "waiting_applicant"
"""The reason for which clocks stand between return and correction, in every city."""
FORMS_ASKED = ("A", "B")
GENERATED = ("kind", "temporary_until", "account_no", "old_holder", "new_holder", "consent")


def check(city: City) -> Iterator[Found]:
    """Every disagreement inside a city that its types alone cannot show."""
    yield from _deadlines(city)
    yield from _codes(city)
    yield from _departments(city)
    yield from _utilities(city)
    yield from _fields(city)
    yield from _forms(city)
    yield from _documents(city)
    yield from _guide(city)


def _deadlines(city: City) -> Iterator[Found]:
    for step in get_args(Step):
        if step not in city.deadlines and step not in OPTIONAL_STEPS:
            yield f"deadlines.{step}", "deadline missing 缺少时限"
    closing = city.deadlines.get("rating_close")
    if closing is not None and (
        closing.limit.working_days is None or closing.limit.working_days % 1 != 0
    ):
        yield "deadlines.rating_close.limit", "must be whole working days 须为整工作日"
    if city.permit_gaps_allowed and "permit_papers" not in city.deadlines:
        yield "deadlines.permit_papers", "deadline missing although permit_gaps_allowed"


def _repeated(path: str, codes: Iterable[str]) -> Iterator[Found]:
    for code, count in Counter(codes).items():
        if count > 1:
            yield path, f"{code} is listed {count} times 重复"


def _codes(city: City) -> Iterator[Found]:
    yield from _repeated("towns", (town.code for town in city.towns))
    yield from _repeated("towns", (town.label for town in city.towns))
    yield from _repeated("documents", (document.code for document in city.documents))
    yield from _repeated("hotlines", (hotline.code for hotline in city.hotlines))
    yield from _repeated("opinions", city.opinions)
    for name in (
        "pause_reasons",
        "decline_reasons",
        "return_reasons",
        "reject_reasons",
        "objection_reasons",
        "opinion_conditions",
    ):
        yield from _repeated(name, (reason.code for reason in getattr(city, name)))
    for hotline in city.hotlines:
        if hotline.utility is not None and hotline.utility not in city.utilities:
            yield f"hotlines.{hotline.code}.utility", f"unknown utility {hotline.utility}"
    if WAITING_APPLICANT not in {reason.code for reason in city.pause_reasons}:
        yield "pause_reasons", f"{WAITING_APPLICANT} missing: 退回补正时暂停计时的原因"


def _departments(city: City) -> Iterator[Found]:
    named = [
        ("lead.department", city.lead.department),
        ("source.registration_department", city.source.registration_department),
        *((f"opinions[{at}]", code) for at, code in enumerate(city.opinions)),
        *(("survey_rules.departments", code) for code in city.survey_rules.departments),
    ]
    for kind in city.permits.kinds.values():
        path = f"permits.kinds.{kind.code}"
        named.append((f"{path}.department", kind.department))
        named += [(f"{path}.by_road_class.{r}", code) for r, code in kind.by_road_class.items()]
    for path, code in named:
        if code not in city.departments:
            yield path, f"unknown department {code} 未定义的部门"
    if sum(department.by_town for department in city.departments.values()) != 1:
        yield "departments", "exactly one department has by_town = true 属地须恰有一个"


def _utilities(city: City) -> Iterator[Found]:
    for utility in city.utilities.values():
        path = f"utilities.{utility.code}"
        if utility.section not in city.sections:
            yield f"{path}.section", f"unknown section {utility.section} 未定义的表格部分"
        yield from _repeated(f"{path}.carriers", (carrier.code for carrier in utility.carriers))
        if utility.default_kind.account_change:
            yield f"{path}.kinds", "the first kind is taken when none is ticked: not an account's"


def known_keys(city: City) -> frozenset[str]:
    """Keys of all fields, patterns made into one key for every utility."""
    keys = {key for key in city.fields if not key.startswith("*.")}
    for key in city.fields:
        if key.startswith("*."):
            keys |= {f"{utility}.{key[2:]}" for utility in city.utilities}
    return frozenset(keys)


def _fields(city: City) -> Iterator[Found]:
    known = known_keys(city)
    for key, spec in city.fields.items():
        if spec.when is not None and spec.when.field not in known:
            yield f"fields.{key}.when.field", f"field {spec.when.field} is not defined"
    if any(
        kind.account_change
        for utility in city.utilities.values()
        for kind in utility.kinds.values()
    ):
        missing = [name for name in GENERATED if f"*.{name}" not in city.fields]
    else:
        missing = [name for name in GENERATED[:2] if f"*.{name}" not in city.fields]
    for name in missing:
        yield f"fields.*.{name}", "field missing 缺少字段"


def _cells(rows: Iterable[Row]) -> Iterator[tuple[int, CellSpec]]:
    for at, row in enumerate(rows):
        for cell in row:
            yield at, cell


def _printed(
    path: str, columns: int, rows: tuple[Row, ...], known: frozenset[str]
) -> Iterator[Found]:
    for at, row in enumerate(rows):
        width = sum(cell.span for cell in row)
        if width != columns:
            yield f"{path}.rows[{at}]", f"spans {width} of {columns} columns 列数不符"
    for at, cell in _cells(rows):
        for key in (*cell.fields, *([cell.label_of] if cell.label_of else [])):
            if key not in known:
                yield f"{path}.rows[{at}]", f"field {key} is not defined 未定义的字段"


def _tables(path: str, rows: tuple[Row, ...], fields: Mapping[str, FieldSpec]) -> Iterator[Found]:
    """A table of devices has its row to itself, one printed column for each of its own."""
    for at, row in enumerate(rows):
        for cell in row:
            for key in cell.fields:
                spec = fields.get(key)
                if spec is None or spec.type is not FieldType.ROWS:
                    continue
                if len(row) > 1 or len(cell.fields) > 1 or cell.span != len(spec.columns):
                    yield f"{path}.rows[{at}]", f"{key} needs a row of {len(spec.columns)} columns"


def _asked(path: str, keys: tuple[str, ...], known: frozenset[str]) -> Iterator[Found]:
    for key in keys:
        if key not in known:
            yield f"{path}.fields", f"field {key} is not defined 未定义的字段"
    yield from _repeated(f"{path}.fields", keys)


def _forms(city: City) -> Iterator[Found]:
    known = known_keys(city)
    for code in FORMS_ASKED:
        if code not in city.forms:
            yield f"forms.{code}", "form missing 缺少表格"
    for code in ("A", "B", "C", "D"):
        if code not in city.texts:
            yield f"texts.{code}", "title missing 缺少表名"
    for code, form in city.forms.items():
        path = f"forms.{code}"
        for name, section in form.sections.items():
            yield from _asked(f"{path}.sections.{name}", section.fields, known)
        yield from _printed(path, form.columns, form.rows, known)
        yield from _tables(path, form.rows, city.fields)
        if form.utility_sections:
            yield from _utility_sections(city, form, known)


def _utility_sections(city: City, form: FormSpec, known: frozenset[str]) -> Iterator[Found]:
    if "requested" not in form.sections:
        yield "forms.B.sections.requested", "section missing: utilities' sections follow it"
    for utility in city.utilities.values():
        section = city.sections.get(utility.section)
        if section is None:
            continue
        path = f"sections.{utility.section}"
        yield from _asked(path, section.fields, known)
        yield from _printed(path, form.columns, section.rows, known)
        yield from _tables(path, section.rows, city.fields)
        carriers = [key for key in section.fields if _is_carriers(city.fields.get(key))]
        if bool(carriers) != bool(utility.carriers):
            yield (
                path,
                "carriers and a field of type carriers go together 运营单位与其选择字段须同时有",
            )


def _is_carriers(spec: FieldSpec | None) -> bool:
    return spec is not None and spec.options_from == "carriers"


def _documents(city: City) -> Iterator[Found]:
    known = known_keys(city)
    for document in city.documents:
        path = f"documents.{document.code}"
        if document.when_field is not None and document.when_field not in known:
            yield f"{path}.when_field", f"field {document.when_field} is not defined"
        if document.when_field is not None and document.condition is None:
            yield f"{path}.condition", "say in words when the document is asked"
        for utility in document.utilities:
            if utility not in city.utilities:
                yield f"{path}.utilities", f"unknown utility {utility}"


def _guide(city: City) -> Iterator[Found]:
    for topic, texts in city.guide.items():
        for at, each in enumerate(texts):
            path = f"guide.{topic}[{at}]"
            if each.ours == (each.clause is not None):
                yield path, "has either a clause or ours = true 须写明依据条款，或 ours = true"
            for found in PLACEHOLDER.finditer(each.text):
                try:
                    fill(city, found.group(0))
                except (LookupError, TypeError):
                    yield path, f"{found.group(0)} is no value of this city 没有此值"
