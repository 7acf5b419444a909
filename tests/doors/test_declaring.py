"""A route that does not say who may call it, or takes what it cannot, is never declared."""

from typing import Any
from uuid import UUID

import pytest

from doors.access import PUBLIC, SIGNED_IN, move, roles
from doors.call import Call
from doors.routes import Resource
from miniprogram_api.bearer import BEARER
from rules.actors import SYSTEM, Actor, Membership, OrgKind, Role
from rules.errors import DomainError
from rules.lifecycle import Subject
from rules.moves import TABLES
from workflow.reading.mine import MineQuery


def resource(**told: Any) -> Resource:
    """A resource nobody can prove anything to."""
    return Resource("things", "东西", scheme=None, prefix="/x", **told)


def test_who_may_is_asked_of_every_route() -> None:
    with pytest.raises(TypeError, match="who"):
        resource().get("/things", summary="", answers={200: None})


def test_without_a_scheme_everything_is_public() -> None:
    with pytest.raises(TypeError, match="prove"):
        resource().get("/things", who=SIGNED_IN, summary="", answers={200: None})


def test_a_handler_takes_every_place_of_its_path() -> None:
    async def handler(call: Call) -> None: ...

    with pytest.raises(TypeError, match="id"):
        resource().get("/things/<id>", who=PUBLIC, summary="", answers={200: None})(handler)


def test_places_have_the_types_of_the_handler() -> None:
    async def handler(call: Call, id: UUID, name: str) -> None: ...

    things = resource()
    things.get("/things/<id>/<name>", who=PUBLIC, summary="", answers={200: None})(handler)
    (route,) = things.routes
    assert route.parameters == {"id": UUID, "name": str}
    assert route.uri == "/x/things/{id}/{name}"


def test_acts_need_a_key_reads_do_not() -> None:
    async def handler(call: Call) -> None: ...

    things = resource()
    for declare in (things.get, things.post, things.put, things.patch, things.delete):
        declare("/things", who=PUBLIC, summary="", answers={200: None})(handler)
    assert {route.method: route.key for route in things.routes} == {
        "GET": False,
        "POST": True,
        "PUT": False,
        "PATCH": False,
        "DELETE": False,
    }


def test_a_move_is_one_of_the_table_and_public() -> None:
    for subject, table in TABLES.items():
        for row in table:
            if row.public:
                assert move(subject, row.event).roles
    with pytest.raises(LookupError):
        move(Subject.APPLICATION, "lapse_plan")
    with pytest.raises(LookupError):
        move(Subject.APPLICATION, "fly")


def staff(role: Role, *, on_desk: bool) -> Actor:
    """Somebody with one role."""
    id = UUID(int=1)
    held = Membership(id, role, "daye", id, OrgKind.ADMINISTRATION, "administration")
    return Actor(person=id, memberships=(held,), on_desk=on_desk)


def test_roles_and_desks_are_judged_before_anything_else() -> None:
    rights = roles(Role.AUDITOR, desk=True)
    rights.judge(staff(Role.AUDITOR, on_desk=True))
    for actor, code in (
        (staff(Role.AUDITOR, on_desk=False), "totp_needed"),
        (staff(Role.SECURITY_ADMIN, on_desk=True), "forbidden"),
        (Actor(person=UUID(int=2)), "forbidden"),
        (SYSTEM, "forbidden"),
    ):
        with pytest.raises(DomainError, match=code):
            rights.judge(actor)


def test_a_shortcut_is_for_reads_of_whoever_is_signed_in() -> None:
    async def handler(call: Call) -> None: ...

    things = Resource("things", "东西", scheme=BEARER, prefix="/x")
    told: dict[str, Any] = {"summary": "", "answers": {200: None}, "shortcut": handler}
    things.get("/things", who=SIGNED_IN, **told)(handler)
    for who in (PUBLIC, roles(Role.AUDITOR)):
        with pytest.raises(TypeError, match="shortcut"):
            things.get("/things", who=who, **told)
    with pytest.raises(TypeError, match="shortcut"):
        things.post("/things", who=SIGNED_IN, **told)
    with pytest.raises(TypeError, match="shortcut"):
        things.get("/things", who=SIGNED_IN, query=MineQuery, **told)
