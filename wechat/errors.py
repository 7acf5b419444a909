"""What can go wrong when talking to the platform, as a small tree of typed errors.

Matched on ``errcode`` only: the platform ends every ``errmsg`` with a changing ``rid``.
The text of an error never holds the platform's own words, a secret or a token.
"""

import re
from enum import StrEnum
from typing import ClassVar

_RID = re.compile(r"rid: ?([0-9a-f]{4,12}(?:-[0-9a-f]{4,12})*)")
_FIELD = re.compile(r"data\.([A-Za-z_]+[0-9]*)\.value")


class Kind(StrEnum):
    """What the caller should do about it."""

    RETRY = "retry"
    FINAL = "final"
    MISCONFIGURED = "misconfigured"
    USER = "user"


class PlatformError(Exception):
    """The platform did not do what was asked.

    ``errcode`` is the platform's number, None where no answer could be read; ``call`` the path;
    ``rid`` the platform's trace id; ``errmsg`` its words for the operator only (at most 200
    characters), never for people.
    """

    kind: ClassVar[Kind] = Kind.FINAL

    def __init__(self, errcode: int | None = None, *, call: str = "", errmsg: str = "") -> None:
        self.errcode = errcode
        self.call = call
        self.errmsg = errmsg[:200]
        found = _RID.search(errmsg)
        self.rid = found.group(1) if found else None
        super().__init__(f"{type(self).__name__} errcode={errcode} call={call} rid={self.rid}")


class RetryLater(PlatformError):
    """Busy or limited now: the same call may work later."""

    kind = Kind.RETRY


class Unreachable(RetryLater):
    """No connection, or no answer in time. The act may or may not have happened."""


class BadAnswer(RetryLater):
    """An answer that is not JSON, cut off, too large, or of another shape than documented."""


class TooLarge(BadAnswer):
    """An answer of more bytes than we take."""


class RateLimited(RetryLater):
    """Too many calls a minute (45011)."""


class DailyQuotaSpent(RetryLater):
    """The day's quota of this call is used up (45009): pointless before midnight."""


class Concurrent(RetryLater):
    """Another subscription message to the same person is under way (43108)."""


class Refused(PlatformError):
    """Final: asking again changes nothing."""

    kind = Kind.FINAL


class NotSubscribed(Refused):
    """The person has not accepted this template, or every acceptance is used up (43101)."""


class WindowClosed(Refused):
    """The person has not written for too long, or does not follow (45015)."""


class MessagesSpent(Refused):
    """Every customer-service message of this window is sent (45047)."""


class ValueRefused(Refused):
    """A template value breaks its key's rule (47003); ``field`` names it, such as ``thing1``."""

    def __init__(self, errcode: int | None = 47003, *, call: str = "", errmsg: str = "") -> None:
        super().__init__(errcode, call=call, errmsg=errmsg)
        found = _FIELD.search(errmsg)
        self.field = found.group(1) if found else ""


class Misconfigured(PlatformError):
    """Only an operator can repair it: app id, secret, IP list, missing right. Raise an alarm."""

    kind = Kind.MISCONFIGURED


class StaleToken(Misconfigured):
    """The access token is unknown or expired; worth one new token, then an alarm."""


class UserCaused(PlatformError):
    """The person's doing: a used or old code, a blocked account."""

    kind = Kind.USER


class CodeRefused(UserCaused):
    """The one-time code is wrong, used or older than 5 minutes."""


class SnapshotUser(UserCaused):
    """A virtual account of a snapshot page, which must never be bound to a person."""


_TABLE: dict[type[PlatformError], tuple[int, ...]] = {
    RetryLater: (-1,),
    RateLimited: (45011,),
    DailyQuotaSpent: (45009,),
    Concurrent: (43108,),
    StaleToken: (40001, 40014, 42001),
    Misconfigured: (
        *(40002, 40013, 40037, 40125, 40164, 40243, 41001, 41002, 41004, 41030),
        *(48001, 48004, 48006, 61024),
    ),
    CodeRefused: (40029, 40163, 41008),
    UserCaused: (40226, 50001, 50002, 61010),
    NotSubscribed: (43101,),
    WindowClosed: (45015,),
    MessagesSpent: (45047,),
    ValueRefused: (47003,),
}
_BY_ERRCODE = {errcode: kind for kind, errcodes in _TABLE.items() for errcode in errcodes}


def error_for(errcode: int, *, call: str = "", errmsg: str = "") -> PlatformError:
    """The typed error of one errcode; a number nobody documented counts as final."""
    return _BY_ERRCODE.get(errcode, Refused)(errcode, call=call, errmsg=errmsg)
