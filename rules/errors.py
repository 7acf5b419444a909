"""Errors of the domain: a stable code with data, never wording.

Wording lives in ``config/texts/errors.toml``; one place maps a code to an HTTP status
(``doors/problems.py``), one to chat wording (``bot``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as member
from enum import StrEnum
from typing import Any


class Code(StrEnum):
    """Every error the product can answer with; each has a status and a wording (tested)."""

    # the request itself
    MALFORMED = "malformed"
    TOO_LARGE = "too_large"
    UNSUPPORTED_MEDIA = "unsupported_media"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    INVALID = "invalid"
    # who is asking
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    SIGNATURE_INVALID = "signature_invalid"
    LOGIN_FAILED = "login_failed"
    TOTP_WRONG = "totp_wrong"
    TOTP_NEEDED = "totp_needed"
    LOCKED_OUT = "locked_out"
    INVITATION_INVALID = "invitation_invalid"
    ALREADY_MEMBER = "already_member"
    ADMIN_ROLES_SEPARATE = "admin_roles_separate"
    ENTERPRISE_KNOWN = "enterprise_known"
    CHAT_CODE_WRONG = "chat_code_wrong"
    CHAT_JOINED = "chat_joined"
    CHAT_NOT_SAME = "chat_not_same"
    CALENDAR_INCOMPLETE = "calendar_incomplete"
    TOO_MANY = "too_many"
    # acts that meet each other
    KEY_NEEDED = "key_needed"
    KEY_REUSED = "key_reused"
    VERSION_NEEDED = "version_needed"
    VERSION_STALE = "version_stale"
    CONFLICT = "conflict"
    DRAFT_CONFLICT = "draft_conflict"
    # the tables of moves
    MOVE_NOT_ALLOWED = "move_not_allowed"
    NOT_YOURS_TO_MOVE = "not_yours_to_move"
    GUARD_FAILED = "guard_failed"
    # surveys
    SLOT_TAKEN = "slot_taken"
    VISITS_BROKEN = "visits_broken"
    # uploads
    UPLOAD_EMPTY = "upload_empty"
    UPLOAD_TOO_LARGE = "upload_too_large"
    UPLOAD_TYPE = "upload_type"
    UPLOAD_BROKEN = "upload_broken"
    UPLOAD_UNSAFE = "upload_unsafe"
    UPLOAD_NAME = "upload_name"
    LINK_INVALID = "link_invalid"
    # the outside
    UNAVAILABLE = "unavailable"
    STORAGE_UNAVAILABLE = "storage_unavailable"
    STORAGE_FULL = "storage_full"
    PLATFORM_UNAVAILABLE = "platform_unavailable"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one field. ``label`` is the field's Chinese name as printed."""

    field: str
    code: str
    label: str = ""
    data: Mapping[str, Any] = member(default_factory=dict)


class DomainError(Exception):
    """A refusal with a stable code. ``faults`` lists every field at fault, at once."""

    def __init__(self, code: Code, *, faults: tuple[Fault, ...] = (), **data: Any) -> None:
        super().__init__(code.value)
        self.code = code
        self.data: dict[str, Any] = data
        self.faults = faults
