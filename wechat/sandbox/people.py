"""The people behind the openids."""

from dataclasses import asdict, dataclass
from typing import Any

from wechat.sandbox.config import Kind, PersonConfig
from wechat.sandbox.refusal import Refusal


@dataclass(slots=True)
class Person:
    """``visited`` is when the mini-program was last opened, Unix seconds."""

    id: str
    name: str
    phone: str | None
    country_code: str
    mp_openid: str
    oa_openid: str
    unionid: str | None
    follows: bool
    roles: list[str]
    note: str
    visited: float = float("-inf")

    def openid(self, kind: Kind) -> str:
        """The openid inside one account."""
        return self.mp_openid if kind == "mp" else self.oa_openid

    def shown(self) -> dict[str, Any]:
        """For the control surface."""
        shown = asdict(self)
        del shown["visited"]
        return shown


class People:
    """Everybody the stand-in knows, found by id or by an openid."""

    def __init__(self, configs: list[PersonConfig]) -> None:
        self._by_id: dict[str, Person] = {}
        for config in configs:
            self.put(config)

    def put(self, config: PersonConfig) -> Person:
        """Adds somebody, or replaces the one with the same id."""
        person = Person(
            id=config.id,
            name=config.name or config.id,
            phone=config.phone,
            country_code=config.country_code,
            mp_openid=config.mp_openid or f"mp-{config.id}",
            oa_openid=config.oa_openid or f"oa-{config.id}",
            unionid=f"union-{config.id}" if config.unionid == "" else config.unionid,
            follows=config.follows,
            roles=config.roles,
            note=config.note,
        )
        self._by_id[person.id] = person
        return person

    def all(self) -> list[Person]:
        """In the order they were added."""
        return list(self._by_id.values())

    def find(self, told: str) -> Person | None:
        """By id, else by either openid."""
        if told in self._by_id:
            return self._by_id[told]
        matches = (each for each in self.all() if told in (each.mp_openid, each.oa_openid))
        return next(matches, None)

    def by_openid(self, kind: Kind, openid: object) -> Person:
        """The owner of an openid of this account. Refuses 40003."""
        for person in self.all():
            if person.openid(kind) == openid:
                return person
        raise Refusal(40003, "invalid openid")
