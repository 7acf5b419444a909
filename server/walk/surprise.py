"""What ends a walk."""


class Surprise(Exception):
    """The service did something the walk does not expect; the message says what, in Chinese."""
