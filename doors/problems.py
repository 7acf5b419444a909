"""Problems as RFC 9457 bodies: one table from code to status, wording from ``config/texts``."""

from collections.abc import Mapping
from typing import Any

import orjson

from config import texts
from rules.errors import Code, DomainError, Fault

CONTENT_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:lianhe-baozhuang:problem:"

STATUS: Mapping[Code, int] = {
    Code.MALFORMED: 400,
    Code.TOO_LARGE: 413,
    Code.UNSUPPORTED_MEDIA: 415,
    Code.NOT_FOUND: 404,
    Code.METHOD_NOT_ALLOWED: 405,
    Code.INVALID: 422,
    Code.UNAUTHENTICATED: 401,
    Code.SIGNATURE_INVALID: 401,
    Code.FORBIDDEN: 403,
    Code.LOGIN_FAILED: 401,
    Code.TOTP_WRONG: 401,
    Code.TOTP_NEEDED: 403,
    Code.LOCKED_OUT: 429,
    Code.INVITATION_INVALID: 422,
    Code.ALREADY_MEMBER: 409,
    Code.ADMIN_ROLES_SEPARATE: 409,
    Code.ENTERPRISE_KNOWN: 409,
    Code.CHAT_CODE_WRONG: 422,
    Code.CHAT_JOINED: 409,
    Code.CHAT_NOT_SAME: 409,
    Code.CALENDAR_INCOMPLETE: 409,
    Code.TOO_MANY: 429,
    Code.KEY_NEEDED: 400,
    Code.KEY_REUSED: 422,
    Code.VERSION_NEEDED: 428,
    Code.VERSION_STALE: 412,
    Code.CONFLICT: 409,
    Code.DRAFT_CONFLICT: 409,
    Code.MOVE_NOT_ALLOWED: 409,
    Code.NOT_YOURS_TO_MOVE: 403,
    Code.GUARD_FAILED: 409,
    Code.SLOT_TAKEN: 409,
    Code.VISITS_BROKEN: 409,
    Code.UPLOAD_EMPTY: 422,
    Code.UPLOAD_TOO_LARGE: 413,
    Code.UPLOAD_TYPE: 415,
    Code.UPLOAD_BROKEN: 422,
    Code.UPLOAD_UNSAFE: 422,
    Code.UPLOAD_NAME: 422,
    Code.LINK_INVALID: 404,
    Code.UNAVAILABLE: 503,
    Code.STORAGE_UNAVAILABLE: 503,
    Code.STORAGE_FULL: 507,
    Code.PLATFORM_UNAVAILABLE: 503,
    Code.INTERNAL: 500,
}

RETRY_AFTER: Mapping[Code, int] = {
    Code.UNAVAILABLE: 2,
    Code.STORAGE_UNAVAILABLE: 5,
    Code.PLATFORM_UNAVAILABLE: 5,
    Code.TOO_MANY: 30,
    Code.LOCKED_OUT: 900,
}
"""Seconds, where the error itself does not say (``retry_after``)."""

MAX_ECHO = 200
"""Characters of a field's name told back: people may have sent any."""

_UNKNOWN = frozenset({"unknown_field", "unknown_parameter"})
"""What nobody asked for has no name of ours, whatever its last part looks like."""
_OWN = frozenset({"type", "title", "status", "detail", "code", "fields", "request_id"})


def status_of(code: Code) -> int:
    """The HTTP status of a code."""
    return STATUS[code]


def body_of(error: DomainError, request_id: str) -> bytes:
    """The problem as JSON, every field at fault named in Chinese; never an exception's text."""
    data = {name: value for name, value in error.data.items() if name not in _OWN}
    title, detail = texts.error(error.code.value, data)
    body: dict[str, Any] = {
        "type": TYPE_PREFIX + error.code.value.replace("_", "-"),
        "title": title,
        "status": status_of(error.code),
        "detail": detail,
        "code": error.code.value,
        "request_id": request_id,
    }
    if error.faults:
        body["fields"] = [field_of(fault) for fault in error.faults]
    return orjson.dumps(body | data, default=str)


def headers_of(error: DomainError) -> dict[str, str]:
    """``Retry-After`` and ``WWW-Authenticate`` where the status asks for them."""
    headers: dict[str, str] = {}
    wait = error.data.get("retry_after", RETRY_AFTER.get(error.code))
    if wait is not None:
        headers["retry-after"] = str(max(1, int(wait)))
    if error.code is Code.SIGNATURE_INVALID:
        headers["www-authenticate"] = 'HMAC-SHA256 realm="lianhe-baozhuang"'
    elif status_of(error.code) == 401:
        headers["www-authenticate"] = 'Bearer realm="lianhe-baozhuang"'
    return headers


def field_of(fault: Fault) -> dict[str, str]:
    """One fault as clients get it: which field, its name as printed, the code, a sentence."""
    field = fault.field[:MAX_ECHO]
    label = fault.label or ("" if fault.code in _UNKNOWN else texts.label(field))
    return {
        "field": field,
        "label": label,
        "code": fault.code,
        "message": texts.fault(fault.code, label, {"key": field, **fault.data}),
    }
