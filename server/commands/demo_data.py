"""What a demo holds when it starts: the seed's cases, and the people of the platform's stand-in."""

from collections.abc import Mapping, Sequence
from typing import Any

from config.settings import Settings
from server import seed
from server.sandbox.clock import catch_up
from server.wiring import Wiring


def stand_in_people() -> Sequence[Mapping[str, Any]]:
    """The seed's people as the stand-in's configuration wants them (id, name, phone, roles …)."""
    return seed.people()


async def prepare(settings: Settings) -> None:
    """Set the clock to where the database has been, and load the seed into one that lacks it."""
    wiring = Wiring.make(settings)
    await wiring.open()
    try:
        await catch_up(wiring)
        await seed.load(wiring)
    finally:
        await wiring.close()
