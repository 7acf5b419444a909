"""Who plays in a demo: invented people for every organisation a city's file names."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from config.cities import CITIES, City, CityBook
from config.texts import words
from rules.actors import OrgKind, Role
from workflow.people.organisations import Wanted, wanted

OWNER, SECOND_OWNER, COLLEAGUE, STRANGER = "owner", "owner2", "colleague", "stranger"

_SURNAMES = "赵钱孙周吴郑冯陈褚卫蒋沈韩杨朱秦尤许何吕施孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛"
_GIVEN = {
    Role.WINDOW_CLERK: "窗样",
    Role.UTILITY_CLERK: "柜样",
    Role.CREW: "工样",
    Role.APPROVER: "批样",
    Role.COORDINATOR: "调样",
    Role.REGULATOR: "督样",
    Role.SYSTEM_ADMIN: "系样",
    Role.SECURITY_ADMIN: "安样",
    Role.AUDITOR: "审样",
}
_APPLICANTS = (
    (OWNER, "李样", "企业负责人"),
    (SECOND_OWNER, "张样", "另一家企业的负责人"),
    (COLLEAGUE, "王样", "李样企业的同事（经办人）"),
    (STRANGER, "莫样", "与任何办件都无关的人"),
)


@dataclass(frozen=True, slots=True)
class Post:
    """A role in one organisation of the city."""

    role: Role
    kind: OrgKind
    code: str
    organization: str


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody to be played. ``id`` is the stand-in's; its openids are ``mp-<id>``, ``oa-<id>``."""

    id: str
    name: str
    phone: str
    city: str
    city_name: str
    note: str
    post: Post | None = None
    """None for applicants."""

    @property
    def mp_openid(self) -> str:
        """As the stand-in derives it."""
        return f"mp-{self.id}"

    @property
    def unionid(self) -> str:
        """As the stand-in derives it."""
        return f"union-{self.id}"

    @property
    def role(self) -> Role:
        """The one role played."""
        return self.post.role if self.post else Role.APPLICANT

    def for_stand_in(self) -> dict[str, Any]:
        """One entry of the stand-in's ``people``."""
        return {
            "id": self.id,
            "name": self.name,
            "phone": self.phone,
            "roles": [words.role(self.role)],
            "note": f"{self.city_name} {self.note}",
        }


@lru_cache(maxsize=4)
def cast(day: date) -> tuple[Player, ...]:
    """Everybody, city by city, as the city files name the organisations on ``day``."""
    book = CityBook.load(CITIES)
    return tuple(
        player
        for number, code in enumerate(sorted(book.codes()))
        for player in cast_of(book.on(code, day), number)
    )


def cast_of(city: City, number: int) -> Iterator[Player]:
    """One city's people; ``number`` keeps the telephone numbers of cities apart."""
    phones = (f"138{number:04d}{tail:04d}" for tail in range(1001, 2000))
    for code, name, note in _APPLICANTS:
        yield Player(f"{city.code}-{code}", name, next(phones), city.code, city.name, note)
    for index, (ident, post) in enumerate(_posts(city)):
        name = _SURNAMES[index % len(_SURNAMES)] + _GIVEN[post.role]
        note = f"{post.organization}　{words.role(post.role)}"
        yield Player(f"{city.code}-{ident}", name, next(phones), city.code, city.name, note, post)


def _posts(city: City) -> Iterator[tuple[str, Post]]:
    split = {code for code, utility in city.utilities.items() if utility.carriers}
    for org in wanted(city):
        if org.kind is OrgKind.UTILITY and org.code in split:
            continue  # its carriers serve
        if org.kind is OrgKind.DEPARTMENT and org.town is None and _by_town(city, org.code):
            continue  # its towns decide
        for ident, role in _staff(org):
            yield ident, Post(role, org.kind, org.code, org.name)


def _by_town(city: City, code: str) -> bool:
    department = city.departments.get(code)
    return department is not None and department.by_town


def _staff(org: Wanted) -> tuple[tuple[str, Role], ...]:
    match org.kind:
        case OrgKind.WINDOW:
            return (("window", Role.WINDOW_CLERK), ("window2", Role.WINDOW_CLERK))
        case OrgKind.UTILITY | OrgKind.CARRIER:
            return (
                (f"{org.code}-clerk", Role.UTILITY_CLERK),
                (f"{org.code}-crew1", Role.CREW),
                (f"{org.code}-crew2", Role.CREW),
            )
        case OrgKind.DEPARTMENT:
            return ((f"dept-{org.code}", Role.APPROVER),)
        case OrgKind.LEAD:
            return (("lead", Role.COORDINATOR),)
        case OrgKind.REGULATOR:
            return (("regulator", Role.REGULATOR),)
        case OrgKind.ADMINISTRATION:
            return (
                ("sysadmin", Role.SYSTEM_ADMIN),
                ("secadmin", Role.SECURITY_ADMIN),
                ("auditor", Role.AUDITOR),
            )
        case OrgKind.PLATFORM:
            return ()
