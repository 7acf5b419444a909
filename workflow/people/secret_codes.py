"""One-time codes people hand to each other: shown once, only the hash is kept."""

import hashlib
import secrets
from typing import Annotated, Final

from pydantic import BeforeValidator, Field

ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 characters that are not mistaken for one another when read out."""
LENGTH: Final = 26
"""130 random bits (ASVS 11.5.1)."""
_GROUP: Final = 5


def new_code() -> str:
    """A fresh code as people see it: ``ABCDE-23456-…``."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(code[at : at + _GROUP] for at in range(0, LENGTH, _GROUP))


def plain(code: object) -> object:
    """A code as typed or pasted: case, spaces and hyphens do not matter."""
    if not isinstance(code, str):
        return code
    return "".join(code.upper().replace("-", "").split())


def hash_of(code: str) -> str:
    """What is kept of a code, however it was typed."""
    return digest(str(plain(code)))


def digest(secret: str) -> str:
    """What is kept of a long random secret, hex; so much chance needs no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


SecretCode = Annotated[str, BeforeValidator(plain), Field(min_length=1, max_length=64)]
"""A code in a body; a wrong one is refused by the look-up, not by its shape."""
