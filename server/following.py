"""Keeps one process to the calendars that administrators change in another."""

import asyncio

from server import logs
from server.calendars import CityCalendars
from workflow.background.calendar_refresh import refresh

EVERY_S = 15.0
AGAIN_S = 1.0
PATIENCE_S = 3.0
"""Pause after a failure, and how long one reading may take: the database may not be up yet."""


class CalendarFollower:
    """Reads every city's days when started, then every ``EVERY_S`` seconds until stopped."""

    def __init__(self, calendars: CityCalendars, cities: tuple[str, ...]) -> None:
        self._calendars = calendars
        self._cities = cities
        self._task: asyncio.Task[None] | None = None
        self._failed = False

    async def start(self) -> None:
        """The first reading is over when this returns, unless the database does not answer."""
        read = await self._read()
        self._task = asyncio.create_task(self._follow(read), name="calendars")

    async def stop(self) -> None:
        """Read no more."""
        if self._task is not None:
            task, self._task = self._task, None
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _follow(self, read: bool) -> None:
        while True:
            await asyncio.sleep(EVERY_S if read else AGAIN_S)
            read = await self._read()

    async def _read(self) -> bool:
        try:
            async with asyncio.timeout(PATIENCE_S):
                for city in self._cities:
                    await refresh(self._calendars, city)
        except Exception as fault:  # the edge of a background loop: tell once, go on
            if not self._failed:
                logs.get("calendar").warning("calendars_unread", error=type(fault).__name__)
            self._failed = True
            return False
        self._failed = False
        return True
