"""City + form code → Form: patterns made into fields, options listed, conditions resolved."""

import weakref
from collections.abc import Iterator, Mapping
from typing import Any

from config.cities import City, ColumnSpec, FieldSpec, FieldType, FormCode, FormSpec, Kind, Utility
from rules.forms.printing import printed
from rules.forms.types import All, Bounds, Condition, Either, Form, FormField, Option, Section, Test

ACCOUNT_FIELDS = (
    "account_no",
    "old_holder",
    "new_holder",
    "consent",
    "arrears_settled",
    "handover_reading",
)
"""Patterns asked of every utility that has a kind about accounts (更名、过户)."""

_built: dict[int, tuple["weakref.ref[City]", dict[tuple[str, str | None], Form]]] = {}


def form_of(city: City, code: FormCode, kind: str | None = None) -> Form:
    """The form of a city as asked and printed; ``kind`` narrows it to one 业务类型.

    LookupError when the city has no such form, or no utility has such a kind.
    """
    known = _built.get(id(city))
    if known is None or known[0]() is not city:
        known = weakref.ref(city), {}
        _built[id(city)] = known
        weakref.finalize(city, _built.pop, id(city), None)
    form = known[1].get((code, kind))
    if form is None:
        form = known[1][(code, kind)] = _Builder(city, kind).form(code)
    return form


class _Builder:
    """Builds one form; ``kind`` None keeps every kind."""

    def __init__(self, city: City, kind: str | None) -> None:
        self.city = city
        self.kind = kind
        self.kinds: dict[str, tuple[Kind, ...]] = {}
        for code, utility in city.utilities.items():
            kept = tuple(k for k in utility.kinds.values() if kind in (None, k.code))
            if kept:
                self.kinds[code] = kept
        if not self.kinds:
            raise LookupError(f"{city.code} has no kind {kind}")

    def form(self, code: FormCode) -> Form:
        """The whole form."""
        spec = self.city.forms[code]
        sections: list[Section] = []
        for name, ask in spec.sections.items():
            fields = tuple(f for key in ask.fields if (f := self._shared(key, spec)) is not None)
            if fields:
                sections.append(Section(name, ask.label, fields))
            if name == "requested" and spec.utility_sections:
                sections += [self._utility(self.city.utilities[u]) for u in self.kinds]
        by_key = {each.key: each for section in sections for each in section.fields}
        return Form(
            city=self.city.code,
            code=code,
            title=self.city.texts[code],
            number_title=self.city.numbering.title,
            columns=spec.columns,
            sections=tuple(sections),
            rows=printed(self.city, spec, self._labels(), by_key, tuple(self.kinds)),
            note=spec.note or "",
        )

    def _labels(self) -> Mapping[str, str]:
        """Labels of every plain field, also of those only printed."""
        return {k: spec.label for k, spec in self.city.fields.items() if "*" not in k}

    def _shared(self, key: str, form: FormSpec) -> FormField | None:
        spec = self.city.fields[key]
        conditions: list[Condition] = []
        if spec.when is not None:
            conditions.append(Test(spec.when.field, any_of=spec.when.values))
        if spec.for_kind == "any_supply" and form.utility_sections:
            supplied = self._any_supply()
            if supplied is None:
                return None
            conditions += supplied
        return self._field(key, spec, spec.label, conditions)

    def _any_supply(self) -> list[Condition] | None:
        """None when no utility is about supply; nothing to test when all always are."""
        if not any(kind.account_change for kinds in self.kinds.values() for kind in kinds):
            return []
        parts = []
        for code in self.kinds:
            condition = self._for_kind(code, "supply")
            if condition is not None:
                parts.append(All((Test("utilities", any_of=(code,)), *condition)))
        return [Either(tuple(parts))] if parts else None

    def _for_kind(self, utility: str, which: str | None) -> list[Condition] | None:
        """Conditions that the utility's kind is such a one; None when it never is."""
        kinds = self.kinds[utility]
        if which is None:
            return []
        if which == "supply":
            wanted = tuple(k.code for k in kinds if not k.account_change)
            others = tuple(k.code for k in kinds if k.account_change)
            if not wanted:
                return None
            return [Test(f"{utility}.kind", none_of=others)] if others else []
        wanted = tuple(k.code for k in kinds if getattr(k, which))
        if not wanted:
            return None
        return [Test(f"{utility}.kind", any_of=wanted)] if len(wanted) < len(kinds) else []

    def _utility(self, utility: Utility) -> Section:
        section = self.city.sections[utility.section]
        fields = [
            made
            for key in self._utility_keys(utility, section.fields)
            if (made := self._of_utility(utility, key)) is not None
        ]
        return Section(utility.code, section.label, tuple(fields), utility.code)

    def _utility_keys(self, utility: Utility, own: tuple[str, ...]) -> Iterator[str]:
        """Kind first, then its account, its own fields, its temporary end. Each once."""
        code = utility.code
        listed = [f"{code}.kind", *(f"{code}.{name}" for name in ACCOUNT_FIELDS)]
        listed += [*own, f"{code}.temporary_until"]
        yield from dict.fromkeys(listed)

    def _of_utility(self, utility: Utility, key: str) -> FormField | None:
        pattern = f"*.{key.partition('.')[2]}"
        spec = self.city.fields.get(key) or self.city.fields.get(pattern)
        if spec is None:
            return None
        if spec.options_from == "kinds" and self.kind is None and len(utility.kinds) == 1:
            return None
        of_kind = self._for_kind(utility.code, spec.for_kind)
        if of_kind is None:
            return None
        conditions: list[Condition] = [Test("utilities", any_of=(utility.code,)), *of_kind]
        if spec.when is not None:
            conditions.append(Test(spec.when.field, any_of=spec.when.values))
        label = spec.label.replace("{use}", utility.use).replace("{short}", utility.short)
        return self._field(key, spec, label, conditions, utility)

    def _field(
        self,
        key: str,
        spec: FieldSpec,
        label: str,
        conditions: list[Condition],
        utility: Utility | None = None,
    ) -> FormField:
        use, short = (utility.use, utility.short) if utility else ("", "")
        question = (spec.question or "").replace("{use}", use).replace("{short}", short)
        box = self.city.box
        return FormField(
            key=key,
            label=label,
            type=spec.type,
            **_measures(spec),
            options=self._options(spec, utility),
            columns=tuple(_column(name, column) for name, column in spec.columns.items()),
            min_rows=spec.min_rows,
            max_rows=spec.max_rows or 0,
            printed_rows=spec.printed_rows,
            required=spec.required == "submit",
            personal=spec.personal,
            ask=spec.ask,
            must_be_true=spec.must_be_true,
            earliest_today=spec.earliest == "today",
            latest_today=spec.latest == "today",
            working=spec.working,
            bounds=Bounds(box.south, box.north, box.west, box.east)
            if spec.type is FieldType.POINT
            else None,
            condition=conditions[0] if len(conditions) == 1 else All(tuple(conditions)),
            default=self.kind if spec.options_from == "kinds" else None,
            utility=utility.code if utility else None,
            help=spec.help or "",
            question=question or _question(spec, label),
            caption=spec.printed or label,
        )

    def _options(self, spec: FieldSpec, utility: Utility | None) -> tuple[Option, ...]:
        if spec.type is FieldType.TOWN:
            return tuple(Option(t.code, t.label, _town_aliases(t.label)) for t in self.city.towns)
        if spec.options_from == "utilities":
            offered = (self.city.utilities[code] for code in self.kinds)
            return tuple(Option(u.code, u.label, (u.use, u.short)) for u in offered)
        if spec.options_from == "kinds" and utility is not None:
            return tuple(Option(k.code, k.label) for k in self.kinds[utility.code])
        if spec.options_from == "carriers" and utility is not None:
            return tuple(
                Option(c.code, c.label, (c.label.removeprefix("中国"),)) for c in utility.carriers
            )
        return _own_options(spec)


