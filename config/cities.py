"""A city's policy as data: ``cities/*.toml`` → typed, frozen values."""

from config.city_time import Hours, Limit, Season

__all__ = ["Hours", "Limit", "Season"]
