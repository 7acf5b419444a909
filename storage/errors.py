"""What storage refuses or cannot do, as domain errors with a stable ``reason``."""

import errno
import re
from enum import StrEnum
from typing import Any

from rules.errors import Code, DomainError, Fault

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
FORBIDDEN = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
_OS_ERROR = re.compile(r"os error ([0-9]+)")


class Trouble(StrEnum):
    """Why the store cannot serve."""

    FULL = "full"
    """No space, quota or file size left."""
    FORBIDDEN = "forbidden"
    """Read-only or not permitted."""
    IO = "io"
    """The device or the far side failed or did not answer."""
    CORRUPT = "corrupt"
    """What came back is not what was stored."""


class StorageUnavailable(DomainError):
    """The store cannot take or give bytes now; nothing half-written stays behind."""

    def __init__(self, trouble: Trouble) -> None:
        full = trouble is Trouble.FULL
        code = Code.STORAGE_FULL if full else Code.STORAGE_UNAVAILABLE
        super().__init__(code, reason=trouble.value)
        self.trouble = trouble

    @classmethod
    def because(cls, error: Exception) -> "StorageUnavailable":
        """From what the file system or the object-store client raised."""
        found = _OS_ERROR.search(str(error))
        number = error.errno if isinstance(error, OSError) else int(found[1]) if found else None
        if number in FULL:
            return cls(Trouble.FULL)
        if number in FORBIDDEN or type(error).__name__ == "PermissionDeniedError":
            return cls(Trouble.FORBIDDEN)
        return cls(Trouble.IO)


class ObjectMissing(DomainError):
    """The store holds no object of that digest."""

    def __init__(self, digest: str) -> None:
        super().__init__(Code.NOT_FOUND, digest=digest)


class Refusal(StrEnum):
    """Why an upload is refused; worded as faults ``file_…`` in ``config/texts/errors.toml``."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NAME_CONTROL = "name_control"
    NAME_PATH = "name_path"
    NAME_LONG = "name_long"
    NAME_EXECUTABLE = "name_executable"
    NAME_TYPE = "name_type"
    NAME_MISMATCH = "name_mismatch"
    TYPE = "type"
    HEIC = "heic"
    POLYGLOT = "polyglot"
    MARKUP = "markup"
    TRUNCATED = "truncated"
    BROKEN = "broken"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_HEAVY = "too_heavy"
    PDF_ACTIVE = "pdf_active"
    PDF_ENCRYPTED = "pdf_encrypted"
    PDF_HIDDEN = "pdf_hidden"
    PDF_PAGES = "pdf_pages"


_CODES = {
    Refusal.EMPTY: Code.UPLOAD_EMPTY,
    Refusal.TOO_LARGE: Code.UPLOAD_TOO_LARGE,
    Refusal.NAME_CONTROL: Code.UPLOAD_NAME,
    Refusal.NAME_PATH: Code.UPLOAD_NAME,
    Refusal.NAME_LONG: Code.UPLOAD_NAME,
    Refusal.NAME_EXECUTABLE: Code.UPLOAD_NAME,
    Refusal.NAME_TYPE: Code.UPLOAD_TYPE,
    Refusal.NAME_MISMATCH: Code.UPLOAD_TYPE,
    Refusal.TYPE: Code.UPLOAD_TYPE,
    Refusal.HEIC: Code.UPLOAD_TYPE,
    Refusal.TRUNCATED: Code.UPLOAD_BROKEN,
    Refusal.BROKEN: Code.UPLOAD_BROKEN,
    Refusal.PDF_PAGES: Code.UPLOAD_BROKEN,
}


def refused(refusal: Refusal, **data: Any) -> DomainError:
    """The domain error of a refused upload: its code, ``reason``, and one fault to be worded."""
    code = _CODES.get(refusal, Code.UPLOAD_UNSAFE)
    fault = Fault("file", f"file_{refusal.value}", "文件", data)
    return DomainError(code, faults=(fault,), reason=refusal.value, **data)
