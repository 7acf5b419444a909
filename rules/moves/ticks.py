"""Short words for what a move does to deadlines."""

from rules.lifecycle import Clock, Tick


def opens(*steps: str) -> tuple[Tick, ...]:
    """Ticks that open the deadlines of these steps."""
    return tuple(Tick(Clock.OPEN, step) for step in steps)


def closes(*steps: str) -> tuple[Tick, ...]:
    """Ticks that close the deadlines of these steps; ``*`` closes all of the subject."""
    return tuple(Tick(Clock.CLOSE, step) for step in steps)
