"""The days a city's administrator has set, laid over the official calendar of this process."""

from workflow.background.calendar_days import load
from workflow.ports import Calendars


async def refresh(calendars: Calendars, city: str) -> None:
    """Read the city's own days and published years; what is asked next follows them."""
    read = await load(city)
    calendars.set_days(city, read.days, read.years)
