"""The types of a city file, its checks and its loading; import them from ``config.cities``."""
