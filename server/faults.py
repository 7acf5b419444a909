"""Why the process does not start, in words for the person who started it."""


class StartRefused(Exception):
    """The start is refused; the message says why and what to do (Chinese)."""