def _measures(spec: ColumnSpec) -> dict[str, Any]:
    return {
        "unit": spec.unit or "",
        "min": spec.min,
        "max": spec.max,
        "decimals": spec.decimals or 0,
        "max_length": spec.max_length or 0,
    }


def _column(name: str, spec: ColumnSpec) -> FormField:
    label = f"{spec.group}{spec.label}" if spec.group else spec.label
    return FormField(
        key=name,
        label=label,
        type=spec.type,
        **_measures(spec),
        options=_own_options(spec),
        required=spec.required == "submit",
        personal=spec.personal,
        help=spec.help or "",
        question=spec.question or _question(spec, label),
        caption=spec.printed or spec.label,
        group=spec.group or "",
    )


def _own_options(spec: ColumnSpec) -> tuple[Option, ...]:
    """The options a field lists itself, with other words for them."""
    return tuple(
        Option(code, label, spec.aliases.get(code, ())) for code, label in spec.options.items()
    )


def _town_aliases(label: str) -> tuple[str, ...]:
    """``还地桥镇`` is also ``还地桥``."""
    for ending in ("街道", "镇", "乡", "区", "县", "市"):
        if label.endswith(ending) and len(label) - len(ending) >= 2:
            return (label.removesuffix(ending),)
    return ()


def _question(spec: ColumnSpec, label: str) -> str:
    if spec.type is FieldType.BOOL:
        return f"{label}？（是/否）"
    chosen = spec.type in (FieldType.ENUM, FieldType.MULTI, FieldType.TOWN, FieldType.CARRIERS)
    unit = f"（{spec.unit}）" if spec.unit else ""
    return f"请{'选择' if chosen else '填写'}{label}{unit}。"
