"""Asks an address whether it is well."""

import urllib.error
import urllib.request


def answers(url: str, *, patience_s: float = 2.0) -> bool:
    """Whether a GET is answered with 200."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=patience_s) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False
