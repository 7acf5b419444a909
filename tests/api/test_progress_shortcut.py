"""Progress of one's own case finds out who asks in its own statement: nobody else gets in by it,
what ends acts at once, and what it refuses reads as from every other route.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from models import EnterpriseMember, Session
from tests.api.journey import accepted, drafted
from tests.api.service import Caller, Service, ok, problem
from workflow.people.identity import SessionKind


@pytest.fixture(scope="module")
async def case(service: Service) -> str:
    """An accepted case of 李."""
    app = await accepted(service, "daye")
    return f"/applications/{app['id']}"


async def device(service: Service, kind: SessionKind) -> Caller:
    """Another session of 李's."""
    owner = await service.owner()
    assert owner.person is not None
    caller = await service.sign_in(owner.person, kind)
    return service.cast.setdefault(uuid4().hex, caller)


async def session_of(caller: Caller) -> Any:
    """The newest session of the caller's person."""
    return await Session.filter(person_id=caller.person).order_by("-created_at", "-id").first()


async def test_a_colleague_sees_it_until_taken_out(service: Service, case: str) -> None:
    colleague = await service.colleague()
    problem(await colleague.get(f"{case}/progress"), 404, "not_found")
    enterprise = await service.enterprise_of(case.rsplit("/", 1)[1])
    await service.befriend(enterprise, colleague)
    of_colleague = await colleague.get(f"{case}/progress")
    assert ok(of_colleague) == ok(await (await service.owner()).get(f"{case}/progress"))
    await EnterpriseMember.filter(enterprise_id=enterprise, person_id=colleague.person).delete()
    problem(await colleague.get(f"{case}/progress"), 404, "not_found")


async def test_a_session_that_ended_opens_nothing_at_once(service: Service, case: str) -> None:
    phone = await device(service, SessionKind.MINIPROGRAM)
    ok(await phone.get(f"{case}/progress"))
    await Session.filter(id=(await session_of(phone)).id).update(revoked_at=service.clock.now())
    problem(await phone.get(f"{case}/progress"), 401, "unauthenticated")


async def test_a_desk_in_use_stays_and_one_left_alone_does_not(service: Service, case: str) -> None:
    desk = await device(service, SessionKind.DESK)
    row = await session_of(desk)
    for _ in range(3):
        service.clock.forward(minutes=29, seconds=59)
        ok(await desk.get(f"{case}/progress"))
        await row.refresh_from_db()
        assert row.seen_at == service.clock.now()
    service.clock.forward(minutes=30)
    problem(await desk.get(f"{case}/progress"), 401, "unauthenticated")
    await row.refresh_from_db()
    assert row.seen_at == service.clock.now() - timedelta(minutes=30)


async def test_use_of_a_phone_is_noted_once_an_hour(service: Service, case: str) -> None:
    phone = await device(service, SessionKind.MINIPROGRAM)
    row, begun = await session_of(phone), service.clock.now()
    service.clock.forward(minutes=59, seconds=59)
    ok(await phone.get(f"{case}/progress"))
    await row.refresh_from_db()
    assert row.seen_at == begun
    service.clock.forward(seconds=1)
    ok(await phone.get(f"{case}/progress"))
    await row.refresh_from_db()
    assert row.seen_at == service.clock.now()


async def test_refusals_are_those_of_the_case_itself(service: Service, case: str) -> None:
    stranger, owner = await service.stranger(), await service.owner()
    of_another_city = await service.window("zhoukou")
    draft = f"/applications/{(await drafted(owner, 'daye'))['id']}"
    forged = replace(owner, token=f"{owner.token}x")
    doubled = {"Authorization": f"Bearer {owner.token}"}
    asked: list[tuple[Caller, str, dict[str, str]]] = [
        (stranger, case, {}),
        (of_another_city, case, {}),
        (await service.clerk("daye", "water"), draft, {}),
        (await service.window("daye"), draft, {}),
        (owner, f"/applications/{uuid4()}", {}),
        (owner, "/applications/1", {}),
        (forged, case, {}),
        (service.nobody, case, {}),
        (service.nobody, "/applications/1", {}),
        (replace(service.nobody, token="x"), case, doubled),
    ]
    for caller, path, headers in asked:
        read = await caller.get(path, headers=headers)
        short = await caller.get(f"{path}/progress", headers=headers)
        assert _told(short) == _told(read)
    unknown = await owner.get(f"{case}/progress?wide=1")
    assert _told(unknown) == _told(await owner.get(f"{case}?wide=1"))
    assert unknown.status_code == 422


def _told(answer: Any) -> tuple[int, dict[str, Any]]:
    body = answer.json()
    assert answer.status_code >= 400, body
    return answer.status_code, {
        k: v for k, v in body.items() if k not in ("request_id", "instance")
    }
