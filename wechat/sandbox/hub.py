"""The parts of a running stand-in, put together."""

from wechat.sandbox.config import Config
from wechat.sandbox.delivery import Deliverer
from wechat.sandbox.media_checks import MediaChecks
from wechat.sandbox.world import World


class Hub:
    """State, deliveries and the checks under way; one per process."""

    def __init__(self, config: Config) -> None:
        self.world = World(config)
        self.deliverer = Deliverer(self.world)
        self.checks = MediaChecks(self.world, self.deliverer)

    def reset(self) -> None:
        """Everything as at the start."""
        self.checks.reset()
        self.world.reset()

    async def aclose(self) -> None:
        """Ends what is under way."""
        self.checks.reset()
        await self.deliverer.aclose()
