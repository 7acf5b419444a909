"""Reading city files: base + dated changes → one validated snapshot for every span of days."""

import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from pydantic import ValidationError

from config.city.checks import check
from config.city.fields import FieldSpec
from config.city.model import City
from config.city.tables import Table, faults, merge, name_tables, remove
from config.city.words import filled_guide

SHARED = ("fields.toml", "forms.toml")
"""Files beneath every city: each city's own tables are merged over them."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault of one city file: which file, which key, why."""

    file: str
    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.path}: {self.reason}"


class CityProblems(Exception):
    """City files that cannot be used; ``problems`` lists every fault of every file."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class _Folder:
    """One reading of a folder; collects problems instead of stopping at the first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: set[Problem] = set()
        self.shared: Table = {}
        self.shared_broken: set[str] = set()

    def read(self) -> dict[str, tuple[City, ...]]:
        """Snapshots of every city by code; look at ``problems`` before using them."""
        for name in SHARED:
            self._read_shared(name)
        cities: dict[str, tuple[City, ...]] = {}
        files = sorted(p for p in self.folder.glob("*.toml") if p.name not in SHARED)
        if not files:
            self._say(str(self.folder), "(folder)", "no city files 没有城市文件")
        for path in files:
            table = self._parse(path)
            if table is None:
                continue
            snapshots = self._snapshots(path.name, table)
            for city in snapshots[:1]:
                if city.code != path.stem:
                    self._say(path.name, "code", f"is {city.code}, the file is named {path.stem}")
                cities[city.code] = snapshots
        return cities

    def _say(self, file: str, path: str, reason: str) -> None:
        self.problems.add(Problem(file, path, reason))

    def _parse(self, path: Path) -> Table | None:
        try:
            return tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
        except FileNotFoundError:
            self._say(path.name, "(file)", "file missing 缺少文件")
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            self._say(path.name, "(file)", f"not readable TOML: {error}")
        return None

    def _read_shared(self, name: str) -> None:
        table = self._parse(self.folder / name)
        if table is None:
            return
        self.shared = merge(self.shared, table)
        fields = table.get("fields", {})
        for key, spec in fields.items() if isinstance(fields, dict) else ():
            try:
                FieldSpec.model_validate(spec)
            except ValidationError as error:
                self.shared_broken.add(f"fields.{key}")
                for path, reason in faults(error):
                    self._say(
                        name, f"fields.{key}" + ("" if path == "(file)" else f".{path}"), reason
                    )

    def _snapshots(self, file: str, table: Table) -> tuple[City, ...]:
        """The base and each change, in order; only sound ones are returned."""
        changes = table.pop("changes", [])
        current = merge(self.shared, table)
        found = [self._city(file, current, "")]
        since = table.get("since")
        if not isinstance(changes, list):
            self._say(file, "changes", "is a list of tables, written [[changes]]")
            changes = []
        for at, change in enumerate(changes):
            where = f"changes[{at}]"
            day = change.get("since") if isinstance(change, dict) else None
            if not isinstance(day, date) or isinstance(day, datetime):
                self._say(
                    file, f"{where}.since", "a change needs the day it starts: since = 2026-01-01"
                )
                continue
            if isinstance(since, date) and day <= since:
                self._say(file, f"{where}.since", "changes are in order, each after the one before")
            since = day
            current = self._apply(file, where, current, change)
            found.append(self._city(file, current, f"{where}: "))
        return tuple(city for city in found if city is not None)

    def _apply(self, file: str, where: str, current: Table, change: Table) -> Table:
        change = dict(change)
        paths = change.pop("remove", [])
        if not isinstance(paths, list):
            self._say(file, f"{where}.remove", 'is a list of paths: [["deadlines", "plan"]]')
            paths = []
        for path in paths:
            try:
                current = remove(current, list(path))
            except (LookupError, ValueError, TypeError):
                self._say(file, f"{where}.remove", f"{path} is not there to remove")
        return merge(current, change)

    def _city(self, file: str, table: Table, where: str) -> City | None:
        try:
            city = City.model_validate(name_tables(table))
        except ValidationError as error:
            for path, reason in faults(error):
                if not any(path.startswith(broken) for broken in self.shared_broken):
                    self._say_once(file, where, path, reason)
            return None
        found = list(check(city))
        for path, reason in found:
            self._say_once(file, where, path, reason)
        return None if found else city.model_copy(update={"guide": filled_guide(city)})

    def _say_once(self, file: str, where: str, path: str, reason: str) -> None:
        """A fault of the base is not said again for each of its changes."""
        if Problem(file, path, reason) not in self.problems:
            self._say(file, where + path, reason)


class CityBook:
    """Every city, every day. A case is judged by the snapshot of its day."""

    def __init__(self, cities: Mapping[str, tuple[City, ...]]) -> None:
        self._cities = dict(cities)

    @classmethod
    def load(cls, folder: Path) -> "CityBook":
        """All cities of a folder. CityProblems names every fault of every file."""
        reading = _Folder(folder)
        cities = reading.read()
        if reading.problems:
            raise CityProblems(tuple(sorted(reading.problems)))
        return cls(cities)

    def codes(self) -> tuple[str, ...]:
        """Codes of all cities, sorted."""
        return self._codes

    @cached_property
    def _codes(self) -> tuple[str, ...]:
        return tuple(sorted(self._cities))

    def on(self, code: str, day: date) -> City:
        """The city as in force on ``day`` (Asia/Shanghai).

        Days before the first snapshot get the first. LookupError for an unknown code.
        """
        snapshots = self._cities[code]
        at = bisect_right(snapshots, day, key=lambda city: city.since)
        return snapshots[max(at - 1, 0)]

    def only(self, codes: tuple[str, ...]) -> "CityBook":
        """A book of some cities (a deployment may serve fewer). LookupError for an unknown code."""
        return CityBook({code: self._cities[code] for code in codes})


def check_cities(folder: Path) -> list[Problem]:
    """Every problem of every city file in ``folder``, sorted; empty when all is well."""
    reading = _Folder(folder)
    reading.read()
    return sorted(reading.problems)
