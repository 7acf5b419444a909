"""The stand-in for the platform: a process of its own, spoken to over HTTP only."""
