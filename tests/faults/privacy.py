"""Whatever the tests put in that must never be read in a log."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import quote

from tests.stand_in import PEOPLE
from tests.workflow.forms import DAYE, ZHOUKOU

_FIELDS = (
    "enterprise.name",
    "enterprise.credit_code",
    "enterprise.legal_person",
    "enterprise.address",
    "contact.name",
    "contact.phone",
    "project.code",
    "site.address",
)
CANARY_PHONE = "13912345678"
CANARY_CODE = "91420281MA49QK7T17"
CANARY_NAME = "样例密语有限公司"
CANARY_ADDRESS = "样例密语路 77 号"


def secrets() -> frozenset[str]:
    """Every personal text of the cast and of their forms, as written, escaped and quoted."""
    plain = {str(form[name]) for form in (DAYE, ZHOUKOU) for name in _FIELDS}
    plain |= {value for person in PEOPLE for name, value in person.items() if name != "id"}
    plain |= {CANARY_PHONE, CANARY_CODE, CANARY_NAME, CANARY_ADDRESS}
    escaped = {text.encode("unicode_escape").decode() for text in plain}
    return frozenset(plain | escaped | {quote(text) for text in plain})


def leaks(paths: Iterable[Path], also: Sequence[str] = ()) -> list[str]:
    """Which file holds which text, and the line."""
    found = []
    wanted = [*secrets(), *also]
    for path in paths:
        for line in path.read_text("utf-8", "replace").splitlines():
            found += [f"{path.name}: {text}: {line[:300]}" for text in wanted if text in line]
    return found
