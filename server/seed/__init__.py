"""What a demo begins with: people for every organisation, and a few cases on their way."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rules.calendar import SHANGHAI
from server.seed import crews, stories
from server.seed.cast import Player, cast
from server.seed.people import settle
from server.seed.play import actors_of
from server.seed.promises import promise
from server.wiring import Wiring
from workflow.people import organisations


def people() -> Sequence[Mapping[str, Any]]:
    """Everybody, as the platform's stand-in wants them."""
    return [player.for_stand_in() for player in cast(datetime.now(SHANGHAI).date())]


def players() -> Sequence[Player]:
    """Everybody who may be played."""
    return cast(datetime.now(SHANGHAI).date())


async def load(wiring: Wiring, tales: Sequence[stories.Tale] = stories.STORIES) -> None:
    """Put organisations, people and stories into an open database that lacks them.

    Safe to run again and after a crash. RuntimeError outside of a demo.
    """
    if not wiring.settings.demo:
        raise RuntimeError("the seed belongs to demos only")
    services = wiring.services
    day = services.clock.now().astimezone(SHANGHAI).date()
    appid = wiring.settings.wechat_mp_appid
    await organisations.sync(wiring.cities, day)
    everybody = [player for player in players() if player.city in wiring.cities.codes()]
    await settle(services, appid, everybody)
    for code in wiring.cities.codes():
        city = wiring.cities.on(code, day)
        actors = await actors_of(city, appid)
        await promise(services, city, actors)
        await crews.man(services, city, actors)
        here = {p.id.removeprefix(f"{code}-"): p for p in everybody if p.city == code}
        await stories.tell(services, city, actors, here, tales)
