"""Nonces of signed calls: each is good once, whatever becomes of the call."""

from models.queries.integration import first_use

__all__ = ["first_use"]
