"""Where a request comes from."""

from doors.call import Call


def address_of(call: Call) -> str:
    """The client's address; a proxy's headers count only where the server was told to trust it."""
    return call.request.remote_addr or call.request.ip
