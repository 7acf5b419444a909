"""When something outside is down or busy: 503 with a time to come again, never a hang or a 500."""

import asyncio

import asyncpg
import pytest
from tortoise.exceptions import DBConnectionError, IntegrityError, OperationalError

from rules.errors import Code
from tests.api.journey import drafted, fields
from tests.api.service import Service, ok, problem
from workflow.outages import code_of


def caused(error: Exception, cause: BaseException) -> Exception:
    """An error as the ORM raises it."""
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ConnectionRefusedError(), Code.UNAVAILABLE),
        (TimeoutError(), Code.UNAVAILABLE),
        (asyncpg.InterfaceError("connection is closed"), Code.UNAVAILABLE),
        (asyncpg.ConnectionDoesNotExistError(), Code.UNAVAILABLE),
        (asyncpg.CannotConnectNowError(), Code.UNAVAILABLE),
        (asyncpg.AdminShutdownError(), Code.UNAVAILABLE),
        (asyncpg.TooManyConnectionsError(), Code.UNAVAILABLE),
        (asyncpg.LockNotAvailableError(), Code.UNAVAILABLE),
        (asyncpg.QueryCanceledError(), Code.UNAVAILABLE),
        (asyncpg.DeadlockDetectedError(), Code.UNAVAILABLE),
        (asyncpg.DiskFullError(), Code.UNAVAILABLE),
        (DBConnectionError("x"), Code.UNAVAILABLE),
        (caused(OperationalError("x"), asyncpg.LockNotAvailableError()), Code.UNAVAILABLE),
        (caused(IntegrityError("x"), asyncpg.UniqueViolationError()), Code.CONFLICT),
        (caused(IntegrityError("x"), asyncpg.ExclusionViolationError()), Code.CONFLICT),
        (caused(IntegrityError("x"), asyncpg.CheckViolationError()), None),
        (asyncpg.UndefinedColumnError(), None),
        (KeyError("x"), None),
        (ValueError("x"), None),
    ],
    ids=lambda value: type(value).__name__,
)
def test_which_errors_are_outages(error: Exception, code: Code | None) -> None:
    assert code_of(error) is code


async def test_a_held_lock_ends_in_unavailable_and_others_go_on(service: Service) -> None:
    owner = await service.owner()
    draft = await drafted(owner, "daye")
    path = f"/applications/{draft['id']}/draft"
    before, service.app.config.ANSWER_TIMEOUT = service.app.config.ANSWER_TIMEOUT, 1.0
    url = service.wiring.settings.database_url.get_secret_value()
    holder = await asyncpg.connect(url)
    try:
        async with holder.transaction():
            await holder.execute("SELECT 1 FROM applications WHERE id = $1 FOR UPDATE", draft["id"])
            save = fields({"site.address": "样例路 2 号"}, draft["revisions"])
            waiting = asyncio.gather(*(owner.patch(path, save) for _ in range(4)))
            ok(await service.nobody.get("/cities"))
            ok(await owner.post("/applications", {"city": "daye"}), 201)
            for answer in await waiting:
                problem(answer, 503, "unavailable")
                assert answer.headers["retry-after"] == "2"
    finally:
        service.app.config.ANSWER_TIMEOUT = before
        await holder.close()
    ok(await owner.get(path))


async def test_a_read_survives_connections_that_were_cut(service: Service) -> None:
    owner = await service.owner()
    draft = await drafted(owner, "daye")
    url = service.wiring.settings.database_url.get_secret_value()
    admin = await asyncpg.connect(url)
    try:
        await admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    finally:
        await admin.close()
    path = f"/applications/{draft['id']}/draft"
    for _ in range(20):
        ok(await owner.get(path))  # a read that met a dead connection was asked again


async def test_fifty_submits_at_once_number_without_gaps(service: Service) -> None:
    owner = await service.owner()
    drafts = [await drafted(owner, "zhoukou") for _ in range(50)]
    answers = await asyncio.gather(
        *(
            owner.post(f"/applications/{draft['id']}/submit", version=draft["version"])
            for draft in drafts
        )
    )
    numbers = sorted(ok(answer)["number"] for answer in answers)
    assert numbers == [f"2026（{n:06d}）号" for n in range(1, 51)]
