"""What a demo holds when it starts: the seed's cases, and the people of the platform's stand-in."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from config.settings import Settings
from server.wiring import Wiring

_SEED = "server.seed"


def stand_in_people() -> Sequence[Mapping[str, Any]]:
    """The seed's people as the stand-in's configuration wants them (id, name, phone, roles …)."""
    if find_spec(_SEED) is None:
        return ()
    people: Sequence[Mapping[str, Any]] = import_module(_SEED).people()
    return people


async def prepare(settings: Settings) -> None:
    """Load the seed into a database that lacks it."""
    if find_spec(_SEED) is None:
        return
    wiring = Wiring.make(settings)
    await wiring.open()
    try:
        await import_module(_SEED).load(wiring)
    finally:
        await wiring.close()
