"""Which exceptions mean that something outside is down or busy, so that asking again may help."""

import asyncpg
from tortoise.exceptions import DBConnectionError

from rules.errors import Code

_DOWN = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection cut under a statement
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.ReadOnlySQLTransactionError,
    DBConnectionError,
)
_MET = (asyncpg.UniqueViolationError, asyncpg.ExclusionViolationError)


def code_of(error: BaseException) -> Code | None:
    """``UNAVAILABLE`` for an outage, ``CONFLICT`` for two acts that met, ``None`` for a fault of
    ours. The ORM wraps what the database says, so causes are looked at, too.
    """
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, _DOWN) and not isinstance(seen, ValueError):  # a wrong argument
            return Code.UNAVAILABLE
        if isinstance(seen, _MET):
            return Code.CONFLICT
        seen = seen.__cause__
    return None


_CUT = (
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
)


def cut_off(error: BaseException) -> bool:
    """Whether the database's connection was gone: a read may simply be asked again."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, _CUT) and not isinstance(seen, ValueError):
            return True
        seen = seen.__cause__
    return False
