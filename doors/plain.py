"""An answer as it is mostly sent: with a dozen headers of ordinary signs."""

from sanic.response import HTTPResponse


class PlainResponse(HTTPResponse):
    """As Sanic's; it takes line ends out of every header, sign by sign, which takes longer than all
    else about a short answer. Here only of those that hold a sign nobody can print.
    """

    @staticmethod
    def _sanitize_header_value(value: str) -> str:
        return value if value.isprintable() else HTTPResponse._sanitize_header_value(value)
