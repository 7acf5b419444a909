"""A small world for the dialogue: drafts and registrations in memory, judged by the real rules.

It keeps what ``workflow/cases/draft.py`` promises of drafts (a version for every field, a slower
writer's value kept beside as a conflict, nothing lost) and refuses as the use cases do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from bot.dialogue import acts
from bot.dialogue.acts import Act
from bot.dialogue.heard import Done, Refused
from config.cities import CityBook
from config.texts import words
from rules.calendar import SHANGHAI, WorkCalendar
from rules.errors import Code, Fault
from rules.forms import Form, form_of, validate

EDITABLE = ("draft", "returned")
SPACE = UUID("00000000-0000-0000-0000-0000000000aa")
EFFECTS = acts.OpenDraft | acts.SaveFields | acts.Submit | acts.Register | acts.Withdraw


@dataclass
class Case:
    """One application, or a registration (``kind``)."""

    id: UUID
    city: str
    kind: str = "application"
    stage: str = "draft"
    number: str | None = None
    version: int = 1
    values: dict[str, Any] = field(default_factory=dict)
    revisions: dict[str, int] = field(default_factory=dict)
    conflicts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    pictures: list[tuple[str, str]] = field(default_factory=list)
    to_correct: list[dict[str, Any]] = field(default_factory=list)
    """What it was returned for, with the version at which that was."""

    def told_to_correct(self) -> list[dict[str, Any]]:
        """As ``workflow.cases.correcting`` tells it."""
        if self.stage != "returned":
            return []
        return [
            {**each, "touched": self.revisions.get(each["field"], 0) > each["version"]}
            for each in self.to_correct
        ]


@dataclass
class World:
    """What acts find and change. ``done``: every act carried out, in order."""

    book: CityBook
    calendars: Mapping[str, WorkCalendar]
    now: datetime
    cases: list[Case] = field(default_factory=list)
    known: dict[str, Any] = field(default_factory=dict)
    """What a new draft is prefilled with."""
    done: list[Act] = field(default_factory=list)

    def form(self, case: Case) -> Form:
        """The form a case is about."""
        return form_of(self.city(case.city), "A" if case.kind == "registration" else "B")

    def city(self, code: str) -> Any:
        """The city today."""
        return self.book.on(code, self.now.astimezone(SHANGHAI).date())

    def case(self, ident: UUID) -> Case | None:
        """A case by its id."""
        return next((case for case in self.cases if case.id == ident), None)

    def open(self, city: str, stage: str = "draft", **more: Any) -> Case:
        """A new case."""
        made = Case(uuid5(SPACE, str(len(self.cases))), city, stage=stage, **more)
        made.revisions = dict.fromkeys(made.values, 1)
        self.cases.append(made)
        return made

    def save(
        self, case: Case, fields: Mapping[str, tuple[Any, int]], *, mine: bool
    ) -> tuple[Fault, ...]:
        """As ``workflow.cases.draft.save``."""
        version = case.version + 1
        late = {
            key: value
            for key, (value, base) in fields.items()
            if case.revisions.get(key, 0) > base and case.values.get(key) != value
        }
        fresh = {key: value for key, (value, _) in fields.items() if key not in late}
        checked = self.judge(case, fresh, "draft")
        for key in fresh:
            case.values.pop(key, None)
            if (
                max((e["version"] for e in case.conflicts.get(key, [])), default=0)
                <= fields[key][1]
            ):
                case.conflicts.pop(key, None)
        case.values |= checked.kept
        for key, value in self.judge(case, late, "draft").kept.items():
            beside = {"value": value, "by_me": mine, "version": version}
            case.conflicts.setdefault(key, []).append(beside)
        case.revisions |= dict.fromkeys(fresh, version)
        case.version = version
        return tuple(checked.faults)

    def judge(self, case: Case, values: Mapping[str, Any], mode: Any) -> Any:
        """The form's verdict."""
        calendar = self.calendars[case.city]
        return validate(self.form(case), values, now=self.now, calendar=calendar, mode=mode)

    def carry_out(self, act: Act) -> Done | Refused:
        """What comes of one act; of those that are about no form, nothing."""
        self.done.append(act)
        found = getattr(self, f"_{type(act).__name__}", None)
        return found(act) if found else Refused(Code.NOT_FOUND)

    def told(self, case: Case, faults: tuple[Fault, ...] = ()) -> Done:
        """A draft as ``GET …/draft`` gives it."""
        seen = {
            key: max(case.revisions.get(key, 0), max(e["version"] for e in held))
            for key, held in case.conflicts.items()
        }
        body = {
            "id": str(case.id),
            "city": case.city,
            "stage": case.stage,
            "version": case.version,
            "values": dict(case.values),
            "revisions": {**case.revisions, **seen},
            "conflicts": {key: list(held) for key, held in case.conflicts.items()},
            "faults": faults,
        }
        if case.stage == "returned":
            body["to_correct"] = case.told_to_correct()
        return Done(body)

    def _OpenDraft(self, act: acts.OpenDraft) -> Done:  # noqa: N802
        return self.told(self.open(act.city, values=dict(self.known)))

    def _ReadDraft(self, act: acts.ReadDraft) -> Done | Refused:  # noqa: N802
        if act.case is not None:
            found = self.case(act.case)
            return self.told(found) if found else Refused(Code.NOT_FOUND)
        mine = [c for c in self.cases if c.city == act.city and c.stage in EDITABLE]
        return self.told(mine[-1]) if mine else Done({})

    def _SaveFields(self, act: acts.SaveFields) -> Done | Refused:  # noqa: N802
        case = self.case(act.case)
        if case is None:
            return Refused(Code.NOT_FOUND)
        if case.stage not in EDITABLE:
            return Refused(Code.MOVE_NOT_ALLOWED, data={"state": case.stage})
        assert all(base <= case.version for _, base in act.fields.values())
        return self.told(case, self.save(case, act.fields, mine=True))

    def _CheckDraft(self, act: acts.CheckDraft) -> Done | Refused:  # noqa: N802
        case = self.case(act.case)
        if case is None:
            return Refused(Code.NOT_FOUND)
        labels = self.form(case).by_key
        open_ = tuple(Fault(k, "conflict_open", labels[k].label) for k in case.conflicts)
        return self.told(case, self.judge(case, case.values, "submit").faults + open_)

    def _Submit(self, act: acts.Submit) -> Done | Refused:  # noqa: N802
        case = self.case(act.case)
        if case is None or case.stage not in EDITABLE:
            return Refused(Code.MOVE_NOT_ALLOWED)
        if case.version != act.version:
            return Refused(Code.VERSION_STALE)
        if case.conflicts:
            return Refused(Code.DRAFT_CONFLICT)
        checked = self.judge(case, case.values, "submit")
        if checked.faults:
            return Refused(Code.INVALID, checked.faults)
        case.stage, case.version = "submitted", case.version + 1
        case.number = case.number or self.city(case.city).numbering.format(2026, 1)
        at = checked.values.get("survey.time")
        return Done(
            {"id": str(case.id), "number": case.number, "stage": case.stage, "survey_at": at}
        )

    def _Register(self, act: acts.Register) -> Done | Refused:  # noqa: N802
        case = Case(uuid5(SPACE, f"r{len(self.cases)}"), act.city, "registration", "received")
        checked = self.judge(case, act.values, "submit")
        if checked.faults:
            return Refused(Code.INVALID, checked.faults)
        case.values = checked.values
        self.cases.append(case)
        return Done({"id": str(case.id), "state": "received"})

    def _Withdraw(self, act: acts.Withdraw) -> Done | Refused:  # noqa: N802
        case = self.case(act.case)
        if case is None:
            return Refused(Code.NOT_FOUND)
        if case.stage in ("constructing", "connected", "withdrawn"):
            return Refused(Code.GUARD_FAILED, data={"guard": "works_not_started"})
        case.stage = "withdrawn"
        return Done({"id": str(case.id), "stage": case.stage})

    def _TakePicture(self, act: acts.TakePicture) -> Done | Refused:  # noqa: N802
        case = self.case(act.case)
        if case is None:
            return Refused(Code.NOT_FOUND)
        case.pictures.append((act.media_id, act.purpose))
        case.version += 1
        return Done({})

    def _ReadCases(self, act: acts.ReadCases) -> Done:  # noqa: N802
        return Done({"items": [self._item(case) for case in reversed(self.cases)]})

    def _ReadStatus(self, act: acts.ReadStatus) -> Done:  # noqa: N802
        return Done({"items": []})

    def _item(self, case: Case) -> dict[str, Any]:
        city = self.city(case.city)
        ticked = case.values.get("utilities") or []
        return {
            "kind": case.kind,
            "id": str(case.id),
            "city": case.city,
            "city_name": city.name,
            "number": case.number,
            "enterprise_name": case.values.get("enterprise.name"),
            "utilities": [city.utilities[code].use for code in ticked],
            "state": case.stage,
            "state_label": words.state(case.kind, case.stage),
            "version": case.version,
        }
